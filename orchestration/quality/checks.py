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

Severity = Literal["block", "warn"]


@dataclass(frozen=True)
class Check:
    """A check of one table of the candidate.

    `failing_rows` is a query of the rows that break it, in which {batch} stands for the table; where it is None, the
    table needs `least_rows` rows.
    """

    name: str
    table_name: str
    severity: Severity
    expected: str
    failing_rows: str | None = None
    least_rows: int | None = None


_STAGE_ORDER = """
select lead_key
from {batch}
where mql_at < lead_at
    or sql_at < mql_at
    or opportunity_at < sql_at
    or customer_at < opportunity_at
    or opportunity_at < lead_at
    or customer_at < lead_at
"""

_WON_REVENUE = """
select credit.model, deals.deal_key
from marts.fct_deals as deals
cross join (select distinct model from marts.fct_attribution) as models
left join (
    select model, deal_key, sum(attributed_revenue) as revenue, sum(attributed_amount) as amount
    from {batch}
    where conversion_type = 'won'
    group by model, deal_key
) as credit
    on models.model = credit.model and deals.deal_key = credit.deal_key
where deals.is_won
    and (
        credit.deal_key is null
        or credit.revenue is distinct from deals.amount_reporting
        or credit.amount is distinct from deals.amount
    )
"""

# the published side of each total of int_reconciliation_totals
_PUBLISHED_TOTALS = {
    "lead_records": "select count(*) from marts.dim_lead_ids where record_type in ('lead', 'contact')",
    "deals": "select count(*) from marts.fct_deals",
    "deal_amounts": "select sum(amount) from marts.fct_deals",
    "spend": "select sum(spend) from marts.metrics_channel",
}

_PUBLISHED = " union all ".join(
    f"select '{measure}' as measure, coalesce(({total}), 0) as total" for measure, total in _PUBLISHED_TOTALS.items()
)

_RECONCILIATION = f"""
select totals.measure, totals.staged, published.total
from {{batch}} as totals
left join ({_PUBLISHED}) as published on totals.measure = published.measure
where totals.staged is distinct from published.total
"""  # noqa: S608 - of the constants above

_DEALS_WITHOUT_LEAD = "select deal_key from {batch} where primary_lead_key is null"

_UNKNOWN_STAGES = """
select violation_key
from {batch}
where violation_type = 'unknown_stage' and resolved_at is null
"""

# name: (table, failing rows, what is allowed)
_ROW_CHECKS = {
    "stage_order": ("dim_leads", _STAGE_ORDER, "no stage before the one that precedes it"),
    "won_revenue_attributed_exactly": (
        "fct_attribution",
        _WON_REVENUE,
        "each model hands out each won deal's money exactly",
    ),
    "staging_reconciliation": ("int_reconciliation_totals", _RECONCILIATION, "what came in is what is published"),
    "deals_joined_to_leads": ("fct_deals", _DEALS_WITHOUT_LEAD, "every deal has a lead"),
    "unknown_stage": ("fct_lead_definition_violations", _UNKNOWN_STAGES, "the CRM names agreed stages only"),
}


_TABLE_SHRANK = "table_shrank"

# The names that quality_checks.csv uses.
CHECKS = (*_ROW_CHECKS, _TABLE_SHRANK)


@dataclass(frozen=True)
class AgreedCheck:
    """A line of quality_checks.csv: what a failing check does, and how much it tolerates."""

    name: str
    severity: Severity
    tolerance: Decimal | None


def checks_of(agreed: Sequence[AgreedCheck], published_rows: Mapping[str, int]) -> list[Check]:
    """The checks of this run, in the agreement's order; `published_rows` are the last publication's, by table."""
    checks: list[Check] = []
    for check in agreed:
        if check.name == _TABLE_SHRANK:
            checks += _shrinkage_checks(check, published_rows)
        else:
            table, failing_rows, expected = _ROW_CHECKS[check.name]
            checks.append(Check(check.name, table, check.severity, expected, failing_rows=failing_rows))
    return checks


def _shrinkage_checks(agreed: AgreedCheck, published_rows: Mapping[str, int]) -> list[Check]:
    """One check a table: it may lose the tolerated share of its rows and no more."""
    tolerance = agreed.tolerance or Decimal(0)
    return [
        Check(
            agreed.name,
            table,
            agreed.severity,
            f"at least {math.ceil(rows * (1 - tolerance))} rows (the last publication had {rows})",
            least_rows=math.ceil(rows * (1 - tolerance)),
        )
        for table, rows in sorted(published_rows.items())
    ]
