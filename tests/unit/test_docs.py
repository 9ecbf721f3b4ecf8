"""Pages that are made from the code are as `make docs` writes them."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

from orchestration.configuration.context import PROJECT_ROOT
from orchestration.sources.canonical import ENTITIES
from orchestration.sources.files.kinds import column_reading
from storage.sql import connect
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


def test_what_is_made_of_entities_and_marts_is_up_to_date(tmp_path: Path) -> None:
    pages = runpy.run_path(str(PROJECT_ROOT / "docs" / "make_pages.py"))
    assert pages["ENTITIES_PAGE"].read_text(encoding="utf-8") == pages["entities_page"](), "run: make docs"
    assert pages["MARTS_PAGE"].read_text(encoding="utf-8") == pages["marts_page"](tmp_path), "run: make docs"
    assert pages["STAGING_MODELS"].read_text(encoding="utf-8") == pages["staging_models"](), "run: make docs"


def test_an_example_of_each_column_can_be_read() -> None:
    with connect() as con:
        for entity in ENTITIES.values():
            for name, column in entity.described.items():
                read = column_reading(name, column.kind, "text")
                found = con.execute(f"select ({read.value}) is not null from (select ? as text)", [column.example])
                assert found.fetchone() == (True,), (entity.name, name)


def test_the_version_is_shown() -> None:
    assert closedloop("--version").stdout == "closedloop 0.1.0\n"


def test_demo_takes_the_data_folder_of_the_environment() -> None:
    failed = closedloop("demo", expect=1, CLOSEDLOOP_DATA="/proc/nowhere")  # where no folder can be made
    assert "/proc/nowhere" in failed.stdout + failed.stderr
