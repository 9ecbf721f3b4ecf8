"""Settings: `closedloop.yml`, the paths of a data folder, and one run's choices."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from orchestration.errors import ConfigurationError
from orchestration.mistakes import in_words, nearest, shown, unknown
from orchestration.sources.base import Currency, StrictModel, TimeZone
from orchestration.sources.files import FilesSource

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# The dbt project and the Python project are one folder; it is found from the package, not from the current folder.
PROJECT_ROOT = Path(__file__).resolve().parent.parent

Target = Literal["duckdb", "spark"]


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
    language: Literal["en", "id"] = Field(default="en", description="the language of pages and packs")


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
        if problems := _var_problems(given):
            details = [
                # braces would be taken for placeholders
                InitErrorDetails(
                    type=PydanticCustomError("var", "{problem}", {"problem": problem}), loc=(name,), input=name
                )
                for name, problem in problems.items()
            ]
            raise ValidationError.from_exception_data("vars", details)
        return given


def _var_problems(given: dict[str, Any]) -> dict[str, str]:
    """What is wrong with overrides of dbt's vars, by name: unknown to dbt_project.yml, or not of its default's type."""
    defaults = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    problems = {}
    for name, value in given.items():
        if name not in defaults:
            problems[name] = unknown("var", name, defaults)
        elif type(value) is not type(defaults[name]):
            problems[name] = f"found {shown(value)}; allowed: such as {shown(defaults[name])}, its default"
    return problems


@dataclass(frozen=True)
class Paths:
    """Where a data folder keeps what."""

    config: Path | None  # closedloop.yml; paths in it are relative to its folder
    data: Path

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def published_file(self) -> Path:
        return self.published / "closedloop.duckdb"

    @property
    def status_file(self) -> Path:
        return self.published / "status.json"

    @property
    def candidate_file(self) -> Path:
        """The next publication while it is made; never read by anybody else."""
        return self.data / "candidate.duckdb"

    @property
    def dbt_project(self) -> Path:
        """The product's dbt project with this data folder's seeds in it (orchestration/project.py)."""
        return self.data / "project"

    @property
    def seeds(self) -> Path:
        """The effective seeds: the company's files where there are any, else the shipped ones."""
        return self.dbt_project / "seeds"

    @property
    def runs(self) -> Path:
        """Dagster's own storage and dbt's artifacts."""
        return self.data / "runs"

    @property
    def dbt_target(self) -> Path:
        return self.runs / "dbt"

    @property
    def spark(self) -> Path:
        """Parquet on its way to and from Spark."""
        return self.data / "spark"

    @property
    def identifier_key_file(self) -> Path:
        return self.data / "identifier.key"

    @property
    def lock_file(self) -> Path:
        return self.data / "run.lock"

    def resolve(self, path: str) -> Path:
        """A path written in closedloop.yml, relative to its folder."""
        base = self.config.parent if self.config else Path.cwd()
        return (base / Path(path).expanduser()).resolve()


@dataclass(frozen=True)
class Run:
    """One run's choices: everything that a step may ask of its surroundings."""

    settings: Settings
    paths: Paths
    run_id: str
    as_of: datetime  # aware, UTC: the only clock
    target: Target = "duckdb"
    full_refresh: bool = False
    select: tuple[str, ...] = ()  # names of sources; empty = all
    vars: dict[str, Any] = field(default_factory=dict)  # closedloop.yml's, then the command line's

    @property
    def agreement_folder(self) -> Path | None:
        """The company's agreement; None = the shipped one."""
        return self.paths.resolve(self.settings.agreement) if self.settings.agreement else None

    @property
    def reference_folder(self) -> Path | None:
        """The company's own reference files; None = the shipped ones."""
        return self.paths.resolve(self.settings.reference) if self.settings.reference else None

    @property
    def reporting_currency(self) -> str:
        """The reporting currency: as configured, else the one currency that all sources name."""
        if self.settings.reporting.currency:
            return self.settings.reporting.currency
        named = sorted({source.currency for source in self.settings.sources.values() if source.currency})
        if len(named) == 1:
            return named[0]
        raise ConfigurationError(
            f"the sources name {len(named)} currencies ({', '.join(named) or 'none'})",
            where=f"{self.paths.config or 'closedloop.yml'}, field reporting.currency",
            fix="write the currency to report in, e.g. reporting: {currency: IDR}",
        )


def new_run(
    settings: Settings,
    paths: Paths,
    *,
    as_of: datetime | None = None,
    target: Target = "duckdb",
    full_refresh: bool = False,
    select: tuple[str, ...] = (),
    dbt_vars: dict[str, Any] | None = None,
) -> Run:
    """A run with an id that sorts by time; `as_of` defaults to the real clock, to the second.

    `dbt_vars` are the command line's; one that the project does not have raises ConfigurationError.
    """
    for problem in _var_problems(dbt_vars or {}).values():
        raise ConfigurationError(problem, where="--vars", fix="correct it; dbt_project.yml says what each var does")
    now = datetime.now(UTC)
    return Run(
        settings=settings,
        paths=paths,
        run_id=f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(2)}",
        as_of=(as_of or now).astimezone(UTC).replace(microsecond=0),
        target=target,
        full_refresh=full_refresh,
        select=select,
        vars={**settings.vars, **(dbt_vars or {})},
    )


