"""Each model on paths that show what is particular about them; the worked example of docs/attribution.md is one."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from orchestration.configuration.context import PROJECT_ROOT
from tests.integration.attribution.credit import DAY, Conversion, credit_of, shipped_models
from tests.integration.attribution.reference import Models, Touch

PAID = ("paid_search", "paid_social")


def path(*channels: str, every: int = 1, lead: int = 0, deal: int = 0, amount: str = "10000000.00") -> Conversion:
    """A won deal with touches of these channels `every` so many days, the last of them with the win.

    `lead` and `deal` are how many days before the win they were created.
    """
    last = len(channels) - 1
    touches = tuple(Touch((i - last) * every * DAY, channel, channel in PAID) for i, channel in enumerate(channels))
    return Conversion(touches, -lead * DAY, None, None, -deal * DAY, 7, Decimal(amount), Decimal(amount))


def weights(
    statements: dict[str, str], conversion: Conversion, models: Models | None = None
) -> dict[str, dict[int, str]]:
    """Of each model the weights of the touches that have any, to four decimals."""
    credit = credit_of(statements, models or shipped_models(), [conversion], 0)
    return {model: {row[0]: f"{row[1]:.4f}" for row in rows} for (model, _), rows in credit.items()}


def shares(*of_each: float) -> dict[int, str]:
    return {position: f"{share:.4f}" for position, share in enumerate(of_each, 1) if share}


@pytest.mark.parametrize("channels", [(), ("direct",)])
def test_one_touch_has_all_of_it_and_without_any_nobody_has(
    statements: dict[str, str], channels: tuple[str, ...]
) -> None:
    credit = credit_of(statements, shipped_models(), [path(*channels)], 0)
    whole = (Decimal(1), Decimal(10_000_000), Decimal(10_000_000))
    assert credit == {(model, 0): [(1 if channels else None, *whole)] for model in shipped_models()}


def test_two_touches_on_which_anchors_fall_together(statements: dict[str, str]) -> None:
    # the lead was created with the first touch, the deal with the second
    found = weights(statements, path("email", "paid_search", lead=1))
    assert found["first_touch"] == found["first_non_direct"] == shares(1)
    assert found["last_touch"] == found["last_non_direct"] == shares(0, 1)
    assert found["first_paid"] == found["last_paid"] == shares(0, 1)
    assert found["linear"] == found["position_based"] == found["full_path"] == shares(0.5, 0.5)
    assert found["u_shaped"] == shares(0.8, 0.2)
    assert found["w_shaped"] == shares(2 / 3, 1 / 3)  # no touch is left for the others
    assert found["time_decay"] == shares(1 - 1 / (1 + 2 ** (-1 / 7)), 1 / (1 + 2 ** (-1 / 7)))


def test_three_touches(statements: dict[str, str]) -> None:
    found = weights(statements, path("paid_social", "email", "direct", every=7, lead=7, deal=0))
    assert found["first_non_direct"] == found["first_paid"] == found["last_paid"] == shares(1)
    assert found["last_non_direct"] == shares(0, 1)
    assert found["linear"] == shares(1 / 3, 1 / 3, 1 / 3)
    assert found["time_decay"] == shares(1 / 7, 2 / 7, 4 / 7)
    assert found["position_based"] == shares(0.4, 0.2, 0.4)
    assert found["u_shaped"] == shares(0.4, 0.4, 0.2)
    assert found["w_shaped"] == shares(1 / 3, 1 / 3, 1 / 3)
    assert found["full_path"] == shares(0.25, 0.25, 0.5)


def test_seven_touches_are_the_worked_example_of_the_docs(statements: dict[str, str]) -> None:
    channels = ("direct", "paid_search", "email", "direct", "organic_search", "paid_social", "direct")
    credit = credit_of(statements, shipped_models(), [path(*channels, every=7, lead=28, deal=12)], 0)
    lines = ["| model | 1 | 2 | 3 | 4 | 5 | 6 | 7 |", "|---|---|---|---|---|---|---|---|"]
    for model in shipped_models():
        given = {row[0]: row[3] for row in credit[model, 0]}
        cells = [f"{given[touch]:,}" if touch in given else "" for touch in range(1, 8)]
        lines.append(f"| `{model}` | {' | '.join(cells)} |".replace("  ", " "))
    page = (PROJECT_ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    assert "\n".join(lines) in page


def test_a_milestone_without_a_touch_leaves_its_share_to_the_anchors_that_have_one(statements: dict[str, str]) -> None:
    # the CRM knew the lead, and had the deal, before anything was recorded
    found = weights(statements, path("email", "referral", "direct", lead=30, deal=20))
    assert found["u_shaped"] == shares(0.8, 0.1, 0.1)
    assert found["w_shaped"] == shares(0.9, 0.05, 0.05)
    assert found["full_path"] == shares(0.45, 0.1, 0.45)


def test_a_kind_of_touch_that_a_path_lacks_makes_the_model_its_fallback(statements: dict[str, str]) -> None:
    unpaid = weights(statements, path("direct", "email", "referral", "direct"))
    assert unpaid["first_paid"] == unpaid["first_non_direct"] == shares(0, 1)
    assert unpaid["last_paid"] == unpaid["last_non_direct"] == shares(0, 0, 1)
    typed = weights(statements, path("direct", "direct", "direct"))
    assert typed["first_paid"] == typed["first_non_direct"] == typed["first_touch"] == shares(1)
    assert typed["last_paid"] == typed["last_non_direct"] == typed["last_touch"] == shares(0, 0, 1)


def test_touches_of_one_second_keep_their_order(statements: dict[str, str]) -> None:
    found = weights(statements, path("email", "paid_search", "referral", every=0))
    assert found["first_touch"] == shares(1)
    assert found["last_touch"] == shares(0, 0, 1)
    assert found["first_paid"] == shares(0, 1)
    assert found["time_decay"] == found["linear"] == shares(1 / 3, 1 / 3, 1 / 3)


def test_a_deal_won_long_after_its_touches_has_all_of_its_credit(statements: dict[str, str]) -> None:
    # of two touches 400 days apart the first is forgotten by `time_decay` and by no other
    found = weights(statements, path("email", "referral", every=400, lead=400, deal=1))
    assert found["time_decay"] == shares(0, 1)
    assert found["linear"] == shares(0.5, 0.5)
    assert found["u_shaped"] == shares(0.8, 0.2)


def test_a_companys_own_model(statements: dict[str, str]) -> None:
    page = (PROJECT_ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    rows = re.findall(r"^half_and_half,(\w+),([\d.]+),(\w+)$", page, re.MULTILINE)
    assert len(rows) == 3
    own = ({anchor: Fraction(share) for anchor, share, _ in rows}, rows[0][2])
    models = {**shipped_models(), "half_and_half": own}
    met = weights(statements, path("direct", "email", "referral", "direct", deal=1), models)
    assert met["half_and_half"] == shares(0.1, 0.5, 0.3, 0.1)
    typed = weights(statements, path("direct", "direct"), models)
    assert typed["half_and_half"] == typed["first_touch"]
