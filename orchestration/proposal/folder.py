"""The company folder: `closedloop.yml`, the agreement, the reference folder and `.env.example`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from orchestration.agreement.folder import SHIPPED_AGREEMENT
from orchestration.errors import ConfigurationError, InputError
from orchestration.proposal.counters import tell_counters
from orchestration.proposal.document import TEMPLATE, closedloop_yml
from orchestration.proposal.entries import propose_entries
from orchestration.proposal.entry import Entry
from orchestration.proposal.matching import LEAST_EVIDENCE, Match, candidates, lacking, match_files
from orchestration.proposal.platforms import unusable_report
from orchestration.proposal.profile import FileProfile, profile_file
from orchestration.proposal.series import join_series
from orchestration.proposal.sources import Source, name_currencies, split_sources
from orchestration.proposal.surroundings import find_surroundings, needs_country
from orchestration.sources.files.find import find_files
from orchestration.sources.files.surround import BEFORE_THE_HEADER
from storage.disk import clear_work_folders
from storage.sql import connect

# What a company edits first; the other files of the agreement stay the shipped ones until it copies them.
_AGREEMENT_FILES = ("lifecycle_stages.csv", "stage_criteria.csv", "agreement_terms.csv")
_UNSIGNED_VERSION = """\
version,effective_from,effective_to,marketing_signatory,sales_signatory,signed_on,content_hash,summary
1,2020-01-01,,not signed yet,not signed yet,2020-01-01,,Stages are what the CRM claims
"""

_REFERENCE_README = """\
# Your own reference lists

A CSV file here has lines of your own for the shipped one of the same name (folder `seeds/reference/` of closedloop):
they are added to it, and take the place of those of the same name. Keep its header. The first you will want:

- `lead_source_channels.csv`: which channel each origin in your CRM stands for (`source,channel`). What is not listed
  is shown as the channel `unknown`.
- `deal_phases.csv` (`stage,deal_phase`) and `order_statuses.csv` (`order_status,status`). A run tells which names are
  in neither list.
"""

_ENVIRONMENT_EXAMPLE = """\
# Copy this file to .env and fill it in. Secrets stay here or in the environment, never in closedloop.yml.

