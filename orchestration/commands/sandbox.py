"""`closedloop sandbox`: a made-up company of which everything is known."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer


class _World(StrEnum):
    # what sandbox.company knows; named here so that --help need not import it
    ADDITIVE = "additive"
    INTERACTING = "interacting"
    RETARGETING = "retargeting"
    DARK = "dark"


def sandbox(
    write: Annotated[
        Path, typer.Option("--write", metavar="DIR", help="Writes its files, agreement and truth into this folder.")
    ],
    leads: Annotated[int, typer.Option("--leads", min=50, help="About how many leads its CRMs have.")] = 3000,
    months: Annotated[int, typer.Option("--months", min=1, max=120, help="How long it has been there.")] = 24,
    seed: Annotated[int, typer.Option("--seed", help="Another seed is another company.")] = 1,
    world: Annotated[_World, typer.Option("--world", help="What really moves people.")] = _World.ADDITIVE,
    round_: Annotated[
        int, typer.Option("--round", min=0, max=3, help="1 to 3 is the same company 3, 7 and 14 days later.")
    ] = 0,
) -> None:
    """Makes a company up of which everything is known, to try models and connectors on."""
    from sandbox.company import World, present, write_company

    began = perf_counter()
    folder = write.expanduser()
    configuration = write_company(
        folder, leads=leads, months=months, seed=seed, world=World(world.value), round_number=round_
    )
    typer.echo(
        f"Written in {perf_counter() - began:.1f} s: {configuration}\n"
        f"What is so, to compare with: {folder / 'truth'}\n"
        "Next:\n"
        f"  closedloop run --config {configuration} --as-of {present(round_):%Y-%m-%dT%H:%M:%SZ}"
    )
