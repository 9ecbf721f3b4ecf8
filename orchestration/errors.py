"""Errors that a person can act on: what happened, where, and what to do."""

from __future__ import annotations

from typing import ClassVar

from reporting.outcome import Outcome


class ClosedloopError(Exception):
    """A failure with a known cause.

    `what` happened, `where` (file, line, field, source or endpoint), and `fix`: what to do about it. `outcome` is what
    a run that it ends has come to.
    """

    outcome: ClassVar[Outcome] = Outcome.FAILED

    def __init__(self, what: str, *, where: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  To fix it: {self.fix}"


class ConfigurationError(ClosedloopError):
    """A mistake in `closedloop.yml`, the agreement, a reference file or a secret."""


class UsageError(ClosedloopError):
    """An argument of a command that cannot be."""


class QueryError(ClosedloopError):
    """SQL that DuckDB does not take."""


class InputError(ClosedloopError):
    """A file that is configured and is not there, cannot be read, or lacks a mapped column."""


class SourceUnavailableError(ClosedloopError):
    """A source that did not answer. The run goes on without it and ends with a source missing."""


class EngineError(ClosedloopError):
    """The engine that was asked for is not installed, or does not start."""


class BuildError(ClosedloopError):
    """dbt failed: its project, a model or a test."""


class NotBuiltError(ClosedloopError):
    """A later part was asked for before the part that it needs."""


class GateStoppedError(ClosedloopError):
    """A check with severity `block` failed: readers keep the last good publication."""

    outcome = Outcome.STOPPED_AT_GATE


class PublicationError(ClosedloopError):
    """The published file is not there or cannot be read."""


class WarehouseError(ClosedloopError):
    """The warehouse file is none that DuckDB can read."""


class BusyError(ClosedloopError):
    """Another run, or another program, holds what this one needs."""


class DiskError(ClosedloopError):
    """The disk refuses: no space, or no permission."""


class InterruptedRunError(ClosedloopError):
    """Somebody stopped the run."""


class UnforeseenError(ClosedloopError):
    """A fault of closedloop itself; its trace is in a file."""
