"""Which canonical entity each file is, and which of its columns is which: the best match by names and by values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.proposal.profile import MOST, Column, FileProfile, Overlap, constant_within, overlap, versioned_keys
from orchestration.proposal.vocabulary import (
    COLLEAGUE_WORDS,
    ENTITY_WORDS,
    FILE_WORDS,
    ID_WORDS,
    MAY_BE_AN_ID,
    NO,
    SAYS_NOTHING,
    YES,
    headers,
    is_won_deal,
    outcome_of,
    within,
    words,
)
from orchestration.sources.canonical import ENTITIES, Entity, Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# How sure a match is: 1 is the column's own name.
_STRIPPED = 0.95  # after the entity's own word: "Deal Name"
_WITHIN = 0.6
_BY_VALUES = 0.97  # its values are another file's ids
_BY_UNIQUENESS = 0.45  # an id that is unique, where no header names the key
_ONLY_TIME = 0.35  # the only time there is
_SERVES_TWICE = 0.5  # another canonical column's, where nothing else gives a required one

_DOUBTS = {
    _BY_UNIQUENESS: "it is called an id and no value is there twice, but no header names the key",
    _ONLY_TIME: "the only time in the file",
    _SERVES_TWICE: "no column says this, so another one's stands in",
}

_FILE_NAME = 3.0  # what a file's name counts against its columns
_HEADER_WORD, _HEADER_WORDS_AT_MOST = 0.5, 2.0
_OWN_KEY_IS_ANOTHERS = 1.5
_SAYS_WHO_WON = 4.0  # of an order nobody says that it was lost
LEAST_EVIDENCE = 2.5
_FAR_LIKELIER = 3.0
_MOST_VALUES = 0.9  # of a reference's values that have to be among the other file's ids

# canonical column that points to another entity's key
REFERENCES = {
    "lead_ids": "leads",
    "lead_id": "leads",
    "deal_id": "deals",
    "account_id": "accounts",
    "campaign_id": "campaigns",
}
# What an ad platform says of itself: of each platform a source of its own, whose ids and names are no other's.
OF_THE_AD_PLATFORM = ("ad_spend", "ad_clicks", "ad_reach", "ad_account_totals", "campaigns")
# The company's currency stands in for it, so a file may lack it.
HAS_DEFAULT = ("currency", "record_type")


@dataclass(frozen=True)
class Match:
    """One entity seen in one file: canonical column -> the file's column, with how sure that is."""

    entity: Entity
    columns: dict[str, str]
    sureness: dict[str, float]
    missing: tuple[str, ...]  # required columns that nothing gives
    score: float
    by_values: dict[str, str]  # canonical column: how its values say what it is, where its name does not

    @property
    def key(self) -> str | None:
        """The file's column that identifies its rows."""
        return self.columns.get(self.entity.key[-1])

    def doubts(self) -> dict[str, str]:
        """Why a canonical column's match is a guess, for those that are."""
        return {column: _DOUBTS[sure] for column, sure in self.sureness.items() if sure in _DOUBTS} | self.by_values


@dataclass
class _Evidence:
    """What the values of other files say about one file's columns."""

    # column -> the entity whose ids its texts are, and how many of them
    references: dict[str, tuple[str, Overlap]] = field(default_factory=dict)
    # columns whose texts are ids of a larger file: hardly this file's own key
    foreign: set[str] = field(default_factory=set)
    # columns that are there several times, each time with another time of change: versions of what they name
    versioned: set[str] = field(default_factory=set)
    # a number of orders that is there once for each article -> the columns that all of an order's rows agree in
    lines: dict[str, set[str]] = field(default_factory=dict)


