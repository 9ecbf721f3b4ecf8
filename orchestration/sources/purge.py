"""Taking out what `closedloop.yml` no longer names."""

# ruff: noqa: S608 - names are those that connectors declare, values travel as parameters
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from orchestration.sources.registry import CONNECTORS, ConfiguredResource

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def purge(con: DuckDBPyConnection, configured: Collection[ConfiguredResource]) -> None:
    """Removes the rows of every resource that is not `configured`, in one transaction."""
    con.execute("begin")
    try:
        for name, connector in CONNECTORS.items():
            kept = [each for each in configured if each.connector == name]
            for table, columns in connector.RAW_TABLES.items():
                if "resource" in columns:
                    pairs = [f"{each.source_system}\n{each.resource}" for each in kept]
                    _delete_others(con, table, "source_system || chr(10) || resource", pairs)
                elif "source_system" in columns:
                    sources = [each.source_system for each in kept if each.raw_table == table]
                    _delete_others(con, table, "source_system", sources)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def _delete_others(con: DuckDBPyConnection, table: str, told_by: str, kept: list[str]) -> None:
    con.execute(f"delete from {table} where {told_by} not in (select unnest($kept))", {"kept": kept})