# The key under which e-mails and phones are hashed. Left out, one is made in the data folder at the first run;
# keep a copy of it. To set your own: openssl rand -hex 32
# CLOSEDLOOP_IDENTIFIER_KEY=
"""


@dataclass(frozen=True)
class ProposedFile:
    """What became of one file. `entity` is None when it was left out, and then `unsure` says why."""

    path: Path
    entity: str | None
    columns: dict[str, str]  # canonical column: the file's
    unsure: tuple[str, ...]
    left_out: tuple[str, ...]  # its columns that are not used
    passed_over: str = ""  # its lines that are no rows
    source: str = ""  # in which it stands in closedloop.yml


@dataclass(frozen=True)
class Proposal:
    """What `closedloop init` wrote and what it is unsure of."""

    folder: Path
    config: Path
    files: tuple[ProposedFile, ...]  # a file that serves two entities stands here twice
    unsure: tuple[str, ...]  # about all files: currency, time zone
    next_commands: tuple[str, ...]

    def summary(self) -> str:
        """The proposal in plain text: each file, what is unsure, what is left out, and what to run next."""
        lines = [f"Wrote {self.config}"]
        for file in self.files:
            became = f"{file.entity} of {file.source}" if file.entity else "left out"
            lines += ["", f"{file.path.name}: {became}"]
            lines += [f"  {column}: {header}" for column, header in file.columns.items()]
            lines += [f"  unsure  {doubt}" for doubt in file.unsure]
            if file.passed_over:
                lines.append(f"  passed over: {file.passed_over}")
            if file.left_out:
                lines.append(f"  not used: {', '.join(file.left_out)}")
        if self.unsure:
            lines += ["", "For all files:", *(f"  unsure  {doubt}" for doubt in self.unsure)]
        return "\n".join([*lines, "", "Next:", *(f"  {command}" for command in self.next_commands)])


def write_company_folder(folder: Path, files: Sequence[Path]) -> Proposal:
    """Writes a company folder from files' headers and values; without files, a commented template.

    A folder among `files` stands for its readable files. What exists already in `folder` is left as it is. Raises
    ConfigurationError when it has a closedloop.yml, when a file is missing, and when no file can be recognised.
    """
    config = folder / "closedloop.yml"
    if config.exists():
        raise ConfigurationError(
            "there is a closedloop.yml already",
            where=str(config),
            fix="name another folder, or move that file away to have a new one proposed",
        )
    if not files:
        _write_folder(folder, TEMPLATE)
        return Proposal(folder, config, (), (), (f"edit {config}", *_next_commands(folder)))
    return _propose(folder, config, _existing(files))


def _existing(files: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in files:
        try:
            found += [Path(file.location) for file in find_files(str(path.resolve()), Path.cwd())]
        except InputError:
            raise ConfigurationError(
                "there is no such file", where=str(path), fix="correct the path, or leave the file out"
            ) from None
    return list(dict.fromkeys(found))


def _propose(folder: Path, config: Path, paths: Sequence[Path]) -> Proposal:
    work = folder / ".closedloop-work"
    clear_work_folders(work)
    with connect() as con, ExitStack() as stack:
        profiles: list[FileProfile] = []
        left_out: dict[Path, str] = {}
        for path in paths:
            try:
                profiles.append(profile_file(con, stack, path, work))
            except InputError as error:
                left_out[path] = error.what
        matches = match_files(con, profiles)
        left_out |= {file.path: _why_not(file) for file, match in zip(profiles, matches, strict=True) if match is None}
        matched = [(file, match) for file, match in zip(profiles, matches, strict=True) if match]
        if not matched:
            raise _nothing_recognised(left_out)
        entries = propose_entries(con, matched)
        tell_counters(con, entries)
        entries = join_series(entries)
    surroundings = find_surroundings(entries)
    name_currencies(entries, surroundings)
    sources = split_sources(entries)
    _write_folder(
        folder,
        closedloop_yml(folder, sources, surroundings, [f"{path.name}: {why}" for path, why in left_out.items()]),
    )
    unsure = [f"time zone: {surroundings.time_zone}"]
    unsure += [f"time zone of {source.name}: UTC ({source.in_utc})" for source in sources if source.in_utc]
    if surroundings.currency_unsure:
        unsure.append(f"currency: {surroundings.currency} ({surroundings.currency_unsure})")
    if needs_country(entries) and surroundings.country_unsure:
        unsure.append(f"country of phone numbers: {surroundings.country}")
    return Proposal(
        folder,
        config,
        tuple(_proposed(entry, source) for source in sources for entry in source.entries)
        + tuple(ProposedFile(path, None, {}, (why,), ()) for path, why in left_out.items()),
        tuple(unsure),
        _next_commands(folder),
    )


def _proposed(entry: Entry, source: Source) -> ProposedFile:
    used = {header for other in source.entries if other.file is entry.file for header in other.used()}
    unsure = [f"{'.'.join(place)}: {doubt}" for place, doubt in entry.unsure.items()]
    unsure += [
        f"values.{column}: not mapped yet: {', '.join(values)}" for column, values in entry.unmapped.items() if values
    ]
    return ProposedFile(
        entry.path,
        entry.entity,
        dict(entry.columns),
        tuple(unsure),
        tuple(column for column in entry.file.opened.columns if column not in used),
        _passed_over(entry.series or (entry.file,)),
        source.name,
    )


def _passed_over(files: Sequence[FileProfile]) -> str:
    reasons = [why for file in files for _, _, why in file.opened.skipped]
    before = reasons.count(BEFORE_THE_HEADER)
    others = len(reasons) - before + sum(file.no_rows for file in files)
    told = [f"{before} before the header"] if before else []
    return ", ".join([*told, f"{others} totals or remarks"] if others else told)


def _why_not(file: FileProfile) -> str:
    """What a file lacks for being what it is the likeliest."""
    if not file.rows:
        return "it has no rows, so nothing can be read from its values"
    if report := unusable_report(file):
        return report
    nearest = max(candidates(file), key=_plausibility)
    if nearest.score < LEAST_EVIDENCE:
        return (
            "its headers say nothing of leads, deals, orders, spend or touches; "
            "if it is one of them, map it by hand (docs/connectors.md)"
        )
    seen = ", ".join(f"{column}: {header}" for column, header in nearest.columns.items())
    return (
        f"it looks like {nearest.entity.name} ({seen}), but {'; '.join(lacking(file, nearest)) or 'not enough so'}; "
        "export it with that, or map the file by hand (docs/connectors.md)"
    )


def _plausibility(match: Match) -> float:
    return match.score - len(match.missing)


def _nothing_recognised(left_out: dict[Path, str]) -> ConfigurationError:
    path, why = next(iter(left_out.items()))
    more = f" (and {len(left_out) - 1} more files)" if len(left_out) > 1 else ""
    return ConfigurationError(
        f"no file could be recognised: {why}{more}",
        where=str(path),
        fix="a file of leads needs an id and a creation date in each row, a file of deals an id and a date; "
        "or write closedloop.yml by hand, beginning with `closedloop init DIR` without files",
    )


def _write_folder(folder: Path, document: str) -> None:
    """Writes what is not there yet, closedloop.yml last: a folder that has it is whole."""
    (folder / "agreement").mkdir(parents=True, exist_ok=True)
    (folder / "reference").mkdir(exist_ok=True)
    texts = {f"agreement/{name}": (SHIPPED_AGREEMENT / name).read_text(encoding="utf-8") for name in _AGREEMENT_FILES}
    texts |= {
        "agreement/agreement_versions.csv": _UNSIGNED_VERSION,
        "reference/README.md": _REFERENCE_README,
        ".env.example": _ENVIRONMENT_EXAMPLE,
        "closedloop.yml": document,
    }
    for name, text in texts.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")


def _next_commands(folder: Path) -> tuple[str, ...]:
    return (f"cd {shlex.quote(str(folder))}", "closedloop run", "closedloop dashboard")
