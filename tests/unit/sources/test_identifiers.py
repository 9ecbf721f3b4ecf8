"""The identifier key, the normal forms, and that hashing in SQL is the HMAC of Python."""

from __future__ import annotations

import hashlib
import hmac
import re
import stat
import threading
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.configuration.context import Paths
from orchestration.errors import ConfigurationError
from orchestration.sources.canonical import Kind
from orchestration.sources.identifiers import (
    IDENTIFIER_COLUMNS,
    KEY_VARIABLE,
    EmailRules,
    add_identifiers,
    identifier_key,
    key_parameters,
    keyed_hash_sql,
    normal_phone,
)

KEY = b"0123456789abcdef0123456789abcdef"


def expected(normal_form: str, key: bytes = KEY) -> str:
    """What decision 9 says, in Python's own words."""
    return hmac.new(key, hashlib.sha256(normal_form.encode()).hexdigest().encode(), hashlib.sha256).hexdigest()


def connect() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create table ids (" + ", ".join(f"{name} {type_}" for name, type_ in IDENTIFIER_COLUMNS.items()) + ")")
    con.execute("create table people (email varchar, phone varchar)")
    return con


def hashes(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    rows = con.execute("select kind, raw_value, hash from ids").fetchall()
    found = {(kind, raw): hashed for kind, raw, hashed in rows}
    assert len(found) == len(rows)
    return found


def add(
    con: duckdb.DuckDBPyConnection, rows: list[tuple[str | None, str | None]], key: bytes, country: str | None
) -> int:
    con.execute("delete from people")
    for row in rows:
        con.execute("insert into people values (?, ?)", row)
    return add_identifiers(con, "ids", "people", {"email": Kind.EMAIL, "phone": Kind.PHONE}, key, country)


@settings(max_examples=200)
@given(key=st.binary(min_size=1, max_size=100), message=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_hashing_in_sql_is_hmac_sha_256(key: bytes, message: str) -> None:
    with duckdb.connect() as con:
        found = con.execute(
            f"select {keyed_hash_sql('$message::varchar')}", {"message": message, **key_parameters(key)}
        ).fetchone()
    assert found == (hmac.new(key, message.encode(), hashlib.sha256).hexdigest(),)


def test_addresses_and_phones() -> None:
    with connect() as con:
        add(
            con,
            [
                (" Ani@Example.COM ", "0812-3456-7890"),
                ("ani@example.com", "+62 812 3456 7890"),
                ("n/a", "12"),
                ("-", None),
                (None, "+1 (650) 253-0000"),
            ],
            KEY,
            "ID",
        )
        assert hashes(con) == {
            ("email", " Ani@Example.COM "): expected("ani@example.com"),
            ("email", "ani@example.com"): expected("ani@example.com"),
            ("phone", "0812-3456-7890"): expected("+6281234567890"),
            ("phone", "+62 812 3456 7890"): expected("+6281234567890"),
            ("phone", "+1 (650) 253-0000"): expected("+16502530000"),
        }


def test_a_text_may_hold_several_addresses_with_names() -> None:
    texts: list[tuple[str | None, str | None]] = [
        ("Ani Contoh (Ani@contoh.example);Budi <budi@contoh.example>", "0812-3456-7890, +62 812 3456 7891"),
        ("ani@contoh.example, ANI@contoh.example", "021/5550-1234"),
        ("ani at contoh", "12; 0812 3456 7890"),
    ]
    with connect() as con:
        add(con, texts, KEY, "ID")
        found = con.execute("select kind, raw_value, hash, more_hashes from ids order by all").fetchall()
        assert found == sorted(
            [
                ("email", texts[0][0], expected("ani@contoh.example"), expected("budi@contoh.example")),
                ("email", texts[1][0], expected("ani@contoh.example"), None),
                ("phone", texts[0][1], expected("+6281234567890"), expected("+6281234567891")),
                ("phone", texts[1][1], expected("+622155501234"), None),
                ("phone", texts[2][1], expected("+6281234567890"), None),
            ]
        )


def test_the_sha_256_of_an_address_is_keyed_as_the_address_is() -> None:
    digest = hashlib.sha256(b"ani@example.com").hexdigest()
    with connect() as con:
        con.execute("create table events as select ? as email_hash", [digest])
        add_identifiers(con, "ids", "events", {"email_hash": Kind.EMAIL_HASH}, KEY, None)
        assert hashes(con) == {("email_hash", digest): expected("ani@example.com")}


def test_a_phone_without_country_code_needs_a_country() -> None:
    assert normal_phone("0812-3456-7890", None) == (None, None)
    assert normal_phone("0812-3456-7890", "ID") == ("+6281234567890", "ID")
    assert normal_phone("6281234567890", "ID") == ("+6281234567890", "ID")
    assert normal_phone("+62 812-3456-7890", "BR") == ("+6281234567890", None)


def test_phones_that_are_many_are_read_by_several_processes_and_each_as_it_is_alone() -> None:
    con = connect()
    con.execute("insert into people select null, '0812' || lpad(i::varchar, 8, '0') from range(45_000) as numbers(i)")
    add_identifiers(con, "ids", "people", {"phone": Kind.PHONE}, KEY, "ID")
    found = hashes(con)
    assert len(found) == 45_000
    for raw_value in ("081200000000", "081200012345", "081200044999"):
        normal, _ = normal_phone(raw_value, "ID")
        assert normal is not None
        assert found["phone", raw_value] == expected(normal)


def test_a_value_is_hashed_once_and_another_country_is_told() -> None:
    with connect() as con:
        rows: list[tuple[str | None, str | None]] = [("a@example.com", "011 4444 5555"), (None, "+62 812 3456 7890")]
        assert add(con, rows, KEY, "AR") == 0
        before = hashes(con)
        assert add(con, rows, KEY, "AR") == 0
        assert hashes(con) == before
        # Buenos Aires' number is read as one of Sao Paulo
        assert add(con, [(None, "11 4444 5555")], KEY, "AR") == 0
        assert add(con, [(None, "11 4444 5555")], KEY, "BR") == 1
        assert hashes(con)["phone", "11 4444 5555"] == expected("+551144445555")


def test_a_new_key_hashes_everything_again() -> None:
    other = b"another key of more than sixty-four bytes, which HMAC itself hashes first"
    with connect() as con:
        add(con, [("a@example.com", "0812-3456-7890"), (None, "+16502530000")], KEY, "ID")
        add(con, [], other, None)
        assert hashes(con) == {
            ("email", "a@example.com"): expected("a@example.com", other),
            ("phone", "0812-3456-7890"): expected("+6281234567890", other),
            ("phone", "+16502530000"): expected("+16502530000", other),
        }


def paths(folder: Path) -> Paths:
    return Paths(config=None, data=folder / "data")


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    key, was_made = identifier_key(paths(tmp_path))
    assert was_made
    assert re.fullmatch(rb"[0-9a-f]{64}", key)
    assert identifier_key(paths(tmp_path)) == (key, False)
    file = paths(tmp_path).identifier_key_file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_two_that_make_the_key_at_once_get_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    barrier = threading.Barrier(8)
    keys: list[tuple[bytes, bool]] = []

    def make() -> None:
        barrier.wait()
        keys.append(identifier_key(paths(tmp_path)))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({key for key, _ in keys}) == 1
    assert sum(was_made for _, was_made in keys) == 1


def test_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY.decode())
    assert identifier_key(paths(tmp_path)) == (KEY, False)
    assert not paths(tmp_path).identifier_key_file.exists()


def test_a_key_that_is_none_is_an_error_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "s3cret")
    with pytest.raises(ConfigurationError) as raised:
        identifier_key(paths(tmp_path))
    assert "s3cret" not in str(raised.value)
    monkeypatch.delenv(KEY_VARIABLE)
    file = paths(tmp_path).identifier_key_file
    file.parent.mkdir()
    file.touch()
    with pytest.raises(ConfigurationError, match="0 characters"):
        identifier_key(paths(tmp_path))


