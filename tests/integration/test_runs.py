"""What a run promises: the same rows again, bad rows set aside, mistakes told plainly, readers never disturbed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from reporting import published
from storage import memory
from tests.conftest import OLIST_AS_OF, ROOT, closedloop, query

# what the gate and the publication remember is exempt from "same rows"
LEDGERS = {"fct_quality_results"}
LEDGER_COLUMNS = {"first_seen_at", "resolved_at"}

COMPANY = """\
reporting: {currency: IDR, time_zone: Asia/Jakarta}
sources:
  crm:
    connector: files
    currency: IDR
    resources:
      leads:
        path: leads.csv
        constants: {stage: mql}
      deals:
        path: deals.csv
        constants: {is_won: true, is_closed: true}
"""


def write_company(folder: Path, *, leads: int = 1000, broken: int = 0) -> Path:
    """A company with `leads` leads, of which `broken` have no readable date, and ten deals."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["lead_id,created_at,source"]
    for number in range(1, leads + 1):
        created_at = "yesterday-ish" if number <= broken else f"2026-01-{number % 28 + 1:02} 10:00:00"
        lines.append(f"L{number},{created_at},social")
    (folder / "leads.csv").write_text("\n".join(lines) + "\n")
    deals = ["deal_id,created_at,closed_at,lead_ids,amount"]
    deals += [f"D{n},2026-03-01 09:00:00,2026-03-{n:02} 09:00:00,L{100 + n},{n}000000" for n in range(1, 11)]
    (folder / "deals.csv").write_text("\n".join(deals) + "\n")
    (folder / "closedloop.yml").write_text(COMPANY)
    return folder / "closedloop.yml"


def marts(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all published marts in a fixed order, ledgers apart."""
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' order by all"
        ).fetchall()
        tables: dict[str, list[str]] = {}
        for table, column in columns:
            if table not in LEDGERS and column not in LEDGER_COLUMNS:
                tables.setdefault(table, []).append(f'"{column}"')
        return {
            table: connection.execute(f"select {', '.join(names)} from marts.{table} order by all").fetchall()
            for table, names in tables.items()
        }


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A company's configuration, and what its first run says: five of its leads are broken, its owners not used yet."""
    folder = tmp_path_factory.mktemp("company")
    configuration = write_company(folder, leads=1000, broken=5)
    (folder / "owners.csv").write_text("owner_id,name\n7,Sari\n")
    with configuration.open("a") as file:
        file.write("      owners: {path: owners.csv}\n")
    return configuration, closedloop("run", "--config", configuration, "--as-of", "2026-06-01").stdout


@pytest.fixture(scope="module")
def company(first_run: tuple[Path, str]) -> tuple[Path, Path]:
    """That configuration and its data folder."""
    configuration, _ = first_run
    return configuration, configuration.parent / "data"


@pytest.fixture
def own_company(company: tuple[Path, Path], tmp_path: Path) -> Path:
    """The configuration of a copy of it, data and all, with which a test may do what it likes."""
    configuration, _ = company
    return shutil.copytree(configuration.parent, tmp_path / "copy", symlinks=True) / configuration.name


def test_a_second_run_on_unchanged_files_changes_no_row(olist_company: Path, olist_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(olist_data, data, symlinks=True)
    before = marts(data / "published" / "closedloop.duckdb")
    assert len(before["fct_deals"]) == 842
    # as an older release may have left them: a table that was a view, and a view that was a table
    with duckdb.connect(str(data / "warehouse.duckdb")) as connection:
        connection.execute("drop table marts.dim_channels; create view marts.dim_channels as select 1 as one")
        connection.execute("drop view staging.stg_files__leads; create table staging.stg_files__leads as select 1")

    closedloop("run", "--config", olist_company / "closedloop.yml", "--data", data, "--as-of", OLIST_AS_OF)

    assert marts(data / "published" / "closedloop.duckdb") == before
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(distinct _load_id) from raw_files.leads").fetchall() == [(1,)]


def test_five_broken_lines_of_a_thousand_are_reported_and_the_rest_is_loaded(
    first_run: tuple[Path, str], company: tuple[Path, Path]
) -> None:
    (_, told), (_, data) = first_run, company
    assert query(data, "select count(*) from marts.dim_leads") == [(995,)]
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        rejected = connection.execute(
            "select line, column_name, value from raw_files._rejected order by line"
        ).fetchall()
    assert rejected == [(line, "created_at", "yesterday-ish") for line in range(2, 7)]
    assert "leads.csv: 5 rows rejected, kept in raw_files._rejected" in told


def test_what_is_loaded_and_not_used_yet_is_told(first_run: tuple[Path, str]) -> None:
    configuration, told = first_run
    not_used = "not used yet for names and teams of owners"
    assert f"! crm: owners: {not_used}\n" in told
    assert told.count("not used yet") == 1
    checked = closedloop("sources", "check", "crm", "--config", configuration).stdout
    assert f"ok owners: loaded and kept, and {not_used}" in checked


def _without_the_deals(folder: Path) -> None:
    (folder / "deals.csv").unlink()


def _with_a_misspelt_column(folder: Path) -> None:
    yml = folder / "closedloop.yml"
    yml.write_text(yml.read_text().replace("path: leads.csv", "path: leads.csv\n        columns: {source: orign}"))


def _with_an_unknown_entity(folder: Path) -> None:
    yml = folder / "closedloop.yml"
    yml.write_text(yml.read_text().replace("      deals:", "      deels:"))


def _with_broken_yaml(folder: Path) -> None:
    yml = folder / "closedloop.yml"
    yml.write_text(yml.read_text().replace("constants: {stage: mql}", "constants: {stage: mql"))


def _without_a_source(folder: Path) -> None:
    (folder / "closedloop.yml").write_text("reporting: {currency: IDR}\n")


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (_without_a_source, ["no source", "closedloop init"]),
        (_without_the_deals, ["deals.csv"]),
        (_with_a_misspelt_column, ["orign", "leads.csv"]),
        (_with_an_unknown_entity, ["deels", "line 10", "deals"]),
        (_with_broken_yaml, ["closedloop.yml", "line"]),
    ],
)
def test_a_mistake_is_told_once_and_leaves_the_publication_alone(
    company: tuple[Path, Path], tmp_path: Path, break_it: object, words: list[str]
) -> None:
    configuration, data = company
    folder = tmp_path / "company"
    shutil.copytree(configuration.parent, folder, ignore=shutil.ignore_patterns("data"))
    assert callable(break_it)
    break_it(folder)
    published = data / "published" / "closedloop.duckdb"
    before = (published.stat().st_ino, published.stat().st_mtime_ns)

    finished = closedloop("run", "--config", folder / "closedloop.yml", "--data", data, expect=1)

    message = finished.stdout + finished.stderr
    assert "Traceback" not in message
    assert message.count("To fix it") == 1
    for word in words:
        assert word in message
    assert (published.stat().st_ino, published.stat().st_mtime_ns) == before


