"""An agreement as it was read: its files, its versions, and when each governs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.agreement.rows import (
    Criterion,
    DisqualificationReason,
    Holiday,
    LifecycleStage,
    ModelAnchor,
    QualityCheck,
    ScoringRule,
    ServiceLevel,
    Term,
    Version,
    WorkingHours,
)
from orchestration.agreement.seed_files import SeedTable


@dataclass(frozen=True)
class Agreement:
    """The files of an agreement; what the company leaves out is as shipped, for each of its versions."""

    agreement_versions: SeedTable[Version]
    lifecycle_stages: SeedTable[LifecycleStage]
    stage_criteria: SeedTable[Criterion]
    scoring_rules: SeedTable[ScoringRule]
    service_levels: SeedTable[ServiceLevel]
    quality_checks: SeedTable[QualityCheck]
    agreement_terms: SeedTable[Term]
    attribution_models: SeedTable[ModelAnchor]
    working_hours: SeedTable[WorkingHours]
    holidays: SeedTable[Holiday]
    disqualification_reasons: SeedTable[DisqualificationReason]

    @property
    def versions(self) -> list[Version]:
        """The versions in the order of their days."""
        return sorted(self.agreement_versions.rows, key=lambda version: version.effective_from)

    def tables(self) -> Iterator[tuple[str, SeedTable[Any]]]:
        """Each file's name (without .csv) and its rows."""
        for named in fields(self):
            yield named.name, getattr(self, named.name)


def version_periods(agreement: Agreement, time_zone: str) -> list[tuple[str, datetime, datetime]]:
    """Each version with the time in which it governs, in order: from its start to its excluded end, both naive UTC.

    Days are of `time_zone` (the reporting one). The first version governs all time before it as well, and an open one
    never ends.
    """
    zone = ZoneInfo(time_zone)

    def starts_at(day: date) -> datetime:
        return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)

    return [
        (
            version.version,
            starts_at(version.effective_from) if number else datetime(1900, 1, 1),
            starts_at(version.effective_to + timedelta(days=1)) if version.effective_to else datetime(9999, 12, 31),
        )
        for number, version in enumerate(agreement.versions)
    ]
