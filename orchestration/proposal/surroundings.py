"""What all files together say about where a company is: its currency, its time zone, its country."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from orchestration.proposal.entry import Entry
from orchestration.proposal.vocabulary import CURRENCY_CODES, CURRENCY_HOMES, CURRENCY_SIGNS
from orchestration.sources.canonical import ENTITIES, Kind

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
    dollars = False
    for entry in entries:
        if entry.entity == "exchange_rates":
            continue  # they are of other currencies than the company's
        kinds = ENTITIES[entry.entity].columns
        if (named := entry.column("currency")) and named.values:
            found[named.values[0].upper()] += 100  # the most frequent
        for name in entry.columns:
            column = entry.column(name)
            if column and kinds[name] is Kind.MONEY:
                found.update(code for code in re.findall(r"\b[A-Z]{3}\b", column.name) if code in CURRENCY_CODES)
                sign = column.sign.casefold()
                if code := CURRENCY_SIGNS.get(sign, sign.upper() if sign.upper() in CURRENCY_CODES else None):
                    found[code] += 1
                    dollars |= sign == "$"
    shown = _country_of_phones(entries)
    if not found:
        zone, country = CURRENCY_HOMES["IDR"]
        return Surroundings("IDR", "no file names a currency", zone, shown or country, "" if shown else _COUNTRY_UNSURE)
    currency = max(found, key=lambda code: (found[code], code))
    zone, country = CURRENCY_HOMES.get(currency, CURRENCY_HOMES["IDR"])
    doubt = "the files write $, which is not the US dollar's alone" if dollars and found.keys() == {"USD"} else ""
    return Surroundings(currency, doubt, zone, shown or country, "" if shown else _COUNTRY_UNSURE)


def _country_of_phones(entries: Sequence[Entry]) -> str | None:
    """The country of most phones that carry its code; None where none does."""
    # Imported here: its metadata takes a while, and most files have no phones.
    import phonenumbers

    countries: Counter[str] = Counter()
    for entry in entries:
        column = entry.column("phone")
        for text in column.with_country_code if column else ():
            with suppress(phonenumbers.NumberParseException):
                countries[phonenumbers.region_code_for_number(phonenumbers.parse(text)) or ""] += 1
    del countries[""]
    return max(countries, key=lambda code: (countries[code], code), default=None)


def needs_country(entries: Sequence[Entry]) -> bool:
    """Whether a phone column has numbers without a country code."""
    phones = [column for entry in entries if (column := entry.column("phone"))]
    return any(column.international < 1 for column in phones)
