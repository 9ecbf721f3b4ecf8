"""Channels that a source names and that are none of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storage.sql import folded, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NAMED_AT_MOST = 10


def unknown_channels(con: DuckDBPyConnection, table: str, source_system: str, channels: Path) -> list[str]:
    """A warning for each name in the `channel` of a source's raw table that folds to none of the file `channels`."""
    rows = con.execute(
        f"""
        select channel, count(*) as row_count
        from {table}
        where source_system = ?
            and {folded("channel")} not in (
                select channel from read_csv({literal(channels)}, header = true, all_varchar = true)
            )
        group by channel
        order by row_count desc, channel
        limit {_NAMED_AT_MOST}
        """,  # noqa: S608 - the table is one that a connector declares
        [source_system],
    ).fetchall()
    resource = table.partition(".")[2]
    return [
        f"{resource}: the channel '{channel}' ({count:,} rows) is none of ours, so it is not used: "
        f"map it under values: {{channel: ...}}"
        for channel, count in rows
    ]
