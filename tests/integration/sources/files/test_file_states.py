"""What is read again: files that changed, vanished, or lie in an object store; and what a kill leaves."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import fsspec
import pytest

from orchestration.resources import holding
from orchestration.sources.base import LoadResult
from orchestration.sources.purge import purge
from orchestration.sources.registry import ConfiguredResource
from orchestration.warehouse import create_raw_tables, open_warehouse
from storage.disk import work_folder
from tests.integration.sources.files.company import Company

# --- states of files


def counts(company: Company) -> list[tuple[Any, ...]]:
    return company.ask("select _file, count(*), max(name) from raw_files.leads group by all order by all")


def test_an_unchanged_file_is_not_read_again(company: Company) -> None:
    file = company.write("l.csv", "lead_id,created_at,name\n1,2024-01-05,a\nx,never,b\n")
    resources = {"leads": {"path": "l.csv"}}
    first = company.load(resources)
    before = (
        company.ask("from raw_files.leads"),
        company.ask("from raw_files._rejected"),
        company.ask("from raw_files._files"),
    )
    assert company.load(resources) == [LoadResult("crm", "leads", 0, 0, 1)]
    assert before == (
        company.ask("from raw_files.leads"),
        company.ask("from raw_files._rejected"),
        company.ask("from raw_files._files"),
    )
    # touched, but the same
    os.utime(file, (1_800_000_000, 1_800_000_000))
    assert company.load(resources)[0].rows_loaded == 0
    assert company.ask("select modified_at from raw_files._files") == [(datetime(2027, 1, 15, 8),)]
    # full refresh reads it all the same, and changes nothing but the load's own columns
    again = company.load(resources, full_refresh=True)
    assert (again[0].rows_loaded, again[0].rows_rejected, again[0].rows_total) == (1, 1, 1)
    assert first[0].warnings == again[0].warnings
    assert company.ask("select count(*) from raw_closedloop.loads") == [(4,)]


def test_a_changed_file_replaces_its_own_rows_only(company: Company) -> None:
    company.write("in/a.csv", "lead_id,created_at,name\n1,2024-01-05,a\n2,2024-01-05,a\nx,never,a\n")
    company.write("in/b.csv", "lead_id,created_at,name\n3,2024-01-05,b\n")
    resources = {"leads": {"path": "in/*.csv"}}
    company.load(resources)
    assert counts(company) == [("in/a.csv", 2, "a"), ("in/b.csv", 1, "b")]
    company.write("in/a.csv", "lead_id,created_at,name\n1,2024-01-05,changed\n")
    (result,) = company.load(resources)
    assert (result.rows_loaded, result.rows_rejected, result.rows_total) == (1, 0, 2)
    assert counts(company) == [("in/a.csv", 1, "changed"), ("in/b.csv", 1, "b")]
    assert company.ask("from raw_files._rejected") == []


def test_a_changed_mapping_reads_the_file_again(company: Company) -> None:
    company.write("l.csv", "lead_id,created_at,n,m\n1,2024-01-05,n,m\n")
    company.load({"leads": {"path": "l.csv", "columns": {"name": "n"}}})
    company.load({"leads": {"path": "l.csv", "columns": {"name": "m"}}})
    assert counts(company) == [("l.csv", 1, "m")]
    company.load({"leads": {"path": "l.csv", "columns": {"name": "m"}}}, time_zone="UTC")
    assert company.ask("select created_at from raw_files.leads") == [(datetime(2024, 1, 5),)]


def test_a_file_that_vanished_keeps_its_rows(company: Company) -> None:
    gone = company.write("in/a.csv", "lead_id,created_at,name\n1,2024-01-05,a\n")
    company.write("in/b.csv", "lead_id,created_at,name\n2,2024-01-05,b\n")
    company.load({"leads": {"path": "in"}})
    gone.unlink()
    (result,) = company.load({"leads": {"path": "in"}})
    assert result.warnings == ("in/a.csv is gone; its 1 rows stay",)
    assert result.rows_total == 2
    # no longer configured is another thing
    (result,) = company.load({"leads": {"path": "in/b.csv"}})
    assert result.warnings == ()
    assert counts(company) == [("in/b.csv", 1, "b")]


def test_purge_removes_what_the_configuration_no_longer_names(company: Company) -> None:
    company.write("l.csv", "lead_id,created_at\n1,2024-01-05\nx,never\n")
    company.write("o.csv", "owner_id\n1\n")
    resources = {"leads": {"path": "l.csv"}, "owners": {"path": "o.csv"}}
    company.load(resources, name="one")
    company.load(resources, name="two")
    with open_warehouse(company.paths) as con:
        purge(con, [ConfiguredResource("one", "leads", "files")])
    for table in ("leads", "_rejected"):
        assert company.ask(f"select distinct source_system from raw_files.{table}") == [("one",)]
    assert company.ask("from raw_files.owners") == []
    assert company.ask("select source_system, resource from raw_files._files") == [("one", "leads")]


def test_an_object_store(company: Company) -> None:
    store = fsspec.filesystem("memory")
    try:
        store.pipe("/exports/a.csv", b"lead_id,created_at,name\n1,2024-01-05,a\n")
        store.pipe("/exports/b.csv", b"lead_id,created_at,name\n2,2024-01-05,b\n")
        resources = {"leads": {"path": "memory://exports/*.csv"}}
        assert company.load(resources)[0].rows_loaded == 2
        assert company.load(resources)[0].rows_loaded == 0
        store.pipe("/exports/b.csv", b"lead_id,created_at,name\n2,2024-01-05,changed\n")
        assert company.load(resources)[0].rows_loaded == 1
        assert counts(company) == [("memory:///exports/a.csv", 1, "a"), ("memory:///exports/b.csv", 1, "changed")]
    finally:
        store.rm("/exports", recursive=True)
    local = company.write("l.csv", "lead_id,created_at,name\n3,2024-01-05,c\n")
    company.load({"leads": {"path": local.as_uri()}})
    assert counts(company) == [(local.as_uri(), 1, "c")]


# --- being killed


@pytest.fixture
def big_files(company: Company) -> Company:
    for name in ("a", "b"):
        rows = "".join(f"{name}{n},2024-01-05,{name}{n}@example.com\n" for n in range(60_000))
        company.write(f"{name}.csv", "lead_id,created_at,email\n" + rows)
    return company


@pytest.mark.parametrize("delay", [0.0, 0.15, 0.4, 0.8])
def test_killed_and_started_again(big_files: Company, delay: float) -> None:
    command = [sys.executable, "-m", "tests.programs.load_leads", str(big_files.folder / "closedloop.yml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"loading\n"
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
    # whole or not at all, and the state says which
    ((rows, files),) = big_files.ask(
        "select (select count(*) from raw_files.leads), (select count(*) from raw_files._files)"
    )
    assert (rows, files) in {(0, 0), (120_000, 2)}
    subprocess.run(command, check=True, capture_output=True)
    assert big_files.ask("select count(*), count(distinct lead_id), count(distinct _file) from raw_files.leads") == [
        (120_000, 120_000, 2)
    ]
    assert big_files.ask("select count(*), count(distinct raw_value) from raw_files._identifiers") == [
        (120_000, 120_000)
    ]


def test_what_a_kill_leaves_of_a_file_lies_in_the_data_folder_until_the_next_start(
    company: Company, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    rows = "".join(f"{n},2024-01-05,{n}@example.com\n" for n in range(300_000))
    company.write("a.csv", "lead_id,created_at,email\n" + rows + "broken\n")
    command = [sys.executable, "-m", "tests.programs.load_leads", str(company.folder / "closedloop.yml")]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env=os.environ | {"TMPDIR": str(elsewhere)}, umask=0o022
    ) as process:
        while not any(company.paths.work.glob("*/records.csv")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    [left] = company.paths.work.iterdir()
    assert stat.S_IMODE(company.paths.work.stat().st_mode) == 0o700
    assert list(elsewhere.iterdir()) == []
    with work_folder(company.paths.work) as alive, holding(company.paths):
        assert list(company.paths.work.iterdir()) == [alive]
    assert not left.exists()
    assert not company.paths.work.exists()


def test_a_table_of_an_older_release_gains_the_columns_that_it_lacks(company: Company) -> None:
    company.write("d.csv", "deal_id,created_at\n1,2024-01-05\n")
    company.load({"deals": {"path": "d.csv"}})
    company.ask("alter table raw_files.deals drop column _day_alone")
    with open_warehouse(company.paths) as con:
        create_raw_tables(con)
    company.load({"deals": {"path": "d.csv"}}, full_refresh=True)
    assert company.ask("select deal_id, _day_alone from raw_files.deals") == [("1", None)]


def test_a_column_of_an_older_release_has_its_present_name(company: Company) -> None:
    company.write("d.csv", "deal_id,created_at\n1,2024-01-05\n")
    company.load({"deals": {"path": "d.csv"}})
    for table in ("raw_files.deals", "raw_files._files", "raw_closedloop.loads"):
        company.ask(f"alter table {table} rename column source_system to source_name")
    with open_warehouse(company.paths) as con:
        create_raw_tables(con)
    company.load({"deals": {"path": "d.csv"}})
    assert company.ask("select distinct source_system, deal_id from raw_files.deals") == [("crm", "1")]
    assert company.ask("select distinct source_system from raw_closedloop.loads") == [("crm",)]


def test_a_mapping_that_gives_fewer_rows_is_named(company: Company) -> None:
    company.write("l.csv", "lead_id,created_at,test\n1,2024-01-05,0\n2,2024-01-06,1\n3,2024-01-07,0\n")
    company.load({"leads": {"path": "l.csv"}})
    [fewer] = company.load({"leads": {"path": "l.csv", "where": "test = '0'"}})
    assert fewer.warnings == (
        "l.csv: 2 rows where there were 3; the file is the same, so what closedloop.yml says of it has changed "
        "(columns, formats, values, where)",
    )
    # more rows, or a file with other content, say nothing
    assert company.load({"leads": {"path": "l.csv"}})[0].warnings == ()
    company.write("l.csv", "lead_id,created_at,test\n1,2024-01-05,0\n")
    assert company.load({"leads": {"path": "l.csv", "where": "test = '0'"}})[0].warnings == ()
