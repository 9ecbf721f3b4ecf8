"""The `closedloop` command as a whole: its groups, and one clear message for whatever goes wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from orchestration.commands.ending import tell
from orchestration.commands.explain import explain
from orchestration.commands.init import init
from orchestration.commands.query import query
from orchestration.commands.run import build, check, demo, publish, run
from orchestration.commands.sandbox import sandbox
from orchestration.commands.serve import dashboard, dev
from orchestration.commands.sources import sources
from orchestration.configuration.process import leave
from orchestration.errors import ClosedloopError, UnforeseenError, UsageError
from storage import memory

app = typer.Typer(
    name="closedloop",
    help="A warehouse that closes the loop between marketing and sales.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

_OF_A_RUN = "0 published, 1 failed, 2 stopped at the gate, 3 published with a source missing"
_OF_A_CHECK = "0 passed, 1 failed, 2 stopped at the gate"
_OF_ANY = "0 done, 1 failed"

# Each command with what somebody would type, and what its exit codes mean.
_COMMANDS: tuple[tuple[Callable[..., None], str, str], ...] = (
    (init, "closedloop init my-company exports/*.csv exports/*.xlsx", _OF_ANY),
    (run, "closedloop run --as-of 2026-11-30 --select crm --json", _OF_A_RUN),
    (build, "closedloop build --full-refresh", _OF_ANY),
    (check, "closedloop check", _OF_A_CHECK),
    (
        publish,
        'closedloop publish --waive table_shrank --reason "the old CRM was removed" --until 2026-12-31',
        _OF_A_RUN,
    ),
    (demo, "closedloop demo --data /tmp/demo", _OF_A_RUN),
    (query, 'closedloop query "from metrics_channel" --format csv', _OF_ANY),
    (dashboard, "closedloop dashboard --port 8600", _OF_ANY),
    (dev, "closedloop dev", _OF_ANY),
    (sandbox, "closedloop sandbox --write company --leads 3000 --world dark", _OF_ANY),
)
for _command, _example, _exit_codes in _COMMANDS:
    app.command(epilog=f"Example: {_example}\n\nExit codes: {_exit_codes}.")(_command)
app.add_typer(explain, name="explain")
app.add_typer(sources, name="sources")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"closedloop {version('closedloop')}")
        raise typer.Exit


@app.callback()
def _of_all_commands(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Shows the version and exits.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """The console entry point: one clear message for every known error, and its exit code."""
    leave(_exit_code())


def _exit_code() -> int:
    try:
        _check_environment()
        # click hands the code of an Exit back instead of raising it
        return int(app(standalone_mode=False) or 0)
    except ClosedloopError as error:
        tell(error)
        return error.outcome.exit_code
    except typer.Abort:
        return 1
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets one message
        # typer's own usage errors know how to show themselves; their code 2 means something else here
        if show := getattr(error, "show", None):
            show()
        else:
            tell(_unforeseen(error))
        return 1


def _check_environment() -> None:
    """Raises UsageError for what DuckDB would only complain about later, and in each place in another way."""
    given = os.environ.get(memory.VARIABLE)
    if given is not None and not re.fullmatch(r"\d+(\.\d+)? *[KMGT]i?B", given, flags=re.IGNORECASE):
        raise UsageError(
            f"found '{given}', which is no amount of memory",
            where=f"the environment variable {memory.VARIABLE}",
            fix="write it as 4GB, or leave it out",
        )


def _unforeseen(error: Exception) -> UnforeseenError:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="closedloop-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)))
    return UnforeseenError(str(error), where=type(error).__name__, fix=f"the whole trace is in {log.name}")
