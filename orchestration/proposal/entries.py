"""From a match to what stands in `closedloop.yml`: formats, values, constants, and what is unsure about each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.proposal.matching import Match, fits, is_yes_or_no, name_sureness
from orchestration.proposal.profile import Column, FileProfile, Pattern, pattern_with, separator_of_list
from orchestration.proposal.vocabulary import (
    CURRENCY_CODES,
    CURRENCY_HOMES,
    CURRENCY_SIGNS,
    DEAL_LINKS,
    NO,
    QUALIFIED_WORDS,
    SALE_HEADERS,
    SAYS_NOTHING,
    WON_WORDS,
    YES,
    outcome_of,
    stage_of,
    words,
)
from orchestration.sources.canonical import ENTITIES, Kind
from orchestration.sources.readers import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Place = tuple[str, ...]  # where a remark stands: ("formats", "created_at")
Value = str | bool | None

_TIMES = (Kind.TIME, Kind.DATE)
_AMOUNTS = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)


@dataclass
class Entry:
    """One entity from one file, as it will stand in `closedloop.yml`."""

    entity: str
    file: FileProfile
    columns: dict[str, str]
    formats: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, Value]] = field(default_factory=dict)
    constants: dict[str, str | bool] = field(default_factory=dict)
    where: str | None = None
    unsure: dict[Place, str] = field(default_factory=dict)
    # a column's values that are none of ours yet
    unmapped: dict[str, list[str]] = field(default_factory=dict)

    def used(self) -> set[str]:
        return set(self.columns.values())


@dataclass(frozen=True)
class Surroundings:
    """What all files together say about where the company is."""

    currency: str
    currency_unsure: str  # why it is a guess; "" = it is not
    time_zone: str
    country: str  # for phones without a country code


def propose_entries(con: DuckDBPyConnection, matched: Sequence[tuple[FileProfile, Match]]) -> list[Entry]:
    """The entries of all files that were recognised, in the order of the canonical entities."""
    entries = [_entry(con, file, match) for file, match in matched]
    present = {entry.entity for entry in entries}
    for file, match in matched:
        if match.entity.name == "leads":
            if "deals" in present:
                entries += _deal_contacts(file, match, matched)
            else:
                entries += _sales_in_the_same_rows(file, match)
    order = list(ENTITIES)
    return sorted(entries, key=lambda entry: order.index(entry.entity))


def _entry(con: DuckDBPyConnection, file: FileProfile, match: Match) -> Entry:
    entry = Entry(match.entity.name, file, dict(match.columns))
    entry.unsure |= {("columns", column): doubt for column, doubt in match.doubts().items()}
    _leave_out_what_does_not_fit(entry)
    if entry.entity == "leads":
        _claims(entry)
    if entry.entity == "deals":
        _outcomes(entry)
        _link_to_leads(con, entry)
    if entry.entity == "ad_spend":
        _ad_account(entry)
    _silent_origins(entry)
    _answers(entry)
    _formats(entry)
    _alternatives(entry)
    return entry


def _column(entry: Entry, name: str) -> Column | None:
    return entry.file.columns.get(entry.columns.get(name, ""))


def _leave_out_what_does_not_fit(entry: Entry) -> None:
    """A column with a canonical name is read unless it is said not to, so texts of another kind have to be emptied."""
    entity = ENTITIES[entry.entity]
    for name, kind in entity.optional.items():
        column = entry.file.columns.get(name)
        if column and name not in entry.columns and not fits(kind, column):
            entry.columns[name] = name
            entry.values[name] = {"*": None}
            entry.unsure["values", name, "*"] = f"the texts of '{name}' are no {kind}: left out"


# --- stages and outcomes


def _claims(entry: Entry) -> None:
    """The CRM's stages as ours; where no column says a stage, what the file is called."""
    column = _column(entry, "stage")
    if column is None:
        speaks_of = [entry.columns["lead_id"], entry.file.path.stem]
        named = next((text for text in speaks_of if _is_about_qualified(text)), None)
        if named:
            entry.constants["stage"] = "mql"
            entry.unsure["constants", "stage"] = f"'{named}' says that each of them is qualified, from its creation on"
        return
    by_stage = {value: stage_of(value) for value in column.values}
    if not any(by_stage.values()) and column.name != "stage":
        del entry.columns["stage"]
        return
    entry.values["stage"] = {value: stage for value, stage in by_stage.items() if stage and stage != value}
    entry.unmapped["stage"] = [value for value, stage in by_stage.items() if stage is None]


