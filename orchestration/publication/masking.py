"""What looks like an e-mail address or a phone number in a text does not leave the warehouse, whatever its column.

Identifiers are hashed at load; this is for those that somebody wrote into a campaign's name or the reason of a loss.
"""

from __future__ import annotations

from storage.sql import literal, quoted

_EMAIL = "(e-mail)"
_PHONE = "(phone)"

# In RE2's notation. Within an address of the web its parts end at / ? & = #, and @ may be written %40.
_PART = r"""[^\s@/?&=#:,;<>()"']"""
_LOOKS_LIKE_EMAIL = rf"{_PART}+(?:@|%40){_PART}+\.[A-Za-z]{{2,}}"

# With its country's number, or as it is dialled at home, where the first group (0812, 021) tells it from a date.
_LOOKS_LIKE_PHONE = (
    r"(?:\+|%2[Bb])[1-9](?:[ ().-]{0,2}[0-9]){7,14}"
    r"|\(?\b0[1-9][0-9]{1,3}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,5}\b"
    r"|\b628[0-9]{8,11}\b"
)

# The least that is a phone number by that; most texts are shorter, and need not be searched.
_SHORTEST_PHONE = 9


def masked(column: str) -> str:
    """SQL for a text column of a mart as readers get it.

    A key of ours is nobody's address. An id of a source may be an e-mail, and digits in it are no phone.
    """
    name = quoted(column)
    if column.endswith("_key"):
        return name
    without_emails = (
        f"case when contains({name}, '@') or contains({name}, '%40') "
        f"then regexp_replace({name}, {literal(_LOOKS_LIKE_EMAIL)}, {literal(_EMAIL)}, 'g') else {name} end"
    )
    if column.endswith("_id"):
        return without_emails
    return (
        f"case when length({name}) < {_SHORTEST_PHONE} then {without_emails} "
        f"else regexp_replace({without_emails}, {literal(_LOOKS_LIKE_PHONE)}, {literal(_PHONE)}, 'g') end"
    )
