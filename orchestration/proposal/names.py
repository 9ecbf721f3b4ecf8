"""What a header says: its words, without what a system puts around a name."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from orchestration.proposal.vocabulary import ENTITY_WORDS, words

# What systems put before and behind a field's name: HubSpot's `hs_` and `properties.`, Salesforce's `__c`.
_SYSTEM_PREFIX = re.compile(r"^(property_|properties[._]|attributes[._]|fields[._])?(hs_(?=[a-z]))?", re.IGNORECASE)
_SYSTEM_SUFFIX = re.compile(r"_+c$", re.IGNORECASE)
# Columns in which a sync tool keeps its own books; all but those that say a row was deleted mean nothing to us.
_BOOKKEEPING = re.compile(r"_(fivetran|airbyte|ab|dlt|sdc|rivery|hevo)_.*|_(synced|loaded_at|extracted_at)", re.I)

# "Deal - Won time", "Person - Email - Work"
_PIPEDRIVE = re.compile(r"(Deal|Person|Organization|Lead|Activity) - ", re.IGNORECASE)


def is_bookkeeping(header: str) -> bool:
    """Whether a sync tool put this column there, as `_fivetran_synced`."""
    return _BOOKKEEPING.fullmatch(header) is not None


def header_words(file_columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The words of each of a file's headers, () of a sync tool's own; what all of them begin with means nothing."""
    named = [column for column in file_columns if not is_bookkeeping(column)]
    shared = _shared_prefix(named)
    found: dict[str, tuple[str, ...]] = {}
    for column in file_columns:
        if is_bookkeeping(column):
            found[column] = ("deleted",) if "deleted" in words(column) else ()
        else:
            bare = _SYSTEM_SUFFIX.sub("", _SYSTEM_PREFIX.sub("", column[len(shared) :]))
            found[column] = words(bare) or words(column)
    return found


def _shared_prefix(named: Sequence[str]) -> str:
    """What all headers begin with, up to a separator; "" where that is what their rows are called ("Person - ID")."""
    if len(named) < 3:
        return ""
    common = re.match(r"(.*[_. ])?", os.path.commonprefix(named))  # noqa: RUF071 - of headers, not of paths
    prefix = common[0] if common else ""
    is_entity = any(set(words(prefix)) & known for known in ENTITY_WORDS.values())
    return "" if is_entity or prefix in named else prefix


def why_in_utc(file_columns: Sequence[str]) -> str:
    """Which system, by its way of naming columns, wrote a file's times in UTC without saying so; "" for any other."""
    if any(map(is_bookkeeping, file_columns)):
        return "tables of a sync tool have their times in UTC"
    if sum(bool(_PIPEDRIVE.match(column)) for column in file_columns) * 2 > len(file_columns):
        return "Pipedrive exports times in UTC"
    return ""
