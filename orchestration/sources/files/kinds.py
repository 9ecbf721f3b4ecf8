"""How the text of each kind is read: a text expression goes in, SQL for its value comes out, null where it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration.sources.canonical import CHOICES, ENDS, Kind
from storage.sql import connect, folded, literal

# What counts as blank around a text: space, tab, line ends, no-break space, zero-width space, byte order mark.
_BLANKS = " || ".join(f"chr({code})" for code in (32, 9, 10, 13, 0xA0, 0x200B, 0xFEFF))

# What stands for nothing: ad platforms' "--", accountants' "-", analytics' "(not set)", spreadsheets' "#N/A".
_NOTHING_IN_LETTERS = ("n/a", "null")
_NOTHING = r"^(-{1,3}|\x{2013}|\x{2014}|\(not set\)|\(?null\)?|n/a|#n/a|#null!|#ref!|#value!|#div/0!|#name\?|#num!)$"

_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"
_OFFSET = r"( ?(Z|z|UTC)| ?[+-]\d{2}(:?\d{2})?)"
_EARLIEST = "timestamp '1900-01-01'"  # a two-digit year read by %Y ends before it

_UNSIGNED_NUMBER = r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_PLAIN_NUMBER = rf"[+-]?{_UNSIGNED_NUMBER}"
# What accountants write for minus 500: (500) and 500-
_BOOKED_NUMBER = rf"\({_UNSIGNED_NUMBER}\)|{_UNSIGNED_NUMBER} ?-"
_BOOKED = r"^(?:\((.*)\)|(.*\d) ?-)$"
# What stands before the 1 is a currency's sign, which a text may have before or after the number, or leave out:
# "Rp 1.234,56".
_NUMBER_FORMAT = re.compile(r"(?P<sign>[^\d.,+-]*)1(?P<group>\D?)234(?P<point>\D)56")
_DECIMAL = "decimal(28, 8)"

# A hundredth of what columns of the models hold, decimal(18, 2) and decimal(18, 6), so that some such rows can be added
# up, and less of what is counted. What is longer is an id in the wrong column.
_MOST = {Kind.MONEY: 10**14, Kind.NUMBER: 10**10, Kind.INTEGER: 10**12}


@dataclass(frozen=True)
class Reading:
    """SQL for a value, null where the text is none of its kind, and then the reason in words."""

    value: str
    reason: str


def trimmed(text: str) -> str:
    """The text without blanks around it; null when nothing is left, or what stands for nothing."""
    # Most texts begin and end in printable ASCII, and with no sign: comparing is many times faster than trimming.
    # Nothing stands twice below `else`: DuckDB would work it out first, for every row.
    is_plain = (
        f"{text} between '.' and '~' and {text}[-1] between '!' and '~' "
        f"and lower({text}) not in ({', '.join(map(literal, _NOTHING_IN_LETTERS))})"
    )
    given = f"regexp_replace(trim({text}, {_BLANKS}), {literal(_NOTHING)}, '', 'i')"
    return f"nullif(case when {is_plain} then {text} else {given} end, '')"


def constant_text(value: str | bool | int | float) -> str:
    """A constant or a value of closedloop.yml as the text that a file would have."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def format_problem(kind: Kind, given: str) -> str | None:
    """What is wrong with a format for this kind; None when it can be used."""
    if kind in (Kind.TIME, Kind.DATE):
        if "%" not in given:
            return f"'{given}' is no strptime pattern; write e.g. %d-%m-%Y %H:%M"
        try:
            connect().execute(f"select try_strptime('', {literal(given)})")
        except duckdb.Error:
            return f"DuckDB does not know the strptime pattern '{given}'; write e.g. %d-%m-%Y %H:%M"
        return None
    if kind in (Kind.MONEY, Kind.NUMBER, Kind.INTEGER):
        separators = _NUMBER_FORMAT.fullmatch(given)
        if separators is None or separators["group"] == separators["point"]:
            return f"'{given}' is no number format; write 1.234,56 for a decimal comma or 1,234.56 for a decimal point"
        return None
    if kind is Kind.LIST:
        return None if len(given) == 1 else f"'{given}' is no separator; write the one character between the texts"
    return f"a {kind} takes no format"


