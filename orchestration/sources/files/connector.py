"""The `files` connector: CSV, JSONL, Parquet and XLSX files, mapped to canonical entities and read in bulk."""

# ruff: noqa: S608 - names go through `quoted`, values travel as parameters
from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.errors import ClosedloopError
from orchestration.sources.base import LoadResult, raw_table
from orchestration.sources.canonical import ENTITIES, Kind
from orchestration.sources.files.find import local_copy
from orchestration.sources.files.mapping import Mapping
from orchestration.sources.files.settings import FilesSource
from orchestration.sources.files.staging import (
    FILES_COLUMNS,
    STAGING,
    MappedFile,
    Resource,
    begin_staging,
    mapped_files,
    placed,
    resources_of,
    row_columns,
    stage_file,
    staged_counts,
)
from orchestration.sources.files.trial import check, preflight
from orchestration.sources.files.unread import REJECTED_COLUMNS, SKIPPED_COLUMNS, passed_over, rejections
from orchestration.sources.files.versions import told_of_versions
from orchestration.sources.identifiers import (
    DESTROYED_PHONE,
    IDENTIFIER_COLUMNS,
    IDENTIFIER_KINDS,
    EmailRules,
    add_identifiers,
    identifier_key,
)
from orchestration.sources.loads import record_load
from orchestration.sources.urls import URL_COLUMNS, add_urls
from storage.sql import listed, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.configuration.context import RunContext

# What a connector has, as orchestration/sources/base.py describes it.
__all__ = ["RAW_TABLES", "check", "load", "preflight", "resources"]

RAW_TABLES: dict[str, dict[str, str]] = {
    **{raw_table("files", entity.name): row_columns(entity) for entity in ENTITIES.values()},
    "raw_files._files": FILES_COLUMNS,
    "raw_files._rejected": REJECTED_COLUMNS,
    "raw_files._skipped": SKIPPED_COLUMNS,
    "raw_files._identifiers": IDENTIFIER_COLUMNS,
    "raw_files._urls": URL_COLUMNS,
}


def resources(source: FilesSource) -> list[str]:
    """The entities that this source delivers, in the order of loading."""
    return list(source.resources)


def load(con: DuckDBPyConnection, name: str, source: FilesSource, run: RunContext) -> Iterable[LoadResult]:
    """Loads what is new or changed of each resource, one transaction a resource.

    Raises InputError for a file that is missing or does not fit; what was loaded before it stays as it was.
    """
    for resource in resources_of(name, source, run):
        try:
            yield _load_resource(con, resource)
        except ClosedloopError as error:
            record_load(con, run, name, resource.entity.name, error=error.what)
            raise


def _load_resource(con: DuckDBPyConnection, resource: Resource) -> LoadResult:
    files = mapped_files(resource)
    begin_staging(con, resource.entity)
    known = _known_files(con, resource)
    staged: list[tuple[MappedFile, list[Mapping]]] = []
    for file in files:
        state = known.get(file.found.name)
        if mappings := _stage_if_changed(con, resource, file, state):
            staged.append((file, mappings))
    warnings = _absent_fields(resource, staged)
    gone = {file: state for file, state in known.items() if file not in {each.found.name for each in files}}
    paths = {entry.path for entry in resource.entries}
    warnings += [
        f"{file} is gone; its {state.rows_loaded:,} rows stay" for file, state in gone.items() if state.path in paths
    ]
    for file, _ in staged:
        warnings += _warnings_of_lines(con, file.found.name)
    warnings += _fewer_by_mapping(con, known)
    no_longer_configured = [file for file, state in gone.items() if state.path not in paths]
    con.execute("begin")
    try:
        warnings += _publish_staged(con, resource, no_longer_configured)
        loaded, rejected = staged_counts(con)
        record_load(
            con,
            resource.run,
            resource.source_system,
            resource.entity.name,
            rows_loaded=loaded,
            rows_rejected=rejected,
        )
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    total = con.execute(
        f"select count(*) from raw_files.{resource.entity.name} where source_system = ?", [resource.source_system]
    ).fetchone()
    for table in STAGING:
        con.execute(f"drop table {table}")
    return LoadResult(
        resource.source_system, resource.entity.name, loaded, rejected, total[0] if total else 0, tuple(warnings)
    )


