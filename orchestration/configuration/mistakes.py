"""Mistakes in words: what pydantic found wrong, said for people."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SHOWN_CHARACTERS = 60

# What is allowed where pydantic says that the type is wrong; a cell of a table is always a text.
_ALLOWED = {
    "string_type": "a text (in quotes where YAML reads a number, a date, yes or no)",
    "invalid_key": "a text (in quotes where YAML reads a number, a date, yes or no)",
    "dict_type": "fields, one a line, as `name: value`",
    "model_type": "fields, one a line, as `name: value`",
    "list_type": "a list, as [one, two]",
}


def in_words(error: ErrorDetails) -> str:
    """What was found and what is allowed, e.g. `found 'fr'; allowed: 'en' or 'id'`."""
    kind, found = error["type"], shown(error["input"])
    if kind == "missing":
        return f"field '{error['loc'][-1]}' is missing"
    if kind == "literal_error":
        return f"found {found}; allowed: {error['ctx']['expected']}"
    if kind in _ALLOWED:
        return f"found {found}; allowed: {_ALLOWED[kind]}"
    message = error["msg"].removeprefix("Value error, ")
    if message.startswith("Input should be "):
        return f"found {found}; allowed: {message.removeprefix('Input should be ')}"
    return message if "found " in message or str(error["input"]) in message else f"{message} (found {found})"


def shown(found: Any) -> str:
    """A value as it may stand in a message: short, and in quotes when it is a text."""
    if found is None:
        return "nothing"
    if isinstance(found, dict | list):
        return "fields" if isinstance(found, dict) else "a list"
    text = repr(found)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """The allowed name that a misspelt one most likely meant."""
    folded = {candidate.casefold(): candidate for candidate in allowed}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def unknown(kind: str, name: str, allowed: Iterable[str]) -> str:
    """`unknown field 'colums', did you mean 'columns'? allowed: ...`"""
    names = list(allowed)
    close = nearest(name, names)
    guess = f", did you mean '{close}'?" if close else ";"
    return f"unknown {kind} '{name}'{guess} allowed: {', '.join(names)}"
