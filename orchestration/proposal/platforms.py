"""Which ad platform an export is of, and which reports are of no use, by headers and file names."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, cast

import yaml

from orchestration.proposal.profile import FileProfile
from orchestration.proposal.vocabulary import phrases, words

# What a word of the file's name counts against one header.
_FILE_NAME = 2
# One header alone proves nothing.
_LEAST_EVIDENCE = 2


@functools.cache
def _known() -> dict[str, Any]:
    """`platforms.yml`."""
    return cast("dict[str, Any]", yaml.safe_load(Path(__file__).with_name("platforms.yml").read_text(encoding="utf-8")))


def _columns(file: FileProfile) -> set[tuple[str, ...]]:
    return {words(column) for column in file.opened.columns}


def platform_of(file: FileProfile) -> str:
    """The platform that most of the evidence speaks of; "" where there is too little of it, or for two."""
    in_name = set(words(file.path.stem))
    columns = _columns(file)
    evidence = {
        platform: _FILE_NAME * any(set(phrase) <= in_name for phrase in phrases(known["file"]))
        + len(columns & set(phrases(known["headers"])))
        for platform, known in _known()["ad_platforms"].items()
    }
    most = max(evidence.values())
    likeliest = [platform for platform, found in evidence.items() if found == most]
    return likeliest[0] if most >= _LEAST_EVIDENCE and len(likeliest) == 1 else ""


def unusable_report(file: FileProfile) -> str:
    """What a report is that holds none of our entities, and what to export in its place; "" for any other file."""
    columns = _columns(file)
    reports = _known()["unusable"].values()
    return next(
        (known["says"] for known in reports if len(columns & set(phrases(known["headers"]))) >= _LEAST_EVIDENCE), ""
    )
