"""The whole loop on real input: the Olist funnel, from two files to the published marts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import query

WON_AND_LEADS_BY_ORIGIN = {
    "organic_search": (271, 2296),
    "paid_search": (195, 1586),
    None: (193, 1159),
    "social": (75, 1350),
    "direct_traffic": (56, 499),
    "referral": (24, 284),
    "email": (15, 493),
    "display": (6, 118),
    "other": (4, 150),
    "other_publicities": (3, 65),
}

REVENUE_BY_CHANNEL = {
    "organic_search": Decimal("51426000.00"),
    "paid_search": Decimal("9169000.00"),
    "organic_social": Decimal("501000.00"),
    "direct": Decimal("60000.00"),
    "email": Decimal("15000.00"),
    "unattributed": Decimal("613006.00"),
}


def test_every_lead_and_every_deal_is_there_and_joined(olist_data: Path) -> None:
    assert query(olist_data, "select count(*) from marts.dim_leads") == [(8000,)]
    assert query(
        olist_data,
        """
        select count(*), count(*) filter (where is_won), count(leads.lead_key), sum(amount_reporting)
        from marts.fct_deals as deals
        left join marts.dim_leads as leads on deals.primary_lead_key = leads.lead_key
        """,
    ) == [(842, 842, 842, Decimal("61784006.00"))]


def test_won_deals_and_leads_by_origin(olist_data: Path) -> None:
    rows = query(
        olist_data,
        """
        select touches.source, count(distinct deals.deal_key), count(distinct leads.lead_key)
        from marts.dim_leads as leads
        left join marts.fct_touchpoints as touches on leads.lead_key = touches.lead_key
        left join marts.fct_deals as deals on leads.lead_key = deals.primary_lead_key and deals.is_won
        group by touches.source
        """,
    )
    assert {origin: (won, leads) for origin, won, leads in rows} == WON_AND_LEADS_BY_ORIGIN


@pytest.mark.parametrize("model", ["first_touch", "last_touch", "linear"])
def test_each_model_hands_the_revenue_out_exactly(olist_data: Path, model: str) -> None:
    rows = query(
        olist_data,
        f"""
        select channel, sum(attributed_revenue)
        from marts.fct_attribution
        where model = '{model}' and conversion_type = 'won'
        group by channel
        having sum(attributed_revenue) != 0
        """,
    )
    assert dict(rows) == REVENUE_BY_CHANNEL
    assert sum(REVENUE_BY_CHANNEL.values()) == Decimal("61784006.00")


def test_the_agreed_model_is_what_the_metrics_and_the_revenue_table_show(olist_data: Path) -> None:
    by_channel = "select channel, sum({}) from marts.{} group by channel having sum({}) != 0"
    for column, table in [("attributed_revenue", "fct_revenue_attribution"), ("revenue", "metrics_channel")]:
        assert dict(query(olist_data, by_channel.format(column, table, column))) == REVENUE_BY_CHANNEL
    for period_type in ("week", "month", "quarter"):
        assert query(
            olist_data,
            f"""
            select sum(leads), sum(mqls), sum(customers), sum(transactions), sum(revenue), sum(attributed_revenue)
            from marts.metrics_shared where period_type = '{period_type}'
            """,
        ) == [(8000, 8000, 842, 842, Decimal("61784006.00"), Decimal("61784006.00"))]


def test_days_from_first_contact_to_won(olist_data: Path) -> None:
    local_day = "timezone('America/Sao_Paulo', timezone('UTC', {}))::date"
    [(mean, median, count)] = query(
        olist_data,
        f"""
        select avg(days), median(days), count(*)
        from (
            select {local_day.format("deals.closed_at")} - {local_day.format("leads.created_at")} as days
            from marts.fct_deals as deals
            inner join marts.dim_leads as leads on deals.primary_lead_key = leads.lead_key
        )
        """,
    )
    assert (round(mean, 2), median, count) == (48.44, 14, 842)


def test_the_deal_won_before_its_first_contact_is_a_violation_and_not_in_the_velocity(olist_data: Path) -> None:
    violations = query(
        olist_data,
        """
        select count(*), count(deal_key), count(lead_key), min(first_seen_at) is not null
        from marts.fct_lead_definition_violations
        where violation_type = 'won_before_first_contact'
        """,
    )
    assert violations == [(1, 1, 1, True)]

    days = "epoch(customer_at - first_mql_at) / 86400"
    [(mean, median, count)] = query(
        olist_data,
        f"""
        select avg({days}), median({days}), count(*)
        from marts.dim_leads
        where customer_at >= first_mql_at
        """,
    )
    assert (round(mean, 2), round(median, 2), count) == (49.17, 14.72, 841)

    # the published metric, month by month, is the mean over the same 841 days
    [(total_days, counted)] = query(
        olist_data,
        """
        with months as (
            select
                date_trunc('month', timezone('America/Sao_Paulo', timezone('UTC', customer_at)))::date as month,
                count(*) as customers
            from marts.dim_leads
            where customer_at >= first_mql_at
            group by month
        )
        select sum(conversion_velocity_days * months.customers), sum(months.customers)
        from months
        inner join marts.metrics_shared as metrics
            on metrics.period_type = 'month' and metrics.period_start_date = months.month
        """,
    )
    assert counted == 841
    assert total_days / 841 == pytest.approx(mean, abs=1e-9)
