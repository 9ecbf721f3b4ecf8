"""What an export of spend says beside its columns: its account, the days that a row spans, names in place of ids."""

# ruff: noqa: S608 - names go through `quoted`
from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.proposal.entry import Entry
from orchestration.proposal.vocabulary import ID_WORDS, PERIOD_WORDS, START_WORDS, words
from orchestration.sources.files.kinds import trimmed
from storage.sql import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def complete_spend(con: DuckDBPyConnection, entry: Entry) -> None:
    """Fills in what is not a column of its own, each with a remark where it is a guess."""
    _account(entry)
    _names_for_ids(entry)
    _days(con, entry)


def _account(entry: Entry) -> None:
    if "account_id" not in entry.columns:
        entry.constants["account_id"] = "main"
        entry.unsure["constants", "account_id"] = "the export does not say which ad account it is of"


def _names_for_ids(entry: Entry) -> None:
    """A remark where a campaign, ad set or ad is told by its name: two of one name would be one."""
    for name in ("campaign_id", "adset_id", "ad_id"):
        header = entry.columns.get(name)
        if header and not ID_WORDS & set(words(header)):
            entry.unsure["columns", name] = "the export has no id of it, so its name stands in"


def _days(con: DuckDBPyConnection, entry: Entry) -> None:
    """Whether a row is of one day or of several."""
    first = entry.columns["date_day"]
    period = next((PERIOD_WORDS[word] for word in words(first) if word in PERIOD_WORDS), None)
    last = entry.columns.get("last_day")
    if period and not last:
        entry.constants["period_type"] = period
        entry.unsure["constants", "period_type"] = "each row is spread evenly over its days"
    if not last:
        return
    if not START_WORDS & set(words(first)):
        del entry.columns["last_day"]  # the first is the row's day, so the other is the end of something else
        return
    differs = f"{trimmed(quoted(last))} != {trimmed(quoted(first))}"
    [(several, rows)] = con.execute(
        f"select count(*) filter ({differs}), count(*) from {entry.file.opened.relation}"
    ).fetchall()
    if several:
        entry.unsure["columns", "last_day"] = (
            f"{several:,} of {rows:,} rows are of several days: they are spread evenly over them"
        )
    else:
        del entry.columns["last_day"]
