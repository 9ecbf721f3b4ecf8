"""The reference files: the company's over the shipped ones, checked by the types and tests of their dbt properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import create_model

from orchestration.agreement.seed_files import (
    Day,
    Flag,
    Number,
    Row,
    SeedTable,
    Text,
    Whole,
    find_tables,
    folded,
    read_table,
)
from orchestration.configuration.context import SHIPPED_SEEDS
from orchestration.configuration.mistakes import unknown

# A column's type in dbt's properties, and how its cells are read.
_COLUMN_TYPES: dict[str, Any] = {
    "string": Text,
    "date": Day,
    "bigint": Whole,
    "decimal": Number,
    "double": Number,
    "boolean": Flag,
}


# Names that dbt's properties mark so (`meta`), and how they are compared, here and in the models.
_COMPARED: dict[str, Callable[[str], str]] = {"folded": folded, "lowered": str.lower}


def read_reference(folder: Path | None, sources: Collection[str]) -> dict[str, tuple[type[Row], SeedTable[Any]]]:
    """Each reference file's rows with their model: the company's lines over the shipped ones of the same key.

    `sources` are those of closedloop.yml, which some lines name.
    """
    models = reference_models()
    shipped = find_tables(SHIPPED_SEEDS / "reference", models)
    company = find_tables(folder, models) if folder else {}
    tables: dict[str, SeedTable[Any]] = {}
    for name, model in models.items():
        tables[name] = _as_compared(read_table(shipped[name], model), name)
        if name in company:
            tables[name] = _completed(_as_compared(read_table(company[name], model), name), tables[name])
    for name, columns in _columns_marked("pattern").items():
        _check_patterns(tables[name], columns)
    for name, columns in _columns_marked("names_source").items():
        for column in columns:
            _check_names(tables[name], column, sources, "these are the sources of closedloop.yml")
    for name, links in _references().items():
        for column, (other, key) in links.items():
            known = {getattr(row, key): None for row in tables[other].rows}
            _check_names(tables[name], column, known, f"the allowed ones are in {other}.csv")
    return {name: (models[name], table) for name, table in tables.items()}


def _as_compared(table: SeedTable[Any], name: str) -> SeedTable[Any]:
    """The table with its names as they are compared; two keys that so become one are an error."""
    rows = table.rows
    for mark, spell in _COMPARED.items():
        columns = _columns_marked(mark)[name]
        rows = tuple(
            row.model_copy(update={column: spell(getattr(row, column)) for column in columns if getattr(row, column)})
            for row in rows
        )
    lines: dict[tuple[Any, ...], int] = {}
    for line, row in zip(table.lines, rows, strict=True):
        key = tuple(getattr(row, column) for column in row.KEY)
        if key and key in lines:
            raise table.mistake(
                f"{', '.join(map(str, key))}: is there already, in line {lines[key]}; "
                "case, blanks and hyphens make no difference",
                line=line,
                column=row.KEY[-1],
                fix="keep one of the two lines",
            )
        lines[key] = line
    return SeedTable(rows, table.path, table.lines)


def _completed(table: SeedTable[Any], shipped: SeedTable[Any]) -> SeedTable[Any]:
    """The company's lines, and of the shipped ones those whose key it does not have."""

    def key(row: Row) -> tuple[Any, ...]:
        return tuple(getattr(row, column) for column in row.KEY)

    own = set(map(key, table.rows))
    more = [(line, row) for line, row in shipped.numbered() if key(row) not in own]
    return SeedTable(
        table.rows + tuple(row for _, row in more), table.path, table.lines + tuple(line for line, _ in more)
    )


def _check_names(table: SeedTable[Any], column: str, known: Collection[str], fix: str) -> None:
    """Raises ConfigurationError for the first cell of a column that names none of these."""
    for line, row in table.numbered():
        found = getattr(row, column)
        if found is not None and found not in known:
            raise table.mistake(unknown(column, found, known), line=line, column=column, fix=fix)


def _check_patterns(table: SeedTable[Any], columns: list[str]) -> None:
    """Raises ConfigurationError for the first cell of these columns that is no regular expression."""
    for line, row in table.numbered():
        for column in columns:
            try:
                re.compile(getattr(row, column) or "")
            except re.error as error:
                raise table.mistake(
                    f"{column}: '{getattr(row, column)}' is no regular expression ({error})",
                    line=line,
                    column=column,
                    fix=r"write a sign that means itself behind a backslash: \(direct\)",
                ) from None


def _columns_marked(mark: str) -> dict[str, list[str]]:
    """Of each reference file the columns that dbt's properties mark so."""
    return {
        name: [
            column["name"] for column in seed.get("columns", []) if column.get("config", {}).get("meta", {}).get(mark)
        ]
        for name, seed in _reference_properties().items()
    }


def reference_models() -> dict[str, type[Row]]:
    """A row model for each reference file, from dbt's properties: types, grain, accepted_values."""
    models: dict[str, type[Row]] = {}
    for name, seed in _reference_properties().items():
        tests = {column["name"]: column.get("data_tests", []) for column in seed.get("columns", [])}
        grain = _arguments(seed["data_tests"], "grain") or {}
        cells: dict[str, Any] = {}
        for column, type_ in seed["config"]["column_types"].items():
            cell = _COLUMN_TYPES[type_.partition("(")[0]]
            if allowed := _arguments(tests.get(column, []), "accepted_values"):
                cell = Literal[tuple(allowed["values"])]
            cells[column] = (cell if column in grain["never_null"] else cell | None, ...)
        models[name] = create_model(name, __base__=Row, **cells)
        models[name].KEY = tuple(grain["key"])
    return models


def _references() -> dict[str, dict[str, tuple[str, str]]]:
    """Of each reference file the columns that name a row of another one, as (file, column) there."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name, seed in _reference_properties().items():
        for column in seed.get("columns", []):
            if link := _arguments(column.get("data_tests", []), "relationships"):
                other = re.sub(r"ref\('(\w+)'\)", r"\1", link["to"])
                found.setdefault(name, {})[column["name"]] = (other, link["field"])
    return found


@cache
def _reference_properties() -> dict[str, dict[str, Any]]:
    files = sorted((SHIPPED_SEEDS / "reference").glob("_*.yml"))
    return {seed["name"]: seed for file in files for seed in yaml.safe_load(file.read_text())["seeds"]}


def _arguments(tests: list[Any], name: str) -> dict[str, Any] | None:
    """The arguments of a column's data test of this name, if it has one."""
    return next((test[name]["arguments"] for test in tests if isinstance(test, dict) and name in test), None)