@dataclass(frozen=True)
class _FileState:
    """What `raw_files._files` remembers of a file."""

    path: str
    size_bytes: int
    modified_at: datetime | None
    checksum: str
    mapping_hash: str
    rows_loaded: int


def _known_files(con: DuckDBPyConnection, resource: Resource) -> dict[str, _FileState]:
    rows = con.execute(
        "select file, path, size_bytes, modified_at, checksum, mapping_hash, rows_loaded from raw_files._files "
        "where source_system = ? and resource = ? order by file",
        [resource.source_system, resource.entity.name],
    ).fetchall()
    return {file: _FileState(*state) for file, *state in rows}


def _stage_if_changed(
    con: DuckDBPyConnection, resource: Resource, file: MappedFile, state: _FileState | None
) -> list[Mapping]:
    """Stages the file unless it is as it was; returns its mappings if it did."""
    found = file.found
    same_reading = state is not None and state.mapping_hash == file.mapping_hash and not resource.run.full_refresh
    same_stamp = state is not None and (state.size_bytes, state.modified_at) == (found.size_bytes, found.modified_at)
    if same_reading and same_stamp and found.modified_at is not None:
        return []
    with placed(resource, found.name), local_copy(found, resource.run.paths.work) as path:
        with path.open("rb") as content:
            checksum = hashlib.file_digest(content, "sha256").hexdigest()
        if same_reading and state is not None and state.checksum == checksum:
            con.execute(
                "update raw_files._files set modified_at = ? where source_system = ? and resource = ? and file = ?",
                [found.modified_at, resource.source_system, resource.entity.name, found.name],
            )
            return []
        mappings = stage_file(con, resource, file, path)
    loaded, rejected = staged_counts(con, found.name)
    con.execute(
        "insert into staged_files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            resource.source_system,
            resource.entity.name,
            found.name,
            file.entries[0].path,
            found.size_bytes,
            found.modified_at,
            checksum,
            file.mapping_hash,
            loaded,
            rejected,
            resource.run.run_id,
            resource.loaded_at,
        ],
    )
    return mappings


def _warnings_of_lines(con: DuckDBPyConnection, file: str) -> list[str]:
    """What of a staged file is not loaded: rows that cannot be read, and lines that are no rows."""
    warnings = []
    _, rejected = staged_counts(con, file)
    if rejected:
        reasons = "; ".join(what for _, what in rejections(con, file))
        warnings.append(f"{file}: {rejected:,} rows rejected, kept in raw_files._rejected: {reasons}")
    if told := passed_over(con, file):
        warnings.append(f"{file}: {told}; kept in raw_files._skipped")
    return warnings


def _fewer_by_mapping(con: DuckDBPyConnection, known: dict[str, _FileState]) -> list[str]:
    """Warnings of files that are as they were and give fewer rows, since they are read in another way."""
    staged = con.execute("select file, checksum, rows_loaded from staged_files order by file").fetchall()
    return [
        f"{file}: {loaded:,} rows where there were {known[file].rows_loaded:,}; "
        "the file is the same, so what closedloop.yml says of it has changed (columns, formats, values, where)"
        for file, checksum, loaded in staged
        if file in known and known[file].checksum == checksum and loaded < known[file].rows_loaded
    ]


