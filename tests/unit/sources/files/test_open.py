"""Opening files: what every format, delimiter and encoding comes to, and which line each record stands in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from orchestration.errors import InputError, SourceUnavailableError
from orchestration.sources.files.find import find_files, local_copy
from orchestration.sources.files.open import open_file
from orchestration.sources.files.opened import RECORD


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def read(con: duckdb.DuckDBPyConnection, path: Path, **how: Any) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows (record, line, texts)."""
    with open_file(con, path, **how) as opened:
        rows = con.execute(f"from {opened.relation} order by {RECORD}").fetchall()
    return opened.columns, rows


def texts(con: duckdb.DuckDBPyConnection, path: Path, **how: Any) -> list[tuple[Any, ...]]:
    return [row[2:] for row in read(con, path, **how)[1]]


def broken(con: duckdb.DuckDBPyConnection, path: Path, **how: Any) -> list[tuple[int, str, str]]:
    with open_file(con, path, **how) as opened:
        return con.execute(f"select line, text, reason from {opened.broken} order by line").fetchall()


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


# --- CSV


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(con: duckdb.DuckDBPyConnection, tmp_path: Path, delimiter: str, fast: bool) -> None:
    file = write(tmp_path / "a.csv", f"id{delimiter}name\n1{delimiter}a b\n")
    with open_file(con, file, fast=fast) as opened:
        assert opened.delimiter == delimiter
        assert opened.columns == ("id", "name")
    assert texts(con, file, fast=fast) == [("1", "a b")]


