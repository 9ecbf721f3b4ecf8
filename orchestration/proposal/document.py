"""The text of `closedloop.yml`: what is proposed, readable, with a remark on each line that is a guess."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from orchestration.agreement.stages import STAGES
from orchestration.proposal.entry import Entry
from orchestration.proposal.sources import Source
from orchestration.proposal.surroundings import Surroundings, needs_country

_HEAD = """\
# Where the data comes from and how it is reported. `closedloop init` proposed this from the files' headers and values.
# Look at each line that says "unsure": correct it, or delete the remark. Then: closedloop run
"""

TEMPLATE = """\
# Where the data comes from and how it is reported.

reporting:
  currency: IDR  # unsure: the currency to report in
  time_zone: Asia/Jakarta  # unsure: where a day begins, and of times without an offset
  language: en  # or id

agreement: agreement/
reference: reference/

sources: {}

# `closedloop init DIR FILES...` writes this part by itself. By hand it looks like this; take the {} away above:
#
# sources:
#   crm:  # any name
#     connector: files
#     currency: IDR  # of amounts whose row names none
#     resources:
#       leads:
#         path: leads.csv  # a file, a glob or a folder, relative to this file; CSV, JSONL, Parquet or XLSX
#         columns:  # ours: the file's
#           lead_id: Lead ID
#           created_at: Created
#           source: Lead source
#           stage: Status
#         formats:
#           created_at: "%d/%m/%Y %H:%M"
#         values:
#           stage:  # theirs: ours (lead, mql, sql, opportunity, customer, disqualified, recycled)
#             Marketing qualified: mql
#       deals:
#         path: deals.csv
#         columns:
#           deal_id: Deal ID
#           lead_ids: Lead ID
#           created_at: Created
#           closed_at: Closed
#           amount: Amount
#           is_won: Stage
#           is_closed: Stage
#         values:
#           is_won:
#             Won: true
#             "*": false  # every other
#           is_closed:
#             Won: true
#             Lost: true
#             "*": false
"""


def closedloop_yml(folder: Path, sources: Sequence[Source], surroundings: Surroundings, left_out: Sequence[str]) -> str:
    """The document that is to lie in `folder`; `left_out` are sentences about files that are not in it."""
    lines = [_HEAD, "reporting:"]
    zone_unsure = "no file says in which zone its times and days are"
    lines.append(_line(2, "time_zone", surroundings.time_zone, zone_unsure))
    lines += ["  language: en  # or id", "", "agreement: agreement/", "reference: reference/", "", "sources:"]
    for source in sources:
        lines += _source(folder, source, surroundings)
    if left_out:
        lines += ["", "# Left out:", *(f"# - {_on_one_line(sentence)}" for sentence in left_out)]
    return "\n".join(lines) + "\n"


def _source(folder: Path, source: Source, surroundings: Surroundings) -> Iterator[str]:
    """A source with its entries, grouped by entity in their order."""
    yield f"  {source.name}:"
    yield "    connector: files"
    if source.in_utc:
        yield _line(4, "time_zone", "UTC", source.in_utc)
    yield _line(4, "currency", surroundings.currency, surroundings.currency_unsure)
    if needs_country(source.entries):
        yield _line(4, "country", surroundings.country, surroundings.country_unsure)
    yield "    resources:"
    by_entity: dict[str, list[Entry]] = {}
    for entry in source.entries:
        by_entity.setdefault(entry.entity, []).append(entry)
    for entity, those in by_entity.items():
        yield f"      {entity}:"
        for entry in those:
            path = Path(os.path.relpath(entry.path, folder.resolve())).as_posix()
            block = list(_resource(path, entry))
            if len(those) > 1:  # a list, one item a file
                block = [f"        - {block[0].lstrip()}", *(f"  {line}" for line in block[1:])]
            yield from block


def _resource(path: str, entry: Entry) -> Iterator[str]:
    """The lines of one file under its entity, indented by 8."""
    indent = 8
    yield _line(indent, "path", path, entry.unsure.get(("path",), ""))
    yield " " * indent + "columns:" + _remark(entry.unsure.get(("columns",), ""))
    for column, header in entry.columns.items():
        yield _line(indent + 2, column, header, entry.unsure.get(("columns", column), ""))
    for place, doubt in entry.unsure.items():
        if place[0] == "columns" and place[1:] and place[1] not in entry.columns:
            yield " " * (indent + 2) + f"# {place[1]}:" + _remark(doubt)
    if entry.formats:
        yield " " * indent + "formats:"
        for column, pattern in entry.formats.items():
            yield _line(indent + 2, column, pattern, entry.unsure.get(("formats", column), ""))
    if any(entry.values.values()) or any(entry.unmapped.values()):
        yield from _values(indent, entry)
    if entry.constants:
        yield " " * indent + "constants:"
        for column, value in entry.constants.items():
            yield _line(indent + 2, column, value, entry.unsure.get(("constants", column), ""))
    if entry.ids:
        yield _line(indent, "ids", entry.ids, entry.unsure.get(("ids",), ""))
    if entry.where:
        yield _line(indent, "where", entry.where, entry.unsure.get(("where",), ""))


def _values(indent: int, entry: Entry) -> Iterator[str]:
    mapped = {column: values for column, values in entry.values.items() if values}
    yield " " * indent + ("values:" if mapped else "# values:")
    for column in dict.fromkeys([*mapped, *(column for column, values in entry.unmapped.items() if values)]):
        yield " " * (indent + 2) + ("" if column in mapped else "# ") + f"{column}:"
        for theirs, ours in mapped.get(column, {}).items():
            yield _line(indent + 4, theirs, ours, entry.unsure.get(("values", column, theirs), ""))
        for theirs in entry.unmapped.get(column, []):
            yield " " * (indent + 4) + f"# {_scalar(theirs)}:  # unsure: which of {', '.join(STAGES)}?"


def _line(indent: int, key: str, value: Any, unsure: str = "") -> str:
    return " " * indent + f"{_scalar(key)}: {_scalar(value)}" + _remark(unsure)


def _remark(unsure: str) -> str:
    return f"  # unsure: {_on_one_line(unsure)}" if unsure else ""


def _on_one_line(text: str) -> str:
    """What a comment may hold."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _scalar(value: Any) -> str:
    """A key or a value as YAML on one line, quoted only where it has to be; patterns always."""
    style = '"' if isinstance(value, str) and ("%" in value or not value.isprintable()) else None
    text: str = yaml.safe_dump(
        [value], default_flow_style=True, default_style=style, allow_unicode=True, width=float("inf")
    )
    return text.strip()[1:-1]
