"""How a run ends: the word that status.json and `--json` use, and the exit code of the process."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The end of a run, or of a part of it."""

    exit_code: int

    def __new__(cls, word: str, exit_code: int) -> Outcome:
        """A member that is its word and knows its exit code."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.exit_code = exit_code
        return member

    BUILT = "built", 0
    CHECKED = "checked", 0
    PUBLISHED = "published", 0
    FAILED = "failed", 1
    STOPPED_AT_GATE = "stopped_at_gate", 2  # readers keep the last publication
    PUBLISHED_WITH_SOURCE_MISSING = "published_with_source_missing", 3
