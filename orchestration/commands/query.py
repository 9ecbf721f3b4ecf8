"""`query`: the published marts in SQL, as a table, CSV or JSON."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.table import Table

from orchestration.commands.options import Config, Data
from orchestration.configuration.context import find_paths
from orchestration.errors import PublicationError, QueryError

if TYPE_CHECKING:
    import duckdb

    from orchestration.configuration.context import Paths

# A terminal is no place for more; CSV and JSON write all rows.
_ROWS_SHOWN = 200
_ROWS_A_TIME = 10_000


class OutputFormat(StrEnum):
    """How `closedloop query` writes its rows."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A query of the marts, e.g. from metrics_shared.")],
    config: Config = None,
    data: Data = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="How rows are written.")] = OutputFormat.TABLE,
) -> None:
    """Reads the published marts."""
    with read_published(find_paths(config, data), sql) as rows:
        match output:
            case OutputFormat.TABLE:
                write_table(rows, Console())
            case OutputFormat.CSV:
                write_csv(rows, sys.stdout)
            case OutputFormat.JSON:
                write_json(rows, sys.stdout)


@dataclass(frozen=True)
class Rows:
    """The answer of a query: its columns, and its rows as they come."""

    columns: list[str]
    cursor: duckdb.DuckDBPyConnection

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while rows := self.cursor.fetchmany(_ROWS_A_TIME):
            yield from rows


@contextmanager
def published(paths: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file; raises PublicationError where there is none that can be read."""
    import duckdb

    from reporting.published import open_publication

    if not paths.published_file.exists():
        raise PublicationError(
            "nothing is published here yet",
            where=str(paths.published_file),
            fix="run `closedloop run` (or `closedloop demo`), or name the data folder with --data",
        )
    try:
        with open_publication(paths.published_file) as con:
            yield con
    except duckdb.Error as error:
        raise PublicationError(
            f"the published file cannot be read: {str(error).splitlines()[0]}",
            where=str(paths.published_file),
            fix="run `closedloop run` to publish anew; docs/operations.md says how to go back to an older publication",
        ) from None


@contextmanager
def read_published(paths: Paths, sql: str) -> Iterator[Rows]:
    """Runs one query on the published file, which nothing in it can leave or change.

    Raises PublicationError without a publication that can be read, and QueryError for what is no single query, and for
    SQL that DuckDB does not take, also where it fails on a row.
    """
    import duckdb

    with published(paths) as con:
        _require_one_statement(sql)
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        try:
            cursor = con.execute(sql)
            yield Rows([column[0] for column in cursor.description or []], cursor)
        except duckdb.Error as error:
            raise _not_taken(str(error)) from None


def _require_one_statement(sql: str) -> None:
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise _not_taken(str(error)) from None
    if len(statements) != 1:
        found = f"there are {len(statements)} statements" if statements else "there is no statement"
        raise _not_taken(f"{found}, and one is read")


def _not_taken(what: str) -> QueryError:
    return QueryError(what, where="closedloop query", fix="correct the SQL; `show tables` lists the marts")


def write_table(rows: Rows, console: Console) -> None:
    """A table for the eye: the first 200 rows."""
    table = Table(*rows.columns)
    for number, row in enumerate(rows):
        if number == _ROWS_SHOWN:
            table.caption = f"the first {_ROWS_SHOWN} rows; --format csv writes all"
            break
        table.add_row(*("" if cell is None else printable(str(cell)) for cell in row))
    console.print(table, highlight=False, markup=False)


def write_csv(rows: Rows, out: TextIO) -> None:
    """CSV with a header; null is empty, times are ISO 8601, lists and structs are JSON."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows.columns)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)


def write_json(rows: Rows, out: TextIO) -> None:
    """A list of objects; decimals and times are texts, so that nothing is rounded."""
    out.write(_json([dict(zip(rows.columns, row, strict=True)) for row in rows]) + "\n")


def printable(text: str) -> str:
    """The text without what a terminal would obey: data may come from anybody."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _csv_cell(cell: Any) -> str:
    if cell is None:
        return ""
    return _json(cell) if isinstance(cell, bool | list | dict) else str(_plain(cell))


def _json(value: Any) -> str:
    return json.dumps(_finite(value), default=_plain, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    """What is no number becomes null: JSON has no word for it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return {name: _finite(each) for name, each in value.items()} if isinstance(value, dict) else value


def _plain(value: Any) -> str:
    """What JSON has no type for, as text."""
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)
