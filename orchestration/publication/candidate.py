"""The candidate: the marts as they would be published, in a file of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.errors import BuildError

if TYPE_CHECKING:
    from orchestration.settings import Paths, Run

# The DuckDB inside BI tools is a 1.x, which reads this version and not the one that 2.x writes by default.
STORAGE_VERSION = "v1.2.0"

# What the gate needs beside the marts; it is not published.
_AUDIT_TABLE = "int_reconciliation_totals"


@contextmanager
def open_candidate(paths: Paths) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in UTC with the candidate attached for writing as `candidate`."""
    with duckdb.connect(":memory:") as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach {quoted(paths.candidate_file)} as candidate (storage_version '{STORAGE_VERSION}')")
        yield con


def quoted(path: Path) -> str:
    """A path as a SQL literal, where DuckDB takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"


def make_candidate(run: Run) -> None:
    """Copies the built marts into the candidate file, with their comments, each table in a fixed order.

    On DuckDB they come from the warehouse, on Spark from the Parquet that its build left. Raises BuildError where a
    mart is missing.
    """
    marts = _marts(run.paths)
    for leftover in (run.paths.candidate_file, run.paths.candidate_file.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)
    with open_candidate(run.paths) as con:
        if run.target == "duckdb":
            con.execute(f"attach {quoted(run.paths.warehouse)} as warehouse (read_only)")
        con.execute("create schema candidate.marts")
        con.execute("create schema candidate.audit")
        for node in marts:
            _copy(con, run, "marts", node["name"])
            _comment(con, node)
        _copy(con, run, "audit", _AUDIT_TABLE)


def _marts(paths: Paths) -> list[dict[str, Any]]:
    manifest = json.loads((paths.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    nodes = (node for node in manifest["nodes"].values() if node["resource_type"] == "model")
    return sorted((node for node in nodes if node["schema"] == "marts"), key=lambda node: str(node["name"]))


def _copy(con: duckdb.DuckDBPyConnection, run: Run, schema: str, table: str) -> None:
    if run.target == "duckdb":
        rows = f"warehouse.{'intermediate' if schema == 'audit' else schema}.{table}"
    else:
        rows = f"read_parquet({quoted(run.paths.spark / schema / table / '*.parquet')})"
    try:
        columns = con.execute(f"select column_name, column_type from (describe select * from {rows})").fetchall()  # noqa: S608
    except duckdb.Error as error:
        raise BuildError(
            f"{table} is not built",
            where=str(run.paths.data),
            fix="run `closedloop build` first, or `closedloop run` for the whole pass",
        ) from error
    # Spark's timestamps come back with a zone; the marts have UTC without one
    selected = ", ".join(
        f'timezone(\'UTC\', "{name}") as "{name}"' if type_ == "TIMESTAMP WITH TIME ZONE" else f'"{name}"'
        for name, type_ in columns
    )
    con.execute(f"create table candidate.{schema}.{table} as select {selected} from {rows} order by all")  # noqa: S608


def _comment(con: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
    def literal(text: str) -> str:
        return "'" + text.strip().replace("'", "''") + "'"

    table = f"candidate.marts.{node['name']}"
    con.execute(f"comment on table {table} is {literal(node['description'])}")
    for column in node["columns"].values():
        con.execute(f'comment on column {table}."{column["name"]}" is {literal(column["description"])}')
