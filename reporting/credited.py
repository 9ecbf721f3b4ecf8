"""What the attribution models credit: the channels, the deals behind a channel, and all models side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb

from reporting.published import PeriodType

# The model's choice that follows each version of the agreement, offered where versions agreed on different models.
AS_AGREED = "as_agreed"

# By what the models are compared, as in `metrics_attribution_comparison`.
Dimension = Literal["channel", "campaign", "source", "medium", "content", "term", "referrer", "landing_page"]
DIMENSIONS: tuple[Dimension, ...] = (
    *("channel", "campaign", "source", "medium", "content", "term", "referrer", "landing_page"),
)


@dataclass(frozen=True)
class Model:
    """An attribution model that the publication has, and whether any version of the agreement names it."""

    name: str
    is_agreed: bool


@dataclass(frozen=True)
class Selection:
    """A model (or `AS_AGREED`), and the period in which revenue was booked; no `start` means ever."""

    model: str
    time_zone: str
    period_type: PeriodType = "month"
    start: date | None = None


@dataclass(frozen=True)
class Credit:
    """What one channel is credited with under one model: deals (a sum of weights) and revenue."""

    channel: str
    label: dict[str, str]
    deals: Decimal
    revenue: Decimal


@dataclass(frozen=True)
class CreditedSale:
    """A deal, or an order without one, and a channel's part of it: `share` is of 1; money is None without a rate."""

    key: str
    name: str  # its id in the source
    source_system: str
    is_order: bool
    booked_on: date  # in the reporting time zone; of what was only given back in the period that day
    amount: Decimal | None
    share: Decimal
    revenue: Decimal | None


@dataclass(frozen=True)
class Compared:
    """What each model gives a channel, campaign or the like, and the whole revenue of the deals that it had a part in.

    `value` is None for touches that do not say theirs, `label` where it has no words of its own.
    """

    value: str | None
    label: dict[str, str] | None
    revenue: dict[str, Decimal]
    influenced: Decimal | None

    @property
    def lowest(self) -> Decimal:
        """What the model gives that gives least."""
        return min(self.revenue.values())

    @property
    def highest(self) -> Decimal:
        """What the model gives that gives most."""
        return max(self.revenue.values())


# A selection's credit of won deals and orders; its parameters are the fields of `Selection` and $as_agreed.
_SELECTED = """
    select *
    from fct_attribution
    where conversion_type in ('won', 'order')
        and case when $model = $as_agreed then is_agreed_model else model = $model end
        and ($start is null or date_trunc($period_type, timezone($time_zone, timezone('UTC', booked_at))) = $start)
"""


def read_models(con: duckdb.DuckDBPyConnection) -> list[Model]:
    """The models that credited a won deal or an order, the agreed ones first."""
    rows = con.execute(
        """
        select model, bool_or(is_agreed_model) as is_agreed
        from fct_attribution
        where conversion_type in ('won', 'order')
        group by model
        order by is_agreed desc, model
        """
    ).fetchall()
    return [Model(*row) for row in rows]


def read_channels(con: duckdb.DuckDBPyConnection, selection: Selection) -> list[Credit]:
    """Deals and revenue by channel; the largest revenue first, `unattributed` last."""
    rows = con.execute(
        f"""
        with selected as ({_SELECTED}),
        credit as (
            select
                channel,
                sum(weight) filter (where conversion_type = 'won' and entry_type = 'booking' and is_standing) as deals,
                sum(attributed_revenue) as revenue
            from selected
            group by channel
        )
        select
            channel,
            coalesce(label_en, channel),
            coalesce(label_id, channel),
            coalesce(deals, 0),
            coalesce(revenue, 0)
        from credit
        left join dim_channels using (channel)
        order by channel = 'unattributed', revenue desc nulls last, deals desc, channel
        """,  # noqa: S608 - all that is filled in stands above
        _parameters(selection),
    ).fetchall()
    return [
        Credit(channel, {"en": label_en, "id": label_id}, Decimal(str(deals)), Decimal(revenue))
        for channel, label_en, label_id, deals, revenue in rows
    ]


def read_sales(con: duckdb.DuckDBPyConnection, selection: Selection, channel: str, most: int) -> list[CreditedSale]:
    """The deals and orders behind a channel's figures, at most so many; the largest credit first."""
    rows = con.execute(
        f"""
        with selected as ({_SELECTED}),
        credit as (
            select
                coalesce(deal_key, order_key) as key,
                cast(
                    coalesce(
                        max(local_at) filter (where entry_type = 'booking' and is_standing), max(local_at)
                    ) as date
                ) as booked_on,
                sum(weight) filter (where entry_type = 'booking' and is_standing) as share,
                sum(attributed_revenue) as revenue
            from (select *, timezone($time_zone, timezone('UTC', booked_at)) as local_at from selected)
            where channel = $channel
            group by coalesce(deal_key, order_key)
        ),
        sold as (
            select deal_key as key, deal_id as name, source_system, false as is_order, amount_reporting from fct_deals
            union all
            select order_key, order_id, source_system, true, amount_reporting from fct_orders
        )
        select key, name, source_system, is_order, booked_on, amount_reporting, coalesce(share, 0), revenue
        from credit
        inner join sold using (key)
        order by revenue desc nulls last, source_system, name
        limit $most
        """,  # noqa: S608 - all that is filled in stands above
        _parameters(selection) | {"channel": channel, "most": most},
    ).fetchall()
    return [
        CreditedSale(key, name, source_system, is_order, booked_on, amount, Decimal(str(share)), revenue)
        for key, name, source_system, is_order, booked_on, amount, share, revenue in rows
    ]


def read_comparison(
    con: duckdb.DuckDBPyConnection, dimension: Dimension, period_type: PeriodType, start: date | None, most: int
) -> list[Compared]:
    """All models side by side for deals won in a period, the largest revenue first; none in an older publication."""
    is_there = "select 1 from (show tables) where name = 'metrics_attribution_comparison'"
    if not con.execute(is_there).fetchall():
        return []
    rows = con.execute(
        """
        with by_model as (
            select
                dimension_value,
                model,
                sum(attributed_revenue) as revenue,
                sum(influenced_revenue) as influenced
            from metrics_attribution_comparison
            where dimension = $dimension
                and ($start is null or date_trunc($period_type, month_start_date) = $start)
            group by dimension_value, model
        ),
        by_value as (
            select
                dimension_value,
                map_from_entries(list((model, revenue) order by model)) as by_model,
                max(revenue) as highest,
                any_value(influenced) as influenced
            from by_model
            group by dimension_value
        )
        select
            dimension_value,
            if($dimension = 'channel' and channel is not null, map {'en': label_en, 'id': label_id}, null),
            by_model,
            influenced
        from by_value
        left join dim_channels on dimension_value = channel
        order by dimension_value = 'unattributed', dimension_value is null, highest desc, dimension_value
        limit $most
        """,
        {"dimension": dimension, "period_type": period_type, "start": start, "most": most},
    ).fetchall()
    return [Compared(*row) for row in rows]


def _parameters(selection: Selection) -> dict[str, object]:
    return asdict(selection) | {"as_agreed": AS_AGREED}
