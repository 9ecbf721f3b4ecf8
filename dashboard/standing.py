"""How far a reader may trust the page today: what `status.json` says of the last attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from dashboard.labels import Language


@dataclass(frozen=True)
class FailedCheck:
    """A check that stopped the last attempt at the gate."""

    name: str
    observed: str
    expected: str


@dataclass(frozen=True)
class StaleSource:
    """A source that the figures are older of than of the rest; None: it has never been loaded."""

    name: str
    loaded_at: datetime | None


@dataclass(frozen=True)
class Waiver:
    """A check that somebody let pass, until when and why."""

    check: str
    until: date
    reason: str


@dataclass(frozen=True)
class Standing:
    """What there is to know beside the figures; times are UTC."""

    outcome: Literal["published", "stopped", "failed"] = "published"
    published_at: datetime | None = None
    as_of: datetime | None = None
    attempted_at: datetime | None = None
    held_back_since: datetime | None = None
    failed_checks: tuple[FailedCheck, ...] = ()
    stale_sources: tuple[StaleSource, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    language: Language = "en"
    currency: str = ""
    time_zone: str = "Asia/Jakarta"


def read_standing(file: Path) -> Standing:
    return Standing()
