"""The gate: each check finds what breaks it, a blocking one stops the run, and a waiver lets it pass for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.configuration.run import Run
from orchestration.errors import GateStoppedError, NotBuiltError, UsageError
from orchestration.publication.candidate import make_candidate
from orchestration.publication.publish import publish
from orchestration.quality.checks import CHECKS, AgreedCheck, checks_of
from orchestration.quality.gate import CheckResult, GateResult, Waiver, run_gate
from tests.small_marts import AS_OF, build_by_hand, change, new_small_run


def check(run: Run, *waivers: Waiver) -> GateResult:
    """What the gate says of what is built."""
    make_candidate(run)
    return run_gate(run, waivers=waivers)


def failed(gate: GateResult) -> dict[str, CheckResult]:
    """The failed checks by `check on table`."""
    return {f"{result.name} on {result.table_name}": result for result in gate.checks if not result.is_passed}


def agree(run: Run, *lines: str) -> None:
    """Writes quality_checks.csv as a run lays it out."""
    file = run.paths.seeds / "agreement" / "quality_checks.csv"
    file.write_text("\n".join(["check,severity,tolerance,unit", *lines]) + "\n")


def test_a_sound_candidate_passes_every_check_and_the_ledger_keeps_them(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    gate = check(run)
    assert not gate.is_blocked
    assert failed(gate) == {}
    # without a publication there is nothing that a table could have shrunk from
    assert {result.name for result in gate.checks} == set(CHECKS) - {"table_shrank"}
    with duckdb.connect(str(run.paths.warehouse)) as con:
        kept = con.execute(
            "select run_id, checked_at, check_name, table_name, severity, is_passed, is_waived, observed, expected, "
            "failing_rows from ledgers.quality_results order by check_name"
        ).fetchall()
    assert kept == [
        (
            run.run_id,
            AS_OF.replace(tzinfo=None),
            result.name,
            result.table_name,
            result.severity,
            True,
            False,
            "0 rows that break it",
            result.expected,
            0,
        )
        for result in sorted(gate.checks, key=lambda result: result.name)
    ]


def test_amounts_without_a_rate_are_told_by_currency(tmp_path: Path) -> None:
    foreign = (
        "update marts.fct_deals set amount_reporting = null, currency = if(deal_id = 'D1', 'USD', 'EUR')",
        "update marts.fct_attribution set attributed_revenue = null",
        "update marts.fct_ad_spend set spend_reporting = null, currency = 'USD' where campaign_key = 'campaign-2'",
        # an order that bills a deal, or is not paid, is in no sum
        """
        insert into marts.fct_orders by name
        select order_id as order_key, order_id, status, deal_key, 7.00 as amount, 'USD' as currency
        from (
            values ('o1', 'paid', null), ('o2', 'refunded', null), ('o3', 'pending', null), ('o4', 'cancelled', null),
                ('o5', 'paid', 'deal-1')
        ) as orders(order_id, status, deal_key)
        """,
        # nothing is missing where there is no amount
        "update marts.fct_deals set amount = null where deal_id = 'D2'",
        "update marts.fct_attribution set attributed_amount = null where deal_key = 'deal-2'",
    )
    found = failed(check(build_by_hand(tmp_path, *foreign)))
    deals, orders, spend = (
        found[f"amounts_without_rate on {table}"] for table in ("fct_deals", "fct_orders", "fct_ad_spend")
    )
    assert (deals.severity, deals.failing_rows, spend.severity, spend.failing_rows) == ("warn", 2, "warn", 1)
    assert deals.observed == "2 rows that break it: 300.30 EUR, 100.10 USD"
    assert orders.observed == "2 rows that break it: 14.00 USD"
    assert spend.observed == "1 rows that break it: 20.25 USD"


def test_rates_that_are_old_are_told_by_currency(tmp_path: Path) -> None:
    ages = (
        "update marts.fct_deals set currency = 'USD', rate_age_days = case when deal_id = 'D1' then 8 else 7 end",
        "update marts.fct_ad_spend set currency = 'SGD', rate_age_days = 0",
    )
    found = failed(check(build_by_hand(tmp_path, *ages)))
    assert {name: result.observed for name, result in found.items()} == {
        "rates_are_recent on fct_deals": "1 rows that break it: 100.10 USD"
    }


@pytest.mark.parametrize(
    ("broken", "name", "severity", "failing_rows"),
    [
        (
            # a stage in between that was not reached does not hide it
            "update marts.dim_leads set mql_at = null, sql_at = lead_at - interval 1 day where lead_id in ('L2', 'L3')",
            "stage_order on dim_leads",
            "warn",
            2,
        ),
        (
            "update marts.dim_leads set customer_at = created_at - interval 1 day where lead_id = 'L1'",
            "stage_order on dim_leads",
            "warn",
            1,
        ),
        (
            # by the smallest unit, of one model
            "update marts.fct_attribution set attributed_revenue = attributed_revenue + 0.01 "
            "where model = 'linear' and deal_key = 'deal-1' and position = 1",
            "won_revenue_attributed_exactly on fct_attribution",
            "block",
            1,
        ),
        (
            "update marts.fct_attribution set attributed_amount = 0 where deal_key = 'deal-2'",
            "won_revenue_attributed_exactly on fct_attribution",
            "block",
            2,
        ),
        (
            "delete from marts.fct_attribution",
            "won_revenue_attributed_exactly on fct_attribution",
            "block",
            2,
        ),
        (
            "delete from marts.fct_attribution where model = 'first_touch' and deal_key = 'deal-2'",
            "won_revenue_attributed_exactly on fct_attribution",
            "block",
            1,
        ),
        (
            "delete from marts.dim_lead_ids where record_id = 'L9'",
            "staging_reconciliation on int_reconciliation_totals",
            "block",
            1,
        ),
        (
            "delete from intermediate.int_reconciliation_totals",
            "staging_reconciliation on int_reconciliation_totals",
            "block",
            4,
        ),
        (
            "update marts.fct_ad_spend set spend = spend + 0.01 where campaign_key = 'campaign-1'",
            "staging_reconciliation on int_reconciliation_totals",
            "block",
            1,
        ),
        (
            "update marts.fct_deals set primary_lead_key = null where deal_key = 'deal-3'",
            "deals_joined_to_leads on fct_deals",
            "warn",
            1,
        ),
        (
            "update marts.fct_lead_definition_violations set violation_type = 'unknown_stage'",
            "unknown_stage on fct_lead_definition_violations",
            "warn",
            2,
        ),
    ],
)
def test_each_check_counts_the_rows_that_break_it(
    tmp_path: Path, broken: str, name: str, severity: str, failing_rows: int
) -> None:
    gate = check(build_by_hand(tmp_path, broken))
    assert list(failed(gate)) == [name]
    [result] = failed(gate).values()
    assert (result.severity, result.failing_rows) == (severity, failing_rows)
    assert gate.is_blocked == (severity == "block")
    assert len(gate.warnings) == (severity == "warn")


def test_a_table_that_lost_more_than_its_tolerance_blocks(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    check(run)
    publish(run)

    at_the_edge = new_small_run(tmp_path)
    change(at_the_edge, "delete from marts.dim_lead_ids where record_id in ('L8', 'L9')")
    change(at_the_edge, "update intermediate.int_reconciliation_totals set staged = 8 where measure = 'lead_records'")
    assert failed(check(at_the_edge)) == {}

    beyond = new_small_run(tmp_path)
    change(beyond, "delete from marts.dim_lead_ids where record_id = 'L7'")
    change(beyond, "update intermediate.int_reconciliation_totals set staged = 7 where measure = 'lead_records'")
    gate = check(beyond)
    assert [(result.name, result.table_name) for result in gate.blocking] == [("table_shrank", "dim_lead_ids")]
    assert (gate.blocking[0].observed, gate.blocking[0].expected) == (
        "7 rows",
        "at least 8 rows (the last publication had 10)",
    )
    counted = {result.table_name for result in gate.checks if result.name == "table_shrank"}
    assert {"dim_leads", "fct_deals", "fct_attribution", "dim_dates"} <= counted
    assert not {"fct_quality_results", "fct_lead_definition_violations", "metrics_channel"} & counted


@given(
    rows=st.integers(0, 10_000_000),
    now=st.integers(0, 10_000_000),
    tolerance=st.decimals(0, 1, places=4) | st.none(),
)
def test_a_table_may_lose_the_tolerated_share_and_no_row_more(rows: int, now: int, tolerance: Decimal | None) -> None:
    [shrank] = checks_of([AgreedCheck("table_shrank", "block", tolerance)], {"fct_deals": rows})
    assert shrank.least_rows is not None
    has_lost_too_much = Fraction(rows - now) > Fraction(tolerance or 0) * rows
    assert (now < shrank.least_rows) == has_lost_too_much


def test_the_agreement_says_what_a_failing_check_does(tmp_path: Path) -> None:
    run = build_by_hand(
        tmp_path,
        "update marts.fct_deals set primary_lead_key = null",
        "delete from marts.dim_lead_ids where record_id = 'L9'",
    )
    agree(run, "deals_joined_to_leads,block,,", "staging_reconciliation,warn,,")
    gate = check(run)
    assert [(result.name, result.severity) for result in gate.checks] == [
        ("deals_joined_to_leads", "block"),
        ("staging_reconciliation", "warn"),
    ]
    assert [result.name for result in gate.blocking] == ["deals_joined_to_leads"]


def test_a_check_that_cannot_be_evaluated_blocks_and_says_why(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path, "alter table marts.dim_leads drop column sql_at")
    manifest = run.paths.dbt_target / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"sql_at"', '"mql_at"'))
    make_candidate(run)
    with duckdb.connect(str(run.paths.candidate_file)) as con:
        con.execute("drop table marts.fct_deals")
        con.execute("drop table marts.fct_revenue_events")
    gate = run_gate(run)
    found = failed(gate)
    assert set(found) == {
        "stage_order on dim_leads",
        "won_revenue_attributed_exactly on fct_attribution",
        "staging_reconciliation on int_reconciliation_totals",
        "deals_joined_to_leads on fct_deals",
        "amounts_without_rate on fct_deals",
        "rates_are_recent on fct_deals",
    }
    assert {result.severity for result in found.values()} == {"block"}
    assert len(gate.blocking) == 6
    assert "sql_at" in found["stage_order on dim_leads"].observed
    assert "could not be evaluated" in found["deals_joined_to_leads on fct_deals"].observed
    assert all("\n" not in result.observed for result in gate.checks)


def test_the_gate_tells_what_stopped_it_where_to_look_and_how_to_waive(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path, "delete from marts.fct_attribution")
    gate = check(run)
    with pytest.raises(GateStoppedError) as stopped:
        gate.raise_if_blocked()
    message = str(stopped.value)
    assert stopped.value.outcome.exit_code == 2
    for words in (
        "won_revenue_attributed_exactly on fct_attribution",
        "2 rows",
        "candidate.duckdb",
        "beside the amounts of fct_revenue_events",
        "closedloop publish --waive won_revenue_attributed_exactly --reason",
    ):
        assert words in message
    assert not run.paths.published_file.exists()


def waiver(**changes: object) -> Waiver:
    """A waiver of what `broken` breaks, until the run's own day."""
    return replace(Waiver("deals_joined_to_leads", "the CRM is being fixed", date(2026, 11, 1)), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (waiver(check="deals_joined"), "allowed: stage_order, won_revenue_attributed_exactly"),
        (waiver(until=date(2026, 10, 31)), "name 2026-11-01 or a later day"),
        (waiver(reason=" "), "say why"),
    ],
)
def test_a_waiver_that_cannot_be_is_a_mistake(tmp_path: Path, wrong: Waiver, words: str) -> None:
    run = build_by_hand(tmp_path)
    with pytest.raises(UsageError, match=words):
        check(run, wrong)


