"""Reading files into temporary tables: which rows fit, and which are rejected for what."""

# ruff: noqa: S608 - names go through `quoted`, values travel as parameters
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.errors import InputError, SourceUnavailableError
from orchestration.sources.canonical import ENDS, ENTITIES, LOAD_COLUMNS, Entity
from orchestration.sources.files.find import FoundFile, find_files
from orchestration.sources.files.mapping import Mapping, map_columns, mapping_problems, rows_sql
from orchestration.sources.files.notations import decide_notations
from orchestration.sources.files.open import open_file
from orchestration.sources.files.opened import OpenedFile
from orchestration.sources.files.settings import FileResource, FilesSource, entries
from orchestration.sources.files.unread import REJECTED_COLUMNS, SKIPPED_COLUMNS, stage_rejected, stage_skipped
from storage.sql import declared, listed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.configuration.context import RunContext

# Part of a file's state: raising it reads every file again, after a change in how texts are read.
_READING_VERSION = 5

# Columns of `raw_files._files`, a file's state: unchanged files are not read again.
FILES_COLUMNS: dict[str, str] = {
    "source_system": "VARCHAR",
    "resource": "VARCHAR",
    "file": "VARCHAR",
    "path": "VARCHAR",  # the setting that led to it
    "size_bytes": "BIGINT",
    "modified_at": "TIMESTAMP",
    "checksum": "VARCHAR",
    "mapping_hash": "VARCHAR",  # a changed mapping reads the file again
    "rows_loaded": "BIGINT",
    "rows_rejected": "BIGINT",
    "load_id": "VARCHAR",
    "loaded_at": "TIMESTAMP",
}


def row_columns(entity: Entity) -> dict[str, str]:
    """Columns and types of `raw_files.<entity>`."""
    # which of its times that end something are known by their day alone, separated by |
    ends = {"_day_alone": "VARCHAR"} if set(ENDS) & set(entity.columns) else {}
    return {**LOAD_COLUMNS, **ends, **{column: kind.duckdb_type for column, kind in entity.columns.items()}}


@dataclass(frozen=True)
class Resource:
    """One resource of one source in one run: what all its files have in common."""

    source_system: str
    source: FilesSource
    entity: Entity
    entries: list[FileResource]
    run: RunContext

    @property
    def time_zone(self) -> str:
        """Where times without an offset were written down."""
        return self.source.time_zone or self.run.time_zone

    @property
    def loaded_at(self) -> datetime:
        """The run's clock, naive UTC."""
        return self.run.now

    @property
    def base(self) -> Path:
        """The folder that relative paths start from."""
        return self.run.paths.resolve(".")

    def where(self, file: str | None = None) -> str:
        """The place that an error names."""
        place = f"source {self.source_system}, resource {self.entity.name}"
        return f"{place}, file {file}" if file else place


@dataclass(frozen=True)
class MappedFile:
    """A file with the entries that lead to it: it is loaded and replaced as a whole."""

    found: FoundFile
    entries: list[FileResource]
    mapping_hash: str


def resources_of(name: str, source: FilesSource, run: RunContext) -> Iterator[Resource]:
    """The source's resources in the order of loading."""
    for entity_name, given in source.resources.items():
        yield Resource(name, source, ENTITIES[entity_name], entries(given), run)


def mapped_files(resource: Resource) -> list[MappedFile]:
    """The files of a resource; raises InputError when an entry leads to none."""
    found: dict[str, FoundFile] = {}
    leading: dict[str, list[FileResource]] = {}
    for entry in resource.entries:
        with placed(resource):
            files = find_files(entry.path, resource.base)
        for file in files:
            found[file.name] = file
            known = leading.setdefault(file.name, [])
            if all(entry.model_copy(update={"path": other.path}) != other for other in known):
                known.append(entry)
    return [MappedFile(file, leading[name], _mapping_hash(resource, leading[name])) for name, file in found.items()]


