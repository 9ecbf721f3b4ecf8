"""E-mails and phones as keyed hashes: the key, the normal forms, and the bulk hashing that every connector shares."""

# ruff: noqa: S608 - table and column names come from the connectors, values travel as parameters
from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import ConfigurationError
from orchestration.sources.canonical import Kind
from storage.sql import literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.configuration.context import Paths

KEY_VARIABLE = "CLOSEDLOOP_IDENTIFIER_KEY"
_SHORTEST_KEY = 16

# As many phones take longer than it takes to start a process for each core.
_WORTH_PROCESSES = 40_000

# How a text is hashed, by the kinds of the columns that it may stand in.
_READ_IN = {
    Kind.EMAIL: (Kind.EMAIL, Kind.IDENTIFIER),
    Kind.PHONE: (Kind.PHONE,),
    Kind.EMAIL_HASH: (Kind.EMAIL_HASH, Kind.IDENTIFIER),
}
IDENTIFIER_KINDS = (*_READ_IN, Kind.IDENTIFIER)

# The columns of a connector's `raw_<source>._identifiers`.
IDENTIFIER_COLUMNS: dict[str, str] = {
    "raw_value": "VARCHAR",
    "kind": "VARCHAR",
    "hash": "VARCHAR",  # of the first address in it
    "more_hashes": "VARCHAR",  # of the others, separated by |
    "country": "VARCHAR",  # the region that completed a phone without country code; else null
    "key_id": "VARCHAR",  # tells whether the key has changed since; says nothing about the key
}


def identifier_key(paths: Paths) -> tuple[bytes, bool]:
    """The key of identifiers, and whether it was made just now (the caller says so).

    It is the text of CLOSEDLOOP_IDENTIFIER_KEY (in the environment or `.env`), else of `identifier.key` in the data
    folder, made there once (32 random bytes in hex, readable by the owner only). Raises ConfigurationError when it is
    too short to be one.
    """
    from orchestration.configuration.credentials import read_secrets  # pydantic-settings takes long to import

    given = read_secrets(paths).identifier_key
    if given and (text := given.get_secret_value().strip()):
        return _checked(text, KEY_VARIABLE), False
    was_made = False
    if not paths.identifier_key_file.exists():
        was_made = _make_key(paths.identifier_key_file)
    text = paths.identifier_key_file.read_text(encoding="ascii", errors="replace").strip()
    return _checked(text, str(paths.identifier_key_file)), was_made


def _checked(text: str, where: str) -> bytes:
    if len(text) < _SHORTEST_KEY:
        raise ConfigurationError(
            f"the identifier key has {len(text)} characters; it needs {_SHORTEST_KEY} at least",
            where=where,
            fix="restore the key that was used before, or make one: openssl rand -hex 32",
        )
    return text.encode()


def _make_key(path: Path) -> bool:
    """Writes a new key; False if another process was faster, whose key then holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".identifier-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # whole or not at all, and never over a key that is there
    except FileExistsError:
        return False
    finally:
        Path(draft).unlink()
    return True


def keyed_hash(key: bytes, message: str) -> str:
    """HMAC-SHA-256 in hex (RFC 2104)."""
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


def keyed_hash_sql(message: str) -> str:
    """The same in SQL for the text expression `message`; needs the parameters of `key_parameters`."""
    return f"sha256($outer_pad || unhex(sha256($inner_pad || encode({message}))))"


def key_parameters(key: bytes) -> dict[str, bytes]:
    """The key as the two padded blocks of RFC 2104: so it travels as parameters and is never part of a statement."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return {"inner_pad": bytes(byte ^ 0x36 for byte in block), "outer_pad": bytes(byte ^ 0x5C for byte in block)}


# A phone as a spreadsheet leaves it that took it for a number: most of its digits are gone.
DESTROYED_PHONE = r"\d([.,]\d+)?[eE]\+?\d{1,2}"
# ... or all of them are there, and a fraction behind them.
_PHONE_AS_FLOAT = re.compile(r"\s*(\+?\d{7,15})\.0\s*")

# Raising it hashes every phone and address anew, after a change in how they are read.
_READING_VERSION = 3

# An address in a text that may hold several, with names: "Ani (ani@contoh.example); budi@contoh.example".
_EMAIL = r"""[^@\s,;|<>()"]+@[^@\s,;|<>()"]+"""
# What stands between phones; a slash may be part of one.
_BETWEEN_PHONES = re.compile(r"[,;|/\n]")


