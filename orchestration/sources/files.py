"""The `files` connector: CSV, JSONL, Parquet and XLSX files, mapped to canonical entities and read in bulk."""

# ruff: noqa: S608 - names go through `quoted`, values travel as parameters
from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import duckdb
from pydantic import Discriminator, Field, Tag, ValidationError, field_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from orchestration.errors import ClosedloopError, ConfigurationError, InputError
from orchestration.sources.base import Currency, Finding, LoadResult, Severity, StrictModel, TimeZone
from orchestration.sources.canonical import ENTITIES, LOAD_COLUMNS, Entity
from orchestration.sources.identifiers import IDENTIFIER_COLUMNS, IDENTIFIER_KINDS, add_identifiers, identifier_key
from orchestration.sources.kinds import currency_reading, format_problem, reading
from orchestration.sources.mapping import (
    REPEATED,
    Mapping,
    constant_text,
    faults_sql,
    map_columns,
    mapping_problems,
    rows_sql,
    where_problem,
)
from orchestration.sources.readers import (
    FileFormat,
    FoundFile,
    OpenedFile,
    find_files,
    local_copy,
    open_file,
    quoted,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.settings import Run

Scalar = str | bool | int | float

# The stages that a lead's claim may name (`agreement.md`); `check` lists the others.
_LEAD_STAGES = ("lead", "mql", "sql", "opportunity", "customer", "disqualified", "recycled")

_SAMPLE_RECORDS = 1000
_LINES_NAMED = 10

# Part of a file's state: raising it reads every file again, after a change in how texts are read.
_READING_VERSION = 1


class FileResource(StrictModel):
    """One entity from one file, glob, folder or object-store URL."""

    path: str = Field(description="a file, a glob, a folder, or an object-store URL; relative to closedloop.yml")
    columns: dict[str, str] = Field(default_factory=dict, description="canonical column: the file's column")
    formats: dict[str, str] = Field(
        default_factory=dict,
        description='canonical column: strptime pattern of a time or date, or "1.234,56" for a decimal comma',
    )
    values: dict[str, dict[str, Scalar | None]] = Field(
        default_factory=dict, description="canonical column: {the file's value: ours}; null empties it"
    )
    constants: dict[str, Scalar] = Field(
        default_factory=dict, description="canonical column: a value that every row gets"
    )
    where: str | None = Field(default=None, description="a DuckDB expression over the file's columns")
    format: FileFormat | None = Field(
        default=None, description="csv, jsonl, parquet or xlsx; else by the file's ending"
    )
    delimiter: str | None = Field(default=None, description="CSV only; found by itself when left out")
    encoding: str | None = Field(default=None, description="CSV and JSONL; found by itself when left out")
    sheet: str | None = Field(default=None, description="XLSX only; the first sheet when left out")

    @field_validator("values", mode="before")
    @classmethod
    def _values_are_texts(cls, values: Any) -> Any:
        """YAML reads `yes:` and `1:` as a boolean and a number, but files hold texts."""
        if not isinstance(values, dict):
            return values
        return {column: _text_keys(named) if isinstance(named, dict) else named for column, named in values.items()}

    @field_validator("constants", mode="before")
    @classmethod
    def _dates_are_texts(cls, constants: Any) -> Any:
        if not isinstance(constants, dict):
            return constants
        return {
            column: value.isoformat() if isinstance(value, date | datetime) else value
            for column, value in constants.items()
        }

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise ValueError(r'a delimiter is one character, such as ";" or "\t"')
        return delimiter

    @field_validator("where")
    @classmethod
    def _one_expression(cls, where: str | None) -> str | None:
        if where is not None and (problem := where_problem(where)):
            raise ValueError(f"`where` takes one DuckDB expression: {problem}")
        return where


def _text_keys(named: dict[Any, Any]) -> dict[str, Any]:
    for key in named:
        if key is None or isinstance(key, bool):
            raise ValueError(
                "YAML reads an unquoted yes, no, true, false or null as something else than text: quote it"
            )
    return {str(key): value for key, value in named.items()}


def _one_or_several(value: Any) -> str:
    return "several" if isinstance(value, list) else "one"


class FilesSource(StrictModel):
    """A source of connector `files` in `closedloop.yml`."""

    connector: Literal["files"]
    time_zone: TimeZone | None = Field(
        default=None, description="IANA zone of times without an offset; else reporting's"
    )
    currency: Currency | None = Field(default=None, description="ISO 4217, for amounts whose row names none")
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        default=None, description="ISO 3166 alpha-2, for phone numbers without a country code"
    )
    resources: dict[
        str,
        Annotated[
            Annotated[FileResource, Tag("one")] | Annotated[list[FileResource], Tag("several")],
            Discriminator(_one_or_several),
        ],
    ]

    @field_validator("resources")
    @classmethod
    def _names_are_known(cls, resources: dict[str, Any]) -> dict[str, Any]:
        mistakes = [mistake for name, given in resources.items() for mistake in _mistakes(name, given)]
        if mistakes:
            raise ValidationError.from_exception_data(cls.__name__, mistakes)
        return resources


