"""What each model gives each touch of a path, in plain Python: the rules of docs/attribution.md, one path at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

# Of each model its anchors with their shares, and its fallback.
Models = Mapping[str, tuple[Mapping[str, Fraction], str | None]]


@dataclass(frozen=True)
class Touch:
    """A touch of a path; `at` is in seconds."""

    at: int
    channel: str
    is_paid: bool


def places(touches: Sequence[Touch], moments: Mapping[str, int | None]) -> dict[str, int | None]:
    """On which touch of the path (from 0) each anchor falls that is a touch; None where it falls on none."""
    every = range(len(touches))
    direct = [i for i in every if touches[i].channel != "direct"]
    paid = [i for i in every if touches[i].is_paid]
    found: dict[str, int | None] = {"first": every[0], "last": every[-1], "close": every[-1]}
    for kind, of_kind in (("non_direct", direct), ("paid", paid)):
        found[f"first_{kind}"] = of_kind[0] if of_kind else None
        found[f"last_{kind}"] = of_kind[-1] if of_kind else None
    for milestone, moment in moments.items():
        found[milestone] = max((i for i in every if moment is not None and touches[i].at <= moment), default=None)
    return found


def weights(
    model: str, models: Models, touches: Sequence[Touch], moments: Mapping[str, int | None], half_life: int
) -> list[Fraction]:
    """The weight of each touch under a model; `half_life` is in seconds, `moments` are those of the milestones."""
    anchors, fallback = models[model]
    place = places(touches, moments)
    points = {anchor: share for anchor, share in anchors.items() if place.get(anchor) is not None}
    missing = {anchor: share for anchor, share in anchors.items() if anchor in place and place[anchor] is None}
    spread = {anchor: share for anchor, share in anchors.items() if anchor in ("others", "all", "decay")}
    others = [i for i in range(len(touches)) if i not in {place[anchor] for anchor in points}]
    if "others" in spread and not others:
        missing["others"] = spread.pop("others")
    if any(anchor.endswith(("_non_direct", "_paid")) for anchor in missing) or not (points or spread):
        if fallback is None:
            return [Fraction(1, len(touches))] * len(touches)
        return weights(fallback, models, touches, moments, half_life)
    takers = points or spread
    growth = 1 + sum(missing.values(), Fraction(0)) / sum(takers.values())
    share = {anchor: part * growth if anchor in takers else part for anchor, part in {**points, **spread}.items()}
    decay = [Fraction(2.0 ** ((touch.at - touches[-1].at) / half_life)) for touch in touches]
    given = [Fraction(0)] * len(touches)
    for i in range(len(touches)):
        given[i] += sum((share[anchor] for anchor in points if place[anchor] == i), Fraction(0))
        given[i] += share.get("others", Fraction(0)) / len(others) if i in others else 0
        given[i] += share.get("all", Fraction(0)) / len(touches)
        given[i] += share.get("decay", Fraction(0)) * decay[i] / sum(decay)
    return given
