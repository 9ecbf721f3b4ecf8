"""What all files together say about where a company is: its currency, its time zone, its country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from orchestration.proposal.entry import Entry
from orchestration.proposal.money import currencies_shown, has_bare_dollars
from orchestration.proposal.vocabulary import CURRENCY_HOMES

# What a column of currencies counts against a header or a sign.
_A_COLUMN_SAYS = 100

_COUNTRY_UNSURE = "of phone numbers without a country code"


@dataclass(frozen=True)
class Surroundings:
    """What all files together say about where the company is."""

    currency: str
    currency_unsure: str  # why it is a guess; "" = it is not
    time_zone: str
    country: str  # for phones without a country code
    country_unsure: str  # why it is a guess; "" = phones with a code show it


def find_surroundings(entries: Sequence[Entry]) -> Surroundings:
    """The currency that the files show, and where it is used; Indonesia where nothing is shown."""
    found: Counter[str] = Counter()
    for entry in entries:
        if entry.entity == "exchange_rates":
            continue  # they are of other currencies than the company's
        if (named := entry.column("currency")) and named.values:
            found[named.values[0].upper()] += _A_COLUMN_SAYS  # the most frequent
        elif own := entry.constants.get("currency"):
            found[str(own)] += _A_COLUMN_SAYS
        found.update(currencies_shown(entry))
    currency = max(found, key=lambda code: (found[code], code), default="IDR")
    zone, country = CURRENCY_HOMES.get(currency, CURRENCY_HOMES["IDR"])
    if not found:
        doubt = "no file names a currency"
    elif found.keys() == {"USD"} and any(map(has_bare_dollars, entries)):
        doubt = "the files write $, which is not the US dollar's alone"
    else:
        doubt = ""
    shown = _country_of_phones(entries)
    return Surroundings(currency, doubt, zone, shown or country, "" if shown else _COUNTRY_UNSURE)


def _country_of_phones(entries: Sequence[Entry]) -> str | None:
    """The country of most phones that carry its code; None where none does."""
    texts = [text for entry in entries if (column := entry.column("phone")) for text in column.with_country_code]
    if not texts:
        return None
    # Imported here: its metadata takes a while, and most files have no phones.
    import phonenumbers

    countries: Counter[str] = Counter()
    for text in texts:
        with suppress(phonenumbers.NumberParseException):
            countries[phonenumbers.region_code_for_number(phonenumbers.parse(text)) or ""] += 1
    del countries[""]
    return max(countries, key=lambda code: (countries[code], code), default=None)


def needs_country(entries: Sequence[Entry]) -> bool:
    """Whether a phone column has numbers without a country code."""
    phones = [column for entry in entries if (column := entry.column("phone"))]
    return any(column.international < 1 for column in phones)
