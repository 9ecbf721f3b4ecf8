"""What is published: the marts, their types and comments, the same for every engine and for older DuckDB."""

from __future__ import annotations

import json
import string
import subprocess
import venv
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.configuration.run import Run
from orchestration.errors import NotBuiltError
from orchestration.publication.candidate import make_candidate
from orchestration.publication.publish import publish
from tests.conftest import ROOT
from tests.integration.publication.publishing import (
    parquet_rows,
    publish_built,
    without_ledgers,
)
from tests.small_marts import build_by_hand, change, contracts, new_small_run, rows_of

# --- what is published ------------------------------------------------------------------------------------------------


def test_what_people_wrote_into_a_text_is_masked_in_the_file_and_in_the_parquet(tmp_path: Path) -> None:
    run = build_by_hand(
        tmp_path,
        "update marts.fct_deals set lost_reason = 'ask ani@example.com, +62 812 3456 7890' where deal_key = 'deal-3'",
    )
    publish_built(run)
    masked = [("ask (e-mail), (phone)",)]
    asked = "select lost_reason from {} where deal_key = 'deal-3'"
    with duckdb.connect(str(run.paths.published_file), read_only=True) as con:
        assert con.execute(asked.format("marts.fct_deals")).fetchall() == masked
        parquet = f"read_parquet('{run.paths.published}/parquet/fct_deals/*.parquet')"
        assert con.execute(asked.format(parquet)).fetchall() == masked


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


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
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


def test_the_rows_of_facts_lie_in_the_order_of_time(demo_data: Path) -> None:
    with duckdb.connect(str(demo_data / "published" / "closedloop.duckdb"), read_only=True) as con:
        for table, time in (("fct_touchpoints", "touched_at"), ("fct_attribution", "converted_at")):
            times = [row[0] for row in con.execute(f"select {time} from marts.{table}").fetchall()]
            assert len(set(times)) > 100
            assert times == sorted(times)


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
    files = [str(run.paths.published_file), str(run.paths.published / "parquet")]
    program = ROOT / "tests" / "programs" / "read_with_old_duckdb.py"
    finished = subprocess.run([python, program, *files], check=True, capture_output=True, text=True)
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
