"""The reference files: the company's over the shipped ones, checked by the types and tests of their dbt properties."""

from __future__ import annotations

import re
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

# Reference files that other parts count on: the company's has these rows at least, told by this column.
_NEEDED_ROWS = {"channels": "channel"}


def read_reference(folder: Path | None) -> dict[str, tuple[type[Row], SeedTable[Any]]]:
    """Each reference file's rows with their model: the company's file of a name replaces the shipped one.

    It does so whole, or line by line where dbt's properties say that it `adds`.
    """
    models = reference_models()
    shipped = find_tables(SHIPPED_SEEDS / "reference", models)
    company = find_tables(folder, models) if folder else {}
    folding = _columns_marked("folded")
    tables = {
        name: _fold(read_table(company.get(name, shipped[name]), model), folding.get(name, []))
        for name, model in models.items()
    }
    for name in _adding():
        if name in company:
            shipped_table = _fold(read_table(shipped[name], models[name]), folding.get(name, []))
            tables[name] = _completed(tables[name], shipped_table)
    for name, columns in _columns_marked("pattern").items():
        _check_patterns(tables[name], columns)
    for name, column in _NEEDED_ROWS.items():
        if name in company:
            needed = {getattr(row, column) for row in read_table(shipped[name], models[name]).rows}
            if missing := sorted(needed - {getattr(row, column) for row in tables[name].rows}):
                raise tables[name].mistake(
                    f"the file lacks {', '.join(missing)}",
                    column=column,
                    fix=f"add the lines of the shipped file ({shipped[name]})",
                )
    for name, links in _references().items():
        for column, (other, key) in links.items():
            known = {getattr(row, key): None for row in tables[other].rows}
            for line, row in tables[name].numbered():
                found = getattr(row, column)
                if found is not None and found not in known:
                    raise tables[name].mistake(
                        unknown(column, found, known),
                        line=line,
                        column=column,
                        fix=f"the allowed ones are in {other}.csv",
                    )
    return {name: (models[name], table) for name, table in tables.items()}


def _fold(table: SeedTable[Any], columns: list[str]) -> SeedTable[Any]:
    """The table with the names of these columns as they are compared; two keys that so become one are an error."""
    rows = tuple(
        row.model_copy(update={column: folded(getattr(row, column)) for column in columns if getattr(row, column)})
        for row in table.rows
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
    """Of each reference file the columns that dbt's properties mark so: `folded` names, `pattern`s."""
    return {
        name: [
            column["name"] for column in seed.get("columns", []) if column.get("config", {}).get("meta", {}).get(mark)
        ]
        for name, seed in _reference_properties().items()
    }


def _adding() -> list[str]:
    """The reference files of which a company's lines are added to the shipped ones."""
    return [name for name, seed in _reference_properties().items() if seed["config"].get("meta", {}).get("adds")]


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


def _reference_properties() -> dict[str, dict[str, Any]]:
    files = sorted((SHIPPED_SEEDS / "reference").glob("_*.yml"))
    return {seed["name"]: seed for file in files for seed in yaml.safe_load(file.read_text())["seeds"]}


def _arguments(tests: list[Any], name: str) -> dict[str, Any] | None:
    """The arguments of a column's data test of this name, if it has one."""
    return next((test[name]["arguments"] for test in tests if isinstance(test, dict) and name in test), None)
