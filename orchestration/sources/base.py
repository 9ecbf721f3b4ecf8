"""What a connector is to the rest: its settings, its raw tables, a check, and a load."""

from __future__ import annotations

import functools
import re
import zoneinfo
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from orchestration.settings import Run


class StrictModel(BaseModel):
    """Settings in which a misspelt field is an error, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# The names are read from a few hundred files.
_time_zones = functools.cache(zoneinfo.available_timezones)


def _known_time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError(f"unknown time zone '{name}'; allowed: an IANA name such as Asia/Jakarta")
    return name


def _currency_code(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"'{code}' is no ISO 4217 currency; allowed: three capitals such as IDR")
    return code


TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
Currency = Annotated[str, AfterValidator(_currency_code)]


class Severity(StrEnum):
    """How bad a finding of `closedloop sources check` is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One line of `closedloop sources check`: what was found about which resource, and what would mend it."""

    severity: Severity
    resource: str
    message: str
    fix: str = ""


@dataclass(frozen=True)
class LoadResult:
    """What one load of one resource did.

    `rows_loaded` and `rows_rejected` count this load only; `rows_total` is what the raw table now holds of the source.
    `warnings` are sentences for the log and the scoreboard (a file that vanished, a column that is missing).
    """

    source_name: str
    resource: str
    rows_loaded: int
    rows_rejected: int
    rows_total: int
    warnings: tuple[str, ...] = ()


class Connector(Protocol):
    """A module in `orchestration/sources/` that has these names."""

    # "schema.table" -> {column: DuckDB type}; created empty before anything runs
    RAW_TABLES: dict[str, dict[str, str]]

    def resources(self, source: Any) -> list[str]:
        """The resources (canonical entities, endpoints) that this source delivers, in the order of loading."""
        ...

    def preflight(self, name: str, source: Any, run: Run) -> None:
        """Finds what only the user can mend before anything is loaded; raises InputError or ConfigurationError."""
        ...

    def check(self, name: str, source: Any, run: Run) -> list[Finding]:
        """Tries the source for real within seconds, without writing; returns what it found."""
        ...

    def load(self, con: DuckDBPyConnection, name: str, source: Any, run: Run) -> Iterable[LoadResult]:
        """Loads each resource into the raw tables, one transaction a resource, and yields what each load did.

        Raises InputError for what only the user can mend and SourceUnavailableError when the source does not answer.
        """
        ...
