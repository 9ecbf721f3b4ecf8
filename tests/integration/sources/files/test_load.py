"""Loading files: mappings, rejected rows, mistakes and identifiers."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pytest

from orchestration.errors import InputError
from orchestration.sources.base import LoadResult
from tests.integration.sources.files.company import Company

# --- mapping


def test_columns_formats_values_constants_and_where(company: Company) -> None:
    company.write(
        "deals.csv",
        "Nr;Am;Betrag;Phase;Kunde;Test\n"
        "007;31.12.2023 23:30;1.234,56;Gewonnen;A|B;0\n"
        "008;01.01.2024 00:00;;Offen; ;0\n"
        "009;01.01.2024 00:00;5,00;?;C;1\n",
    )
    results = company.load(
        {
            "deals": {
                "path": "deals.csv",
                "columns": {
                    "deal_id": "Nr",
                    "created_at": "Am",
                    "closed_at": "Am",
                    "amount": "Betrag",
                    "stage": "Phase",
                    "is_won": "Phase",
                    "lead_ids": "Kunde",
                },
                "formats": {"created_at": "%d.%m.%Y %H:%M", "closed_at": "%d.%m.%Y %H:%M", "amount": "1.234,56"},
                "values": {"stage": {"?": None}, "is_won": {"Gewonnen": True, "Offen": None}},
                "constants": {"pipeline": "main", "is_closed": True},
                "where": "Test = '0'",
            }
        },
        time_zone="Europe/Berlin",
        currency="EUR",
    )
    assert results == [LoadResult("crm", "deals", 2, 0, 2)]
    assert company.ask(
        "select deal_id, created_at, closed_at, amount, currency, stage, is_won, is_closed, lead_ids, pipeline, "
        "source_system, _file, _record_number, _modified_at, _loaded_at from raw_files.deals order by deal_id"
    ) == [
        (
            "007",
            datetime(2023, 12, 31, 22, 30),
            datetime(2023, 12, 31, 22, 30),
            Decimal("1234.56"),
            "EUR",
            "Gewonnen",
            True,
            True,
            "A|B",
            "main",
            "crm",
            "deals.csv",
            1,
            datetime(2023, 11, 14, 22, 13, 20),
            datetime(2024, 6, 1),
        ),
        (
            "008",
            datetime(2023, 12, 31, 23, 0),
            datetime(2023, 12, 31, 23, 0),
            None,
            "EUR",
            "Offen",
            None,
            True,
            None,
            "main",
            "crm",
            "deals.csv",
            2,
            datetime(2023, 11, 14, 22, 13, 20),
            datetime(2024, 6, 1),
        ),
    ]


def test_columns_of_their_own_name_need_no_mapping(company: Company) -> None:
    company.write("leads.csv", "lead_id,created_at,name,unknown\n 007 ,2024-01-05, Ani ,x\n8,2024-01-05T00:00Z,,\n")
    company.load({"leads": {"path": "leads.csv"}})
    assert company.ask("select lead_id, created_at, name, record_type, stage from raw_files.leads order by all") == [
        ("007", datetime(2024, 1, 4, 17), "Ani", "lead", None),  # reporting's zone, Jakarta
        ("8", datetime(2024, 1, 5), None, "lead", None),
    ]


def test_values_for_the_empty_and_for_every_other(company: Company) -> None:
    company.write("l.csv", "lead_id,created_at,stage,consent\n1,2024-01-05,,Ja\n2,2024-01-05,Won,\n3,2024-01-05,x,no\n")
    values = {"stage": {"": "lead", "Won": "customer"}, "consent": {"Ja": True, "*": False}}
    company.load({"leads": {"path": "l.csv", "values": values}})
    assert company.ask("select lead_id, stage, consent from raw_files.leads order by lead_id") == [
        ("1", "lead", True),
        ("2", "customer", None),
        ("3", "x", False),
    ]


def test_the_same_rows_from_every_format(company: Company) -> None:
    """One table as CSV, JSONL, Parquet and XLSX, in four sources, comes to the same raw rows."""
    rows = [
        ("007", "2024-01-05", "10.5", "Ani"),
        ("12", "2024-02-29", "0", "Śūn, Ltd"),
        ("13", "2024-02-29", None, None),
    ]
    columns = ("order_id", "ordered_at", "amount", "shop")
    company.write("o.csv", "\n".join(",".join(f'"{cell or ""}"' for cell in row) for row in [columns, *rows]))
    company.write("o.jsonl", "\n".join(json.dumps(dict(zip(columns, row, strict=True))) for row in rows))
    workbook = openpyxl.Workbook()
    for row in [columns, *rows]:
        workbook.active.append(row)
    workbook.save(company.folder / "o.xlsx")
    with duckdb.connect() as con:
        con.execute(
            "create table o as select * from (values ('007', date '2024-01-05', 10.5::double, 'Ani'), "
            "('12', date '2024-02-29', 0, 'Śūn, Ltd'), ('13', date '2024-02-29', null, null)) "
            f"t({', '.join(columns)})"
        )
        con.execute(f"copy o to '{company.folder / 'o.parquet'}'")
    for ending in ("csv", "jsonl", "parquet", "xlsx"):
        company.load({"orders": {"path": f"o.{ending}"}}, name=ending, currency="IDR")
    found = {
        ending: company.ask(
            "select order_id, ordered_at, amount, currency, shop, _record_number from raw_files.orders "
            f"where source_system = '{ending}' order by _record_number"
        )
        for ending in ("csv", "jsonl", "parquet", "xlsx")
    }
    assert found["csv"] == [
        ("007", datetime(2024, 1, 4, 17), Decimal("10.5"), "IDR", "Ani", 1),
        ("12", datetime(2024, 2, 28, 17), Decimal(0), "IDR", "Śūn, Ltd", 2),
    ]
    assert found["csv"] == found["jsonl"] == found["parquet"] == found["xlsx"]
    # the third has no amount: 1 = the header, so line 4; a Parquet or JSONL file has no header
    assert company.ask("select source_system, line, column_name from raw_files._rejected order by all") == [
        ("csv", 4, "amount"),
        ("jsonl", 3, "amount"),
        ("parquet", 3, "amount"),
        ("xlsx", 4, "amount"),
    ]


def test_every_entity_has_a_table_and_a_way_in(company: Company) -> None:
    company.write("spend.csv", "date_day,account_id,campaign_id,spend,currency,clicks\n2024-01-05,1,2,3.5,usd,7\n")
    company.write("rates.csv", "date_day,currency,rate\n2024-01-05,usd,15500.25\n2024-01-05,,1\n")
    company.write("touch.csv", "touchpoint_id,occurred_at,anonymous_id\n1,2024-01-05,a\n2,2024-01-05,\n")
    company.write("spaces.csv", "owner_id,name\n,\n   ,  \n1,Ani\n")
    results = company.load(
        {
            "ad_spend": {"path": "spend.csv"},
            "exchange_rates": {"path": "rates.csv"},
            "touchpoints": {"path": "touch.csv"},
            "owners": {"path": "spaces.csv"},
        },
        currency="IDR",
    )
    assert [(result.rows_loaded, result.rows_rejected) for result in results] == [(1, 0), (1, 1), (1, 1), (1, 1)]
    assert company.ask("select date_day, spend, currency, clicks from raw_files.ad_spend") == [
        (date(2024, 1, 5), Decimal("3.5"), "USD", 7)
    ]
    assert company.ask("select line, column_name, value, reason from raw_files._rejected order by resource, line") == [
        (3, "currency", None, "is required and empty"),  # the source's currency says nothing about a rate
        (3, "owner_id", None, "is required and empty"),  # line 2 has no value at all: a blank line
        (3, "lead_id, email, phone, anonymous_id", None, "one of lead_id, email, phone, anonymous_id is needed"),
    ]


def test_an_entity_with_addresses_and_no_phones_takes_many_rows(company: Company) -> None:
    company.write(
        "mails.csv", "email_event_id,occurred_at,event,email\n1,2024-01-01,open,a@b.example\n2,2024-01-02,open,\n"
    )
    results = company.load({"marketing_emails": {"path": "mails.csv"}})
    assert (results[0].rows_loaded, results[0].rows_rejected) == (2, 0)


def test_records_are_numbered_as_they_stand_in_their_file(company: Company) -> None:
    many = 20_000  # more than DuckDB reads at a time
    for name in ("a", "b"):
        company.write(
            f"{name}.csv", "id,at\n" + "".join(f"{name}{number},2024-01-05\n" for number in range(1, many + 1))
        )
    company.write("filtered.csv", "id,at\nskipped,2024-01-05\nfiltered2,2024-01-05\n")
    company.write("faulty.csv", "id,at\nfaulty1,2024-01-05\nfaulty2,soon\nfaulty3,2024-01-05\n")
    columns = {"touchpoint_id": "id", "occurred_at": "at"}
    constants = {"email": "ani@example.com"}
    entries = [
        {"path": "[ab].csv", "columns": columns, "constants": constants},
        {"path": "filtered.csv", "columns": columns, "constants": constants, "where": "id != 'skipped'"},
        {"path": "faulty.csv", "columns": columns, "constants": constants},
    ]
    company.load({"touchpoints": entries})
    assert company.ask(
        "select count(*), count(*) filter (touchpoint_id = split_part(_file, '.', 1) || _record_number) "
        "from raw_files.touchpoints"
    ) == [(2 * many + 3, 2 * many + 3)]


def test_one_file_under_two_mappings(company: Company) -> None:
    company.write("calls.csv", "id,at,kind,who\n1,2024-01-05,call,L1\n2,2024-01-06,mail,L2\n3,2024-01-07,fax,L3\n")
    shared = {"path": "calls.csv", "columns": {"activity_id": "id", "occurred_at": "at", "lead_id": "who"}}
    entries = [
        {**shared, "where": "kind = 'call'", "constants": {"type": "call"}},
        {**shared, "where": "kind = 'mail'", "constants": {"type": "email"}},
    ]
    for _ in range(2):
        company.load({"activities": entries}, full_refresh=True)
        assert company.ask("select activity_id, type from raw_files.activities order by all") == [
            ("1", "call"),
            ("2", "email"),
        ]
    entries[1]["where"] = "kind != 'call'"
    assert company.load({"activities": entries})[0].rows_loaded == 3
    # what both let through is there once
    entries[1]["where"] = "true"
    result = company.load({"activities": entries})[0]
    assert (result.rows_loaded, result.rows_rejected, result.rows_total) == (3, 1, 3)
    # the same mapping twice, by two paths, is one
    result = company.load({"activities": [shared, {**shared, "path": "*.csv"}]})[0]
    assert (result.rows_loaded, result.rows_rejected) == (3, 0)


# --- rejected rows


def test_five_broken_lines_among_a_thousand(company: Company) -> None:
    lines = [f'L{n},2024-01-05,"Ani, the\n{n}th",{n}' for n in range(1, 1001)]
    lines[99] = "L100,not a day,Ani,5"
    lines[199] = "L201,2024-01-05,too,few,or,many"
    lines[299] = 'L301,2024-01-05,"never closed,5'
    lines[398] = lines[399] = "L399,2024-01-05,twice,5"
    lines[499] = ",2024-01-05,no key,5"
    file = company.write("leads.csv", "lead_id,created_at,name,employee_count\n\n" + "\n".join(lines) + "\n")
    result = company.load({"leads": {"path": "leads.csv"}})[0]
    assert (result.rows_loaded, result.rows_rejected, result.rows_total) == (995, 5, 995)
    physical = file.read_text().split("\n")
    rejected = company.ask(
        "select line, column_name, value, reason, payload, source_system, resource, file "
        "from raw_files._rejected order by line"
    )
    assert [(column, value) for _, column, value, *_ in rejected] == [
        ("created_at", "not a day"),
        (None, "L201,2024-01-05,too,few,or,many"),
        (None, 'L301,2024-01-05,"never closed,5'),
        ("lead_id", "L399"),
        ("lead_id", None),
    ]
    for line, *_ in rejected:
        assert physical[line - 1] in lines
    assert [physical[row[0] - 1] for row in rejected] == [lines[n] for n in (99, 199, 299, 399, 499)]
    assert json.loads(rejected[0][4]) == {
        "lead_id": "L100",
        "created_at": "not a day",
        "name": "Ani",
        "employee_count": "5",
    }
    assert rejected[3][3] == f"is a row of this file once more (first in line {rejected[3][0] - 1})"
    assert rejected[0][5:] == ("crm", "leads", "leads.csv")
    # the person who runs it is told where, not what
    (warning,) = result.warnings
    for line, *_ in rejected:
        assert str(line) in warning
    for secret in ("not a day", "Ani", "L201", "L100"):
        assert secret not in warning
    assert company.ask("select rows_loaded, rows_rejected, error from raw_closedloop.loads") == [(995, 5, None)]


def test_the_first_failing_column_in_canonical_order_is_named(company: Company) -> None:
    company.write("d.csv", "Won?,Sum,Id,Day\nmaybe,x,1,soon\nmaybe,x,2,2024-01-05\nmaybe,1,3,2024-01-05\n")
    company.load(
        {
            "deals": {
                "path": "d.csv",
                "columns": {"deal_id": "Id", "created_at": "Day", "amount": "Sum", "is_won": "Won?"},
            }
        }
    )
    rejected = company.ask("select line, column_name, value, reason from raw_files._rejected order by line")
    assert [row[:3] for row in rejected] == [(2, "created_at", "soon"), (3, "amount", "x"), (4, "is_won", "maybe")]
    assert "the file's column 'Won?'" in rejected[2][3]


def test_a_good_row_after_a_bad_one_of_its_key_is_loaded(company: Company) -> None:
    company.write("l.csv", "lead_id,created_at\n1,never\n1,2024-01-05\n1,2024-01-05\n")
    company.load({"leads": {"path": "l.csv"}})
    assert company.ask("select lead_id, created_at::date from raw_files.leads") == [("1", date(2024, 1, 4))]
    assert company.ask("select line from raw_files._rejected order by line") == [(2,), (4,)]


def test_a_key_in_two_files_stays_in_both(company: Company) -> None:
    company.write("in/a.csv", "lead_id,created_at\n1,2024-01-05\n")
    company.write("in/b.csv", "lead_id,created_at\n1,2024-01-05\n")
    assert company.load({"leads": {"path": "in"}})[0].rows_total == 2


# --- errors


WRONG = "cast(name as int) > 0"


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ({"leads": {"path": "nope.csv"}}, "there is no such file"),
        ({"leads": {"path": "*.nope"}}, "no file matches"),
        ({"leads": {"path": "l.csv", "columns": {"email": "e-mial"}}}, "nearest are 'e-mail'"),
        ({"owners": {"path": "l.csv"}}, "nothing gives the required column owner_id"),
        ({"leads": {"path": "l.csv", "where": "nmae = 'x'"}}, "nmae"),
        ({"leads": {"path": "l.csv", "where": WRONG}}, "`where` fails on a row"),
        # amounts are looked at before the rows are: the notation of the column
        ({"deals": {"path": "l.csv", "columns": {"deal_id": "lead_id", "amount": "lead_id"}, "where": WRONG}}, "fails"),
        ({"leads": {"path": "l.jsonl", "columns": {"created_at": "craeted"}}}, "nearest are 'created'"),
        ({"leads": {"path": "l.csv", "encoding": "ascii"}}, "not ascii"),
        ({"touchpoints": {"path": "t.csv"}}, "nothing gives any of lead_id"),
    ],
)
def test_what_only_the_operator_can_mend(company: Company, resources: dict[str, Any], said: str) -> None:
    company.write("l.csv", "lead_id,created_at,name,e-mail\n1,2024-01-05,Śecret,secret@example.com\n")
    company.write("l.jsonl", '{"lead_id": 1, "created": "2024-01-05"}\n')
    company.write("t.csv", "touchpoint_id,occurred_at\n1,2024-01-05\n")
    company.load({"leads": {"path": "l.csv"}})
    before = company.ask("from raw_files.leads")
    with pytest.raises(InputError) as raised:
        company.load(resources)
    (name,) = resources
    message = str(raised.value)
    assert said in message
    assert message.startswith(f"source crm, resource {name}, file ")
    assert "ecret" not in message
    assert company.ask("from raw_files.leads") == before
    assert company.ask("select resource, error is null from raw_closedloop.loads") == [("leads", True), (name, False)]


def test_a_field_that_no_json_record_has_is_told(company: Company) -> None:
    company.write("e.jsonl", '{"event_id": 1, "occurred_at": "2024-01-05", "anonymous_id": "a"}\n')
    resources = {"web_events": {"path": "*.jsonl", "columns": {"gclid": "google_id"}}}
    (result,) = company.load(resources)
    assert result.warnings == ("no record has the field 'google_id', which is mapped to web_events.gclid",)
    company.write("f.jsonl", '{"event_id": 2, "occurred_at": "2024-01-05", "anonymous_id": "a", "google_id": "g"}\n')
    (result,) = company.load(resources)
    assert result.warnings == ()
    assert company.ask("select event_id, gclid from raw_files.web_events order by all") == [("1", None), ("2", "g")]


def test_a_where_cannot_write(company: Company) -> None:
    company.write("o.csv", "owner_id\n1\n")
    with pytest.raises(ValueError, match="expression"):
        company.load({"owners": {"path": "o.csv", "where": "1 = 1); delete from raw_files.owners; --"}})


# --- identifiers


def test_identifiers_are_hashed_and_the_key_stays_out_of_sight(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLOSEDLOOP_IDENTIFIER_KEY", raising=False)
    company.write(
        "l.csv", "lead_id,created_at,email,phone\n1,2024-01-05, A@Example.com,0812-3456-7890\n2,2024-01-05,none,\n"
    )
    (result,) = company.load({"leads": {"path": "l.csv"}}, country="ID")
    key = company.paths.identifier_key_file.read_text()
    assert len(result.warnings) == 1
    assert "identifier.key" in result.warnings[0]
    assert key not in result.warnings[0]
    assert company.ask("select lead_id, email, phone from raw_files.leads order by lead_id") == [
        ("1", "A@Example.com", "0812-3456-7890"),
        ("2", "none", None),
    ]
    joined = (
        "select count(*), count(distinct hash) from raw_files.leads "
        "join raw_files._identifiers on raw_value in (email, phone)"
    )
    assert company.ask(joined) == [(2, 2)]
    # a second load with nothing new makes no key, hashes nothing
    hashed = company.ask("from raw_files._identifiers order by all")
    assert company.load({"leads": {"path": "l.csv"}}, country="ID", full_refresh=True)[0].warnings == ()
    assert company.ask("from raw_files._identifiers order by all") == hashed
    tables = company.ask("select table_schema || '.' || table_name from information_schema.tables")
    for (table,) in tables:
        assert key not in str(company.ask(f"from {table}"))


def test_no_key_is_made_for_nothing(company: Company) -> None:
    company.write("l.csv", "lead_id,created_at\n1,2024-01-05\n")
    company.load({"leads": {"path": "l.csv"}})
    assert not company.paths.identifier_key_file.exists()
