"""Publishing what a hand-made build left, and reading what came of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.configuration.run import Run
from orchestration.publication.candidate import make_candidate
from orchestration.publication.publish import Publication, publish
from tests.small_marts import AS_OF, new_small_run

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
