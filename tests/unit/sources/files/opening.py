"""What an opened file says, for the tests of each format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from orchestration.sources.files.open import open_file
from orchestration.sources.files.opened import RECORD


def read(con: duckdb.DuckDBPyConnection, path: Path, **how: Any) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows (record, line, texts)."""
    with open_file(con, path, work=path.parent, **how) as opened:
        rows = con.execute(f"from {opened.relation} order by {RECORD}").fetchall()
    return opened.columns, rows


def texts(con: duckdb.DuckDBPyConnection, path: Path, **how: Any) -> list[tuple[Any, ...]]:
    return [row[2:] for row in read(con, path, **how)[1]]


def broken(con: duckdb.DuckDBPyConnection, path: Path, **how: Any) -> list[tuple[int, str, str]]:
    with open_file(con, path, work=path.parent, **how) as opened:
        return con.execute(f"select line, text, reason from {opened.broken} order by line").fetchall()


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path