def _mistakes(name: str, given: FileResource | list[FileResource]) -> list[InitErrorDetails]:
    """What only the entity can tell to be wrong in a resource, each at its own place in the document."""

    def mistake(message: str, found: Any, *place: str | int) -> InitErrorDetails:
        # braces would be taken for placeholders
        template = message.replace("{", "{{").replace("}", "}}")
        return InitErrorDetails(type=PydanticCustomError("mapping", template), loc=(name, *place), input=found)

    entity = ENTITIES.get(name)
    if entity is None:
        return [mistake(f"unknown entity '{name}'; allowed: {', '.join(ENTITIES)}", name)]
    mistakes = []
    for index, resource in enumerate(_entries(given)):
        place: tuple[str | int, ...] = (index,) if isinstance(given, list) else ()
        for part in ("columns", "formats", "values", "constants"):
            for column, value in getattr(resource, part).items():
                if column not in entity.columns:
                    allowed = ", ".join(entity.columns)
                    mistakes.append(
                        mistake(f"{name} has no column '{column}'; allowed: {allowed}", column, *place, part, column)
                    )
                elif part == "formats" and (problem := format_problem(entity.columns[column], value)):
                    mistakes.append(mistake(problem, value, *place, part, column))
                elif part == "constants" and column in resource.columns:
                    mistakes.append(mistake("both mapped and a constant", value, *place, part, column))
                elif part == "constants" and not _constant_fits(entity, column, value):
                    mistakes.append(mistake(f"that is no {entity.columns[column]}", value, *place, part, column))
    return mistakes


def _constant_fits(entity: Entity, column: str, value: Scalar) -> bool:
    read = currency_reading("text") if column == "currency" else reading(entity.columns[column], "text")
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        found = con.execute(f"select ({read.value}) is not null from (select ? as text)", [constant_text(value)])
        return found.fetchone() == (True,)


def _entries(given: FileResource | list[FileResource]) -> list[FileResource]:
    return given if isinstance(given, list) else [given]


RAW_TABLES: dict[str, dict[str, str]] = {
    f"raw_files.{entity.name}": {
        **LOAD_COLUMNS,
        **{column: kind.duckdb_type for column, kind in entity.columns.items()},
    }
    for entity in ENTITIES.values()
} | {
    # a file's state: unchanged files are not read again
    "raw_files._files": {
        "source_name": "VARCHAR",
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
    },
    "raw_files._rejected": {
        "source_name": "VARCHAR",
        "resource": "VARCHAR",
        "file": "VARCHAR",
        "line": "BIGINT",  # physical line in the file, 1 = the first
        "column_name": "VARCHAR",  # canonical; null when the whole line is broken
        "value": "VARCHAR",
        "reason": "VARCHAR",
        "payload": "VARCHAR",  # the whole row as JSON
        "load_id": "VARCHAR",
        "loaded_at": "TIMESTAMP",
    },
    "raw_files._identifiers": IDENTIFIER_COLUMNS,
}


# --- what is there to be read


@dataclass(frozen=True)
class _Resource:
    """One resource of one source in one run: what all its files have in common."""

    source_name: str
    source: FilesSource
    entity: Entity
    entries: list[FileResource]
    run: Run

    @property
    def time_zone(self) -> str:
        return self.source.time_zone or self.run.settings.reporting.time_zone

    @property
    def loaded_at(self) -> datetime:
        """The run's clock, naive UTC."""
        return self.run.as_of.replace(tzinfo=None)

    @property
    def base(self) -> Path:
        """The folder that relative paths start from."""
        return self.run.paths.resolve(".")

    def where(self, file: str | None = None) -> str:
        """The place that an error names."""
        place = f"source {self.source_name}, resource {self.entity.name}"
        return f"{place}, file {file}" if file else place

    def mapping(self, entry: FileResource, opened: OpenedFile) -> Mapping:
        return map_columns(self.entity, entry, opened.columns, time_zone=self.time_zone, currency=self.source.currency)


