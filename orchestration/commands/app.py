"""The `closedloop` command as a whole: its groups, and one clear message for whatever goes wrong."""

from __future__ import annotations

import os
import re

import typer

from orchestration.commands.ending import tell
from orchestration.commands.init import init
from orchestration.commands.query import query
from orchestration.commands.run import build, check, demo, publish, run
from orchestration.commands.serve import dashboard, dev
from orchestration.commands.sources import sources
from orchestration.configuration.process import leave
from orchestration.errors import ClosedloopError, UnforeseenError, UsageError
from storage import memory

app = typer.Typer(
    name="closedloop",
    help="A warehouse that closes the loop between marketing and sales.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (init, run, build, check, publish, demo, query, dashboard, dev):
    app.command()(command)
app.add_typer(sources, name="sources")


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
