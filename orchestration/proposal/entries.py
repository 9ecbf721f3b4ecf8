"""From a match to what stands in `closedloop.yml`: formats, values, constants, and what is unsure about each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from orchestration.proposal.entry import Entry
from orchestration.proposal.formats import propose_formats
from orchestration.proposal.matching import OF_THE_AD_PLATFORM, Match, fits, is_yes_or_no, name_sureness, says_who_won
from orchestration.proposal.money import choose_amount, money_that_does_not_read
from orchestration.proposal.names import why_in_utc
from orchestration.proposal.platforms import platform_of
from orchestration.proposal.profile import Column, FileProfile, separator_of_list
from orchestration.proposal.spend import complete_spend
from orchestration.proposal.vocabulary import (
    DEAL_LINKS,
    DELETED,
    NO,
    QUALIFIED_WORDS,
    SALE_HEADERS,
    SAYS_DIRECT,
    SAYS_NOTHING,
    WON_WORDS,
    YES,
    milestone_of,
    outcome_of,
    stage_of,
    words,
)
from orchestration.sources.canonical import ENTITIES, Kind
from storage.sql import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def propose_entries(con: DuckDBPyConnection, matched: Sequence[tuple[FileProfile, Match]]) -> list[Entry]:
    """The entries of all files that were recognised, in the order of the canonical entities."""
    present = {match.entity.name for _, match in matched}
    entries = [_entry(con, file, match, has_rates="exchange_rates" in present) for file, match in matched]
    for file, match in matched:
        if match.entity.name == "leads":
            entries += _milestones(file, match)
            if "deals" in present:
                entries += _deal_contacts(file, match, matched)
            else:
                entries += _sales_in_the_same_rows(file, match)
    if not any(entry.entity == "lead_stage_history" for entry in entries):
        for entry in entries:
            _snapshot_of_stages(entry)
    if not any(entry.entity == "deal_contacts" for entry in entries):
        for entry in entries:
            _deals_of_nobody(entry)
    order = list(ENTITIES)
    return sorted(entries, key=lambda entry: order.index(entry.entity))


def _entry(con: DuckDBPyConnection, file: FileProfile, match: Match, *, has_rates: bool) -> Entry:
    entry = Entry(match.entity.name, file, dict(match.columns))
    entry.unsure |= {("columns", column): doubt for column, doubt in match.doubts().items()}
    entry.in_utc = why_in_utc(file.opened.columns)
    _versions(entry, match)
    _leave_out_what_does_not_fit(entry)
    _deleted(entry)
    if entry.entity == "leads":
        _claims(entry)
    if entry.entity == "deals":
        _outcomes(entry)
    if entry.entity in OF_THE_AD_PLATFORM:
        entry.platform = platform_of(file)
    if entry.entity == "ad_spend":
        complete_spend(con, entry)
    _separators(con, entry)
    _silent_origins(entry)
    _answers(entry)
    choose_amount(con, entry, has_rates=has_rates)
    propose_formats(entry)
    money_that_does_not_read(entry)
    _destroyed_phones(entry)
    return entry


def _leave_out_what_does_not_fit(entry: Entry) -> None:
    """A column with a canonical name is read unless it is said not to, so texts of another kind have to be emptied."""
    entity = ENTITIES[entry.entity]
    for name, kind in entity.optional.items():
        column = entry.file.columns.get(name)
        if column and name not in entry.columns and not fits(kind, column):
            entry.columns[name] = name
            entry.values[name] = {"*": None}
            entry.unsure["values", name, "*"] = f"the texts of '{name}' are no {kind}: left out"


def _versions(entry: Entry, match: Match) -> None:
    """A remark where a key is there several times: an append-only sync leaves every version of a record."""
    column = entry.file.columns.get(match.key or "")
    if column is None or column.is_unique:
        return
    if "updated_at" not in entry.columns:
        entry.unsure["columns", match.entity.key[-1]] = (
            f"{column.distinct:,} different ones in {column.rows:,} rows, one for each article: each counts once, with "
            "what all its rows agree in"
        )
    else:
        entry.unsure["columns", match.entity.key[-1]] = (
            f"{column.distinct:,} different ones in {column.rows:,} rows: versions, of which the newest by "
            f"'{entry.columns['updated_at']}' counts"
        )


def _deleted(entry: Entry) -> None:
    """Rows that are kept though they were deleted: by a status, or by when it was."""
    if "is_deleted" not in ENTITIES[entry.entity].columns or "is_deleted" in entry.columns:
        return
    for column in entry.file.columns.values():
        deleted = [value for value in column.values if words(value) in DELETED] if "status" in column.words else []
        if deleted:
            entry.columns["is_deleted"] = column.name
            entry.values["is_deleted"] = {**dict.fromkeys(deleted, True), "*": False}
            entry.unsure["columns", "is_deleted"] = f"what is {' or '.join(deleted)} counts nowhere"
            return
        if column.words[:2] == ("deleted", "at") or (column.words == ("deleted",) and column.times):
            entry.columns["is_deleted"] = column.name
            entry.values["is_deleted"] = {"": False, "*": True}
            return


# --- stages and outcomes


def _claims(entry: Entry) -> None:
    """The CRM's stages as ours; where no column says a stage, what the file is called."""
    column = entry.column("stage")
    if column is None:
        speaks_of = [entry.columns["lead_id"], entry.file.path.stem]
        named = next((text for text in speaks_of if _is_about_qualified(text)), None)
        if named:
            entry.constants["stage"] = "mql"
            entry.unsure["constants", "stage"] = f"'{named}' says that each of them is qualified, from its creation on"
        return
    by_stage = {value: stage_of(value) for value in column.values}
    if not any(by_stage.values()) and column.name != "stage":
        del entry.columns["stage"]
        return
    entry.values["stage"] = {value: stage for value, stage in by_stage.items() if stage and stage != value}
    entry.unmapped["stage"] = [value for value, stage in by_stage.items() if stage is None]


