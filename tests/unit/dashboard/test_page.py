"""The first page on a small published file: what it reads, what it shows, and what it says when there is nothing."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from orchestration.publication.attempts import write_status
from reporting import credited, published
from reporting.credited import Selection
from reporting.outcome import Outcome
from reporting.status import (
    Attempt,
    CheckStatus,
    PublicationStatus,
    ReportingStatus,
    SourceStatus,
    Status,
    WaiverStatus,
)

ROOT = Path(__file__).resolve().parents[3]
APP = ROOT / "dashboard" / "app.py"

SMALL_COMPANY = """
    create table dim_metrics as
    select *, metric not in ('retention_rate', 'market_share') as is_computed
    from read_csv($metrics);

    create table dim_channels as
    from (values
        ('email', 'Email', 'Surel'),
        ('paid_search', 'Paid search', 'Pencarian berbayar'),
        ('unattributed', 'Unattributed', 'Tidak teratribusi')
    ) as rows(channel, label_en, label_id);

    create table fct_quality_results as
    select
        run_id,
        cast(checked_at as timestamp) as checked_at,
        check_name,
        is_passed,
        is_waived,
        cast(failing_rows as bigint) as failing_rows
    from (values
        ('first', '2026-12-01', 'table_shrank', false, false, 1),
        ('second', '2026-12-02', 'stage_order', false, false, 1234),
        ('second', '2026-12-02', 'table_shrank', false, true, 1),
        ('second', '2026-12-02', 'unknown_stage', true, false, 0)
    ) as rows(run_id, checked_at, check_name, is_passed, is_waived, failing_rows);

    -- nothing happened in November
    create table metrics_shared as
    select
        period_type,
        cast(start as date) as period_start_date,
        is_complete,
        cast(0 as bigint) as revenue_without_rate,
        cast(0 as bigint) as pipeline_without_rate,
        cast(0 as bigint) as spend_without_rate,
        cast(revenue as decimal(18, 2)) as revenue,
        cast(leads as bigint) as leads,
        cast(leads as bigint) as opportunities,
        cast(0 as decimal(18, 2)) as spend,
        cast(null as bigint) as clicks,
        cast(velocity as double) as conversion_velocity_days_median
    from (values
        ('month', '2026-09-01', true, 1000.10, 10, 8.5),
        ('month', '2026-10-01', true, 3000000.20, 5, 6.0),
        ('month', '2026-11-01', true, 0, 0, null),
        ('month', '2026-12-01', false, 0, 3, null),
        ('quarter', '2026-07-01', true, 1000.10, 10, 8.5),
        ('quarter', '2026-10-01', false, 3000000.20, 8, 6.0),
        ('week', '2026-12-07', false, 0, 3, null)
    ) as rows(period_type, start, is_complete, revenue, leads, velocity);

    -- the deal of 1000.10 was won in September in Jakarta, the other in October, when UTC still had September
    create table fct_attribution as
    select
        model,
        model = 'linear' as is_agreed_model,
        'won' as conversion_type,
        'booking' as entry_type,
        deal_key,
        if(deal_key = 'october', 'lead', null) as lead_key,
        'touch-' || position as touchpoint_key,
        position,
        cast(booked_at as timestamp) as booked_at,
        channel,
        cast(weight as double) as weight,
        cast(revenue as decimal(18, 2)) as attributed_revenue,
        cast(null as decimal(18, 2)) as attributed_pipeline,
        credit_rule
    from (values
        ('linear', 'september', null, '2026-09-10 00:00:00', 'unattributed', 1, 1000.10, 'no touch'),
        ('linear', 'october', 2, '2026-09-30 20:00:00', 'email', 0.5, 1500000.10, 'all'),
        ('linear', 'october', 1, '2026-09-30 20:00:00', 'paid_search', 0.5, 1500000.10, 'all'),
        ('first_touch', 'september', null, '2026-09-10 00:00:00', 'unattributed', 1, 1000.10, 'no touch'),
        ('first_touch', 'october', 1, '2026-09-30 20:00:00', 'paid_search', 1, 3000000.20, 'first_paid: first')
    ) as rows(model, deal_key, position, booked_at, channel, weight, revenue, credit_rule);

    create table fct_deals as
    select
        deal_key,
        deal_id,
        'crm' as source_system,
        'won' as stage,
        true as is_won,
        timestamp '2026-08-20' as created_at,
        timestamp '2026-09-30 20:00:00' as closed_at,
        cast(amount as decimal(18, 2)) as amount,
        'IDR' as currency,
        cast(amount as decimal(18, 2)) as amount_reporting
    from (values
        ('september', '<b>9001</b>', 1000.10),
        ('october', '9002', 3000000.20)
    ) as rows(deal_key, deal_id, amount);

    create table fct_deal_contacts as select 'october' as deal_key, 'lead' as lead_key;

    create table dim_leads as select 'lead' as lead_key, timestamp '2026-08-01' as created_at;

    create table dim_campaigns as select 'spring' as campaign_key, 'Spring <i>' as campaign_name;

    create table fct_journey as
    select
        'lead' as lead_key,
        row_number() over (order by happened_at) as step_number,
        cast(happened_at as timestamp) as occurred_at,
        step_type,
        touchpoint_key,
        if(step_type = 'won', 'october', null) as deal_key,
        channel,
        campaign_key
    from (values
        ('2026-08-01', 'touch', 'touch-1', 'paid_search', 'spring'),
        ('2026-08-02', 'lead', null, null, null),
        ('2026-08-03', 'touch', 'touch-2', 'email', null),
        ('2026-09-30 20:00:00', 'won', null, null, null)
    ) as rows(happened_at, step_type, touchpoint_key, channel, campaign_key);

    create table metrics_attribution_comparison as
    select
        date '2026-10-01' as month_start_date,
        dimension,
        dimension_value,
        model,
        cast(revenue as decimal(18, 2)) as attributed_revenue,
        cast(3000000.20 as decimal(18, 2)) as influenced_revenue
    from (values
        ('channel', 'paid_search', 'linear', 1500000.10),
        ('channel', 'paid_search', 'first_touch', 3000000.20),
        ('channel', 'email', 'linear', 1500000.10),
        ('channel', 'email', 'first_touch', 0),
        ('campaign', 'Spring', 'linear', 1500000.10),
        ('campaign', 'Spring', 'first_touch', 3000000.20),
        ('campaign', null, 'linear', 1500000.10),
        ('campaign', null, 'first_touch', 0)
    ) as rows(dimension, dimension_value, model, revenue);
