"""What proposals rely on in the files connector: amounts with a currency's sign, lists by other separators, "*"."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from orchestration.sources.canonical import ENTITIES, Kind
from orchestration.sources.files.kinds import format_problem, reading
from orchestration.sources.files.mapping import map_columns
from orchestration.sources.files.settings import FileResource


def read(kind: Kind, text: str, pattern: str) -> object:
    assert format_problem(kind, pattern) is None
    row = duckdb.execute(f"select {reading(kind, 'text', pattern=pattern).value} from (select ? as text)", [text])
    return row.fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "pattern", "amount"),
    [
        ("Rp 1.500.000", "Rp 1.234,56", "1500000"),
        ("Rp1.500.000,50", "Rp 1.234,56", "1500000.5"),
        ("Rp. 2.000", "Rp 1.234,56", "2000"),
        ("-Rp 2.000", "Rp 1.234,56", "-2000"),
        ("2.000", "Rp 1.234,56", "2000"),
        ("R$ 1.234,56", "R$ 1.234,56", "1234.56"),
        ("$1,234.56", "$1,234.56", "1234.56"),
    ],
)
def test_an_amount_may_carry_the_sign_that_its_format_names(text: str, pattern: str, amount: str) -> None:
    assert read(Kind.MONEY, text, pattern) == Decimal(amount)


@pytest.mark.parametrize("text", ["US$ 5", "€ 5", "Rp", "Rp five"])
def test_another_sign_than_the_format_names_is_no_amount(text: str) -> None:
    assert read(Kind.MONEY, text, "Rp 1.234,56") is None


def test_a_list_may_have_a_separator_of_its_own() -> None:
    assert read(Kind.LIST, "101; 102;103", ";") == "101|102|103"
    assert format_problem(Kind.LIST, "; ") is not None


def test_a_star_stands_for_every_other_value_and_not_for_an_empty_one() -> None:
    def outcome(values: dict[str, bool], stage: str) -> object:
        resource = FileResource(
            path="deals.csv",
            columns={"deal_id": "id", "created_at": "day", "is_won": "stage"},
            values={"is_won": values},
        )
        mapping = map_columns(
            ENTITIES["deals"], resource, ["id", "day", "stage"], file_name="deals", time_zone="UTC", currency=None
        )
        [column] = [column for column in mapping.columns if column.name == "is_won"]
        rows = duckdb.execute(
            f"select {column.value} from (select {column.text} as {column.alias} from (select ? as stage))", [stage]
        )
        return rows.fetchall()[0][0]

    by_stage = {"Won": True, "*": False}
    assert [outcome(by_stage, stage) for stage in ("Won", "Lost", "")] == [True, False, None]
    by_date = {"": False, "*": True}
    assert [outcome(by_date, stage) for stage in ("2024-01-01", "")] == [True, False]
