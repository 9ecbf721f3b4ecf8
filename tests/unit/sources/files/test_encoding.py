"""Encodings: found, or given."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.errors import InputError
from tests.unit.sources.files.opening import read, texts, write

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
