"""The effective seeds of a data folder: the company's files where there are any, else the shipped ones."""

from __future__ import annotations

import csv
import io
import shutil
from typing import TYPE_CHECKING, Any

from orchestration.agreement import FILES, Agreement, read_agreement
from orchestration.errors import ConfigurationError
from orchestration.project import lay_out_project
from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.settings import Run

SHIPPED_SEEDS = PROJECT_ROOT / "seeds"


def lay_out_seeds(run: Run) -> Agreement:
    """Validates agreement and reference files, writes the effective set to `run.paths.seeds`, returns the agreement.

    Files are written as plain CSV (comma, UTF-8, decimal point, ISO dates) and only when they differ, so that dbt's
    partial parse survives. Raises ConfigurationError at the first mistake.
    """
    settings, paths = run.settings, run.paths
    agreement = read_agreement(paths.resolve(settings.agreement) if settings.agreement else None)
    reference = _reference_files(paths.resolve(settings.reference) if settings.reference else None)

    lay_out_project(paths)
    wanted = {f"agreement/{name}.csv": _agreement_csv(agreement, name) for name in FILES}
    wanted |= {f"reference/{name}": file.read_bytes() for name, file in reference.items()}
    wanted |= {str(yml.relative_to(SHIPPED_SEEDS)): yml.read_bytes() for yml in SHIPPED_SEEDS.rglob("*.yml")}
    _write(paths.seeds, wanted)
    return agreement


def _agreement_csv(agreement: Agreement, name: str) -> bytes:
    columns = list(FILES[name][0].model_fields)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(getattr(row, column)) for column in columns] for row in agreement.rows(name))
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reference_files(folder: Path | None) -> dict[str, Path]:
    """Each reference seed's file: the company's of that name, which replaces the shipped one whole."""
    files = {file.name: file for file in sorted((SHIPPED_SEEDS / "reference").glob("*.csv"))}
    if folder is None:
        return files
    if not folder.is_dir():
        raise ConfigurationError(
            "there is no such folder",
            where=f"{folder} (reference: in closedloop.yml)",
            fix="correct the path, or leave `reference:` out to use the shipped files",
        )
    for file in sorted(folder.glob("*.csv")):
        shipped = files.get(file.name)
        if shipped is None:
            raise ConfigurationError(
                "a reference file that no model reads", where=str(file), fix=f"allowed: {', '.join(files)}"
            )
        if (found := _header(file)) != (wanted := _header(shipped)):
            raise ConfigurationError(
                f"the columns are {', '.join(found)}",
                where=f"{file}, line 1",
                fix=f"write them as in the shipped file: {', '.join(wanted)}",
            )
        files[file.name] = file
    return files


def _header(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines), [])


def _write(folder: Path, wanted: dict[str, bytes]) -> None:
    """Makes `folder` hold exactly the wanted files; what is the same already is left alone."""
    for name, content in wanted.items():
        file = folder / name
        if file.exists() and file.read_bytes() == content:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_bytes(content)
        fresh.replace(file)
    for file in folder.rglob("*"):
        if file.is_file() and str(file.relative_to(folder)) not in wanted:
            file.unlink()
    for leftover in folder.iterdir():
        if leftover.is_dir() and not any(leftover.iterdir()):
            shutil.rmtree(leftover)
