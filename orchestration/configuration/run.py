"""One run's choices: everything that a step may ask of its surroundings."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from orchestration.configuration.context import Paths, RunContext
from orchestration.configuration.settings import Settings, SourceSettings, var_problems
from orchestration.errors import ConfigurationError, UsageError

Target = Literal["duckdb", "spark"]


@dataclass(frozen=True)
class Run:
    """A run of one company's settings in one data folder."""

    settings: Settings
    paths: Paths
    run_id: str
    as_of: datetime  # aware, UTC: the only clock
    target: Target = "duckdb"
    full_refresh: bool = False
    select: tuple[str, ...] = ()  # names of sources; empty = all
    vars: dict[str, Any] = field(default_factory=dict)  # closedloop.yml's, then the command line's

    @property
    def context(self) -> RunContext:
        """What a connector may ask of this run."""
        return RunContext(
            self.paths,
            self.run_id,
            self.as_of,
            self.settings.reporting.time_zone,
            full_refresh=self.full_refresh,
            vars=self.vars,
        )

    @property
    def today(self) -> date:
        """The clock's day in the reporting time zone."""
        return self.as_of.astimezone(ZoneInfo(self.settings.reporting.time_zone)).date()

    @property
    def sources(self) -> dict[str, SourceSettings]:
        """The sources that this run loads: all, or those of `--select`."""
        return {
            name: source for name, source in self.settings.sources.items() if not self.select or name in self.select
        }

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

    `dbt_vars` are the command line's; one that the project does not have raises UsageError.
    """
    for problem in var_problems(dbt_vars or {}).values():
        raise UsageError(problem, where="--vars", fix="correct it; dbt_project.yml says what each var does")
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
