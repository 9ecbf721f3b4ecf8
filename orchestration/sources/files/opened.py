"""What an opened file is: one relation of texts, whatever the format."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from orchestration.errors import InputError
from storage.sql import literal

FileFormat = Literal["csv", "jsonl", "parquet", "xlsx"]

# The two columns that stand before a file's own in every opened relation.
RECORD = "__record__"  # 1 = the first record after the header
LINE = "__line__"  # physical line (or row of the sheet); null where nobody asked for it


@dataclass(frozen=True)
class Opening:
    """A file to be opened, and how; what is None is found by its format."""

    path: Path
    view: str  # the name of the temporary view to make, and the beginning of those it needs
    temporary: Path  # an empty folder that lives as long as the view
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header: int | None = None  # the line (or row of the sheet) that names the columns
    limit: int | None = None  # of records
    fast: bool = False  # without physical lines, which costs less


@dataclass(frozen=True)
class OpenedFile:
    """A file as DuckDB sees it.

    `relation` is a temporary view with the columns RECORD and LINE, then `columns`, all VARCHAR, in the file's order.
    `broken` names a view (record, line, text, reason) of the lines that are no record; None where there can be none.
    `skipped` are lines around the data that are none of it: (line, text, why).
    """

    relation: str
    broken: str | None
    columns: tuple[str, ...]
    format: FileFormat
    delimiter: str | None = None
    encoding: str | None = None
    skipped: tuple[tuple[int, str, str], ...] = ()
    counts_serially: bool = False  # RECORD is counted row by row, which a reader may rather do afterwards


def sql_path(path: Path, temporary: Path) -> str:
    """The path as an SQL string; DuckDB would take brackets and stars in a name for a glob, so those get a link."""
    if glob.has_magic(str(path)):
        link = temporary / f"input{path.suffix}"
        link.symlink_to(path.resolve())
        path = link
    return literal(str(path))


def unique_names(names: Iterable[str | None]) -> tuple[str, ...]:
    """Column names that differ, case aside: an empty one becomes column_3, a second `id` id_2."""
    taken = {RECORD, LINE}
    unique: list[str] = []
    for position, given in enumerate(names, start=1):
        base = (given or "").strip() or f"column_{position}"
        name, count = base, 1
        while name.casefold() in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name.casefold())
        unique.append(name)
    return tuple(unique)


@contextmanager
def without_rows(path: Path, what: str) -> Iterator[None]:
    """Turns DuckDB's complaint, which quotes rows, into one that does not."""
    try:
        yield
    except duckdb.Error:
        raise InputError(
            f"the file has {what}", where=str(path), fix="export it again, or correct `format` beside its path"
        ) from None
