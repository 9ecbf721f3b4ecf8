"""`status.json`: what the last attempt came to, beside the published file. The one other file that readers use."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ValidationError

from orchestration.publication.files import plain_errors, write_in_one_step
from orchestration.warehouse import open_warehouse

if TYPE_CHECKING:
    from orchestration.publication.publish import Publication
    from orchestration.quality.gate import GateResult
    from orchestration.settings import Run

AttemptResult = Literal["published", "published_with_source_missing", "stopped_at_gate", "failed"]


class Attempt(BaseModel):
    """The last run, whatever came of it. Times are UTC."""

    run_id: str
    finished_at: datetime
    as_of: datetime
    result: AttemptResult
    exit_code: int
    message: str = ""


class PublicationStatus(BaseModel):
    """The publication that readers have."""

    run_id: str
    published_at: datetime
    as_of: datetime


class CheckStatus(BaseModel):
    """A check of the last attempt's gate, on one table."""

    name: str
    table_name: str
    severity: Literal["block", "warn"]
    is_passed: bool
    is_waived: bool
    observed: str
    expected: str
    failing_rows: int | None = None


class WaiverStatus(BaseModel):
    """A check that somebody lets pass until a day, and why."""

    check: str
    reason: str
    until: date


class SourceStatus(BaseModel):
    """A source with its last good load; `stale_since` is set while it cannot be loaded."""

    source_name: str
    last_loaded_at: datetime | None = None
    stale_since: datetime | None = None
    error: str | None = None


class ReportingStatus(BaseModel):
    """How the figures are reported."""

    currency: str
    time_zone: str
    language: Literal["en", "id"]


class Status(BaseModel):
    """All of status.json."""

    last_attempt: Attempt | None = None
    last_publication: PublicationStatus | None = None
    stopped_since: datetime | None = None  # since when attempts have not published
    checks: list[CheckStatus] = []
    waivers: list[WaiverStatus] = []
    sources: list[SourceStatus] = []
    reporting: ReportingStatus | None = None


def publication_file(folder: Path) -> Path:
    """Where a publication's folder says which publication it is."""
    return folder / "publication.json"


def read_status(file: Path) -> Status:
    """What the file says; an empty status where it is missing or not readable."""
    try:
        return Status.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return Status()


def write_status(file: Path, status: Status) -> None:
    """Writes the file in one step, so that a reader never meets half of it. Raises BuildError if the disk refuses."""
    with plain_errors("status.json could not be written, and pages show the status before", file):
        write_in_one_step(file, status.model_dump_json(indent=2) + "\n")


def record_attempt(
    run: Run,
    *,
    result: AttemptResult,
    exit_code: int,
    message: str = "",
    gate: GateResult | None = None,
    publication: Publication | None = None,
    source_errors: dict[str, str] | None = None,
) -> None:
    """Tells readers what a run came to; what it did not reach stays as it was."""
    status = read_status(run.paths.status_file)
    now = datetime.now(UTC).replace(microsecond=0)
    status.last_attempt = Attempt(
        run_id=run.run_id, finished_at=now, as_of=run.as_of, result=result, exit_code=exit_code, message=message
    )
    status.last_publication = _last_publication(run) or status.last_publication
    if publication is not None:
        status.stopped_since = None
        status.sources = _sources(run, source_errors or {}, now, status)
        status.reporting = ReportingStatus(
            currency=run.reporting_currency,
            time_zone=run.settings.reporting.time_zone,
            language=run.settings.reporting.language,
        )
    else:
        status.stopped_since = status.stopped_since or now
    if gate is not None:
        status.checks = [CheckStatus.model_validate(check, from_attributes=True) for check in gate.checks]
        status.waivers = [WaiverStatus.model_validate(waiver, from_attributes=True) for waiver in gate.waivers]
    write_status(run.paths.status_file, status)


def _last_publication(run: Run) -> PublicationStatus | None:
    """What lies there says so itself: also where the run that published it was killed before it could tell."""
    try:
        return PublicationStatus.model_validate_json(publication_file(run.paths.published / "current").read_bytes())
    except FileNotFoundError:
        return None


def _sources(run: Run, errors: dict[str, str], now: datetime, before: Status) -> list[SourceStatus]:
    """Each configured source with its last good load; one that failed is stale since it first did."""
    with open_warehouse(run.paths, read_only=True) as con:
        loaded = dict(
            con.execute(
                "select source_name, max(loaded_at) from raw_closedloop.loads where error is null group by source_name"
            ).fetchall()
        )
    stale_before = {source.source_name: source.stale_since for source in before.sources}
    return [
        SourceStatus(
            source_name=name,
            last_loaded_at=loaded[name].replace(tzinfo=UTC) if name in loaded else None,
            stale_since=(stale_before.get(name) or now) if name in errors else None,
            error=errors.get(name),
        )
        for name in run.settings.sources
    ]
