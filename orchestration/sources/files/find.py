"""The files behind a `path` setting: on disk or in an object store."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from orchestration.errors import InputError, SourceUnavailableError
from orchestration.sources.files.opened import FileFormat
from storage.disk import work_folder

if TYPE_CHECKING:
    import fsspec

ENDINGS: dict[str, FileFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}


@dataclass(frozen=True)
class FoundFile:
    """A file that a `path` setting leads to."""

    name: str  # as it is recorded: relative to closedloop.yml's folder, or the URL
    location: str  # absolute path or URL
    size_bytes: int
    modified_at: datetime | None  # naive UTC; None where the object store does not say

    @property
    def stem(self) -> str:
        """Its name without folder and ending."""
        return PurePosixPath(self.name).stem

    @property
    def is_remote(self) -> bool:
        """Whether it has to be downloaded first."""
        return "://" in self.location


def find_files(path: str, base: Path) -> list[FoundFile]:
    """The files behind a `path` setting: one file, a glob, a folder (its readable files) or an object-store URL.

    `base` is the folder that relative paths start from. Sorted by name. Raises InputError when there is none.
    """
    found = _find_remote(path) if "://" in path else _find_local(path, base)
    if not found:
        raise InputError(
            "there is no such file" if not glob.has_magic(path) else "no file matches",
            where=path,
            fix="correct `path` in closedloop.yml (it is relative to that file's folder), or put the file there",
        )
    return sorted(found, key=lambda file: file.name)


def _find_local(path: str, base: Path) -> list[FoundFile]:
    target = base / Path(path).expanduser()
    if target.is_dir():
        paths = [file for file in target.iterdir() if _is_readable(file.name)]
    elif target.exists():
        paths = [target]
    else:
        paths = [Path(name) for name in glob.glob(str(target), recursive=True)]  # noqa: PTH207 - patterns are absolute
    return [_local_file(file, base) for file in paths if file.is_file()]


def _is_readable(name: str) -> bool:
    """Whether a folder's file is input: a known ending, and neither hidden nor a spreadsheet's lock."""
    return Path(name).suffix.lower() in ENDINGS and not name.startswith((".", "~$"))


def _local_file(path: Path, base: Path) -> FoundFile:
    status = path.stat()
    return FoundFile(
        name=Path(os.path.relpath(path, base)).as_posix(),
        location=str(path.resolve()),
        size_bytes=status.st_size,
        modified_at=datetime.fromtimestamp(status.st_mtime_ns // 1000 / 1e6, UTC).replace(tzinfo=None),
    )


def _find_remote(url: str) -> list[FoundFile]:
    import fsspec  # takes long, and most files lie on this machine

    try:
        store, root = fsspec.url_to_fs(url)
        if glob.has_magic(root):
            paths = store.glob(root)
        elif store.isdir(root):
            paths = [path for path in store.ls(root, detail=False) if _is_readable(path.rpartition("/")[2])]
        else:
            paths = [root] if store.exists(root) else []
        return [_remote_file(store, path) for path in paths if store.isfile(path)]
    except ImportError as error:
        raise InputError(str(error), where=url, fix="install the package it names beside closedloop") from None
    except ValueError as error:
        raise InputError(f"no such kind of store ({error})", where=url, fix="check how the URL begins") from None
    except OSError as error:
        raise SourceUnavailableError(
            f"the object store does not answer ({type(error).__name__})",
            where=url,
            fix="check the URL, the credentials in the environment, and the connection; the next run catches up",
        ) from error


def _remote_file(store: fsspec.AbstractFileSystem, path: str) -> FoundFile:
    try:
        modified_at = store.modified(path)
    except NotImplementedError:
        modified_at = None
    if modified_at is not None and modified_at.tzinfo is not None:
        modified_at = modified_at.astimezone(UTC).replace(tzinfo=None)
    url = store.unstrip_protocol(path)
    return FoundFile(name=url, location=url, size_bytes=store.size(path) or 0, modified_at=modified_at)


@contextmanager
def local_copy(file: FoundFile, work: Path) -> Iterator[Path]:
    """The file on this machine: itself, or a download in `work` that lives as long as the block."""
    if not file.is_remote:
        yield Path(file.location)
        return
    import fsspec

    with work_folder(work) as folder:
        copy = folder / file.location.rpartition("/")[2]
        try:
            store, root = fsspec.url_to_fs(file.location)
            store.get_file(root, str(copy))
        except OSError as error:
            raise SourceUnavailableError(
                f"the download failed ({type(error).__name__})",
                where=file.name,
                fix="check the credentials in the environment and the connection; the next run catches up",
            ) from error
        yield copy
