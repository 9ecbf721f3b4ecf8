"""What the disk and other programs refuse, told as errors that a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from orchestration.errors import BusyError, DiskError, PublicationError
from reporting.published import attach_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.configuration.context import Paths


def attach_last_publication(con: duckdb.DuckDBPyConnection, paths: Paths) -> bool:
    """Attaches the last publication for reading, as `published`; False where there is none.

    It is its Parquet, which no reader can hold against the run. Raises PublicationError where it cannot be read.
    """
    if not paths.published_file.exists():
        return False
    try:
        attach_parquet(con, paths.published_file)
    except (OSError, duckdb.Error) as error:
        raise PublicationError(
            f"the last publication cannot be read: {error}",
            where=str(paths.published_file),
            fix=f"put a kept one of {paths.published / 'publications'} in its place, or remove it and run again",
        ) from error
    return True


@contextmanager
def plain_errors(what: str, where: Path) -> Iterator[None]:
    """Tells what the disk refuses (no space, no permission) as a DiskError, a file in use as a BusyError."""
    try:
        yield
    except (OSError, duckdb.OperationalError, duckdb.FatalException) as error:
        if "Could not set lock" in str(error):
            raise BusyError(
                "another program has one of closedloop's files open",
                where=str(where),
                fix="close it, then run again; readers use published/closedloop.duckdb, which a run never waits for",
            ) from error
        raise DiskError(
            f"{what}: {str(error).splitlines()[0]}",
            where=str(where),
            fix="free disk space or correct the permissions, then run again",
        ) from error
