"""Tells readers what each attempt came to, in `status.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.publication.refusals import plain_errors
from orchestration.sources.loads import last_loads
from orchestration.warehouse import open_warehouse
from reporting.outcome import Outcome
from reporting.status import (
    Attempt,
    CheckStatus,
    PublicationStatus,
    ReportingStatus,
    SourceStatus,
    Status,
    WaiverStatus,
    publication_file,
    read_status,
)
from storage.disk import let_read, write_in_one_step

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.configuration.run import Run


def write_status(file: Path, status: Status) -> None:
    """Writes the file in one step, so that a reader never meets half of it. Raises DiskError if the disk refuses."""
    with plain_errors("status.json could not be written, and pages show the status before", file):
        write_in_one_step(file, status.model_dump_json(indent=2) + "\n")
        file.parent.chmod(0o755)
        let_read(file)


def record_attempt(
    run: Run,
    outcome: Outcome,
    *,
    message: str = "",
    checks: Sequence[CheckStatus] | None = None,
    waivers: Sequence[WaiverStatus] = (),
    source_errors: Mapping[str, str] | None = None,
) -> None:
    """Tells readers what a run came to; what it did not reach (`checks` None: the gate) stays as it was.

    `source_errors` says by name why sources of a publication are missing in it.
    """
    status = read_status(run.paths.status_file)
    now = datetime.now(UTC).replace(microsecond=0)
    status.last_attempt = Attempt(
        run_id=run.run_id,
        finished_at=now,
        as_of=run.as_of,
        result=outcome,
        exit_code=outcome.exit_code,
        message=message,
    )
    status.last_publication = _last_publication(run) or status.last_publication
    if outcome in (Outcome.PUBLISHED, Outcome.PUBLISHED_WITH_SOURCE_MISSING):
        status.stopped_since = None
        status.sources = _sources(run, source_errors or {}, now, status)
        status.reporting = ReportingStatus(
            currency=run.reporting_currency,
            time_zone=run.settings.reporting.time_zone,
            language=run.settings.reporting.language,
        )
    else:
        status.stopped_since = status.stopped_since or now
    if checks is not None:
        status.checks, status.waivers = list(checks), list(waivers)
    write_status(run.paths.status_file, status)


def _last_publication(run: Run) -> PublicationStatus | None:
    """What lies there says so itself: also where the run that published it was killed before it could tell."""
    try:
        return PublicationStatus.model_validate_json(publication_file(run.paths.published / "current").read_bytes())
    except FileNotFoundError:
        return None


def _sources(run: Run, errors: Mapping[str, str], now: datetime, before: Status) -> list[SourceStatus]:
    """Each configured source with its last good load; one that failed is stale since it first did."""
    with open_warehouse(run.paths, read_only=True) as con:
        loaded: dict[str, datetime] = {}
        for (name, _), load in last_loads(con).items():
            if load.loaded_at:
                loaded[name] = max(load.loaded_at, loaded.get(name, load.loaded_at))
    stale_before = {source.source_system: source.stale_since for source in before.sources}
    return [
        SourceStatus(
            source_system=name,
            last_loaded_at=loaded[name].replace(tzinfo=UTC) if name in loaded else None,
            stale_since=(stale_before.get(name) or now) if name in errors else None,
            error=errors.get(name),
        )
        for name in run.settings.sources
    ]
