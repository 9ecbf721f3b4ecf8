"""Why a deal's credit is what it is: the deal, the way of its people to it, and what each model gives each touch.

Nothing in it names a person: people are numbered by how long they are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb


@dataclass(frozen=True)
class Deal:
    """A deal; `counts_as` is the conversion whose credit is shown: won, or opportunity while it is not."""

    deal_key: str
    deal_id: str
    source_system: str
    stage: str | None
    counts_as: str
    created_at: datetime  # naive UTC, as all times here
    closed_at: datetime | None
    amount: Decimal | None
    currency: str
    amount_reporting: Decimal | None


@dataclass(frozen=True)
class Step:
    """A step on the way to the deal. `position` is the touch's place on the deal's path, None for any other step."""

    occurred_at: datetime
    step_type: str
    person: int
    position: int | None
    channel: dict[str, str] | None  # its label in both languages
    campaign: str | None


@dataclass(frozen=True)
class TouchCredit:
    """What a model gives a touch: a share of 1, money in the reporting currency (None without any), and why.

    `position` is None where no touch is on the path.
    """

    position: int | None
    weight: Decimal
    amount: Decimal | None
    rule: str


@dataclass(frozen=True)
class ModelCredit:
    """How a model shares a deal's credit, by place on the path."""

    model: str
    is_agreed: bool
    touches: tuple[TouchCredit, ...]


def find_deals(con: duckdb.DuckDBPyConnection, key: str) -> list[Deal]:
    """The deals with this `deal_key`, or else with this id in any source."""
    rows = con.execute(
        """
        select
            deal_key, deal_id, source_system, stage, if(is_won, 'won', 'opportunity'), created_at, closed_at, amount,
            currency, amount_reporting
        from fct_deals
        where deal_key = $key or deal_id = $key
        order by source_system, deal_id
        """,
        {"key": key},
    ).fetchall()
    return [Deal(*row) for row in rows]


def read_steps(con: duckdb.DuckDBPyConnection, deal: Deal) -> list[Step]:
    """The steps of the deal's people until it was closed, in order of time; steps of other deals are left out."""
    rows = con.execute(
        """
        with places as (
            select distinct lead_key, touchpoint_key, position
            from fct_attribution
            where deal_key = $deal_key
                and conversion_type = $counts_as
                and entry_type = 'booking'
                and is_standing
                and touchpoint_key is not null
        ),
        people as (
            select lead_key, row_number() over (order by created_at, lead_key) as person
            from dim_leads
            where lead_key in (
                select lead_key from fct_deal_contacts where deal_key = $deal_key union select lead_key from places
            )
        ),
        steps as (
            select *, row_number() over (partition by deal_key, step_type order by person) as mention
            from fct_journey
            inner join people using (lead_key)
            where deal_key is null or deal_key = $deal_key
        )
        select
            steps.occurred_at, steps.step_type, steps.person, places.position,
            if(dim_channels.channel is null, null, map {'en': dim_channels.label_en, 'id': dim_channels.label_id}),
            dim_campaigns.campaign_name
        from steps
        left join places on steps.touchpoint_key = places.touchpoint_key
        left join dim_channels on steps.channel = dim_channels.channel
        left join dim_campaigns on steps.campaign_key = dim_campaigns.campaign_key
        where steps.occurred_at <= coalesce($closed_at, steps.occurred_at)
            and (steps.deal_key is null or steps.mention = 1)
        order by steps.occurred_at, places.position nulls last, steps.person, steps.step_number
        """,
        {"deal_key": deal.deal_key, "counts_as": deal.counts_as, "closed_at": deal.closed_at},
    ).fetchall()
    return [Step(*row) for row in rows]


def read_credit(con: duckdb.DuckDBPyConnection, deal: Deal) -> list[ModelCredit]:
    """What each model gives each touch of the deal, the agreed model first."""
    rows = con.execute(
        """
        select
            model, is_agreed_model, position, cast(weight as decimal(13, 12)),
            coalesce(attributed_revenue, attributed_pipeline), credit_rule
        from fct_attribution
        where deal_key = $deal_key and conversion_type = $counts_as and entry_type = 'booking' and is_standing
        order by is_agreed_model desc, model, position
        """,
        {"deal_key": deal.deal_key, "counts_as": deal.counts_as},
    ).fetchall()
    touches: dict[tuple[str, bool], list[TouchCredit]] = {}
    for model, is_agreed, *touch in rows:
        touches.setdefault((model, is_agreed), []).append(TouchCredit(*touch))
    return [ModelCredit(model, is_agreed, tuple(found)) for (model, is_agreed), found in touches.items()]
