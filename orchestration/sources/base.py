"""What a connector is to the rest: its settings, its raw tables, a check, and a load."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from orchestration.configuration.context import RunContext


class Severity(StrEnum):
    """How bad a finding of `closedloop sources check` is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One line of `closedloop sources check`: what was found about which resource, and what would fix it."""

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

    source_system: str
    resource: str
    rows_loaded: int
    rows_rejected: int
    rows_total: int
    warnings: tuple[str, ...] = ()


def raw_table(connector: str, resource: str) -> str:
    """Where a connector's rows of a resource lie, as `schema.table`; `_rejected` is one of its tables too."""
    return f"raw_{connector}.{resource}"


class Connector(Protocol):
    """A module that has these names, listed in `registry.py`."""

    # `raw_table`: {column: DuckDB type}; created empty before anything runs. A table of rows has `source_system`, any
    # other that belongs to a resource (such as `_rejected`) `source_system` and `resource`.
    RAW_TABLES: dict[str, dict[str, str]]

    def resources(self, source: Any) -> list[str]:
        """The resources (canonical entities, endpoints) that this source delivers, in the order of loading."""
        ...

    def preflight(self, name: str, source: Any, run: RunContext) -> None:
        """Finds what only the user can fix before anything is loaded; raises InputError or ConfigurationError."""
        ...

    def check(self, name: str, source: Any, run: RunContext) -> list[Finding]:
        """Tries the source for real within seconds, without writing; returns what it found."""
        ...

    def load(self, con: DuckDBPyConnection, name: str, source: Any, run: RunContext) -> Iterable[LoadResult]:
        """Loads each resource into the raw tables, one transaction a resource, and yields what each load did.

        Raises InputError for what only the user can fix and SourceUnavailableError when the source does not answer.
        """
        ...