def test_decimal_commas_do_not_pass_for_the_delimiter(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id;price;weight\n" + "".join(f"{n};{n},5;{n},25\n" for n in range(50)))
    assert texts(con, file)[7] == ("7", "7,5", "7,25")


def test_a_delimiter_inside_the_header_texts_does_not_win(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id;name, first;name, last\n1;Ani, A;B\n\n2;C\n3;D;E\n")
    assert read(con, file)[0] == ("id", "name, first", "name, last")


def test_a_delimiter_that_is_given_holds(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "a,b;c\n1,2;3\n")
    assert read(con, file, delimiter=";")[0] == ("a,b", "c")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_are_counted_as_they_stand(con: duckdb.DuckDBPyConnection, tmp_path: Path, end: str, mark: str) -> None:
    lines = ["id,name", '1,"two', 'lines"', "", "2,b", "", "", '3,"a ""quote"""', "4,d"]
    file = write(tmp_path / "a.csv", mark + end.join(lines) + end)
    assert read(con, file) == (
        ("id", "name"),
        [(1, 2, "1", f"two{end}lines"), (2, 5, "2", "b"), (3, 8, "3", 'a "quote"'), (4, 9, "4", "d")],
    )
    assert texts(con, file, fast=True) == texts(con, file)


def test_mixed_line_ends(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id,name\r\n1,a\n2,b\r3,c\r\n")
    assert [row[1:] for row in read(con, file)[1]] == [(2, "1", "a"), (3, "2", "b"), (4, "3", "c")]


def test_broken_lines_are_set_apart_and_nothing_else_is_lost(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.csv",
        'id,name\n1,"a\nb"\n2,x,y\n3\n4,"never closed\n5,e\n6,"f"\n7,"g"h\n8,h\n',
    )
    assert [row[1:] for row in read(con, file)[1]] == [
        (2, "1", "a\nb"),
        (7, "5", "e"),
        (8, "6", "f"),
        (10, "8", "h"),
    ]
    assert [(line, text) for line, text, _ in broken(con, file)] == [
        (4, "2,x,y"),
        (5, "3"),
        (6, '4,"never closed'),
        (9, '7,"g"h'),
    ]
    with pytest.raises(duckdb.Error):
        texts(con, file, fast=True)


def test_a_quote_that_is_open_at_the_end_breaks_its_own_line_only(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.csv", 'id,name\n1,"open\n' + "".join(f"{n},x\n" for n in range(2, 100)))
    assert len(texts(con, file)) == 98
    assert [line for line, _, _ in broken(con, file)] == [2]


def test_trailing_delimiters_are_no_fault(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id,name\n1,a,\n2,b,,\n3,c\n")
    assert texts(con, file) == [("1", "a"), ("2", "b"), ("3", "c")]


def test_bytes_that_are_no_utf8_break_their_line_only(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"id,name\n" + "1,São\n2,João\n".encode() + b"3,S\xe3o\n4,d\n")
    assert texts(con, file) == [("1", "São"), ("2", "João"), ("4", "d")]
    assert broken(con, file) == [(4, "3,S\ufffdo", "the line is not UTF-8")]


def test_blank_lines_in_a_file_of_one_column_are_no_records(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id\n\n1\n\n2\n")
    for fast in (False, True):
        assert read(con, file, fast=fast)[1] == [(1, 3, "1"), (2, 5, "2")]


def test_a_header_below_blank_lines(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "\n\nid,name\n1,a\n")
    for fast in (False, True):
        assert read(con, file, fast=fast) == (("id", "name"), [(1, 4, "1", "a")])


def test_column_names_are_made_to_differ(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id,ID,,id, padded ,__line__\n1,2,3,4,5,6\n")
    for fast in (False, True):
        columns, rows = read(con, file, fast=fast)
        assert columns == ("id", "ID_2", "column_3", "id_3", "padded", "__line___2")
        assert rows[0][2:] == ("1", "2", "3", "4", "5", "6")


def test_brackets_and_quotes_in_a_name_are_no_pattern(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "it's [1]*?.csv", "id,name\n1,a\n")
    write(tmp_path / "it's 1*?.csv", "id,name\n2,b\n")
    assert texts(con, file, fast=True) == [("1", "a")]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_an_error(con: duckdb.DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        texts(con, write(tmp_path / "a.csv", text))


def test_a_header_alone_has_no_records(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for text in ("id,name", "id,name\n"):
        file = write(tmp_path / "a.csv", text)
        assert texts(con, file) == texts(con, file, fast=True) == []


def test_limit_reads_the_first_records(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id,name\n" + "".join(f"{n},x\n" for n in range(100)))
    assert [row[0] for row in texts(con, file, limit=3)] == ["0", "1", "2"]


_CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8) | st.sampled_from(
    ["", " ", '"', '""', "a,b", "x;y", "\n", "\r", "\r\n", "007", " padded ", "\ufeff", "\x1f", "'"]
)


def _table(cell: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), max_size=6))


def _written(rows: list[list[str]], **dialect: Any) -> list[str]:
    """Each row as Python's csv module writes it, the header first."""
    width = len(rows[0]) if rows else 2
    written = []
    for row in [[f"column {n}" for n in range(width)], *rows]:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, **dialect).writerow(row)
        written.append(buffer.getvalue())
    return written


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=_table(_CELL),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    fast=st.booleans(),
)
@example(rows=[["\r", "x"], ["y", "\n"]], delimiter=",", quoting=csv.QUOTE_ALL, end="\n", fast=True)
def test_what_csv_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str, quoting: int, end: str, fast: bool
) -> None:
    # it leaves a lone \r without quotes, which every reader takes for the end of the line
    assume(quoting == csv.QUOTE_ALL or end == "\r\n" or not any("\r" in cell for row in rows for cell in row))
    written = _written(rows, delimiter=delimiter, quoting=quoting, lineterminator=end)
    file = tmp_path_factory.mktemp("csv") / "a.csv"
    file.write_text("".join(written), encoding="utf-8", newline="")
    with duckdb.connect() as con:
        found = read(con, file, fast=fast)[1]
    # an empty text is null in DuckDB
    assert [row[2:] for row in found] == [tuple(cell or None for cell in row) for row in rows]
    if not fast:
        line = 1
        for text, row in zip(written, [None, *found], strict=True):
            assert row is None or row[1] == line
            line += len(re.findall("\r\n|\r|\n", text))


# --- encodings

_SAMPLES = {
    "windows-1252": "id;name\n1;José “café” €\n2;Müller\n3;Ação não São Paulo\n",
    "windows-1250": "id;name\n1;Příliš žluťoučký kůň\n2;Łódź\n",
    "windows-1251": "id;name\n1;Иван Петров\n2;Москва\n3;Санкт-Петербург\n4;Ольга Смирнова\n",
    "gb18030": "编号;姓名\n1;张伟\n2;王芳的公司\n3;上海\n",
    "shift_jis": "番号;名前\n1;山田太郎\n2;佐藤花子さん\n",
    "big5": "編號;姓名\n1;陳先生在台北\n2;林小姐\n",
    "euc_kr": "번호;이름\n1;김철수\n2;서울특별시\n",
    "latin-1": "id;name\n1;Conceição\n2;Größe\n",
    "utf-16": "id;name\n1;Ação\n2;张伟\n",
    "utf-16-le": "id;name\n1;Ação\n2;b\n",
    "utf-16-be": "id;name\n1;Ação\n2;b\n",
    "utf-32": "id;name\n1;Ação\n",
    "utf-8-sig": "id;name\n1;Ação\n2;张伟\n",
}


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("encoding", _SAMPLES)
def test_the_encoding_is_found(con: duckdb.DuckDBPyConnection, tmp_path: Path, encoding: str, fast: bool) -> None:
    file = write(tmp_path / "a.csv", _SAMPLES[encoding], encoding)
    expected = [tuple(line.split(";")) for line in _SAMPLES[encoding].splitlines()]
    columns, rows = read(con, file, fast=fast)
    assert [columns, *(row[2:] for row in rows)] == expected


def test_one_accent_in_the_last_line_counts(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id,name\n" + "1,plain\n" * 300_000 + "2,João\n", "windows-1252")
    assert texts(con, file, fast=True)[-1] == ("2", "João")


def test_an_encoding_that_is_given_holds(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "id,name\n1,İğş\n", "windows-1254")
    assert texts(con, file, encoding="windows-1254") == [("1", "İğş")]
    with pytest.raises(InputError, match="no encoding 'utf-9'"):
        texts(con, file, encoding="utf-9")
    with pytest.raises(InputError, match="not ascii"):
        texts(con, file, encoding="ascii")


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


def test_jsonl_of_other_encodings_and_empty_ones(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert texts(con, write(tmp_path / "a.jsonl", '{"id": "é"}\n', "utf-16")) == [("é",)]
    assert texts(con, write(tmp_path / "b.jsonl", '\ufeff{"id": "é"}\n{"id": "f"}\n'), limit=1) == [("é",)]
    assert read(con, write(tmp_path / "c.jsonl", "")) == ((), [])


@settings(max_examples=100, deadline=None)
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
        (1, 2, "007", "2024-01-05 00:00:00", "2024-01-05 10:30:00", "0.1", "true", "x"),
        (2, 3, None, None, None, None, None, None),
        (3, 4, "12345678901234", "2024-01-06 00:00:00", "2024-01-05 10:30:01", "1000000000000000", "false", "5"),
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


# --- finding files


def _names(path: str, base: Path) -> list[str]:
    return [file.name for file in find_files(path, base)]


def test_one_file_a_glob_and_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deeper").mkdir(parents=True)
    for name in ("b.csv", "a.jsonl", "c.xlsx", "~$c.xlsx", ".hidden.csv", "notes.md", "deeper/d.csv"):
        write(folder / name, "x")
    assert _names("in/b.csv", tmp_path) == ["in/b.csv"]
    assert _names("in/*.csv", tmp_path) == ["in/b.csv"]
    assert _names("in/**/*.csv", tmp_path) == ["in/b.csv", "in/deeper/d.csv"]
    assert _names("in", tmp_path) == ["in/a.jsonl", "in/b.csv", "in/c.xlsx"]
    assert _names(str(folder / "b.csv"), tmp_path) == ["in/b.csv"]
    assert _names("../b.csv", folder / "deeper") == ["../b.csv"]


@pytest.mark.parametrize("path", ["nope.csv", "*.csv", "empty", "memory://nope/*.csv", "memory://nope/a.csv"])
def test_nothing_found_is_an_error(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no"):
        find_files(path, tmp_path)


def test_an_object_store(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe("/bucket/2024/a.csv", b"id,name\n1,a\n")
    store.pipe("/bucket/2024/b.csv", b"id,name\n2,b\n")
    store.pipe("/bucket/2024/notes.md", b"x")
    try:
        for path in ("memory://bucket/2024/*.csv", "memory://bucket/2024"):
            found = find_files(path, tmp_path)
            assert [file.name for file in found] == ["memory:///bucket/2024/a.csv", "memory:///bucket/2024/b.csv"]
        assert found[0].size_bytes == 12
        assert found[0].modified_at is not None
        assert abs((datetime.now(UTC).replace(tzinfo=None) - found[0].modified_at).total_seconds()) < 600
        with local_copy(found[1]) as copy:
            assert texts(con, copy) == [("2", "b")]
        assert not copy.exists()
    finally:
        store.rm("/bucket", recursive=True)
    with pytest.raises(SourceUnavailableError, match="download failed"), local_copy(found[1]):
        pass


def test_a_store_whose_package_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        find_files("s3://bucket/a.csv", tmp_path)
    assert "s3fs" in str(raised.value)
    with pytest.raises(InputError):
        find_files("nonsense://bucket/a.csv", tmp_path)
