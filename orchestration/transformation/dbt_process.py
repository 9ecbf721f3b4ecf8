"""dbt as the child of a run: it ends when the run does, however that ended."""

from __future__ import annotations

import os
import threading
import time

# The environment variable in which a run tells its dbt who is waiting for it.
RUN_PROCESS = "CLOSEDLOOP_RUN_PROCESS"

_SECONDS_BETWEEN_LOOKS = 0.2


def end_with_the_run() -> None:
    """Ends this process soon after the run that started it is gone; does nothing where no run did.

    A run that is killed cannot stop its dbt, which would go on to hold the warehouse against the next run.
    """
    if (run := os.environ.get(RUN_PROCESS)) and int(run) == os.getppid():
        threading.Thread(target=_watch, args=[int(run)], daemon=True).start()


def _watch(run: int) -> None:
    while os.getppid() == run:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(1)
