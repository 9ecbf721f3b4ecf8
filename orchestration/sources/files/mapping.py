"""One file's columns mapped to one entity's: the SQL that reads every row, and what can be wrong with a row."""

# ruff: noqa: S608 - names go through `quoted`, texts through `literal`
from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.sources.canonical import ENDS, Entity, Kind
from orchestration.sources.files.kinds import column_reading, constant_text, day_alone, trimmed
from orchestration.sources.files.opened import LINE, RECORD
from orchestration.sources.files.settings import FileResource
from orchestration.sources.files.surround import begins_with
from storage.sql import literal, quoted

# `fault` of a row: 0 = none, a column's position (1 = the first of the entity), or one of these.
PASSED_OVER = 253  # no record: a total, or a remark
NOTHING_GIVEN = 254  # none of the entity's `one_of`
REPEATED = 255

# In these the currency is what the row is about, so a source's default cannot stand in for it.
_CURRENCY_IS_THE_SUBJECT = ("exchange_rates",)


@dataclass(frozen=True)
class MappedColumn:
    """One canonical column of one file, as SQL over the opened relation."""

    position: int  # in the entity, from 1
    name: str
    kind: Kind
    required: bool
    file_column: str | None  # None: a constant or a default
    raw: str  # the text as it stands in the file
    text: str  # the text that is read: after `values` and defaults
    value: str  # over the text's alias, null where it is none of the kind
    reason: str  # in words, when it is none
    day_alone: str = "false"  # whether a time that ends something says its day and no more

    @property
    def alias(self) -> str:
        return f"text_{self.position}"


@dataclass(frozen=True)
class Mapping:
    """How one file becomes rows of an entity."""

    entity: Entity
    columns: tuple[MappedColumn, ...]
    file_columns: tuple[str, ...]
    where: str | None
    totals: tuple[str, ...]  # what the first cell of a total begins with, as the resource says
    missing: dict[str, str]  # mapped canonical column: the file's column that is not there

    @property
    def unused(self) -> list[str]:
        """The file's columns that no canonical column takes."""
        used = {column.file_column for column in self.columns}
        return [column for column in self.file_columns if column not in used]


def map_columns(
    entity: Entity,
    resource: FileResource,
    file_columns: Sequence[str],
    *,
    file_name: str,
    has_number_cells: bool = False,
    time_zone: str,
    currency: str | None,
) -> Mapping:
    """The mapping of a file with these columns.

    A column that is mapped and not there is listed in `missing` and left out. `file_name` makes ids of the file's own
    numbers; what `has_number_cells` is, kinds.reading says; `time_zone` is where times without offset were written,
    `currency` stands in for an amount's missing one.
    """
    columns: list[MappedColumn] = []
    missing: dict[str, str] = {}
    counter = resource.columns.get(entity.key[-1], entity.key[-1]) if resource.ids == "by_file" else None
    for position, (name, kind) in enumerate(entity.columns.items(), start=1):
        file_column: str | None = resource.columns.get(name, name)
        pattern = resource.formats.get(name)
        default = _default(entity, name, currency)
        if name in resource.constants:
            file_column, pattern, raw = None, None, "null"
            text = literal(constant_text(resource.constants[name]))
        elif file_column is not None and file_column in file_columns:
            raw = trimmed(quoted(file_column))
            text = _with_values(raw, resource.values.get(name, {}))
            if file_column == counter:
                text = f"{literal(f'{file_name}/')} || {text}"
            if default:
                text = f"coalesce({text}, {literal(default)})"
        else:
            if name in resource.columns:
                missing[name] = resource.columns[name]
            if default is None:
                continue
            file_column, raw, text = None, "null", literal(default)
        alias = f"text_{position}"
        read = column_reading(
            name, kind, alias, pattern=pattern, time_zone=time_zone, has_number_cells=has_number_cells
        )
        columns.append(
            MappedColumn(
                position,
                name,
                kind,
                name in entity.required,
                file_column,
                raw,
                text,
                read.value,
                read.reason,
                day_alone(alias, pattern) if name in ENDS else "false",
            )
        )
    return Mapping(entity, tuple(columns), tuple(file_columns), resource.where, tuple(resource.totals), missing)


def _default(entity: Entity, column: str, currency: str | None) -> str | None:
    """What stands in for a row that leaves the column empty."""
    if column == "record_type":
        return "lead"
    if column == "currency" and entity.name not in _CURRENCY_IS_THE_SUBJECT:
        return currency
    return None


def _with_values(raw: str, values: dict[str, str | bool | int | float | None]) -> str:
    """The text with `values` applied; the key "" stands for an empty one, "*" for every other."""
    if not values:
        return raw

    def constant(ours: str | bool | int | float | None) -> str:
        return "null" if ours is None else literal(constant_text(ours))

    cases = " ".join(
        f"when {literal(theirs)} then {constant(ours)}"
        for theirs, ours in {"": None, **values}.items()
        if theirs != "*"
    )
    other = constant(values["*"]) if "*" in values else raw
    return f"nullif(case coalesce({raw}, '') {cases} else {other} end, '')"


def nearest(wanted: str, columns: Sequence[str]) -> str:
    """The file's columns that a misspelt name may have meant, in words."""
    folded = {column.casefold(): column for column in columns}
    close = [folded[name] for name in difflib.get_close_matches(wanted.casefold(), folded, n=3, cutoff=0.5)]
    if close:
        return "nearest are " + ", ".join(f"'{column}'" for column in close)
    shown = ", ".join(f"'{column}'" for column in columns[:12]) + (", ..." if len(columns) > 12 else "")
    return f"it has {shown}" if columns else "it has no columns"