"""


def publish(file: Path, *changes: str) -> None:
    """Makes a small published file and swaps it in, as the publication does."""
    file.parent.mkdir(parents=True, exist_ok=True)
    candidate = file.with_name("candidate.duckdb")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{candidate}' as candidate (storage_version 'v1.2.0')")
        connection.execute("create schema candidate.marts")
        connection.execute("use candidate.marts")
        metrics = str(ROOT / "seeds" / "reference" / "metrics.csv")
        for statement in [*SMALL_COMPANY.replace("$metrics", f"'{metrics}'").split(";"), *changes]:
            if statement.strip():
                connection.execute(statement)
    candidate.replace(file)


def published_status() -> Status:
    """What status.json says after a run that was published."""
    evening = datetime(2026, 12, 9, 20, 0, tzinfo=UTC)
    return Status(
        last_attempt=Attempt(
            run_id="second", finished_at=evening, as_of=evening, result=Outcome.PUBLISHED, exit_code=0
        ),
        last_publication=PublicationStatus(run_id="second", published_at=evening, as_of=evening),
        sources=[SourceStatus(source_system="crm", last_loaded_at=evening)],
        reporting=ReportingStatus(currency="IDR", time_zone="Asia/Jakarta", language="en"),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small published file in a data folder, with its status."""
    published_file = tmp_path / "published" / "closedloop.duckdb"
    publish(published_file)
    write_status(tmp_path / "published" / "status.json", published_status())
    return published_file