@dataclass(frozen=True)
class EmailRules:
    """What of an address makes no difference beside its case: by default nothing, since it may tell people apart."""

    ignores_plus_tags: bool = False  # ani+toko@contoh.example is ani@contoh.example
    ignores_gmail_dots: bool = False  # a.ni@gmail.com is ani@gmail.com

    @classmethod
    def of(cls, vars_: Mapping[str, Any]) -> EmailRules:
        """As the run's vars say."""
        return cls(
            vars_.get("email_ignores_plus_tags", cls.ignores_plus_tags),
            vars_.get("email_ignores_gmail_dots", cls.ignores_gmail_dots),
        )

    def applied(self, addresses: str) -> str:
        """SQL for the list `addresses` of addresses in lower case by these rules."""
        if self.ignores_plus_tags:
            addresses = f"list_transform({addresses}, lambda a: regexp_replace(a, '[+][^@]*@', '@'))"
        if self.ignores_gmail_dots:
            undotted = "replace(split_part(a, '@', 1), '.', '') || '@gmail.com'"
            is_gmail = "regexp_matches(a, '@(gmail|googlemail)[.]com$')"
            addresses = f"list_transform({addresses}, lambda a: case when {is_gmail} then {undotted} else a end)"
        return addresses


# By kind, over `raw_value` (and `e164`, a list, for phones): the normal forms of the addresses in it, in their order.
# Texts like "n/a" have none: hashed, they would make one person out of many.
_NORMAL_FORMS = {
    Kind.EMAIL: f"regexp_extract_all(lower(raw_value), '{_EMAIL}')",
    Kind.PHONE: "e164",
    Kind.EMAIL_HASH: (
        "case when regexp_full_match(trim(raw_value), '[0-9a-fA-F]{64}') then [lower(trim(raw_value))] else [] end"
    ),
}


def add_identifiers(
    con: DuckDBPyConnection,
    table: str,
    relation: str,
    columns: dict[str, Kind],
    key: bytes,
    country: str | None,
    rules: EmailRules = EmailRules(),
) -> int:
    """Hashes each new value of the identifier columns of `relation` into `table` (IDENTIFIER_COLUMNS), once.

    `columns` maps column to kind, others than IDENTIFIER_KINDS are passed over; `country` (ISO 3166 alpha-2) completes
    phones without country code. A text may hold several addresses; one with none gets no row. A key that has changed,
    or other rules, hash all of `table` anew. Runs in the caller's transaction. Returns how many phones were completed
    with another country before: they stand in sources of several countries, and only one reading can hold.
    """
    hashing = _Hashing(key, rules)
    _renew(con, table, hashing)
    replaced = 0
    for kind, kinds in _READ_IN.items():
        named = [column for column, its_kind in columns.items() if its_kind in kinds]
        if named:
            values = " union ".join(f"select {quoted(column)} as raw_value from {relation}" for column in named)
            replaced += _add(con, table, kind, values, hashing, country)
    return replaced


@dataclass(frozen=True)
class _Hashing:
    """How a run hashes; rows that were hashed otherwise have another `id`."""

    key: bytes
    rules: EmailRules

    @property
    def id(self) -> str:
        changed = [name for name, value in vars(self.rules).items() if value]
        return keyed_hash(self.key, " ".join(["closedloop", str(_READING_VERSION), *changed]))[:16]

    def normal_forms(self, kind: Kind) -> str:
        return self.rules.applied(_NORMAL_FORMS[kind]) if kind is Kind.EMAIL else _NORMAL_FORMS[kind]


def _renew(con: DuckDBPyConnection, table: str, hashing: _Hashing) -> None:
    """Hashes again what was hashed in another way."""
    con.execute(
        f"create or replace temp table stale_identifiers as from {table} where key_id is distinct from $key_id",
        {"key_id": hashing.id},
    )
    groups = con.execute("select distinct kind, country from stale_identifiers order by all").fetchall()
    if groups:
        con.execute(f"delete from {table} where key_id is distinct from $key_id", {"key_id": hashing.id})
    for kind, country in groups:
        values = (
            f"select raw_value from stale_identifiers where kind = {literal(kind)} "
            f"and country is not distinct from {literal(country)}"
        )
        _add(con, table, Kind(kind), values, hashing, country)
    con.execute("drop table stale_identifiers")