def _is_about_qualified(text: str) -> bool:
    found = words(text)
    return any(set(needed) <= set(found) for needed in QUALIFIED_WORDS)


def _outcomes(entry: Entry) -> None:
    """Which deals are won and closed: by columns of their own, a stage, a date of winning, or what the file is."""
    if "is_won" in entry.columns:
        if "is_closed" not in entry.columns and (by_stage := _outcome_column(entry)):
            _closed_by(entry, by_stage)
        return
    if by_stage := _outcome_column(entry):
        won = {value: True for value in by_stage.values if outcome_of(value)}
        entry.columns["is_won"] = by_stage.name
        entry.values["is_won"] = {**won, "*": False}
        if "is_closed" not in entry.columns:
            _closed_by(entry, by_stage)
        return
    closed = _column(entry, "closed_at")
    if closed and set(words(closed.name)) & WON_WORDS:
        if closed.filled >= 0.99:
            entry.constants |= {"is_won": True, "is_closed": True}
        else:
            for name in ("is_won", "is_closed"):
                entry.columns[name] = closed.name
                entry.values[name] = {"": False, "*": True}
        return
    entry.unsure[("columns",)] = "nothing says which deals are won; map is_won and is_closed, or no revenue is counted"


def _outcome_column(entry: Entry) -> Column | None:
    """The column whose values name a win: the stage's, else one that is called a status."""
    stage = _column(entry, "stage")
    others = [column for column in entry.file.columns.values() if {"status", "stage"} & set(words(column.name))]
    named = ([stage] if stage else []) + others
    return next((column for column in named if any(outcome_of(value) for value in column.values)), None)


def _closed_by(entry: Entry, column: Column) -> None:
    ended = {value: True for value in column.values if outcome_of(value) is not None}
    entry.columns["is_closed"] = column.name
    entry.values["is_closed"] = {**ended, "*": False}


def _link_to_leads(con: DuckDBPyConnection, entry: Entry) -> None:
    if "lead_ids" not in entry.columns:
        entry.unsure.setdefault(("path",), "no column names a deal's leads, so no channel is credited with it")
    elif separator := separator_of_list(con, entry.file, entry.columns["lead_ids"]):
        entry.formats["lead_ids"] = separator


def _deal_contacts(file: FileProfile, match: Match, matched: Sequence[tuple[FileProfile, Match]]) -> list[Entry]:
    """A lead's own column that names its deal ("Converted Opportunity ID"), where no deal names its leads."""
    if any(other.entity.name == "deals" and "lead_ids" in other.columns for _, other in matched):
        return []
    link = _named(file, DEAL_LINKS)
    if link is None or not match.key or any(";" in value or "|" in value for value in link.values):
        return []
    entry = Entry("deal_contacts", file, {"deal_id": link.name, "lead_id": match.key})
    entry.where = f"trim({quoted(link.name)}) != ''"
    return [entry]


