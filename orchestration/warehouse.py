"""The warehouse file: opening it, the raw tables that always exist, and what a run tells the models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from orchestration.agreement.agreement import version_periods
from orchestration.errors import BusyError, ClosedloopError, DiskError, WarehouseError
from orchestration.sources.loads import LOADS_COLUMNS, LOADS_TABLE
from orchestration.sources.registry import CONNECTORS
from storage.sql import connect, declared, quoted

if TYPE_CHECKING:
    from orchestration.agreement.agreement import Agreement
    from orchestration.configuration.context import Paths
    from orchestration.configuration.run import Run

# What closedloop itself writes beside the sources' raw tables.
_OWN_TABLES: dict[str, dict[str, str]] = {
    # one row: what the models know of the run that builds them
    "raw_closedloop.run_settings": {
        "run_id": "VARCHAR",
        "as_of": "TIMESTAMP",
        "reporting_currency": "VARCHAR",
        "reporting_time_zone": "VARCHAR",
        "language": "VARCHAR",
        "models_version": "VARCHAR",  # tells whether models, seeds and vars are those of the last build
    },
    # the company's own domains, whose pages refer to each other
    "raw_closedloop.site_domains": {"domain": "VARCHAR"},
    # the versions of the agreement and the time in which each governs
    "raw_closedloop.agreement_periods": {"version": "VARCHAR", "starts_at": "TIMESTAMP", "ends_at": "TIMESTAMP"},
    LOADS_TABLE: LOADS_COLUMNS,
}
# Columns of raw tables by the names that older releases gave them.
_RENAMED = {"source_name": "source_system"}


@contextmanager
def open_warehouse(paths: Paths, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to `warehouse.duckdb` whose session is in UTC.

    Raises BusyError, DiskError or WarehouseError, by why it cannot be opened.
    """
    paths.data.mkdir(parents=True, exist_ok=True)
    try:
        connection = connect(paths.warehouse, read_only=read_only)
    except duckdb.Error as error:
        raise _cannot_open(paths, str(error)) from None
    with connection:
        yield connection


def _cannot_open(paths: Paths, said: str) -> ClosedloopError:
    """Why DuckDB does not open the warehouse, and how to go on."""
    where = str(paths.warehouse)
    if "lock" in said.lower():
        return BusyError(
            "another process holds the warehouse",
            where=where,
            fix="wait until it has ended, or close the program that has the file open",
        )
    if re.search("permission denied|read-only file system|no space left|cannot open file", said.lower()):
        return DiskError(
            f"the warehouse cannot be opened: {said.splitlines()[0]}",
            where=where,
            fix="free disk space or correct the permissions, then run again",
        )
    return WarehouseError(
        f"the warehouse is damaged: {said.splitlines()[0]}",
        where=where,
        fix="put a backup in its place; or move it away and run again: files are read anew and the ledgers come back "
        "from the last publication, and lost is only what the sources no longer have",
    )


def create_raw_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Creates every raw table of every connector, empty, where it is missing: so no model is ever switched off.

    A table that is there gains the columns that it lacks, and what they are called now.
    """
    tables = dict(_OWN_TABLES)
    for connector in CONNECTORS.values():
        tables |= connector.RAW_TABLES
    for schema in sorted({name.partition(".")[0] for name in tables}):
        con.execute(f"create schema if not exists {schema}")
    for name, columns in tables.items():
        con.execute(f"create table if not exists {name} ({declared(columns)})")
    # a table that an older release made has names of its own and lacks what it did not know
    there = _columns(con)
    for name in tables:
        for old, new in _RENAMED.items():
            if f"{name}.{old}" in there:
                con.execute(f"alter table {name} rename column {quoted(old)} to {quoted(new)}")
    there = _columns(con)
    for name, columns in tables.items():
        for column, type_ in columns.items():
            if f"{name}.{column}" not in there:
                con.execute(f"alter table {name} add column {quoted(column)} {type_}")


def _columns(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()")
    return {name for (name,) in rows.fetchall()}


def write_run_settings(con: duckdb.DuckDBPyConnection, run: Run, agreement: Agreement, models_version: str) -> None:
    """Tells the models the run's clock and how results are reported, so that plain `dbt build` repeats the run."""
    con.execute("begin")
    con.execute("delete from raw_closedloop.run_settings")
    con.execute(
        "insert into raw_closedloop.run_settings values (?, ?, ?, ?, ?, ?)",
        [
            run.run_id,
            run.context.now,
            run.reporting_currency,
            run.settings.reporting.time_zone,
            run.settings.reporting.language,
            models_version,
        ],
    )
    con.execute("delete from raw_closedloop.site_domains")
    con.execute(
        "insert into raw_closedloop.site_domains select distinct lower(unnest($domains::varchar[])) order by all",
        {"domains": run.settings.site_domains},
    )
    con.execute("delete from raw_closedloop.agreement_periods")
    con.executemany(
        "insert into raw_closedloop.agreement_periods values (?, ?, ?)",
        version_periods(agreement, run.settings.reporting.time_zone),
    )
    con.execute("commit")