def match_files(con: DuckDBPyConnection, files: Sequence[FileProfile]) -> list[Match | None]:
    """The best entity of each file, or None where none has all it requires; in the order of `files`.

    Files are looked at together: the column whose values are another file's ids is a reference to it.
    """
    evidence = [
        _Evidence(
            versioned=versioned_keys(con, file, _times(file, "created_at"), _times(file, "updated_at")),
            lines=_lines(con, file),
        )
        for file in files
    ]
    for file, seen in zip(files, evidence, strict=True):
        for other in files:
            if other is not file and other.opened.columns != file.opened.columns:
                seen.foreign |= _foreign_keys(con, file, other)
    matches = [_best(file, seen) for file, seen in zip(files, evidence, strict=True)]
    for file, seen in zip(files, evidence, strict=True):
        for other, match in zip(files, matches, strict=True):
            if other is file or match is None or match.key is None or match.entity.name not in REFERENCES.values():
                continue
            if other.columns[match.key].is_counter or other.opened.columns == file.opened.columns:
                continue
            for column, found in overlap(con, file, other, match.key).items():
                known = seen.references.get(column)
                if found.share >= _MOST_VALUES and (known is None or found.share > known[1].share):
                    seen.references[column] = (match.entity.name, found)
    matches = [_best(file, seen) for file, seen in zip(files, evidence, strict=True)]
    if not any(match and match.entity.name == "leads" for match in matches):
        for index, (file, seen) in enumerate(zip(files, evidence, strict=True)):
            matches[index] = _leads_with_their_deals(file, seen, matches[index])
    return matches


def _leads_with_their_deals(file: FileProfile, evidence: _Evidence, match: Match | None) -> Match | None:
    """The leads in a file of deals that says of each who it is and from where, where no other file has leads."""
    leads = _match(ENTITIES["leads"], file, evidence)
    says_who = {"email", "phone"} & set(leads.columns) and {"source", "campaign"} & set(leads.columns)
    is_deals = match is not None and match.entity.name == "deals"
    return leads if is_deals and says_who and not leads.missing else match


def _times(file: FileProfile, name: str) -> list[str]:
    """The columns that say when a row's thing came to be, or was last changed."""
    return [
        column.name
        for column in file.columns.values()
        if column.times and name_sureness("leads", name, column, Kind.TIME) > _WITHIN + 0.2
    ]


def _lines(con: DuckDBPyConnection, file: FileProfile) -> dict[str, set[str]]:
    """Exports of a shop have a row for each article: whose order's number that is, and what is said of the order."""
    numbers = [
        column.name
        for column in file.columns.values()
        if not column.is_unique and name_sureness("orders", "order_id", column, Kind.ID) > _WITHIN + 0.2
    ]
    return {number: constant_within(con, file, number) for number in numbers}


def _foreign_keys(con: DuckDBPyConnection, file: FileProfile, other: FileProfile) -> set[str]:
    """The columns of `file` whose texts are unique ids in `other`, which has more of them."""
    found: set[str] = set()
    for key in other.columns.values():
        if not key.is_unique or key.is_counter or key.times or key.emails > 0.5:
            continue
        found |= {
            column
            for column, found_there in overlap(con, file, other, key.name).items()
            if found_there.share >= _MOST_VALUES and key.distinct > file.columns[column].distinct
        }
    return found


def candidates(file: FileProfile) -> list[Match]:
    """Every entity that the file could be by itself, also those that lack something; the likeliest first."""
    found = [_match(entity, file, _Evidence()) for entity in ENTITIES.values()]
    return sorted(found, key=lambda match: (len(match.missing), -match.score))


def lacking(file: FileProfile, match: Match) -> list[str]:
    """What is in the way of a match, for each required column that nothing gives, in words."""
    return [_why_missing(file, match.entity, name) for name in match.missing]


def _why_missing(file: FileProfile, entity: Entity, name: str) -> str:
    if name not in entity.columns:  # "email or phone": one of several
        return f"no column gives {name}"
    kind = entity.columns[name]
    called_so = [column for column in file.columns.values() if name_sureness(entity.name, name, column, kind) > 0]
    if not called_so:
        usual = " or ".join(f"'{' '.join(phrase)}'" for phrase in headers(entity.name, name)[1:3])
        return f"no column gives {name}" + (f" (usually called {usual})" if usual else "")
    column = called_so[0]
    shown = ", ".join(map(repr, column.examples))
    if kind is Kind.ID:
        return f"'{column.name}' is called as {name} is, but {_why_no_key(column)}: {shown}"
    return f"'{column.name}' is called as {name} is, but most of its texts are none: {shown}"


def _why_no_key(column: Column) -> str:
    if column.filled < 0.99:
        return "it is empty in some rows"
    return "it is there in several rows" if not column.is_unique else "it is a time or an address"


