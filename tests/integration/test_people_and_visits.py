"""Who is whom, which events are one visit and where it came from, compared with the made-up company's truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

# Every event with its session, and the person whose it was: sessions of one browser do not overlap, but for those of
# whoever refused consent.
EVENTS = """
create table events as
select events.event_id, events.is_refused, sessions.session_key, spans.lead_key
from warehouse.intermediate.int_web_events as events
inner join warehouse.intermediate.int_web_sessions as sessions
    on events.anonymous_id = sessions.anonymous_id and events.is_refused = sessions.is_refused
    and events.occurred_at between sessions.started_at and sessions.ended_at
left join warehouse.intermediate.int_web_spans as spans
    on events.anonymous_id = spans.anonymous_id and not events.is_refused
    and (spans.starts_after is null or date_trunc('second', events.occurred_at) > spans.starts_after)
    and (spans.ends_at is null or date_trunc('second', events.occurred_at) <= spans.ends_at)
"""

# What the warehouse and the truth both know: lead records, and visits to the site with consent. Of the visits those on
# a browser on which their person was ever named: nothing tells whose the others were.
ITEMS = """
create table items as
select persons.person_id, found.record_key as item, found.lead_key
from truth.persons
inner join warehouse.intermediate.int_identity_persons as found
    on persons.source_system = found.source_system and persons.record_type = found.record_type
    and persons.identifier = found.record_id
where persons.kind = 'record' and persons.is_findable
union all
select distinct sessions.person_id, sessions.session_id, events.lead_key
from truth.sessions
inner join events using (event_id)
inner join warehouse.intermediate.int_web_events as browsers using (event_id)
inner join truth.persons
    on persons.kind = 'browser' and persons.person_id = sessions.person_id
    and persons.identifier = browsers.anonymous_id and persons.is_findable
where sessions.has_consent
    and sessions.person_id in (select person_id from truth.persons where kind = 'record' and not is_deleted)
"""

PAIRS = "select coalesce(sum(n * (n - 1) // 2), 0) from (select count(*) as n from items where {} group by {})"


@pytest.fixture(scope="module")
def con(demo_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, the truth as `truth.*`, and `events` and `items` of both."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{demo_data / 'warehouse.duckdb'}' as warehouse (read_only)")
        connection.execute("create schema truth")
        for file in (demo_data / "demo" / "truth").glob("*.parquet"):
            connection.execute(f"create view truth.{file.stem} as from '{file}'")
        connection.execute(EVENTS)
        connection.execute(ITEMS)
        yield connection


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def test_pairs_of_records_and_visits_are_found(con: duckdb.DuckDBPyConnection) -> None:
    [(right,)] = rows(con, PAIRS.format("lead_key is not null", "person_id, lead_key"))
    [(found,)] = rows(con, PAIRS.format("lead_key is not null", "lead_key"))
    [(so,)] = rows(con, PAIRS.format("true", "person_id"))
    print(f"identity: precision {right / found:.5f}, recall {right / so:.5f}, {so:,} pairs")  # noqa: T201
    assert so > 10_000
    assert right / found >= 0.999
    assert right / so >= 0.98


def test_every_event_but_a_machine_s_is_in_one_session(con: duckdb.DuckDBPyConnection) -> None:
    people = "select event_id from truth.sessions where not is_bot"
    assert rows(con, f"select count(*) > 60_000 from ({people})") == [(True,)]
    assert rows(con, f"(select event_id from events) except all ({people})") == []
    assert rows(con, f"({people}) except all (select event_id from events)") == []


def test_sessions_are_the_visits_that_took_place(con: duckdb.DuckDBPyConnection) -> None:
    both = "from truth.sessions inner join events using (event_id)"
    assert rows(con, f"select session_key {both} group by all having count(distinct session_id) > 1") == []
    split = f"select session_id {both} group by all having count(distinct session_key) > 1"
    # a banner of our own that is tagged like a campaign is taken for one
    assert rows(con, f"{split} and bool_or(is_exact)") == []
    [(tagged_by_ourselves,)] = rows(con, f"select count(*) from ({split})")
    assert 0 < tagged_by_ourselves < 100


def test_nobody_is_known_by_a_visit_without_consent(con: duckdb.DuckDBPyConnection) -> None:
    refused = "from truth.sessions inner join events using (event_id) where not has_consent"
    assert rows(con, f"select count(*) > 1000 {refused}") == [(True,)]
    assert rows(con, f"select event_id {refused} and (lead_key is not null or not is_refused)") == []


def test_a_borrowed_computer_is_two_persons(con: duckdb.DuckDBPyConnection) -> None:
    borrowed = "from truth.persons where kind = 'browser' and origin = 'borrowed' and is_findable"
    assert rows(con, f"select count(*) > 0 {borrowed}") == [(True,)]
    lent = f"browsers.anonymous_id in (select identifier {borrowed})"
    found = (
        "select count(distinct sessions.person_id), count(distinct events.lead_key) from truth.sessions "
        "inner join events using (event_id) "
        "inner join warehouse.intermediate.int_web_events as browsers using (event_id) "
        f"where {lent} and has_consent group by browsers.anonymous_id"
    )
    assert all(known <= people for people, known in rows(con, found))


def test_channel_and_campaign_of_each_visit_are_so_where_anything_tells_them(con: duckdb.DuckDBPyConnection) -> None:
    visits = """
        select distinct
            sessions.session_id, sessions.channel as so_channel, sessions.campaign_id as so_campaign_id,
            sessions.is_campaign_told, touches.channel, campaigns.platform_campaign_id
        from truth.sessions
        inner join events using (event_id)
        inner join warehouse.intermediate.int_journey_touches as touches
            on events.session_key = touches.touchpoint_key
        left join warehouse.marts.dim_campaigns as campaigns using (campaign_key)
        where sessions.is_exact and not sessions.is_bot
    """
    [(count, paid)] = rows(con, f"select count(*), count(platform_campaign_id) from ({visits})")
    assert count > 30_000
    assert paid > 10_000
    assert rows(con, f"from ({visits}) where channel != so_channel") == []
    told = "is_campaign_told and platform_campaign_id is distinct from so_campaign_id"
    assert rows(con, f"from ({visits}) where {told}") == []
    assert rows(con, f"from ({visits}) where platform_campaign_id != so_campaign_id") == []


def test_touches_are_those_that_were_recorded(con: duckdb.DuckDBPyConnection) -> None:
    """Of people with a record: chats, lead ads and events; visits are compared above."""
    so = """
        select persons.person_id, touches.touch_type, date_trunc('minute', touches.touched_at), touches.channel
        from truth.touches
        inner join (select distinct person_id from truth.persons where kind = 'record' and is_findable) as persons
            using (person_id)
        where touches.is_identifiable and touches.touch_type in ('whatsapp', 'lead_ad', 'event')
    """
    found = """
        select persons.person_id, touches.touch_type, date_trunc('minute', touches.touched_at), touches.channel
        from warehouse.intermediate.int_journey_touchpoints as touches
        inner join warehouse.marts.dim_lead_ids as ids using (lead_key)
        inner join truth.persons
            on persons.kind = 'record' and ids.source_system = persons.source_system
            and ids.record_type = persons.record_type and ids.record_id = persons.identifier and persons.is_findable
        where touches.touch_type in ('whatsapp', 'lead_ad', 'event')
    """
    assert rows(con, f"select count(*) > 1000 from ({so})") == [(True,)]
    assert rows(con, f"({so}) except ({found})") == []
    assert rows(con, f"({found}) except ({so})") == []
