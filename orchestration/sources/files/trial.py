"""Trying files for real before anything is loaded: what only the user can fix, and what would be rejected."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.agreement.stages import STAGES
from orchestration.errors import ClosedloopError, ConfigurationError, InputError, SourceUnavailableError
from orchestration.sources.base import Finding, Severity
from orchestration.sources.files.find import local_copy
from orchestration.sources.files.settings import FileResource, FilesSource
from orchestration.sources.files.staging import (
    MappedFile,
    Resource,
    begin_staging,
    mapped_files,
    open_entry,
    placed,
    resources_of,
    stage_file,
    staged_counts,
)
from orchestration.sources.files.unread import passed_over, rejections
from storage.sql import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.configuration.context import RunContext

_SAMPLE_RECORDS = 1000


def preflight(name: str, source: FilesSource, run: RunContext) -> None:
    """Raises InputError or ConfigurationError for what `load` would only find on its way.

    That is: a file that is missing, empty or no such format, a mapped column that it lacks, a required one that
    nothing gives, a `where` that does not fit. Reads heads of files only (of an object store: whether they exist).
    """
    problems = _problems(name, source, run)
    if problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more in this source)" if len(problems) > 1 else ""
        raise type(first)(first.what + more, where=first.where, fix=first.fix)


def _problems(name: str, source: FilesSource, run: RunContext) -> list[ClosedloopError]:
    problems: list[ClosedloopError] = []
    with connect() as con:
        if problem := _country_problem(name, source):
            problems.append(problem)
        for resource in resources_of(name, source, run):
            try:
                files = mapped_files(resource)
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


def _try_head(con: DuckDBPyConnection, resource: Resource, file: MappedFile, entry: FileResource) -> None:
    path = Path(file.found.location)
    with placed(resource, file.found.name), open_entry(con, resource, file, entry, path, limit=_SAMPLE_RECORDS):
        return  # opening it is the trial


def check(name: str, source: FilesSource, run: RunContext) -> list[Finding]:
    """What is wrong, and what the first 1,000 rows of each file show; writes nothing."""
    try:
        problems = _problems(name, source, run)
    except SourceUnavailableError as error:
        problems = [error]
    if problems:
        return [Finding(Severity.ERROR, name, f"{problem.where}: {problem.what}", problem.fix) for problem in problems]
    findings: list[Finding] = []
    with connect() as con:
        for resource in resources_of(name, source, run):
            for file in mapped_files(resource):
                findings += _sample_findings(con, resource, file)
    return findings


def _sample_findings(con: DuckDBPyConnection, resource: Resource, file: MappedFile) -> list[Finding]:
    name = resource.entity.name
    begin_staging(con, resource.entity)
    with placed(resource, file.found.name), local_copy(file.found, resource.run.paths.work) as path:
        mappings = stage_file(con, resource, file, path, limit=_SAMPLE_RECORDS)
    loaded, rejected = staged_counts(con, file.found.name)
    findings = [
        Finding(
            Severity.WARNING,
            name,
            f"{file.found.name}: of the first {loaded + rejected:,} rows {count:,} would be rejected: {what}",
            "correct the file or the mapping; rejected rows are left out, the rest is loaded",
        )
        for count, what in rejections(con, file.found.name)
    ]
    if name in ("leads", "lead_stage_history"):
        findings += _unknown_stages(con, name, file.found.name)
    if not findings:
        unused = sorted(set.intersection(*(set(mapping.unused) for mapping in mappings)))
        not_used = f"; not used: {', '.join(unused)}" if unused else ""
        told = passed_over(con, file.found.name)
        around = f"; {told}" if told else ""
        findings.append(
            Finding(Severity.OK, name, f"{file.found.name}: the first {loaded:,} rows fit{around}{not_used}")
        )
    return findings


def _unknown_stages(con: DuckDBPyConnection, resource: str, file: str) -> list[Finding]:
    unknown = con.execute(
        "select stage, count(*) from staged_rows where fault = 0 and stage is not null and stage not in "
        "(select unnest($stages)) group by stage order by count(*) desc, stage",
        {"stages": list(STAGES)},
    ).fetchall()
    return [
        Finding(
            Severity.WARNING,
            resource,
            f"{file}: the stage '{stage}' ({count:,} of the first rows) is none of {', '.join(STAGES)}",
            f"values: {{stage: {{{json.dumps(stage, ensure_ascii=False)}: {_nearest_stage(stage)}}}}}",
        )
        for stage, count in unknown
    ]


def _nearest_stage(stage: str) -> str:
    folded = stage.casefold()
    named = [ours for ours in STAGES if ours in folded]
    return (named or difflib.get_close_matches(folded, STAGES, n=1, cutoff=0) or ["lead"])[-1]
