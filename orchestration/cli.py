"""The `closedloop` command. Imports stay inside the commands, so that help and queries start at once."""

from __future__ import annotations

import atexit
import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from orchestration.errors import ClosedloopError, ConfigurationError

if TYPE_CHECKING:
    from orchestration.pipeline import Part
    from orchestration.resources import RunState
    from orchestration.settings import Paths, Run, Settings

app = typer.Typer(
    name="closedloop",
    help="A warehouse that closes the loop between marketing and sales.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(help="What is configured, and whether it is right.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")

Config = Annotated[
    Path | None, typer.Option("--config", help="The configuration; else CLOSEDLOOP_CONFIG, else ./closedloop.yml.")
]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="The data folder; else CLOSEDLOOP_DATA, else data/ beside the configuration."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="The clock in ISO 8601; reporting time zone unless it names one."),
]
Vars = Annotated[str | None, typer.Option("--vars", metavar="YAML", help="Overrides of the vars in dbt_project.yml.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output instead of the scoreboard.")]


class TargetName(StrEnum):
    """The engine that the models run on."""

    DUCKDB = "duckdb"
    SPARK = "spark"


Target = Annotated[TargetName, typer.Option("--target", help="The engine that the models run on.")]


class OutputFormat(StrEnum):
    """How `closedloop query` writes its rows."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def main() -> None:
    """The console entry point: one clear message for every known error, and its exit code."""
    atexit.register(_close_standard_error)
    try:
        # click hands the code of an Exit back instead of raising it
        sys.exit(app(standalone_mode=False) or 0)
    except ClosedloopError as error:
        _tell(error)
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets one message
        # typer's own usage errors know how to show themselves; their code 2 means something else here
        if show := getattr(error, "show", None):
            show()
        else:
            _tell_unforeseen(error)
        sys.exit(1)


def _close_standard_error() -> None:
    """The last thing at the end of the process: DuckDB's bindings list leaks of Great Expectations' imports there."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _tell(error: ClosedloopError) -> None:
    console = Console(stderr=True, soft_wrap=True)
    console.print(f"[bold red]{escape(error.where)}[/]: {escape(error.what)}")
    console.print(f"[bold]To mend it:[/] {escape(error.fix)}")


def _tell_unforeseen(error: Exception) -> None:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="closedloop-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)))
    _tell(ClosedloopError(str(error), where=type(error).__name__, fix=f"the whole trace is in {log.name}"))


# --- the whole pass and its parts ---------------------------------------------------------------------------------


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The company folder to write.")],
    files: Annotated[list[Path] | None, typer.Argument(help="Exports of leads, deals, spend and the like.")] = None,
) -> None:
    """Writes a company folder, proposing from files' headers and values how to read them."""
    from orchestration.proposal import write_company_folder

    proposal = write_company_folder(folder, files or [])
    Console(soft_wrap=True).print(proposal.summary(), markup=False, highlight=False)


@app.command()
def run(
    config: Config = None,
    data: Data = None,
    as_of: AsOf = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Reads and builds everything anew.")] = False,
    select: Annotated[list[str] | None, typer.Option("--select", metavar="SOURCE", help="Load these only.")] = None,
    vars_: Vars = None,
    target: Target = TargetName.DUCKDB,
    as_json: AsJson = False,
) -> None:
    """One whole pass: ingest, build, check, publish."""
    from orchestration.pipeline import Part

    with _one_answer(as_json):
        settings, paths = _read(config, data)
        chosen = _new_run(
            settings,
            paths,
            as_of=_read_time(as_of, settings.reporting.time_zone) if as_of else None,
            full_refresh=full_refresh,
            select=_known_sources(settings, paths, select or []),
            dbt_vars=_read_vars(vars_),
            target=target,
        )
        _execute(chosen, Part.ALL, as_json=as_json)


@app.command()
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
    from orchestration.pipeline import Part

    with _one_answer(as_json):
        settings, paths = _read(config, data)
        chosen = _new_run(
            settings,
            paths,
            as_of=_read_time(as_of, settings.reporting.time_zone) if as_of else None,
            full_refresh=full_refresh,
            dbt_vars=_read_vars(vars_),
            target=target,
        )
        _execute(chosen, Part.BUILD, as_json=as_json)


@app.command()
def check(
    config: Config = None,
    data: Data = None,
    target: Target = TargetName.DUCKDB,
    as_json: AsJson = False,
) -> None:
    """Checks what is built, without publishing it."""
    from orchestration.pipeline import Part, built_as_of

    with _one_answer(as_json):
        settings, paths = _read(config, data)
        chosen = _new_run(settings, paths, as_of=built_as_of(paths), target=target)
        _execute(chosen, Part.CHECK, as_json=as_json)


