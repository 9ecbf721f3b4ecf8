"""What an address says: whose page it is, how its campaign is tagged, which click led to it."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources.urls import PARAMETERS, URL_COLUMNS, add_urls
from storage.sql import declared


def parsed(*urls: str) -> list[dict[str, str | None]]:
    """The rows of these addresses, in their order."""
    with duckdb.connect() as con:
        con.execute(f"create table urls ({declared(URL_COLUMNS)})")
        con.execute(
            "create table given as select unnest($1::varchar[]) as page, null::varchar as referrer", [list(urls)]
        )
        add_urls(con, "urls", "given", ["page", "referrer"])
        found = con.execute("select raw_value, * from urls")
        names = [column[0] for column in found.description or ()][1:]
        rows = {row[0]: dict(zip(names, row[1:], strict=True)) for row in found.fetchall()}
    return [rows[url] for url in urls]


@pytest.mark.parametrize(
    ("url", "host", "domain", "path"),
    [
        ("https://www.contoh.co.id/harga?a=b#c", "contoh.co.id", "contoh.co.id", "/harga"),
        ("https://Blog.Contoh.CO.ID/", "blog.contoh.co.id", "contoh.co.id", "/"),
        ("contoh.com", "contoh.com", "contoh.com", None),
        ("//cdn.contoh.com/x", "cdn.contoh.com", "contoh.com", "/x"),
        ("http://ani:rahasia@toko.contoh.com:8080/p", "toko.contoh.com", "contoh.com", "/p"),
        ("https://l.instagram.com/?u=https%3A%2F%2Fcontoh.com", "l.instagram.com", "instagram.com", "/"),
        # sites of different people below a private suffix
        ("https://ani.github.io/tulisan", "ani.github.io", "ani.github.io", "/tulisan"),
        # without a public suffix a host stands for itself
        ("https://www.panduanpajak.example/", "panduanpajak.example", "panduanpajak.example", "/"),
        ("https://blog.panduanpajak.example/", "blog.panduanpajak.example", "blog.panduanpajak.example", "/"),
        ("http://localhost:3000/", "localhost", "localhost", "/"),
        ("http://192.168.0.7/login", "192.168.0.7", "192.168.0.7", "/login"),
        ("android-app://com.google.android.gm/", "com.google.android.gm", "android.gm", "/"),
        ("https://contoh.com./", "contoh.com", "contoh.com", "/"),
        ("?utm_source=x", None, None, None),
        ("", None, None, None),
    ],
)
def test_host_domain_and_path(url: str, host: str | None, domain: str | None, path: str | None) -> None:
    [found] = parsed(url)
    assert (found["host"], found["domain"], found["path"]) == (host, domain, path)


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("utm_source=Google&utm_medium=CPC", "utm_medium", "CPC"),
        ("UTM_Campaign=Kasir+%26+Pajak+Resto", "utm_campaign", "Kasir & Pajak Resto"),
        ("a=b&utm_campaign=%23LaporPajakTenang%20%7C%20Reels", "utm_campaign", "#LaporPajakTenang | Reels"),
        ("utm_term=a%2Bb", "utm_term", "a+b"),
        ("utm_source=&utm_medium=+", "utm_source", None),
        ("utm_source=&utm_medium=+", "utm_medium", None),
        # as it stands in HTML
        ("utm_source=x&amp;utm_medium=email", "utm_medium", "email"),
        ("my_utm_source=x", "utm_source", None),
        ("gclid=Cj0K_-aB&fbclid=IwAR1", "gclid", "Cj0K_-aB"),
        ("gclid=Cj0K_-aB&fbclid=IwAR1", "fbclid", "IwAR1"),
        # bytes that are no text stay as they are
        ("utm_campaign=50%&utm_term=%E0%A4", "utm_campaign", "50%"),
        ("utm_campaign=50%&utm_term=%E0%A4", "utm_term", "%E0%A4"),
        ("utm_source=first&utm_source=second", "utm_source", "first"),
    ],
)
def test_parameters_are_decoded(query: str, name: str, value: str | None) -> None:
    [found] = parsed(f"https://contoh.example/p?{query}#utm_source=fragment")
    assert found[name] == value


def test_a_query_behind_a_fragment_counts_too() -> None:
    assert parsed("https://contoh.example/#/harga?utm_source=x")[0]["utm_source"] == "x"


@given(st.text())
def test_any_text_is_taken(url: str) -> None:
    text = url.replace("\0", "").encode("utf-8", "ignore").decode()
    [found] = parsed(text)
    assert found["raw_value"] == text


def test_an_address_is_parsed_once_and_anew_in_a_newer_way() -> None:
    with duckdb.connect() as con:
        con.execute(f"create table urls ({declared(URL_COLUMNS)})")
        con.execute("create table given as select 'https://contoh.com/?gclid=x' as page")
        add_urls(con, "urls", "given", ["page"])
        add_urls(con, "urls", "given", ["page"])
        assert con.execute("select count(*), any_value(gclid) from urls").fetchall() == [(1, "x")]
        con.execute("update urls set reading = 'older', gclid = null, host = 'wrong'")
        con.execute("delete from given")
        add_urls(con, "urls", "given", ["page"])
        assert con.execute("select host, gclid from urls").fetchall() == [("contoh.com", "x")]


def test_every_parameter_has_its_column() -> None:
    [found] = parsed("https://contoh.example/?" + "&".join(f"{name}={name}-1" for name in PARAMETERS))
    assert {name: found[name] for name in PARAMETERS} == {name: f"{name}-1" for name in PARAMETERS}