def test_spark_without_java_is_told_before_anything_is_loaded(company: tuple[Path, Path], tmp_path: Path) -> None:
    configuration, _ = company
    finished = closedloop(
        "run", "--config", configuration, "--data", tmp_path, "--target", "spark", expect=1, JAVA_HOME=str(tmp_path)
    )
    message = finished.stdout + finished.stderr
    assert "Java is not installed" in message
    assert message.count("To fix it") == 1
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_a_killed_build_leaves_readers_the_old_publication_and_the_next_run_is_whole(
    company: tuple[Path, Path], tmp_path: Path
) -> None:
    configuration, undisturbed = company
    folder = tmp_path / "company"
    shutil.copytree(configuration.parent, folder, ignore=shutil.ignore_patterns("data"))
    (folder / "deals.csv").write_text("deal_id,created_at,closed_at,lead_ids,amount\n")
    arguments = ["run", "--config", str(folder / "closedloop.yml"), "--as-of", "2026-06-01"]
    closedloop(*arguments)
    published = folder / "data" / "published" / "closedloop.duckdb"
    old = marts(published)
    assert old["fct_deals"] == []
    shutil.copy(configuration.parent / "deals.csv", folder / "deals.csv")

    seen: list[int] = []
    stop = threading.Event()

    def read_all_the_time() -> None:
        while not stop.is_set():
            with duckdb.connect(str(published), read_only=True) as connection:
                seen.append(len(connection.execute("select * from marts.fct_deals").fetchall()))
            time.sleep(0.2)

    reader = threading.Thread(target=read_all_the_time)
    reader.start()
    try:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("closedloop")), *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # the build has begun once dbt writes what it runs
        compiled = folder / "data" / "runs" / "dbt" / "run" / "closedloop" / "models" / "intermediate"
        shutil.rmtree(compiled, ignore_errors=True)
        deadline = time.monotonic() + 120
        while not (compiled.exists() and any(compiled.rglob("int_journey*.sql"))):
            assert process.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < deadline, "the build did not begin"
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(1)
    finally:
        stop.set()
        reader.join()
    assert set(seen) == {0}
    assert marts(published) == old

    closedloop(*arguments)
    assert marts(published) == marts(undisturbed / "published" / "closedloop.duckdb")


