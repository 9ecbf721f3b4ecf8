"""Keys that are a row's number: two files that number their rows mean different rows by one number."""

# ruff: noqa: S608 - names go through `quoted`
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from orchestration.proposal.entry import Entry
from orchestration.proposal.profile import MOST
from orchestration.sources.canonical import ENTITIES, Kind
from orchestration.sources.files.kinds import trimmed
from storage.sql import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def tell_counters(con: DuckDBPyConnection, entries: Sequence[Entry]) -> None:
    """Makes the file's name part of the key where files of an entity count their rows and the rows are not the same."""
    for entity in {entry.entity: None for entry in entries}:
        counted = [entry for entry in entries if entry.entity == entity and _counts(entry)]
        if any(_mean_others(con, counted[0], other) for other in counted[1:]):
            for entry in counted:
                entry.ids = "by_file"
                entry.unsure["ids",] = (
                    f"each file numbers its rows itself, so '{_key(entry)}' means something only with the file's name"
                )


def _key(entry: Entry) -> str:
    return entry.columns.get(ENTITIES[entry.entity].key[-1], "")


def _counts(entry: Entry) -> bool:
    column = entry.file.columns.get(_key(entry))
    return column is not None and column.is_counter


def _mean_others(con: DuckDBPyConnection, entry: Entry, other: Entry) -> bool:
    """Whether most rows of one number came to be at different times in the two files."""
    if entry.file is other.file:
        return False
    required = ENTITIES[entry.entity].required
    moment = next((name for name, kind in required.items() if kind in (Kind.TIME, Kind.DATE)), None)
    if moment is None or not {moment} <= entry.columns.keys() & other.columns.keys():
        return False
    ours, theirs = (
        f"(select {trimmed(quoted(_key(each)))} as number, {trimmed(quoted(each.columns[moment]))} as moment "
        f"from {each.file.opened.relation})"
        for each in (entry, other)
    )
    [(same, others)] = con.execute(
        f"select count(*), count(*) filter (ours.moment != theirs.moment) from {ours} as ours "
        f"join {theirs} as theirs using (number)"
    ).fetchall()
    return bool(same) and others > MOST * same