@pytest.fixture
def status_file(file: Path) -> Path:
    """The status beside the published file."""
    return file.with_name("status.json")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page on that data folder, not run yet."""
    published = tmp_path / "published"
    monkeypatch.setattr(sys, "argv", [str(APP), str(published / "closedloop.duckdb"), str(published / "status.json")])
    return AppTest.from_file(str(APP), default_timeout=60)


def html(page: AppTest) -> str:
    """All that the page says in HTML."""
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def value(page: AppTest, metric: str) -> str:
    """The exact value of a metric on the scoreboard."""
    found = re.search(rf'data-metric="{metric}">.*?data-value="([^"]*)"', html(page), re.DOTALL)
    assert found, metric
    return found.group(1)


def credit(page: AppTest, channel: str, measure: str) -> Decimal:
    """The exact figure of a channel."""
    found = re.search(
        rf'data-channel="{channel}".*?data-measure="{measure}" data-value="([^"]*)"', html(page), re.DOTALL
    )
    assert found, channel
    return Decimal(found.group(1))


def test_channels_add_up_under_every_model(file: Path) -> None:
    with published.open_publication(file) as connection:
        for model in credited.read_models(connection):
            credits = credited.read_channels(connection, Selection(model.name, "Asia/Jakarta"))
            assert sum(credit.revenue for credit in credits) == Decimal("3001000.30")
            assert credits[-1].channel == "unattributed"


def test_bookings_fall_into_the_months_of_the_reporting_time_zone(file: Path) -> None:
    october = date(2026, 10, 1)
    with published.open_publication(file) as connection:
        jakarta = credited.read_channels(connection, Selection("first_touch", "Asia/Jakarta", "month", october))
        london = credited.read_channels(connection, Selection("first_touch", "Europe/London", "month", october))
    assert [(credit.channel, credit.revenue) for credit in jakarta] == [("paid_search", Decimal("3000000.20"))]
    assert london == []


def test_metrics_that_never_had_a_value_are_left_out(file: Path) -> None:
    with published.open_publication(file) as connection:
        names = [metric.name for metric in published.read_metrics(connection)]
    assert names == ["revenue", "leads", "opportunities", "conversion_velocity_days_median"]


def test_metrics_that_no_model_computes_yet_are_named(page: AppTest, file: Path) -> None:
    page.run()
    assert re.search(r"2 more metrics are not computed yet</summary>\s*<p>Retention; Market share</p>", html(page))
    publish(file, "update dim_metrics set is_computed = true")
    page.run()
    assert 'id="not-computed"' not in html(page)


def test_where_versions_agreed_on_different_models_their_credit_can_be_followed(file: Path) -> None:
    publish(file, "update fct_attribution set is_agreed_model = (model = 'first_touch') where booked_at > '2026-09-20'")
    with published.open_publication(file) as connection:
        assert [model.is_agreed for model in credited.read_models(connection)] == [True, True]
        credits = credited.read_channels(connection, Selection(credited.AS_AGREED, "Asia/Jakarta"))
    assert {credit.channel: credit.revenue for credit in credits} == {
        "paid_search": Decimal("3000000.20"),
        "unattributed": Decimal("1000.10"),
    }


def test_side_by_side_all_agreed_models_come_first_and_say_so(file: Path, page: AppTest) -> None:
    publish(file, "update fct_attribution set is_agreed_model = (model = 'first_touch') where booked_at > '2026-09-20'")
    page.run()
    headers = re.findall(r"<th[^>]*>([^<]*\(agreed\))</th>", html(page))
    assert headers == ["First touch (agreed)", "Linear (agreed)"]


def test_the_page_opens_on_the_last_whole_period_in_which_something_happened(file: Path, page: AppTest) -> None:
    page.run()
    assert 'data-period="2026-10-01"' in html(page)
    assert value(page, "revenue") == "3000000.20"
    assert value(page, "leads") == "5"
    assert "\N{MINUS SIGN}50.0%" in html(page)
    assert 'id="incomplete"' not in html(page)


def test_a_running_period_says_so(file: Path, page: AppTest) -> None:
    page.query_params["period"] = "month-2026-12-01"
    page.run()
    assert value(page, "leads") == "3"
    assert 'id="incomplete"' in html(page)
    assert "December 2026 (still running)" in page.selectbox(key="period-en").options


def test_a_metric_without_a_value_in_either_period_is_left_out(file: Path, page: AppTest) -> None:
    page.query_params["period"] = "month-2026-11-01"
    page.run()
    assert value(page, "conversion_velocity_days_median") == ""
    page.selectbox(key="period-en").set_value("month-2026-12-01").run()
    assert 'data-metric="leads"' in html(page)
    assert 'data-metric="conversion_velocity_days_median"' not in html(page)


def test_the_period_type_can_be_changed(file: Path, page: AppTest) -> None:
    page.run()
    page.segmented_control(key="per-en").set_value("quarter").run()
    assert 'data-period="2026-07-01"' in html(page)
    assert value(page, "leads") == "10"


def test_the_model_can_be_changed_and_survives_a_change_of_language(file: Path, page: AppTest) -> None:
    page.run()
    assert credit(page, "paid_search", "revenue") == Decimal("1500000.10")
    assert "Linear (agreed)" in page.selectbox(key="model-en").options
    assert re.search(r"<dt>Linear \(agreed\)</dt>\s*<dd>All touches share the credit equally.</dd>", html(page))
    assert re.search(r"<dt>First touch</dt>\s*<dd>All credit goes to the first touch.</dd>", html(page))
    page.selectbox(key="model-en").set_value("first_touch").run()
    page.segmented_control(key="language").set_value("id").run()
    assert credit(page, "paid_search", "revenue") == Decimal("3000000.20")
    assert credit(page, "paid_search", "deals") == 1
    assert credit(page, "total", "revenue") == Decimal("3001000.30")
    assert 'id="adds-up"' in html(page)
    assert "Pencarian berbayar" in html(page)
    assert "Seluruh kredit untuk sentuhan pertama." in html(page)


def test_a_channel_leads_to_its_deals_and_a_deal_to_its_touches(file: Path, page: AppTest) -> None:
    page.query_params["model"] = "first_touch"
    page.run()
    assert 'id="deals"' not in html(page)
    assert 'href="?model=first_touch&amp;channel=paid_search#deals_of-heading"' in html(page)
    page.query_params["channel"] = "paid_search"
    page.run()
    assert "Deals and orders credited to Paid search" in html(page)
    assert "channel=paid_search&amp;deal=october#deal_named-heading" in html(page)
    found = re.search(r'data-deal="total".*?data-value="([^"]*)"', html(page), re.DOTALL)
    assert found
    assert Decimal(found.group(1)) == credit(page, "paid_search", "revenue")
    page.query_params["deal"] = "october"
    page.run()
    amounts = re.findall(r'data-position="(\d)">.*?data-measure="amount" data-value="([^"]*)"', html(page), re.DOTALL)
    assert amounts == [("1", "3000000.20"), ("2", "")]
    assert "as First paid touch: first touch" in html(page)
    assert "Spring &lt;i&gt;" in html(page)
    in_linear = re.search(r'<tr data-model="linear">(.*?)</tr>', html(page), re.DOTALL)
    assert in_linear
    assert re.findall(r'data-value="([^"]*)"', in_linear.group(1)) == ["1500000.10", "1500000.10"]


def test_a_deal_without_touches_says_so(file: Path, page: AppTest) -> None:
    page.query_params |= {"channel": "unattributed", "deal": "september"}
    page.run()
    assert "&lt;b&gt;9001&lt;/b&gt;" in html(page)
    assert "<b>" not in html(page)
    assert "no touch on record" in html(page)
    assert 'id="models"' not in html(page)


@pytest.mark.parametrize("choice", [{"channel": "carrier_pigeon"}, {"deal": "' or 1=1"}, {"by": "moon"}])
def test_what_an_address_names_and_nobody_knows_is_passed_over(
    file: Path, page: AppTest, choice: dict[str, str]
) -> None:
    page.query_params |= choice
    page.run()
    assert 'id="deals"' not in html(page)
    assert 'id="touches"' not in html(page)
    assert 'data-dimension="channel"' in html(page)


def test_all_models_stand_side_by_side(file: Path, page: AppTest) -> None:
    page.query_params |= {"by": "campaign", "language": "id"}
    page.run()
    rows = dict(re.findall(r'<tr data-row="(\w*)">(.*?)</tr>', html(page), re.DOTALL))
    assert list(rows) == ["Spring", ""]
    assert "tidak disebutkan" in rows[""]
    assert re.findall(r'data-(?:measure|model)="(\w+)" data-value="([^"]*)"', rows["Spring"]) == [
        ("spread", "1500000.10"),
        ("influenced", "3000000.20"),
        ("linear", "1500000.10"),
        ("first_touch", "3000000.20"),
    ]
    page.selectbox(key="booked-id").set_value("month-2026-09-01").run()
    assert 'id="comparison"' not in html(page)


def test_the_channels_can_be_read_by_quarter(file: Path, page: AppTest) -> None:
    page.query_params["booked"] = "quarter-2026-07-01"
    page.run()
    assert credit(page, "total", "revenue") == Decimal("1000.10")
    assert 'id="adds-up"' in html(page)


def test_a_total_that_is_not_the_revenue_is_said(file: Path, page: AppTest) -> None:
    publish(file, "update fct_attribution set attributed_revenue = 0.10 where channel = 'unattributed'")
    page.run()
    assert 'id="does-not-add-up"' in html(page)
    assert "1,000.00" in html(page)


def test_figures_in_full(file: Path, page: AppTest) -> None:
    page.query_params["language"] = "id"
    page.run()
    assert "3.000.000,20" not in html(page)
    page.toggle(key="in_full").set_value(True).run()
    assert "3.000.000,20" in html(page)


def test_a_new_publication_is_read_without_a_restart(file: Path, page: AppTest) -> None:
    page.run()
    assert value(page, "leads") == "5"
    publish(file, "update metrics_shared set leads = 77 where period_start_date = '2026-10-01'")
    page.run()
    assert value(page, "leads") == "77"


def test_a_figure_that_lacks_amounts_says_so(file: Path, page: AppTest) -> None:
    page.run()
    assert "incomplete: without" not in html(page)
    publish(file, "update metrics_shared set revenue_without_rate = 2, spend_without_rate = 1")
    page.run()
    by_metric = dict(re.findall(r'<tr data-metric="(\w+)">(.*?)</tr>', html(page), re.DOTALL))
    assert "incomplete: without 2 amounts that have no exchange rate" in by_metric["revenue"]
    assert "incomplete: without 1 amounts" in by_metric["spend"]  # though it has never been above zero
    assert "incomplete" not in by_metric["leads"]


def test_a_publication_of_an_older_release_is_read(file: Path, page: AppTest) -> None:
    counts = ("revenue_without_rate", "pipeline_without_rate", "spend_without_rate")
    page.query_params["deal"] = "october"
    publish(
        file,
        *(f"alter table metrics_shared drop column {column}" for column in counts),
        "alter table fct_attribution drop column credit_rule",
        "drop table metrics_attribution_comparison",
    )
    page.run()
    assert value(page, "leads") == "5"
    assert "incomplete" not in html(page)
    assert 'data-deal="october"' in html(page)
    assert 'id="comparison"' not in html(page)


def test_checks_that_failed_in_the_published_run_are_said(file: Path, page: AppTest) -> None:
    page.query_params["language"] = "id"
    page.run()
    found = re.search(r'id="cautions">(.*?)<', html(page))
    assert found
    assert found.group(1) == "Perlu dilihat: lead yang melompati tahap atau berjalan mundur: 1.234."


def test_names_from_the_data_are_escaped(file: Path, page: AppTest) -> None:
    publish(file, "update dim_channels set label_en = '<img src=x onerror=alert(1)>' where channel = 'email'")
    page.run()
    assert "<img" not in html(page)
    assert "&lt;img" in html(page)


def test_the_page_says_when_and_as_of_when(file: Path, page: AppTest) -> None:
    page.run()
    assert "Data as of 10 Dec 2026, 03:00 WIB · published 10 Dec 2026, 03:00 WIB" in html(page)
    assert 'id="held-back"' not in html(page)
    assert 'class="note notice"' not in html(page)
    assert "Rp" in html(page)


def test_the_language_is_the_configured_one_until_the_reader_chooses(
    file: Path, status_file: Path, page: AppTest
) -> None:
    status = published_status()
    assert status.reporting
    status.reporting.language = "id"
    write_status(status_file, status)
    page.run()
    assert "Papan skor" in html(page)
    page.segmented_control(key="language").set_value("en").run()
    assert "Scoreboard" in html(page)


def test_a_run_stopped_at_the_gate_says_since_when_and_why(file: Path, status_file: Path, page: AppTest) -> None:
    status = published_status()
    stopped = datetime(2026, 12, 11, 1, 0, tzinfo=UTC)
    status.last_attempt = Attempt(
        run_id="third", finished_at=stopped, as_of=stopped, result=Outcome.STOPPED_AT_GATE, exit_code=2
    )
    status.stopped_since = datetime(2026, 12, 10, 1, 0, tzinfo=UTC)
    shrank = CheckStatus(
        name="table_shrank",
        table_name="dim_leads",
        severity="block",
        is_passed=False,
        is_waived=False,
        observed="12 rows",
        expected="at least 80",
    )
    status.checks = [
        shrank,
        shrank.model_copy(update={"table_name": "fct_deals", "is_waived": True}),
        shrank.model_copy(update={"table_name": "fct_orders", "is_passed": True}),
        shrank.model_copy(update={"table_name": "dim_accounts", "severity": "warn"}),
    ]
    write_status(status_file, status)
    page.run()
    assert "11 Dec 2026, 08:00 WIB were held back" in html(page)
    assert "from 10 Dec 2026, 03:00 WIB; there have been no new ones since 10 Dec 2026, 08:00 WIB" in html(page)
    reasons = re.findall("<li>(a table.*?)</li>", html(page))
    assert reasons == [
        "a table with fewer rows than in the last publication, in dim_leads: found 12 rows, expected at least 80"
    ]
    assert value(page, "leads") == "5"


def test_a_failed_run_says_what_failed(file: Path, status_file: Path, page: AppTest) -> None:
    status = published_status()
    assert status.last_attempt
    status.last_attempt.result = Outcome.FAILED
    status.last_attempt.message = "leads.csv: there is no such file"
    write_status(status_file, status)
    page.query_params["language"] = "id"
    page.run()
    assert "gagal" in html(page)
    assert "<li>leads.csv: there is no such file</li>" in html(page)


def test_stale_sources_and_waivers_are_said(file: Path, status_file: Path, page: AppTest) -> None:
    status = published_status()
    status.sources[0].stale_since = datetime(2026, 12, 9, 21, 0, tzinfo=UTC)
    status.sources.append(SourceStatus(source_system="ads", stale_since=datetime(2026, 12, 9, 21, 0, tzinfo=UTC)))
    status.waivers = [WaiverStatus(check="table_shrank", reason="the old CRM was emptied", until=date(2026, 12, 31))]
    write_status(status_file, status)
    page.run()
    notices = re.findall('class="note notice">(.*?)<', html(page))
    assert len(notices) == 2
    assert "crm (last loaded 10 Dec 2026, 03:00 WIB), ads (never loaded)" in notices[0]
    assert "waived until 31 Dec 2026: the old CRM was emptied" in notices[1]


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing has been published yet"), ("id", "Belum ada yang")])
def test_without_a_publication_the_page_says_what_to_run(page: AppTest, language: str, words: str) -> None:
    page.query_params["language"] = language
    page.run()
    assert words in html(page)
    assert "closedloop run" in html(page)


def test_a_damaged_file_is_said_to_be_one(file: Path, page: AppTest) -> None:
    file.write_bytes(b"this is no database")
    page.run()
    assert "cannot be read" in html(page)


def test_a_publication_without_figures_is_said_to_be_empty(file: Path, page: AppTest) -> None:
    publish(file, "delete from metrics_shared", "delete from fct_attribution")
    page.run()
    assert "no period has any figures yet" in html(page)