@app.command()
def publish(
    config: Config = None,
    data: Data = None,
    target: Target = TargetName.DUCKDB,
    waive: Annotated[list[str] | None, typer.Option("--waive", metavar="CHECK", help="Let this check pass.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it may; shown on every page.")] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="The last day of it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Checks what is built and publishes it."""
    from orchestration.pipeline import Part, built_as_of
    from orchestration.quality.gate import Waiver

    with _one_answer(as_json):
        if waive and not (reason and until):
            raise ConfigurationError(
                "a waiver needs its reason and its last day",
                where="--waive",
                fix=f'write --waive {waive[0]} --reason "why" --until YYYY-MM-DD',
            )
        waivers = tuple(Waiver(name, reason or "", until.date()) for name in waive or [] if until)
        settings, paths = _read(config, data)
        chosen = _new_run(settings, paths, as_of=built_as_of(paths), target=target)
        _execute(chosen, Part.PUBLISH, waivers=waivers, as_json=as_json)


@app.command()
def demo(data: Data = None, as_json: AsJson = False) -> None:
    """Makes a small company up, runs the whole pass on it, and says what to do next."""
    from orchestration.pipeline import Part
    from orchestration.settings import find_paths, new_run, read_settings
    from sandbox.company import AS_OF, write_company

    with _one_answer(as_json):
        folder = (data or Path("data")).resolve()
        configuration = write_company(folder / "demo")
        paths = find_paths(configuration, folder)
        _execute(new_run(read_settings(configuration), paths, as_of=AS_OF), Part.ALL, as_json=as_json)


# --- reading ------------------------------------------------------------------------------------------------------


@app.command()
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A query of the marts, e.g. from metrics_shared.")],
    config: Config = None,
    data: Data = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="How rows are written.")] = OutputFormat.TABLE,
) -> None:
    """Reads the published marts."""
    from orchestration.queries import read_published, write_csv, write_json, write_table
    from orchestration.settings import find_paths

    with read_published(find_paths(config, data), sql) as rows:
        match output:
            case OutputFormat.TABLE:
                write_table(rows, Console())
            case OutputFormat.CSV:
                write_csv(rows, sys.stdout)
            case OutputFormat.JSON:
                write_json(rows, sys.stdout)


@app.command()
def dashboard(
    data: Data = None,
    config: Config = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port on 127.0.0.1.")] = 8501,
) -> None:
    """Serves the pages leadership reads, on the published file."""
    from dashboard.server import serve
    from orchestration.settings import find_paths

    serve(find_paths(config, data), port)


@app.command()
def dev(config: Config = None, data: Data = None, port: Annotated[int, typer.Option("--port")] = 3000) -> None:
    """Opens Dagster's page with the job, its schedule and its runs, on 127.0.0.1."""
    from orchestration.pipeline import prepare_dagster
    from orchestration.settings import PROJECT_ROOT

    _, paths = _read(config, data)
    prepare_dagster(paths)
    dagster = Path(sys.executable).with_name("dagster")
    arguments = ["dev", "--host", "127.0.0.1", "--port", str(port), "--module-name", "orchestration.definitions"]
    os.chdir(PROJECT_ROOT)
    os.execv(dagster, [str(dagster), *arguments])  # noqa: S606 - Dagster takes this process over


@sources_app.command("list")
def sources_list(config: Config = None, data: Data = None) -> None:
    """What is configured, with its last loads."""
    from rich.table import Table

    from orchestration.sources_overview import last_loads

    settings, paths = _read(config, data)
    table = Table("source", "connector", "resource", "last loaded (UTC)", "rows", "rejected")
    for row in last_loads(settings, paths):
        table.add_row(*("-" if cell is None else str(cell) for cell in row))
    Console().print(table)


@sources_app.command("check")
def sources_check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source's name in closedloop.yml.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Tries a source for real, without loading anything, and says what would mend it."""
    from orchestration.sources import CONNECTORS
    from orchestration.sources.base import Severity

    settings, paths = _read(config, data)
    _known_sources(settings, paths, [name])
    source = settings.sources[name]
    findings = CONNECTORS[source.connector].check(name, source, _new_run(settings, paths))
    console = Console(soft_wrap=True)
    marks = {Severity.OK: "[green]ok[/]", Severity.WARNING: "[yellow]warning[/]", Severity.ERROR: "[red]error[/]"}
    for finding in findings:
        console.print(f"{marks[finding.severity]} {escape(finding.resource)}: {escape(finding.message)}")
        if finding.fix:
            console.print(f"  To mend it: {escape(finding.fix)}")
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


# --- what the commands share --------------------------------------------------------------------------------------


def _read(config: Path | None, data: Path | None) -> tuple[Settings, Paths]:
    from orchestration.settings import find_paths, read_settings

    paths = find_paths(config, data)
    return read_settings(paths.config or Path("closedloop.yml")), paths


