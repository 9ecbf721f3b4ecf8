"""First touch, last touch and linear are those of the PyPI package `channelattribution`, on random paths."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal

import pytest

from tests.integration.attribution.credit import DAY, Conversion, credit_of, shipped_models
from tests.integration.attribution.reference import Touch

PATHS = 10_000
CHANNELS = [f"channel_{number}" for number in range(12)]
# the package's name of each model's column
MODELS = {"first_touch": "first_touch", "last_touch": "last_touch", "linear": "linear_touch"}


@pytest.mark.slow
def test_the_heuristic_models_credit_channels_as_the_peer_does(statements: dict[str, str]) -> None:
    # installed by `make verify` alone (requirements-peers.lock)
    import pandas as pd
    from ChannelAttribution import heuristic_models

    draw = random.Random(20261126)  # noqa: S311 - paths, no secret
    paths = [draw.choices(CHANNELS, k=min(1 + int(draw.expovariate(0.25)), 30)) for _ in range(PATHS)]
    amounts = [draw.randrange(1, 10**9) for _ in paths]
    conversions = [
        Conversion(
            touches=tuple(Touch(-DAY * (len(path) - i), channel, False) for i, channel in enumerate(path)),
            lead_created=0,
            mql=None,
            sql=None,
            deal_created=0,
            half_life_days=7,
            amount=Decimal(amount),
            amount_reporting=None,
        )
        for path, amount in zip(paths, amounts, strict=True)
    ]
    models = {model: shares for model, shares in shipped_models().items() if model in MODELS}
    ours: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    money: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (model, number), rows in credit_of(statements, models, conversions, 0).items():
        for position, weight, amount, _ in rows:
            channel = paths[number][position - 1]
            ours[model, channel] += weight
            money[model, channel] += amount

    table = pd.DataFrame(
        {"path": [" > ".join(path) for path in paths], "conversions": 1, "value": [float(it) for it in amounts]}
    )
    theirs = heuristic_models(table, "path", "conversions", var_value="value", flg_pro=False).set_index("channel_name")
    assert set(theirs.index) == set(CHANNELS)
    for (model, channel), conversions_given in ours.items():
        row = theirs.loc[channel]
        assert float(conversions_given) == pytest.approx(row[f"{MODELS[model]}_conversions"], rel=1e-9)
        # a hundredth a touch is the most that whole hundredths can move
        assert float(money[model, channel]) == pytest.approx(row[f"{MODELS[model]}_value"], abs=PATHS * 0.01)
    assert len(ours) == len(MODELS) * len(CHANNELS)
