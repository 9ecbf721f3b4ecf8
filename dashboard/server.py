"""Starts the pages' web server, on this machine only."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import ConfigurationError

if TYPE_CHECKING:
    from orchestration.settings import Paths

HOST = "127.0.0.1"
DEFAULT_PORT = 8501

# Streamlit's own defaults would look for our public address, watch the source files, and send usage statistics.
_OPTIONS = {
    "server.address": HOST,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "browser.serverAddress": HOST,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "theme.base": "light",
    "theme.primaryColor": "#1f5fa8",
}


def serve(paths: Paths, port: int = DEFAULT_PORT) -> None:
    """Serves the pages on http://127.0.0.1:`port` until it is interrupted.

    Raises ConfigurationError when the port is taken.
    """
    _require_free(port)
    os.environ["CLOSEDLOOP_DATA"] = str(paths.data)  # where the page finds the published file
    from streamlit.web import bootstrap  # takes a second: not before it is needed

    options = {**_OPTIONS, "server.port": port, "browser.serverPort": port}
    bootstrap.load_config_options({name.replace(".", "_"): value for name, value in options.items()})
    bootstrap.run(str(Path(__file__).with_name("app.py")), False, [], {})


def _require_free(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise ConfigurationError(
                f"port {port} cannot be used: {error.strerror}",
                where="closedloop dashboard",
                fix=f"choose another one, e.g. closedloop dashboard --port {port + 1}",
            ) from None