def _new_run(
    settings: Settings,
    paths: Paths,
    *,
    as_of: datetime | None = None,
    full_refresh: bool = False,
    select: tuple[str, ...] = (),
    dbt_vars: dict[str, Any] | None = None,
    target: TargetName = TargetName.DUCKDB,
) -> Run:
    from orchestration.settings import new_run

    return new_run(
        settings,
        paths,
        as_of=as_of,
        full_refresh=full_refresh,
        select=select,
        dbt_vars=dbt_vars,
        target=target.value,
    )


def _read_time(text: str, time_zone: str) -> datetime:
    from zoneinfo import ZoneInfo

    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"'{text}' is no time", where="--as-of", fix="write it as 2026-11-24 or 2026-11-24T18:00:00+07:00"
        ) from None
    return (time if time.tzinfo else time.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)


def _read_vars(text: str | None) -> dict[str, Any]:
    import yaml

    if text is None:
        return {}
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise ConfigurationError(
            f"'{text}' is no YAML mapping", where="--vars", fix="write it as --vars '{identity_rounds: 8}'"
        )
    return found


def _known_sources(settings: Settings, paths: Paths, names: list[str]) -> tuple[str, ...]:
    for name in names:
        if name not in settings.sources:
            raise ConfigurationError(
                f"there is no source '{name}'",
                where=str(paths.config),
                fix=f"configured are: {', '.join(settings.sources) or 'none'}",
            )
    return tuple(names)


def _execute(chosen: Run, part: Part, *, waivers: tuple[Any, ...] = (), as_json: bool = False) -> None:
    """Runs a part of the pass, shows its end, and exits with its code."""
    from orchestration.pipeline import execute
    from orchestration.progress import TerminalProgress
    from orchestration.resources import RunState, holding

    console = Console(file=sys.stderr if as_json else sys.stdout)
    state = RunState(chosen, waivers=waivers)
    next_options = _options(chosen.paths)
    with holding(chosen.paths):
        with TerminalProgress(console) as progress:
            state.progress = progress
            exit_code = execute(state, part)
        if as_json:
            _write_json(_answer(state, part, exit_code))
        else:
            _show_end(state, console, *next_options)
    if state.error is not None:
        _tell(state.error)
    raise typer.Exit(exit_code)


@contextmanager
def _one_answer(as_json: bool) -> Iterator[None]:
    """With `--json` there is an object on standard output also for what goes wrong before the run begins."""
    try:
        yield
    except ClosedloopError as error:
        if as_json:
            _write_json({"result": "failed", "exit_code": error.exit_code, "error": _error(error)})
        raise


def _write_json(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, default=str) + "\n")


def _error(error: ClosedloopError) -> dict[str, str]:
    return {"what": error.what, "where": error.where, "fix": error.fix}


def _show_end(state: RunState, console: Console, config: str, data: str) -> None:
    from orchestration.scoreboard import attention, scoreboard

    if state.publication is not None:
        console.print()
        console.print(scoreboard(state.run))
    console.print(attention(state), soft_wrap=True)
    if state.publication is not None:
        console.print(f"Published: {state.run.paths.published_file}", soft_wrap=True, highlight=False)
        console.print("Next:", style="bold")
        for command, purpose in (
            (f"closedloop dashboard{data}", "the pages leadership reads"),
            (f'closedloop query "from metrics_channel"{data}', "the marts, in SQL"),
            (f"closedloop dev{config}{data}", "the job, its schedule and its runs"),
        ):
            console.print(f"  {escape(command)}  [dim]# {purpose}[/]", soft_wrap=True, highlight=False)
    elif state.error is None:
        console.print("Next: `closedloop publish` checks what is built and publishes it", highlight=False)


def _options(paths: Paths) -> tuple[str, str]:
    """`--config` and `--data` as the next command needs them: where they are not what it would find by itself.

    Asked before the run, which tells dbt and Dagster its folders through the environment.
    """
    from orchestration.settings import find_paths

    found = find_paths()
    config = "" if paths.config == found.config or not paths.config else f" --config {_from_here(paths.config)}"
    return config, "" if paths.data == found.data else f" --data {_from_here(paths.data)}"


def _from_here(path: Path) -> str:
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


def _answer(state: RunState, part: Part, exit_code: int) -> dict[str, Any]:
    from dataclasses import asdict

    from orchestration.pipeline import Part
    from orchestration.scoreboard import scoreboard_figures

    reached = {Part.ALL: "published", Part.BUILD: "built", Part.CHECK: "checked", Part.PUBLISH: "published"}[part]
    results = {0: reached, 1: "failed", 2: "stopped_at_gate", 3: "published_with_source_missing"}
    return {
        "result": results[exit_code],
        "exit_code": exit_code,
        "run_id": state.run.run_id,
        "as_of": state.run.as_of.isoformat(),
        "error": _error(state.error) if state.error else None,
        "loads": [asdict(load) for load in state.loads],
        "sources_missing": [asdict(failure) for failure in state.source_failures],
        "checks": [asdict(check) for check in state.gate.checks] if state.gate else [],
        "scoreboard": scoreboard_figures(state.run) if state.publication else [],
    }
