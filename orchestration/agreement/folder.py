"""The agreement between marketing and sales: a folder of CSV files, the company's over the shipped ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orchestration.agreement.agreement import Agreement
from orchestration.agreement.rows import AGREEMENT_FILES, TERM_DEFAULTS, ModelAnchor, QualityCheck, Term, Version
from orchestration.agreement.rules import check_models, check_stages, check_versions
from orchestration.agreement.seed_files import SeedTable, find_tables, read_table
from orchestration.configuration.context import SHIPPED_SEEDS
from orchestration.configuration.mistakes import unknown
from orchestration.errors import ConfigurationError

SHIPPED_AGREEMENT = SHIPPED_SEEDS / "agreement"

# What a company's agreement has to have; any other file may be left out.
_REQUIRED_FILES = ("agreement_versions", "lifecycle_stages", "stage_criteria")


# Files and terms that no figure depends on yet.
FILES_NOT_USED_YET = ("scoring_rules", "service_levels")
TERMS_NOT_USED_YET = ("accept_within_days",)


def read_agreement(folder: Path | None) -> Agreement:
    """The company's agreement over the shipped one (`None`: the shipped one), checked.

    Raises ConfigurationError for the first mistake, with file, line, column, what was found and what is allowed.
    """
    shipped = _read_folder(SHIPPED_AGREEMENT)
    if folder is None:
        tables = shipped
    else:
        company = _read_folder(folder)
        for name in _REQUIRED_FILES:
            if name not in company:
                raise ConfigurationError(
                    f"the agreement lacks {name}.csv",
                    where=str(folder),
                    fix=f"write it, or copy it from {SHIPPED_AGREEMENT}; "
                    f"only {', '.join(f'{required}.csv' for required in _REQUIRED_FILES)} may not be left out",
                )
        versions = [row.version for row in company["agreement_versions"].rows]
        left_out = {name: _for_versions(name, shipped, versions) for name in AGREEMENT_FILES if name not in company}
        tables = company | left_out
        tables["quality_checks"] = _with_shipped_checks(tables["quality_checks"], shipped["quality_checks"])
        tables["attribution_models"] = _with_shipped_models(tables["attribution_models"], shipped["attribution_models"])
    tables["agreement_terms"] = _with_default_terms(tables["agreement_terms"], tables["agreement_versions"])
    agreement = Agreement(**tables)
    check_versions(agreement)
    check_stages(agreement)
    check_models(agreement)
    return agreement


def not_used_yet(agreement: Agreement) -> list[str]:
    """A line for each file and each term that no figure depends on yet, where the company says other than the shipped.

    Both are read and checked like the rest, so that a company may sign them already.
    """
    lines = []
    for name in FILES_NOT_USED_YET:
        table: SeedTable[Any] = getattr(agreement, name)
        if _contents(table) != _contents(read_table(SHIPPED_AGREEMENT / f"{name}.csv", AGREEMENT_FILES[name])):
            lines.append(f"agreement: {name}.csv is checked, and no figure depends on it yet")
    for term in TERMS_NOT_USED_YET:
        if any(row.term == term and row.value != TERM_DEFAULTS[term] for row in agreement.agreement_terms.rows):
            lines.append(f"agreement: the term {term} is checked, and no figure depends on it yet")
    return lines


def _contents(table: SeedTable[Any]) -> set[str]:
    """The rows, whatever version they belong to."""
    return {row.model_dump_json(exclude={"version"}) for row in table.rows}


def _read_folder(folder: Path) -> dict[str, SeedTable[Any]]:
    return {
        name: read_table(path, AGREEMENT_FILES[name]) for name, path in find_tables(folder, AGREEMENT_FILES).items()
    }


def _for_versions(name: str, shipped: dict[str, SeedTable[Any]], versions: list[str]) -> SeedTable[Any]:
    """A shipped file that the company left out: its latest version's rows, once for each of the company's versions."""
    table = shipped[name]
    if "version" not in AGREEMENT_FILES[name].model_fields:
        return table
    latest = max(shipped["agreement_versions"].rows, key=lambda row: row.effective_from).version
    pairs = [
        (line, row.model_copy(update={"version": version}))
        for version in versions
        for line, row in table.numbered()
        if row.version == latest
    ]
    return SeedTable(tuple(row for _, row in pairs), table.path, tuple(line for line, _ in pairs))


def _with_default_terms(terms: SeedTable[Term], versions: SeedTable[Version]) -> SeedTable[Term]:
    """Every term of every version: what a version does not name has its default."""
    named = {(row.version, row.term) for row in terms.rows}
    added = [
        Term.model_validate({"version": version.version, "term": term, "value": value})
        for version in versions.rows
        for term, value in TERM_DEFAULTS.items()
        if (version.version, term) not in named
    ]
    return SeedTable((*terms.rows, *added), terms.path, (*terms.lines, *(1 for _ in added)))


def _with_shipped_models(own: SeedTable[ModelAnchor], shipped: SeedTable[ModelAnchor]) -> SeedTable[ModelAnchor]:
    """The company's models, and the shipped ones whose names it does not use."""
    named = {row.model for row in own.rows}
    added = [row for row in shipped.rows if row.model not in named]
    return SeedTable((*own.rows, *added), own.path, (*own.lines, *(1 for _ in added)))


def _with_shipped_checks(own: SeedTable[QualityCheck], shipped: SeedTable[QualityCheck]) -> SeedTable[QualityCheck]:
    """The company's reactions; a check that it does not name, such as one of a later release, reacts as shipped."""
    known = [row.check for row in shipped.rows]
    for line, row in own.numbered():
        if row.check not in known:
            raise own.mistake(unknown("check", row.check, known), line=line, column="check", fix="correct the cell")
    named = {row.check for row in own.rows}
    pairs = [*own.numbered(), *((line, row) for line, row in shipped.numbered() if row.check not in named)]
    return SeedTable(tuple(row for _, row in pairs), own.path, tuple(line for line, _ in pairs))