def _mapping_hash(resource: Resource, leading: list[FileResource]) -> str:
    """Changes when the same file would be read differently."""
    mapping = [
        _READING_VERSION,
        resource.time_zone,
        resource.source.currency,
        resource.source.country,
        [entry.model_dump(exclude={"path"}) for entry in leading],
    ]
    return hashlib.sha256(json.dumps(mapping, sort_keys=True).encode()).hexdigest()


@contextmanager
def placed(resource: Resource, file: str | None = None) -> Iterator[None]:
    """Adds source and resource to where an error happened."""
    try:
        yield
    except (InputError, SourceUnavailableError) as error:
        raise type(error)(error.what, where=resource.where(file or error.where), fix=error.fix) from error.__cause__


@contextmanager
def open_entry(
    con: DuckDBPyConnection,
    resource: Resource,
    file: MappedFile,
    entry: FileResource,
    path: Path,
    *,
    fast: bool = False,
    limit: int | None = None,
) -> Iterator[tuple[OpenedFile, Mapping]]:
    """The file as an entry of closedloop.yml reads it; raises InputError when the mapping does not fit it."""
    with open_file(
        con,
        path,
        work=resource.run.paths.work,
        format=entry.format,
        delimiter=entry.delimiter,
        encoding=entry.encoding,
        sheet=entry.sheet,
        header=entry.header,
        fast=fast,
        limit=limit,
    ) as opened:
        mapping = _mapped(resource, file, entry, opened)
        if problems := mapping_problems(mapping, sparse=opened.format == "jsonl"):
            what, fix = problems[0]
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise InputError(what + more, where=str(path), fix=fix)
        _bind_where(con, mapping, opened, path)
        with _told_without_values(mapping, path):
            notations = decide_notations(con, opened.relation, mapping, entry)
            if notations.patterns:
                shown = entry.model_copy(update={"formats": entry.formats | notations.patterns})
                mapping = _mapped(resource, file, shown, opened)
            mapping = notations.applied(mapping)
        yield opened, mapping


def _mapped(resource: Resource, file: MappedFile, entry: FileResource, opened: OpenedFile) -> Mapping:
    return map_columns(
        resource.entity,
        entry,
        opened.columns,
        file_name=file.found.stem,
        has_number_cells=opened.format == "xlsx",
        time_zone=resource.time_zone,
        currency=resource.source.currency,
    )


def _bind_where(con: DuckDBPyConnection, mapping: Mapping, opened: OpenedFile, path: Path) -> None:
    """Lets DuckDB look at the `where` without reading a row: its complaint then names columns and quotes no value."""
    if mapping.where is None:
        return
    try:
        con.execute(f"explain select 1 from {opened.relation} where (\n{mapping.where}\n)")
    except duckdb.Error as error:
        complaint = str(error).partition("\n")[0]
        raise InputError(
            f"the `where` does not fit the file: {complaint}",
            where=str(path),
            fix="correct the expression; its names are the file's columns",
        ) from None


# Rows and states on their way, in temporary tables: an error there costs no transaction and leaves nothing behind.
STAGING = ("staged_rows", "staged_rejected", "staged_skipped", "staged_files")


def begin_staging(con: DuckDBPyConnection, entity: Entity) -> None:
    """Makes the staging tables, empty."""
    tables = {
        "staged_rows": {**row_columns(entity), "line": "BIGINT", "entry": "UTINYINT", "fault": "UTINYINT"},
        "staged_rejected": REJECTED_COLUMNS,
        "staged_skipped": SKIPPED_COLUMNS,
        "staged_files": FILES_COLUMNS,
    }
    for table, columns in tables.items():
        con.execute(f"create or replace temp table {table} ({declared(columns)})")


def stage_file(
    con: DuckDBPyConnection, resource: Resource, file: MappedFile, path: Path, *, limit: int | None = None
) -> list[Mapping]:
    """Reads a file (its copy at `path`) into the staging tables; returns its mappings, one an entry.

    All at once if nothing is wrong with it; else again, line by line, so that each fault has its line number.
    """
    if limit is None:
        try:
            mappings = _stage_entries(con, resource, file, path, fast=True)
        except InputError:
            mappings = []  # a broken line, or a `where` that fails: the second reading says which
        if mappings and not _has_faults(con, resource.entity, file.found.name):
            return mappings
        con.execute("delete from staged_rows where _file = ?", [file.found.name])
    return _stage_entries(con, resource, file, path, limit=limit)


