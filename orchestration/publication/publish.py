"""The publication: the checked candidate is swapped in, readers go on with the old file until they open the new one."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.errors import BuildError
from orchestration.publication.candidate import open_candidate, quoted

if TYPE_CHECKING:
    from orchestration.quality.gate import GateResult
    from orchestration.settings import Paths, Run

# Publications that are kept, the present one among them.
KEPT_PUBLICATIONS = 3


@dataclass(frozen=True)
class Publication:
    """What was published when (UTC), and how many rows each table has."""

    run_id: str
    published_at: datetime
    rows: dict[str, int]


def publish(run: Run, gate: GateResult) -> Publication:
    """Completes the candidate with the ledgers and makes it what readers see.

    Killed anywhere, it leaves the old publication or the new one, never a part. Raises GateStoppedError where a check
    blocks, BuildError where the disk refuses.
    """
    gate.raise_if_blocked()
    folder = run.paths.published / "publications" / run.run_id
    try:
        rows = _complete(run)
        _make_room(run.paths)
        folder.mkdir(parents=True, exist_ok=True)
        _export_parquet(run.paths, folder / "parquet")
        _flush(run.paths.candidate_file)
        run.paths.candidate_file.replace(folder / "closedloop.duckdb")
        _swap(run.paths, folder)
        _forget_old(run.paths, folder)
    except (OSError, duckdb.IOException) as error:
        raise BuildError(
            f"the publication could not be written: {error}",
            where=str(run.paths.published),
            fix="free disk space or correct the permissions, then run `closedloop publish`; readers keep the old one",
        ) from error
    return Publication(run.run_id, datetime.now(UTC).replace(microsecond=0), rows)


def _complete(run: Run) -> dict[str, int]:
    """Fills the ledgers in: all results of the gate so far, and when each violation was first seen and resolved.

    The memory of violations is the last publication itself, so it moves exactly when readers do.
    """
    now = run.as_of.replace(tzinfo=None)
    with open_candidate(run.paths) as con:
        con.execute("drop schema if exists candidate.audit cascade")
        con.execute(f"attach {quoted(run.paths.warehouse)} as warehouse (read_only)")
        con.execute("delete from candidate.marts.fct_quality_results")
        con.execute(
            "insert into candidate.marts.fct_quality_results by name select * from warehouse.ledgers.quality_results "
            "order by all"
        )
        if run.paths.published_file.exists():
            con.execute(f"attach {quoted(run.paths.published_file)} as published (read_only)")
            con.execute(
                """
                create temp table resolved as
                select before.* replace (coalesce(before.resolved_at, $now) as resolved_at)
                from published.marts.fct_lead_definition_violations as before
                anti join candidate.marts.fct_lead_definition_violations as present using (violation_key)
                """,
                {"now": now},
            )
            con.execute(
                """
                update candidate.marts.fct_lead_definition_violations as present
                set first_seen_at = before.first_seen_at
                from published.marts.fct_lead_definition_violations as before
                where present.violation_key = before.violation_key
                """
            )
            con.execute("insert into candidate.marts.fct_lead_definition_violations by name from resolved order by all")
        con.execute(
            """
            update candidate.marts.fct_lead_definition_violations
            set first_seen_at = $now
            where first_seen_at is null
            """,
            {"now": now},
        )
        tables = _tables(con)
        return {
            table: con.execute(f"select count(*) from candidate.marts.{table}").fetchall()[0][0]  # noqa: S608
            for table in tables
        }


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        """
        select table_name
        from duckdb_tables()
        where database_name = 'candidate' and schema_name = 'marts'
        order by table_name
        """
    ).fetchall()
    return [name for (name,) in rows]


def _export_parquet(paths: Paths, folder: Path) -> None:
    with open_candidate(paths) as con:
        for table in _tables(con):
            file = folder / table / f"{table}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            con.execute(f"copy candidate.marts.{table} to {quoted(file)} (format parquet)")


def _swap(paths: Paths, folder: Path) -> None:
    """Names the new publication what readers open: each name changes in one step."""
    fresh = paths.published / ".closedloop.duckdb.new"
    fresh.unlink(missing_ok=True)
    _link(folder / "closedloop.duckdb", fresh)
    fresh.replace(paths.published_file)

    parquet = paths.published / "parquet"
    fresh_link = paths.published / ".parquet.new"
    fresh_link.unlink(missing_ok=True)
    fresh_link.symlink_to(Path("publications") / folder.name / "parquet")
    fresh_link.replace(parquet)
    _flush(paths.published)


def _link(file: Path, name: Path) -> None:
    """A second name for the same file; a copy where the file system has no hard links."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copy2(file, name)
        _flush(name)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_room(paths: Paths) -> None:
    """Removes what a run that was killed left half made: a publication without its file."""
    publications = paths.published / "publications"
    for folder in publications.glob("*"):
        if not (folder / "closedloop.duckdb").exists():
            shutil.rmtree(folder)


def _forget_old(paths: Paths, newest: Path) -> None:
    kept = sorted((paths.published / "publications").iterdir(), key=lambda folder: folder.name)
    for folder in kept[:-KEPT_PUBLICATIONS]:
        if folder != newest:
            with suppress(FileNotFoundError):
                shutil.rmtree(folder)