@dataclass(frozen=True)
class _MappedFile:
    """A file with the entries that lead to it: it is loaded and replaced as a whole."""

    found: FoundFile
    entries: list[FileResource]
    mapping_hash: str


def _resources(name: str, source: FilesSource, run: Run) -> Iterator[_Resource]:
    for entity_name, given in source.resources.items():
        yield _Resource(name, source, ENTITIES[entity_name], _entries(given), run)


def _mapped_files(resource: _Resource) -> list[_MappedFile]:
    """The files of a resource; raises InputError when an entry leads to none."""
    found: dict[str, FoundFile] = {}
    entries: dict[str, list[FileResource]] = {}
    for entry in resource.entries:
        with _placed(resource):
            files = find_files(entry.path, resource.base)
        for file in files:
            found[file.name] = file
            entries.setdefault(file.name, []).append(entry)
    return [_MappedFile(file, entries[name], _mapping_hash(resource, entries[name])) for name, file in found.items()]


def _mapping_hash(resource: _Resource, entries: list[FileResource]) -> str:
    """Changes when the same file would be read differently."""
    mapping = [
        _READING_VERSION,
        resource.time_zone,
        resource.source.currency,
        resource.source.country,
        [entry.model_dump(exclude={"path"}) for entry in entries],
    ]
    return hashlib.sha256(json.dumps(mapping, sort_keys=True).encode()).hexdigest()


@contextmanager
def _placed(resource: _Resource, file: str | None = None) -> Iterator[None]:
    """Adds source and resource to where an InputError happened."""
    try:
        yield
    except InputError as error:
        raise InputError(error.what, where=resource.where(file or error.where), fix=error.fix) from error.__cause__


def _open(con: DuckDBPyConnection, path: Path, entry: FileResource, **how: Any) -> Any:
    return open_file(
        con, path, format=entry.format, delimiter=entry.delimiter, encoding=entry.encoding, sheet=entry.sheet, **how
    )


def _raise_problems(resource: _Resource, file: str, mapping: Mapping, *, sparse: bool) -> None:
    if problems := mapping_problems(mapping, sparse=sparse):
        what, fix = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(what + more, where=resource.where(file), fix=fix)


# --- preflight and check


def resources(source: FilesSource) -> list[str]:
    """The entities that this source delivers, in the order of loading."""
    return list(source.resources)


def preflight(name: str, source: FilesSource, run: Run) -> None:
    """Raises InputError or ConfigurationError for what `load` would only find on its way.

    That is: a file that is missing, empty or no such format, a mapped column that it lacks, a required one that
    nothing gives, a `where` that does not fit. Reads heads of files only (of an object store: whether they exist).
    """
    problems = _problems(name, source, run)
    if problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more in this source)" if len(problems) > 1 else ""
        raise type(first)(first.what + more, where=first.where, fix=first.fix)


def _problems(name: str, source: FilesSource, run: Run) -> list[ClosedloopError]:
    problems: list[ClosedloopError] = []
    with duckdb.connect() as con:
        if problem := _country_problem(name, source):
            problems.append(problem)
        for resource in _resources(name, source, run):
            try:
                files = _mapped_files(resource)
            except InputError as error:
                problems.append(error)
                continue
            for file in files:
                if file.found.is_remote:
                    continue
                for entry in file.entries:
                    try:
                        _try_head(con, resource, file, entry)
                    except ClosedloopError as error:
                        problems.append(error)
    return problems


def _country_problem(name: str, source: FilesSource) -> ConfigurationError | None:
    # Imported here: only a source that names a country needs it.
    import phonenumbers

    if source.country is None or source.country in phonenumbers.SUPPORTED_REGIONS:
        return None
    return ConfigurationError(
        f"there are no phone numbers of country '{source.country}'",
        where=f"source {name}, field country",
        fix="write its ISO 3166 code of two letters, such as ID or GB",
    )


