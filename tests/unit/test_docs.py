"""Pages that are made from the code are as `make docs` writes them."""

from __future__ import annotations

import subprocess
import sys

from orchestration.configuration.context import PROJECT_ROOT
from tests.conftest import closedloop


def test_the_page_of_commands_is_what_their_help_says() -> None:
    made = subprocess.run(
        [
            *(sys.executable, "-m", "typer", "orchestration.commands.app", "utils", "docs"),
            *("--name", "closedloop", "--title", "Commands"),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT_ROOT,
    )
    page = (PROJECT_ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page.strip() == made.stdout.strip(), "run: make docs"
    assert page.count("Example: ") == page.count("Exit codes: ") + 1  # `sources list` has no other end
    assert "&#" not in page


def test_the_version_is_shown() -> None:
    assert closedloop("--version").stdout == "closedloop 0.1.0\n"


def test_demo_takes_the_data_folder_of_the_environment() -> None:
    failed = closedloop("demo", expect=1, CLOSEDLOOP_DATA="/proc/nowhere")  # where no folder can be made
    assert "/proc/nowhere" in failed.stdout + failed.stderr