def _has_faults(con: DuckDBPyConnection, entity: Entity, file: str) -> bool:
    rows = "from staged_rows where _file = $file"
    key = listed(entity.key)
    found = con.execute(
        f"select exists (select 1 {rows} and fault != 0) "
        f"or exists (select 1 {rows} group by {key} having count(*) > 1)",
        {"file": file},
    ).fetchone()
    return found == (True,)


def _stage_entries(
    con: DuckDBPyConnection,
    resource: Resource,
    file: MappedFile,
    path: Path,
    *,
    fast: bool = False,
    limit: int | None = None,
) -> list[Mapping]:
    mappings = []
    for index, entry in enumerate(file.entries):
        with open_entry(con, resource, file, entry, path, fast=fast, limit=limit) as (opened, mapping):
            if fast and (opened.broken or opened.skipped):
                return []  # the second reading says what they are
            with _told_without_values(mapping, path):
                _stage_rows(con, resource, file, index, mapping, opened)
                if not fast:
                    place = {**_load_parameters(resource, file), "resource": resource.entity.name, "entry": index}
                    stage_skipped(con, opened, place)
                    stage_rejected(con, mapping, opened, place)
            mappings.append(mapping)
    return mappings


@contextmanager
def _told_without_values(mapping: Mapping, path: Path) -> Iterator[None]:
    """DuckDB's complaint about a row quotes it, so it is not handed on."""
    try:
        yield
    except (duckdb.DataError, duckdb.ProgrammingError) as error:
        if mapping.where is None:
            what, fix = "the file cannot be read", "export it again"
        else:
            what, fix = "the `where` fails on a row", "let it bear any text: try_cast(...) in place of cast(...)"
        raise InputError(f"{what} ({type(error).__name__})", where=str(path), fix=fix) from None


def _stage_rows(
    con: DuckDBPyConnection, resource: Resource, file: MappedFile, index: int, mapping: Mapping, opened: OpenedFile
) -> None:
    columns = listed(column.name for column in mapping.columns)
    if any(column.name in ENDS for column in mapping.columns):
        columns += ", _day_alone"
    # where every record becomes a row, rows are counted: counting while reading would leave all cores but one idle
    counted_afterwards = opened.counts_serially and mapping.where is None
    con.execute(
        "insert into staged_rows by name select $source as source_system, $file as _file, "
        f"{'null::bigint' if counted_afterwards else 'record'} as _record_number, "
        f"$modified_at as _modified_at, $load_id as _load_id, $loaded_at as _loaded_at, {columns}, line, "
        f"$entry as entry, fault from ({rows_sql(mapping, opened.relation)})",
        {
            **_load_parameters(resource, file),
            "modified_at": file.found.modified_at or resource.loaded_at,
            "entry": index,
        },
    )
    if counted_afterwards:
        uncounted = "from staged_rows where _record_number is null"
        con.execute(
            f"update staged_rows set _record_number = rowid + 1 - (select min(rowid) {uncounted}) "
            "where _record_number is null"
        )


def _load_parameters(resource: Resource, file: MappedFile) -> dict[str, Any]:
    return {
        "source": resource.source_system,
        "file": file.found.name,
        "load_id": resource.run.run_id,
        "loaded_at": resource.loaded_at,
    }


def staged_counts(con: DuckDBPyConnection, file: str | None = None) -> tuple[int, int]:
    """Rows that fit and rows that are rejected, of one staged file or of all."""
    counts = con.execute(
        "select (select count(*) from staged_rows where fault = 0 and _file = coalesce($file, _file)), "
        "(select count(*) from staged_rejected where file = coalesce($file, file))",
        {"file": file},
    ).fetchone()
    return counts if counts else (0, 0)