def _best(file: FileProfile, evidence: _Evidence) -> Match | None:
    matches = [_match(entity, file, evidence) for entity in ENTITIES.values()]
    whole = [match for match in matches if not match.missing and match.score >= LEAST_EVIDENCE]
    best = max(whole, key=lambda match: match.score, default=None)  # the first of equals
    likeliest = max(match.score for match in matches)
    # a file of spend whose days cannot be read is no list of campaigns
    return None if best and likeliest - best.score > _FAR_LIKELIER else best


def _match(entity: Entity, file: FileProfile, evidence: _Evidence) -> Match:
    pairs = sorted(
        (
            (-score, position, column.position, name, column.name)
            for position, name in enumerate(entity.columns)
            for column in file.columns.values()
            if (score := _sureness(entity, name, column, evidence)) > 0
        ),
    )
    columns: dict[str, str] = {}
    sureness: dict[str, float] = {}
    for score, _, _, name, column in pairs:
        if name not in columns and column not in columns.values():
            columns[name], sureness[name] = column, -score
    _fill_required(entity, file, columns, sureness)
    order = [name for name in entity.columns if name in columns]
    columns, sureness = {name: columns[name] for name in order}, {name: sureness[name] for name in order}
    missing = tuple(name for name in entity.required if name not in columns and name not in HAS_DEFAULT)
    if entity.name == "ad_spend":
        missing = tuple(name for name in missing if name != "account_id")  # a constant stands in for it
    if entity.one_of and not set(entity.one_of) & set(columns):
        missing += (" or ".join(entity.one_of),)
    by_values = {
        name: f"chosen by its values: {found.hits:,} of {found.texts:,} are ids in the file of {other}"
        for name, column in columns.items()
        if name in REFERENCES and not name_sureness(entity.name, name, file.columns[column], entity.columns[name])
        for other, found in [evidence.references.get(column, ("", Overlap(0, 1)))]
        if other == REFERENCES[name]
    }
    return Match(entity, columns, sureness, missing, _score(entity, file, columns, sureness, evidence), by_values)


def _fill_required(entity: Entity, file: FileProfile, columns: dict[str, str], sureness: dict[str, float]) -> None:
    """Lets a column serve twice, or a weak candidate in, where a required one is empty."""
    if entity.name == "deals" and "created_at" not in columns and "closed_at" in columns:
        columns["created_at"], sureness["created_at"] = columns["closed_at"], _SERVES_TWICE
    if entity.name == "ad_spend" and "campaign_id" not in columns and "campaign_name" in columns:
        columns["campaign_id"], sureness["campaign_id"] = columns["campaign_name"], _SERVES_TWICE
    for name, kind in entity.required.items():
        if name in columns or kind not in (Kind.TIME, Kind.DATE):
            continue
        times = [
            column.name
            for column in file.columns.values()
            if column.times and column.words and column.name not in columns.values()
        ]
        if len(times) == 1:
            columns[name], sureness[name] = times[0], _ONLY_TIME


def _score(
    entity: Entity, file: FileProfile, columns: Mapping[str, str], sureness: Mapping[str, float], evidence: _Evidence
) -> float:
    score = sum(sure * _weight(entity, name) for name, sure in sureness.items())
    name_words = set(words(file.path.stem))
    own = FILE_WORDS.get(entity.name, frozenset(entity.name.split("_")))
    if entity.name in ENTITY_WORDS:
        score += _FILE_NAME * bool(name_words & own)
    else:
        score += _FILE_NAME * (own <= name_words) * 1.5  # all of several words say more than one of them
    spoken = sum(1 for column in file.columns if set(words(column)) & ENTITY_WORDS.get(entity.name, frozenset()))
    score += min(_HEADER_WORD * spoken, _HEADER_WORDS_AT_MOST)
    if entity.name == "orders" and says_who_won(file):
        score -= _SAYS_WHO_WON
    if _has_own_key(entity) and columns.get(entity.key[-1]) in evidence.foreign:
        score -= _OWN_KEY_IS_ANOTHERS
    return score


def _weight(entity: Entity, name: str) -> float:
    """What a column counts: a required one twice, an address in a file of deals little, since leads have theirs."""
    if entity.name == "deals" and name in ("email", "phone"):
        return 0.3
    return 2 if name in entity.required else 1


def says_who_won(file: FileProfile) -> bool:
    """Whether a column's values name deals that were won, and some that were lost."""
    return any(
        any(map(is_won_deal, column.values)) and any(outcome_of(value) is False for value in column.values)
        for column in file.columns.values()
    )


