"""The whole pass and its parts: `run`, `build`, `check`, `publish` and `demo`.

Where dbt is needed it is started first: it loads while the rest does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands.ending import execute_and_exit, one_answer
from orchestration.commands.options import (
    AsJson,
    AsOf,
    Config,
    Data,
    Target,
    TargetName,
    Vars,
    known_sources,
    read_company,
    read_time,
    read_vars,
)
from orchestration.errors import UsageError
from orchestration.transformation.dbt_process import DbtProcess
from storage.disk import owner_only

if TYPE_CHECKING:
    from orchestration.configuration.run import Run


def run(
    config: Config = None,
    data: Data = None,
    as_of: AsOf = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Reads and builds everything anew.")] = False,
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="SOURCE", help="Loads this source only; may be repeated.")
    ] = None,
    vars_: Vars = None,
    target: Target = TargetName.DUCKDB,
    as_json: AsJson = False,
) -> None:
    """One whole pass: ingest, build, check, publish."""
    with one_answer(as_json), DbtProcess() as dbt:
        from orchestration.pipeline import Part

        chosen = _read_run(config, data, as_of, vars_, target, full_refresh=full_refresh, select=select or [])
        execute_and_exit(chosen, Part.ALL, dbt=dbt, as_json=as_json)


def build(
    config: Config = None,
    data: Data = None,
    as_of: AsOf = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Builds everything anew.")] = False,
    vars_: Vars = None,
    target: Target = TargetName.DUCKDB,
    as_json: AsJson = False,
) -> None:
    """Builds the models on what is loaded."""
    with one_answer(as_json), DbtProcess() as dbt:
        from orchestration.pipeline import Part

        chosen = _read_run(config, data, as_of, vars_, target, full_refresh=full_refresh)
        execute_and_exit(chosen, Part.BUILD, dbt=dbt, as_json=as_json)


def _read_run(
    config: Path | None,
    data: Path | None,
    as_of: str | None,
    vars_: str | None,
    target: TargetName,
    *,
    full_refresh: bool,
    select: Sequence[str] = (),
) -> Run:
    """What the command line and closedloop.yml choose."""
    from orchestration.configuration.run import new_run

    settings, paths = read_company(config, data)
    return new_run(
        settings,
        paths,
        as_of=read_time(as_of, settings.reporting.time_zone) if as_of else None,
        full_refresh=full_refresh,
        select=known_sources(settings, paths, select),
        dbt_vars=read_vars(vars_),
        target=target.value,
    )


def check(
    config: Config = None,
    data: Data = None,
    target: Target = TargetName.DUCKDB,
    as_json: AsJson = False,
) -> None:
    """Checks what is built, without publishing it."""
    from orchestration.configuration.run import new_run
    from orchestration.pipeline import Part, built_as_of

    with one_answer(as_json):
        settings, paths = read_company(config, data)
        chosen = new_run(settings, paths, as_of=built_as_of(paths), target=target.value)
        execute_and_exit(chosen, Part.CHECK, as_json=as_json)


def publish(
    config: Config = None,
    data: Data = None,
    target: Target = TargetName.DUCKDB,
    waive: Annotated[list[str] | None, typer.Option("--waive", metavar="CHECK", help="Lets this check fail.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it may; shown on every page.")] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="The last day of it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Checks what is built and publishes it."""
    from orchestration.configuration.run import new_run
    from orchestration.pipeline import Part, built_as_of
    from orchestration.quality.gate import Waiver

    with one_answer(as_json):
        if waive and not (reason and until):
            raise UsageError(
                "a waiver needs its reason and its last day",
                where="--waive",
                fix=f'write --waive {waive[0]} --reason "why" --until YYYY-MM-DD',
            )
        waivers = tuple(Waiver(name, reason or "", until.date()) for name in waive or [] if until)
        settings, paths = read_company(config, data)
        chosen = new_run(settings, paths, as_of=built_as_of(paths), target=target.value)
        execute_and_exit(chosen, Part.PUBLISH, waivers=waivers, as_json=as_json)


def demo(data: Data = None, as_json: AsJson = False) -> None:
    """Makes a small company up, runs the whole pass on it, and says what to do next."""
    with one_answer(as_json), DbtProcess() as dbt:
        from orchestration.configuration.context import find_paths
        from orchestration.configuration.run import new_run
        from orchestration.configuration.settings import read_settings
        from orchestration.pipeline import Part
        from sandbox.company import AS_OF, write_company

        folder = (data or Path("data")).resolve()
        paths = find_paths(folder / "demo" / "closedloop.yml", folder)
        with owner_only(paths.data, but=paths.published):
            configuration = write_company(folder / "demo")
        chosen = new_run(read_settings(configuration), paths, as_of=AS_OF)
        execute_and_exit(chosen, Part.ALL, dbt=dbt, as_json=as_json)
