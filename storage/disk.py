"""Files that readers and crashes may meet at any moment: written beside, flushed, then named in one step."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Reads and writes nothing for anybody but the owner.
OWNER_ONLY = 0o077

# What a name is called until it takes its place.
_NEW = ".new"


def flush(path: Path) -> None:
    """Makes sure that a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_tree(folder: Path) -> None:
    """Makes sure that a folder and all that is in it are on the disk."""
    for path in folder.rglob("*"):
        flush(path)
    flush(folder)


def write_in_one_step(file: Path, content: str | bytes) -> None:
    """Writes a small file that readers find as it was or as it is to be; one that says so already is left alone."""
    encoded = content.encode() if isinstance(content, str) else content
    if file.exists() and file.read_bytes() == encoded:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}{_NEW}")
    fresh.write_bytes(encoded)
    flush(fresh)
    fresh.replace(file)
    flush(file.parent)


def point(link: Path, target: Path) -> None:
    """Makes a symbolic link point to `target` (as it is written, so relative to the link's folder) in one step."""
    if link.is_symlink() and link.readlink() == target:
        return
    fresh = link.with_name(f".{link.name}{_NEW}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
    flush(link.parent)


@contextmanager
def owner_only(folder: Path, *, but: Path) -> Iterator[None]:
    """Keeps what lies in `folder`, and what this process and its children write there meanwhile, to its owner.

    Others may only pass through to `but`, a folder in it, for whose files `let_read` is called. What is not ours to
    change stays as it is.
    """
    before = os.umask(OWNER_ONLY)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):
            folder.chmod(0o711)
            for path in folder.iterdir():
                if path != but and not path.is_symlink():
                    path.chmod(0o700 if path.is_dir() else 0o600)
        yield
    finally:
        os.umask(before)


@contextmanager
def work_folder(parent: Path) -> Iterator[Path]:
    """An empty folder in `parent`, the owner's alone, for what lives as long as the block; it leaves no trace."""
    above = [] if parent.parent.exists() else [parent.parent]
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=parent, prefix=f"{os.getpid()}-") as folder:
            yield Path(folder)
    finally:
        with suppress(OSError):  # somebody else is at work there
            for empty in (parent, *above):
                empty.rmdir()


def clear_work_folders(parent: Path) -> None:
    """Removes the work folders that processes left which were killed."""
    if parent.is_dir():
        for folder in parent.iterdir():
            if not _is_running(int(folder.name.partition("-")[0])):
                shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def let_read(path: Path) -> None:
    """Lets everybody read a file, or a folder and all that is in it, and nobody write the files."""
    for each in [path, *path.rglob("*")]:
        if not each.is_symlink():
            each.chmod(0o755 if each.is_dir() else 0o444)
