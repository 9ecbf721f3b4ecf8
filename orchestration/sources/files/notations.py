"""The notation of a column of numbers that `formats` says nothing of: one column has one notation.

"750.000" is 750 to one person and three quarters of a million to another, so a cell alone does not tell. The column
does, where some of its texts can be read in one way only; else none of it is read, and the reason says what to add.
"""

# ruff: noqa: S608 - names go through `quoted` where the mapping was made
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from orchestration.sources.canonical import Kind
from orchestration.sources.files.kinds import reading
from orchestration.sources.files.mapping import MappedColumn, Mapping
from orchestration.sources.files.surround import begins_as_total

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.sources.files.settings import FileResource

_NUMBERS = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)

# None is the plain one; of equals the first counts.
_POINT_GROUPS = "1.234,56"
_NOTATIONS = (None, _POINT_GROUPS, "1,234.56")


@dataclass(frozen=True)
class Notations:
    """What the texts of a file decide: a pattern by column, and the columns that they leave open."""

    patterns: dict[str, str] = field(default_factory=dict)
    open: tuple[str, ...] = ()

    def applied(self, mapping: Mapping) -> Mapping:
        """The mapping in which nothing of an open column is read."""
        columns = tuple(_unread(column) if column.name in self.open else column for column in mapping.columns)
        return replace(mapping, columns=columns)


def decide_notations(con: DuckDBPyConnection, relation: str, mapping: Mapping, resource: FileResource) -> Notations:
    """Looks at all texts of the columns of numbers that `formats` does not name."""
    columns = [
        column
        for column in mapping.columns
        if column.kind in _NUMBERS and column.file_column and column.name not in resource.formats
    ]
    if not columns:
        return Notations()
    # most columns have neither a comma nor a point before three last digits (and a bracket), and nothing to decide
    in_doubt = ", ".join(
        f"coalesce(bool_or(contains({column.text}, ',') or {column.text}[-4] = '.' or {column.text}[-5] = '.'), false)"
        for column in columns
    )
    # totals are often written in another way than what they sum up
    where = f" where not {begins_as_total(mapping.file_columns)}" if mapping.file_columns else " where true"
    where += f" and (\n{mapping.where}\n)" if mapping.where else ""
    doubts = con.execute(f"select {in_doubt} from {relation}{where}").fetchone() or ()
    patterns: dict[str, str] = {}
    left_open: list[str] = []
    for column, doubt in zip(columns, doubts, strict=True):
        if not doubt:
            continue
        counted = con.execute(_counts(column, relation, where)).fetchone() or ()
        counts, differing = counted[: len(_NOTATIONS)], counted[-1]
        best = [notation for notation, count in zip(_NOTATIONS, counts, strict=True) if count == max(counts)]
        # the plain notation and groups of commas never read one text as two numbers
        if len(best) > 1 and _POINT_GROUPS in best and differing:
            left_open.append(column.name)
        elif best[0] is not None:
            patterns[column.name] = best[0]
    return Notations(patterns, tuple(left_open))


def _counts(column: MappedColumn, relation: str, where: str) -> str:
    """How many texts each notation reads, and how many are another number with groups of points."""
    values = [reading(column.kind, "text", pattern=notation).value for notation in _NOTATIONS]
    plain, point_groups, comma_groups = values
    counts = ", ".join(f"count({value})" for value in values)
    return (
        f"select {counts}, count(*) filter (({plain}) != ({point_groups}) or ({point_groups}) != ({comma_groups})) "
        f"from (select {column.text} as text from {relation}{where})"
    )


def _unread(column: MappedColumn) -> MappedColumn:
    return replace(
        column,
        value="null",
        reason="a number that could be read in two ways, as all of its column: write "
        f"formats: {{{column.name}: '1.234,56'}} or {{{column.name}: '1,234.56'}}",
    )
