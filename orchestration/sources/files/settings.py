"""Settings of the `files` connector: which file becomes which entity, and how."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import duckdb
from pydantic import Discriminator, Field, Tag, ValidationError, field_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from orchestration.configuration.fields import Currency, StrictModel, TimeZone
from orchestration.configuration.mistakes import unknown
from orchestration.sources.canonical import ENTITIES, Entity
from orchestration.sources.files.kinds import column_reading, constant_text, format_problem
from orchestration.sources.files.opened import FileFormat
from storage.sql import connect

Scalar = str | bool | int | float


class FileResource(StrictModel):
    """One entity from one file, glob, folder or object-store URL."""

    path: str = Field(description="a file, a glob, a folder, or an object-store URL; relative to closedloop.yml")
    columns: dict[str, str] = Field(default_factory=dict, description="canonical column: the file's column")
    formats: dict[str, str] = Field(
        default_factory=dict,
        description="canonical column: strptime pattern of a time or date, a number as 1.234,56 or Rp 1.234,56 is "
        "written, or a list's separator",
    )
    values: dict[str, dict[str, Scalar | None]] = Field(
        default_factory=dict,
        description='canonical column: {the file\'s value: ours}; null empties it, "*" is every other value',
    )
    constants: dict[str, Scalar] = Field(
        default_factory=dict, description="canonical column: a value that every row gets"
    )
    where: str | None = Field(default=None, description="a DuckDB expression over the file's columns")
    format: FileFormat | None = Field(
        default=None, description="csv, jsonl, parquet or xlsx; else by the file's ending"
    )
    delimiter: str | None = Field(default=None, description="CSV only; found by itself when left out")
    encoding: str | None = Field(default=None, description="CSV and JSONL; found by itself when left out")
    sheet: str | None = Field(default=None, description="XLSX only; the first sheet when left out")
    header: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="CSV and XLSX only: the line that names the columns; found by itself when left out"
    )
    totals: list[str] = Field(
        default_factory=list, description="what the first cell of a row that sums others up begins with"
    )

    ids: Literal["by_file"] | None = Field(
        default=None,
        description="by_file: each file numbers its rows itself (1, 2, 3 ...), so its name is made part of the key",
    )

    @field_validator("columns", mode="before")
    @classmethod
    def _names_are_texts(cls, columns: Any) -> Any:
        if not isinstance(columns, dict):
            return columns
        return {column: _text(name) for column, name in columns.items()}

    @field_validator("values", mode="before")
    @classmethod
    def _values_are_texts(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {
            column: {_text(theirs): ours for theirs, ours in named.items()} if isinstance(named, dict) else named
            for column, named in values.items()
        }

    @field_validator("constants", mode="before")
    @classmethod
    def _dates_are_texts(cls, constants: Any) -> Any:
        if not isinstance(constants, dict):
            return constants
        return {
            column: value.isoformat() if isinstance(value, date | datetime) else value
            for column, value in constants.items()
        }

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise ValueError(r'a delimiter is one character, such as ";" or "\t"')
        return delimiter

    @field_validator("where")
    @classmethod
    def _one_expression(cls, where: str | None) -> str | None:
        if where is not None and (problem := _where_problem(where)):
            raise ValueError(f"`where` takes one DuckDB expression: {problem}")
        return where


def _text(given: Any) -> Any:
    """What the file has, where YAML made a number of it; of `No` and `yes` it keeps too little to tell."""
    if given is None or isinstance(given, bool):
        raise ValueError("YAML reads an unquoted yes, no, true, false or null as something else than text: quote it")
    return str(given) if isinstance(given, int | float) else given


def _one_or_several(value: Any) -> str:
    return "several" if isinstance(value, list) else "one"


class FilesSource(StrictModel):
    """A source of connector `files` in `closedloop.yml`."""

    connector: Literal["files"]
    time_zone: TimeZone | None = Field(
        default=None, description="IANA zone of times without an offset; else reporting's"
    )
    currency: Currency | None = Field(default=None, description="ISO 4217, for amounts whose row names none")
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        default=None, description="ISO 3166 alpha-2, for phone numbers without a country code"
    )
    resources: dict[
        str,
        Annotated[
            Annotated[FileResource, Tag("one")] | Annotated[list[FileResource], Tag("several")],
            Discriminator(_one_or_several),
        ],
    ]

    @field_validator("resources")
    @classmethod
    def _names_are_known(cls, resources: dict[str, Any]) -> dict[str, Any]:
        mistakes = [mistake for name, given in resources.items() for mistake in _mistakes(name, given)]
        if mistakes:
            raise ValidationError.from_exception_data(cls.__name__, mistakes)
        return resources


def _mistakes(name: str, given: FileResource | list[FileResource]) -> list[InitErrorDetails]:
    """What only the entity can tell to be wrong in a resource, each at its own place in the document."""

    def mistake(message: str, found: Any, *place: str | int) -> InitErrorDetails:
        # braces would be taken for placeholders
        template = message.replace("{", "{{").replace("}", "}}")
        return InitErrorDetails(type=PydanticCustomError("mapping", template), loc=(name, *place), input=found)

    entity = ENTITIES.get(name)
    if entity is None:
        return [mistake(unknown("entity", name, ENTITIES), name)]
    mistakes = []
    for index, resource in enumerate(entries(given)):
        place: tuple[str | int, ...] = (index,) if isinstance(given, list) else ()
        for part in ("columns", "formats", "values", "constants"):
            for column, value in getattr(resource, part).items():
                if column not in entity.columns:
                    message = unknown(f"column of {name}", column, entity.columns)
                    mistakes.append(mistake(message, column, *place, part, column))
                elif part == "formats" and (problem := format_problem(entity.columns[column], value)):
                    mistakes.append(mistake(problem, value, *place, part, column))
                elif part == "constants" and column in resource.columns:
                    mistakes.append(mistake("both mapped and a constant", value, *place, part, column))
                elif part == "constants" and not _constant_fits(entity, column, value):
                    mistakes.append(mistake(f"that is no {entity.columns[column]}", value, *place, part, column))
    return mistakes


def _constant_fits(entity: Entity, column: str, value: Scalar) -> bool:
    read = column_reading(column, entity.columns[column], "text")
    with connect() as con:
        found = con.execute(f"select ({read.value}) is not null from (select ? as text)", [constant_text(value)])  # noqa: S608
        return found.fetchone() == (True,)


def entries(given: FileResource | list[FileResource]) -> list[FileResource]:
    """The files of a resource, one or several, as a list."""
    return given if isinstance(given, list) else [given]


def _where_problem(where: str) -> str | None:
    """What is wrong with the text of a `where`: it must be one expression and nothing that could write."""
    try:
        statements = duckdb.extract_statements(f"select 1 where (\n{where}\n)")
    except duckdb.Error as error:
        return str(error).partition("\n")[0]
    if len(statements) != 1 or statements[0].type is not duckdb.StatementType.SELECT:
        return "it is not one expression"
    return None
