"""The law of the rule models: what the SQL gives each touch is what the rules say, exactly, and adds up exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.attribution.credit import DAY, Conversion, credit_of, shipped_models
from tests.integration.attribution.reference import Models, Touch, weights

CHANNELS = ("direct", "email", "paid_search", "paid_social", "organic_search")
ANCHORS = (
    *("first", "last", "lead_creation", "mql", "sql", "opportunity_creation", "close", "others", "all", "decay"),
    *("first_non_direct", "last_non_direct", "first_paid", "last_paid"),
)


def moments(conversion: Conversion) -> Mapping[str, int | None]:
    happened = {
        name: at for name, at in (("mql", conversion.mql), ("sql", conversion.sql)) if at is not None and at <= 0
    }
    return {
        "lead_creation": conversion.lead_created,
        "mql": happened.get("mql"),
        "sql": happened.get("sql"),
        "opportunity_creation": conversion.deal_created,
    }


def check(
    credit: Mapping[tuple[str, int], list[tuple[Any, ...]]], models: Models, conversions: Sequence[Conversion]
) -> None:
    for number, it in enumerate(conversions):
        touches = sorted(it.touches, key=lambda touch: touch.at)
        for model in models:
            rows = credit[model, number]
            given = {position: weight for position, weight, _, _ in rows}
            if not touches:
                assert list(given) == [None]
            else:
                wanted = weights(model, models, touches, moments(it), it.half_life_days * DAY)
                for i, weight in enumerate(wanted):
                    assert abs(given.get(i + 1, Decimal(0)) - Decimal(float(weight))) < Decimal("1e-9"), (model, it, i)
            assert sum(given.values()) == 1
            for column, whole in ((2, it.amount), (3, it.amount_reporting)):
                parts = [row[column] for row in rows]
                assert (set(parts) == {None}) if whole is None else (sum(parts) == whole)


touches = st.builds(
    Touch,
    at=st.integers(-400 * DAY, 0) | st.integers(-3, 0).map(lambda n: n * DAY),
    channel=st.sampled_from(CHANNELS),
    is_paid=st.booleans(),
)
money = st.none() | st.decimals(min_value=-1_000_000, max_value=10_000_000_000, places=2)
moment = st.integers(-400 * DAY, 0) | st.integers(-3, 0).map(lambda n: n * DAY)
conversions = st.builds(
    Conversion,
    touches=st.lists(touches, max_size=8, unique_by=lambda touch: touch.at).map(tuple),
    lead_created=moment,
    mql=st.none() | st.integers(-400 * DAY, 5 * DAY),
    sql=st.none() | st.integers(-400 * DAY, 5 * DAY),
    deal_created=moment,
    half_life_days=st.sampled_from([1, 7, 30]),
    amount=money,
    amount_reporting=money,
)


@st.composite
def company_models(draw: st.DrawFn) -> Models:
    """The shipped models, and two of a company's own that may fall back on each other or on a shipped one."""
    models = dict(shipped_models())
    for name, others in (("ours", ["theirs", *models]), ("theirs", list(models))):
        anchors = draw(st.lists(st.sampled_from(ANCHORS), min_size=1, max_size=4, unique=True))
        cuts = sorted(
            draw(st.lists(st.integers(1, 99), min_size=len(anchors) - 1, max_size=len(anchors) - 1, unique=True))
        )
        shares = [Fraction(b - a, 100) for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
        models[name] = (dict(zip(anchors, shares, strict=True)), draw(st.none() | st.sampled_from(others)))
    return models


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(company_models(), st.lists(conversions, min_size=10, max_size=20), st.integers(0, 1000))
def test_every_model_is_its_rules_and_adds_up_exactly(
    statements: dict[str, str], models: Models, drawn: list[Conversion], shuffle: int
) -> None:
    credit = credit_of(statements, models, drawn, shuffle)
    check(credit, models, drawn)
    # and the order of the input says nothing
    assert credit == credit_of(statements, models, drawn, shuffle + 1)
