"""Opening a file for DuckDB, whatever its format, as one relation of texts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import duckdb

from orchestration.errors import InputError
from orchestration.sources.files.csv import open_csv
from orchestration.sources.files.find import ENDINGS
from orchestration.sources.files.jsonl import open_jsonl
from orchestration.sources.files.opened import FileFormat, OpenedFile, Opening
from orchestration.sources.files.parquet import open_parquet
from orchestration.sources.files.xlsx import open_xlsx
from storage.disk import work_folder

_OPENERS: dict[FileFormat, Callable[[duckdb.DuckDBPyConnection, Opening], OpenedFile]] = {
    "csv": open_csv,
    "jsonl": open_jsonl,
    "parquet": open_parquet,
    "xlsx": open_xlsx,
}


@contextmanager
def open_file(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    work: Path,
    format: FileFormat | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header: int | None = None,
    limit: int | None = None,
    fast: bool = False,
) -> Iterator[OpenedFile]:
    """The file as a temporary view of texts on `con`, dropped when the block ends; meanwhile copies may lie in `work`.

    What is not given is found: format by the ending, delimiter, encoding and header by the content. `limit` reads the
    first records only. A CSV file is gone through line by line first, so that broken lines are set apart and every
    record knows its physical line; `fast` leaves that out: DuckDB parses the file itself, LINE is null, and a broken
    line raises duckdb.Error when the relation is read.

    Raises InputError when the file is not what its ending says, is empty, or lacks a header.
    """
    format = format or _format_of(path)
    if not os.access(path, os.R_OK):
        raise InputError("the file cannot be read", where=str(path), fix="check that it is there and its permissions")
    with ExitStack() as cleanup:
        temporary = cleanup.enter_context(work_folder(work))
        name = f"opened_{secrets.token_hex(4)}"
        cleanup.callback(_drop, con, name)
        yield _OPENERS[format](con, Opening(path, name, temporary, delimiter, encoding, sheet, header, limit, fast))


def _format_of(path: Path) -> FileFormat:
    found = ENDINGS.get(path.suffix.lower())
    if found is None:
        raise InputError(
            f"the ending '{path.suffix}' does not say what the file is",
            where=str(path),
            fix="write `format: csv` (or jsonl, parquet, xlsx) beside its path",
        )
    return found


def _drop(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Drops what `open_file` made; a transaction that failed in between takes it away by itself."""
    with suppress(duckdb.TransactionException):
        for suffix in ("", "_broken", "_lines", "_records"):
            con.execute(f"drop view if exists {name}{suffix}")
        con.unregister(f"{name}_sheet")
