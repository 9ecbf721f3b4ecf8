"""The truth of the stages, found once more from the files and the agreement alone, in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from sandbox.company import write_company
from sandbox.worlds import World
from tests.conftest import ROOT
from tests.unit.sandbox.exports import Row, rows_of
from tests.unit.sandbox.judgement import Agreement, Deed, Person, properties_of

REASONS = ROOT / "seeds" / "agreement" / "disqualification_reasons.csv"
KEPT = ("phone", "industry", "employee_count")


def truth(folder: Path, table: str) -> list[Row]:
    rows: list[Row] = pq.read_table(folder / "truth" / f"{table}.parquet").to_pylist()
    return rows


def people_of(folder: Path) -> dict[str, Person]:
    """What is known of each person, from the files; who is who, from the truth: that is another question."""
    person_of = {
        (row["source_system"], row["identifier"]): row["person_id"]
        for row in truth(folder, "persons")
        if row["kind"] == "record"
    }
    people: dict[str, Person] = {}
    history = list(rows_of(folder, "lead_attribute_history"))
    told = {(row["source_system"], row["lead_id"], row["field"]) for row in history}
    for row in rows_of(folder, "leads"):
        # some rows are wrong on purpose, and nobody's
        if (who := person_of.get((row["source_system"], row["lead_id"]))) is None:
            continue
        person = people.setdefault(who, Person(row["created_at"]))
        person.created_at = min(person.created_at, row["created_at"])
        custom = properties_of(row.get("attributes"))
        known = {name: row.get(name) for name in KEPT} | {"source": row.get("source")}
        for name, value in (known | {f"attributes.{name}": value for name, value in custom.items()}).items():
            # where the CRM keeps a history, the history says since when
            if value is not None and (row["source_system"], row["lead_id"], name) not in told:
                person.attributes[name].append((row["created_at"], str(value)))
    for row in history:
        person = people[person_of[row["source_system"], row["lead_id"]]]
        person.attributes[row["field"]].append((row["entered_at"], row["value"]))
    for row in rows_of(folder, "lead_stage_history"):
        person = people[person_of[row["source_system"], row["lead_id"]]]
        person.claims.append((row["entered_at"], row["stage"], row.get("reason")))
    for row in rows_of(folder, "activities"):
        person = people[person_of[row["source_system"], row["lead_id"]]]
        names = {f"{row['type']}_{row['outcome']}", *(row.get("body_tags") or "").split("|")}
        person.talks += [Deed(name, row["occurred_at"]) for name in names if name]
    whose = {row["event_id"]: row["person_id"] for row in truth(folder, "sessions") if row["has_consent"]}
    for row in rows_of(folder, "web_events"):
        if person := people.get(whose.get(row["event_id"]) or ""):  # type: ignore[assignment]
            person.deeds.append(Deed(row["event_name"], row["occurred_at"], properties_of(row["properties"])))
    return people


def judged_truth(folder: Path) -> dict[str, set[tuple[Any, ...]]]:
    stages: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for row in truth(folder, "stages"):
        if row["stage"] not in ("opportunity", "customer"):
            version = None if row["version"] is None else str(row["version"])
            at = row["entered_at"].replace(tzinfo=UTC)
            stages[row["person_id"]].add((row["cycle_number"], row["stage"], at, version, row["alternative"]))
    return stages


@pytest.mark.parametrize(("seed", "world"), [(1, World.ADDITIVE), (2, World.DARK)])
def test_lead_mql_and_sql_follow_from_what_people_did(tmp_path: Path, seed: int, world: World) -> None:
    folder = write_company(tmp_path, seed=seed, world=world).parent
    agreement = Agreement(folder / "agreement", REASONS)
    people, expected = people_of(folder), judged_truth(folder)
    seen: set[tuple[str, str | None, str | None]] = set()
    assert people.keys() == expected.keys()
    for who, person in people.items():
        found = {(r.cycle, r.stage, r.at, r.version, r.alternative) for r in agreement.stages(person)}
        assert found == expected[who], (who, sorted(map(str, found)), sorted(map(str, expected[who])))
        seen |= {(stage, version, alternative) for _, stage, _, version, alternative in found}
    # by each alternative of each version somebody came
    written = {(row["stage"], row["version"], row["alternative"]) for row in agreement.criteria}
    assert written <= seen


def deals_of(folder: Path) -> Iterator[Row]:
    return (row for row in rows_of(folder, "deals") if row["is_deleted"] not in ("true", True))


def day_of(moment: Any) -> str:
    """A day of the company's: of a moment, or the day alone that the file gives."""
    return moment if isinstance(moment, str) else moment.astimezone(ZoneInfo("Asia/Jakarta")).date().isoformat()


def test_opportunity_and_customer_follow_from_the_deals(tmp_path: Path) -> None:
    folder = write_company(tmp_path).parent
    person_of = {row["identifier"]: row["person_id"] for row in truth(folder, "persons") if row["kind"] == "record"}
    created = {row["lead_id"]: row["created_at"] for row in rows_of(folder, "leads") if row["lead_id"]}
    deals = {row["deal_id"]: row for row in deals_of(folder)}
    opportunities: dict[str, datetime] = {}
    customers: dict[str, str] = {}
    for row in rows_of(folder, "deal_contacts"):
        if (deal := deals.get(row["deal_id"])) is None:
            continue
        who = person_of[row["lead_id"]]
        since = max(deal["created_at"], created[row["lead_id"]])
        opportunities[who] = min(since, opportunities.get(who, since))
        if deal["is_won"] in ("true", True):
            day = day_of(deal["closed_at"])
            customers[who] = min(day, customers.get(who, day))
    moments: dict[str, dict[str, datetime]] = defaultdict(dict)
    for row in truth(folder, "stages"):
        moments[row["stage"]][row["person_id"]] = row["entered_at"].replace(tzinfo=UTC)
    assert moments["opportunity"] == opportunities
    assert {who: day_of(moment) for who, moment in moments["customer"].items()} == customers
