"""Settings: `closedloop.yml`, checked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import Field, ValidationError, field_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from orchestration.configuration.context import PROJECT_ROOT
from orchestration.configuration.document import REFERENCE, SECRET_NAME, Location, place, read_document
from orchestration.configuration.fields import Currency, StrictModel, TimeZone
from orchestration.configuration.mistakes import in_words, nearest, shown, unknown
from orchestration.errors import ConfigurationError
from orchestration.sources.files.settings import FilesSource
from reporting.labels import Language

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SourceSettings = FilesSource  # a discriminated union by `connector` once there are several


class ReportingSettings(StrictModel):
    """How results are reported."""

    currency: Currency | None = Field(
        default=None,
        description="the ISO 4217 currency of results; may be left out where all sources name the same one",
    )
    time_zone: TimeZone = Field(
        default="Asia/Jakarta", description="the IANA zone in which days and months are counted"
    )
    language: Language = Field(default="en", description="the language of pages and packs")


class Settings(StrictModel):
    """`closedloop.yml`, checked."""

    reporting: ReportingSettings = ReportingSettings()
    site_domains: list[str] = Field(default_factory=list, description="a list of the company's own domains")
    agreement: str | None = Field(
        default=None, description="the folder of the company's agreement; files missing there are the shipped ones"
    )
    reference: str | None = Field(
        default=None, description="the folder of the company's own reference files; others are the shipped ones"
    )
    keep_runs_days: int = Field(
        default=30, ge=1, description="the days for which logs and Dagster's history of runs are kept"
    )
    vars: dict[str, Any] = Field(default_factory=dict, description="overrides of the vars in dbt_project.yml")
    sources: dict[str, SourceSettings] = Field(
        default_factory=dict, description="where data comes from: a name of yours, then its settings"
    )

    @field_validator("site_domains")
    @classmethod
    def _are_domains(cls, domains: list[str]) -> list[str]:
        for domain in domains:
            if not re.fullmatch(r"([\w-]+\.)+[\w-]+", domain):
                raise ValueError(f"found '{domain}'; allowed: a domain alone, such as panduanpajak.example")
        return domains

    @field_validator("vars")
    @classmethod
    def _are_the_projects(cls, given: dict[str, Any]) -> dict[str, Any]:
        if problems := var_problems(given):
            details = [
                # braces would be taken for placeholders
                InitErrorDetails(
                    type=PydanticCustomError("var", "{problem}", {"problem": problem}), loc=(name,), input=name
                )
                for name, problem in problems.items()
            ]
            raise ValidationError.from_exception_data("vars", details)
        return given


def var_problems(given: dict[str, Any]) -> dict[str, str]:
    """What is wrong with overrides of dbt's vars, by name: unknown to dbt_project.yml, or not of its default's type."""
    defaults = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    problems = {}
    for name, value in given.items():
        if name not in defaults:
            problems[name] = unknown("var", name, defaults)
        elif type(value) is not type(defaults[name]):
            problems[name] = f"found {shown(value)}; allowed: such as {shown(defaults[name])}, its default"
    return problems


def read_settings(path: Path) -> Settings:
    """`closedloop.yml`, checked; raises ConfigurationError with line, field, what was found and what is allowed."""
    document, lines = read_document(path)
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise _first_mistake(path, error, lines) from None


def _first_mistake(path: Path, error: ValidationError, lines: dict[Location, int]) -> ConfigurationError:
    """The first mistake by line; those that follow from it are left out, the others counted."""
    mistakes = [(_field(mistake["loc"], lines), mistake) for mistake in error.errors(include_url=False)]
    wrong_connectors = {at[:2] for at, _ in mistakes if at[:1] == ("sources",) and at[2:] == ("connector",)}
    unknown_names = {at for at, mistake in mistakes if mistake["type"] == "extra_forbidden"}
    meant = {(*at[:-1], nearest(at[-1], _allowed_fields(at[:-1])) or "") for at in unknown_names}
    mistakes = [
        (at, mistake)
        for at, mistake in mistakes
        if (at[:2] not in wrong_connectors or at[2:] == ("connector",))
        and not (mistake["type"] == "missing" and (*at, str(mistake["loc"][-1])) in meant)
    ]
    at, first = min(mistakes, key=lambda found: lines.get(found[0], 1))
    what, fix = _in_words(at, first)
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    name = (*at, str(first["loc"][-1])) if first["type"] == "missing" else at
    return ConfigurationError(what + more, where=place(path, lines.get(at, 1), name), fix=fix)


def _field(location: tuple[int | str, ...], lines: dict[Location, int]) -> Location:
    """The field of a mistake: pydantic's location without the names of union members and what the document lacks."""
    at: Location = ()
    for part in location:
        if (*at, str(part)) in lines:
            at = (*at, str(part))
    return at


def _in_words(at: Location, mistake: ErrorDetails) -> tuple[str, str]:
    """What is wrong, and how to fix it. The value of an unknown field is not repeated: it may be a secret."""
    if mistake["type"] == "extra_forbidden":
        if SECRET_NAME.search(at[-1]):
            return (
                f"'{at[-1]}' is a secret, and secrets do not belong in this file",
                "give it through the environment or .env (see docs/configuration.md), take it out here, "
                "and renew it if others saw it",
            )
        return unknown("field", at[-1], _allowed_fields(at[:-1])), f"rename or remove it; {REFERENCE}"
    named = (*at, str(mistake["loc"][-1])) if mistake["type"] == "missing" else at
    described = [schema.get("properties", {}).get(named[-1], {}) for schema in _schemas(named[:-1])] if named else []
    meanings = [f"{named[-1]}: {schema['description']}" for schema in described if "description" in schema]
    return in_words(mistake), "; ".join([*meanings, REFERENCE])


def _allowed_fields(at: Location) -> list[str]:
    return [name for schema in _schemas(at) for name in schema.get("properties", {})]


def _schemas(at: Location) -> list[dict[str, Any]]:
    """The JSON schemas of a field of `closedloop.yml`: several where it may take several shapes."""
    root = Settings.model_json_schema()

    def shapes(schema: dict[str, Any]) -> list[dict[str, Any]]:
        several = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
        if "$ref" in schema:
            several.append(root["$defs"][schema["$ref"].rpartition("/")[2]])
        return [schema, *(shape for one in several for shape in shapes(one))]

    found = shapes(root)
    for part in at:
        inner = [
            schema.get("properties", {}).get(part)
            or (schema.get("items") if part.isdigit() else None)
            or schema.get("additionalProperties")
            for schema in found
        ]
        found = [shape for schema in inner if isinstance(schema, dict) for shape in shapes(schema)]
    return found