def _sales_in_the_same_rows(file: FileProfile, match: Match) -> list[Entry]:
    """A sheet of leads that also says what each bought is a file of deals too."""
    amount = _named(file, SALE_HEADERS)
    if amount is None or not fits(Kind.MONEY, amount) or not match.key:
        return []
    columns = {
        "deal_id": match.key,
        "created_at": match.columns["created_at"],
        "lead_ids": match.key,
        "amount": amount.name,
    }
    taken = {match.columns["created_at"]}
    closed = [
        (sure, column.name)
        for column in file.columns.values()
        if column.name not in taken
        and fits(Kind.TIME, column)
        and (sure := name_sureness("deals", "closed_at", column.name, Kind.TIME))
    ]
    if closed:
        columns["closed_at"] = max(closed)[1]
    for name in ("product", "owner", "currency"):
        if name in match.columns:
            columns[name] = match.columns[name]
    order = [name for name in ENTITIES["deals"].columns if name in columns]
    entry = Entry("deals", file, {name: columns[name] for name in order})
    entry.where = f"trim({quoted(amount.name)}) != ''"
    entry.unsure[("where",)] = f"every row with '{amount.name}' is taken for a deal, created with its lead"
    _outcomes(entry)
    _formats(entry)
    return [entry]


def _named(file: FileProfile, phrases: Iterable[tuple[str, ...]]) -> Column | None:
    by_words = {words(column.name): column for column in file.columns.values()}
    return next((by_words[phrase] for phrase in phrases if phrase in by_words), None)


def _ad_account(entry: Entry) -> None:
    if "account_id" not in entry.columns:
        entry.constants["account_id"] = "main"
        entry.unsure["constants", "account_id"] = "the export does not say which ad account it is of"


# --- texts


def _silent_origins(entry: Entry) -> None:
    """Texts such as "unknown" name no origin."""
    for name in ("source", "medium", "campaign"):
        column = _column(entry, name)
        silent = [value for value in column.values if " ".join(words(value)) in SAYS_NOTHING] if column else []
        if silent:
            entry.values[name] = dict.fromkeys(sorted(silent))


def _answers(entry: Entry) -> None:
    """Yes and no in other words than the connector knows."""
    for name, kind in ENTITIES[entry.entity].columns.items():
        column = _column(entry, name)
        if kind is not Kind.BOOLEAN or column is None or name in entry.values or not is_yes_or_no(column.values):
            continue
        foreign = {value: _answer(value) for value in column.values if value.casefold() not in _KNOWN_ANSWERS}
        if foreign:
            entry.values[name] = dict(foreign)


_KNOWN_ANSWERS = ("true", "1", "yes", "false", "0", "no")


def _answer(value: str) -> bool | None:
    said = " ".join(words(value))
    return True if said in YES else False if said in NO else None


# --- formats


def _formats(entry: Entry) -> None:
    kinds = ENTITIES[entry.entity].columns
    day_first = _orders_of_days(entry.file)
    for name, header in entry.columns.items():
        column = entry.file.columns[header]
        if name in entry.values:
            continue
        chosen: tuple[Pattern, str] | None = None
        if kinds[name] in _TIMES:
            chosen = _time_format(column, day_first)
        elif kinds[name] in _AMOUNTS:
            chosen = _number_format(column, column.whole_numbers if kinds[name] is Kind.INTEGER else column.numbers)
        if chosen is None:
            continue
        pattern, doubt = chosen
        if pattern:
            entry.formats[name] = pattern
        if doubt:
            entry.unsure[("formats", name) if pattern else ("columns", name)] = doubt


def _is_day_first(pattern: str) -> bool:
    return pattern.startswith("%d")


def _swapped(pattern: str) -> str:
    """The same with day and month in each other's place."""
    return re.sub(r"%[dm]", lambda found: "%m" if found[0] == "%d" else "%d", pattern)


def _orders_of_days(file: FileProfile) -> set[bool]:
    """How the file's times that leave no choice are written: {True} with the day first, {False} with the month."""
    orders: set[bool] = set()
    for column in file.columns.values():
        for pattern, share in column.times.items():
            if pattern and "%m" in pattern and share == 1 and _swapped(pattern) != pattern:
                other = column.times.get(_swapped(pattern), 0)
                if other < 1 and pattern[:2] in ("%d", "%m"):
                    orders.add(_is_day_first(pattern))
    return orders


