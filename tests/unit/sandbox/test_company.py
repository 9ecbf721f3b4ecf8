"""The made-up company: the same for the same seed, at any size, and true to its own laws in every world."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.configuration.context import Paths
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import read_settings
from orchestration.sources.files.connector import preflight
from sandbox.company import AS_OF, live, present, write_company
from sandbox.worlds import World
from tests.unit.sandbox.laws import LAWS


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def number(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    row = con.execute(sql).fetchone()
    assert row is not None
    return float(row[0])


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize("world", World)
@pytest.mark.parametrize("seed", range(1, 21))
def test_its_laws_hold(con: duckdb.DuckDBPyConnection, seed: int, world: World) -> None:
    live(con, leads=400, seed=seed, world=world)
    broken = {law: rows for law, sql in LAWS.items() if (rows := con.execute(sql).fetchmany(3))}
    assert not broken
    assert number(con, "select count(*) from truth.deals where state = 'won'") > 5


def test_a_seed_gives_the_same_bytes_on_one_thread_and_on_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_company(tmp_path / "a", leads=400, seed=7)
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda path, config: connect(path, config=config | {"threads": 1}))
    write_company(tmp_path / "b", leads=400, seed=7)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_writing_it_again_in_the_same_folder_changes_nothing(tmp_path: Path) -> None:
    write_company(tmp_path, leads=400)
    before = contents(tmp_path)
    write_company(tmp_path, leads=400)
    assert contents(tmp_path) == before


def test_another_seed_is_another_company(tmp_path: Path) -> None:
    write_company(tmp_path / "a", leads=400, seed=1)
    write_company(tmp_path / "b", leads=400, seed=2)
    assert contents(tmp_path / "a") != contents(tmp_path / "b")


SHARES = {
    "leads of people": ("select count(*) from mqls", "select count(*) from people"),
    "MQLs of leads": ("select count(mql_at) from mqls", "select count(*) from mqls"),
    "SQLs of MQLs": ("select count(*) from sqls", "select count(mql_at) from mqls"),
    "buyers of leads": ("select count(*) from mqls where buys", "select count(*) from mqls"),
    "paid search of touches": (
        "select count(*) from meetings where channel = 'paid_search'",
        "select count(*) from meetings",
    ),
    "followed up of MQLs": (
        "select count(followed_up_at) from truth.follow_ups",
        "select count(*) from truth.follow_ups",
    ),
    "exits of leads": ("select count(*) from exits", "select count(*) from mqls"),
    "opened of delivered mails": (
        "select count(*) from mails where event = 'open' and not is_machine",
        "select count(*) from mails where event = 'delivered'",
    ),
}


def test_a_larger_size_keeps_the_shares() -> None:
    shares = []
    for leads in (1500, 6000):
        with duckdb.connect() as con:
            live(con, leads=leads)
            shares.append({name: [number(con, sql) for sql in pair] for name, pair in SHARES.items()})
    small, large = shares
    for name in SHARES:
        (part, whole), (large_part, large_whole) = small[name], large[name]
        together = (part + large_part) / (whole + large_whole)
        error = math.sqrt(together * (1 - together) * (1 / whole + 1 / large_whole))
        assert abs(part / whole - large_part / large_whole) <= 3 * error, name
        assert large_whole > 3 * whole, name


@pytest.mark.parametrize(
    ("without", "world"),
    [
        ("paid_search", World.ADDITIVE),
        ("organic_search", World.DARK),
        ("paid_social", World.INTERACTING),
        ("20118450011", World.ADDITIVE),
    ],
)
def test_effects_are_what_is_missing_where_the_whole_life_is_played_without(without: str, world: World) -> None:
    with duckdb.connect() as con:
        live(con, leads=1500, world=world)
        needed = {row[0] for row in con.execute(f"select i from needed where name = '{without}'").fetchall()}
        buyers = {row[0] for row in con.execute("select i from lives where buys").fetchall()}
    with duckdb.connect() as con:
        live(con, leads=1500, world=world, without=without)
        still = {row[0] for row in con.execute("select i from lives where buys").fetchall()}
        assert not number(con, f"select count(*) from meetings where '{without}' in (channel, campaign_id)")
    assert needed
    assert buyers - still == needed
    assert still <= buyers


def test_worlds_differ_in_what_moves_people() -> None:
    def moved(world: World) -> tuple[float, float]:
        with duckdb.connect() as con:
            live(con, leads=1500, world=world)
            ads = "from truth.touches where moves_to_buy and campaign_id is not null"
            return number(con, f"select count(*) {ads}"), number(
                con, f"select count(*) {ads} and channel = 'paid_search'"
            )

    additive, interacting, retargeting, dark = (moved(world) for world in World)
    assert retargeting[0] == 0
    assert dark[0] < additive[0] / 2
    assert interacting[1] < additive[1] / 2


def test_budgets_grow_with_the_leads_so_that_costs_stay() -> None:
    def spend(leads: int) -> float:
        with duckdb.connect() as con:
            live(con, leads=leads)
            return number(con, "select sum(spend) from truth.spend where platform = 'meta_ads'")

    assert spend(600) == pytest.approx(2 * spend(300), rel=1e-3)


def test_the_stories_are_told(con: duckdb.DuckDBPyConnection) -> None:
    live(con, leads=6000)
    shares = dict(con.execute("select finding, share from truth.findings").fetchall())
    assert 0.55 < shares["industry_over_represented"] < 0.85
    assert shares["claimed_below_definition"] > 0.4
    assert shares["promise_unknown_to_sales"] > 0.1
    assert shares["criterion_predicts"] > 1.3
    assert 0.75 < shares["criterion_predicts_nothing"] < 1.33
    followed_up = "select count(*) from talk where about = 'follow-up' and date_trunc('week', talked_at) = date '{}'"
    assert number(con, followed_up.format("2026-05-11")) == 0
    assert number(con, followed_up.format("2026-05-18")) > 0


def test_a_younger_company_starts_later(con: duckdb.DuckDBPyConnection) -> None:
    live(con, leads=400, months=6)
    assert number(con, "select count(*) from truth.spend where date_day < date '2026-05-01'") == 0
    assert number(con, "select count(*) from truth.stages where stage = 'customer'") > 0


def test_rounds_are_the_same_company_days_later(tmp_path: Path) -> None:
    folders = [write_company(tmp_path / str(n), round_number=n).parent for n in range(4)]
    assert present(0) == AS_OF < present(1) < present(2) < present(3)
    with duckdb.connect() as con:
        for n, folder in enumerate(folders):
            con.execute(
                f"create table contacts_{n} as from read_csv('{folder}/hubspot/contacts.csv', all_varchar=true)"
            )
        joined = 'from contacts_0 as b join contacts_3 as a using ("Record ID") where b."Full Name" not like \'Tanpa%\''
        assert number(con, "select count(*) from contacts_3") > number(con, "select count(*) from contacts_0")
        gone = 'select count(*) from contacts_0 anti join contacts_3 using ("Record ID") where "Record ID" is not null'
        assert number(con, gone) == 0
        # changed, merged, deleted; and what a record was made on stays
        for change in (
            """a."Lifecycle Stage" != b."Lifecycle Stage" and a."Last Modified Date" > b."Last Modified Date\"""",
            """a."Merged into" is not null and b."Merged into" is null""",
            """a."Archived" = 'true' and b."Archived" = 'false'""",
        ):
            assert number(con, f"select count(*) {joined} and {change}") > 0, change
        assert number(con, f'select count(*) {joined} and a."Create Date" != b."Create Date"') == 0
        # late: events of before the first present that arrive after it
        late = "from read_parquet('{}/web/events.parquet') where occurred_at < timestamp '2026-10-31 17:00:00'"
        assert number(con, f"select count(*) {late.format(folders[1])}") > number(
            con, f"select count(*) {late.format(folders[0])}"
        )
        # restated: spend of the last days before the first present, and conversions of a month
        spend = "read_csv('{}/google_ads/campaign_days.csv')"
        changed = (
            f"from {spend.format(folders[0])} as b join {spend.format(folders[1])} as a "
            'using ("segments.date", "campaign.id") where a.{0} != b.{0}'
        )
        assert number(con, f"select count(*) {changed.format('spend')}") > 0
        assert number(con, f"select count(*) {changed.format('conversions')}") > 0


def test_a_small_company_can_be_read(tmp_path: Path) -> None:
    configuration = write_company(tmp_path, leads=50)
    paths = Paths(config=configuration, data=tmp_path / "data")
    run = new_run(read_settings(configuration), paths, as_of=AS_OF)
    for name, source in run.settings.sources.items():
        preflight(name, source, run.context)


def test_its_agreement_has_two_versions_and_every_kind_of_criterion(tmp_path: Path) -> None:
    folder = write_company(tmp_path, leads=50).parent / "agreement"
    with duckdb.connect() as con:
        versions = con.execute(
            f"select effective_from::text from '{folder}/agreement_versions.csv' order by 1"
        ).fetchall()
        assert versions == [("2024-11-01",), ("2026-02-16",)]
        kinds = con.execute(f"select distinct kind from '{folder}/stage_criteria.csv' order by 1").fetchall()
        assert kinds == [("activity",), ("attribute",), ("claim",), ("event",), ("score",)]
        labels = f"select count(*) from '{folder}/stage_criteria.csv' where label_en is null or label_id is null"
        assert number(con, labels) == 0