@pytest.mark.parametrize(
    ("rules", "same"),
    [
        (EmailRules(), {"ani@gmail.com"}),
        (EmailRules(ignores_plus_tags=True), {"ani@gmail.com", "Ani+toko@gmail.com"}),
        (EmailRules(ignores_gmail_dots=True), {"ani@gmail.com", "a.n.i@googlemail.com"}),
        (
            EmailRules(ignores_plus_tags=True, ignores_gmail_dots=True),
            {"ani@gmail.com", "Ani+toko@gmail.com", "a.n.i@googlemail.com", "a.ni+x@gmail.com"},
        ),
    ],
)
def test_what_distinguishes_people_is_kept_unless_the_vars_say_otherwise(rules: EmailRules, same: set[str]) -> None:
    given = ["ani@gmail.com", "Ani+toko@gmail.com", "a.n.i@googlemail.com", "a.ni+x@gmail.com", "a.ni@contoh.example"]
    con = connect()
    con.execute("create table given as select unnest($1) as email", [given])
    columns = {"email": Kind.EMAIL}
    # hashed by the default rules before, and anew by these
    add_identifiers(con, "ids", "given", columns, KEY, None)
    add_identifiers(con, "ids", "given", columns, KEY, None, rules)
    found = con.execute("select raw_value from ids where hash = $1", [expected("ani@gmail.com")]).fetchall()
    assert {value for (value,) in found} == same
    assert con.execute("select count(*), count(distinct key_id) from ids").fetchall() == [(5, 1)]
