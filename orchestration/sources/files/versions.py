"""Rows of one key: which of them staging takes, and how that is told.

Of most entities the newest row of a key is what is known of the thing, and the others are its earlier versions. Spend
adds up: the rows of one key in one file are parts of a sum, and a newer file's rows replace them.
"""

# ruff: noqa: S608 - names go through `quoted`, values travel as parameters
from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.sources.base import raw_table
from orchestration.sources.canonical import ADDS_UP, Entity
from storage.sql import listed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# When a thing came to be: rows of one key that differ in it are hardly versions of one thing.
_CAME_TO_BE = ("created_at", "ordered_at", "occurred_at")


def told_of_versions(con: DuckDBPyConnection, entity: Entity, source_system: str) -> list[str]:
    """Warnings of a source's rows that staging does not take, or adds up, since others have their key."""
    return (_told_of_parts if entity.name in ADDS_UP else _told_of_replaced)(con, entity, source_system)


def _told_of_replaced(con: DuckDBPyConnection, entity: Entity, source_system: str) -> list[str]:
    moment = next((column for column in _CAME_TO_BE if column in entity.required), None)
    differs = f"max({moment}) - min({moment}) > interval 1 day" if moment else "false"
    [(replaced, keys, different)] = con.execute(
        "select coalesce(sum(versions - 1), 0)::bigint, count(*), count(*) filter (differs) from ("
        f"select count(*) as versions, {differs} as differs from {raw_table('files', entity.name)} "
        f"where source_system = ? group by {listed(entity.key)} having count(*) > 1)",
        [source_system],
    ).fetchall()
    if not replaced:
        return []
    key = ", ".join(entity.key)
    newest = "the newest by updated_at, else of the newest file, else the later row"
    newest = newest if "updated_at" in entity.columns else "that of the newest file, else the later row"
    warnings = [f"{replaced:,} rows are replaced by others with the same {key}: {newest} counts"]
    if different:
        warnings.append(
            f"{different:,} of the {keys:,} {key} that are there several times have different {moment}, as different "
            "things have: if each file numbers its rows itself, add `ids: by_file` beside its path"
        )
    return warnings


def _told_of_parts(con: DuckDBPyConnection, entity: Entity, source_system: str) -> list[str]:
    key = listed(entity.key)
    [(added_up, replaced)] = con.execute(
        "select coalesce(sum(parts - 1) filter (is_newest), 0)::bigint, "
        "coalesce(sum(parts) filter (not is_newest), 0)::bigint from ("
        f"select count(*) as parts, row_number() over (partition by {key} "
        "order by max(_modified_at) desc, _file desc) = 1 as is_newest "
        f"from {raw_table('files', entity.name)} where source_system = ? group by {key}, _file)",
        [source_system],
    ).fetchall()
    warnings = []
    if added_up:
        warnings.append(f"{added_up:,} rows share {', '.join(entity.key)} with others of their file: they are added up")
    if replaced:
        warnings.append(f"{replaced:,} rows are replaced by those of newer files with the same {', '.join(entity.key)}")
    return warnings
