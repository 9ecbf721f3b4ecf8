"""The candidate: the marts as they would be published, in a file of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.errors import NotBuiltError
from orchestration.publication.masking import masked
from orchestration.publication.refusals import plain_errors
from storage.sql import connect, listed, literal, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.configuration.context import Paths
    from orchestration.configuration.run import Run

# The DuckDB inside BI tools is a 1.x, which reads this version and not the one that 2.x writes by default.
_STORAGE_VERSION = "v1.2.0"

# What the gate needs beside the marts; it is not published.
_AUDIT_TABLE = "int_reconciliation_totals"


def make_candidate(run: Run) -> None:
    """Copies the built marts into the candidate file, with their comments, each table in the order of `_order`.

    What looks like an address or a phone number in a text is masked.
    On DuckDB they come from the warehouse, on Spark from the Parquet that its build left. Raises NotBuiltError
    where a mart is missing, DiskError where the disk refuses.
    """
    marts, grains = _built_marts(run.paths)
    with plain_errors("the candidate could not be written", run.paths.candidate_file):
        _remove(run.paths.candidate_file)
        with connect() as con, attached_candidate(con, run.paths):
            con.execute("set temp_directory = ?", [f"{run.paths.candidate_file}.tmp"])
            if run.target == "duckdb":
                con.execute("attach ? as warehouse (read_only)", [str(run.paths.warehouse)])
            con.execute("create schema candidate.marts")
            con.execute("create schema candidate.audit")
            for node in marts:
                _copy(con, run, "marts", node["name"], _order(node, grains))
                _comment(con, node)
            _copy(con, run, "audit", _AUDIT_TABLE)


def require_candidate(paths: Paths) -> None:
    """Raises NotBuiltError where there is no candidate."""
    if not paths.candidate_file.exists():
        raise NotBuiltError(
            "there is no candidate to check or publish",
            where=str(paths.candidate_file),
            fix="run `closedloop publish`, which copies the marts, checks and publishes them",
        )


@contextmanager
def attached_candidate(con: duckdb.DuckDBPyConnection, paths: Paths) -> Iterator[None]:
    """The candidate attached for writing as `candidate`; afterwards all of it is in its one file."""
    con.execute(f"attach ? as candidate (storage_version '{_STORAGE_VERSION}')", [str(paths.candidate_file)])
    yield
    # explicitly, since closing a connection does not tell when its last write fails
    con.execute("checkpoint candidate")
    con.execute("detach candidate")


def _remove(file: Path) -> None:
    for leftover in (file, file.with_name(f"{file.name}.wal")):
        leftover.unlink(missing_ok=True)


def _built_marts(paths: Paths) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    try:
        return marts_of(json.loads((paths.dbt_target / "manifest.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise _not_built("the marts are", paths) from None


def marts_of(manifest: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """The marts of dbt's manifest, by name, and the columns that tell the rows of each apart, by its dbt id."""
    nodes = manifest["nodes"].values()
    marts = [node for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts"]
    grains = {
        node["attached_node"]: node["test_metadata"]["kwargs"]["key"]
        for node in nodes
        if (node.get("test_metadata") or {}).get("name") == "grain"
    }
    return sorted(marts, key=lambda node: str(node["name"])), grains


def _order(mart: dict[str, Any], grains: dict[str, list[str]]) -> list[str]:
    """The columns by which a mart's rows lie in its file; they tell any two rows apart.

    Those of its grain. Before them what its properties name as `laid_out_by`: rows of one time next to each other are
    skipped together by who asks for another, and take half the space.
    """
    laid_out_by: list[str] = mart["config"]["meta"].get("laid_out_by", [])
    grain = grains.get(mart["unique_id"], [])
    return [*laid_out_by, *(column for column in grain if column not in laid_out_by)]


def _not_built(what: str, paths: Paths) -> NotBuiltError:
    return NotBuiltError(
        f"{what} not built",
        where=str(paths.data),
        fix="run `closedloop build` first, or `closedloop run` for the whole pass",
    )


def _copy(con: duckdb.DuckDBPyConnection, run: Run, schema: str, table: str, order: list[str] | None = None) -> None:
    """Copies a table in an order, so that the same rows always lie in the same places; without one by all columns."""
    if run.target == "duckdb":
        rows = f"warehouse.{'intermediate' if schema == 'audit' else schema}.{quoted(table)}"
    else:
        rows = f"read_parquet({literal(run.paths.spark / schema / table / '*.parquet')})"
    try:
        columns = con.execute(f"select column_name, column_type from (describe select * from {rows})").fetchall()  # noqa: S608
    except (duckdb.CatalogException, duckdb.IOException) as error:
        raise _not_built(f"{table} is", run.paths) from error
    selected = ", ".join(f"{_as_published(name, type_)} as {quoted(name)}" for name, type_ in columns)
    by = listed(order) if order else "all"
    con.execute(f"create table candidate.{schema}.{quoted(table)} as select {selected} from {rows} order by {by}")  # noqa: S608


def _as_published(column: str, type_: str) -> str:
    if type_ == "VARCHAR":
        return masked(column)
    # Spark's timestamps may come back with a zone; the marts have UTC without one
    return f"timezone('UTC', {quoted(column)})" if type_ == "TIMESTAMP WITH TIME ZONE" else quoted(column)


def _comment(con: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
    """Describes a table and its columns as dbt's properties do, whatever engine built it."""
    table = f"candidate.marts.{quoted(node['name'])}"
    con.execute(f"comment on table {table} is {literal(node['description'].strip())}")
    for column in node["columns"].values():
        described = literal(column["description"].strip())
        con.execute(f"comment on column {table}.{quoted(column['name'])} is {described}")
