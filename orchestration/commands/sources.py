"""`sources list` and `sources check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from orchestration.commands.options import Config, Data, known_sources, read_company

if TYPE_CHECKING:
    from orchestration.configuration.context import Paths
    from orchestration.configuration.settings import Settings

sources = typer.Typer(help="What is configured, and whether it is right.", no_args_is_help=True)


@sources.command("list", epilog="Example: closedloop sources list")
def sources_list(config: Config = None, data: Data = None) -> None:
    """What is configured, with its last loads."""
    from rich.table import Table

    settings, paths = read_company(config, data)
    table = Table("source", "connector", "resource", "last loaded (UTC)", "rows", "rejected")
    for row in _overview(settings, paths):
        table.add_row(*("-" if cell is None else str(cell) for cell in row))
    Console().print(table)


def _overview(settings: Settings, paths: Paths) -> list[tuple[Any, ...]]:
    """(source, connector, resource, last loaded, rows now, rejected now), a row for each configured resource."""
    from orchestration.sources.loads import last_loads, rows_held
    from orchestration.sources.registry import configured_resources
    from orchestration.warehouse import open_warehouse

    configured = configured_resources(settings.sources)
    if not paths.warehouse.exists():
        return [(name, connector, resource, None, None, None) for name, resource, connector in configured]
    with open_warehouse(paths, read_only=True) as con:
        loads = last_loads(con)
        loaded = {key: load.loaded_at for key, load in loads.items() if load.loaded_at}
        return [
            (name, connector, resource, loaded[name, resource], *rows_held(con, connector, name, resource))
            if (name, resource) in loaded
            else (name, connector, resource, None, None, None)
            for name, resource, connector in configured
        ]


@sources.command(
    "check", epilog="Example: closedloop sources check crm\n\nExit codes: 0 nothing is in the way, 1 something is."
)
def sources_check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A source of closedloop.yml.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Tries a source for real, without loading anything, and says what would fix it."""
    from orchestration.configuration.run import new_run
    from orchestration.sources.base import Finding, Severity
    from orchestration.sources.canonical import NOT_USED_YET
    from orchestration.sources.registry import CONNECTORS

    settings, paths = read_company(config, data)
    known_sources(settings, paths, [name])
    source = settings.sources[name]
    connector = CONNECTORS[source.connector]
    findings = connector.check(name, source, new_run(settings, paths).context)
    findings += [
        Finding(Severity.OK, resource, f"loaded and kept, and not used yet for {NOT_USED_YET[resource]}")
        for resource in connector.resources(source)
        if resource in NOT_USED_YET
    ]
    console = Console(soft_wrap=True)
    marks = {Severity.OK: "[green]ok[/]", Severity.WARNING: "[yellow]warning[/]", Severity.ERROR: "[red]error[/]"}
    for finding in findings:
        console.print(f"{marks[finding.severity]} {escape(finding.resource)}: {escape(finding.message)}")
        if finding.fix:
            console.print(f"  To fix it: {escape(finding.fix)}")
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)
