"""When the whole pass runs by itself."""

from __future__ import annotations

from dagster import ScheduleDefinition

from orchestration.configuration.settings import Settings


def daily_schedule(job_name: str, settings: Settings) -> ScheduleDefinition:
    """Every morning at six in the reporting time zone; switched on in Dagster's page."""
    return ScheduleDefinition(
        name="daily",
        job_name=job_name,
        cron_schedule="0 6 * * *",
        execution_timezone=settings.reporting.time_zone,
    )
