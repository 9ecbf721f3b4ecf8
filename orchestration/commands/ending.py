"""The end of a run: its progress, its scoreboard or its JSON, its message and its exit code."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape

from orchestration.errors import ClosedloopError
from orchestration.transformation.dbt_process import DbtProcess

if TYPE_CHECKING:
    from orchestration.configuration.context import Paths
    from orchestration.configuration.run import Run
    from orchestration.pipeline import Part
    from orchestration.quality.gate import Waiver
    from orchestration.resources import RunState
    from reporting.outcome import Outcome


def tell(error: ClosedloopError) -> None:
    """The error on the terminal: where, what, and what to do."""
    console = Console(stderr=True, soft_wrap=True)
    console.print(f"[bold red]{escape(error.where)}[/]: {escape(error.what)}")
    console.print(f"[bold]To fix it:[/] {escape(error.fix)}")


def execute_and_exit(
    chosen: Run,
    part: Part,
    *,
    waivers: tuple[Waiver, ...] = (),
    dbt: DbtProcess | None = None,
    as_json: bool = False,
) -> None:
    """Runs a part of the pass, shows its end, and exits with its code."""
    from orchestration.commands.progress import TerminalProgress
    from orchestration.pipeline import execute
    from orchestration.resources import RunState, holding

    console = Console(file=sys.stderr if as_json else sys.stdout)
    state = RunState(chosen, waivers=waivers, dbt=dbt or DbtProcess())
    with holding(chosen.paths):
        with TerminalProgress(console) as progress:
            state.progress = progress
            outcome = execute(state, part)
        if as_json:
            _write_json(_answer(state, outcome))
        else:
            _show_end(state, console)
    if state.error is not None:
        tell(state.error)
    raise typer.Exit(outcome.exit_code)


@contextmanager
def one_answer(as_json: bool) -> Iterator[None]:
    """With `--json` there is an object on standard output also for what goes wrong before the run begins."""
    try:
        yield
    except ClosedloopError as error:
        if as_json:
            _write_json({"result": error.outcome, "exit_code": error.outcome.exit_code, "error": _error(error)})
        raise


def _write_json(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, default=str) + "\n")


def _error(error: ClosedloopError) -> dict[str, str]:
    return {"what": error.what, "where": error.where, "fix": error.fix}


def _show_end(state: RunState, console: Console) -> None:
    from orchestration.commands.scoreboard import attention, scoreboard

    if state.publication is not None:
        console.print()
        console.print(scoreboard(state.run))
    console.print(attention(state), soft_wrap=True)
    if state.publication is not None:
        config, data = _options(state.run.paths)
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
    """`--config` and `--data` as the next command needs them: where they are not what it would find by itself."""
    from orchestration.configuration.context import find_paths

    found = find_paths()
    config = "" if paths.config == found.config or not paths.config else f" --config {_from_here(paths.config)}"
    return config, "" if paths.data == found.data else f" --data {_from_here(paths.data)}"


def _from_here(path: Path) -> str:
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


def _answer(state: RunState, outcome: Outcome) -> dict[str, Any]:
    from dataclasses import asdict

    from orchestration.commands.scoreboard import scoreboard_figures

    return {
        "result": outcome,
        "exit_code": outcome.exit_code,
        "run_id": state.run.run_id,
        "as_of": state.run.as_of.isoformat(),
        "error": _error(state.error) if state.error else None,
        "warnings": state.warnings,
        "loads": [asdict(load) for load in state.loads],
        "sources_missing": [asdict(failure) for failure in state.source_failures],
        "checks": [asdict(check) for check in state.gate.checks] if state.gate else [],
        "scoreboard": scoreboard_figures(state.run) if state.publication else [],
    }
