"""The effective seeds of a data folder: the company's files where there are any, else the shipped ones."""

from __future__ import annotations

from orchestration.agreement.agreement import Agreement
from orchestration.agreement.folder import read_agreement
from orchestration.agreement.reference import read_reference
from orchestration.agreement.rows import AGREEMENT_FILES
from orchestration.agreement.seed_files import csv_text
from orchestration.configuration.run import Run
from orchestration.transformation.project import lay_out_project
from storage.disk import write_in_one_step


def lay_out_seeds(run: Run) -> Agreement:
    """Checks agreement and reference files, writes the effective set to `run.paths.seeds`, returns the agreement.

    Files are plain CSV there (comma, UTF-8, decimal point, ISO dates, all columns) and are written only where they
    differ, so that dbt's partial parse survives. Raises ConfigurationError for the first mistake.
    """
    agreement = read_agreement(run.agreement_folder)
    _check_that_one_governs(agreement, run)
    wanted = {
        f"agreement/{name}.csv": csv_text(AGREEMENT_FILES[name], table.rows) for name, table in agreement.tables()
    }
    for name, (model, table) in read_reference(run.reference_folder, run.settings.sources).items():
        wanted[f"reference/{name}.csv"] = csv_text(model, table.rows)
    lay_out_project(run.paths)
    for name, content in wanted.items():
        write_in_one_step(run.paths.seeds / name, content)
    return agreement


def _check_that_one_governs(agreement: Agreement, run: Run) -> None:
    last = agreement.versions[-1]
    if last.effective_to and last.effective_to < run.today:
        table = agreement.agreement_versions
        raise table.mistake(
            f"no version governs after {last.effective_to}, and the run is as of {run.today}",
            line=next(line for line, row in table.numbered() if row == last),
            column="effective_to",
            fix="leave the cell empty, or add the version that follows",
        )
