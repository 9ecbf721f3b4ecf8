"""Files that readers and crashes may meet at any moment: written beside, flushed, then named in one step."""

from __future__ import annotations

import os
from pathlib import Path

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
