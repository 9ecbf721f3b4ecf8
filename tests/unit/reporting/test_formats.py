"""Numbers, money and dates as each language writes them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.formats import change, figure, moment, money, number, percent, period_name
from reporting.labels import LANGUAGES, Language

AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=2)
SEPARATORS = {"en": (",", "."), "id": (".", ",")}
UNITS = {
    "million": 10**6,
    "juta": 10**6,
    "billion": 10**9,
    "miliar": 10**9,
    "trillion": 10**12,
    "triliun": 10**12,
    "quadrillion": 10**15,
    "kuadriliun": 10**15,
}


def read(text: str, language: Language) -> Decimal:
    """The number that a person reads in `text`."""
    thousands, point = SEPARATORS[language]
    digits = re.search(r"\d[\d.,]*", text)
    assert digits, text
    value = Decimal(digits.group().replace(thousands, "").replace(point, "."))
    for unit, size in UNITS.items():
        if text.endswith("\N{NO-BREAK SPACE}" + unit):
            value *= size
    return -value if text.startswith("\N{MINUS SIGN}") else value


@pytest.mark.parametrize(
    ("value", "currency", "english", "indonesian"),
    [
        ("51426000", "IDR", "Rp 51.4 million", "Rp 51,4 juta"),
        ("51426000.55", "BRL", "R$51.4 million", "R$ 51,4 juta"),
        ("999960000", "USD", "$1 billion", "US$ 1 miliar"),
        ("-5142600055000", "IDR", "\N{MINUS SIGN}Rp 5.1 trillion", "\N{MINUS SIGN}Rp 5,1 triliun"),
        ("51426.4", "IDR", "Rp 51,426", "Rp 51.426"),
        ("1234.5", "IDR", "Rp 1,234.50", "Rp 1.234,50"),
        ("12.5", "", "12.50", "12,50"),
    ],
)
def test_money_is_short_enough_to_read(value: str, currency: str, english: str, indonesian: str) -> None:
    written = [money(Decimal(value), currency, language).replace("\N{NO-BREAK SPACE}", " ") for language in LANGUAGES]
    assert written == [english, indonesian]


@given(AMOUNTS, st.sampled_from(LANGUAGES))
def test_money_in_full_loses_nothing(value: Decimal, language: Language) -> None:
    assert read(money(value, "IDR", language, in_full=True), language) == value


@given(AMOUNTS, st.sampled_from(LANGUAGES))
def test_short_money_is_right_to_a_twentieth_of_its_unit(value: Decimal, language: Language) -> None:
    scale = Decimal(1000) ** (abs(value).adjusted() // 3) if abs(value) >= 10**6 else Decimal(10)
    assert abs(read(money(value, "IDR", language), language) - value) <= scale / 20


@pytest.mark.parametrize(
    ("unit", "english", "indonesian"),
    [
        ("ratio", "1,234.5%", "1.234,5%"),
        ("multiple", "12.3\N{MULTIPLICATION SIGN}", "12,3\N{MULTIPLICATION SIGN}"),
        ("days", "12.3 days", "12,3 hari"),
        ("hours", "12.3 hours", "12,3 jam"),
        ("months", "12.3 months", "12,3 bulan"),
        ("count", "12", "12"),
        ("money_per_day", "Rp 12.34 a day", "Rp 12,34 per hari"),
        ("as_entered", "12.345", "12,345"),
    ],
)
def test_each_unit_is_written_as_people_say_it(unit: str, english: str, indonesian: str) -> None:
    written = [
        figure(Decimal("12.345"), unit, "IDR", language).replace("\N{NO-BREAK SPACE}", " ") for language in LANGUAGES
    ]
    assert written == [english, indonesian]


def test_counts_and_money_change_in_percent_and_shares_in_points() -> None:
    assert change(Decimal(50), Decimal(40), "count", "en") == "+25.0%"
    assert change(Decimal(30), Decimal(40), "money", "id") == "\N{MINUS SIGN}25,0%"
    assert change(Decimal("0.5"), Decimal("0.45"), "ratio", "en") == "+5.0 points"
    assert change(Decimal("8.5"), Decimal("10"), "days", "id") == "\N{MINUS SIGN}1,5 hari"
    assert change(Decimal(5), Decimal(0), "count", "en") is None


def test_numbers_are_grouped() -> None:
    assert number(Decimal("1234.56"), "id", digits=2) == "1.234,56"
    assert number(Decimal("1234.56"), "en", digits=2) == "1,234.56"
    assert percent(Decimal("-0.0625"), "id") == "\N{MINUS SIGN}6,2%"


def test_times_are_in_the_reporting_time_zone() -> None:
    evening = datetime(2026, 1, 31, 20, 5)  # naive: UTC
    assert moment(evening, "Asia/Jakarta", "id") == "1 Feb 2026, 03:05 WIB"
    assert moment(evening, "America/Sao_Paulo", "en") == "31 Jan 2026, 17:05 UTC-03"


def test_periods_have_names() -> None:
    start = date(2026, 10, 5)
    week = [period_name("week", start, language).replace("\N{EN DASH}", "-") for language in LANGUAGES]
    assert week == ["5-11 Oct 2026", "5-11 Okt 2026"]
    assert [period_name("month", start, language) for language in LANGUAGES] == ["October 2026", "Oktober 2026"]
    assert [period_name("quarter", start, language) for language in LANGUAGES] == ["Q4 2026", "Kuartal 4 2026"]
