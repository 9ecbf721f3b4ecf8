"""The ledgers: what gate and publication remember from run to run, in schema `ledgers` of the warehouse.

What is published is the truth: a ledger takes over what it says, so that it moves exactly when readers do, and both
the warehouse and the publication can be lost without the memory, one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.publication.refusals import attach_last_publication

if TYPE_CHECKING:
    import duckdb

    from orchestration.configuration.context import Paths


@dataclass(frozen=True)
class Ledger:
    """A mart's memory: its table in schema `ledgers`, and the columns by which a row is known again."""

    table: str
    key: tuple[str, ...]


# By the mart that shows them.
LEDGERS = {
    "fct_quality_results": Ledger("ledgers.quality_results", ("run_id", "check_name", "table_name")),
    "fct_lead_definition_violations": Ledger("ledgers.violations", ("violation_key",)),
}


def create_ledgers(con: duckdb.DuckDBPyConnection) -> None:
    """Creates the ledgers that are missing. The connection is the warehouse's, with the candidate attached."""
    con.execute("create schema if not exists ledgers")
    for mart, ledger in LEDGERS.items():
        con.execute(f"create table if not exists {ledger.table} as from candidate.marts.{mart} limit 0")
    con.execute(
        "create table if not exists ledgers.waivers (run_id varchar, check_name varchar, reason varchar, until date)"
    )


def remember_publication(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    """Takes the last publication's rows into the ledgers, over those of the same key.

    It is done after each publication, and once more before the next, in case a run was killed in between. The
    connection is the warehouse's.
    """
    if not attach_last_publication(con, paths):
        return
    for mart, ledger in LEDGERS.items():
        # made anew, so that a column that the mart has gained is there as well
        con.execute(
            f"""
            create or replace table {ledger.table} as
            select * from published.marts.{mart}
            union all by name
            select * from {ledger.table}
            anti join published.marts.{mart} using ({", ".join(ledger.key)})
            order by all
            """  # noqa: S608 - names of this file
        )
    con.execute("detach published")


def fill_ledgers(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Writes the ledgers into the candidate: every result of the gate, and when each violation came and went.

    A violation that is gone stays listed, resolved at `now` (naive UTC); one that returns is open again and was first
    seen when it was. The connection is the warehouse's, with the candidate attached.
    """
    con.execute("delete from candidate.marts.fct_quality_results")
    con.execute("insert into candidate.marts.fct_quality_results by name from ledgers.quality_results order by all")
    con.execute(
        """
        create temp table violations as
        select
            present.* replace (
                coalesce(before.first_seen_at, $now) as first_seen_at,
                cast(null as timestamp) as resolved_at
            )
        from candidate.marts.fct_lead_definition_violations as present
        left join ledgers.violations as before on present.violation_key = before.violation_key
        union all by name
        select before.* replace (coalesce(before.resolved_at, $now) as resolved_at)
        from ledgers.violations as before
        anti join candidate.marts.fct_lead_definition_violations as present using (violation_key)
        """,
        {"now": now},
    )
    con.execute("delete from candidate.marts.fct_lead_definition_violations")
    con.execute("insert into candidate.marts.fct_lead_definition_violations by name from violations order by all")
