"""What is served on 127.0.0.1: the pages of leadership (`dashboard`) and Dagster's own (`dev`)."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.options import Config, Data, read_company
from orchestration.errors import UsageError
from storage.disk import OWNER_ONLY


def dashboard(
    data: Data = None,
    config: Config = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port on 127.0.0.1.")] = 8501,
) -> None:
    """Serves the pages leadership reads, on the published file."""
    from dashboard.server import PortTakenError, serve
    from orchestration.configuration.context import find_paths

    paths = find_paths(config, data)
    try:
        serve(paths.published_file, paths.status_file, port)
    except PortTakenError as error:
        raise UsageError(
            f"port {port} cannot be used: {error}",
            where="closedloop dashboard",
            fix=f"choose another one, e.g. closedloop dashboard --port {port + 1}",
        ) from None


def dev(
    config: Config = None,
    data: Data = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port on 127.0.0.1.")] = 3000,
) -> None:
    """Opens the page of Dagster with the job, its schedule and its runs, on 127.0.0.1."""
    from orchestration.configuration.context import PROJECT_ROOT
    from orchestration.pipeline import dagster_environment

    _, paths = read_company(config, data)
    environment = dagster_environment(paths)
    dagster = Path(sys.executable).with_name("dagster")
    arguments = ["dev", "--host", "127.0.0.1", "--port", str(port), "--module-name", "orchestration.definitions"]
    os.umask(OWNER_ONLY)  # what its runs leave in the data folder
    # Dagster ends at SIGTERM as it does at SIGINT, which a shell lets programs in the background ignore
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.chdir(PROJECT_ROOT)
    os.execve(dagster, [str(dagster), *arguments], environment)  # noqa: S606 - Dagster takes this process over
