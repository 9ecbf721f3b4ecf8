"""Numbers, money and dates as people of each language write them (1,234.56 and 1.234,56)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_interval
from babel.numbers import format_compact_decimal, format_decimal, format_percent, get_currency_symbol

from reporting.labels import Language, label

NO_VALUE = "\N{EN DASH}"
NON_BREAKING_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

# English dates are written day first, as people around Indonesia do.
_DATES_AS_IN: dict[Language, str] = {"en": "en_GB", "id": "id"}

# Below this, money is short enough to be read in full.
_COMPACT_FROM = Decimal(1_000_000)
# Below this, the digits after the point matter to a reader.
_WITH_CENTS_BELOW = Decimal(10_000)


def currency_symbol(currency: str, language: Language) -> str:
    """The symbol that readers know: Rp in both languages, $ in English and US$ in Indonesian."""
    symbol = get_currency_symbol(currency, locale=language)
    return get_currency_symbol(currency, locale="id") if symbol == currency else symbol


def number(value: Decimal, language: Language, *, digits: int = 0) -> str:
    """A number with its thousands grouped and exactly `digits` after the point."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=language).replace("-", MINUS)


def money(value: Decimal, currency: str, language: Language, *, in_full: bool = False) -> str:
    """An amount with its currency: `Rp 51,4 juta`, or to the cent with `in_full`."""
    size = abs(value)
    if in_full or size < _WITH_CENTS_BELOW:
        digits = number(size, language, digits=2)
    elif size < _COMPACT_FROM:
        digits = number(size, language)
    else:
        # rounded before the unit is chosen, so that 999,960,000 is a billion and not a thousand million
        scale = Decimal(1000) ** (size.adjusted() // 3)
        rounded = (size / scale).quantize(Decimal("0.1")) * scale
        digits = format_compact_decimal(rounded, format_type="long", locale=language, fraction_digits=1)
    symbol = currency_symbol(currency, language) if currency else ""
    gap = NON_BREAKING_SPACE if symbol[-1:].isalpha() or (symbol and language == "id") else ""
    return (MINUS if value < 0 else "") + symbol + gap + digits.replace(" ", NON_BREAKING_SPACE)


def percent(value: Decimal, language: Language) -> str:
    """A share of 1 as a percentage with one digit after the point."""
    return format_percent(value, format="#,##0.0%", locale=language).replace("-", MINUS)


def cell(text: str) -> str:
    """A text as a spreadsheet leaves it alone: one that begins as a formula does has an apostrophe before it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def figure(value: Decimal, unit: str, currency: str, language: Language, *, in_full: bool = False) -> str:
    """A metric's value as its unit is written (the units of `dim_metrics`)."""
    match unit:
        case "money":
            return money(value, currency, language, in_full=in_full)
        case "money_per_day":
            return label("money_per_day", language, value=money(value, currency, language, in_full=in_full))
        case "ratio":
            return percent(value, language)
        case "multiple" | "days" | "hours" | "months":
            return label(unit, language, value=number(value, language, digits=1))
        case "count":
            return number(value, language)
        case _:
            return format_decimal(value, locale=language).replace("-", MINUS)


def change(value: Decimal, before: Decimal, unit: str, language: Language) -> str | None:
    """How a value moved: in percent, or for shares and times by their difference; None where that says nothing."""
    if unit in ("money", "money_per_day", "count", "as_entered"):
        if before == 0:
            return None
        return _signed(percent((value - before) / abs(before), language), value - before)
    difference = value - before
    if unit == "ratio":
        return _signed(label("points", language, value=number(difference * 100, language, digits=1)), difference)
    return _signed(figure(difference, unit, "", language), difference)


def _signed(text: str, difference: Decimal) -> str:
    return f"+{text}" if difference > 0 else text


def moment(value: datetime, time_zone: str, language: Language) -> str:
    """A time (aware, or naive UTC) in the reporting time zone, to the minute, with the zone's name."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    local = aware.astimezone(ZoneInfo(time_zone))
    zone = local.tzname() or ""
    zone = f"UTC{zone}" if zone[:1] in "+-" else zone
    return f"{format_datetime(local, 'd MMM y, HH:mm', locale=_DATES_AS_IN[language])} {zone}"


def day(value: date, language: Language) -> str:
    """A day with its month's name."""
    return format_date(value, "d MMM y", locale=_DATES_AS_IN[language])


def period_name(period_type: str, start: date, language: Language) -> str:
    """What a period is called: `October 2026`, `Kuartal 4 2026`, `5-11 Oct 2026`."""
    match period_type:
        case "week":
            return format_interval(start, start + timedelta(days=6), skeleton="yMMMd", locale=_DATES_AS_IN[language])
        case "quarter":
            quarter = (start.month + 2) // 3
            return label("quarter_name", language, number=str(quarter), year=str(start.year))
        case _:
            return format_date(start, "LLLL y", locale=_DATES_AS_IN[language])