def reading(
    kind: Kind, text: str, *, pattern: str | None = None, time_zone: str = "UTC", has_number_cells: bool = False
) -> Reading:
    """How a (trimmed) text expression of this kind is read.

    `pattern` is what stands under `formats`; `time_zone` is where times without an offset were written down. A
    spreadsheet `has_number_cells`, which are in plain notation whatever the pattern of those typed as texts.
    """
    if has_number_cells and pattern and kind in (Kind.MONEY, Kind.NUMBER, Kind.INTEGER):
        typed, cell = reading(kind, text, pattern=pattern), reading(kind, text)
        return Reading(f"coalesce({typed.value}, {cell.value})", typed.reason)
    if kind is Kind.TIME:
        return _time(text, pattern, time_zone)
    if kind is Kind.DATE:
        if pattern:
            return Reading(_since_1900(f"try_strptime({text}, {literal(pattern)})") + "::date", f"no date as {pattern}")
        day = f"regexp_full_match({text}, '{_DAY}({_CLOCK}{_OFFSET}?)?')"
        return Reading(f"case when {day} then try_cast({text}[:10] as date) end", "no date as 2024-12-31")
    if kind in _MOST:
        number, most = _number(text, pattern), _MOST[kind]
        value, reason = f"case when abs({number}) < {most} then {number} end", _number_reason(pattern)
        if kind is Kind.INTEGER:
            value, reason = f"case when {number} = trunc({number}) then ({value})::bigint end", "no whole number"
        return Reading(value, f"{reason}, below {most:,}")
    if kind is Kind.BOOLEAN:
        return Reading(
            f"case lower({text}) when 'true' then true when '1' then true when 'yes' then true "
            "when 'false' then false when '0' then false when 'no' then false end",
            "neither true, 1, yes nor false, 0, no",
        )
    if kind is Kind.JSON:
        is_object = f"case when json_valid({text}) then json_type({text}) = 'OBJECT' else false end"
        return Reading(f"case when {is_object} then {text} end", "no JSON object")
    if kind is Kind.EMAIL_HASH:
        return Reading(
            f"case when regexp_full_match({text}, '[0-9a-fA-F]{{64}}') then lower({text}) end",
            "no SHA-256 in hexadecimal (64 characters)",
        )
    if kind is Kind.LIST:
        is_array = f"case when starts_with({text}, '[') then json_valid({text}) else false end"
        joined = f"array_to_string(from_json({text}, '[\"VARCHAR\"]'), '|')"
        parted = f"regexp_replace({text}, {literal(rf' *{re.escape(pattern)} *')}, '|', 'g')" if pattern else text
        return Reading(f"case when {is_array} then {joined} else {parted} end", "no list")
    return Reading(text, "no text")


def column_reading(
    column: str,
    kind: Kind,
    text: str,
    *,
    pattern: str | None = None,
    time_zone: str = "UTC",
    has_number_cells: bool = False,
) -> Reading:
    """How a text of this canonical column is read: as its kind, unless the column itself says more."""
    if column == "currency":
        return currency_reading(text)
    if column == "rate":
        read = reading(kind, text, pattern=pattern)
        return Reading(f"case when ({read.value}) > 0 then {read.value} end", f"{read.reason}, and above 0")
    if column in CHOICES:
        return _choice(text, CHOICES[column])
    if column in ENDS:
        return _time(text, pattern, time_zone, ends=True)
    return reading(kind, text, pattern=pattern, time_zone=time_zone, has_number_cells=has_number_cells)


def day_alone(text: str, pattern: str | None) -> str:
    """SQL for whether a time's text says its day and no more."""
    if pattern:
        return "false" if re.search("%-?[HIMSfTRXc]", pattern) else f"{text} is not null"
    return f"coalesce(regexp_full_match({text}, '{_DAY}'), false)"


def _choice(text: str, choices: Mapping[str, str]) -> Reading:
    cases = " ".join(f"when {literal(theirs)} then {literal(ours)}" for theirs, ours in choices.items())
    return Reading(f"case {folded(text)} {cases} end", f"none of {', '.join(dict.fromkeys(choices.values()))}")


