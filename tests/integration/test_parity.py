"""Two engines, one project: the marts are the same from DuckDB and from Spark, row for row, in any order of the input.

They are those of the Olist funnel and, beside it, of a CRM whose exports have what goes wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

# Doubles agree within this; everything else is equal.
TOLERANCE = 1e-9

# what the gate and the publication remember of their runs
LEDGERS = {"fct_quality_results"}
LEDGER_COLUMNS = {"first_seen_at", "resolved_at"}


@pytest.fixture(scope="module")
def engines(awkward_data: Path, awkward_spark_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Both publications, attached as `duckdb_run` and `spark_run`."""
    with duckdb.connect(":memory:") as connection:
        for name, data in {"duckdb_run": awkward_data, "spark_run": awkward_spark_data}.items():
            connection.execute(f"attach '{data / 'published' / 'closedloop.duckdb'}' as {name} (read_only)")
        yield connection


def columns(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str, str, str | None]]:
    """(table, column, type, comment) of all marts, in order."""
    return connection.execute(
        """
        select table_name, column_name, data_type, comment
        from duckdb_columns()
        where database_name = ? and schema_name = 'marts'
        order by table_name, column_index
        """,
        [database],
    ).fetchall()


def test_both_engines_publish_the_same_tables_columns_types_and_comments(engines: duckdb.DuckDBPyConnection) -> None:
    found = columns(engines, "duckdb_run")
    assert len({table for table, *_ in found}) >= 20
    assert columns(engines, "spark_run") == found


def test_every_row_of_every_mart_is_the_same_from_both_engines(engines: duckdb.DuckDBPyConnection) -> None:
    types: dict[str, dict[str, str]] = {}
    for table, column, type_, _ in columns(engines, "duckdb_run"):
        if table not in LEDGERS and column not in LEDGER_COLUMNS:
            types.setdefault(table, {})[column] = type_
    compared = 0
    for table, kinds in types.items():
        exact = ", ".join(f'"{name}"' for name, type_ in kinds.items() if type_ != "DOUBLE")
        doubles = [name for name, type_ in kinds.items() if type_ == "DOUBLE"]
        # rows are paired by all that is exact; those that still share it, by their doubles
        numbered = (
            f"(select *, row_number() over (partition by {exact} order by "
            + ", ".join(f'"{name}"' for name in [*doubles, *kinds])
            + ") as pair from {}.marts."
            + table
            + ")"
        )
        pairs = " and ".join(f'a."{name}" is not distinct from b."{name}"' for name in kinds if name not in doubles)
        apart = " or ".join(
            f'(a."{name}" is null) != (b."{name}" is null) or abs(a."{name}" - b."{name}") > {TOLERANCE}'
            for name in doubles
        )
        [(rows, alone, off)] = engines.execute(
            f"""
            select
                count(*),
                count(*) filter (where a.pair is null or b.pair is null),
                count(*) filter (where a.pair is not null and b.pair is not null and ({apart or "false"}))
            from {numbered.format("duckdb_run")} as a
            full join {numbered.format("spark_run")} as b on {pairs} and a.pair = b.pair
            """
        ).fetchall()
        assert (table, alone, off) == (table, 0, 0)
        compared += rows
    assert compared > 100_000


def test_what_goes_wrong_is_there_to_be_compared(engines: duckdb.DuckDBPyConnection) -> None:
    found = engines.execute("select distinct violation_type from duckdb_run.marts.fct_lead_definition_violations")
    assert {kind for (kind,) in found.fetchall()} == {
        "ambiguous_reference",
        "shared_identifier",
        "stage_skipped",
        "unknown_stage",
        "won_before_first_contact",
    }
    pages = engines.execute(
        "select landing_page, referrer_host, term from spark_run.marts.fct_touchpoints where touchpoint_id = 't1'"
    )
    assert pages.fetchall() == [("https://x.example/a?utm_source=g", "google.com", "crm harga")]
    visits = engines.execute(
        "select touchpoint_id, lead_id, channel, campaign_match from spark_run.marts.fct_touchpoints "
        "join spark_run.marts.dim_leads using (lead_key) where touch_type in ('session', 'email_click') "
        "and touchpoint_id similar to '[wm][0-9]+' order by all"
    )
    assert visits.fetchall() == [
        ("m1", "3", "email", "none"),
        ("w1", "4", "paid_search", "name"),
        ("w12", "5", "ai_assistant", "none"),
        ("w13", "5", "paid_social", "campaign_id"),
        ("w3", "2", "direct", "none"),
        ("w4", "2", "direct", "none"),
        ("w5", "4", "paid_social", "click_id"),
        ("w6", "2", "organic_social", "none"),
        ("w8", "2", "email", "none"),
    ]
    money = engines.execute(
        "select coalesce(deal_id, order_id), entry_type, strftime(booked_at, '%m-%d'), revenue.amount "
        "from spark_run.marts.fct_revenue_events as revenue left join spark_run.marts.fct_deals using (deal_key) "
        "left join spark_run.marts.fct_orders as orders on revenue.order_key = orders.order_key "
        "where coalesce(deal_id, order_id) in "
        "('again', 'reopened', 'later', 'lost', 'o3', 'o4', 'o5', 'o6', 'o11', 'o12') order by all"
    )
    assert [(*row[:3], str(row[3])) for row in money.fetchall()] == [
        ("again", "booking", "04-20", "55.00"),
        ("again", "booking", "06-10", "50.00"),
        ("again", "refund", "05-01", "-5.55"),
        ("again", "refund", "05-10", "-49.45"),
        ("o11", "booking", "05-23", "11.00"),
        ("o11", "refund", "05-23", "-11.00"),
        ("o12", "booking", "05-24", "12.00"),
        ("o12", "refund", "05-24", "-1.20"),
        ("o3", "booking", "05-03", "30.01"),
        ("o5", "booking", "05-05", "50.00"),
        ("o5", "refund", "05-08", "-50.00"),
        ("o6", "booking", "06-05", "60.60"),
        ("o6", "refund", "07-06", "-20.20"),
        ("reopened", "booking", "06-20", "41.41"),
        ("reopened", "refund", "07-21", "-41.41"),
    ]
    chains = engines.execute(
        "select count(*), count(distinct lead_key) from spark_run.marts.dim_lead_ids where record_id like 'chain%'"
    )
    assert chains.fetchall() == [(20, 1)]