def _snapshot_of_stages(entry: Entry) -> None:
    """A remark where only present stages are known."""
    later = {"sql", "opportunity", "customer"}
    if entry.entity == "leads" and later & {*entry.values.get("stage", {}).values()}:
        entry.unsure["columns", "stage"] = (
            "no column says when a stage was reached: the present one and those before it count from the creation, "
            "so the days between stages say nothing"
        )


def _is_about_qualified(text: str) -> bool:
    found = words(text)
    return any(set(needed) <= set(found) for needed in QUALIFIED_WORDS)


def _outcomes(entry: Entry) -> None:
    """Which deals are won and closed: by columns of their own, a stage, a date of winning, or what the file is."""
    if "is_won" in entry.columns:
        if "is_closed" not in entry.columns and (by_stage := _outcome_column(entry)):
            _closed_by(entry, by_stage)
        return
    if by_stage := _outcome_column(entry):
        won = {value: True for value in by_stage.values if outcome_of(value)}
        entry.columns["is_won"] = by_stage.name
        entry.values["is_won"] = {**won, "*": False}
        if "is_closed" not in entry.columns:
            _closed_by(entry, by_stage)
        return
    closed = entry.column("closed_at")
    if closed and set(closed.words) & WON_WORDS:
        if closed.filled >= 0.99:
            entry.constants |= {"is_won": True, "is_closed": True}
        else:
            for name in ("is_won", "is_closed"):
                entry.columns[name] = closed.name
                entry.values[name] = {"": False, "*": True}
        return
    entry.unsure[("columns",)] = "nothing says which deals are won; map is_won and is_closed, or no revenue is counted"


def _outcome_column(entry: Entry) -> Column | None:
    """The column whose values name a win: the stage's, else one that is called a status."""
    stage = entry.column("stage")
    others = [column for column in entry.file.columns.values() if {"status", "stage"} & set(column.words)]
    named = ([stage] if stage else []) + others
    return next((column for column in named if any(outcome_of(value) is not None for value in column.values)), None)


def _closed_by(entry: Entry, column: Column) -> None:
    ended = {value: True for value in column.values if outcome_of(value) is not None}
    entry.columns["is_closed"] = column.name
    entry.values["is_closed"] = {**ended, "*": False}


def _separators(con: DuckDBPyConnection, entry: Entry) -> None:
    for name, kind in ENTITIES[entry.entity].columns.items():
        header = entry.columns.get(name)
        if header and kind is Kind.LIST and (separator := separator_of_list(con, entry.file, header)):
            entry.formats[name] = separator


def _deals_of_nobody(entry: Entry) -> None:
    if entry.entity == "deals" and not {"lead_ids", "email", "phone"} & set(entry.columns):
        entry.unsure["columns", "lead_ids"] = "no column names a deal's leads, so no channel is credited with it"