def test_a_waiver_lets_its_check_pass_through_its_last_day_in_the_reporting_time_zone(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path, "update marts.fct_deals set primary_lead_key = null")
    agree(run, "deals_joined_to_leads,block,,")
    assert check(run).is_blocked

    waived = check(new_small_run(tmp_path), waiver(reason="first"), waiver(until=date(2026, 11, 2)))
    assert not waived.is_blocked
    assert waived.waivers == (waiver(until=date(2026, 11, 2)),)
    [result] = waived.checks
    assert (result.is_passed, result.is_waived) == (False, True)

    # 2 November ends in Jakarta at 17:00 UTC
    assert not check(new_small_run(tmp_path, datetime(2026, 11, 2, 16, 59, tzinfo=UTC))).is_blocked
    over = check(new_small_run(tmp_path, datetime(2026, 11, 2, 17, 0, tzinfo=UTC)))
    assert over.is_blocked
    assert over.waivers == ()


def test_the_latest_waiver_of_a_check_counts(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    agree(run, "deals_joined_to_leads,block,,")
    check(run, waiver(until=date(2027, 1, 1)))
    shorter = waiver(until=date(2026, 11, 2))
    assert check(new_small_run(tmp_path), shorter).waivers == (shorter,)
    assert check(new_small_run(tmp_path, datetime(2026, 12, 1, tzinfo=UTC))).waivers == ()


def test_without_a_candidate_there_is_nothing_to_check(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    with pytest.raises(NotBuiltError, match="no candidate"):
        run_gate(run)


def test_a_folder_may_be_called_as_its_owner_likes(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path / "it's 100% $HOME #1 &c; é")
    check(run)
    publish(run)
    again = new_small_run(run.paths.data)
    gate = check(again)
    assert failed(gate) == {}
    assert publish(again).rows["fct_deals"] == 3
