"""Why a figure is what it is: a deal with the way of its people to it and what each model gives each touch; a lead with
its stages and its way.

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


@dataclass(frozen=True)
class Lead:
    """A person, by the record that it stands on."""

    lead_key: str
    lead_id: str
    source_system: str
    stage: str | None
    created_at: datetime
    original_channel: dict[str, str] | None  # its label in both languages


@dataclass(frozen=True)
class StageEntry:
    """An entry into a stage of the lifecycle: by the agreement, as the CRM claims it, or both."""

    cycle_number: int
    stage: str
    entered_at: datetime
    left_at: datetime | None
    days_in_stage: float | None
    is_agreed: bool
    is_claimed: bool
    agreement_version: str | None


@dataclass(frozen=True)
class LeadStep:
    """A step of a lead's way. `deal_id` is the deal's id in its source, where the step is about one."""

    step_number: int
    occurred_at: datetime
    hours_since_previous: float | None
    step_type: str
    channel: dict[str, str] | None  # its label in both languages
    campaign: str | None
    deal_id: str | None


def find_leads(con: duckdb.DuckDBPyConnection, key: str) -> list[Lead]:
    """The people with this `lead_key`, or else with a record of this id in any source."""
    rows = con.execute(
        """
        select
            lead_key, lead_id, source_system, stage, created_at,
            if(dim_channels.channel is null, null, map {'en': dim_channels.label_en, 'id': dim_channels.label_id})
        from dim_leads
        left join dim_channels on dim_leads.original_channel = dim_channels.channel
        where lead_key = $key or lead_key in (select lead_key from dim_lead_ids where record_id = $key)
        order by source_system, lead_id
        """,
        {"key": key},
    ).fetchall()
    return [Lead(*row) for row in rows]


def read_stages(con: duckdb.DuckDBPyConnection, lead: Lead) -> list[StageEntry]:
    """The lead's entries into stages, in order of time."""
    rows = con.execute(
        """
        select
            cycle_number, stage, entered_at, left_at, days_in_stage, is_agreed, is_claimed, agreement_version
        from fct_stage_history
        where lead_key = $lead_key
        order by entered_at, cycle_number, stage
        """,
        {"lead_key": lead.lead_key},
    ).fetchall()
    return [StageEntry(*row) for row in rows]


def read_lead_steps(con: duckdb.DuckDBPyConnection, lead: Lead) -> list[LeadStep]:
    """Every step of the lead's way, from the first touch on."""
    rows = con.execute(
        """
        select
            steps.step_number, steps.occurred_at, steps.hours_since_previous, steps.step_type,
            if(dim_channels.channel is null, null, map {'en': dim_channels.label_en, 'id': dim_channels.label_id}),
            dim_campaigns.campaign_name, fct_deals.deal_id
        from fct_journey as steps
        left join dim_channels on steps.channel = dim_channels.channel
        left join dim_campaigns on steps.campaign_key = dim_campaigns.campaign_key
        left join fct_deals on steps.deal_key = fct_deals.deal_key
        where steps.lead_key = $lead_key
        order by steps.step_number
        """,
        {"lead_key": lead.lead_key},
    ).fetchall()
    return [LeadStep(*row) for row in rows]
