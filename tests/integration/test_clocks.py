"""The clock is a cut, not a lens: what a run shows up to its clock is what a later run shows for that time."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from sandbox.company import write_company
from tests.conftest import closedloop, query

CLOCKS = ("2025-09-15T00:00:00+07:00", "2026-04-01T00:00:00+07:00", "2026-11-01T00:00:00+07:00")

# Each by the moment of its row, which is the last column.
ROWS = {
    "stages": " union all ".join(
        f"select lead_key, '{stage}', {stage}_at from marts.dim_leads where {stage}_at is not null"
        for stage in ("lead", "mql", "sql", "opportunity", "customer")
    ),
    "deals": "select deal_key, primary_lead_key, amount, currency, created_at from marts.fct_deals",
    "won deals": "select deal_key, amount_reporting, closed_at from marts.fct_deals where is_won",
    "sessions": "select session_key, visitor_key, channel, campaign_key, page_views, ended_at from marts.fct_sessions",
    # visits stand among them as soon as somebody knows whose they were, below
    "touches": "select touchpoint_key, channel, campaign_key, touched_at from marts.fct_touchpoints "
    "where touch_type != 'session'",
    # whose a visit was is known once the visitor is a lead, and was identified
    "touches of leads": "select touchpoint_key, touches.lead_key, greatest(touched_at, lead_at, identified_at) "
    "from marts.fct_touchpoints as touches inner join marts.dim_leads using (lead_key) "
    "left join marts.fct_sessions using (session_key) where lead_at is not null",
    # of conversions whose path nobody who was identified later has lengthened
    "credit": "select model, conversion_key, touchpoint_key, credit.channel, credit.campaign_key, weight, "
    "attributed_revenue, attributed_pipeline, "
    "max(greatest(converted_at, identified_at)) over (partition by conversion_type, conversion_key) "
    "from marts.fct_attribution as credit left join marts.fct_sessions as sessions "
    "on credit.touchpoint_key = sessions.session_key",
    "spend": "select channel, campaign_key, spend, impressions, clicks, "
    "timezone('UTC', timezone('Asia/Jakarta', cast(month_start_date + interval 1 month as timestamp))) "
    "from marts.metrics_campaign where spend > 0",
}


@pytest.fixture(scope="module")
def data_by_clock(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What a company of one data folder has published at each clock, the later ones after the earlier."""
    configuration = write_company(tmp_path_factory.mktemp("company"), leads=1000)
    data = tmp_path_factory.mktemp("data")
    folders = {}
    for clock in CLOCKS:
        closedloop("run", "--config", configuration, "--data", data, "--as-of", clock)
        folders[clock] = tmp_path_factory.mktemp("at_clock")
        (folders[clock] / "published").mkdir()
        shutil.copy(data / "published" / "closedloop.duckdb", folders[clock] / "published")
    return folders


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize(("earlier", "later"), [(0, 1), (0, 2), (1, 2)])
def test_rows_up_to_a_clock_are_those_that_a_later_run_shows_for_that_time(
    data_by_clock: dict[str, Path], kind: str, earlier: int, later: int
) -> None:
    [(cut,)] = query(data_by_clock[CLOCKS[earlier]], f"select timezone('UTC', timestamptz '{CLOCKS[earlier]}')")

    def rows(clock: str) -> list[tuple[Any, ...]]:
        found = query(data_by_clock[clock], f"from ({ROWS[kind]}) order by all")
        return [row for row in found if row[-1] <= cut]

    then = rows(CLOCKS[earlier])
    assert then
    assert then == rows(CLOCKS[later])
