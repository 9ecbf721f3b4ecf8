"""`closedloop sandbox`: what it writes, and where it does not."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import closedloop


def test_it_says_what_to_run_next_on_what_it_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    told = closedloop("sandbox", "--write", folder, "--leads", "50", "--world", "dark", "--round", "1").stdout
    assert f"closedloop run --config {folder / 'closedloop.yml'} --as-of 2026-11-03T17:00:00Z" in told
    assert (folder / "truth" / "stages.parquet").exists()
    # and once more over what it wrote
    closedloop("sandbox", "--write", folder, "--leads", "50")


def test_it_leaves_another_company_alone(tmp_path: Path) -> None:
    configuration = tmp_path / "closedloop.yml"
    configuration.write_text("reporting: {currency: IDR}\n", encoding="utf-8")
    told = closedloop("sandbox", "--write", tmp_path, "--leads", "50", expect=1).stderr
    assert "another company's" in told
    assert "To fix it: name a new folder" in told
    assert configuration.read_text(encoding="utf-8") == "reporting: {currency: IDR}\n"
    assert [file.name for file in tmp_path.iterdir()] == ["closedloop.yml"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is a file" in closedloop("sandbox", "--write", tmp_path / "file", expect=1).stderr
    told = closedloop("sandbox", "--write", "/proc/nowhere", expect=1).stderr
    assert "nothing can be written there" in told
    assert "Traceback" not in told
