"""Settings: `closedloop.yml`, the paths of a data folder, and one run's choices."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from orchestration.errors import ConfigurationError
from orchestration.sources.base import Currency, StrictModel, TimeZone
from orchestration.sources.files import FilesSource

# The dbt project and the Python project are one folder; it is found from the package, not from the current folder.
PROJECT_ROOT = Path(__file__).resolve().parent.parent

Target = Literal["duckdb", "spark"]


SourceSettings = FilesSource  # a discriminated union by `connector` once there are several


class ReportingSettings(StrictModel):
    """How results are reported."""

    currency: Currency | None = None
    time_zone: TimeZone = "Asia/Jakarta"
    language: Literal["en", "id"] = "en"


class Settings(StrictModel):
    """`closedloop.yml`, checked."""

    reporting: ReportingSettings = ReportingSettings()
    site_domains: list[str] = Field(default_factory=list)
    agreement: str | None = Field(
        default=None, description="the agreement's folder; files missing there are the shipped ones"
    )
    reference: str | None = Field(default=None, description="a folder with the company's own reference seeds")
    vars: dict[str, Any] = Field(default_factory=dict, description="overrides of the vars in dbt_project.yml")
    sources: dict[str, SourceSettings] = Field(default_factory=dict)


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
    """A run with an id that sorts by time; `as_of` defaults to the real clock, to the second."""
    now = datetime.now(UTC)
    return Run(
        settings=settings,
        paths=paths,
        run_id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
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
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(
            "there is no such file",
            where=str(path),
            fix="run `closedloop init DIR FILES...`, or name the file with --config",
        ) from None
    try:
        document = yaml.safe_load(text)
        lines = _lines(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigurationError(
            f"the YAML is broken: {getattr(error, 'problem', None) or error}",
            where=f"{path}, line {mark.line + 1 if mark else 1}",
            fix="check indentation, colons and quotes there",
        ) from None
    try:
        return Settings.model_validate(document or {})
    except ValidationError as error:
        raise _configuration_error(path, error, lines) from None


def _lines(node: yaml.Node | None, at: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    """The line of each field of a YAML document: ("sources", "olist") -> 12."""
    found: dict[tuple[str, ...], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*at, str(key.value))
            found[here] = key.start_mark.line + 1
            found |= _lines(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            here = (*at, str(index))
            found[here] = value.start_mark.line + 1
            found |= _lines(value, here)
    return found


def _configuration_error(path: Path, error: ValidationError, lines: dict[tuple[str, ...], int]) -> ConfigurationError:
    """The first mistake, with its line; the others are counted."""
    first = error.errors()[0]
    location = tuple(str(part) for part in first["loc"])
    # pydantic names union members in the location; only what the document has counts
    field_path: tuple[str, ...] = ()
    for part in location:
        if (*field_path, part) in lines:
            field_path = (*field_path, part)
    line = lines.get(field_path, 1)
    name = ".".join(part for part in location if part in field_path or part == location[-1])
    if first["type"] == "extra_forbidden":
        what = f"unknown field '{location[-1]}'"
    elif first["type"] == "missing":
        what = f"field '{location[-1]}' is missing"
    else:
        what = f"{first['msg'].removeprefix('Value error, ')} (found: {first['input']!r})"
    more = error.error_count() - 1
    return ConfigurationError(
        what + (f" (and {more} more)" if more else ""),
        where=f"{path}, line {line}, field {name}",
        fix="docs/configuration.md lists every field and what it takes",
    )
