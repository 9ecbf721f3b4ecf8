"""The canonical entities: the columns in which every source ends, their kinds, and the key of each.

A staging model ends in these columns, and the `files` connector maps a file straight onto them. The kinds say how a
text is read (`orchestration/sources/files/kinds.py`) and which type its raw column has.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml


class Kind(StrEnum):
    """What a column holds, and so how a text is read and which type it has in the warehouse."""

    ID = "id"  # text that identifies; never a number
    TEXT = "text"
    EMAIL = "email"  # identifier, hashed at load
    PHONE = "phone"  # identifier, hashed at load
    EMAIL_HASH = "email_hash"  # SHA-256 (hex) of a normalised address, keyed at load
    IDENTIFIER = "identifier"  # an id of whatever kind; an e-mail or the SHA-256 of one is hashed at load
    LIST = "list"  # texts separated by |
    TIME = "time"  # UTC timestamp
    DATE = "date"  # a day as the source counts it
    MONEY = "money"  # decimal
    NUMBER = "number"  # decimal that is not money
    INTEGER = "integer"
    BOOLEAN = "boolean"
    URL = "url"  # an address on the web, as text; parsed at load
    JSON = "json"  # an object, as text

    @property
    def duckdb_type(self) -> str:
        """The type of the raw column."""
        return _DUCKDB_TYPES.get(self, "VARCHAR")


_DUCKDB_TYPES = {
    Kind.TIME: "TIMESTAMP",
    Kind.DATE: "DATE",
    Kind.MONEY: "DECIMAL(28,8)",
    Kind.NUMBER: "DECIMAL(28,8)",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """What `entities.yml` says of a column."""

    kind: Kind
    means: str
    example: str


@dataclass(frozen=True)
class Entity:
    """One canonical entity, as `entities.yml` describes it.

    `key` is what makes a row unique inside one source; of `one_of` (if any) a row needs at least one column. `used_for`
    and `not_yet` say which figures depend on its rows, and which will.
    """

    name: str
    means: str
    required: dict[str, Kind]
    optional: dict[str, Kind]
    key: tuple[str, ...]
    one_of: tuple[str, ...]
    used_for: str
    not_yet: str
    described: dict[str, Column]

    @property
    def columns(self) -> dict[str, Kind]:
        """All columns, required first."""
        return {**self.required, **self.optional}


def _read_entities() -> dict[str, Entity]:
    text = Path(__file__).with_name("entities.yml").read_text(encoding="utf-8")
    given = yaml.load(text, Loader=yaml.CSafeLoader)  # safe, and six times as fast as safe_load
    return {name: _entity(name, its) for name, its in given.items()}


def _entity(name: str, given: dict[str, Any]) -> Entity:
    required, optional = (
        {column: Column(Kind(its["kind"]), its["means"], its["example"]) for column, its in given.get(part, {}).items()}
        for part in ("required", "optional")
    )
    return Entity(
        name,
        given["means"],
        {column: its.kind for column, its in required.items()},
        {column: its.kind for column, its in optional.items()},
        tuple(given["key"]),
        tuple(given.get("one_of", ())),
        given.get("used_for", ""),
        given.get("not_yet", ""),
        required | optional,
    )


ENTITIES = _read_entities()

# What an entity's rows are not used for yet: they are loaded and kept, and no figure depends on them.
NOT_USED_YET = {name: entity.not_yet for name, entity in ENTITIES.items() if entity.not_yet}

# Columns that hold one of a fixed set, by name: what a text may be, folded, and what it then is.
CHOICES: dict[str, dict[str, str]] = {
    "record_type": {name: name for name in ("lead", "contact")},
    "event": {name: name for name in ("sent", "delivered", "open", "click", "unsubscribe")},
    "period_type": {name: name for name in ("week", "month")},
    "direction": {name: name for name in ("inbound", "outbound")},
    # HubSpot and Salesforce say new and existing business
    "deal_type": {
        **{name: name for name in ("new", "expansion", "renewal")},
        **dict.fromkeys(("new_business", "newbusiness", "new_customer"), "new"),
        **dict.fromkeys(("existing_business", "existingbusiness", "upsell", "cross_sell"), "expansion"),
    },
}

# Entities whose rows of one key in one file are parts of a sum; of the others the newest row of a key counts.
ADDS_UP = ("ad_spend",)

# Times that end something: known by its day alone, such a one counts at that day's last second.
ENDS = ("closed_at", "refunded_at")

# Columns beside the canonical ones in every `raw_files.<entity>`.
LOAD_COLUMNS: dict[str, str] = {
    "source_system": "VARCHAR",
    "_file": "VARCHAR",  # path or URL of the file the row came from
    "_record_number": "BIGINT",  # 1 = the first record after the header
    "_modified_at": "TIMESTAMP",  # UTC: when the file last changed; staging takes the newest row of a key by it
    "_load_id": "VARCHAR",  # the run that read it
    "_loaded_at": "TIMESTAMP",  # UTC
}
