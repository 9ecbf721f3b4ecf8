"""Which ad platform an export is of, by its headers and its name."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml

from orchestration.proposal.profile import FileProfile
from orchestration.proposal.vocabulary import Phrases, phrases, words

# What a word of the file's name counts against one header.
_FILE_NAME = 2
# One header alone proves nothing.
_LEAST_EVIDENCE = 2


@functools.cache
def _platforms() -> dict[str, tuple[Phrases, Phrases]]:
    """`platforms.yml`: platform -> (words of a file's name, headers)."""
    given = yaml.safe_load(Path(__file__).with_name("platforms.yml").read_text(encoding="utf-8"))
    return {platform: (phrases(its["file"]), phrases(its["headers"])) for platform, its in given.items()}


def platform_of(file: FileProfile) -> str:
    """The platform that most of the evidence speaks of; "" where there is too little of it, or for two."""
    in_name = words(file.path.stem)
    columns = {words(column) for column in file.opened.columns}
    evidence = {
        platform: _FILE_NAME * any(set(phrase) <= set(in_name) for phrase in named) + len(columns & set(headers))
        for platform, (named, headers) in _platforms().items()
    }
    most = max(evidence.values())
    likeliest = [platform for platform, found in evidence.items() if found == most]
    return likeliest[0] if most >= _LEAST_EVIDENCE and len(likeliest) == 1 else ""
