"""The pages' server: on this machine only, quick to say what is wrong, and loaded only when it is asked for."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import closedloop


def test_a_port_that_is_taken_is_said_with_another_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = closedloop("dashboard", "--data", tmp_path, "--port", str(port), expect=1).stderr
    assert f"port {port} cannot be used" in told
    assert f"--port {port + 1}" in told


def test_streamlit_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, dashboard.server; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_on_the_loopback_address_alone_and_ends_when_told_to(tmp_path: Path, told: signal.Signals) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-m", "tests.programs.serve_pages", str(tmp_path), str(port)]) as server:
        try:
            assert fetch(f"http://127.0.0.1:{port}/_stcore/health") == b"ok"
            # the whole 127.0.0.0/8 is this machine, but only one address of it was asked for
            with socket.socket() as caller:
                assert caller.connect_ex(("127.0.0.2", port)) != 0
            # a reader who is in the middle of asking does not keep it
            with socket.create_connection(("127.0.0.1", port)) as reader:
                reader.sendall(b"GET / HTTP/1.1\r\nHost: 127")
                server.send_signal(told)
                assert server.wait(30) == 0
        finally:
            server.kill()


def fetch(url: str) -> bytes:
    """The answer, once the server is up."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url) as response:  # noqa: S310
                answer: bytes = response.read()
                return answer
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url} within half a minute")
