"""Publishes in child processes, each killed at its n-th change of a file.

Arguments: days after AS_OF, then `n:folder` of each data folder; n = 0 is not killed, and prints what the calls were.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from orchestration.publication.attempts import record_attempt
from orchestration.publication.candidate import make_candidate
from orchestration.publication.publish import publish
from reporting.outcome import Outcome
from tests.small_marts import AS_OF, new_small_run

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "shutil.move")


def publish_until(wanted: int, data: str, days: int) -> None:
    """Publishes, and is killed at the change of this number."""
    calls: list[str] = []

    def count(event: str, arguments: tuple[object, ...]) -> None:
        if event in CHANGES or (event == "open" and str(arguments[0]).startswith(data)):
            calls.append(event)
            if len(calls) == wanted:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    run = new_small_run(Path(data), AS_OF + timedelta(days=days))
    make_candidate(run)
    publish(run)
    record_attempt(run, Outcome.PUBLISHED)
    sys.stdout.write(" ".join(calls) + "\n")
    sys.stdout.flush()


def main() -> None:
    """One child a folder; raises where one ended otherwise than it was to."""
    days = int(sys.argv[1])
    for told in sys.argv[2:]:
        wanted, _, data = told.partition(":")
        child = os.fork()
        if child == 0:
            publish_until(int(wanted), data, days)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        expected = signal.SIGKILL if int(wanted) else 0
        if status != expected:
            raise AssertionError((told, status))


if __name__ == "__main__":
    main()
