"""The publication: the checked candidate is swapped in, readers go on with the old file until they open the new one.

    published/current                   -> publications/<run_id>
    published/closedloop.duckdb         -> current/closedloop.duckdb
    published/parquet                   -> current/parquet
    published/publications/<run_id>/    closedloop.duckdb, parquet/<table>/<table>.parquet, publication.json

Readers open the second and the third name. The first is the only one that changes, in one step, so the file and the
Parquet are always of one publication.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.publication.candidate import attached_candidate, require_candidate
from orchestration.publication.ledgers import create_ledgers, fill_ledgers, remember_publication
from orchestration.publication.refusals import plain_errors
from orchestration.warehouse import open_warehouse
from reporting.status import PublicationStatus, publication_file
from storage.disk import flush, flush_tree, let_read, point
from storage.sql import quoted

if TYPE_CHECKING:
    import duckdb

    from orchestration.configuration.context import Paths
    from orchestration.configuration.run import Run

# Publications that are kept, the present one among them.
KEPT_PUBLICATIONS = 3

_FILE = "closedloop.duckdb"
_PARQUET = "parquet"


@dataclass(frozen=True)
class Publication:
    """What was published when (UTC), and how many rows each table has."""

    run_id: str
    published_at: datetime
    rows: dict[str, int]


def publish(run: Run) -> Publication:
    """Completes the candidate with the ledgers and makes it what readers see.

    The gate has let it through. Killed anywhere, it leaves the old publication or the new one, never a part. Raises
    NotBuiltError without a candidate, DiskError where the disk refuses.
    """
    require_candidate(run.paths)
    publications = _publications(run.paths)
    made, folder = publications / f".{run.run_id}", publications / run.run_id
    with plain_errors("nothing was published, and readers keep what they have", run.paths.published):
        _clear_leftovers(run.paths)
        rows = _complete(run, made / _PARQUET)
        shutil.move(run.paths.candidate_file, made / _FILE)
        publication = Publication(run.run_id, datetime.now(UTC).replace(microsecond=0), rows)
        _describe(run, publication, made)
        let_read(made)
        flush_tree(made)
        made.rename(folder)
        flush(publications)
        _swap(run.paths, folder)
    with plain_errors("published, but the ledgers or older publications could not be written", run.paths.data):
        with open_warehouse(run.paths) as con:
            remember_publication(con, run.paths)
        others = sorted(other for other in publications.iterdir() if other != folder)
        for old in others[: 1 - KEPT_PUBLICATIONS]:
            shutil.rmtree(old)
    return publication


def _publications(paths: Paths) -> Path:
    return paths.published / "publications"


def _current(paths: Paths) -> Path:
    return paths.published / "current"


def _clear_leftovers(paths: Paths) -> None:
    """Removes what killed runs left: half-made publications, and whole ones that no reader got to see."""
    publications = _publications(paths)
    publications.mkdir(parents=True, exist_ok=True)
    for folder in (paths.published, publications):
        folder.chmod(0o755)
    current = _current(paths).readlink().name if _current(paths).is_symlink() else ""
    for folder in publications.iterdir():
        if folder.name.startswith(".") or folder.name > current:
            shutil.rmtree(folder)


def _complete(run: Run, parquet: Path) -> dict[str, int]:
    """Fills the ledgers in and exports the marts; returns each table's rows."""
    with open_warehouse(run.paths) as con, attached_candidate(con, run.paths):
        create_ledgers(con)
        remember_publication(con, run.paths)
        fill_ledgers(con, run.context.now)
        con.execute("drop schema candidate.audit cascade")
        return {table: _export(con, table, parquet / table) for table in _tables(con)}


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


def _export(con: duckdb.DuckDBPyConnection, table: str, folder: Path) -> int:
    """Writes a table as Parquet; returns its rows."""
    folder.mkdir(parents=True)
    # the lowest level is as small here as the usual one, and a quarter faster
    copied = f"copy candidate.marts.{quoted(table)} to $file (format parquet, compression zstd, compression_level 1)"
    [(rows,)] = con.execute(copied, {"file": str(folder / f"{table}.parquet")}).fetchall()
    return int(rows)


def _describe(run: Run, publication: Publication, folder: Path) -> None:
    described = PublicationStatus(run_id=publication.run_id, published_at=publication.published_at, as_of=run.as_of)
    publication_file(folder).write_text(described.model_dump_json() + "\n", encoding="utf-8")


def _swap(paths: Paths, folder: Path) -> None:
    """Makes a publication the current one; the two names that readers open are laid the first time."""
    point(_current(paths), Path(folder.parent.name, folder.name))
    point(paths.published_file, Path(_current(paths).name, _FILE))
    point(paths.published / _PARQUET, Path(_current(paths).name, _PARQUET))
