"""The publication: what is built is what is read, in one step, whole, whatever is killed or full in between."""

from __future__ import annotations

import json
import shutil
import string
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.configuration.run import Run
from orchestration.errors import DiskError, GateStoppedError, NotBuiltError, PublicationError
from orchestration.publication.attempts import record_attempt, write_status
from orchestration.publication.candidate import make_candidate
from orchestration.publication.publish import KEPT_PUBLICATIONS, Publication, publish
from orchestration.quality.gate import GateResult, Waiver, run_gate
from orchestration.resources import RunState
from reporting.outcome import Outcome
from reporting.status import PublicationStatus, Status, read_status
from tests.small_marts import AS_OF, build_by_hand, change, contracts, new_small_run, rows_of

LEDGERS = ("fct_quality_results", "fct_lead_definition_violations")


def publish_built(run: Run) -> Publication:
    """Publishes what is built, as if the gate had let it pass."""
    make_candidate(run)
    return publish(run)


def without_ledgers(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """The marts that follow from what is built alone."""
    return {name: rows for name, rows in tables.items() if name not in LEDGERS}


def parquet_rows(paths: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all published Parquet folders, in a fixed order."""
    with duckdb.connect(":memory:") as con:
        return {
            folder.name: con.execute("from read_parquet(?) order by all", [f"{folder}/*.parquet"]).fetchall()
            for folder in sorted(paths.iterdir())
        }


def days_later(run: Run, days: int) -> Run:
    """A run in the same data folder whose clock is so many days ahead of `AS_OF`."""
    return new_small_run(run.paths.data, AS_OF + timedelta(days=days))


def violations(run: Run) -> dict[str, tuple[int, int | None]]:
    """Days after `AS_OF` at which each published violation was first seen and resolved."""
    with duckdb.connect(":memory:") as con:
        con.execute(f"attach '{run.paths.published_file}' as published (read_only)")
        rows = con.execute(
            "select violation_key, date_diff('day', $start, first_seen_at), date_diff('day', $start, resolved_at) "
            "from published.marts.fct_lead_definition_violations order by violation_key",
            {"start": AS_OF.replace(tzinfo=None)},
        ).fetchall()
    return {key: (first_seen, resolved) for key, first_seen, resolved in rows}


# --- what is published ------------------------------------------------------------------------------------------------


def test_published_rows_and_parquet_are_the_marts(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publication = publish_built(run)
    built = rows_of(run.paths.warehouse)
    published = rows_of(run.paths.published_file)
    assert without_ledgers(published) == without_ledgers(built)
    assert len(published["fct_attribution"]) == 8
    assert parquet_rows(run.paths.published / "parquet") == published
    assert publication.rows == {name: len(rows) for name, rows in published.items()}
    assert rows_of(run.paths.published_file, "audit") == {}


LEADS = st.lists(
    st.tuples(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
        st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)) | st.none(),
        st.booleans() | st.none(),
        st.integers(-(2**63), 2**63 - 1) | st.none(),
    ),
    max_size=20,
)
DEALS = st.lists(
    st.tuples(
        st.text(string.printable, max_size=10),
        st.decimals(Decimal("-1e15"), Decimal("1e15"), places=2) | st.none(),
    ),
    max_size=20,
)


@pytest.fixture(scope="module")
def property_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A build whose rows the property tests replace."""
    return build_by_hand(tmp_path_factory.mktemp("law"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(leads=LEADS, deals=DEALS)
def test_any_rows_are_published_as_they_are_and_the_same_each_time(
    property_run: Run, leads: list[tuple[Any, ...]], deals: list[tuple[Any, ...]]
) -> None:
    run = new_small_run(property_run.paths.data)
    change(run, "truncate marts.dim_leads", "truncate marts.fct_deals")
    with duckdb.connect(str(run.paths.warehouse)) as con:
        for lead in leads:
            con.execute(
                "insert into marts.dim_leads by name "
                "select ? as lead_key, ? as created_at, ? as has_consent, ? as cycle_number",
                lead,
            )
        for deal in deals:
            con.execute("insert into marts.fct_deals by name select ? as deal_key, ? as amount", deal)
    publish_built(run)
    first = rows_of(run.paths.published_file)
    assert without_ledgers(first) == without_ledgers(rows_of(run.paths.warehouse))
    assert parquet_rows(run.paths.published / "parquet") == first

    publish_built(new_small_run(run.paths.data))
    assert rows_of(run.paths.published_file) == first


def test_the_rows_of_a_file_lie_in_one_order_however_they_were_built(tmp_path: Path) -> None:
    def in_place(run: Run) -> list[tuple[Any, ...]]:
        publish_built(run)
        with duckdb.connect(str(run.paths.published_file), read_only=True) as con:
            return con.execute("from marts.fct_attribution").fetchall()

    first = in_place(build_by_hand(tmp_path / "one"))
    shuffled = (
        "create or replace table marts.fct_attribution as from marts.fct_attribution order by hash(channel, model)"
    )
    assert in_place(build_by_hand(tmp_path / "two", shuffled)) == first


def test_columns_types_and_comments_are_those_of_the_contract(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    assert described(run.paths.published_file) == {
        (model["name"], column["name"], column["description"].strip())
        for model in contracts()
        for column in model["columns"]
    } | {(model["name"], None, model["description"].strip()) for model in contracts()}
    assert types(run.paths.published_file) == types(run.paths.warehouse)


def described(file: Path) -> set[tuple[str, str | None, str]]:
    """The comment of each mart (column None) and of each of its columns."""
    with duckdb.connect(str(file), read_only=True) as con:
        return set(
            con.execute(
                "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts' "
                "union all select table_name, null, comment from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        )


def types(file: Path) -> list[tuple[str, str, str]]:
    """Each column of the marts with its type, in order."""
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute(
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts' "
            "order by table_name, column_index"
        ).fetchall()


def test_marts_that_spark_built_give_the_same_publication(tmp_path: Path) -> None:
    on_duckdb = build_by_hand(tmp_path / "duckdb")
    publish_built(on_duckdb)

    on_spark = replace(build_by_hand(tmp_path / "spark"), target="spark", run_id=on_duckdb.run_id)
    with duckdb.connect(str(on_spark.paths.warehouse)) as con:
        con.execute("set TimeZone = 'UTC'")
        tables = [("marts", model["name"], "marts") for model in contracts()]
        for schema, table, folder in [*tables, ("intermediate", "int_reconciliation_totals", "audit")]:
            file = on_spark.paths.spark / folder / table / f"{table}.parquet"
            file.parent.mkdir(parents=True)
            columns = con.execute(f"select column_name, column_type from (describe {schema}.{table})").fetchall()
            # as Spark writes them: times with a zone, rows in parts
            written = ", ".join(
                f"timezone('UTC', {name}) as {name}" if type_ == "TIMESTAMP" else name for name, type_ in columns
            )
            con.execute(f"copy (select {written} from {schema}.{table} order by random()) to '{file}'")
        con.execute("drop schema marts cascade")
    publish_built(on_spark)

    assert rows_of(on_spark.paths.published_file) == rows_of(on_duckdb.paths.published_file)
    assert types(on_spark.paths.published_file) == types(on_duckdb.paths.published_file)
    assert described(on_spark.paths.published_file) == described(on_duckdb.paths.published_file)


def test_the_duckdb_inside_bi_tools_reads_rows_and_comments(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    environment = tmp_path_factory.mktemp("duckdb_1_4")
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "duckdb==1.4.*"], check=True)
    read = """
import duckdb, json, sys
assert duckdb.__version__.startswith("1.4.")
con = duckdb.connect(sys.argv[1], read_only=True)
comments = con.execute("select comment from duckdb_columns() where table_name = 'fct_deals' and column_name = 'amount' "
                       "union all select comment from duckdb_tables() where table_name = 'fct_deals'").fetchall()
deals = con.execute("select deal_key, amount::varchar, closed_at::varchar from marts.fct_deals order by all").fetchall()
parquet = con.execute("select count(*) from read_parquet(?)", [sys.argv[2] + "/fct_deals/*.parquet"]).fetchall()
print(json.dumps([deals, [comment for comment, in comments], parquet]))
"""
    files = [str(run.paths.published_file), str(run.paths.published / "parquet")]
    finished = subprocess.run([python, "-c", read, *files], check=True, capture_output=True, text=True)
    deals, comments, parquet = json.loads(finished.stdout)
    [model] = [model for model in contracts() if model["name"] == "fct_deals"]
    [amount] = [column for column in model["columns"] if column["name"] == "amount"]
    assert deals == [
        [f"deal-{n}", amount_, "2026-04-01 00:00:00"] for n, amount_ in enumerate(("100.10", "200.20", "300.30"), 1)
    ]
    assert comments == [amount["description"], model["description"]]
    assert parquet == [[3]]


def test_what_is_not_built_is_told(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path, "drop table marts.fct_deals")
    with pytest.raises(NotBuiltError, match="fct_deals is not built"):
        make_candidate(run)
    (run.paths.dbt_target / "manifest.json").unlink()
    with pytest.raises(NotBuiltError, match="the marts are not built"):
        make_candidate(run)
    run.paths.candidate_file.unlink()
    with pytest.raises(NotBuiltError, match="no candidate"):
        publish(run)


# --- the swap ---------------------------------------------------------------------------------------------------------

READER = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=True)
for line in sys.stdin:
    print(con.execute("select count(*), sum(amount)::varchar from marts.fct_deals").fetchall(), flush=True)
"""


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that has the first publication of `tmp_path` open and answers each line it is sent."""
    publish_built(build_by_hand(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(tmp_path / "published" / "closedloop.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def ask(reader: subprocess.Popen[str]) -> str:
    """What the reader sees."""
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdin.write("again\n")
    reader.stdin.flush()
    return reader.stdout.readline().strip()


def test_a_reader_goes_on_with_the_file_it_has_open_and_a_new_one_gets_the_new(
    tmp_path: Path, reader: subprocess.Popen[str]
) -> None:
    old = "[(3, '600.60')]"
    assert ask(reader) == old
    run = new_small_run(tmp_path)
    change(run, "delete from marts.fct_deals where deal_key = 'deal-3'")
    # so often that the file which the reader has open is no longer kept
    for _ in range(KEPT_PUBLICATIONS + 1):
        publish_built(new_small_run(tmp_path))
        assert ask(reader) == old
    assert len(rows_of(run.paths.published_file)["fct_deals"]) == 2


def test_the_last_three_publications_are_kept(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    made = []
    for number in range(KEPT_PUBLICATIONS + 2):
        change(run, f"update marts.fct_deals set amount = {number}")
        made.append(publish_built(new_small_run(tmp_path, AS_OF + timedelta(days=number))))
    kept = sorted((run.paths.published / "publications").iterdir())
    assert [folder.name for folder in kept] == sorted(one.run_id for one in made)[-KEPT_PUBLICATIONS:]
    for folder, number in zip(kept, range(2, 5), strict=True):
        assert {deal[10] for deal in rows_of(folder / "closedloop.duckdb")["fct_deals"]} == {Decimal(number)}
        told = PublicationStatus.model_validate_json((folder / "publication.json").read_bytes())
        assert (told.run_id, told.as_of) == (folder.name, AS_OF + timedelta(days=number))
    assert run.paths.published_file.resolve().parent == kept[-1].resolve()


def test_a_clock_that_was_set_back_does_not_lose_the_newest(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    for number in range(KEPT_PUBLICATIONS + 1):
        publish_built(replace(run, run_id=f"2027-{number}"))
    change(run, "delete from marts.fct_deals")
    publish_built(replace(run, run_id="2020-1"))
    publish_built(replace(run, run_id="2020-2"))
    assert rows_of(run.paths.published_file)["fct_deals"] == []
    assert parquet_rows(run.paths.published / "parquet")["fct_deals"] == []


# --- kills ------------------------------------------------------------------------------------------------------------


# Publishes once in each folder, in a child of its own that kills itself before its n-th call that changes files.
def publish_in_children(days: int, *told: str) -> list[str]:
    """Publishes `days` after `AS_OF`; returns the calls of the last child that lived."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.programs.publish_and_be_killed", str(days), *told],
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()[-1].split() if finished.stdout else []


def telling_moments(calls: list[str]) -> list[int]:
    """Numbers of calls to be killed at: each that names or makes something, the call after it, and some of the rest."""
    naming = {number for number, call in enumerate(calls, 1) if call in ("os.rename", "os.symlink", "shutil.move")}
    some = set(range(1, len(calls) + 1, len(calls) // 5))
    return sorted(naming | {min(number + 1, len(calls)) for number in naming} | some | {len(calls)})


def test_a_kill_anywhere_leaves_one_whole_publication_and_the_next_run_mends_the_rest(tmp_path: Path) -> None:
    template = build_by_hand(tmp_path / "template")
    for _ in range(KEPT_PUBLICATIONS):  # so that an old one has to go
        publish_built(new_small_run(template.paths.data))
    old = rows_of(template.paths.published_file)
    change(
        template,
        "delete from marts.fct_deals where deal_key = 'deal-3'",
        "update marts.fct_lead_definition_violations set violation_key = 'violation-3' where lead_key = 'lead-1'",
    )

    def copy(name: str) -> Path:
        shutil.copytree(template.paths.data, tmp_path / name, symlinks=True)
        return tmp_path / name

    undisturbed = copy("undisturbed")
    calls = publish_in_children(1, f"0:{undisturbed}")
    new = rows_of(undisturbed / "published" / "closedloop.duckdb")
    assert len(new["fct_deals"]) == len(old["fct_deals"]) - 1

    killed = {number: copy(f"killed-{number}") for number in telling_moments(calls)}
    publish_in_children(1, *(f"{number}:{data}" for number, data in killed.items()))
    seen_new = {}
    for number, data in killed.items():
        published = data / "published"
        found = rows_of(published / "closedloop.duckdb")
        assert found in (old, new), number
        assert parquet_rows(published / "parquet") == found, number
        seen_new[number] = found == new
        read_status(published / "status.json")
    # each state was met, and nothing was unpublished again
    assert set(seen_new.values()) == {False, True}
    assert list(seen_new.values()) == sorted(seen_new.values())

    publish_in_children(2, *(f"0:{data}" for data in killed.values()))
    for number, data in killed.items():
        run = new_small_run(data)
        found = rows_of(run.paths.published_file)
        assert without_ledgers(found) == without_ledgers(new), number
        # what readers saw first is what is remembered
        day = 1 if seen_new[number] else 2
        assert violations(run) == {"violation-1": (0, day), "violation-2": (0, None), "violation-3": (day, None)}
        status = read_status(run.paths.status_file)
        assert status.last_publication is not None
        assert status.last_publication.run_id == run.paths.published_file.resolve().parent.name
        kept = list((run.paths.published / "publications").iterdir())
        assert len(kept) == KEPT_PUBLICATIONS, number
        assert all((folder / "publication.json").exists() for folder in kept)
        leftovers = {path.name for path in data.iterdir()} | {path.name for path in run.paths.published.iterdir()}
        assert not {name for name in leftovers if name.startswith(".") or "candidate" in name}, number


def test_status_tells_of_the_publication_that_a_killed_run_could_not_tell_of(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publication = publish_built(run)  # and killed here
    assert read_status(run.paths.status_file) == Status()
    later = new_small_run(tmp_path)
    record_attempt(later, Outcome.FAILED, message="no source is left")
    status = read_status(run.paths.status_file)
    assert status.last_publication == PublicationStatus(
        run_id=publication.run_id, published_at=publication.published_at, as_of=AS_OF
    )
    assert status.last_attempt is not None
    assert (status.last_attempt.run_id, status.last_attempt.result) == (later.run_id, "failed")


# --- what the disk refuses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "limit"),
    [("candidate", 1_000), ("candidate", 100_000), ("candidate", 700_000), ("publish", 100), ("publish", 1_000)],
)
def test_a_full_disk_is_told_and_leaves_readers_what_they_have(tmp_path: Path, where: str, limit: int) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    before = rows_of(run.paths.published_file)
    change(run, "delete from marts.fct_deals")
    # a file that may not grow any further is refused as a disk that is full is
    finished = subprocess.run(
        [sys.executable, "-m", "tests.programs.publish_on_a_full_disk", str(tmp_path), where, str(limit)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 1, finished.stderr
    assert "free disk space" in finished.stdout
    assert "File too large" in finished.stdout
    assert rows_of(run.paths.published_file) == before
    assert parquet_rows(run.paths.published / "parquet") == before

    publish_built(new_small_run(tmp_path))
    assert rows_of(run.paths.published_file)["fct_deals"] == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    shutil.rmtree(run.paths.published / "publications")
    (run.paths.published / "publications").write_text("in the way")
    with pytest.raises(DiskError, match="nothing was published") as told:
        publish_built(new_small_run(tmp_path))
    assert str(run.paths.published) in str(told.value)

    run.paths.published_file.unlink()
    run.paths.published_file.write_text("no database")
    with pytest.raises(PublicationError, match="last publication cannot be read"):
        run_gate(run)


# --- ledgers ----------------------------------------------------------------------------------------------------------


def test_a_violation_is_remembered_from_when_it_was_first_seen_until_it_is_resolved(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    assert violations(run) == {"violation-1": (0, None), "violation-2": (0, None)}

    change(run, "create table gone as from marts.fct_lead_definition_violations where violation_key = 'violation-1'")
    change(run, "delete from marts.fct_lead_definition_violations where violation_key = 'violation-1'")
    for day in (1, 2):
        publish_built(days_later(run, day))
        assert violations(run) == {"violation-1": (0, 1), "violation-2": (0, None)}

    change(run, "insert into marts.fct_lead_definition_violations from gone")
    publish_built(days_later(run, 3))
    assert violations(run) == {"violation-1": (0, None), "violation-2": (0, None)}


def test_a_run_that_does_not_publish_does_not_move_the_memory(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    change(
        run, "update marts.fct_lead_definition_violations set violation_key = 'violation-3' where lead_key = 'lead-1'"
    )
    make_candidate(days_later(run, 1))
    publish_built(days_later(run, 2))
    assert violations(run) == {"violation-1": (0, 2), "violation-2": (0, None), "violation-3": (2, None)}


@pytest.mark.parametrize("lost", ["warehouse", "published"])
def test_the_memory_outlives_the_loss_of_warehouse_or_publication(tmp_path: Path, lost: str) -> None:
    run = build_by_hand(tmp_path)
    change(
        run,
        "create schema ledgers",
        "create table ledgers.quality_results as from marts.fct_quality_results",
        "insert into ledgers.quality_results by name "
        "select 'earlier' as run_id, 'stage_order' as check_name, 'dim_leads' as table_name",
    )
    publish_built(run)
    change(run, "delete from marts.fct_lead_definition_violations where violation_key = 'violation-1'")
    publish_built(days_later(run, 1))
    if lost == "published":
        shutil.rmtree(run.paths.published)
    else:
        change(run, "drop schema ledgers cascade")
    publish_built(days_later(run, 2))
    assert violations(run) == {"violation-1": (0, 1), "violation-2": (0, None)}
    assert [row[0] for row in rows_of(run.paths.published_file)["fct_quality_results"]] == ["earlier"]


def test_a_ledger_takes_over_a_column_that_its_mart_has_gained(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    change(
        run,
        "alter table marts.fct_lead_definition_violations add column owner_name varchar",
        "update marts.fct_lead_definition_violations set owner_name = 'sales' where violation_key = 'violation-1'",
    )
    publish_built(days_later(run, 1))
    change(run, "delete from marts.fct_lead_definition_violations")
    publish_built(days_later(run, 2))
    assert violations(run) == {"violation-1": (0, 2), "violation-2": (0, 2)}
    assert [row[-1] for row in rows_of(run.paths.published_file)["fct_lead_definition_violations"]] == ["sales", None]


# --- status.json ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\0", b"[]", b'{"last_attempt": 3}', None])
def test_a_broken_or_missing_status_is_an_empty_one(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "status.json"
    if content is not None:
        file.write_bytes(content)
    assert read_status(file) == Status()
    file.unlink(missing_ok=True)
    file.mkdir()
    assert read_status(file) == Status()


def test_status_tells_attempt_publication_checks_waivers_and_sources(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    state = RunState(run, gate=GateResult((), (Waiver("stage_order", "being mended", AS_OF.date()),)))
    publish_built(run)
    state.record()
    published = read_status(run.paths.status_file)
    assert published.last_attempt is not None
    assert published.last_attempt.exit_code == 0
    assert published.last_publication is not None
    assert published.last_publication.as_of == AS_OF
    assert [waiver.check for waiver in published.waivers] == ["stage_order"]
    assert published.reporting is not None
    assert published.reporting.currency == "IDR"
    assert published.stopped_since is None

    stopped = new_small_run(tmp_path, AS_OF + timedelta(days=1))
    error = GateStoppedError("table_shrank", where="the gate", fix="look")
    RunState(stopped, gate=GateResult(()), error=error).record()
    status = read_status(run.paths.status_file)
    assert status.last_publication == published.last_publication
    assert status.last_attempt is not None
    assert (status.last_attempt.run_id, status.last_attempt.exit_code) == (stopped.run_id, 2)
    assert status.stopped_since is not None
    assert status.waivers == []
    assert read_status(run.paths.status_file) == status
    write_status(run.paths.status_file, published)
    assert read_status(run.paths.status_file) == published
    assert [path.name for path in run.paths.published.glob(".*")] == []


def test_status_is_told_when_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "published").write_text("in the way")
    with pytest.raises(DiskError, match=r"status\.json could not be written"):
        write_status(tmp_path / "published" / "status.json", Status())
