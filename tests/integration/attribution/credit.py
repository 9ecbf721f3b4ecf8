"""Conversions in a database of their own, and what the models' SQL, as dbt compiled it, credits their touches with."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from orchestration.configuration.context import SHIPPED_SEEDS
from tests.integration.attribution.reference import Models, Touch

FOLDER = Path("compiled", "closedloop", "models", "intermediate", "attribution")
# in the order in which they build on each other
STEPS = (
    *("participants", "milestones", "paths", "marks", "shapes", "path_shapes", "placed_anchors", "shares"),
    *("evaluated_models", "shape_weights", "decayed_weights", "weights", "entries", "allocations", "parts"),
)
VIEWS = ("decayed_weights", "weights", "parts")
DAY = 86_400
INPUTS = """
    create table {i}.int_attribution_conversions (
        conversion_number bigint, conversion_key varchar, conversion_type varchar, deal_key varchar, lead_key varchar,
        account_key varchar, attribution_scope varchar, lookback_days bigint, max_days_before_conversion bigint,
        half_life_days double, amount decimal(18, 2), amount_reporting decimal(18, 2), converted_at timestamp,
        order_key varchar
    );
    create table {i}.int_revenue_events (
        revenue_key varchar, conversion_key varchar, order_key varchar, entry_type varchar, amount decimal(18, 2),
        amount_reporting decimal(18, 2), booked_at timestamp
    );
    create table {i}.int_journey_deal_contacts (deal_key varchar, lead_key varchar, is_primary boolean);
    create table {i}.int_journey_deals (deal_key varchar, created_at timestamp);
    create table {i}.int_journey_leads (lead_key varchar, account_key varchar, created_at timestamp);
    create table {i}.int_agreement_lead_stages (lead_key varchar, mql_at timestamp, sql_at timestamp);
    create table {i}.int_journey_touchpoints (
        touch_number bigint, lead_key varchar, channel varchar, is_paid boolean, touched_at timestamp,
        touch_type varchar, source_system varchar, touchpoint_id varchar
    );
    create table warehouse.seeds.attribution_models (
        model varchar, anchor varchar, share decimal(18, 6), fallback_model varchar
    );
"""


@dataclass(frozen=True)
class Conversion:
    """A won deal of one person, with all that its credit depends on; times are in seconds, the win is at 0."""

    touches: tuple[Touch, ...]
    lead_created: int
    mql: int | None
    sql: int | None
    deal_created: int
    half_life_days: int
    amount: Decimal | None
    amount_reporting: Decimal | None


def shipped_models() -> Models:
    models: dict[str, tuple[dict[str, Fraction], str | None]] = {}
    with (SHIPPED_SEEDS / "agreement" / "attribution_models.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            shares, _ = models.setdefault(row["model"], ({}, row["fallback_model"] or None))
            shares[row["anchor"]] = Fraction(row["share"])
    return models


def compiled(dbt_target: Path) -> dict[str, str]:
    """What dbt made of each step, made a table or view in the database and schema that it names."""
    folder = dbt_target / FOLDER
    return {
        step: f"create or replace {'view' if step in VIEWS else 'table'} "
        f'"warehouse"."intermediate"."int_attribution_{step}" as '
        + (folder / f"int_attribution_{step}.sql").read_text(encoding="utf-8")
        for step in STEPS
    }


def credit_of(
    statements: Mapping[str, str], models: Models, conversions: Sequence[Conversion], shuffle: int
) -> dict[tuple[str, int], list[tuple[Any, ...]]]:
    """Of each model and conversion the rows (position, weight, amount, money), in path order."""
    at = "timestamp '2026-01-01 00:00:00' + interval 1 second * cast(? as bigint)"
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    touch_number = 0
    for number, it in enumerate(conversions):
        key = str(number)
        terms = "'deal_contacts', 36500, null"
        rows[f"int_attribution_conversions values (?, ?, 'won', ?, null, null, {terms}, ?, ?, ?, {at}, null)"].append(
            (number, key, key, it.half_life_days, it.amount, it.amount_reporting, 0)
        )
        rows["int_journey_deal_contacts values (?, ?, true)"].append((key, key))
        rows[f"int_journey_deals values (?, {at})"].append((key, it.deal_created))
        rows[f"int_journey_leads values (?, null, {at})"].append((key, it.lead_created))
        rows[f"int_agreement_lead_stages values (?, {at}, {at})"].append((key, it.mql, it.sql))
        for touch in it.touches:
            rows[f"int_journey_touchpoints values (?, ?, ?, ?, {at}, 'session', null, null)"].append(
                (touch_number, key, touch.channel, touch.is_paid, touch.at)
            )
            touch_number += 1
    order = random.Random(shuffle)  # noqa: S311 - an order, no secret
    with duckdb.connect() as con:
        con.execute(
            "attach ':memory:' as warehouse; create schema warehouse.intermediate; create schema warehouse.seeds"
        )
        con.execute(INPUTS.format(i="warehouse.intermediate"))
        anchors = [
            (model, anchor, str(Decimal(share.numerator) / share.denominator), fallback)
            for model, (shares, fallback) in models.items()
            for anchor, share in shares.items()
        ]
        order.shuffle(anchors)
        con.executemany("insert into warehouse.seeds.attribution_models values (?, ?, ?, ?)", anchors)
        for insert, values in rows.items():
            order.shuffle(values)
            con.executemany(f"insert into warehouse.intermediate.{insert}", values)
        for statement in statements.values():
            con.execute(statement)
        found = con.execute(
            """
            select model, entry_number, position, weight, attributed_amount, attributed_money
            from warehouse.intermediate.int_attribution_parts
            order by model, entry_number, position
            """
        ).fetchall()
    credit: dict[tuple[str, int], list[tuple[Any, ...]]] = defaultdict(list)
    for model, number, *part in found:
        credit[model, number].append(tuple(part))
    return credit
