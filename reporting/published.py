"""What the pages ask of the published file, which is opened for each question and let go again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb

from storage.sql import connect, literal, quoted

PeriodType = Literal["week", "month", "quarter"]
PERIOD_TYPES: tuple[PeriodType, ...] = ("week", "month", "quarter")

# Which publication a file is: it changes when another one is swapped in.
Stamp = tuple[int, int]


# What metrics lack where an amount has no exchange rate, by the column of `metrics_shared` that counts such amounts.
_LACK: dict[str, tuple[str, ...]] = {
    "revenue_without_rate": (
        *("revenue", "attributed_revenue", "marketing_sourced_revenue", "marketing_influenced_revenue"),
        *("average_order_value", "return_on_ad_spend", "unattributed_share"),
    ),
    "pipeline_without_rate": ("pipeline",),
    "spend_without_rate": (
        *("spend", "paid_customer_acquisition_cost", "cost_per_lead", "cost_per_mql", "cost_per_sql"),
        *("cost_per_opportunity", "return_on_ad_spend"),
    ),
}

# Columns that publications of older releases lack, and what they are read as.
_ADDED: dict[str, dict[str, str]] = {
    "metrics_shared": dict.fromkeys(_LACK, "cast(0 as bigint)"),
    "fct_attribution": {"credit_rule": "''", "order_key": "cast(null as varchar)", "is_standing": "true"},
}

# Tables that they lack, and what they are read as.
_ADDED_TABLES = {
    "fct_orders": """
        select
            cast(null as varchar) as order_key,
            cast(null as varchar) as order_id,
            cast(null as varchar) as source_system,
            cast(null as varchar) as deal_key,
            cast(null as varchar) as status,
            cast(null as decimal(18, 2)) as amount,
            cast(null as varchar) as currency,
            cast(null as decimal(18, 2)) as amount_reporting
        where false
    """,
    "fct_stage_history": """
        select
            cast(null as varchar) as lead_key,
            cast(null as bigint) as cycle_number,
            cast(null as varchar) as stage,
            cast(null as timestamp) as entered_at,
            cast(null as timestamp) as left_at,
            cast(null as double) as days_in_stage,
            cast(null as boolean) as is_agreed,
            cast(null as boolean) as is_claimed,
            cast(null as varchar) as agreement_version
        where false
    """,
}


@dataclass(frozen=True)
class Metric:
    """A metric of the scoreboard, with the words of both languages."""

    name: str
    owner_team: str
    unit: str
    group: str
    better_when: str
    label: dict[str, str]
    explanation: dict[str, str]


@dataclass(frozen=True)
class Period:
    """A period of `metrics_shared`; a quiet one has no figure but zeros."""

    start: date
    is_complete: bool
    is_quiet: bool


@dataclass(frozen=True)
class Reading:
    """One metric in one period; None where it has no value. `before` is the period before.

    `lacking` amounts are not in the value, since their currency has no exchange rate.
    """

    metric: Metric
    value: Decimal | None
    before: Decimal | None
    lacking: int = 0


@dataclass(frozen=True)
class Caution:
    """A check that failed without stopping the publication, and how many rows broke it (None: not counted).

    `amounts` are what those rows come to, each with its currency, where they are missing in the sums.
    """

    check: str
    failing_rows: int | None
    amounts: tuple[tuple[Decimal, str], ...] = ()


def stamp(file: Path) -> Stamp | None:
    """Which publication lies there now; None without one."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


