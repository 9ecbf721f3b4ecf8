"""CSV files: delimiters, lines as they stand, broken ones set apart."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from orchestration.errors import InputError
from orchestration.sources.files.open import open_file
from tests.unit.sources.files.opening import broken, read, texts, write

# --- CSV


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(con: duckdb.DuckDBPyConnection, tmp_path: Path, delimiter: str, fast: bool) -> None:
    file = write(tmp_path / "a.csv", f"id{delimiter}name\n1{delimiter}a b\n")
    with open_file(con, file, work=tmp_path, fast=fast) as opened:
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


def test_a_record_that_is_longer_than_duckdb_reads_is_set_apart(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    fits, too_long = "x" * (2_000_000 - len("2,")), "é" * 1_000_000
    file = write(tmp_path / "a.csv", f'id,name\n1,a\n2,{fits}\n3,{too_long}\n4,"{too_long}\n{too_long}"\n5,e\n')
    assert texts(con, file) == [("1", "a"), ("2", fits), ("5", "e")]
    assert [(line, text[:3], len(text), reason) for line, text, reason in broken(con, file)] == [
        (4, "3,é", 100_000, "a record of 2,000,002 bytes, and 2,000,000 are read"),
        (5, '4,"', 100_000, "a record of 4,000,005 bytes, and 2,000,000 are read"),
    ]
    with pytest.raises(duckdb.Error):
        texts(con, file, fast=True)


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


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