def find_paths(config: Path | None = None, data: Path | None = None) -> Paths:
    """Paths from the options, else CLOSEDLOOP_CONFIG and CLOSEDLOOP_DATA, else ./closedloop.yml and data/ beside it."""
    if config is None and (named := os.environ.get("CLOSEDLOOP_CONFIG")):
        config = Path(named)
    if config is None and (here := Path("closedloop.yml")).exists():
        config = here
    if data is None and (named := os.environ.get("CLOSEDLOOP_DATA")):
        data = Path(named)
    config = config.resolve() if config else None
    if data is None:
        data = (config.parent if config else Path.cwd()) / "data"
    return Paths(config=config, data=data.resolve())


def read_settings(path: Path) -> Settings:
    """`closedloop.yml`, checked; raises ConfigurationError with line, field, what was found and what is allowed."""
    document, lines = _read_yaml(path)
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise _first_mistake(path, error, lines) from None


# A field of the document, such as ("sources", "crm", "connector"), and the line on which it stands.
_Field = tuple[str, ...]

_SECRET_NAME = re.compile(r"token|secret|passw|credential|api_?key|private_?key|identifier_?key", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"://[^/\s:@]+:[^/\s@]+@")

_REFERENCE = "docs/configuration.md has every field and what it takes"


def _read_yaml(path: Path) -> tuple[Any, dict[_Field, int]]:
    """The document and the line of each of its fields."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(
            "there is no such file",
            where=str(path),
            fix="run `closedloop init DIR FILES...`, or name the file with --config",
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError("the file is not UTF-8", where=str(path), fix="save it as UTF-8") from None
    except OSError as error:
        raise ConfigurationError(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            fix="name the file itself, and let it be read",
        ) from None
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = _lines(path, tree)
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _broken_yaml(path, error) from None
    except ValueError as error:  # a date such as 2026-02-30
        raise ConfigurationError(
            f"a value is no YAML: {error}", where=str(path), fix="correct the date, or put the value in quotes"
        ) from None
    if document is None:
        raise ConfigurationError(
            "the file is empty",
            where=str(path),
            fix=f"write at least `sources:`, or run `closedloop init`; {_REFERENCE}",
        )
    return document, lines


def _broken_yaml(path: Path, error: yaml.YAMLError) -> ConfigurationError:
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    is_tab = "'\\t'" in problem
    return ConfigurationError(
        "a tab where YAML takes spaces only" if is_tab else f"the YAML is broken: {problem}",
        where=f"{path}, line {mark.line + 1}" if mark else str(path),
        fix="replace the tab by spaces"
        if is_tab
        else "check indentation, colons and quotes there and in the line before",
    )


def _lines(path: Path, root: yaml.Node | None) -> dict[_Field, int]:
    """The line of each field; a field that stands there twice, or a password, is an error."""
    lines: dict[_Field, int] = {}
    seen: set[int] = set()  # an alias (*name) is walked where it is defined only

    def walk(node: yaml.Node | None, at: _Field) -> None:
        if node is None or id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                here = (*at, str(key.value))
                line = key.start_mark.line + 1
                if here in lines:
                    raise ConfigurationError(
                        f"'{here[-1]}' stands in line {lines[here]} already, and only one of the two would count",
                        where=_place(path, line, here),
                        fix="remove or rename one of the two",
                    )
                lines[here] = line
                walk(value, here)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                here = (*at, str(index))
                lines[here] = value.start_mark.line + 1
                walk(value, here)
        elif _SECRET_IN_URL.search(str(node.value)):
            raise ConfigurationError(
                "the address has a password in it, and secrets do not belong in this file",
                where=_place(path, node.start_mark.line + 1, at),
                fix="give the credentials through the environment or .env, and renew the password if others saw it",
            )

    walk(root, ())
    return lines


def _place(path: Path | str, line: int, at: _Field) -> str:
    return f"{path}, line {line}" + (f", field {'.'.join(at)}" if at else "")


def _first_mistake(path: Path, error: ValidationError, lines: dict[_Field, int]) -> ConfigurationError:
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
    return ConfigurationError(what + more, where=_place(path, lines.get(at, 1), name), fix=fix)


def _field(location: tuple[int | str, ...], lines: dict[_Field, int]) -> _Field:
    """The field of a mistake: pydantic's location without the names of union members and what the document lacks."""
    at: _Field = ()
    for part in location:
        if (*at, str(part)) in lines:
            at = (*at, str(part))
    return at


def _in_words(at: _Field, mistake: ErrorDetails) -> tuple[str, str]:
    """What is wrong, and how to mend it. The value of an unknown field is not repeated: it may be a secret."""
    if mistake["type"] == "extra_forbidden":
        if _SECRET_NAME.search(at[-1]):
            return (
                f"'{at[-1]}' is a secret, and secrets do not belong in this file",
                "give it through the environment or .env (see docs/configuration.md), take it out here, "
                "and renew it if others saw it",
            )
        return unknown("field", at[-1], _allowed_fields(at[:-1])), f"rename or remove it; {_REFERENCE}"
    named = (*at, str(mistake["loc"][-1])) if mistake["type"] == "missing" else at
    described = [schema.get("properties", {}).get(named[-1], {}) for schema in _schemas(named[:-1])] if named else []
    meanings = [f"{named[-1]}: {schema['description']}" for schema in described if "description" in schema]
    return in_words(mistake), "; ".join([*meanings, _REFERENCE])


def _allowed_fields(at: _Field) -> list[str]:
    return [name for schema in _schemas(at) for name in schema.get("properties", {})]


def _schemas(at: _Field) -> list[dict[str, Any]]:
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
