"""Names in a source that a reference file should list and does not, so that nobody knows what they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sources.canonical import ENTITIES
from storage.sql import folded, literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NAMED_AT_MOST = 10


@dataclass(frozen=True)
class _Reference:
    """A reference file's column of names, what becomes of a name that is not there, and how to mend it."""

    file: str
    column: str
    consequence: str
    fix: str
    ignores_brackets: bool = False  # a name is also known without what stands behind it in brackets


_CHANNEL = _Reference(
    "channels.csv", "channel", "channels that are none of ours and not used", "map them under values: {channel: ...}"
)
_DEAL_STAGE = _Reference(
    "deal_phases.csv",
    "stage",
    "stages in no phase, by which no deal is won or lost",
    "add them to your deal_phases.csv",
    ignores_brackets=True,
)
_ORDER_STATUS = _Reference(
    "order_statuses.csv",
    "order_status",
    "statuses that are not listed, whose orders count as paid",
    "add them to your order_statuses.csv",
)
# By entity and column.
_REFERENCES = {(name, "channel"): _CHANNEL for name, entity in ENTITIES.items() if "channel" in entity.columns} | {
    ("deals", "stage"): _DEAL_STAGE,
    ("deal_stage_history", "stage"): _DEAL_STAGE,
    ("orders", "status"): _ORDER_STATUS,
}


def unlisted_names(con: DuckDBPyConnection, entity: str, table: str, source_system: str, folder: Path) -> list[str]:
    """A warning for each column of a source's raw table that has names which its file in `folder` does not list."""
    warnings = []
    for (of_entity, column), reference in _REFERENCES.items():
        if of_entity == entity and (names := _names(con, table, column, source_system, folder, reference)):
            listed = ", ".join(f"'{name}' ({count:,} {'row' if count == 1 else 'rows'})" for name, count, _ in names)
            more = names[0][2] - len(names)
            rest = f" and {more:,} more" if more else ""
            warnings.append(f"{entity}: {reference.consequence}: {listed}{rest}; {reference.fix}")
    return warnings


def _names(
    con: DuckDBPyConnection, table: str, column: str, source_system: str, folder: Path, reference: _Reference
) -> list[tuple[str, int, int]]:
    """The names that are not listed, the commonest first, with their rows and how many such names there are in all."""
    name = quoted(column)
    forms = [name]
    if reference.ignores_brackets:
        forms.append(f"regexp_replace({name}, ' *[(][^()]*[)] *$', '')")  # as the models' macro `without_brackets` does
    unlisted = " and ".join(f"{folded(form)} not in (select name from listed)" for form in forms)  # noqa: S608 - quoted
    return con.execute(
        f"""
        with listed as (
            select {quoted(reference.column)} as name
            from read_csv({literal(folder / reference.file)}, header = true, all_varchar = true)
        )
        select {name}, count(*) as row_count, count(*) over () as name_count
        from {table}
        where source_system = ? and {unlisted}
        group by {name}
        order by row_count desc, {name}
        limit {_NAMED_AT_MOST}
        """,  # noqa: S608 - the table is one that a connector declares
        [source_system],
    ).fetchall()
