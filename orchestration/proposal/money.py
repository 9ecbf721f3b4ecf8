"""Which of a file's amounts is meant, and in which currency it is."""

# ruff: noqa: S608 - names go through `quoted`
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel.numbers import list_currencies

from orchestration.proposal.entry import Entry
from orchestration.proposal.matching import fits, name_sureness
from orchestration.proposal.profile import Column
from orchestration.proposal.vocabulary import CURRENCY_CODES, CURRENCY_SIGNS
from orchestration.sources.canonical import ENTITIES, Kind
from orchestration.sources.files.kinds import trimmed
from storage.sql import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# "Amount in company currency" (HubSpot), "Amount (converted)" (Salesforce)
_CONVERTED = re.compile(r"company currency|converted|mata uang perusahaan", re.IGNORECASE)


def choose_amount(con: DuckDBPyConnection, entry: Entry, *, has_rates: bool) -> None:
    """Takes the company's own conversion where currencies are mixed and no file has rates; names what was not taken."""
    chosen = entry.columns.get("amount")
    if chosen is None:
        return
    others = [
        column.name
        for column in entry.file.columns.values()
        if column.name not in entry.used()
        and fits(Kind.MONEY, column)
        and name_sureness(entry.entity, "amount", column, Kind.MONEY)
    ]
    converted = [name for name in others if _CONVERTED.search(name)]
    currency = entry.column("currency")
    if converted and currency and currency.distinct > 1 and not has_rates:
        _take_converted(con, entry, converted[0])
    elif others:
        entry.unsure["columns", "amount"] = f"or {', '.join(map(repr, others))}; chosen by its name"


def _take_converted(con: DuckDBPyConnection, entry: Entry, converted: str) -> None:
    amount, currency = (trimmed(quoted(entry.columns[name])) for name in ("amount", "currency"))
    # the company's currency is the one in which both amounts are the same
    own = con.execute(
        f"select {currency} from {entry.file.opened.relation} where {amount} = {trimmed(quoted(converted))} "
        f"and {currency} is not null group by 1 order by count(*) desc, 1 limit 1"
    ).fetchone()
    entry.unsure["columns", "amount"] = (
        f"'{entry.columns['amount']}' is in several currencies, so the company's own conversion is taken"
    )
    entry.columns["amount"] = converted
    del entry.columns["currency"]
    if own:
        entry.constants["currency"] = own[0]


def money_that_does_not_read(entry: Entry) -> None:
    """A column that is called an amount and is left out since its texts are none: never without a word."""
    for name, kind in ENTITIES[entry.entity].columns.items():
        if kind is not Kind.MONEY or name in entry.columns:
            continue
        for column in entry.file.columns.values():
            called_so = column.name not in entry.used() and name_sureness(entry.entity, name, column, kind)
            if called_so and not fits(kind, column):
                shown = ", ".join(map(repr, column.examples))
                entry.unsure["columns", name] = f"'{column.name}' is called so, but most of it is no amount: {shown}"


def currencies_shown(entry: Entry) -> list[str]:
    """The currencies that an entry's amounts name, in their header (`Amount spent (USD)`) or by their sign (`Rp`)."""
    kinds = ENTITIES[entry.entity].columns
    columns = [column for name in entry.columns if kinds[name] is Kind.MONEY and (column := entry.column(name))]
    return [code for column in columns for code in (*_named(column.name), *_signed(column))]


def _named(header: str) -> list[str]:
    in_brackets = re.findall(r"[(\[]([A-Z]{3})[)\]]", header)
    return [
        code
        for code in re.findall(r"\b[A-Z]{3}\b", header)
        if code in CURRENCY_CODES or (code in in_brackets and code in list_currencies())
    ]


def _signed(column: Column) -> list[str]:
    sign = column.sign.casefold()
    code = CURRENCY_SIGNS.get(sign, sign.upper() if sign.upper() in CURRENCY_CODES else None)
    return [code] if code else []


def has_bare_dollars(entry: Entry) -> bool:
    """Whether amounts carry a $ that does not say whose."""
    return any(column.sign == "$" for name in entry.columns if (column := entry.column(name)))