@contextmanager
def open_publication(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file, whose session is in UTC and in the schema of the marts."""
    with connect() as connection:
        attach_publication(connection, file)
        connection.execute("use published.marts")
        _complete(connection)
        yield connection


def _complete(con: duckdb.DuckDBPyConnection) -> None:
    """Lets a publication of an older release, which lacks columns and tables, be read as one of today."""
    there = con.execute("select table_name from duckdb_tables() union select view_name from duckdb_views()").fetchall()
    for table, empty in _ADDED_TABLES.items():
        if (table,) not in there:
            con.execute(f"create temp view {table} as {empty}")
    for table, columns in _ADDED.items():
        described = con.execute(f"select column_name from (describe {table})").fetchall()  # noqa: S608 - named above
        if missing := [f"{value} as {column}" for column, value in columns.items() if (column,) not in described]:
            con.execute(f"create temp view {table} as select *, {', '.join(missing)} from published.marts.{table}")  # noqa: S608


def attach_publication(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Attaches the published file for reading, as `published`; where another program holds it to write, its Parquet.

    The one way to open it: a connection to its path would be given the old file after a swap, where this process has
    that open already.
    """
    try:
        con.execute("attach ? as published (read_only)", [str(file)])
    except duckdb.IOException as error:
        if "Could not set lock" not in str(error):
            raise
        attach_parquet(con, file)


def attach_parquet(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Attaches the Parquet beside the published file as `published`, each table a view; no reader can lock it."""
    folder = file.resolve().with_name("parquet")  # through the link, so that all is of one publication
    tables = {path.name: path / f"{path.name}.parquet" for path in sorted(folder.iterdir())}
    # all that is left where a session may not reach out
    con.execute(f"set allowed_paths = [{', '.join(map(literal, tables.values()))}]")
    con.execute("attach ':memory:' as published")
    con.execute("create schema published.marts")
    for table, rows in tables.items():
        con.execute(f"create view published.marts.{quoted(table)} as from read_parquet({literal(rows)})")


def read_cautions(con: duckdb.DuckDBPyConnection) -> list[Caution]:
    """The checks that failed in the published run and that nobody waived.

    The published run is the last that the file knows of: ids sort by when a run began, whatever its clock said.
    """
    rows = con.execute(
        """
        select check_name, cast(sum(failing_rows) as bigint)
        from fct_quality_results
        where run_id = (select max(run_id) from fct_quality_results)
            and not is_passed
            and not is_waived
        group by check_name
        order by check_name
        """
    ).fetchall()
    return [Caution(check, count, _left_out(con) if check == "amounts_without_rate" else ()) for check, count in rows]


def _left_out(con: duckdb.DuckDBPyConnection) -> tuple[tuple[Decimal, str], ...]:
    """What the amounts without an exchange rate come to, by currency."""
    rows = con.execute(
        """
        with amounts as (
            select amount, currency from fct_deals where amount is not null and amount_reporting is null
            union all
            select amount, currency
            from fct_orders
            where
                amount is not null
                and amount_reporting is null
                and deal_key is null
                and status in ('paid', 'refunded')
            union all
            select spend, currency from fct_ad_spend where spend is not null and spend_reporting is null
        )
        select sum(amount), currency from amounts group by currency order by currency
        """
    ).fetchall()
    return tuple((amount, currency) for amount, currency in rows)


def read_metrics(con: duckdb.DuckDBPyConnection) -> list[Metric]:
    """The metrics that had a value other than zero, or lacked one, in any period, in the scoreboard's order."""
    counts = ", ".join(f"max({column})" for column in _LACK)
    most = con.execute(f"select {counts} from metrics_shared").fetchone() or ()  # noqa: S608 - columns that stand above
    lacking = [metric for metrics, count in zip(_LACK.values(), most, strict=True) if count for metric in metrics]
    rows = con.execute(
        f"""
        with sizes as (
            select max(abs(columns(* exclude (period_type, period_start_date, is_complete, {", ".join(_LACK)}))))
            from metrics_shared
        ),
        largest as (unpivot (select cast(columns(*) as double) from sizes) on columns(*) into name metric value size)
        select metric, owner_team, unit, metric_group, better_when, label_en, label_id, explanation_en, explanation_id
        from dim_metrics
        inner join largest using (metric)
        where size > 0 or metric in (select unnest($lacking))
        order by position, metric
        """,  # noqa: S608 - columns that stand above
        {"lacking": lacking},
    ).fetchall()
    return [
        Metric(name, team, unit, group, better_when, {"en": label_en, "id": label_id}, {"en": words_en, "id": words_id})
        for name, team, unit, group, better_when, label_en, label_id, words_en, words_id in rows
    ]


def read_not_computed(con: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """What the metrics are called, in both languages, that no model computes yet."""
    rows = con.execute("select label_en, label_id from dim_metrics where not is_computed order by position").fetchall()
    return [{"en": label_en, "id": label_id} for label_en, label_id in rows]


def read_periods(con: duckdb.DuckDBPyConnection, period_type: PeriodType) -> list[Period]:
    """The periods of one type, the newest first."""
    rows = con.execute(
        """
        select
            period_start_date,
            is_complete,
            coalesce(revenue, 0) = 0
            and coalesce(spend, 0) = 0
            and coalesce(leads, 0) = 0
            and coalesce(opportunities, 0) = 0
            and revenue_without_rate + pipeline_without_rate + spend_without_rate = 0 as is_quiet
        from metrics_shared
        where period_type = ?
        order by period_start_date desc
        """,
        [period_type],
    ).fetchall()
    return [Period(*row) for row in rows]


def read_scoreboard(
    con: duckdb.DuckDBPyConnection, metrics: Sequence[Metric], period_type: PeriodType, start: date, before: date | None
) -> list[Reading]:
    """Each metric in the period that begins at `start`, beside the one that begins at `before`."""
    cursor = con.execute(
        "select * from metrics_shared where period_type = ? and period_start_date in (?, ?)",
        [period_type, start, before],
    )
    names = [column[0] for column in cursor.description or []]
    periods = {
        row["period_start_date"]: row for row in (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    }
    now, then = periods[start], periods.get(before, {})
    return [
        Reading(
            metric,
            _decimal(now[metric.name]),
            _decimal(then.get(metric.name)),
            sum(now[column] for column, metrics_of_it in _LACK.items() if metric.name in metrics_of_it),
        )
        for metric in metrics
    ]


def read_revenue(con: duckdb.DuckDBPyConnection, period_type: PeriodType, start: date | None) -> Decimal:
    """The scoreboard's revenue of one period, or with None of all of them."""
    row: tuple[Any, ...] | None = con.execute(
        """
        select coalesce(sum(revenue), 0)
        from metrics_shared
        where period_type = $period_type and ($start is null or period_start_date = $start)
        """,
        {"period_type": period_type, "start": start},
    ).fetchone()
    return Decimal(row[0]) if row else Decimal(0)


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
