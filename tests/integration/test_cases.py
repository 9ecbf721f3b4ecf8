"""Files as people really export them (tests/cases), through `closedloop init` and `closedloop run` to the marts."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.rendering import notices
from reporting.published import open_publication, read_cautions
from reporting.status import Status
from tests.conftest import closedloop, query

CASES = Path(__file__).parents[1] / "cases"
AS_OF = "2026-12-01"

REVENUE = "select sum(revenue) from marts.metrics_channel"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of each company in turn: what dbt has read of the project stays, which costs more than a case."""
    return tmp_path_factory.mktemp("cases") / "data"


def ran(data: Path, folder: Path, *files: Path) -> str:
    """What the first run says of a company that was proposed from these files, uncorrected."""
    closedloop("init", folder, *files)
    for left in data.glob("*") if data.exists() else ():
        if left.is_symlink() or left.is_file():
            left.unlink()
        elif left.name != "runs":
            shutil.rmtree(left)
    return closedloop("run", "--config", folder / "closedloop.yml", "--data", data, "--as-of", AS_OF).stdout


def files_of(case: str) -> list[Path]:
    return sorted((CASES / case).iterdir())


def test_money_without_a_rate_is_told_and_with_one_it_is_in_the_sum(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "company"
    told = ran(data, folder, *files_of("deal-without-rate"))
    assert query(data, REVENUE) == [(Decimal(1_000_000),)]
    assert "amounts_without_rate on fct_deals: 1 rows that break it: 500.00 USD" in told
    # the figures that lack it say so
    assert re.search(r"Revenue +│ +Rp\s1\smillion\s\u2020", told)
    assert "\u2020 Incomplete: amounts in a currency without an exchange rate" in " ".join(told.split())
    lacking = (
        "select revenue_without_rate, pipeline_without_rate, spend_without_rate from marts.metrics_shared "
        "where period_type = 'month' and revenue > 0"
    )
    assert query(data, lacking) == [(1, 1, 0)]
    with open_publication(data / "published" / "closedloop.duckdb") as con:
        cautions = read_cautions(con)
    [left_out] = [caution for caution in cautions if caution.amounts]
    assert left_out.amounts == ((Decimal(500), "USD"),)
    said = notices(Status(), [left_out], "en").replace("\u00a0", " ")
    assert "amounts left out of the sums, without an exchange rate: 1 ($500.00)" in said
    dikatakan = notices(Status(), [left_out], "id").replace("\u00a0", " ")
    assert "jumlah yang tidak termasuk dalam total karena tanpa kurs: 1 (US$ 500,00)" in dikatakan

    # the deal was closed eight days after the day of the rate
    rates = tmp_path / "kurs.csv"
    rates.write_text("Tanggal,Mata uang,Kurs\n2026-09-01,USD,15000\n2026-09-14,USD,16000\n2026-10-01,USD,17000\n")
    again = tmp_path / "with_rates"
    told = ran(data, again, *files_of("deal-without-rate"), rates)
    assert query(data, REVENUE) == [(Decimal(1_000_000 + 500 * 16_000),)]
    assert "amounts_without_rate" not in told
    assert "rates_are_recent on fct_deals: 1 rows that break it: 500.00 USD" in told


def test_a_files_exchange_rates_are_used(data: Path, tmp_path: Path) -> None:
    told = ran(data, tmp_path / "company", *files_of("rates-file"))
    assert query(data, "select distinct currency from marts.fct_deals order by 1") == [("IDR",), ("USD",)]
    assert query(data, REVENUE) == [(Decimal(52_000_000),)]
    assert "without_rate" not in told


# --- spend

SPEND = """
    select platform, currency, count(*), sum(spend), sum(spend_reporting), sum(impressions)
    from marts.fct_ad_spend
    group by all
    order by all
"""
COST_PER_LEAD = "select channel, max(cost_per_lead) from marts.metrics_channel where spend > 0 group by 1 order by 1"


def test_spend_by_ad_without_ids_stands_whole_in_its_platforms_channel(data: Path, tmp_path: Path) -> None:
    told = ran(data, tmp_path / "company", *files_of("meta-by-ad"))
    spent = Decimal(10_572_626)
    assert query(data, SPEND) == [("meta_ads", "IDR", 10, spent, spent, 478_340)]
    assert query(data, COST_PER_LEAD) == [("paid_social", spent / 2)]
    assert "1 lines passed over: a total (line 2)" in told


def test_spend_of_a_month_in_dollars_is_spread_over_its_days(data: Path, tmp_path: Path) -> None:
    told = ran(data, tmp_path / "company", *files_of("meta-range-usd"))
    assert query(data, SPEND) == [("meta_ads", "USD", 4 * 31, Decimal("2200.50"), None, 89_000)]
    by_day = (
        "select min(spend), max(spend), min(date_day)::text, max(date_day)::text from marts.fct_ad_spend "
        "inner join marts.dim_campaigns using (campaign_key) where campaign_name = 'Retargeting'"
    )
    assert query(data, by_day) == [(Decimal("20.64"), Decimal("20.65"), "2026-03-15", "2026-04-14")]
    assert "amounts_without_rate on fct_ad_spend: 124 rows that break it: 2,200.50 USD" in told


def test_platforms_with_the_same_campaign_names_stay_apart(data: Path, tmp_path: Path) -> None:
    told = ran(data, tmp_path / "company", *files_of("two-platforms"))
    assert query(data, SPEND) == [
        ("google_ads", "IDR", 12, Decimal(2_400_198), Decimal(2_400_198), 72_000),
        ("linkedin_ads", "USD", 12, Decimal(444), None, 8_400),
        ("meta_ads", "IDR", 12, Decimal(1_200_198), Decimal(1_200_198), 60_000),
    ]
    assert "444.00 USD" in told
    assert query(data, "select count(distinct campaign_key) from marts.fct_ad_spend") == [(6,)]


def test_touches_go_by_source_and_medium_together(data: Path, tmp_path: Path) -> None:
    ran(data, tmp_path / "company", *files_of("touch-medium"))
    assert query(data, BY_CHANNEL) == [
        ("ai_assistant", Decimal(1_000_000)),
        ("direct", Decimal(1_000_000)),
        ("email", Decimal(1_000_000)),
        ("organic_search", Decimal(1_000_000)),
        ("organic_social", Decimal(2_000_000)),
        ("paid_search", Decimal(2_000_000)),
        ("paid_social", Decimal(4_000_000)),
    ]


# --- exports of CRMs

# what the deal's people share equally, whatever the agreed model
BY_CHANNEL = (
    "select channel, sum(attributed_revenue) from marts.fct_attribution "
    "where model = 'linear' and conversion_type = 'won' and attributed_revenue > 0 group by 1 order by 1"
)


def test_dates_of_becoming_are_a_history_and_mixed_currencies_take_the_companys_own_amount(
    data: Path, tmp_path: Path
) -> None:
    ran(data, tmp_path / "company", *files_of("hubspot-milestones"))
    deals = "select count(*), count(*) filter (is_won), sum(amount_reporting) filter (is_won) from marts.fct_deals"
    assert query(data, deals) == [(5, 3, Decimal(52_000_000))]
    reached = "select list(lead_id order by lead_id) from marts.dim_leads where {} is not null"
    assert query(data, reached.format("mql_at")) == [(["101", "102", "103", "104", "106"],)]
    assert query(data, reached.format("sql_at")) == [(["101", "102", "104", "106"],)]
    at = "select mql_at::text, sql_at::text from marts.dim_leads where lead_id = '102'"
    assert query(data, at) == [("2026-02-05 03:00:00", "2026-02-09 02:00:00")]  # 10:00 and 09:00 in Jakarta
    shared = (
        "select lead_id, attributed_revenue from marts.fct_attribution "
        "inner join marts.dim_leads using (lead_key) inner join marts.fct_deals using (deal_key) "
        "where deal_id = '9001' and conversion_type = 'won' and model = 'linear' order by 1"
    )
    assert query(data, shared) == [("101", Decimal(7_500_000)), ("102", Decimal(7_500_000))]


def test_contacts_that_a_deal_names_with_their_addresses_are_its_people(data: Path, tmp_path: Path) -> None:
    ran(data, tmp_path / "company", *files_of("hubspot-contacts-by-name"))
    people = (
        "select deal_id, list(lead_id order by lead_id) from marts.fct_deal_contacts "
        "inner join marts.dim_leads using (lead_key) inner join marts.fct_deals using (deal_key) group by 1 order by 1"
    )
    assert query(data, people) == [("9001", ["101", "102"]), ("9002", ["102"]), ("9003", ["104"]), ("9004", ["106"])]
    assert query(data, BY_CHANNEL) == [
        ("direct", Decimal(32_000_000)),
        ("email", Decimal(5_000_000)),
        ("paid_search", Decimal(7_500_000)),
        ("paid_social", Decimal(7_500_000)),
    ]


# --- spreadsheets


def test_an_indonesian_sheet_of_deals(data: Path, tmp_path: Path) -> None:
    ran(data, tmp_path / "company", *files_of("indonesian-sales-sheet"))
    deals = "select deal_id, is_won, is_closed, amount_reporting from marts.fct_deals order by 1"
    assert query(data, deals) == [
        ("TRX-001", True, True, Decimal("1500000.50")),
        ("TRX-002", True, True, Decimal(12_000_000)),
        ("TRX-003", False, True, Decimal(500_000)),
    ]
    assert query(data, BY_CHANNEL) == [("email", Decimal(12_000_000)), ("paid_search", Decimal("1500000.50"))]


def test_a_sheet_kept_by_hand_serves_leads_and_deals(data: Path, tmp_path: Path) -> None:
    told = ran(data, tmp_path / "company", *files_of("sheet-with-blemishes"))
    # the second one's date has lost its format
    days = "select count(*), count(distinct (lead_at + interval 7 hour)::date) from marts.dim_leads"
    assert query(data, days) == [(8, 8)]
    assert query(data, REVENUE) == [(Decimal("5750000.50"),)]
    assert query(data, "select count(*) from marts.fct_deal_contacts") == [(5,)]
    assert "1 lines passed over: a total (line 10)" in told
    assert "1 phones were lost to a spreadsheet" in told


def test_a_snapshot_of_stages_implies_the_earlier_ones(data: Path, tmp_path: Path) -> None:
    told = ran(data, tmp_path / "company", *files_of("stage-snapshot"))
    reached = "select count(mql_at), count(sql_at), count(opportunity_at), count(customer_at) from marts.dim_leads"
    assert query(data, reached) == [(14, 9, 5, 2)]
    rate = "select lead_to_mql_rate from marts.metrics_shared where period_type = 'month' and leads > 0"
    assert [round(float(found) * 100, 1) for (found,) in query(data, rate)] == [58.3]
    assert "stage_times_known on dim_leads: 9 rows that break it" in told
    document = (tmp_path / "company" / "closedloop.yml").read_text()
    assert "no column says when a stage was reached" in document


def test_pipedrives_status_says_what_is_won_open_and_deleted_and_its_times_are_utc(data: Path, tmp_path: Path) -> None:
    ran(data, tmp_path / "company", *files_of("pipedrive-status"))
    assert query(data, "select count(*) from marts.dim_leads") == [(4,)]
    deals = "select deal_id, is_won, is_closed, amount_reporting, closed_at::text from marts.fct_deals order by 1"
    assert query(data, deals) == [
        ("501", True, True, Decimal(12_500_000), "2026-01-31 18:10:00"),  # 1 February, 01:10 in Jakarta
        ("502", False, False, Decimal(8_000_000), None),
        ("503", False, True, Decimal(3_000_000), "2026-03-01 04:00:00"),
        ("504", True, True, Decimal(4_000_000), "2026-03-15 04:00:00"),
    ]
    by_month = (
        "select period_start_date::text, revenue, win_rate, pipeline from marts.metrics_shared "
        "where period_type = 'month' and period_start_date between date '2026-01-01' and date '2026-03-01' order by 1"
    )
    assert query(data, by_month) == [
        ("2026-01-01", Decimal(0), None, Decimal(12_500_000)),
        ("2026-02-01", Decimal(12_500_000), 1.0, Decimal(15_000_000)),
        ("2026-03-01", Decimal(4_000_000), 0.5, Decimal(0)),
    ]


def test_tables_of_a_sync_tool(data: Path, tmp_path: Path) -> None:
    ran(data, tmp_path / "company", *files_of("synced-crm-tables"))
    people = "select lead_id, original_channel, stage from marts.dim_leads order by 1"
    assert query(data, people) == [
        ("501", "paid_search", "customer"),
        ("502", "organic_search", "mql"),
        ("503", "paid_social", "customer"),
        ("506", "direct", "opportunity"),  # its deal was lost
    ]
    deals = "select deal_id, is_won, primary_lead_key is not null, created_at::text from marts.fct_deals order by 1"
    assert query(data, deals) == [
        ("9001", True, True, "2026-08-10 03:00:00"),
        ("9002", True, True, "2026-08-12 03:00:00"),
        ("9003", False, True, "2026-08-15 03:00:00"),
    ]
    assert query(data, REVENUE) == [(Decimal(20_000_000),)]


# --- keys


def test_the_newest_version_of_a_record_counts(data: Path, tmp_path: Path) -> None:
    told = ran(data, tmp_path / "company", *files_of("append-log"))
    deals = "select deal_id, is_won, is_closed, amount from marts.fct_deals order by 1"
    assert query(data, deals) == [
        ("D1", True, True, Decimal(1_500_000)),
        ("D2", False, True, Decimal(2_000_000)),
        ("D3", True, True, Decimal(3_000_000)),
    ]
    assert query(data, REVENUE) == [(Decimal(4_500_000),)]
    assert query(data, "select count(mql_at) from marts.dim_leads") == [(2,)]
    assert "2 rows are replaced by others with the same deal_id" in told
