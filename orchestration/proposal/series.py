"""Exports of one series, week by week: one entry reads them all, and next week's as well."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from orchestration.proposal.entry import Entry, Place, Value
from orchestration.sources.canonical import ENTITIES

_SPECIAL = re.compile(r"[*?\[\]]")


def join_series(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, with one for all files of a series; each stands where the first of its files stood.

    Files are a series where they lie in one folder, have the same columns and are named alike, where nothing that one
    shows contradicts another, and where no other file there would be taken for one of them.
    """
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_likeness(entry), []).append(entry)
    joined: list[Entry] = []
    for group in groups.values():
        whole = _joined(group) if len(group) > 1 else None
        joined += [whole] if whole else group
    order = {id(entry): place for place, entry in enumerate(entries)}
    first = {_likeness(group[0]): order[id(group[0])] for group in groups.values()}
    return sorted(joined, key=lambda entry: order.get(id(entry), first[_likeness(entry)]))


def _likeness(entry: Entry) -> tuple[object, ...]:
    return (
        entry.entity,
        entry.platform,
        entry.ids,
        entry.file.path.parent,
        entry.file.path.suffix,
        entry.file.opened.columns,
        tuple(entry.constants.items()),
        entry.where,
    )


def _joined(group: Sequence[Entry]) -> Entry | None:
    """One entry for all of the group; None where they contradict each other or another file is named like them."""
    glob = _glob(entry.file.path for entry in group)
    columns = _one_column_each(group)
    formats = _one_format_each(group)
    values = _one_value_each(group)
    if glob is None or columns is None or formats is None or values is None:
        return None
    unmapped: dict[str, list[str]] = {}
    for entry in group:
        for column, texts in entry.unmapped.items():
            known = unmapped.setdefault(column, [])
            known += [text for text in texts if text not in known]
    # what one file leaves open, another settles
    settled: set[Place] = {
        ("formats", column) for entry in group for column in entry.formats.keys() - entry.open_notations
    }
    if "is_won" in columns:
        settled.add(("columns",))
    unsure = {
        place: doubt
        for entry in group
        for place, doubt in entry.unsure.items()
        if place not in settled or (place[0] == "formats" and place[1] not in entry.open_notations)
    }
    told = f"{len(group)} files with the same columns; any other of such a name is read too"
    return replace(
        group[0],
        columns=columns,
        formats=formats,
        values=values,
        unmapped=unmapped,
        unsure={("path",): told, **unsure},
        open_notations=set.intersection(*(entry.open_notations for entry in group)),
        glob=glob,
        series=tuple(entry.file for entry in group),
    )


def _glob(paths: Iterable[Path]) -> str | None:
    """The pattern of their names: that of leads_2026-W01.csv and leads_2026-W02.csv is leads_*.csv."""
    known = list(paths)
    common = os.path.commonprefix([path.stem for path in known])  # noqa: RUF071 - of names, not of paths
    # up to the last word that is whole and has no digit, so that next year's name fits as well
    begins = re.match(r"(?:[^\W\d_]+[\W_]+)*", common)
    beginning = begins[0] if begins else ""
    if _SPECIAL.search(f"{known[0].parent}{beginning}") or not (
        beginning or all(path.stem[0].isdigit() for path in known)
    ):
        return None
    glob = f"{beginning}*{known[0].suffix}"
    there = {path for path in known[0].parent.iterdir() if fnmatchcase(path.name, glob)}
    return glob if there == set(known) else None


def _one_column_each(group: Sequence[Entry]) -> dict[str, str] | None:
    """The file's column of each canonical one, of all files; None where two differ."""
    columns: dict[str, str] = {}
    for entry in group:
        if any(columns.get(column, header) != header for column, header in entry.columns.items()):
            return None
        columns |= entry.columns
    return {column: columns[column] for column in ENTITIES[group[0].entity].columns if column in columns}


def _one_format_each(group: Sequence[Entry]) -> dict[str, str] | None:
    """Each column's format: the one that a file settles, else the one that all propose; None where two differ."""
    formats: dict[str, str] = {}
    for column in {column: None for entry in group for column in entry.formats}:
        proposing = [entry for entry in group if column in entry.formats]
        settling = [entry for entry in proposing if column not in entry.open_notations] or proposing
        found = {entry.formats[column] for entry in settling}
        if len(found) > 1:
            return None
        formats[column] = found.pop()
    return formats


def _one_value_each(group: Sequence[Entry]) -> dict[str, dict[str, Value]] | None:
    """What each text of each column stands for, of all files; None where two differ."""
    values: dict[str, dict[str, Value]] = {}
    for entry in group:
        for column, ours in entry.values.items():
            known = values.setdefault(column, {})
            if any(known.get(theirs, value) != value for theirs, value in ours.items()):
                return None
            known |= ours
    # every other text comes last, as it is written
    return {column: dict(sorted(known.items(), key=lambda item: item[0] == "*")) for column, known in values.items()}
