"""`status.json`: what the last attempt came to, beside the published file. The one other file that readers use."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, Field, ValidationError

from reporting.labels import Language
from reporting.outcome import Outcome


class Attempt(BaseModel):
    """The last run, whatever came of it. Times are UTC."""

    run_id: str
    finished_at: datetime
    as_of: datetime
    result: Outcome
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

    # the second is what an older release wrote
    source_system: str = Field(validation_alias=AliasChoices("source_system", "source_name"))
    last_loaded_at: datetime | None = None
    stale_since: datetime | None = None
    error: str | None = None


class ReportingStatus(BaseModel):
    """How the figures are reported."""

    currency: str
    time_zone: str
    language: Language


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
