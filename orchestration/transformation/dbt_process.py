"""dbt as the child of a run: started early, told later what to do, and gone when the run is.

`closedloop-dbt` is dbt, with a Spark session around it where the target is Spark. With `--wait` it loads dbt, which
takes seconds, and then waits for its arguments as one line of JSON on standard input: so a run loads dbt while it
does something else.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from orchestration.configuration.process import leave
from storage.disk import OWNER_ONLY

# The environment variable in which a run tells its dbt who is waiting for it.
_RUN_PROCESS = "CLOSEDLOOP_RUN_PROCESS"

_WAIT = "--wait"

_SECONDS_BETWEEN_LOOKS = 0.2


class DbtProcess:
    """A dbt that is started once and told once what to do; as a context manager it is started at once."""

    def __enter__(self) -> DbtProcess:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Lets it load while the run does something else; does nothing where it is started already."""
        if self._process is None:
            self._process = subprocess.Popen(
                [str(Path(sys.executable).with_name("closedloop-dbt")), _WAIT],
                env={**os.environ, _RUN_PROCESS: str(os.getpid())},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                umask=OWNER_ONLY,
            )

    def say(self, arguments: Sequence[str]) -> Iterator[str]:
        """Tells it what to do, and yields what it says, line by line, until it ends."""
        self.start()
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("it is started with pipes")
        with suppress(BrokenPipeError):  # it has ended already, and what it says tells why
            self._process.stdin.write(json.dumps(list(arguments)) + "\n")
            self._process.stdin.close()
        yield from self._process.stdout

    def end(self) -> int | None:
        """Waits for one that was told what to do, stops one that was not; returns its exit code, None without one."""
        if self._process is None:
            return None
        if self._process.stdin and not self._process.stdin.closed:
            self._process.kill()  # it has done nothing yet
            self._process.stdin.close()
        if self._process.stdout:
            self._process.stdout.close()
        return self._process.wait()


def main() -> None:
    """dbt's command line; exits with dbt's own code."""
    _end_with_the_run()
    try:
        _dbt()
    except SystemExit as ended:
        leave(ended.code if isinstance(ended.code, int) else 1)
    leave(0)


def _dbt() -> None:
    from dbt.cli.main import cli

    arguments = sys.argv[1:]
    if arguments == [_WAIT]:
        # what dbt itself loads only when it knows its profile
        import dbt.adapters.duckdb
        import dbt.task.build  # noqa: F401

        told = sys.stdin.readline()
        if not told:
            return
        arguments = json.loads(told)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-t", "--target", default=os.environ.get("DBT_TARGET"))
    parser.add_argument("--project-dir", default=os.environ.get("DBT_PROJECT_DIR", "."))
    chosen = parser.parse_known_args(arguments)[0]
    if chosen.target == "spark" and "build" in arguments:
        from orchestration.transformation.spark import build_on_spark

        build_on_spark(arguments, Path(chosen.project_dir).resolve())
    else:
        cli(arguments, prog_name="dbt")


def _end_with_the_run() -> None:
    """Ends this process soon after the run that started it is gone; does nothing where no run did.

    A run that is killed cannot stop its dbt, which would go on to hold the warehouse against the next run.
    """
    if (run := os.environ.get(_RUN_PROCESS)) and int(run) == os.getppid():
        threading.Thread(target=_watch, args=[int(run)], daemon=True).start()


def _watch(run: int) -> None:
    while os.getppid() == run:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(1)
