"""The notations of an entry's times and numbers, with a remark where the values do not decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from orchestration.proposal.entry import Entry
from orchestration.proposal.profile import Column, FileProfile, Pattern, pattern_with
from orchestration.sources.canonical import ENTITIES, Kind

_TIMES = (Kind.TIME, Kind.DATE)
_AMOUNTS = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)


class _Chosen(NamedTuple):
    pattern: Pattern
    doubt: str = ""
    is_open: bool = False  # another reads the texts as well


def propose_formats(entry: Entry) -> None:
    """Fills `formats` in, and `unsure` where the values fit several."""
    kinds = ENTITIES[entry.entity].columns
    day_first = _orders_of_days(entry.file)
    for name, header in entry.columns.items():
        column = entry.file.columns[header]
        if name in entry.values:
            continue
        chosen: _Chosen | None = None
        if kinds[name] in _TIMES:
            chosen = _time_format(column, day_first)
        elif kinds[name] in _AMOUNTS:
            chosen = _number_format(column, column.whole_numbers if kinds[name] is Kind.INTEGER else column.numbers)
        if chosen is None:
            continue
        if chosen.pattern:
            entry.formats[name] = chosen.pattern
        if chosen.doubt:
            entry.unsure[("formats", name) if chosen.pattern else ("columns", name)] = chosen.doubt
        if chosen.is_open:
            entry.open_notations.add(name)


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


def _time_format(column: Column, day_first: set[bool]) -> _Chosen:
    """The pattern that takes most texts, and what is doubtful about it."""
    best = max(column.times.values())
    fitting = [pattern for pattern, share in column.times.items() if share == best]
    doubt = _share_told(column, best, "dates")
    if None in fitting:
        return _Chosen(None, doubt)
    patterns = [pattern for pattern in fitting if pattern]
    both_orders = [pattern for pattern in patterns if _swapped(pattern) in patterns and _swapped(pattern) != pattern]
    if not both_orders:
        return _Chosen(patterns[0], doubt)
    if len(day_first) == 1:
        wanted = next(iter(day_first))
        return _Chosen(next(pattern for pattern in both_orders if _is_day_first(pattern) is wanted), doubt)
    # a clock with AM and PM is how those write who put the month first
    wanted = "%p" not in both_orders[0]
    chosen = next(pattern for pattern in both_orders if _is_day_first(pattern) is wanted)
    other = f"{_swapped(chosen)} reads them as well; is the {'day' if wanted else 'month'} first?"
    return _Chosen(chosen, "; ".join(filter(None, (doubt, other))), is_open=True)


def _number_format(column: Column, shares: Mapping[Pattern, float]) -> _Chosen:
    """The notation of a column's numbers, and what is doubtful about it."""
    if not shares:
        return _Chosen(None)
    best = max(shares.values())
    sign = column.sign
    plain, point, comma = (pattern_with(sign, pattern) for pattern in (None, "1,234.56", "1.234,56"))
    fitting = [pattern for pattern, share in shares.items() if share == best]
    doubt = _share_told(column, best, "numbers")
    if column.without_separators and plain in fitting:
        return _Chosen(plain if sign else None, doubt)
    if comma in fitting and point in fitting:
        # "1.500" and "1,500": three digits behind each separator are thousands
        chosen = comma if plain in fitting else point
        other = "every separator stands before three digits, so it is taken for one of thousands"
        return _Chosen(chosen, "; ".join(filter(None, (doubt, other))), is_open=True)
    if plain in fitting:
        return _Chosen(plain if sign else None, doubt)
    return _Chosen(fitting[0], doubt)


def _share_told(column: Column, share: float, kind: str) -> str:
    if share == 1:
        return ""
    return f"{round(share * column.rows):,} of {column.rows:,} read as {kind}; the rows of the others will be rejected"
