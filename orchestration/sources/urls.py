"""Web addresses, parsed once at load: whose page it is, and what its parameters say of the campaign and the click."""

# ruff: noqa: S608 - table and column names come from the connectors, values travel as parameters
from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from storage.sql import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from tldextract import TLDExtract

# Raising it parses every address anew, after a change in how they are read; so does another list of public suffixes.
_READING_VERSION = 1

# What an advertiser says of a campaign, and the ids that platforms give to clicks, as web_events calls them too.
PARAMETERS = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_id"),
    *("gclid", "gbraid", "wbraid", "dclid", "msclkid", "ttclid", "li_fat_id", "ctwa_clid", "fbclid"),
)

# The columns of a connector's `raw_<source>._urls`.
URL_COLUMNS: dict[str, str] = {
    "raw_value": "VARCHAR",
    "host": "VARCHAR",  # in lower case, without www., user and port
    "domain": "VARCHAR",  # the registered domain; of a host without a public suffix the host
    "path": "VARCHAR",
    **dict.fromkeys(PARAMETERS, "VARCHAR"),  # decoded
    "reading": "VARCHAR",  # tells whether the way of parsing has changed since
}

# `https://user@www.contoh.example:8080/harga?a=b#c`, with or without its scheme.
_PARTS = r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/?#@]*@)?(?:www\.)?([^/?#:@]+)(?::\d*)?([^?#]*)"


def add_urls(con: DuckDBPyConnection, table: str, relation: str, columns: Iterable[str]) -> None:
    """Parses each new address in the columns of `relation` into `table` (URL_COLUMNS), once.

    Runs in the caller's transaction. An address that is parsed in an older way is parsed again.
    """
    reading = f"{_READING_VERSION}/{version('tldextract')}"
    con.execute(
        f"create or replace temp table known_urls as from {table} where reading = $reading", {"reading": reading}
    )
    given = " union ".join(f"select {quoted(column)} as raw_value from {relation}" for column in columns)
    con.execute(
        "create or replace temp table new_urls as "
        f"select raw_value, regexp_extract(raw_value, '{_PARTS}', ['host', 'path'], 'i') as parts, "
        "regexp_extract(raw_value, '[?]([^#]*)', 1) as query "
        f"from ({given} union select raw_value from {table}) as given "
        "where raw_value is not null and raw_value not in (select raw_value from known_urls)"
    )
    _find_domains(con)
    parameters = ", ".join(f"{_decoded(name)} as {name}" for name in PARAMETERS)
    con.execute(f"delete from {table} where reading is distinct from $reading", {"reading": reading})
    con.execute(
        f"insert into {table} by name select raw_value, host, coalesce(domain, host) as domain, "
        f"nullif(parts.path, '') as path, {parameters}, $reading as reading "
        "from (select *, nullif(lower(rtrim(parts.host, '.')), '') as host from new_urls) "
        "left join url_hosts using (host)",
        {"reading": reading},
    )
    for temporary in ("known_urls", "new_urls", "url_hosts"):
        con.execute(f"drop table {temporary}")


def _find_domains(con: DuckDBPyConnection) -> None:
    """Makes `url_hosts`, the registered domain of each new host that has a public suffix, by the bundled list.

    Private suffixes count (`github.io`): the sites below them belong to different people.
    """
    hosts = con.execute("select distinct lower(rtrim(parts.host, '.')) from new_urls").fetchall()
    extract = _suffix_list()
    domains = {host: extract(host).top_domain_under_public_suffix for (host,) in hosts}
    con.execute(
        "create or replace temp table url_hosts as "
        "from (select unnest($hosts::varchar[]) as host, unnest($domains::varchar[]) as domain) where domain != ''",
        {"hosts": list(domains), "domains": list(domains.values())},
    )


@cache
def _suffix_list() -> TLDExtract:
    from tldextract import TLDExtract  # it loads an HTTP library, which it is not to use

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def _decoded(name: str) -> str:
    """SQL for a parameter's value, its signs decoded; a value whose bytes are no text stays as it is."""
    value = rf"regexp_extract(query, '(?:^|&)(?:amp;)?{name}=([^&]*)', 1, 'i')"
    return f"nullif(trim(coalesce(try(url_decode(replace({value}, '+', ' '))), {value})), '')"