def _time_format(column: Column, day_first: set[bool]) -> tuple[Pattern, str]:
    """The pattern that takes most texts, and what is doubtful about it."""
    best = max(column.times.values())
    fitting = [pattern for pattern, share in column.times.items() if share == best]
    doubt = "" if best == 1 else f"{_percent(1 - best)} of the texts are no such time and will be rejected"
    if None in fitting:
        return None, doubt
    patterns = [pattern for pattern in fitting if pattern]
    both_orders = [pattern for pattern in patterns if _swapped(pattern) in patterns and _swapped(pattern) != pattern]
    if not both_orders:
        return patterns[0], doubt
    if len(day_first) == 1:
        wanted = next(iter(day_first))
        return next(pattern for pattern in both_orders if _is_day_first(pattern) is wanted), doubt
    # a clock with AM and PM is how those write who put the month first
    wanted = "%p" not in both_orders[0]
    chosen = next(pattern for pattern in both_orders if _is_day_first(pattern) is wanted)
    return chosen, f"{_swapped(chosen)} reads every text as well; is the {'day' if wanted else 'month'} first?"


def _number_format(column: Column, shares: Mapping[Pattern, float]) -> tuple[Pattern, str]:
    """The notation of a column's numbers, and what is doubtful about it."""
    if not shares:
        return None, ""
    best = max(shares.values())
    sign = column.sign
    plain, point, comma = (pattern_with(sign, pattern) for pattern in (None, "1,234.56", "1.234,56"))
    fitting = [pattern for pattern, share in shares.items() if share == best]
    doubt = "" if best == 1 else f"{_percent(1 - best)} of the texts are no such number and will be rejected"
    if column.without_separators and plain in fitting:
        return (plain if sign else None), doubt
    if comma in fitting and point in fitting:
        # "1.500" and "1,500": three digits behind each separator are thousands
        chosen = comma if plain in fitting else point
        return chosen, "every separator stands before three digits, so it is taken for one of thousands"
    if plain in fitting:
        return (plain if sign else None), doubt
    return fitting[0], doubt


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.001 else "less than 0.1 %"


def _alternatives(entry: Entry) -> None:
    """The other columns that an amount could be, by their names."""
    chosen = entry.columns.get("amount")
    if chosen is None:
        return
    others = [
        column.name
        for column in entry.file.columns.values()
        if column.name not in entry.used()
        and fits(Kind.MONEY, column)
        and name_sureness(entry.entity, "amount", column.name, Kind.MONEY)
    ]
    if others:
        entry.unsure["columns", "amount"] = f"or {', '.join(map(repr, others))}; chosen by its name"


# --- currency, zone and country


def find_surroundings(entries: Sequence[Entry]) -> Surroundings:
    """The currency that the files show, and where it is used; Indonesia where nothing is shown."""
    found: Counter[str] = Counter()
    dollars = False
    for entry in entries:
        kinds = ENTITIES[entry.entity].columns
        if (named := _column(entry, "currency")) and named.values:
            found[named.values[0].upper()] += 100  # the most frequent
        for name in entry.columns:
            column = _column(entry, name)
            if column and kinds[name] is Kind.MONEY:
                found.update(code for code in re.findall(r"\b[A-Z]{3}\b", column.name) if code in CURRENCY_CODES)
                sign = column.sign.casefold()
                if code := CURRENCY_SIGNS.get(sign, sign.upper() if sign.upper() in CURRENCY_CODES else None):
                    found[code] += 1
                    dollars |= sign == "$"
    if not found:
        return Surroundings("IDR", "no file names a currency", *CURRENCY_HOMES["IDR"])
    currency = max(found, key=lambda code: (found[code], code))
    zone, country = CURRENCY_HOMES.get(currency, CURRENCY_HOMES["IDR"])
    doubt = "the files write $, which is not the US dollar's alone" if dollars and found.keys() == {"USD"} else ""
    return Surroundings(currency, doubt, zone, country)


def needs_country(entries: Sequence[Entry]) -> bool:
    """Whether a phone column has numbers without a country code."""
    phones = [column for entry in entries if (column := _column(entry, "phone"))]
    return any(column.international < 1 for column in phones)
