"""`init`: a company folder from somebody's own files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="The company folder to write.")],
    files: Annotated[list[Path] | None, typer.Argument(help="Exports of leads, deals, spend and the like.")] = None,
) -> None:
    """Writes a company folder, proposing how to read files from their headers and values."""
    from orchestration.proposal import write_company_folder

    proposal = write_company_folder(folder, files or [])
    Console(soft_wrap=True).print(proposal.summary(), markup=False, highlight=False)
