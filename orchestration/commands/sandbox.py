"""`closedloop sandbox`: a made-up company of which everything is known."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from orchestration.errors import UsageError
from sandbox.worlds import World


def sandbox(
    write: Annotated[
        Path,
        typer.Option(
            "--write", metavar="DIR", file_okay=False, help="Writes its files, agreement and truth into this folder."
        ),
    ],
    leads: Annotated[int, typer.Option("--leads", min=50, help="About how many leads its CRMs have.")] = 3000,
    months: Annotated[int, typer.Option("--months", min=1, max=120, help="How long it has been there.")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Another seed is another company.")] = 1,
    world: Annotated[World, typer.Option("--world", help="What really moves people.")] = World.ADDITIVE,
    round_: Annotated[
        int, typer.Option("--round", min=0, max=3, help="1 to 3 is the same company 3, 7 and 14 days later.")
    ] = 0,
) -> None:
    """Makes a company up of which everything is known, to try models and connectors on."""
    from sandbox.company import is_free, present, write_company

    began = perf_counter()
    folder = write.expanduser()
    if not is_free(folder):
        raise UsageError(
            "the folder is another company's, whose closedloop.yml would be lost",
            where=str(folder),
            fix="name a new folder, or one that a made-up company was written to",
        )
    try:
        configuration = write_company(folder, leads=leads, months=months, seed=seed, world=world, round_number=round_)
    except OSError as error:
        raise UsageError(
            f"nothing can be written there ({error.strerror})", where=str(folder), fix="name a folder of your own"
        ) from error
    typer.echo(
        f"Written in {perf_counter() - began:.1f} s: {configuration}\n"
        f"What is so, to compare with: {folder / 'truth'}\n"
        "Next:\n"
        f"  closedloop run --config {configuration} --as-of {present(round_):%Y-%m-%dT%H:%M:%SZ}"
    )
