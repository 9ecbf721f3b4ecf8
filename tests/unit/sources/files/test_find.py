"""The files behind a path, a glob, a folder or a URL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import fsspec
import pytest

from orchestration.errors import InputError, SourceUnavailableError
from orchestration.sources.files.find import find_files, local_copy
from tests.unit.sources.files.opening import texts, write

# --- finding files


def _names(path: str, base: Path) -> list[str]:
    return [file.name for file in find_files(path, base)]


def test_one_file_a_glob_and_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deeper").mkdir(parents=True)
    for name in ("b.csv", "a.jsonl", "c.xlsx", "~$c.xlsx", ".hidden.csv", "notes.md", "deeper/d.csv"):
        write(folder / name, "x")
    assert _names("in/b.csv", tmp_path) == ["in/b.csv"]
    assert _names("in/*.csv", tmp_path) == ["in/b.csv"]
    assert _names("in/**/*.csv", tmp_path) == ["in/b.csv", "in/deeper/d.csv"]
    assert _names("in", tmp_path) == ["in/a.jsonl", "in/b.csv", "in/c.xlsx"]
    assert _names(str(folder / "b.csv"), tmp_path) == ["in/b.csv"]
    assert _names("../b.csv", folder / "deeper") == ["../b.csv"]


@pytest.mark.parametrize("path", ["nope.csv", "*.csv", "empty", "memory://nope/*.csv", "memory://nope/a.csv"])
def test_nothing_found_is_an_error(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no"):
        find_files(path, tmp_path)


def test_an_object_store(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/bucket/2024/a.csv", b"id,name\n1,a\n")
    store.pipe("/bucket/2024/b.csv", b"id,name\n2,b\n")
    store.pipe("/bucket/2024/notes.md", b"x")
    try:
        for path in ("memory://bucket/2024/*.csv", "memory://bucket/2024"):
            found = find_files(path, tmp_path)
            assert [file.name for file in found] == ["memory:///bucket/2024/a.csv", "memory:///bucket/2024/b.csv"]
        assert found[0].size_bytes == 12
        assert found[0].modified_at is not None
        assert abs((datetime.now(UTC).replace(tzinfo=None) - found[0].modified_at).total_seconds()) < 600
        with local_copy(found[1], tmp_path) as copy:
            assert texts(con, copy) == [("2", "b")]
        assert not copy.exists()
    finally:
        store.rm("/bucket", recursive=True)
    with pytest.raises(SourceUnavailableError, match="download failed"), local_copy(found[1], tmp_path):
        pass


def test_a_store_whose_package_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        find_files("s3://bucket/a.csv", tmp_path)
    assert "s3fs" in str(raised.value)
    with pytest.raises(InputError):
        find_files("nonsense://bucket/a.csv", tmp_path)
