"""Taking out what `closedloop.yml` no longer names."""

# ruff: noqa: S608 - names are those that connectors declare, values travel as parameters
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from orchestration.sources.base import raw_table
from orchestration.sources.registry import CONNECTORS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def purge(con: DuckDBPyConnection, configured: Collection[tuple[str, str, str]]) -> None:
    """Removes the rows of every (connector, source, resource) that is not `configured`, in one transaction."""
    con.execute("begin")
    try:
        for name, connector in CONNECTORS.items():
            kept = [(source, resource) for its_connector, source, resource in configured if its_connector == name]
            for table, columns in connector.RAW_TABLES.items():
                if "resource" in columns:
                    pairs = [f"{source}\n{resource}" for source, resource in kept]
                    _delete_others(con, table, "source_name || chr(10) || resource", pairs)
                elif "source_name" in columns:
                    sources = [source for source, resource in kept if raw_table(name, resource) == table]
                    _delete_others(con, table, "source_name", sources)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def _delete_others(con: DuckDBPyConnection, table: str, told_by: str, kept: list[str]) -> None:
    con.execute(f"delete from {table} where {told_by} not in (select unnest($kept))", {"kept": kept})
