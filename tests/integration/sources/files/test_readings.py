"""What a column's texts are read as: closings, fixed sets, limits, notations, channels."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from orchestration.configuration.context import SHIPPED_SEEDS
from orchestration.sources.unlisted import unlisted_names
from orchestration.warehouse import open_warehouse
from tests.integration.sources.files.company import Company


def test_a_closing_known_by_its_day_alone_is_that_days_last_second(company: Company) -> None:
    company.write(
        "d.csv",
        "deal_id,created_at,closed_at\n1,2024-01-05,2024-01-05\n2,2024-01-05 10:00,2024-01-05 11:00\n3,2024-01-05,\n",
    )
    company.load({"deals": {"path": "d.csv"}})
    assert company.ask("select deal_id, created_at, closed_at, _day_alone from raw_files.deals order by deal_id") == [
        ("1", datetime(2024, 1, 4, 17), datetime(2024, 1, 5, 16, 59, 59), "closed_at"),
        ("2", datetime(2024, 1, 5, 3), datetime(2024, 1, 5, 4), ""),
        ("3", datetime(2024, 1, 4, 17), None, ""),
    ]
    company.write("d.csv", "deal_id,created_at,closed_at\n1,05/01/2024,05/01/2024\n")
    formats = {"created_at": "%d/%m/%Y", "closed_at": "%d/%m/%Y"}
    company.load({"deals": {"path": "d.csv", "formats": formats}})
    assert company.ask("select closed_at, _day_alone from raw_files.deals") == [
        (datetime(2024, 1, 5, 16, 59, 59), "closed_at")
    ]


def test_a_column_of_a_fixed_set_takes_any_case_and_rejects_the_rest(company: Company) -> None:
    company.write(
        "l.csv", "lead_id,created_at,record_type\n1,2024-01-05,Lead\n2,2024-01-05,CONTACT\n3,2024-01-05,Person\n"
    )
    company.write(
        "d.csv", "deal_id,created_at,deal_type\n1,2024-01-05,New Business\n2,2024-01-05,Renewal\n3,2024-01-05,odd\n"
    )
    company.load({"leads": {"path": "l.csv"}, "deals": {"path": "d.csv"}})
    assert company.ask("select lead_id, record_type from raw_files.leads order by lead_id") == [
        ("1", "lead"),
        ("2", "contact"),
    ]
    assert company.ask("select deal_id, deal_type from raw_files.deals order by deal_id") == [
        ("1", "new"),
        ("2", "renewal"),
    ]
    assert company.ask("select resource, line, column_name, value, reason from raw_files._rejected order by all") == [
        ("deals", 4, "deal_type", "odd", "none of new, expansion, renewal"),
        ("leads", 4, "record_type", "Person", "none of lead, contact"),
    ]


def test_what_staging_cannot_hold_is_rejected(company: Company) -> None:
    company.write(
        "d.csv",
        "deal_id,created_at,amount\n1,2024-01-05,99999999999999.99\n2,2024-01-05,100000000000000\n"
        "3,2024-01-05,-100000000000000000\n",
    )
    company.write("r.csv", "date_day,currency,rate\n2024-01-05,USD,1000000000000\n")
    company.load({"deals": {"path": "d.csv"}, "exchange_rates": {"path": "r.csv"}})
    assert company.ask("select deal_id, cast(amount as decimal(18, 2)) from raw_files.deals") == [
        ("1", Decimal("99999999999999.99"))
    ]
    rejected = company.ask("select resource, line, column_name from raw_files._rejected order by all")
    assert rejected == [("deals", 3, "amount"), ("deals", 4, "amount"), ("exchange_rates", 2, "rate")]
    [(reason,)] = company.ask("select distinct reason from raw_files._rejected where resource = 'deals'")
    assert reason.endswith("below 100,000,000,000,000")


@pytest.mark.parametrize(
    ("texts", "amounts"),
    [
        (["750.000", "1.500.000"], ["750000", "1500000"]),
        (["750.000", "1.500.000", "12,5"], ["750000", "1500000", "12.5"]),
        (["750.000", "12.5"], ["750", "12.5"]),
        (["1,500", "1,500.25"], ["1500", "1500.25"]),
        (["12,5", "7"], ["12.5", "7"]),
        (["1234", "7.25"], ["1234", "7.25"]),
    ],
)
def test_a_column_of_amounts_has_one_notation(company: Company, texts: list[str], amounts: list[str]) -> None:
    rows = "".join(f'{number},2024-01-05,"{text}"\n' for number, text in enumerate(texts))
    company.write("d.csv", "deal_id,created_at,amount\n" + rows)
    company.load({"deals": {"path": "d.csv"}})
    assert company.ask("select amount from raw_files.deals order by deal_id") == [(Decimal(each),) for each in amounts]
    assert company.ask("from raw_files._rejected") == []


@pytest.mark.parametrize("texts", [["750.000", "120.500"], ["1,500", "2,250"], ["750.000", "12"]])
def test_a_column_that_could_be_read_in_two_ways_is_rejected_with_the_line_to_add(
    company: Company, texts: list[str]
) -> None:
    rows = "".join(f'{number},2024-01-05,"{text}"\n' for number, text in enumerate(texts))
    company.write("d.csv", "deal_id,created_at,amount\n" + rows + "9,2024-01-05,\n")
    (result,) = company.load({"deals": {"path": "d.csv"}})
    assert company.ask("select deal_id, amount from raw_files.deals") == [("9", None)]
    assert "formats: {amount: '1.234,56'} or {amount: '1,234.56'}" in result.warnings[0]
    company.load({"deals": {"path": "d.csv", "formats": {"amount": "1.234,56"}}})
    assert company.ask("select count(amount) from raw_files.deals") == [(len(texts),)]


@pytest.mark.parametrize(
    ("entity", "rows", "told"),
    [
        (
            "touchpoints",
            "touchpoint_id,occurred_at,lead_id,channel\n1,2024-01-05,1,Paid Search\n2,2024-01-05,1,Direct (old)\n"
            "3,2024-01-05,1,\n",
            "touchpoints: channels that are none of ours and not used: 'Direct (old)' (1 row); "
            "map them under values: {channel: ...}",
        ),
        (
            "deals",
            "deal_id,created_at,stage\n1,2024-01-05,Closed Won (Sales Pipeline)\n2,2024-01-05,Ours\n"
            "3,2024-01-05,Theirs\n4,2024-01-05,Theirs\n5,2024-01-05,\n",
            "deals: stages in no phase, by which no deal is won or lost: 'Theirs' (2 rows), 'Ours' (1 row); "
            "add them to your deal_phases.csv",
        ),
        (
            "orders",
            "order_id,ordered_at,amount,currency,status\n0,2024-01-05,1,IDR,Selesai\n"
            + "".join(f"{n},2024-01-05,1,IDR,S{n}\n" for n in range(1, 13)),
            "orders: statuses that are not listed, whose orders count as paid: 'S1' (1 row), 'S10' (1 row), "
            "'S11' (1 row), 'S12' (1 row), 'S2' (1 row), 'S3' (1 row), 'S4' (1 row), 'S5' (1 row), 'S6' (1 row), "
            "'S7' (1 row) and 2 more; add them to your order_statuses.csv",
        ),
    ],
)
def test_a_name_that_a_reference_file_should_list_is_told(company: Company, entity: str, rows: str, told: str) -> None:
    company.write("rows.csv", rows)
    company.load({entity: {"path": "rows.csv"}})
    with open_warehouse(company.paths) as con:
        assert unlisted_names(con, entity, f"raw_files.{entity}", "crm", SHIPPED_SEEDS / "reference") == [told]
