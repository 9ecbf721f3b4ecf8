"""What the gate checks: each check as the rows that break it, or the fewest rows that a table may have.

Severities and tolerances are the agreement's (quality_checks.csv); what dbt's contracts and tests hold already (keys,
types, sums inside the build) is not repeated here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from storage.sql import literal

Severity = Literal["block", "warn"]


@dataclass(frozen=True)
class Check:
    """A check of one table of the candidate.

    `failing_rows` is a query of the rows that break it, in which {batch} stands for the table; where it is None, the
    table needs `least_rows` rows. `look_at` is where somebody who has to fix it begins. Where the rows are amounts,
    `amount_column` is theirs, and what they come to in each `currency` is told with them.
    """

    name: str
    table_name: str
    severity: Severity
    expected: str
    look_at: str
    failing_rows: str | None = None
    least_rows: int | None = None
    amount_column: str | None = None


@dataclass(frozen=True)
class AgreedCheck:
    """A line of quality_checks.csv: what a failing check does, and how much it tolerates."""

    name: str
    severity: Severity
    tolerance: Decimal | None


@dataclass(frozen=True)
class _RowCheck:
    table_name: str
    expected: str
    look_at: str
    failing_rows: str
    amount_column: str | None = None


# the published side of each total of int_reconciliation_totals
_PUBLISHED_TOTALS = {
    "lead_records": "select count(*) from marts.dim_lead_ids where record_type in ('lead', 'contact')",
    "deals": "select count(*) from marts.fct_deals",
    "deal_amounts": "select sum(amount) from marts.fct_deals",
    "spend": "select sum(spend) from marts.fct_ad_spend",
}

_PUBLISHED = " union all ".join(
    f"select {literal(measure)} as measure, coalesce(({total}), 0) as total"
    for measure, total in _PUBLISHED_TOTALS.items()
)

# A rate that is older than that when an amount is converted at it is told.
_OLDEST_RATE_DAYS = 7

_ROW_CHECKS = {
    "stage_order": _RowCheck(
        "dim_leads",
        "no stage before one that precedes it",
        "the stage times in dim_leads: deals and orders are facts, so who bought before becoming a lead is listed here",
        # greatest() passes over stages that were not reached
        """
        select lead_key
        from {batch}
        where mql_at < lead_at
            or sql_at < greatest(lead_at, mql_at)
            or opportunity_at < greatest(lead_at, mql_at, sql_at)
            or customer_at < greatest(lead_at, mql_at, sql_at, opportunity_at)
        """,
    ),
    "won_revenue_attributed_exactly": _RowCheck(
        "fct_attribution",
        "each model allocates each deal's and each order's revenue exactly",
        "fct_attribution by model, deal_key and order_key beside the amounts of fct_revenue_events; figures that sums "
        "of credit do not reach are a fault in the models",
        # revenue also fails where there is no model at all
        """
        with credit as (
            select
                model,
                coalesce(deal_key, order_key) as revenue_of,
                sum(attributed_revenue) as revenue,
                sum(attributed_amount) as amount
            from {batch}
            where conversion_type in ('won', 'order')
            group by model, coalesce(deal_key, order_key)
        ),
        booked as (
            select
                coalesce(deal_key, order_key) as revenue_of,
                sum(amount_reporting) as revenue,
                sum(amount) as amount
            from marts.fct_revenue_events
            group by coalesce(deal_key, order_key)
        ),
        models as (
            select distinct model from {batch}
        )
        select booked.revenue_of
        from booked
        left join models on true
        left join credit on models.model = credit.model and booked.revenue_of = credit.revenue_of
        where credit.revenue_of is null
            or credit.revenue is distinct from booked.revenue
            or credit.amount is distinct from booked.amount
        """,
    ),
    "staging_reconciliation": _RowCheck(
        "int_reconciliation_totals",
        "what came in is what is published",
        "audit.int_reconciliation_totals (what came in) beside dim_lead_ids, fct_deals and fct_ad_spend: a model "
        "between them lost or doubled rows",
        # a total that is missing on either side fails too
        f"""
        select measure
        from {{batch}} as totals
        full join ({_PUBLISHED}) as published using (measure)
        where totals.staged is distinct from published.total
        """,  # noqa: S608 - both parts are written above
    ),
    "deals_joined_to_leads": _RowCheck(
        "fct_deals",
        "every deal has a lead",
        "fct_deals where primary_lead_key is null: does the source's deal name its leads (lead_ids, deal_contacts)?",
        "select deal_key from {batch} where primary_lead_key is null",
    ),
    "stage_times_known": _RowCheck(
        "dim_leads",
        "when a stage was reached is known",
        "dim_leads where has_implied_stages: the source says a present stage and no history, so the stages before it "
        "count from the record's creation; deliver `lead_stage_history` (dates of becoming MQL, SQL)",
        "select lead_key from {batch} where has_implied_stages",
    ),
    "unknown_stage": _RowCheck(
        "fct_lead_definition_violations",
        "the CRM names agreed stages only",
        "fct_lead_definition_violations of type unknown_stage; map these stages under `values: {stage: ...}` of the "
        "source in closedloop.yml",
        "select violation_key from {batch} where violation_type = 'unknown_stage' and resolved_at is null",
    ),
}


def _of_amounts(expected: str, look_at: str, condition: str) -> tuple[_RowCheck, ...]:
    """The same check of each amount; `condition` calls it {amount}, and converted {amount}_reporting."""
    return tuple(
        _RowCheck(
            table,
            expected,
            f"{table}: {look_at}",
            f"select * from {{batch}} where {counts} and {condition.format(amount=amount)}",  # noqa: S608 - written below
            amount_column=amount,
        )
        for table, amount, counts in (
            ("fct_deals", "amount", "true"),
            # others are in no sum: they bill a deal, or nothing was paid
            ("fct_orders", "amount", "deal_key is null and status in ('paid', 'refunded')"),
            ("fct_ad_spend", "spend", "true"),
        )
    )


_AMOUNT_CHECKS = {
    "amounts_without_rate": _of_amounts(
        "every amount is in the sums",
        "its currency needs a row of `exchange_rates`, of that day or of one before",
        "{amount} is not null and {amount}_reporting is null",
    ),
    "rates_are_recent": _of_amounts(
        f"no exchange rate older than {_OLDEST_RATE_DAYS} days",
        "rate_age_days says how old; its currency needs newer rows of `exchange_rates`",
        f"rate_age_days > {_OLDEST_RATE_DAYS}",
    ),
}

_TABLE_SHRANK = "table_shrank"

# The names that quality_checks.csv uses.
CHECKS = (*_ROW_CHECKS, *_AMOUNT_CHECKS, _TABLE_SHRANK)


def checks_of(agreed: Sequence[AgreedCheck], published_rows: Mapping[str, int]) -> list[Check]:
    """The checks of this run, in the agreement's order; `published_rows` are the last publication's, by table."""
    checks: list[Check] = []
    for check in agreed:
        if check.name == _TABLE_SHRANK:
            checks += _shrinkage_checks(check, published_rows)
        else:
            rules = _AMOUNT_CHECKS.get(check.name) or (_ROW_CHECKS[check.name],)
            checks += [
                Check(
                    check.name,
                    rule.table_name,
                    check.severity,
                    rule.expected,
                    rule.look_at,
                    failing_rows=rule.failing_rows,
                    amount_column=rule.amount_column,
                )
                for rule in rules
            ]
    return checks


def _shrinkage_checks(agreed: AgreedCheck, published_rows: Mapping[str, int]) -> list[Check]:
    """One check a table: it may lose the tolerated share of its rows and no more."""
    tolerance = agreed.tolerance or Decimal(0)
    checks = []
    for table, rows in sorted(published_rows.items()):
        least = math.ceil(rows * (1 - tolerance))
        checks.append(
            Check(
                agreed.name,
                table,
                agreed.severity,
                f"at least {least} rows (the last publication had {rows})",
                "the sources' files and mappings: was an export cut off, or did closedloop.yml change (the run names a "
                "file that gives fewer rows by that)? `closedloop sources list` counts the rows of the last loads",
                least_rows=least,
            )
        )
    return checks
