"""Errors that a person can act on: what happened, where, and what to do."""

from __future__ import annotations


class ClosedloopError(Exception):
    """A failure with a known cause.

    `what` happened, `where` (file, line, field, source or endpoint), and `fix`: what to do about it.
    `exit_code` is the process's exit code: 1 failed, 2 stopped at the gate, 3 published with a source missing.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  To mend it: {self.fix}"


class ConfigurationError(ClosedloopError):
    """A mistake in `closedloop.yml`, the agreement, a reference file, or a command's arguments."""


class InputError(ClosedloopError):
    """A file that is configured and is not there, cannot be read, or lacks a mapped column."""


class SourceUnavailableError(ClosedloopError):
    """A source that did not answer. The run goes on without it and ends with exit code 3."""

    exit_code = 3


class BuildError(ClosedloopError):
    """A dbt model or test that failed."""


class GateStoppedError(ClosedloopError):
    """A check with severity `block` failed: readers keep the last good publication."""

    exit_code = 2


class BusyError(ClosedloopError):
    """Another run holds the data folder."""
