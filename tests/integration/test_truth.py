"""What the demo publishes is what is so: leads, deals, money and spend, compared with the made-up company's truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest


@pytest.fixture(scope="module")
def con(demo_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published marts as `marts.*`, and the truth as `truth.*`."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo_data / 'published' / 'closedloop.duckdb'}' as published (read_only)")
        for schema in ("marts", "truth"):
            connection.execute(f"create schema {schema}")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'published' and schema_name = 'marts'"
        ).fetchall():
            connection.execute(f"create view marts.{table} as from published.marts.{table}")
        for file in (demo_data / "demo" / "truth").glob("*.parquet"):
            connection.execute(f"create view truth.{file.stem} as from '{file}'")
        yield connection


def same(con: duckdb.DuckDBPyConnection, found: str, so: str) -> None:
    """Both queries have the same rows, and some."""
    rows = con.execute(so).fetchall()
    assert rows
    assert con.execute(f"({found}) except all ({so})").fetchmany(5) == []
    assert con.execute(f"({so}) except all ({found})").fetchmany(5) == []


def value(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    [(found,)] = con.execute(sql).fetchall()
    return found


def test_every_file_is_read_and_every_row_loaded_but_those_wrong_on_purpose(demo_data: Path) -> None:
    company = demo_data / "demo"
    written = {
        str(file.relative_to(company))
        for file in company.rglob("*")
        if file.is_file()
        and file.relative_to(company).parts[0] not in ("truth", "agreement", "reference", "closedloop.yml")
    }
    with duckdb.connect(str(demo_data / "warehouse.duckdb"), read_only=True) as con:
        assert {row[0] for row in con.execute("select file from raw_files._files").fetchall()} == written
        rejected = con.execute(
            "select source_system, resource, count(*) from raw_files._rejected group by all"
        ).fetchall()
    # three without a date, two without an id, one twice
    assert rejected == [("hubspot", "leads", 6)]


def test_every_record_is_a_lead_s(con: duckdb.DuckDBPyConnection) -> None:
    same(
        con,
        "select source_system, record_type, record_id from marts.dim_lead_ids where record_type in ('lead', 'contact')",
        "select source_system, record_type, identifier from truth.persons where kind = 'record' and not is_deleted",
    )


def test_leads_are_as_many_as_there_are_people(con: duckdb.DuckDBPyConnection) -> None:
    records = "from truth.persons where kind = 'record' and not is_deleted"
    people = value(con, f"select count(distinct person_id) {records} and is_findable")
    # a record that has nothing in common with the person's other ones is one more for anybody
    strangers = value(con, f"select count(*) {records} and not is_findable")
    assert value(con, "select count(lead_at) from marts.dim_leads") == people + strangers


def test_no_lead_is_two_people(con: duckdb.DuckDBPyConnection) -> None:
    assert not con.execute(
        "select lead_key from marts.dim_lead_ids as ids join truth.persons as persons on persons.kind = 'record' "
        "and persons.source_system = ids.source_system and persons.identifier = ids.record_id "
        "group by lead_key having count(distinct person_id) > 1"
    ).fetchall()


def test_deals_are_what_they_are(con: duckdb.DuckDBPyConnection) -> None:
    same(
        con,
        "select source_system, deal_id, created_at, case when is_won then 'won' when is_closed then 'lost' end, "
        "(timezone('Asia/Jakarta', timezone('UTC', closed_at)))::date, amount, currency, amount_reporting "
        "from marts.fct_deals",
        "select source_system, deal_id, created_at, case when state in ('won', 'lost') then state end, "
        "closed_on, amount, currency, amount_reporting from truth.deals",
    )


def test_a_deal_is_of_the_person_whom_it_was_made_for(con: duckdb.DuckDBPyConnection) -> None:
    same(
        con,
        "select distinct deal_id, person_id from marts.fct_deals as deals join marts.dim_lead_ids as ids "
        "on deals.primary_lead_key = ids.lead_key join truth.persons as persons on persons.kind = 'record' "
        "and persons.source_system = ids.source_system and persons.identifier = ids.record_id",
        "select deal_id, person_id from truth.deals where deal_id in "
        "(select deal_id from marts.fct_deals where primary_lead_key is not null)",
    )


def test_spend_by_platform_campaign_and_day(con: duckdb.DuckDBPyConnection) -> None:
    same(
        con,
        "select spend.platform, platform_campaign_id, date_day, spend, currency, spend_reporting, impressions, clicks "
        "from marts.fct_ad_spend as spend join marts.dim_campaigns using (campaign_key)",
        "select platform, campaign_id, date_day, spend, currency, spend_reporting, impressions, clicks "
        "from truth.spend",
    )
    same(
        con,
        "select month_start_date, sum(spend) from marts.metrics_channel group by all having sum(spend) > 0",
        "select date_trunc('month', date_day)::date, sum(spend_reporting) from truth.spend group by all",
    )


def test_revenue_by_day_and_to_the_last_unit_by_deal_and_order(con: duckdb.DuckDBPyConnection) -> None:
    day = "(timezone('Asia/Jakarta', timezone('UTC', booked_at)))::date"
    same(
        con,
        f"select coalesce(deal_id, order_id), entry_type, {day}, revenue.amount, revenue.currency, "
        "revenue.amount_reporting from marts.fct_revenue_events as revenue left join marts.fct_deals using (deal_key) "
        "left join marts.fct_orders as orders on orders.order_key = revenue.order_key",
        "select id, entry_type, booked_on, amount, currency, amount_reporting from truth.revenue",
    )
    same(
        con,
        "select period_start_date, revenue from marts.metrics_shared where period_type = 'month' and revenue > 0",
        "select date_trunc('month', booked_on)::date, sum(amount_reporting) from truth.revenue group by all",
    )
    same(
        con,
        f"select coalesce(deal_id, order_id), {day}, sum(attributed_revenue), sum(attributed_amount) "
        "from marts.fct_revenue_attribution as credit left join marts.fct_deals using (deal_key) "
        "left join marts.fct_orders as orders on orders.order_key = credit.order_key group by all",
        "select id, booked_on, sum(amount_reporting), sum(amount) from truth.revenue group by all",
    )


def test_an_order_is_of_the_person_whose_phone_it_shows(con: duckdb.DuckDBPyConnection) -> None:
    """Who was never a lead is known by the order alone, and is another person than any lead."""
    orders = "from truth.persons where kind = 'order'"
    known = "from marts.fct_orders where source_system = 'marketplace' and lead_key is not null"
    same(con, f"select order_id {known}", f"select identifier {orders} and identifier in (select order_id {known})")
    strangers = value(
        con,
        f"select count(*) from marts.fct_orders as found join ({'select * ' + orders}) as so on identifier = order_id "
        "join marts.dim_lead_ids as ids using (lead_key) join truth.persons as records on records.kind = 'record' "
        "and records.source_system = ids.source_system and records.identifier = ids.record_id "
        "where records.person_id != so.person_id",
    )
    assert strangers == 0


def test_a_deal_s_stages_are_its_history(con: duckdb.DuckDBPyConnection) -> None:
    """A deal stands in one stage at a time, from its creation on; reopened ones left a closing."""
    assert not con.execute(
        "select deal_key from marts.fct_deal_stage_history group by deal_key having count(*) - count(left_at) != 1"
    ).fetchall()
    assert not con.execute(
        "select * from marts.fct_deal_stage_history join marts.fct_deals using (deal_key) "
        "where entered_at < created_at or (left_at is null and (deal_phase = 'won') != is_won)"
    ).fetchall()
    reopened = "from marts.fct_deal_stage_history where deal_phase in ('won', 'lost') and left_at is not null"
    assert value(con, f"select count(distinct deal_phase) {reopened}") == 2


def test_every_won_deal_s_journey_is_complete(con: duckdb.DuckDBPyConnection) -> None:
    """From the touches on its path to the win: each is a step of one of its people, and each person has the win."""
    same(
        con,
        "select deal_key, lead_key, occurred_at from marts.fct_journey where step_type = 'won' and occurred_at "
        "= (select closed_at from marts.fct_deals where fct_deals.deal_key = fct_journey.deal_key and is_won)",
        "select deal_key, lead_key, closed_at from marts.fct_deals join marts.fct_deal_contacts using (deal_key) "
        "where is_won",
    )
    missing = (
        "from marts.fct_attribution as credit anti join marts.fct_journey as steps using (lead_key, touchpoint_key) "
        "where credit.touchpoint_key is not null and credit.lead_key is not null"
    )
    assert value(con, f"select count(*) {missing}") == 0
    # what the truth says of whom we know: every touch by which a buyer can be told is a step
    buyers = "select distinct lead_key from marts.fct_journey where step_type in ('won', 'order')"
    assert value(con, f"select count(*) from ({buyers})") > 100
    assert not con.execute(
        f"select lead_key from ({buyers}) join marts.dim_leads using (lead_key) anti join "
        "(select lead_key from marts.fct_journey where step_type in ('touch', 'lead', 'order')) using (lead_key)"
    ).fetchall()


def test_the_follow_up_is_the_first_contact_by_a_human_where_the_mql_is_the_agreed_one(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The CRM's word on MQLs counts for the time being; where it says the agreed time, the follow-up is the truth's."""
    agreed = (
        "from truth.follow_ups as so inner join truth.persons using (person_id) "
        "inner join marts.dim_lead_ids as ids on kind = 'record' and is_findable "
        "and identifier = record_id and persons.source_system = ids.source_system "
        "inner join marts.dim_leads as leads using (lead_key) "
        "where so.cycle_number = 1 and so.mql_at = leads.mql_at and so.followed_up_at is not null"
    )
    assert value(con, f"select count(distinct lead_key) {agreed}") >= 20
    same(
        con,
        "select lead_key, occurred_at from marts.fct_sales_activities where is_follow_up "
        f"and lead_key in (select lead_key {agreed})",
        f"select distinct lead_key, so.followed_up_at {agreed}",
    )
    # and it is a step of the lead's way
    steps = "select lead_key, occurred_at, activity_key from marts.fct_journey where step_type = 'follow_up'"
    same(con, steps, "select lead_key, occurred_at, activity_key from marts.fct_sales_activities where is_follow_up")
