"""The end of a process."""

from __future__ import annotations

import atexit
import os
import sys
from typing import NoReturn


def leave(exit_code: int) -> NoReturn:
    """Ends the process once all that registered for its end has run.

    Python would go on to take every module apart, which takes a second with dbt, Dagster and Great Expectations loaded,
    and DuckDB's bindings would list leaks of theirs.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)
