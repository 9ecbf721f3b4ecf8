"""Files that readers and crashes may meet at any moment: written beside, flushed, then named in one step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.errors import BuildError, BusyError

if TYPE_CHECKING:
    from orchestration.settings import Paths

# What a name is called until it takes its place.
_NEW = ".new"


def sql_literal(text: str | Path) -> str:
    """A text as a SQL literal, where DuckDB takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"


def attach_published(con: duckdb.DuckDBPyConnection, paths: Paths) -> bool:
    """Attaches the last publication for reading, as `published`; False where there is none.

    Raises BuildError where it cannot be read.
    """
    if not paths.published_file.exists():
        return False
    try:
        con.execute(f"attach {sql_literal(paths.published_file)} as published (read_only)")
    except duckdb.Error as error:
        raise BuildError(
            f"the last publication cannot be read: {error}",
            where=str(paths.published_file),
            fix=f"put a kept one of {paths.published / 'publications'} in its place, or remove it and run again",
        ) from error
    return True


@contextmanager
def plain_errors(what: str, where: Path) -> Iterator[None]:
    """Tells what the disk refuses (no space, no permission) as a BuildError, a warehouse in use as a BusyError."""
    try:
        yield
    except (OSError, duckdb.OperationalError, duckdb.FatalException) as error:
        if "Could not set lock" in str(error):
            raise BusyError(
                "another program has one of closedloop's files open",
                where=str(where),
                fix="close it, then run again; readers use published/closedloop.duckdb, which is never locked",
            ) from error
        raise BuildError(
            f"{what}: {str(error).splitlines()[0]}",
            where=str(where),
            fix="free disk space or correct the permissions, then run again",
        ) from error


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


def write_in_one_step(file: Path, text: str) -> None:
    """Writes a small file that readers find as it was or as it is to be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}{_NEW}")
    fresh.write_text(text, encoding="utf-8")
    flush(fresh)
    fresh.replace(file)
    flush(file.parent)


def point(link: Path, target: Path) -> None:
    """Makes a symbolic link point to `target` (relative to the link's folder) in one step."""
    if link.is_symlink() and link.readlink() == target:
        return
    fresh = link.with_name(f".{link.name}{_NEW}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
    flush(link.parent)