def _milestones(file: FileProfile, match: Match) -> list[Entry]:
    """Columns that say when a lead reached a stage are its history: "Became a Marketing Qualified Lead Date"."""
    entries = []
    for column in file.columns.values():
        stage = milestone_of(column.name)
        if stage and column.times and match.key and column.name not in match.columns.values():
            entry = Entry("lead_stage_history", file, {"lead_id": match.key, "entered_at": column.name})
            entry.constants["stage"] = stage
            entry.where = f"trim({quoted(column.name)}) != ''"
            propose_formats(entry)
            entries.append(entry)
    return entries


def _deal_contacts(file: FileProfile, match: Match, matched: Sequence[tuple[FileProfile, Match]]) -> list[Entry]:
    """A lead's own column that names its deal ("Converted Opportunity ID"), where no deal names its leads."""
    if any(other.entity.name == "deals" and "lead_ids" in other.columns for _, other in matched):
        return []
    link = _named(file, DEAL_LINKS)
    if link is None or not match.key or any(";" in value or "|" in value for value in link.values):
        return []
    entry = Entry("deal_contacts", file, {"deal_id": link.name, "lead_id": match.key})
    entry.where = f"trim({quoted(link.name)}) != ''"
    return [entry]


def _sales_in_the_same_rows(file: FileProfile, match: Match) -> list[Entry]:
    """A sheet of leads that also says what each bought is a file of deals too."""
    amount = _named(file, SALE_HEADERS) or (_amount_of_a_deal(file) if says_who_won(file) else None)
    if amount is None or not fits(Kind.MONEY, amount) or not match.key:
        return []
    columns = {
        "deal_id": match.key,
        "created_at": match.columns["created_at"],
        "lead_ids": match.key,
        "amount": amount.name,
    }
    taken = {match.columns["created_at"]}
    closed = [
        (sure, column.name)
        for column in file.columns.values()
        if column.name not in taken
        and fits(Kind.TIME, column)
        and (sure := name_sureness("deals", "closed_at", column, Kind.TIME))
    ]
    if closed:
        columns["closed_at"] = max(closed)[1]
    for name in ("product", "owner", "currency"):
        if name in match.columns:
            columns[name] = match.columns[name]
    order = [name for name in ENTITIES["deals"].columns if name in columns]
    entry = Entry("deals", file, {name: columns[name] for name in order})
    entry.where = f"trim({quoted(amount.name)}) != ''"
    entry.unsure[("where",)] = f"every row with '{amount.name}' is taken for a deal, created with its lead"
    _outcomes(entry)
    propose_formats(entry)
    return [entry]


def _amount_of_a_deal(file: FileProfile) -> Column | None:
    named = [
        (name_sureness("deals", "amount", column, Kind.MONEY), -column.position, column)
        for column in file.columns.values()
        if fits(Kind.MONEY, column)
    ]
    sure, _, column = max(named, default=(0.0, 0, None))
    return column if sure else None


def _named(file: FileProfile, phrases: Iterable[tuple[str, ...]]) -> Column | None:
    by_words = {column.words: column for column in file.columns.values()}
    return next((by_words[phrase] for phrase in phrases if phrase in by_words), None)


# --- texts


def _silent_origins(entry: Entry) -> None:
    """Texts such as "unknown" name no origin; what analytics write of a direct visit does."""
    for name in ("source", "medium", "campaign"):
        column = entry.column(name)
        silent = [
            value
            for value in (column.values if column else ())
            if " ".join(words(value)) in SAYS_NOTHING and value.strip().casefold() not in SAYS_DIRECT
        ]
        if silent:
            entry.values[name] = dict.fromkeys(sorted(silent))


def _answers(entry: Entry) -> None:
    """Yes and no in other words than the connector knows."""
    for name, kind in ENTITIES[entry.entity].columns.items():
        column = entry.column(name)
        if kind is not Kind.BOOLEAN or column is None or name in entry.values or not is_yes_or_no(column.values):
            continue
        foreign = {value: _answer(value) for value in column.values if value.casefold() not in _KNOWN_ANSWERS}
        if foreign:
            entry.values[name] = dict(foreign)


_KNOWN_ANSWERS = ("true", "1", "yes", "false", "0", "no")


def _answer(value: str) -> bool | None:
    said = " ".join(words(value))
    return True if said in YES else False if said in NO else None


def _destroyed_phones(entry: Entry) -> None:
    column = entry.column("phone")
    if column and column.destroyed:
        entry.unsure["columns", "phone"] = (
            f"{round(column.destroyed * column.rows):,} of {column.rows:,} were lost to a spreadsheet, as 6.28123E+12: "
            "format the column as text there, and export it again"
        )
