"""What is configured, with its last loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestration.sources import CONNECTORS
from orchestration.warehouse import open_warehouse

if TYPE_CHECKING:
    from orchestration.settings import Paths, Settings


def last_loads(settings: Settings, paths: Paths) -> list[tuple[Any, ...]]:
    """(source, connector, resource, last loaded, rows now, rejected now), a row for each configured resource."""
    loaded: dict[tuple[str, str], tuple[Any, ...]] = {}
    if paths.warehouse.exists():
        with open_warehouse(paths, read_only=True) as con:
            rows = con.execute(
                """
                select loads.source_name, loads.resource, max(loads.loaded_at), any_value(files.rows_loaded),
                    any_value(files.rows_rejected)
                from raw_closedloop.loads as loads
                left join (
                    select source_name, resource, sum(rows_loaded) as rows_loaded, sum(rows_rejected) as rows_rejected
                    from raw_files._files
                    group by source_name, resource
                ) as files using (source_name, resource)
                where loads.error is null
                group by loads.source_name, loads.resource
                """
            ).fetchall()
        loaded = {(name, resource): tuple(rest) for name, resource, *rest in rows}
    return [
        (name, source.connector, resource, *loaded.get((name, resource), (None, None, None)))
        for name, source in settings.sources.items()
        for resource in CONNECTORS[source.connector].resources(source)
    ]
