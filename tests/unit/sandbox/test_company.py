"""The made-up company: the same for the same seed, readable as configured, and of sensible shape."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.configuration.context import Paths
from orchestration.configuration.run import Run, new_run
from orchestration.configuration.settings import read_settings
from orchestration.sources.base import LoadResult
from orchestration.sources.canonical import ENTITIES, Kind
from orchestration.sources.files.connector import load, preflight
from orchestration.warehouse import create_raw_tables, open_warehouse
from sandbox.company import AS_OF, write_company

PRESENT = AS_OF.replace(tzinfo=None)
LEADS = 3000
REJECTED = 6  # three without a date, two without an ID, one twice


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def company_run(configuration: Path) -> Run:
    paths = Paths(config=configuration, data=configuration.parent / "data")
    return new_run(read_settings(configuration), paths, as_of=AS_OF)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return company_run(write_company(tmp_path_factory.mktemp("company"), leads=LEADS))


@pytest.fixture(scope="module")
def loads(run: Run) -> list[LoadResult]:
    with open_warehouse(run.paths) as con:
        create_raw_tables(con)
        return [done for name, source in run.settings.sources.items() for done in load(con, name, source, run.context)]


@pytest.fixture(scope="module")
def con(run: Run, loads: list[LoadResult]) -> Iterator[duckdb.DuckDBPyConnection]:
    assert loads
    with duckdb.connect(str(run.paths.warehouse), read_only=True) as connection:
        yield connection


def number(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    row = con.execute(sql).fetchone()
    assert row is not None
    return float(row[0])


def test_a_seed_gives_the_same_files_on_one_thread_and_on_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_company(tmp_path / "a", leads=400, seed=7)
    monkeypatch.setattr(duckdb, "connect", functools.partial(duckdb.connect, config={"threads": 1}))
    write_company(tmp_path / "b", leads=400, seed=7)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    write_company(tmp_path / "a", leads=400, seed=1)
    write_company(tmp_path / "b", leads=400, seed=2)
    assert contents(tmp_path / "a") != contents(tmp_path / "b")


def test_writing_it_again_in_the_same_folder_changes_nothing(tmp_path: Path) -> None:
    write_company(tmp_path, leads=400)
    before = contents(tmp_path)
    write_company(tmp_path, leads=400)
    assert contents(tmp_path) == before


def test_a_small_company_can_be_read(tmp_path: Path) -> None:
    run = company_run(write_company(tmp_path, leads=50))
    for name, source in run.settings.sources.items():
        preflight(name, source, run.context)


def test_every_file_is_mapped_and_every_row_loaded_but_those_wrong_on_purpose(
    run: Run, loads: list[LoadResult], con: duckdb.DuckDBPyConnection
) -> None:
    written = {file for file in contents(run.paths.config.parent) if file.startswith(("crm", "ads", "events"))}  # type: ignore[union-attr]
    assert {row[0] for row in con.execute("select file from raw_files._files").fetchall()} == written
    assert all(done.rows_loaded for done in loads)
    assert not [warning for done in loads if done.resource != "leads" for warning in done.warnings]
    assert con.execute("select resource, count(*) from raw_files._rejected group by all").fetchall() == [
        ("leads", REJECTED)
    ]
    assert number(con, "select count(*) from raw_files.leads") == LEADS + 1  # the first of the two X9


@pytest.mark.parametrize("entity", ["leads", "lead_stage_history", "deals", "activities", "touchpoints"])
def test_nothing_lies_after_the_present(entity: str, con: duckdb.DuckDBPyConnection) -> None:
    for column, kind in ENTITIES[entity].columns.items():
        if kind is Kind.TIME:
            latest = con.execute(f"select max({column}) from raw_files.{entity}").fetchall()[0][0]
            assert latest is None or latest < PRESENT
            assert latest is None or latest > datetime(2026, 10, 1), f"{column} ends long before the present"


def test_two_years_of_spend_on_four_platforms_up_to_the_last_day(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select source_system, count(distinct campaign_id), bool_and(currency = 'IDR'), bool_and(spend > 0) "
        "from raw_files.ad_spend group by all order by all"
    ).fetchall()
    assert rows == [
        ("google_ads", 3, True, True),
        ("linkedin_ads", 1, True, True),
        ("meta_ads", 2, True, True),
        ("tiktok_ads", 1, True, True),
    ]
    days = con.execute("select min(date_day)::varchar, max(date_day)::varchar from raw_files.ad_spend").fetchall()
    assert days == [("2024-11-01", "2026-10-31")]


def test_campaigns_of_leads_and_visits_are_campaigns_that_ran_then(con: duckdb.DuckDBPyConnection) -> None:
    assert number(con, "select count(*) from raw_files.leads where campaign is not null") > LEADS / 4
    for entity, time in (("leads", "created_at"), ("touchpoints", "occurred_at")):
        strays = con.execute(
            f"select * from raw_files.{entity} as came where campaign is not null and not exists ("
            "from raw_files.ad_spend as spend where spend.campaign_name = came.campaign "
            f"and spend.date_day = (came.{time} + interval 7 hour)::date)"
        ).fetchall()
        assert not strays


def test_rates_are_those_of_a_plausible_company(con: duckdb.DuckDBPyConnection) -> None:
    def reached(stage: str) -> float:
        return number(con, f"select count(distinct lead_id) from raw_files.lead_stage_history where stage = '{stage}'")

    assert 0.36 < reached("mql") / LEADS < 0.44
    assert 0.30 < reached("sql") / reached("mql") < 0.40
    won = number(con, "select count(*) from raw_files.deals where is_won")
    assert 0.18 < won / reached("sql") < 0.30  # of the youngest many are still open
    assert number(con, "select count(*) from raw_files.deals where not is_closed") > 5
    assert number(con, "select min(amount) from raw_files.deals") >= 5_000_000
    assert number(con, "select max(amount) from raw_files.deals") <= 80_000_000
    spend, revenue = (
        number(con, "select sum(spend) from raw_files.ad_spend"),
        number(con, "select sum(amount) from raw_files.deals where is_won"),
    )
    assert 2 < revenue / spend < 12
    cycle = "select quantile_cont(date_diff('hour', created_at, closed_at) / 24, {}) from raw_files.deals where is_won"
    assert number(con, cycle.format(0.2)) < 10
    assert number(con, cycle.format(0.9)) > 50


def test_budgets_grow_with_the_leads_so_that_costs_stay(tmp_path: Path) -> None:
    def spend(leads: int) -> float:
        folder = write_company(tmp_path / str(leads), leads=leads).parent
        with duckdb.connect() as con:
            return number(con, f"select sum(cost) from '{folder}/ads/meta_ads/spend.jsonl'")

    assert spend(600) == pytest.approx(2 * spend(300), rel=1e-6)


def test_people_are_as_untidy_as_people_are(con: duckdb.DuckDBPyConnection) -> None:
    # one person with two records, by the e-mail address in another case
    twice = "select count(*) from (select lower(email) from raw_files.leads group by all having count(*) = 2)"
    assert number(con, twice) == LEADS / 40
    assert number(con, "select count(*) from raw_files.leads where email <> lower(email)") == LEADS / 40
    # several contacts of one deal, one of them the first
    contacts = (
        "from (select count(*) as people, count(*) filter (is_primary) as firsts "
        "from raw_files.deal_contacts group by deal_id)"
    )
    assert number(con, f"select count(*) {contacts} where people > 1") > 5
    assert number(con, f"select count(*) {contacts} where firsts <> 1") == 0
    # a stage that is none of ours, exits with and without a reason, claims out of order
    assert number(con, "select count(*) from raw_files.lead_stage_history where stage = 'On hold'") > 5
    exits = "select count(*) from raw_files.lead_stage_history where stage = 'disqualified' and reason is"
    assert number(con, f"{exits} not null") > number(con, f"{exits} null") > 5
    assert number(con, "select count(*) from raw_files.lead_stage_history where stage = 'recycled'") > 50
    late = (
        "select count(*) from raw_files.lead_stage_history as mql join raw_files.lead_stage_history as sql "
        "using (lead_id) where mql.stage = 'mql' and sql.stage = 'sql' and mql.entered_at > sql.entered_at"
    )
    assert number(con, late) > 0


def test_reasons_are_those_of_the_agreement(con: duckdb.DuckDBPyConnection) -> None:
    agreed = Path(__file__).parents[3] / "seeds" / "agreement" / "disqualification_reasons.csv"
    given = "select distinct reason from raw_files.lead_stage_history where reason is not null"
    assert not con.execute(f"{given} except select reason from read_csv('{agreed}')").fetchall()
