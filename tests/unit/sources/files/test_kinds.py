"""What a text of each kind is read as, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources.canonical import Kind
from orchestration.sources.files.kinds import currency_reading, format_problem, reading, trimmed


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    return connection


def evaluated(con: duckdb.DuckDBPyConnection, sql: str, text: str) -> Any:
    found = con.execute(f"select {sql} from (select ?::varchar as text)", [text]).fetchone()
    assert found is not None
    return found[0]


def value(
    con: duckdb.DuckDBPyConnection, kind: Kind, text: str, pattern: str | None = None, time_zone: str = "UTC"
) -> Any:
    return evaluated(con, reading(kind, "text", pattern=pattern, time_zone=time_zone).value, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01", "2024-02-29 17:00"),  # midnight in Jakarta
        ("2024-03-01 09:30", "2024-03-01 02:30"),
        ("2024-03-01T09:30:15.5", "2024-03-01 02:30:15.500"),
        ("2024-03-01T09:30:15Z", "2024-03-01 09:30:15"),
        ("2024-03-01T09:30:15z", "2024-03-01 09:30:15"),
        ("2024-03-01 09:30:15 UTC", "2024-03-01 09:30:15"),
        ("2024-03-01 09:30:15+00", "2024-03-01 09:30:15"),
        ("2024-03-01T09:30:15.123456789-0330", "2024-03-01 13:00:15.123456"),
        ("2024-03-01T09:30 +07:00", "2024-03-01 02:30"),
        ("1.3.2024", None),
        ("2024-13-01", None),
        ("2024-02-30 10:00", None),
        ("infinity", None),
        ("epoch", None),
        ("1709280000", None),
        ("0024-03-01", None),
        ("2024-03-01 09:30 Asia/Jakarta", None),
    ],
)
def test_times_in_iso_8601(con: duckdb.DuckDBPyConnection, text: str, expected: str | None) -> None:
    wanted = None if expected is None else datetime.fromisoformat(expected)
    assert value(con, Kind.TIME, text, time_zone="Asia/Jakarta") == wanted


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("01-02-2018", "%d-%m-%Y", "2018-02-01 02:00"),  # summer in Sao Paulo: two hours behind UTC
        ("15-10-2017", "%d-%m-%Y", "2017-10-15 03:00"),  # that midnight did not exist there: the day stays the 15th
        ("15-06-2018 10:15", "%d-%m-%Y %H:%M", "2018-06-15 13:15"),
        ("2018-06-15 10:15 +0700", "%Y-%m-%d %H:%M %z", "2018-06-15 03:15"),
        ("01-02-18", "%d-%m-%Y", None),
        ("01-02-18", "%d-%m-%y", "2018-02-01 02:00"),
        ("2018-02-01", "%d-%m-%Y", None),
        ("01-02-2018 x", "%d-%m-%Y", None),
    ],
)
def test_times_by_pattern(con: duckdb.DuckDBPyConnection, text: str, pattern: str, expected: str | None) -> None:
    wanted = None if expected is None else datetime.fromisoformat(expected)
    assert value(con, Kind.TIME, text, pattern, "America/Sao_Paulo") == wanted


@settings(max_examples=200)
@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)),
    zone=st.sampled_from(["Asia/Jakarta", "America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]),
)
def test_local_times_become_the_utc_that_python_says(
    con: duckdb.DuckDBPyConnection, moment: datetime, zone: str
) -> None:
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    # with its offset, any time is read exactly
    assert value(con, Kind.TIME, local.isoformat(), time_zone="Asia/Tokyo") == moment
    # without, it is the zone's; in the hour that occurs twice either reading is right
    found = value(con, Kind.TIME, local.replace(tzinfo=None).isoformat(), time_zone=zone)
    assert found in {local.replace(fold=fold).astimezone(UTC).replace(tzinfo=None) for fold in (0, 1)}


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("2024-12-31", None, date(2024, 12, 31)),
        ("2024-12-31T23:59:00Z", None, date(2024, 12, 31)),
        ("2024-12-31 00:00:00", None, date(2024, 12, 31)),
        ("31/12/2024", None, None),
        ("31/12/2024", "%d/%m/%Y", date(2024, 12, 31)),
        ("2024-02-30", None, None),
    ],
)
def test_dates_are_days_as_written(
    con: duckdb.DuckDBPyConnection, text: str, pattern: str | None, expected: date | None
) -> None:
    assert value(con, Kind.DATE, text, pattern, "Asia/Jakarta") == expected


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("1234.56", None, "1234.56"),
        ("-.5", None, "-0.5"),
        ("+7", None, "7"),
        ("5e-07", None, "0.0000005"),
        ("1,234.56", None, None),
        ("1,234", None, None),
        ("1.234,56", None, None),
        ("1_000", None, None),
        ("12 34", None, None),
        ("abc", None, None),
        ("NaN", None, None),
        ("123456789012345678901", None, None),
        ("1,234.56", "1,234.56", "1234.56"),
        ("1234.56", "1,234.56", "1234.56"),
        ("12,34.56", "1,234.56", None),
        ("1.234,56", "1.234,56", "1234.56"),
        ("1234,56", "1.234,56", "1234.56"),
        ("-1.234.567", "1.234,56", "-1234567"),
        ("1234.56", "1.234,56", None),
        ("1 234,56", "1 234,56", "1234.56"),
        ("1\u00a0234,56", "1 234,56", "1234.56"),
        ("1234,56", "1234,56", "1234.56"),
        ("1.234,56", "1234,56", None),
        ("1'234.56", "1'234.56", "1234.56"),
        ("Rp 1.234,56", "Rp 1.234,56", "1234.56"),
        ("Rp. 1.234.567", "Rp 1.234,56", "1234567"),
        ("-Rp1.234", "Rp 1.234,56", "-1234"),
        ("1.234", "Rp 1.234,56", "1234"),
        ("USD 1.234", "Rp 1.234,56", None),
    ],
)
def test_money_and_numbers(
    con: duckdb.DuckDBPyConnection, text: str, pattern: str | None, expected: str | None
) -> None:
    wanted = None if expected is None else Decimal(expected)
    assert value(con, Kind.MONEY, text, pattern) == value(con, Kind.NUMBER, text, pattern) == wanted


@settings(max_examples=200)
@given(st.decimals(min_value=1 - 10**14, max_value=10**14 - 1, places=8, allow_nan=False))
def test_a_decimal_survives_every_notation(con: duckdb.DuckDBPyConnection, number: Decimal) -> None:
    plain = f"{number:f}"
    english = f"{number:,f}"
    indonesian = english.translate(str.maketrans(",.", ".,"))
    for text, pattern in ((plain, None), (english, "1,234.56"), (indonesian, "1.234,56")):
        assert value(con, Kind.MONEY, text, pattern) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("12", 12), ("-3", -3), ("12.0", 12), ("12.5", None), ("1,000", None), ("1e3", 1000)),
        *(("999999999999", 999_999_999_999), ("1000000000000", None)),  # an id in the wrong column
    ],
)
def test_integers(con: duckdb.DuckDBPyConnection, text: str, expected: int | None) -> None:
    assert value(con, Kind.INTEGER, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("TRUE", True), ("1", True), ("Yes", True), ("false", False), ("0", False), ("NO", False), ("ja", None)],
)
def test_booleans(con: duckdb.DuckDBPyConnection, text: str, expected: bool | None) -> None:
    assert value(con, Kind.BOOLEAN, text) is expected


@pytest.mark.parametrize(("text", "is_read"), [('{"a": [1]}', True), ("[1]", False), ('"a"', False), ("{a}", False)])
def test_json_is_an_object(con: duckdb.DuckDBPyConnection, text: str, is_read: bool) -> None:
    assert value(con, Kind.JSON, text) == (text if is_read else None)


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("a|b", None, "a|b"),
        ('["a","b"]', None, "a|b"),
        ("[a|b", None, "[a|b"),
        ("a, b,c", ",", "a|b|c"),
        ("[]", None, ""),
    ],
)
def test_lists_are_separated_by_bars(
    con: duckdb.DuckDBPyConnection, text: str, pattern: str | None, expected: str
) -> None:
    assert value(con, Kind.LIST, text, pattern) == expected


def test_hashes_of_addresses(con: duckdb.DuckDBPyConnection) -> None:
    assert value(con, Kind.EMAIL_HASH, "AB" * 32) == "ab" * 32
    assert value(con, Kind.EMAIL_HASH, "ab" * 31) is None
    assert value(con, Kind.EMAIL_HASH, "zz" * 32) is None


def test_currencies_are_capitals(con: duckdb.DuckDBPyConnection) -> None:
    assert evaluated(con, currency_reading("text").value, "idr") == "IDR"
    assert evaluated(con, currency_reading("text").value, "Rp") is None


@settings(max_examples=200)
@given(st.text(st.sampled_from(" \t\r\n\u00a0\u200b\ufeffaé007~!"), max_size=6))
def test_texts_lose_the_blanks_around_them(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert evaluated(con, trimmed("text"), text) == (text.strip(" \t\r\n\u00a0\u200b\ufeff") or None)


@pytest.mark.parametrize(
    ("kind", "given_format", "is_right"),
    [
        (Kind.TIME, "%d-%m-%Y", True),
        (Kind.TIME, "dd-mm-yyyy", False),
        (Kind.TIME, "%Q", False),
        (Kind.DATE, "%d/%m/%y", True),
        (Kind.MONEY, "1.234,56", True),
        (Kind.MONEY, "1.234.56", False),
        (Kind.MONEY, "%d", False),
        (Kind.LIST, ";", True),
        (Kind.LIST, "; ", False),
        (Kind.TEXT, "%d", False),
    ],
)
def test_formats_are_checked(kind: Kind, given_format: str, is_right: bool) -> None:
    assert (format_problem(kind, given_format) is None) is is_right


def test_python_and_duckdb_agree_on_the_longest_day(con: duckdb.DuckDBPyConnection) -> None:
    """A day of 25 hours: midnight to midnight local is 25 hours apart in UTC."""
    start = value(con, Kind.TIME, "2024-10-27", time_zone="Europe/Berlin")
    end = value(con, Kind.TIME, "2024-10-28", time_zone="Europe/Berlin")
    assert end - start == timedelta(hours=25)


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("(500)", None, "-500"),
        ("(.5)", None, "-0.5"),
        ("500-", None, "-500"),
        ("500 -", None, "-500"),
        ("(200,000.00)", "1,234.56", "-200000"),
        ("1.500,50-", "1.234,56", "-1500.5"),
        ("(Rp 500.000,00)", "Rp 1.234,56", "-500000"),
        ("Rp (500.000,00)", "Rp 1.234,56", "-500000"),
        ("Rp -500", "Rp 1.234,56", "-500"),
        ("-Rp500", "Rp 1.234,56", "-500"),
        ("500.000 Rp", "Rp 1.234,56", "500000"),
        ("(1.250 EUR)", "EUR 1.234,56", "-1250"),
        ("1,250.50 EUR", "EUR 1,234.56", "1250.50"),
        ("(500", None, None),
        ("500)", None, None),
        ("(-500)", None, None),
        ("-500-", None, None),
        ("(-500,00)", "1.234,56", None),
        ("$500", "Rp 1.234,56", None),
        ("500 USD", "Rp 1.234,56", None),
    ],
)
def test_amounts_as_accountants_write_them(
    con: duckdb.DuckDBPyConnection, text: str, pattern: str | None, expected: str | None
) -> None:
    found = value(con, Kind.MONEY, text, pattern)
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    "text",
    ["-", "--", " -- ", "---", "\u2014", "(not set)", "(Not Set)", "n/a", "N/A", "#N/A", "NULL", "(null)", "#REF!"],
)
def test_what_stands_for_nothing_is_nothing(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert evaluated(con, trimmed("text"), text) is None


@pytest.mark.parametrize("text", ["-5", "(none)", "na", "Nulla", "N/Acme", "#1", "- one", "none", "0"])
def test_what_only_looks_like_nothing_is_kept(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert evaluated(con, trimmed("text"), text) == text