def _try_head(con: DuckDBPyConnection, resource: _Resource, file: _MappedFile, entry: FileResource) -> None:
    with (
        _placed(resource, file.found.name),
        _open(con, Path(file.found.location), entry, limit=_SAMPLE_RECORDS) as opened,
    ):
        mapping = resource.mapping(entry, opened)
        _raise_problems(resource, file.found.name, mapping, sparse=opened.format == "jsonl")
        _bind(con, resource, file.found.name, mapping, opened)


def _bind(con: DuckDBPyConnection, resource: _Resource, file: str, mapping: Mapping, opened: OpenedFile) -> None:
    """Lets DuckDB look at the `where` without reading a row: its complaint then names columns and quotes no value."""
    if mapping.where is None:
        return
    try:
        con.execute(f"explain select 1 from {opened.relation} where (\n{mapping.where}\n)")
    except duckdb.Error as error:
        complaint = str(error).partition("\n")[0]
        raise InputError(
            f"the `where` does not fit the file: {complaint}",
            where=resource.where(file),
            fix="correct the expression; its names are the file's columns",
        ) from None


def check(name: str, source: FilesSource, run: Run) -> list[Finding]:
    """What is wrong, and what the first 1,000 rows of each file show; writes nothing."""
    problems = _problems(name, source, run)
    if problems:
        return [Finding(Severity.ERROR, name, f"{problem.where}: {problem.what}", problem.fix) for problem in problems]
    findings: list[Finding] = []
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        for resource in _resources(name, source, run):
            for file in _mapped_files(resource):
                findings += _sample_findings(con, resource, file)
    return findings


def _sample_findings(con: DuckDBPyConnection, resource: _Resource, file: _MappedFile) -> list[Finding]:
    name = resource.entity.name
    _begin_staging(con, resource.entity)
    mappings = _stage_file(con, resource, file, limit=_SAMPLE_RECORDS)
    loaded, rejected = _staged_counts(con, file.found.name)
    findings = [
        Finding(
            Severity.WARNING,
            name,
            f"{file.found.name}: of the first {loaded + rejected:,} rows {count:,} would be rejected: {what}",
            "correct the file or the mapping; rejected rows are left out, the rest is loaded",
        )
        for count, what in _rejections(con, file.found.name)
    ]
    if name in ("leads", "lead_stage_history"):
        findings += _unknown_stages(con, name, file.found.name)
    if not findings:
        unused = sorted(set.intersection(*(set(mapping.unused) for mapping in mappings)))
        not_used = f"; not used: {', '.join(unused)}" if unused else ""
        findings.append(Finding(Severity.OK, name, f"{file.found.name}: the first {loaded:,} rows fit{not_used}"))
    return findings


def _unknown_stages(con: DuckDBPyConnection, resource: str, file: str) -> list[Finding]:
    unknown = con.execute(
        "select stage, count(*) from staged_rows where fault = 0 and stage is not null and stage not in "
        "(select unnest($stages)) group by stage order by count(*) desc, stage",
        {"stages": list(_LEAD_STAGES)},
    ).fetchall()
    return [
        Finding(
            Severity.WARNING,
            resource,
            f"{file}: the stage '{stage}' ({count:,} of the first rows) is none of {', '.join(_LEAD_STAGES)}",
            f"values: {{stage: {{{json.dumps(stage, ensure_ascii=False)}: {_nearest_stage(stage)}}}}}",
        )
        for stage, count in unknown
    ]


def _nearest_stage(stage: str) -> str:
    folded = stage.casefold()
    named = [ours for ours in _LEAD_STAGES if ours in folded]
    return (named or difflib.get_close_matches(folded, _LEAD_STAGES, n=1, cutoff=0) or ["lead"])[-1]


# --- load


def load(con: DuckDBPyConnection, name: str, source: FilesSource, run: Run) -> Iterable[LoadResult]:
    """Loads what is new or changed of each resource, one transaction a resource.

    Raises InputError for a file that is missing or does not fit; what was loaded before it stays as it was.
    """
    for resource in _resources(name, source, run):
        try:
            yield _load_resource(con, resource)
        except ClosedloopError as error:
            _log_load(con, resource, 0, 0, error.what)
            raise


