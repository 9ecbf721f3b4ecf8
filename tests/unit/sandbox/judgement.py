"""Lead, MQL and SQL by an agreement, person by person and moment by moment: slow, and as the agreement's words say it.

What a person did and what is known of the person comes in as a `Person`; out come the stages that are reached, with the
version that governs and the alternative that holds. See docs/agreement.md for the words.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Rule = dict[str, str]
_ZONE = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Deed:
    """Something done at a moment: an event of the site, or an activity of sales under each of its names."""

    name: str
    at: datetime
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass
class Person:
    """What the records say of a person; an attribute's values with the moments since when they hold."""

    created_at: datetime
    deeds: list[Deed] = field(default_factory=list)
    talks: list[Deed] = field(default_factory=list)
    claims: list[tuple[datetime, str, str | None]] = field(default_factory=list)
    attributes: dict[str, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))

    def value_at(self, name: str, moment: datetime) -> str | None:
        held = [(since, value) for since, value in self.attributes[name] if since <= moment]
        return max(held)[1] if held else None


@dataclass(frozen=True)
class Reached:
    """A stage of a cycle; version and alternative where the agreement judges it."""

    cycle: int
    stage: str
    at: datetime
    version: str | None = None
    alternative: str | None = None


class Agreement:
    """The files of an agreement's folder."""

    def __init__(self, folder: Path, reasons: Path) -> None:
        self.versions = _rows(folder / "agreement_versions.csv")
        self.criteria = _rows(folder / "stage_criteria.csv")
        self.scores = _rows(folder / "scoring_rules.csv")
        self.returning = {row["reason"] for row in _rows(reasons) if row["returns_to_marketing"] == "true"}

    def version_at(self, moment: datetime) -> str:
        day = moment.astimezone(_ZONE).date()
        begun = [row["version"] for row in self.versions if date.fromisoformat(row["effective_from"]) <= day]
        return begun[-1] if begun else self.versions[0]["version"]

    def starts(self) -> list[datetime]:
        days = [date.fromisoformat(row["effective_from"]) for row in self.versions]
        return [datetime(day.year, day.month, day.day, tzinfo=_ZONE).astimezone(UTC) for day in days]

    def stages(self, person: Person) -> list[Reached]:
        """What a person reaches: in each cycle lead, MQL and SQL in this order, and the exits that the CRM claims."""
        reached: list[Reached] = []
        begins, cycle = person.created_at, 1
        returns = [
            at
            for at, stage, reason in sorted(person.claims, key=str)
            if stage == "recycled" or reason in self.returning
        ]
        exits = [
            (at, stage) for at, stage, _ in sorted(person.claims, key=str) if stage in ("recycled", "disqualified")
        ]
        for ends in [*returns, None]:
            reached.append(Reached(cycle, "lead", begins, self.version_at(begins)))
            after = begins
            for stage in ("mql", "sql"):
                found = self._reach(stage, person, after, ends, begins if cycle > 1 else None, cycle)
                if found is None:
                    break
                reached.append(found)
                after = found.at
            reached += [
                Reached(cycle, stage, at) for at, stage in exits if begins < at and (ends is None or at <= ends)
            ]
            if ends is not None:
                begins, cycle = ends, cycle + 1
        return reached

    def _reach(
        self, stage: str, person: Person, after: datetime, ends: datetime | None, returned: datetime | None, cycle: int
    ) -> Reached | None:
        moments = {after, *self.starts(), *(deed.at for deed in [*person.deeds, *person.talks])}
        moments |= {at for at, *_ in person.claims} | {at for held in person.attributes.values() for at, _ in held}
        for moment in sorted(moments):
            if moment < after or (ends is not None and moment >= ends):
                continue
            version = self.version_at(moment)
            by_alternative: dict[str, list[Rule]] = defaultdict(list)
            for row in self.criteria:
                if (row["version"], row["stage"]) == (version, stage):
                    by_alternative[row["alternative"]].append(row)
            for alternative, rules in by_alternative.items():
                if all(self._holds(rule, person, moment, returned) for rule in rules):
                    return Reached(cycle, stage, moment, version, alternative)
        return None

    def _holds(self, rule: Rule, person: Person, moment: datetime, returned: datetime | None) -> bool:
        kind = rule["kind"]
        if kind == "claim":
            return any(
                stage == rule["field"] and at <= moment and (returned is None or at > returned)
                for at, stage, _ in person.claims
            )
        if kind == "attribute":
            return _compare(person.value_at(rule["field"], moment), rule["operator"], rule["value"])
        if kind == "score":
            return _compare(self._score(person, moment, returned), rule["operator"], rule["value"])
        within = timedelta(days=int(rule["within_days"])) if rule["within_days"] else None
        done = _done(person.deeds if kind == "event" else person.talks, rule, moment, within, returned)
        if rule["aggregate"]:
            name = re.fullmatch(r"max\(properties\.(\w+)\)", rule["aggregate"])[1]  # type: ignore[index]
            values = [Decimal(str(deed.properties[name])) for deed in done]
            return bool(values) and _compare(max(values), rule["operator"], rule["value"])
        return _compare(len(done), rule["operator"], rule["value"])

    def _score(self, person: Person, moment: datetime, returned: datetime | None) -> Decimal:
        points = Decimal(0)
        for rule in self.scores:
            if rule["version"] != self.version_at(moment):
                continue
            if rule["kind"] == "attribute":
                times = int(_compare(person.value_at(rule["field"], moment), rule["operator"], rule["value"]))
            else:
                expires = timedelta(days=int(rule["expires_after_days"])) if rule["expires_after_days"] else None
                times = len(_done(person.deeds, rule, moment, expires, returned))
            points += times * Decimal(rule["points"])
        return points


def _done(
    deeds: list[Deed], rule: Rule, moment: datetime, within: timedelta | None, returned: datetime | None
) -> list[Deed]:
    where = rule["where_field"].removeprefix("properties.")
    return [
        deed
        for deed in deeds
        if deed.name == rule["field"]
        and deed.at <= moment
        and (within is None or deed.at >= moment - within)
        and (returned is None or deed.at > returned)
        and (not where or _compare(deed.properties.get(where), rule["where_operator"], rule["where_value"]))
    ]


def _compare(found: Any, operator: str, wanted: str) -> bool:
    if operator == "is known":
        return found is not None
    if found is None:
        return False
    if operator == "in":
        return str(found).lower() in wanted.lower().split("|")
    if operator in ("=", "!="):
        return (str(found).lower() == wanted.lower()) == (operator == "=")
    number = Decimal(str(found))
    return {">=": number >= Decimal(wanted), "<=": number <= Decimal(wanted)}[operator]


def _rows(path: Path) -> list[Rule]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def properties_of(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text else {}
