"""Starts the pages' web server, on this machine only."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

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


class PortTakenError(Exception):
    """The port cannot be used; the message is the system's reason."""


def serve(published_file: Path, status_file: Path, port: int = DEFAULT_PORT) -> None:
    """Serves the pages of a publication and its status.json on http://127.0.0.1:`port` until it is told to end.

    Raises PortTakenError when the port cannot be used.
    """
    _require_free(port)
    _end_at_once_when_told()
    # Streamlit takes a second to load: not before it is needed. Pandas comes first, because the threads that make the
    # pages would load it, and two readers at once would meet it half loaded.
    import pandas  # noqa: F401
    from streamlit.web import bootstrap

    options = {**_OPTIONS, "server.port": port, "browser.serverPort": port}
    bootstrap.load_config_options({name.replace(".", "_"): value for name, value in options.items()})
    bootstrap.run(str(Path(__file__).with_name("app.py")), False, [str(published_file), str(status_file)], {})


def _end_at_once_when_told() -> None:
    """Ends the process at the first Ctrl-C or SIGTERM. Streamlit's own way waits for readers and can wait for ever; the
    pages write nothing, so nothing is lost."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        return
    told = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, told)  # in every thread that starts from here on

    def wait() -> None:
        signal.sigwait(told)
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def _require_free(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise PortTakenError(error.strerror) from None
