"""What is masked in the texts of the marts, and what is not."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.publication.masking import masked


def published(text: str, column: str = "campaign") -> str:
    with duckdb.connect() as con:
        found = con.execute(f'select {masked(column)} from (select $text as "{column}")', {"text": text}).fetchall()
    return str(found[0][0])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ani@example.com", "(e-mail)"),
        ("from Ani.B+c@mail.example.co.id; late", "from (e-mail); late"),
        ("ünï@exämple.org", "(e-mail)"),
        ("https://shop.example/u/ani%40example.com/p?x=%2B6281234567", "https://shop.example/u/(e-mail)/p?x=(phone)"),
        ("+62 812-3456-7890 or 0812 3456 7890", "(phone) or (phone)"),
        ("(021) 555-1234", "(phone)"),
        ("wa 6281234567890", "wa (phone)"),
        ("+1 (415) 555-2671", "(phone)"),
        ("+5511987654321", "(phone)"),
        ("+12345678", "(phone)"),
        ("021555123", "(phone)"),
    ],
)
def test_what_looks_like_an_address_or_a_phone_number_is_masked(text: str, shown: str) -> None:
    assert published(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01 to 2026-02-01",
        "01-02-2026 05-06-2026",
        "31/12/2026 08:12:34",
        "Promo 50.000.000",
        "Rp 1.500.000 @ 50.000",
        "120345678901234",
        "Sale 2026 #3 (50%)",
        "https://shop.example/p?utm_source=google",
    ],
)
def test_dates_amounts_and_ids_are_not(text: str) -> None:
    assert published(text) == text


def test_keys_stay_and_ids_lose_addresses_only() -> None:
    assert published("0812345678901", "lead_key") == "0812345678901"
    assert published("0812345678901", "lead_id") == "0812345678901"
    assert published("ani@example.com", "lead_id") == "(e-mail)"
