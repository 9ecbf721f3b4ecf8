"""The loads of all sources, in `raw_closedloop.loads`: one row a load of a resource, append-only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.sources.base import raw_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.configuration.context import RunContext

LOADS_TABLE = "raw_closedloop.loads"
LOADS_COLUMNS: dict[str, str] = {
    "source_system": "VARCHAR",
    "resource": "VARCHAR",
    "load_id": "VARCHAR",  # the run's id, which sorts by time
    "loaded_at": "TIMESTAMP",
    "rows_loaded": "BIGINT",
    "rows_rejected": "BIGINT",
    "error": "VARCHAR",
}


@dataclass(frozen=True)
class LastLoad:
    """When the rows that a resource has were loaded (naive UTC), and why its last load failed, if it did."""

    loaded_at: datetime | None
    error: str | None


def record_load(
    con: DuckDBPyConnection,
    run: RunContext,
    source_system: str,
    resource: str,
    *,
    rows_loaded: int = 0,
    rows_rejected: int = 0,
    error: str | None = None,
) -> None:
    """Appends a load, in the caller's transaction if there is one."""
    con.execute(
        f"insert into {LOADS_TABLE} values (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [source_system, resource, run.run_id, run.now, rows_loaded, rows_rejected, error],
    )


def last_loads(con: DuckDBPyConnection) -> dict[tuple[str, str], LastLoad]:
    """By source and resource, in their order."""
    rows = con.execute(
        f"""
        select source_system, resource, max(loaded_at) filter (where error is null), arg_max_null(error, load_id)
        from {LOADS_TABLE}
        group by source_system, resource
        order by source_system, resource
        """  # noqa: S608
    ).fetchall()
    return {(source_system, resource): LastLoad(*rest) for source_system, resource, *rest in rows}


def rows_held(con: DuckDBPyConnection, connector: str, source_system: str, resource: str) -> tuple[int, int]:
    """How many rows the warehouse has of a source's resource, and how many of them are rejected."""
    [held] = con.execute(
        f"""
        select
            (select count(*) from {raw_table(connector, resource)} where source_system = $source),
            (
                select count(*) from {raw_table(connector, "_rejected")}
                where source_system = $source and resource = $resource
            )
        """,  # noqa: S608
        {"source": source_system, "resource": resource},
    ).fetchall()
    return held[0], held[1]
