"""JSONL, Parquet and XLSX as the same relation of texts."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.errors import InputError
from tests.unit.sources.files.opening import broken, read, texts, write

# --- JSONL


def test_jsonl_fields_in_order_of_appearance_nested_as_json(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lines = [
        {"id": "007", "amount": 1.5, "tags": ["a", "b"]},
        {"id": 12345678901234567890123, "won": True, "nested": {"x": 1}, 'odd "key".$': "é\n"},
        {"id": None},
    ]
    file = write(tmp_path / "a.jsonl", "\n\n".join(json.dumps(line) for line in lines) + "\n")
    assert read(con, file) == (
        ("id", "amount", "tags", "won", "nested", 'odd "key".$'),
        [
            (1, 1, "007", "1.5", '["a","b"]', None, None, None),
            (3, 3, "12345678901234567890123", None, None, "true", '{"x":1}', "é\n"),
            (5, 5, None, None, None, None, None, None),
        ],
    )


def test_lines_that_are_no_json_object_are_set_apart(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(
        '{"id": 1}\r\n{"id": 2\n\n[3]\n{"id": 4, "name": "São"}\n{"id": "\x1f"}\n'.encode() + b'{"id": "\xe3"}\n'
    )
    assert [(row[1], row[2]) for row in read(con, file)[1]] == [(1, "1"), (5, "4")]
    assert [line for line, _, _ in broken(con, file)] == [2, 4, 6, 7]


def test_a_json_line_that_is_longer_than_is_read_is_set_apart(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", '{"id": 1}\n{"id": "' + "x" * 2**24 + '"}\n{"id": 3}\n')
    assert [row[1:] for row in read(con, file)[1]] == [(1, "1"), (3, "3")]
    [(line, text, reason)] = broken(con, file)
    assert (line, len(text.rstrip()), reason) == (2, 100_002, "the line is no JSON object, or longer than 16 MB")


def test_jsonl_of_other_encodings_and_empty_ones(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert texts(con, write(tmp_path / "a.jsonl", '{"id": "é"}\n', "utf-16")) == [("é",)]
    assert texts(con, write(tmp_path / "b.jsonl", '\ufeff{"id": "é"}\n{"id": "f"}\n'), limit=1) == [("é",)]
    assert read(con, write(tmp_path / "c.jsonl", "")) == ((), [])


@settings(max_examples=100)
@given(
    st.lists(st.dictionaries(st.sampled_from("abc") | st.text(min_size=1, max_size=3), st.text(max_size=5)), max_size=5)
)
def test_what_json_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    rows = [{key: value for key, value in row.items() if _plain(key) and _plain(value)} for row in rows]
    file = tmp_path_factory.mktemp("jsonl") / "a.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with duckdb.connect() as con:
        columns, found = read(con, file)
    keys = list(dict.fromkeys(key for row in rows for key in row))
    assert len(columns) == len(keys)
    assert [row[2:] for row in found] == [tuple(row.get(key) for key in keys) for row in rows]


def _plain(text: str) -> bool:
    return "\0" not in text and text.isprintable()


# --- Parquet and XLSX


def test_parquet_types_become_texts_without_loss(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    con.execute(
        "copy (select 7::bigint as whole, 123.0::double as float_id, 0.1::double as fraction, 1e20::double as big, "
        "12345678901234567890.12345678::decimal(28, 8) as money, true as flag, date '2024-02-29' as day, "
        "timestamp '2024-02-29 10:00:00.123456' as local, timestamptz '2024-02-29 10:00:00+07' as moment, "
        "['a', 'b'] as tags, {'x': 1} as nested, '\\xC3\\xA9'::blob as bytes, '007' as id, null::varchar as nothing) "
        f"to '{file}'"
    )
    columns, rows = read(con, file)
    assert dict(zip(columns, rows[0][2:], strict=True)) == {
        "whole": "7",
        "float_id": "123",
        "fraction": "0.1",
        "big": "100000000000000000000",
        "money": "12345678901234567890.12345678",
        "flag": "true",
        "day": "2024-02-29",
        "local": "2024-02-29 10:00:00.123456",
        "moment": "2024-02-29 03:00:00+00",
        "tags": '["a","b"]',
        "nested": '{"x":1}',
        "bytes": "é",
        "id": "007",
        "nothing": None,
    }


def _workbook(path: Path, *sheets: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = workbook.create_sheet(f"sheet {number}")
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def test_xlsx_cells_are_texts(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = _workbook(
        tmp_path / "a.xlsx",
        [
            ["id", "day", "moment", "price", "flag", "mixed"],
            ["007", date(2024, 1, 5), datetime(2024, 1, 5, 10, 30), Decimal("0.1"), True, "x"],
            [],
            [12345678901234, date(2024, 1, 6), datetime(2024, 1, 5, 10, 30, 1), 1e15, False, 5],
        ],
    )
    assert read(con, file)[1] == [
        (1, 2, "007", "2024-01-05", "2024-01-05 10:30:00", "0.1", "true", "x"),
        (2, 3, None, None, None, None, None, None),
        (3, 4, "12345678901234", "2024-01-06", "2024-01-05 10:30:01", "1000000000000000", "false", "5"),
    ]


def test_xlsx_sheets_and_tables_that_start_lower(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = _workbook(tmp_path / "a.xlsx", [["a"], [1]], [[], [], ["b", None], [2], [3]], [])
    assert read(con, file)[0] == ("a",)
    assert read(con, file, sheet="sheet 2") == (("b",), [(1, 4, "2"), (2, 5, "3")])
    assert texts(con, file, sheet="sheet 2", limit=1) == [("2",)]
    with pytest.raises(InputError, match="there are: sheet 1, sheet 2, sheet 3"):
        read(con, file, sheet="Sheet 2")
    with pytest.raises(InputError, match="empty"):
        read(con, file, sheet="sheet 3")


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_a_file_that_is_not_what_its_ending_says(con: duckdb.DuckDBPyConnection, tmp_path: Path, ending: str) -> None:
    with pytest.raises(InputError) as raised:
        read(con, write(tmp_path / f"a.{ending}", "secret@example.com"))
    assert "secret" not in str(raised.value)


def test_the_format_is_given_or_told_by_the_ending(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "export.dat", "id,name\n1,a\n")
    with pytest.raises(InputError, match=r"'\.dat'"):
        read(con, file)
    assert texts(con, file, format="csv") == [("1", "a")]


def test_nothing_stays_behind(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    files = [
        write(tmp_path / "a.csv", "id,name\n1,a\n"),
        write(tmp_path / "a.jsonl", '{"id": 1}\n'),
        _workbook(tmp_path / "a.xlsx", [["a"], [1]]),
    ]
    for file in files:
        read(con, file)
    assert con.execute("from duckdb_views() where not internal").fetchall() == []
