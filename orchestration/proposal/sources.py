"""Which source of `closedloop.yml` each entry stands in: an ad platform's own, else the company's one for all files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.proposal.entry import Entry
from orchestration.proposal.money import currencies_shown
from orchestration.proposal.surroundings import Surroundings
from orchestration.proposal.vocabulary import FILE_WORDS, words


@dataclass(frozen=True)
class Source:
    """A source as it will stand in `closedloop.yml`."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def in_utc(self) -> str:
        """Why its times are in UTC; "" where they are not, or say so themselves."""
        return self.entries[0].in_utc


def split_sources(entries: Sequence[Entry]) -> list[Source]:
    """The entries by source, those of no platform first.

    Names and ids of one platform are not another's, so each is a source of its own; files of spend that give no
    platform away and are of different shapes are named by their file.
    """
    common = _common_name([entry.file.path for entry in entries if not entry.platform])
    nameless = [entry for entry in entries if entry.entity == "ad_spend" and not entry.platform]
    shapes = {entry.file.opened.columns for entry in nameless}
    by_name: dict[str, list[Entry]] = {common: []}
    for entry in entries:
        by_file = entry in nameless and len(shapes) > 1
        name = entry.platform or ("_".join(words(entry.file.path.stem)) if by_file else common)
        by_name.setdefault(name or common, []).append(entry)
    if len({bool(entry.in_utc) for entry in by_name[common]}) > 1:  # a source has one time zone
        by_name[f"{common}_utc"] = [entry for entry in by_name[common] if entry.in_utc]
        by_name[common] = [entry for entry in by_name[common] if not entry.in_utc]
    return [Source(name, tuple(its)) for name, its in by_name.items() if its]


def _common_name(paths: Sequence[Path]) -> str:
    """The word that all files' names begin with, such as the CRM's; else `files`."""
    first = {words(path.stem)[:1] for path in paths}
    if len(set(paths)) > 1 and len(first) == 1:
        [(*name,)] = first
        if name and name[0].isalpha() and not any(name[0] in known for known in FILE_WORDS.values()):
            return name[0]
    return "files"


def name_currencies(entries: Sequence[Entry], surroundings: Surroundings) -> None:
    """Says of which currency an entry's amounts are, where its header does and it is not the company's."""
    for entry in entries:
        shown = set(currencies_shown(entry))
        is_said = "currency" in entry.columns or "currency" in entry.constants
        if len(shown) == 1 and shown != {surroundings.currency} and not is_said:
            entry.constants["currency"] = shown.pop()
