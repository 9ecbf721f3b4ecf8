"""What every step of a run shares: its choices, where its progress is shown, and what has happened so far."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import filelock
from dagster import DagsterInstance, InitResourceContext, ResourceDefinition, RunsFilter, resource

from orchestration.configuration.context import Paths
from orchestration.configuration.run import Run, new_run
from orchestration.configuration.settings import Settings
from orchestration.errors import BusyError, ClosedloopError
from orchestration.publication.attempts import record_attempt
from orchestration.publication.publish import Publication
from orchestration.quality.gate import GateResult, Waiver
from orchestration.sources.base import LoadResult
from orchestration.transformation.dbt_process import DbtProcess
from reporting.outcome import Outcome
from reporting.status import CheckStatus, WaiverStatus
from storage.disk import clear_work_folders, owner_only

# Steps that write the warehouse take turns: DuckDB has one writer.
WAREHOUSE_POOL = "warehouse"


class Progress(Protocol):
    """Where a run shows how far it is."""

    def phase(self, name: str) -> None:
        """A new part of the run begins: ingest, build, check or publish."""

    def advance(self, done: int, total: int, item: str) -> None:
        """`done` of `total` items of the present phase are through; `item` is the last."""


class NoProgress:
    """Dagster's own page shows the steps."""

    def phase(self, name: str) -> None:
        """Shows nothing."""

    def advance(self, done: int, total: int, item: str) -> None:
        """Shows nothing."""


@dataclass(frozen=True)
class SourceFailure:
    """A source that could not be loaded, and why."""

    source_system: str
    message: str


@dataclass
class RunState:
    """One run: its choices, and what its steps leave for those after them and for whoever started it."""

    run: Run
    ingests: bool = True  # False: the later parts alone, on what is loaded
    reached: Outcome = Outcome.PUBLISHED  # what it comes to when nothing goes wrong
    progress: Progress = field(default_factory=NoProgress)
    dbt: DbtProcess = field(default_factory=DbtProcess)
    waivers: tuple[Waiver, ...] = ()
    warnings: list[str] = field(default_factory=list)  # what is nobody's fault and should be known
    loads: list[LoadResult] = field(default_factory=list)
    source_failures: list[SourceFailure] = field(default_factory=list)
    gate: GateResult | None = None
    publication: Publication | None = None
    error: ClosedloopError | None = None

    @property
    def outcome(self) -> Outcome:
        """What the run has come to."""
        if self.error is not None:
            return self.error.outcome
        return Outcome.PUBLISHED_WITH_SOURCE_MISSING if self.source_failures else self.reached

    @contextmanager
    def step(self, phase: str) -> Iterator[Run]:
        """A step of the run: shows its phase, and writes a failure into status.json before it goes on."""
        self.progress.phase(phase)
        try:
            yield self.run
        except ClosedloopError as error:
            self.fail(error)
            raise

    def fail(self, error: ClosedloopError) -> None:
        """Ends the run with this error and tells readers."""
        self.error = error
        self.record()

    def record(self) -> None:
        """Tells readers what the run has come to."""
        failures = {failure.source_system: failure.message for failure in self.source_failures}
        record_attempt(
            self.run,
            self.outcome,
            message=str(self.error) if self.error else "; ".join(failures.values()),
            checks=None
            if self.gate is None
            else [CheckStatus.model_validate(check, from_attributes=True) for check in self.gate.checks],
            waivers=[WaiverStatus.model_validate(waiver, from_attributes=True) for waiver in self.gate.waivers]
            if self.gate
            else [],
            source_errors=failures,
        )


@contextmanager
def holding(paths: Paths) -> Iterator[None]:
    """Holds the data folder for one run, and keeps it to its owner; raises BusyError while another run does."""
    with owner_only(paths.data, but=paths.published), _locked(paths):
        _clear_leftovers(paths)
        yield


def _clear_leftovers(paths: Paths) -> None:
    """Removes what a killed run left of the sources' rows beside the warehouse."""
    clear_work_folders(paths.work)
    for database in (paths.warehouse, paths.candidate_file):
        shutil.rmtree(f"{database}.tmp", ignore_errors=True)


@contextmanager
def _locked(paths: Paths) -> Iterator[None]:
    # beside the lock, since whoever tries the lock empties its file
    holder = paths.lock_file.with_name("run.holder")
    lock = filelock.FileLock(paths.lock_file)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        by = holder.read_text(encoding="utf-8") if holder.exists() else "another run"
        raise BusyError(
            f"{by} holds this data folder", where=str(paths.data), fix="wait until it has ended, then run again"
        ) from None
    try:
        holder.write_text(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC,", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def state_resource(settings: Settings, paths: Paths) -> ResourceDefinition:
    """A state of its own for each run that Dagster starts by itself, which holds the data folder meanwhile."""

    @resource
    def state(context: InitResourceContext) -> Iterator[RunState]:
        with holding(paths):
            if context.instance:
                forget_old_runs(context.instance, timedelta(days=settings.keep_runs_days))
            yield RunState(new_run(settings, paths))

    return state


def forget_old_runs(instance: DagsterInstance, age: timedelta) -> None:
    """Removes Dagster's runs of that age and older, with their events and whatever they printed."""
    for run in instance.get_runs(RunsFilter(created_before=datetime.now(UTC) - age)):
        instance.delete_run(run.run_id)
        instance.compute_log_manager.delete_logs(prefix=[run.run_id])
        # each run has a database of its own, which deleting its events empties and leaves
        Path(instance.root_directory, "history", "runs", f"{run.run_id}.db").unlink(missing_ok=True)