def _absent_fields(resource: Resource, staged: list[tuple[MappedFile, list[Mapping]]]) -> list[str]:
    """Warnings of mapped fields that no record of the JSONL files read now has."""
    mappings = [mapping for _, its_mappings in staged for mapping in its_mappings]
    present = {column.name for mapping in mappings for column in mapping.columns if column.file_column}
    missing = {mapped for mapping in mappings for mapped in mapping.missing.items()}
    return [
        f"no record has the field '{field}', which is mapped to {resource.entity.name}.{column}"
        for column, field in sorted(missing)
        if column not in present
    ]


def _publish_staged(con: DuckDBPyConnection, resource: Resource, no_longer_configured: list[str]) -> list[str]:
    """Replaces the rows of the staged files, inside the caller's transaction; returns warnings."""
    entity = resource.entity
    gone = con.execute("select file from staged_files").fetchall()
    _delete_files(con, resource.source_system, entity.name, [*no_longer_configured, *(row[0] for row in gone)])
    columns = listed(RAW_TABLES[f"raw_files.{entity.name}"])
    con.execute(f"insert into raw_files.{entity.name} by name select {columns} from staged_rows where fault = 0")
    con.execute("insert into raw_files._rejected by name from staged_rejected")
    con.execute("insert into raw_files._skipped by name from staged_skipped")
    con.execute("insert into raw_files._files by name from staged_files")
    warnings = told_of_versions(con, entity, resource.source_system) if gone else []
    if urls := [column for column, kind in entity.columns.items() if kind is Kind.URL]:
        add_urls(con, "raw_files._urls", "(from staged_rows where fault = 0)", urls)
    return warnings + _publish_identifiers(con, resource)


def _delete_files(con: DuckDBPyConnection, source_system: str, resource: str, files: list[str]) -> None:
    parameters = {"source": source_system, "files": files}
    con.execute(
        f"delete from raw_files.{resource} where source_system = $source and _file in (select unnest($files))",
        parameters,
    )
    for table in ("_rejected", "_skipped", "_files"):
        con.execute(
            f"delete from raw_files.{table} where source_system = $source and resource = $resource "
            "and file in (select unnest($files))",
            {**parameters, "resource": resource},
        )


def _publish_identifiers(con: DuckDBPyConnection, resource: Resource) -> list[str]:
    columns = {column: kind for column, kind in resource.entity.columns.items() if kind in IDENTIFIER_KINDS}
    if not columns:
        return []
    given = " or ".join(f"{quoted(column)} is not null" for column in columns)
    needed = con.execute(
        f"select exists (from raw_files._identifiers) or exists (from staged_rows where fault = 0 and ({given}))"
    ).fetchone()
    if needed != (True,):
        return []
    key, was_made = identifier_key(resource.run.paths)
    rows = "(from staged_rows where fault = 0)"
    rules = EmailRules.of(resource.run.vars)
    replaced = add_identifiers(con, "raw_files._identifiers", rows, columns, key, resource.source.country, rules)
    warnings = _destroyed_phones(con, columns)
    if was_made:
        warnings.append(
            f"made a key for hashed e-mails and phones in {resource.run.paths.identifier_key_file}: "
            "keep a copy of it in a safe place"
        )
    if replaced:
        warnings.append(
            f"{replaced:,} phones without country code were read as of another country before: "
            "write them with + and the code"
        )
    return warnings


def _destroyed_phones(con: DuckDBPyConnection, columns: dict[str, Kind]) -> list[str]:
    """A warning where a spreadsheet took the phones for numbers and cut their digits off."""
    phones = [column for column, kind in columns.items() if kind is Kind.PHONE]
    if not phones:
        return []
    counts = [f"count(*) filter (regexp_full_match(trim({quoted(column)}), '{DESTROYED_PHONE}'))" for column in phones]
    [(destroyed,)] = con.execute(f"select {' + '.join(counts)} from staged_rows where fault = 0").fetchall()
    if not destroyed:
        return []
    return [
        f"{destroyed:,} phones were lost to a spreadsheet, which took them for numbers (6.28123E+12 lacks digits), "
        "and link nobody: format the column as text there, and export it again"
    ]