def _load_resource(con: DuckDBPyConnection, resource: _Resource) -> LoadResult:
    files = _mapped_files(resource)
    _begin_staging(con, resource.entity)
    known = _known_files(con, resource)
    staged: list[tuple[_MappedFile, list[Mapping]]] = []
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
        warnings += _rejection_warnings(con, file.found.name)
    no_longer_configured = [file for file, state in gone.items() if state.path not in paths]
    con.execute("begin")
    try:
        warnings += _publish_staged(con, resource, no_longer_configured)
        loaded, rejected = _staged_counts(con)
        _log_load(con, resource, loaded, rejected, None)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    total = con.execute(
        f"select count(*) from raw_files.{resource.entity.name} where source_name = ?", [resource.source_name]
    ).fetchone()
    for table in _STAGING:
        con.execute(f"drop table {table}")
    return LoadResult(
        resource.source_name, resource.entity.name, loaded, rejected, total[0] if total else 0, tuple(warnings)
    )


def _log_load(
    con: DuckDBPyConnection, resource: _Resource, rows_loaded: int, rows_rejected: int, error: str | None
) -> None:
    con.execute(
        "insert into raw_closedloop.loads values (?, ?, ?, ?, ?, ?, ?)",
        [
            resource.source_name,
            resource.entity.name,
            resource.run.run_id,
            resource.loaded_at,
            rows_loaded,
            rows_rejected,
            error,
        ],
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


def _known_files(con: DuckDBPyConnection, resource: _Resource) -> dict[str, _FileState]:
    rows = con.execute(
        "select file, path, size_bytes, modified_at, checksum, mapping_hash, rows_loaded from raw_files._files "
        "where source_name = ? and resource = ? order by file",
        [resource.source_name, resource.entity.name],
    ).fetchall()
    return {file: _FileState(*state) for file, *state in rows}


def _stage_if_changed(
    con: DuckDBPyConnection, resource: _Resource, file: _MappedFile, state: _FileState | None
) -> list[Mapping]:
    """Stages the file unless it is as it was; returns its mappings if it did."""
    found = file.found
    same_reading = state is not None and state.mapping_hash == file.mapping_hash and not resource.run.full_refresh
    same_stamp = state is not None and (state.size_bytes, state.modified_at) == (found.size_bytes, found.modified_at)
    if same_reading and same_stamp and found.modified_at is not None:
        return []
    with _placed(resource, found.name), local_copy(found) as path:
        with path.open("rb") as content:
            checksum = hashlib.file_digest(content, "sha256").hexdigest()
        if same_reading and state is not None and state.checksum == checksum:
            con.execute(
                "update raw_files._files set modified_at = ? where source_name = ? and resource = ? and file = ?",
                [found.modified_at, resource.source_name, resource.entity.name, found.name],
            )
            return []
        mappings = _stage_entries_of(con, resource, file, path, None)
    loaded, rejected = _staged_counts(con, found.name)
    con.execute(
        "insert into staged_files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            resource.source_name,
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


# Rows and states on their way, in temporary tables: an error there costs no transaction and leaves nothing behind.
_STAGING = ("staged_rows", "staged_rejected", "staged_files")


def _begin_staging(con: DuckDBPyConnection, entity: Entity) -> None:
    tables = {
        "staged_rows": {
            **RAW_TABLES[f"raw_files.{entity.name}"],
            "line": "BIGINT",
            "entry": "UTINYINT",
            "fault": "UTINYINT",
        },
        "staged_rejected": RAW_TABLES["raw_files._rejected"],
        "staged_files": RAW_TABLES["raw_files._files"],
    }
    for table, columns in tables.items():
        declared = ", ".join(f"{quoted(column)} {type_}" for column, type_ in columns.items())
        con.execute(f"create or replace temp table {table} ({declared})")


def _stage_file(
    con: DuckDBPyConnection, resource: _Resource, file: _MappedFile, *, limit: int | None = None
) -> list[Mapping]:
    with _placed(resource, file.found.name), local_copy(file.found) as path:
        return _stage_entries_of(con, resource, file, path, limit)


def _stage_entries_of(
    con: DuckDBPyConnection, resource: _Resource, file: _MappedFile, path: Path, limit: int | None
) -> list[Mapping]:
    """Reads a file into the staging tables: all at once if nothing is wrong with it, else again, line by line."""
    if limit is None:
        try:
            mappings = _stage_entries(con, resource, file, path, fast=True)
        except (duckdb.DataError, duckdb.ProgrammingError):
            mappings = []  # a broken line, or a `where` that fails: the second reading tells
        if mappings and not _has_faults(con, resource.entity, file.found.name):
            return mappings
        con.execute("delete from staged_rows where _file = ?", [file.found.name])
    return _stage_entries(con, resource, file, path, limit=limit)


def _has_faults(con: DuckDBPyConnection, entity: Entity, file: str) -> bool:
    rows = "from staged_rows where _file = $file"
    key = ", ".join(quoted(column) for column in entity.key)
    found = con.execute(
        f"select exists (select 1 {rows} and fault != 0) "
        f"or exists (select 1 {rows} group by {key} having count(*) > 1)",
        {"file": file},
    ).fetchone()
    return found == (True,)


def _stage_entries(
    con: DuckDBPyConnection,
    resource: _Resource,
    file: _MappedFile,
    path: Path,
    *,
    fast: bool = False,
    limit: int | None = None,
) -> list[Mapping]:
    mappings = []
    for index, entry in enumerate(file.entries):
        with _open(con, path, entry, fast=fast, limit=limit) as opened:
            mapping = resource.mapping(entry, opened)
            _raise_problems(resource, file.found.name, mapping, sparse=opened.format == "jsonl")
            _bind(con, resource, file.found.name, mapping, opened)
            if fast:
                _stage_rows(con, resource, file, index, mapping, opened)
            else:
                with _told_without_values(mapping):
                    _stage_rows(con, resource, file, index, mapping, opened)
                    _stage_rejected(con, resource, file, index, mapping, opened)
            mappings.append(mapping)
    return mappings


@contextmanager
def _told_without_values(mapping: Mapping) -> Iterator[None]:
    """DuckDB's complaint about a row quotes it, so it is not handed on."""
    try:
        yield
    except (duckdb.DataError, duckdb.ProgrammingError) as error:
        if mapping.where is None:
            what, fix = "the file cannot be read", "export it again"
        else:
            what, fix = "the `where` fails on a row", "let it bear any text: try_cast(...) in place of cast(...)"
        raise InputError(f"{what} ({type(error).__name__})", where="", fix=fix) from None


def _stage_rows(
    con: DuckDBPyConnection, resource: _Resource, file: _MappedFile, index: int, mapping: Mapping, opened: OpenedFile
) -> None:
    columns = ", ".join(quoted(column.name) for column in mapping.columns)
    con.execute(
        "insert into staged_rows by name select $source as source_name, $file as _file, record as _record_number, "
        f"$modified_at as _modified_at, $load_id as _load_id, $loaded_at as _loaded_at, {columns}, line, "
        f"$entry as entry, fault from ({rows_sql(mapping, opened.relation)})",
        {
            **_load_parameters(resource, file),
            "modified_at": file.found.modified_at or resource.loaded_at,
            "entry": index,
        },
    )


def _load_parameters(resource: _Resource, file: _MappedFile) -> dict[str, Any]:
    return {
        "source": resource.source_name,
        "file": file.found.name,
        "load_id": resource.run.run_id,
        "loaded_at": resource.loaded_at,
    }


def _stage_rejected(
    con: DuckDBPyConnection, resource: _Resource, file: _MappedFile, index: int, mapping: Mapping, opened: OpenedFile
) -> None:
    """Marks the rows whose key an earlier row of the file has, then reports every row that has a fault."""
    key = ", ".join(quoted(column) for column in resource.entity.key)
    con.execute(
        "create or replace temp table staged_repeated as select row_id, first_line from ("
        "select rowid as row_id, first_value(line) over by_key as first_line, row_number() over by_key as place "
        "from staged_rows where _file = $file and fault = 0 "
        f"window by_key as (partition by {key} order by entry, _record_number)) where place > 1",
        {"file": file.found.name},
    )
    con.execute(f"update staged_rows set fault = {REPEATED} where rowid in (select row_id from staged_repeated)")
    faulty = (
        "select _record_number as record, line, fault, first_line, "
        f"{key} from staged_rows left join staged_repeated on staged_rows.rowid = row_id "
        "where _file = $file and entry = $entry and fault != 0"
    )
    rejected = faults_sql(mapping, opened.relation, faulty)
    if opened.broken:
        rejected += f" union all by name select line, text as value, reason from {opened.broken}"
    con.execute(
        "insert into staged_rejected by name select *, $source as source_name, $resource as resource, $file as file, "
        f"$load_id as load_id, $loaded_at as loaded_at from ({rejected}) order by line",
        {**_load_parameters(resource, file), "resource": resource.entity.name, "entry": index},
    )
    con.execute("drop table staged_repeated")


def _staged_counts(con: DuckDBPyConnection, file: str | None = None) -> tuple[int, int]:
    """Rows that fit and rows that are rejected, of one staged file or of all."""
    counts = con.execute(
        "select (select count(*) from staged_rows where fault = 0 and _file = coalesce($file, _file)), "
        "(select count(*) from staged_rejected where file = coalesce($file, file))",
        {"file": file},
    ).fetchone()
    return counts if counts else (0, 0)


def _rejections(con: DuckDBPyConnection, file: str) -> list[tuple[int, str]]:
    """How many staged rows of a file are rejected for what, with the first line numbers and without values."""
    # a repeated row's reason names the line before it: told once
    rows = con.execute(
        "select count(*), coalesce(column_name, 'the line'), "
        "regexp_replace(reason, ' \\(first in line \\d+\\)$', '') as what, list(line order by line)[:$named] "
        "from staged_rejected where file = $file group by all order by count(*) desc, min(line)",
        {"file": file, "named": _LINES_NAMED},
    ).fetchall()
    return [
        (count, f"{column}: {what} (line {', '.join(map(str, lines))}{', ...' if count > len(lines) else ''})")
        for count, column, what, lines in rows
    ]


def _rejection_warnings(con: DuckDBPyConnection, file: str) -> list[str]:
    _, rejected = _staged_counts(con, file)
    if not rejected:
        return []
    reasons = "; ".join(what for _, what in _rejections(con, file))
    return [f"{file}: {rejected:,} rows rejected, kept in raw_files._rejected: {reasons}"]


def _absent_fields(resource: _Resource, staged: list[tuple[_MappedFile, list[Mapping]]]) -> list[str]:
    """Warnings of mapped fields that no record of the JSONL files read now has."""
    mappings = [mapping for _, its_mappings in staged for mapping in its_mappings]
    present = {column.name for mapping in mappings for column in mapping.columns if column.file_column}
    missing = {mapped for mapping in mappings for mapped in mapping.missing.items()}
    return [
        f"no record has the field '{field}', which is mapped to {resource.entity.name}.{column}"
        for column, field in sorted(missing)
        if column not in present
    ]


def _publish_staged(con: DuckDBPyConnection, resource: _Resource, no_longer_configured: list[str]) -> list[str]:
    """Replaces the rows of the staged files, inside the caller's transaction; returns warnings."""
    entity = resource.entity
    gone = con.execute("select file from staged_files").fetchall()
    _delete_files(con, resource.source_name, entity.name, [*no_longer_configured, *(row[0] for row in gone)])
    columns = ", ".join(quoted(column) for column in RAW_TABLES[f"raw_files.{entity.name}"])
    con.execute(f"insert into raw_files.{entity.name} by name select {columns} from staged_rows where fault = 0")
    con.execute("insert into raw_files._rejected by name from staged_rejected")
    con.execute("insert into raw_files._files by name from staged_files")
    return _publish_identifiers(con, resource)


def _delete_files(con: DuckDBPyConnection, source_name: str, resource: str, files: list[str]) -> None:
    parameters = {"source": source_name, "files": files}
    con.execute(
        f"delete from raw_files.{resource} where source_name = $source and _file in (select unnest($files))", parameters
    )
    for table in ("_rejected", "_files"):
        con.execute(
            f"delete from raw_files.{table} where source_name = $source and resource = $resource "
            "and file in (select unnest($files))",
            {**parameters, "resource": resource},
        )


def _publish_identifiers(con: DuckDBPyConnection, resource: _Resource) -> list[str]:
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
    replaced = add_identifiers(con, "raw_files._identifiers", rows, columns, key, resource.source.country)
    warnings = []
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


def purge(con: DuckDBPyConnection, settings_sources: dict[str, FilesSource]) -> None:
    """Removes the rows of every source and resource that closedloop.yml no longer names, in one transaction."""
    loaded = con.execute(
        "select source_name, resource, list(file order by file) from raw_files._files group by all order by all"
    ).fetchall()
    con.execute("begin")
    try:
        for source_name, resource, files in loaded:
            source = settings_sources.get(source_name)
            if source is None or resource not in source.resources:
                _delete_files(con, source_name, resource, files)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
