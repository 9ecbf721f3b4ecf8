"""Writes what is made of `entities.yml` and of the marts' YAML: docs/entities.md, docs/marts.md, staging models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from orchestration.configuration.context import PROJECT_ROOT, Paths
from orchestration.publication.candidate import marts_of
from orchestration.sources.canonical import ADDS_UP, ENTITIES, Entity, Kind
from orchestration.transformation.build import manifest

ENTITIES_PAGE = PROJECT_ROOT / "docs" / "entities.md"
MARTS_PAGE = PROJECT_ROOT / "docs" / "marts.md"
STAGING_MODELS = PROJECT_ROOT / "models" / "staging" / "files" / "_files__models.yml"
CANONICAL = PROJECT_ROOT / "models" / "intermediate" / "canonical"

_HEAD = """\
# Entities

What a source may deliver, whatever its connector: a row of a file becomes a row of one of these. Each column has a kind
([how it is read](connectors.md#which-column-is-which-columns)); bold ones are required. What is "not yet" is loaded and
kept, so that it is there when a figure comes to depend on it.

This page is made from `orchestration/sources/entities.yml` by `make docs`.

"""

_MARTS_HEAD = """\
# The marts

The public tables, for SQL and BI tools: `closedloop query "..."`, or `published/closedloop.duckdb` and the Parquet
beside it ([operations.md](operations.md#open-it-read-only)). Each column also says what it is as a comment in the file.

Times are UTC, days are in the reporting time zone, money is exact. No table repeats a number: within one period type,
and under one model, any sum is right without another filter. Columns are added and never renamed
([changelog](../CHANGELOG.md)).

This page is made from the descriptions of the models by `make docs`.
"""

# Columns that staging works into others.
_CONSUMED = {"ad_spend": ("last_day", "period_type")}
# Addresses of pages, by what staging makes of them.
_URL_PARTS = {
    "page_url": (("page_url", "The page's address."), ("page_domain", "The registered domain of the page.")),
    "referrer": (
        ("referrer_host", "The host of the page before it, without www."),
        ("referrer_domain", "The registered domain of the page before it."),
    ),
}
_HASHES = {
    Kind.EMAIL: ("email_hash", "Keyed hash of the e-mail"),
    Kind.PHONE: ("phone_hash", "Keyed hash of the phone"),
}


def entities_page() -> str:
    """The page of all entities: an overview, then the columns of each."""
    lines = [_HEAD + "| entity | a row is | used for |", "|---|---|---|"]
    for entity in ENTITIES.values():
        lines.append(f"| [`{entity.name}`](#{entity.name}) | {entity.means} | {_used(entity)} |")
    for entity in ENTITIES.values():
        lines += ["", *_section(entity)]
    return "\n".join(lines) + "\n"


def _used(entity: Entity) -> str:
    not_yet = f"not yet: {entity.not_yet}" if entity.not_yet else ""
    return "; ".join(filter(None, (entity.used_for, not_yet)))


def _section(entity: Entity) -> Iterator[str]:
    yield f"## {entity.name}"
    yield ""
    one_of = f" It needs one of {', '.join(entity.one_of)}." if entity.one_of else ""
    yield f"{entity.means} Unique in a source by {', '.join(entity.key)}.{one_of}"
    yield ""
    yield "| column | kind | means | example |"
    yield "|---|---|---|---|"
    for name, column in entity.described.items():
        shown = f"**{name}**" if name in entity.required else name
        example = column.example.replace("|", "&#124;")
        yield f"| {shown} | {column.kind} | {column.means} | <code>{example}</code> |"


def staging_models() -> str:
    """The YAML of the staging models of files: what each column means, and their grain.

    Where an entity is read further, the grain is that of its canonical model, which is not made twice for a test.
    """
    lines = ["# Made from orchestration/sources/entities.yml by `make docs`.", "version: 2", "", "models:"]
    for entity in ENTITIES.values():
        adds_up = entity.name in ADDS_UP
        rows = "what the newest file says of each key, added up" if adds_up else "the newest row of each key"
        lines += [
            f"  - name: stg_files__{entity.name}",
            f"    description: {json.dumps(f'{entity.means} From files: {rows}.', ensure_ascii=False)}",
        ]
        if not (CANONICAL / f"int_canonical_{entity.name}.sql").exists():
            lines += [
                "    data_tests:",
                "      - grain:",
                "          arguments:",
                f"            key: [{', '.join(('source_system', *entity.key))}]",
                f"            never_null: [{', '.join(('source_system', *entity.required))}]",
            ]
        lines += ["    columns:"]
        for name, means in _staged(entity):
            lines += [f"      - name: {name}", f"        description: {json.dumps(means, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"


def _staged(entity: Entity) -> Iterator[tuple[str, str]]:
    """The columns in which the staging model ends, with what they mean; raw addresses end as hashes."""
    yield "source_system", "The source's name in closedloop.yml."
    for name, column in entity.described.items():
        if name in _CONSUMED.get(entity.name, ()):
            continue
        if column.kind is Kind.URL:
            yield from _URL_PARTS[name]
        elif column.kind in _HASHES:
            hashed, means = _HASHES[column.kind]
            several = entity.name == "deals"  # of all its people
            yield f"{hashed}es" if several else hashed, f"{means}{'s, separated by |' if several else ''}."
            if entity.name == "leads":
                yield f"more_{hashed}es", f"{means}s that the cell has besides, separated by |."
        else:
            yield name, column.means


def marts_page(target: Path) -> str:
    """The page of the public tables: what each is for, its grain, an example query, and its columns.

    dbt reads the project into the folder `target`, so that what several columns share (`doc`) is resolved.
    """
    marts, grains = marts_of(manifest(Paths(config=None, data=target)))
    lines = [_MARTS_HEAD, "| table | what it holds |", "|---|---|"]
    lines += [f"| [`{mart['name']}`](#{mart['name']}) | {mart['description']} |" for mart in marts]
    for mart in marts:
        unique = f" Unique by {', '.join(grains[mart['unique_id']])}." if mart["unique_id"] in grains else ""
        lines += ["", f"## {mart['name']}", "", f"{mart['description']}{unique}"]
        lines += ["", "```sql", mart["config"]["meta"]["example"], "```"]
        lines += ["", "| column | type | means |", "|---|---|---|"]
        for name, column in mart["columns"].items():
            lines.append(f"| {name} | {column['data_type']} | {' '.join(column['description'].split())} |")
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write(ENTITIES_PAGE, entities_page())
    _write(MARTS_PAGE, marts_page(PROJECT_ROOT / "target" / "docs"))
    _write(STAGING_MODELS, staging_models())