def currency_reading(text: str) -> Reading:
    """A currency: three letters, capitals in the warehouse."""
    return Reading(
        f"case when regexp_full_match({text}, '[A-Za-z]{{3}}') then upper({text}) end",
        "no currency of three letters (ISO 4217)",
    )


def _time(text: str, pattern: str | None, time_zone: str, *, ends: bool = False) -> Reading:
    """With `ends`, a day alone is its last second."""
    last = (
        f" + case when {day_alone(text, pattern)} then interval 86399 seconds else interval 0 seconds end"
        if ends
        else ""
    )
    if pattern and "%z" in pattern.lower():  # %z and %Z: the text says where it was written down
        absolute = f"timezone('UTC', try_strptime({text}, {literal(pattern)}))"
        return Reading(_since_1900(absolute), f"no time as {pattern}")
    if pattern:
        return Reading(
            _since_1900(_to_utc(f"(try_strptime({text}, {literal(pattern)}){last})", time_zone)),
            f"no time as {pattern}",
        )
    local = f"regexp_full_match({text}, '{_DAY}({_CLOCK})?')"
    absolute = f"regexp_full_match({text}, '{_DAY}{_CLOCK}{_OFFSET}')"
    with_offset = f"try_cast(regexp_replace(upper({text}), ' (Z|[+-])', '\\1') as timestamptz)"
    value = (
        f"case when {local} then {_to_utc(f'(try_cast({text} as timestamp){last})', time_zone)} "
        f"when {absolute} then timezone('UTC', {with_offset}) end"
    )
    return Reading(
        _since_1900(value), "no time as 2024-12-31 or 2024-12-31T23:59:59+07:00; write its pattern under formats"
    )


def _to_utc(local: str, time_zone: str) -> str:
    """A naive local time as a naive UTC one; in the hour that does not exist, the offset before it holds."""
    return local if time_zone == "UTC" else f"timezone('UTC', timezone({literal(time_zone)}, {local}))"


def _since_1900(moment: str) -> str:
    return f"(case when {moment} >= {_EARLIEST} then {moment} end)"


def _number(text: str, pattern: str | None) -> str:
    """A number in plain notation, or in the notation of `pattern` (which plain notation may fit as well)."""
    if pattern is None:
        return (
            f"case when regexp_full_match({text}, '{_PLAIN_NUMBER}') then try_cast({text} as {_DECIMAL}) "
            f"when regexp_full_match({text}, '{_BOOKED_NUMBER}') "
            f"then -try_cast(regexp_extract({text}, '[^() -]+') as {_DECIMAL}) end"
        )
    separators = _NUMBER_FORMAT.fullmatch(pattern)
    sign, group, point = separators.group("sign", "group", "point") if separators else ("", "", ".")
    if sign := sign.strip():
        before_digits = literal(rf"^([+(-]?) *{re.escape(sign)}\.? *")
        text = f"regexp_replace({text}, {before_digits}, '\\1')"
        behind_digits = literal(rf" *{re.escape(sign)}\.?( *[)-]?)$")
        text = f"regexp_replace({text}, {behind_digits}, '\\1')"
    text = f"regexp_replace({text}, '{_BOOKED}', '-\\1\\2')"
    groups = [group, "\u00a0", "\u202f"] if group == " " else [group] if group else []
    digits = r"\d+"
    if groups:
        digits = rf"(\d{{1,3}}([{''.join(map(re.escape, groups))}]\d{{3}})+|\d+)"
    notation = literal(rf"[+-]?{digits}({re.escape(point)}\d*)?")
    plain = text
    for each in groups:
        plain = f"replace({plain}, {literal(each)}, '')"
    plain = f"replace({plain}, {literal(point)}, '.')"
    return f"case when regexp_full_match({text}, {notation}) then try_cast({plain} as {_DECIMAL}) end"


def _number_reason(pattern: str | None) -> str:
    if pattern:
        return f"no number as {pattern}"
    return "no number as 1234.56; another notation goes under formats, as 1.234,56 or 1,234.56"
