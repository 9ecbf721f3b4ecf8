"""SQL written by hand: sessions in UTC, names, and texts where no parameter can stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from storage.memory import memory_limit


def connect(database: Path | str = ":memory:", *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection whose session is in UTC; to a database in memory unless a file is named."""
    connection = duckdb.connect(str(database), read_only=read_only, config={"memory_limit": memory_limit()})
    connection.execute("set TimeZone = 'UTC'")
    return connection


def quoted(name: str) -> str:
    """A name as an SQL identifier; `schema.table` is two of them, given apart."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path | None) -> str:
    """A text (or null) in SQL; only where no parameter can stand, as in views and in `comment on`."""
    return "null" if text is None else "'" + str(text).replace("'", "''") + "'"


def folded(text: str) -> str:
    """SQL for a name as it is compared; the models' macro `folded` does the same."""
    return f"replace(replace(lower(trim(both ' ' from {text})), ' ', '_'), '-', '_')"


def declared(columns: dict[str, str]) -> str:
    """Columns and their types as `create table` takes them."""
    return ", ".join(f"{quoted(column)} {type_}" for column, type_ in columns.items())


def listed(names: Iterable[str]) -> str:
    """Columns as `select`, `group by` and `partition by` take them."""
    return ", ".join(quoted(name) for name in names)