def _has_own_key(entity: Entity) -> bool:
    """Whether one column alone tells the entity's rows apart; in a file of leads the record type is one."""
    return entity.key[:-1] in ((), ("record_type",))


def _is_phone(column: Column) -> bool:
    """Whether an id would be a phone number, which is a person's and no key to be shown."""
    return column.phones > 0.5 and (
        column.international > 0.5 or name_sureness("leads", "phone", column, Kind.PHONE) > 0
    )


def _sureness(entity: Entity, name: str, column: Column, evidence: _Evidence) -> float:
    """How sure it is that this column of the file is that canonical one: 0 (it is not) to 1."""
    kind = entity.columns[name]
    is_key = name == entity.key[-1] and entity.name in (
        "leads",
        *(e.name for e in ENTITIES.values() if len(e.key) == 1),
    )
    may_repeat = is_key and column.emails < MOST and column.name in evidence.versioned
    if entity.name == "orders" and evidence.lines:
        may_repeat = is_key and column.name in evidence.lines
        if not any(column.name in agreed for agreed in evidence.lines.values()):
            return 0.0  # it is said of an article
    if not (may_repeat or fits(kind, column, is_key=is_key)) or (is_key and _is_phone(column)):
        return 0.0
    reference = evidence.references.get(column.name)
    points_to = REFERENCES.get(name) if entity.name not in OF_THE_AD_PLATFORM else None
    by_name = name_sureness(entity.name, name, column, kind)
    if reference and not is_key and points_to == reference[0]:
        return max(by_name, _BY_VALUES)
    if is_key:
        if column.name in evidence.foreign:
            return by_name * 0.4
        return by_name or (_BY_UNIQUENESS if ID_WORDS & set(column.words) else 0.0)
    return by_name


def name_sureness(entity: str, name: str, column: Column, kind: Kind) -> float:
    """How sure the words of a column's header make it a canonical column: 0 to 1."""
    found = column.words
    known = headers(entity, name)
    if kind in (Kind.EMAIL, Kind.PHONE) and COLLEAGUE_WORDS & set(found):
        return 0.0
    if found in known:
        return 1.0 - 0.003 * known.index(found)
    own = ENTITY_WORDS.get(entity, frozenset())
    shorter = tuple(word for word in found if word not in own)
    for stripped in (shorter, _without_id(shorter) if name in MAY_BE_AN_ID else ()):
        if stripped and stripped != found and (stripped in known or stripped == _without_id(known[0])):
            return _STRIPPED - 0.003 * (known.index(stripped) if stripped in known else 0)
    if kind is Kind.ID and entity in ("leads", "deals", "accounts", "orders") and shorter == ("id",) != found:
        return _STRIPPED if name == ENTITIES[entity].key[-1] else 0.0
    for phrase in within(name):
        if any(found[start : start + len(phrase)] == phrase for start in range(len(found))):
            return _WITHIN + 0.2 * len(phrase) / len(found)
    return 0.0


def _without_id(found: tuple[str, ...]) -> tuple[str, ...]:
    return found[:-1] if len(found) > 1 and found[-1] in (*ID_WORDS, "name", "nama") else found


def fits(kind: Kind, column: Column, *, is_key: bool = False) -> bool:
    """Whether most of a column's texts can be read as this kind."""
    if is_key:
        return column.is_unique and not column.times and column.emails < 0.5
    if kind in (Kind.TIME, Kind.DATE):
        return bool(column.times)
    if kind in (Kind.MONEY, Kind.NUMBER):
        return bool(column.numbers)
    if kind is Kind.INTEGER:
        return bool(column.whole_numbers)
    if kind is Kind.BOOLEAN:
        return is_yes_or_no(column.values)
    if kind is Kind.EMAIL:
        return column.emails > MOST
    if kind is Kind.PHONE:
        return column.phones > MOST
    if kind is Kind.EMAIL_HASH:
        return all(len(value) == 64 for value in column.values) and column.distinct > 0
    if kind is Kind.JSON:
        return bool(column.values) and all(value.startswith("{") for value in column.values)
    return column.emails < 0.5 or kind is Kind.TEXT


def is_yes_or_no(values: Collection[str]) -> bool:
    """Whether all texts are an answer, in one of the languages of the vocabulary; there has to be one."""
    answers = {" ".join(words(value)) for value in values} - SAYS_NOTHING
    return bool(answers) and answers <= YES | NO