def test_plain_dbt_build_works_from_the_root_after_a_run(company: tuple[Path, Path], tmp_path: Path) -> None:
    _, data = company
    copied = tmp_path / "data"
    copied.mkdir()
    shutil.copy(data / "warehouse.duckdb", copied / "warehouse.duckdb")
    finished = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "build", "--target-path", str(tmp_path / "target")],
        cwd=ROOT,
        env=os.environ | {"CLOSEDLOOP_DATA": str(copied), "DBT_LOG_PATH": str(tmp_path / "logs")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout
    with duckdb.connect(str(copied / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.fct_deals").fetchall() == [(10,)]


def test_the_definitions_validate_without_and_with_a_configuration(company: tuple[Path, Path], tmp_path: Path) -> None:
    configuration, data = company
    command = [str(Path(sys.executable).with_name("dagster")), "definitions", "validate"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CLOSEDLOOP_")}
    for environment in (
        {"CLOSEDLOOP_DATA": str(tmp_path)},
        {"CLOSEDLOOP_CONFIG": str(configuration), "CLOSEDLOOP_DATA": str(data)},
    ):
        finished = subprocess.run(
            command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True, check=False
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr


def test_what_lies_in_the_data_folder_is_its_owner_s_and_readers_get_what_is_published(demo_data: Path) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(demo_data) == 0o711
    published = demo_data / "published"
    for path in [path for path in demo_data.rglob("*") if not path.is_symlink()]:
        if path.name == ".done":  # the tests' own
            continue
        if path == published or published in path.parents:
            assert mode(path) == (0o755 if path.is_dir() else 0o444), path
        else:
            assert mode(path) & 0o077 == 0, path


def test_a_warehouse_that_everybody_could_read_is_closed_by_the_next_run(company: tuple[Path, Path]) -> None:
    configuration, data = company
    (data / "warehouse.duckdb").chmod(0o644)
    data.chmod(0o755)
    closedloop("check", "--config", configuration, "--data", data)
    assert stat.S_IMODE((data / "warehouse.duckdb").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o711


def test_a_folder_may_be_called_as_its_owner_likes(tmp_path: Path) -> None:
    folder = tmp_path / "it's; 100% {{x}} $HOME &c é"
    folder.mkdir()
    configuration = write_company(folder)
    closedloop("run", "--config", configuration, "--as-of", "2026-06-01")
    # again, with a manifest and a publication that are there
    closedloop("run", "--config", configuration, "--as-of", "2026-06-01")
    assert query(folder / "data", "select count(*) from marts.dim_leads") == [(1000,)]
    told = closedloop("run", "--config", configuration, "--data", tmp_path / "no #1", expect=1).stderr
    assert "the folder's name has #" in told


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("", "there is no statement"),
        ("select 1; select 2", "there are 2 statements"),
        ("selec 1", "syntax error"),
        ("select cast(channel as integer) from dim_channels", "Conversion Error"),
    ],
)
def test_a_query_that_is_none_is_answered_in_a_sentence(demo_data: Path, sql: str, words: str) -> None:
    told = closedloop("query", sql, "--data", demo_data, expect=1)
    assert words in told.stderr
    assert "the whole trace" not in told.stderr
    assert told.stdout == ""


def test_what_a_query_finds_is_neither_obeyed_nor_out_of_json(demo_data: Path) -> None:
    shown = closedloop("query", "select 'red' || chr(27) || '[31m' as text", "--data", demo_data).stdout
    assert "\x1b" not in shown
    found = closedloop(
        "query", "select 'nan'::double as x, ['inf'::double] as y", "--format", "json", "--data", demo_data
    )
    assert json.loads(found.stdout, parse_constant=pytest.fail) == [{"x": None, "y": [None]}]


def test_a_memory_limit_that_is_none_is_answered_in_a_sentence(demo_data: Path) -> None:
    told = closedloop("query", "select 1", "--data", demo_data, expect=1, CLOSEDLOOP_MEMORY_LIMIT="lots").stderr
    assert "found 'lots', which is no amount of memory" in told
    closedloop("query", "select 1", "--data", demo_data, CLOSEDLOOP_MEMORY_LIMIT="1.5 GiB")


def test_dbt_holds_as_much_in_memory_as_the_run() -> None:
    profile = yaml.safe_load((ROOT / "profiles.yml").read_text(encoding="utf-8"))
    given = profile["closedloop"]["outputs"]["duckdb"]["settings"]["memory_limit"]
    assert given == f"{{{{ env_var('{memory.VARIABLE}', '{memory.DEFAULT}') }}}}"


def test_a_published_file_that_is_damaged_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "closedloop.duckdb").write_text("no database")
    told = closedloop("query", "select 1", "--data", tmp_path, expect=1).stderr
    assert "the published file cannot be read" in told
    assert "the whole trace" not in told


@contextmanager
def held_to_write(file: Path) -> Iterator[None]:
    """Another process has the file open to read and write, as most tools open it unless they are told otherwise."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.programs.hold_a_file_to_write", file],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        yield
        holder.stdin.close()


def test_a_program_that_holds_the_published_file_to_write_keeps_nobody_out(own_company: Path) -> None:
    data = own_company.parent / "data"
    count = ("query", "select count(*) from dim_leads where lead_at is not null", "--format", "csv", "--data", data)
    file = data / "published" / "closedloop.duckdb"
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    file.chmod(0o644)  # whoever runs as root, or made it writable
    with held_to_write(file):
        assert closedloop(*count).stdout.splitlines()[1] == "995"
        told = closedloop("query", "copy (select 1 as x) to 'x.parquet'", "--data", data, expect=1).stderr
        assert "disabled" in told
        with published.open_publication(file) as con:  # as the page does
            assert {metric.name for metric in published.read_metrics(con)} >= {"leads", "mqls"}
        with (own_company.parent / "leads.csv").open("a") as leads:
            leads.write("L1001,2026-01-05 10:00:00,social\n")
        closedloop("run", "--config", own_company, "--as-of", "2026-06-01")
        assert closedloop(*count).stdout.splitlines()[1] == "996"
    assert query(data, "select count(*) from marts.dim_leads where lead_at is not null") == [(996,)]
    assert query(data, "select table_name from duckdb_tables() where table_name = 'scribbled'") == []


def test_a_damaged_warehouse_says_what_is_lost_and_how_to_go_on(own_company: Path) -> None:
    run = ("run", "--config", own_company, "--as-of", "2026-06-01")
    warehouse = own_company.parent / "data" / "warehouse.duckdb"
    warehouse.write_bytes(b"no database" * 1000)
    told = closedloop(*run, "--json", expect=1)
    assert "the warehouse is damaged" in json.loads(told.stdout)["error"]["what"]
    assert "move it away and run again" in told.stderr
    warehouse.rename(warehouse.with_suffix(".damaged"))
    closedloop(*run)
    assert query(own_company.parent / "data", "select count(*) from marts.dim_leads") == [(995,)]


def test_a_dbt_test_that_fails_says_what_was_to_hold_and_the_first_rows(tmp_path: Path) -> None:
    configuration = write_company(tmp_path, leads=20)
    # one round joins no chain of four
    (tmp_path / "leads.csv").write_text(
        "lead_id,created_at,email,phone\n"
        "1,2026-01-01,a@example.com,\n2,2026-01-02,a@example.com,+6281234567890\n"
        "3,2026-01-03,b@example.com,+6281234567890\n4,2026-01-04,b@example.com,+6281234567891\n"
        "5,2026-01-05,c@example.com,+6281234567891\n6,2026-01-06,c@example.com,+6281234567892\n"
        "7,2026-01-07,d@example.com,+6281234567892\n8,2026-01-08,d@example.com,\n"
    )
    run = ("run", "--config", configuration, "--as-of", "2026-06-01")
    told = closedloop(*run, "--vars", "{identity_rounds: 1}", expect=1).stderr
    assert "all records that carry an identifier have one label" in told
    assert "first: first_record_key" in told
    assert "example.com" not in told
    assert not re.search("[0-9a-f]{64}", told)
    assert "tests/data/identity_rounds_suffice.sql" in told
    closedloop(*run)
    assert query(tmp_path / "data", "select count(*) from marts.dim_leads where lead_at is not null") == [(1,)]


def test_the_longest_amount_is_reckoned_with_and_what_a_hundred_come_to_is_told(tmp_path: Path) -> None:
    configuration = tmp_path / "closedloop.yml"
    configuration.write_text(
        "reporting: {currency: IDR, time_zone: Asia/Jakarta}\n"
        "sources: {crm: {connector: files, resources: {deals: {path: deals.csv}, ad_spend: {path: spend.csv}}}}\n"
    )
    longest = "99999999999999.98"
    deals = tmp_path / "deals.csv"
    deals.write_text(
        f"deal_id,created_at,closed_at,amount,is_won,is_closed\n1,2026-01-01,2026-02-01,{longest},true,true\n"
    )
    (tmp_path / "spend.csv").write_text(
        f"date_day,last_day,account_id,currency,campaign_id,spend\n2026-01-01,2026-01-02,a,IDR,c,{longest}\n"
    )
    run = ("run", "--config", configuration, "--as-of", "2026-06-01")
    closedloop(*run)
    assert query(tmp_path / "data", "select sum(attributed_revenue) from marts.fct_revenue_attribution") == [
        (Decimal(longest),)
    ]
    assert query(tmp_path / "data", "select sum(spend) from marts.fct_ad_spend") == [(Decimal(longest),)]
    with deals.open("a") as file:
        file.writelines(f"{number},2026-01-01,2026-02-01,{longest},true,true\n" for number in range(2, 102))
    told = closedloop(*run, expect=1).stderr
    assert "numbers are too long to be reckoned with" in told
    assert "the longest of what was loaded: ad_spend.spend of crm (14 digits), deals.amount of crm (14 digits)" in told
    assert "takes an id for an amount" in told