def _add(con: DuckDBPyConnection, table: str, kind: Kind, values: str, hashing: _Hashing, country: str | None) -> int:
    """Adds the values (a select of `raw_value`) that `table` does not know; returns how many it knew otherwise."""
    region = country if kind is Kind.PHONE else None
    # a phone that needs a country is known only as that country reads it
    con.execute(
        "create or replace temp table new_identifiers as "
        f"select distinct raw_value, null::varchar[] as e164, null::varchar as country from ({values}) as given "
        f"where raw_value is not null and not exists (from {table} as known where known.raw_value = given.raw_value "
        "and known.kind = $kind and (known.country is null or known.country = $country))",
        {"kind": kind.value, "country": region},
    )
    if kind is Kind.PHONE:
        _normalise_phones(con, region)
    # what is hashed is the SHA-256 of the normal form, as the ad platforms have it
    message = "normal_form" if kind is Kind.EMAIL_HASH else "sha256(normal_form)"
    con.execute(
        "create or replace temp table hashed_identifiers as "
        "select raw_value, country, min_by(hash, place) as hash, "
        "string_agg(hash, '|' order by place) filter (place > 1) as more_hashes from ("
        f"select raw_value, country, {keyed_hash_sql(message)} as hash, min(place) as place from ("
        "select raw_value, country, unnest(normal_forms) as normal_form, "
        "generate_subscripts(normal_forms, 1) as place from ("
        f"select raw_value, country, {hashing.normal_forms(kind)} as normal_forms from new_identifiers)) group by all) "
        "group by raw_value, country",
        key_parameters(hashing.key),
    )
    replaced = con.execute(
        f"delete from {table} where kind = $kind and raw_value in (select raw_value from hashed_identifiers)",
        {"kind": kind.value},
    ).fetchone()
    con.execute(
        f"insert into {table} by name select *, $kind as kind, $key_id as key_id from hashed_identifiers",
        {"kind": kind.value, "key_id": hashing.id},
    )
    con.execute("drop table new_identifiers")
    con.execute("drop table hashed_identifiers")
    return int(replaced[0]) if replaced else 0


def _normalise_phones(con: DuckDBPyConnection, country: str | None) -> None:
    """Fills `new_identifiers` with each phone's E.164 form and the country that it needed for it."""
    raw_values = [row[0] for row in con.execute("select raw_value from new_identifiers").fetchall()]
    normal = _normal_phones(raw_values, country)
    con.execute(
        "create or replace temp table new_identifiers as "
        "select unnest($raw_values) as raw_value, unnest($e164::varchar[][]) as e164, unnest($countries) as country",
        {
            "raw_values": raw_values,
            "e164": [e164 for e164, _ in normal],
            "countries": [region for _, region in normal],
        },
    )


def _normal_phones(raw_values: list[str], country: str | None) -> list[tuple[list[str], str | None]]:
    """Each text's `normal_phones`, on all cores where they are many: the library takes some 20 microseconds each."""
    normal = partial(normal_phones, country=country)
    if len(raw_values) < _WORTH_PROCESSES:
        return list(map(normal, raw_values))
    # not forked, since DuckDB's threads are at work here
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(normal, raw_values, chunksize=_WORTH_PROCESSES // 4))


def normal_phones(raw_value: str, country: str | None) -> tuple[list[str], str | None]:
    """The valid phones in a text in E.164, and the country that had to complete one of them, if any had to be."""
    whole = normal_phone(raw_value, country)
    parts = _BETWEEN_PHONES.split(raw_value)
    found = [whole] if whole[0] or len(parts) == 1 else [normal_phone(part, country) for part in parts]
    return [phone for phone, _ in found if phone], next((region for phone, region in found if phone and region), None)


def normal_phone(raw_value: str, country: str | None) -> tuple[str | None, str | None]:
    """A phone in E.164 and the country that had to complete it; (None, None) when it is no valid number."""
    # Imported here: its metadata takes a while, and most files have no phones.
    import phonenumbers

    if re.fullmatch(DESTROYED_PHONE, raw_value.strip()):
        return None, None
    as_float = _PHONE_AS_FLOAT.fullmatch(raw_value)
    region = None if raw_value.lstrip().startswith(("+", "\uff0b")) else country
    try:
        number = phonenumbers.parse(as_float[1] if as_float else raw_value, region)
    except phonenumbers.NumberParseException:
        return None, None
    if not phonenumbers.is_valid_number(number):
        return None, None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), region
