"""The effective seeds of a data folder: the company's files where there are any, else the shipped ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import create_model

from orchestration.agreement import AGREEMENT_FILES, Agreement, read_agreement
from orchestration.mistakes import unknown
from orchestration.project import lay_out_project
from orchestration.seed_files import Day, Flag, Number, Row, SeedTable, Text, Whole, csv_text, find_tables, read_table
from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from orchestration.settings import Run

SHIPPED_SEEDS = PROJECT_ROOT / "seeds"

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


def lay_out_seeds(run: Run) -> Agreement:
    """Checks agreement and reference files, writes the effective set to `run.paths.seeds`, returns the agreement.

    Files are plain CSV there (comma, UTF-8, decimal point, ISO dates, all columns) and are written only where they
    differ, so that dbt's partial parse survives. Raises ConfigurationError for the first mistake.
    """
    agreement = read_agreement(run.agreement_folder)
    _check_that_one_governs(agreement, run)
    wanted = {
        f"agreement/{name}.csv": csv_text(AGREEMENT_FILES[name], table.rows) for name, table in agreement.tables()
    }
    for name, (model, table) in _reference(run.reference_folder).items():
        wanted[f"reference/{name}.csv"] = csv_text(model, table.rows)
    lay_out_project(run.paths)
    _write(run.paths.seeds, wanted | _properties())
    return agreement


def _check_that_one_governs(agreement: Agreement, run: Run) -> None:
    last = agreement.versions[-1]
    today = run.as_of.astimezone(ZoneInfo(run.settings.reporting.time_zone)).date()
    if last.effective_to and last.effective_to < today:
        table = agreement.agreement_versions
        raise table.mistake(
            f"no version governs after {last.effective_to}, and the run is as of {today}",
            line=next(line for line, row in table.numbered() if row == last),
            column="effective_to",
            fix="leave the cell empty, or add the version that follows",
        )


def _reference(folder: Path | None) -> dict[str, tuple[type[Row], SeedTable[Any]]]:
    """Each reference file's rows with their model: the company's file of a name replaces the shipped one whole."""
    models = reference_models()
    shipped = find_tables(SHIPPED_SEEDS / "reference", models)
    company = find_tables(folder, models) if folder else {}
    tables = {name: read_table(company.get(name, shipped[name]), model) for name, model in models.items()}
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


def reference_models() -> dict[str, type[Row]]:
    """A row model for each reference file, from dbt's properties: types, not_null, unique, accepted_values."""
    models: dict[str, type[Row]] = {}
    for name, seed in _reference_properties().items():
        tests = {column["name"]: column.get("data_tests", []) for column in seed.get("columns", [])}
        cells: dict[str, Any] = {}
        for column, type_ in seed["config"]["column_types"].items():
            cell = _COLUMN_TYPES[type_.partition("(")[0]]
            if allowed := _arguments(tests.get(column, []), "accepted_values"):
                cell = Literal[tuple(allowed["values"])]
            cells[column] = (cell if "not_null" in tests.get(column, []) else cell | None, ...)
        models[name] = create_model(name, __base__=Row, **cells)
        models[name].KEY = tuple(column for column in cells if "unique" in tests.get(column, []))
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


def _properties() -> dict[str, str]:
    return {str(file.relative_to(SHIPPED_SEEDS)): file.read_text() for file in SHIPPED_SEEDS.rglob("_*.yml")}


def _write(folder: Path, wanted: dict[str, str]) -> None:
    """Makes `folder` hold exactly the wanted files; what is the same already is left alone."""
    for name, content in wanted.items():
        file, encoded = folder / name, content.encode()
        if file.exists() and file.read_bytes() == encoded:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_bytes(encoded)
        fresh.replace(file)
    for file in folder.rglob("*"):
        if file.is_file() and str(file.relative_to(folder)) not in wanted:
            file.unlink()