def mapping_problems(mapping: Mapping, *, sparse: bool) -> list[tuple[str, str]]:
    """What keeps the mapping from being used, each with what to do.

    In a `sparse` file (JSONL) a field may be absent because no record has it, so only a required one is a problem.
    """
    entity = mapping.entity
    problems = [
        (
            f"the file has no column '{file_column}' (mapped to {name}); {nearest(file_column, mapping.file_columns)}",
            f"correct columns: {{{name}: ...}}",
        )
        for name, file_column in mapping.missing.items()
        if not sparse or name in entity.required
    ]
    available = {column.name for column in mapping.columns}
    problems += [
        (
            f"nothing gives the required column {name}; {nearest(name, mapping.file_columns)}",
            f"map it under columns: {{{name}: <the file's column>}}, or give constants: {{{name}: ...}}",
        )
        for name in entity.required
        if name not in available and name not in mapping.missing
    ]
    if entity.one_of and not available & set(entity.one_of) and not mapping.missing.keys() & set(entity.one_of):
        problems.append(
            (f"nothing gives any of {', '.join(entity.one_of)}; one at least is needed", "map one under columns")
        )
    return problems


def _texts(mapping: Mapping, relation: str, also: str = "") -> str:
    """The rows that `where` lets through, each canonical column as text; records without any value are blank lines."""
    texts = "".join(f", {column.text} as {column.alias}" for column in mapping.columns)
    if mapping.totals:
        texts += f", {begins_with(mapping.file_columns, mapping.totals)} as is_total"
    filters = [f"(\n{mapping.where}\n)"] if mapping.where else []
    if mapping.file_columns:
        filled = ", ".join(quoted(column) for column in mapping.file_columns)
        filters.append(f"coalesce({filled}) is not null")
    condition = f" where {' and '.join(filters)}" if filters else ""
    return f"select {RECORD}, {LINE}{texts}{also} from {relation}{condition}"


def rows_sql(mapping: Mapping, relation: str) -> str:
    """A select of record, line, the canonical columns by name, and the row's fault."""
    values = "".join(f", {column.value} as {quoted(column.name)}" for column in mapping.columns)
    texts = "".join(f", {column.alias}" for column in mapping.columns) + (", is_total" if mapping.totals else "")
    if ends := [column for column in mapping.columns if column.name in ENDS]:
        said = ", ".join(f"case when {column.day_alone} then {literal(column.name)} end" for column in ends)
        values += f", concat_ws('|', {said}) as _day_alone"
    names = "".join(f", {quoted(column.name)}" for column in mapping.columns)
    names += ", _day_alone" if ends else ""
    return (
        f"select {RECORD} as record, {LINE} as line{names}, {_fault(mapping)}::utinyint as fault "
        f"from (select {RECORD}, {LINE}{texts}{values} from ({_texts(mapping, relation)}))"
    )


def _fault(mapping: Mapping) -> str:
    cases = f" when is_total then {PASSED_OVER}" if mapping.totals else ""
    for column in mapping.columns:
        given = "" if column.required else f"{column.alias} is not null and "
        cases += f" when {given}{quoted(column.name)} is null then {column.position}"
    one_of = [quoted(column.name) for column in mapping.columns if column.name in mapping.entity.one_of]
    if mapping.entity.one_of:
        cases += f" when {' is null and '.join([*one_of, 'null'])} is null then {NOTHING_GIVEN}"
    return f"case{cases} else 0 end" if cases else "0"


def faults_sql(mapping: Mapping, relation: str, faulty: str) -> str:
    """A select of line, column_name, value, reason and payload, one row for each row of `faulty`.

    `faulty` is a select of record, line and fault, and for a repeated row its key's columns and `first_line`.
    """
    entity = mapping.entity
    raws = "".join(f", {column.raw}::varchar as raw_{column.position}" for column in mapping.columns)
    fields = ", ".join(f"{quoted(column)} := {quoted(column)}" for column in mapping.file_columns)
    payload = f", to_json(struct_pack({fields}))::varchar as payload" if fields else ", null::varchar as payload"
    names = {column.position: literal(column.name) for column in mapping.columns}
    values = {column.position: f"raw_{column.position}" for column in mapping.columns}
    reasons = {
        column.position: f"case when {column.alias} is null then 'is required and empty' "
        f"else {literal(column.reason)} end || {literal(_whence(column))}"
        for column in mapping.columns
    }
    one_of = ", ".join(entity.one_of)
    names[NOTHING_GIVEN] = literal(one_of)
    reasons[NOTHING_GIVEN] = literal(f"one of {one_of} is needed")
    from_file = {column.name for column in mapping.columns if column.file_column}
    names[REPEATED] = literal(", ".join(column for column in entity.key if column in from_file))
    values[REPEATED] = f"concat_ws(' | ', {', '.join(quoted(column) for column in entity.key if column in from_file)})"
    reasons[REPEATED] = "'is a row of this file once more' || coalesce(' (first in line ' || first_line || ')', '')"

    # only these rows are worth a payload
    of_faulty = f"(from {relation} where {RECORD} in (select record from ({faulty})))"

    def by_fault(given: dict[int, str]) -> str:
        return "case fault " + " ".join(f"when {fault} then {sql}" for fault, sql in given.items()) + " end"

    return (
        f"select faulty.line, {by_fault(names)} as column_name, {by_fault(values)} as value, "
        f"{by_fault(reasons)} as reason, payload from ({faulty}) as faulty "
        f"join ({_texts(mapping, of_faulty, raws + payload)}) as given on given.{RECORD} = faulty.record"
    )


def _whence(column: MappedColumn) -> str:
    """Where the file has it, if under another name."""
    if column.file_column is None or column.file_column == column.name:
        return ""
    return f" (the file's column '{column.file_column}')"
