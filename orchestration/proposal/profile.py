"""What a file's columns hold, seen in a sample: how full, how distinct, and which readings their texts allow."""

# ruff: noqa: S608 - names go through `quoted`, texts through `literal`
from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.errors import InputError
from orchestration.proposal.names import header_words
from orchestration.sources.canonical import Kind
from orchestration.sources.files.kinds import reading, trimmed
from orchestration.sources.files.open import open_file
from orchestration.sources.files.opened import RECORD, OpenedFile
from orchestration.sources.files.surround import begins_as_total, says_one_thing
from orchestration.sources.identifiers import DESTROYED_PHONE
from storage.sql import listed, literal, quoted

if TYPE_CHECKING:
    from contextlib import ExitStack

    from duckdb import DuckDBPyConnection

SAMPLE_ROWS = 10_000
MOST = 0.5  # more of a column's texts than that, and it is a column of their kind: one odd cell never costs a column
_VALUES_KEPT = 60  # more different values than that are no vocabulary

Pattern = str | None  # None: what the connector reads without a format

_DAYS = (
    *("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d-%m-%y", "%d/%m/%y", "%d.%m.%y", "%m-%d-%y", "%m/%d/%y"),
    *("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d/%b/%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y"),
)
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H.%M", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %I:%M %p", ", %H:%M:%S")
TIME_PATTERNS: tuple[Pattern, ...] = (
    None,
    *(day + clock for day, clock in itertools.product(_DAYS, _CLOCKS)),
    *("%Y-%m-%d %I:%M %p", "%Y-%m-%d %H.%M", "%d-%m-%YT%H:%M:%S", "%a %b %d %H:%M:%S %z %Y", "%Y%m%d"),
)
NUMBER_PATTERNS: tuple[Pattern, ...] = (None, "1,234.56", "1.234,56", "1 234,56", "1234,56")

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_PHONE = r"\+?[\d\s().-]{7,22}([,;|/]\s*\+?[\d\s().-]{7,22})*"  # or several
# two separators, or a month in letters: enough to try the patterns on
_DATE_LIKE = (
    r"\d{1,4}[-/.\s](\d{1,2}|[A-Za-z]{3,9})[-/.\s,]+\d{1,4}([T\s,].*)?|[A-Za-z]{3,9}\.?\s+\d{1,2}\W.*\d{4}|(19|20)\d{6}"
)
# a currency's sign: "Rp", "R$", "US$" before the first digit, "EUR" or "€" behind the last
_SIGN_BEFORE = r"[^\d\s.,+()-][^\d\s,+()-]{0,3}?"
_SIGN_BEHIND = r"[A-Z]{3}|[€$£¥₹₫฿₱]"
_SIGN = rf"^[+(-]?\s*({_SIGN_BEFORE})\.?\s*[+(-]?\d"
_SIGN_AT_THE_END = rf"\d\s*({_SIGN_BEHIND})\s*[)-]?$"
_NUMBER_LIKE = rf"[+(-]?\s*({_SIGN_BEFORE}\.?)?\s*[+(-]?\d[\d.,\s]*([eE][+-]?\d+)?\s*({_SIGN_BEHIND})?\s*[)-]?"


@dataclass(frozen=True)
class Column:
    """One column of a sample. Shares are of the filled rows, 0 to 1."""

    name: str
    words: tuple[str, ...]  # of its name, without what a system puts around it; () = a sync tool's own column
    position: int
    filled: float  # share of all rows
    rows: int  # filled ones
    distinct: int
    emails: float  # hold one, alone or among names and others
    phones: float
    destroyed: float  # numbers as 6.28123E+12, which phones are that a spreadsheet took for numbers
    international: float  # begin with +, as a phone with its country's code does
    with_country_code: tuple[str, ...]  # some of those
    sign: str  # the currency's sign that most amounts carry; "" = none
    is_counter: bool  # 1, 2, 3 ...: a row's number, which any other file has too
    without_separators: bool  # no text has a separator of thousands or decimals in it
    times: dict[Pattern, float]
    numbers: dict[Pattern, float]
    whole_numbers: dict[Pattern, float]
    values: tuple[str, ...]  # its different texts, the most frequent first; empty if they are too many
    examples: tuple[str, ...] = ()  # two of them, always

    @property
    def is_unique(self) -> bool:
        """Whether it can be a key: filled everywhere, and next to no text twice."""
        return self.filled >= 0.99 and self.distinct >= 0.98 * self.rows


@dataclass(frozen=True)
class FileProfile:
    """A file as the sample shows it; `cells` names a table (column_name, value, rows), one row a different text."""

    path: Path
    opened: OpenedFile
    cells: str
    rows: int  # of the whole file
    no_rows: int  # totals and remarks among its records
    columns: dict[str, Column]


def profile_file(con: DuckDBPyConnection, stack: ExitStack, path: Path, work: Path) -> FileProfile:
    """Opens a file for as long as `stack` lives and profiles a sample of SAMPLE_ROWS rows, evenly from all of it.

    Copies of it may lie in `work` meanwhile. Raises InputError when the file cannot be read.
    """
    try:
        opened = stack.enter_context(open_file(con, path, work=work, fast=True))
        if not opened.columns:
            raise InputError("no record has a field", where=str(path), fix="export it again, one object a line")
        rows, no_rows = _take_sample(con, opened)
    except (duckdb.DataError, duckdb.ProgrammingError):
        # broken lines: the slow reading sets them apart
        opened = stack.enter_context(open_file(con, path, work=work))
        rows, no_rows = _take_sample(con, opened)
    return FileProfile(path, opened, _cells(opened), rows, no_rows, _columns(con, opened, rows))


def _cells(opened: OpenedFile) -> str:
    return f"{opened.relation}_cells"


def _take_sample(con: DuckDBPyConnection, opened: OpenedFile) -> tuple[int, int]:
    """Makes the table of cells; returns how many rows the file has, and how many totals and remarks, which are none."""
    cells = _cells(opened)
    is_none = f"({begins_as_total(opened.columns)} or {says_one_thing(opened.columns)})"
    data = f"(from {opened.relation} where not {is_none})"
    [(rows, no_rows)] = con.execute(
        f"select count(*) filter (not {is_none}), count(*) filter ({is_none}) from {opened.relation}"
    ).fetchall()
    step = max(1, rows // SAMPLE_ROWS)
    # by hash: at equal steps, what comes at regular intervals would be missed
    sampled = _unpivoted(opened.columns, f"{data} where hash({RECORD}) % {step} = 0")
    con.execute(f"create temp table {cells} as select column_name, value, count(*) as rows from {sampled} group by all")
    few = con.execute(
        f"select column_name from {cells} group by column_name having count(*) <= {_VALUES_KEPT} order by column_name"
    ).fetchall()
    if step > 1 and few:
        # a vocabulary is taken whole, its rare words too
        everything = _unpivoted([column for (column,) in few], data)
        con.execute(
            f"insert into {cells} select column_name, value, 1 from {everything} anti join {cells} "
            "using (column_name, value) group by all"
        )
    return rows, no_rows


def _unpivoted(columns: Iterable[str], rows: str) -> str:
    """SQL for a relation (column_name, value): one row for each text that is there."""
    cells = f"unpivot (select {listed(columns)} from {rows}) on columns(*) into name column_name value cell"
    # trimmed behind the unpivot: once, and not for each column
    return f"(select column_name, {trimmed('cell')} as value from ({cells}) where {trimmed('cell')} is not null)"


def _columns(con: DuckDBPyConnection, opened: OpenedFile, rows: int) -> dict[str, Column]:
    table = _cells(opened)
    sampled = con.execute(
        f"select max(filled) from (select sum(rows) as filled from {table} group by column_name)"
    ).fetchone()
    largest = (sampled and sampled[0]) or 1
    counted = con.execute(
        f"""
        select
            column_name,
            sum(rows)::bigint as filled,
            count(*) as distinct_count,
            coalesce(sum(rows) filter (where regexp_matches(value, '{_EMAIL}')), 0)::bigint as emails,
            coalesce(sum(rows) filter (where regexp_full_match(value, '{_PHONE}')), 0)::bigint as phones,
            coalesce(sum(rows) filter (where regexp_full_match(value, '{_DATE_LIKE}')), 0)::bigint as dates,
            coalesce(sum(rows) filter (where regexp_full_match(value, '{_NUMBER_LIKE}')), 0)::bigint as numbers,
            mode(coalesce(
                nullif(regexp_extract(value, '{_SIGN}', 1), ''),
                nullif(regexp_extract(value, '{_SIGN_AT_THE_END}', 1), '')
            )) as sign,
            min(try_cast(value as bigint)) as least,
            max(try_cast(value as bigint)) as most,
            count(try_cast(value as bigint)) = count(*) as is_whole,
            bool_and(not regexp_matches(value, '[.,]')) as is_free_of_separators,
            coalesce(sum(rows) filter (where starts_with(value, '+')), 0)::bigint as international,
            list(value order by value) filter (where starts_with(value, '+'))[:{_VALUES_KEPT}] as with_country_code,
            coalesce(sum(rows) filter (where regexp_full_match(value, '{DESTROYED_PHONE}')), 0)::bigint as destroyed,
            list(value order by rows desc, value)[:{_VALUES_KEPT + 1}] as texts
        from {table}
        group by column_name
        """
    )
    names = [column for column, *_ in counted.description]
    seen = {row[0]: dict(zip(names, row, strict=True)) for row in counted.fetchall()}
    dated = [name for name, its in seen.items() if its["dates"] > MOST * its["filled"]]
    numbered = {name: its["sign"] or "" for name, its in seen.items() if its["numbers"] > MOST * its["filled"]}
    patterns = _possible_patterns(con, table, dated)
    times = _shares(con, table, dated, {each: reading(Kind.TIME, "value", pattern=each).value for each in patterns})
    amounts: dict[str, dict[Pattern, float]] = {}
    whole: dict[str, dict[Pattern, float]] = {}
    named = header_words(opened.columns)
    is_sheet = opened.format == "xlsx"
    for sign in sorted(set(numbered.values())):
        columns = [name for name, its in numbered.items() if its == sign]
        notations = [pattern_with(sign, pattern) for pattern in NUMBER_PATTERNS]
        for kind, found in ((Kind.MONEY, amounts), (Kind.INTEGER, whole)):
            found |= _shares(
                con,
                table,
                columns,
                {each: reading(kind, "value", pattern=each, has_number_cells=is_sheet).value for each in notations},
            )
    profiled = {
        name: Column(
            name=name,
            words=named[name],
            position=opened.columns.index(name),
            filled=its["filled"] / largest,
            rows=its["filled"],
            distinct=its["distinct_count"],
            emails=its["emails"] / its["filled"],
            phones=(its["phones"] + its["destroyed"]) / its["filled"],
            destroyed=its["destroyed"] / its["filled"],
            international=its["international"] / its["filled"],
            with_country_code=tuple(its["with_country_code"] or ()),
            sign=numbered.get(name, ""),
            is_counter=bool(
                its["is_whole"]
                and its["least"] in (0, 1)
                and its["distinct_count"] >= 0.98 * its["filled"]
                and its["most"] <= 1.1 * max(rows, 1)
            ),
            without_separators=its["is_free_of_separators"],
            times=times.get(name, {}),
            numbers=amounts.get(name, {}),
            whole_numbers=whole.get(name, {}),
            values=tuple(its["texts"]) if len(its["texts"]) <= _VALUES_KEPT else (),
            examples=tuple(its["texts"][:2]),
        )
        for name, its in seen.items()
    }
    return {name: profiled[name] for name in opened.columns if name in profiled}


def _possible_patterns(con: DuckDBPyConnection, table: str, columns: list[str]) -> list[Pattern]:
    """None, and the patterns that some text satisfies: what the connector makes of each is costly to plan."""
    given = [pattern for pattern in TIME_PATTERNS if pattern]
    tried = ", ".join(f"bool_or(try_strptime(value, {literal(pattern)}) is not null)" for pattern in given)
    satisfied = con.execute(
        f"select {tried} from {table} where column_name in (select unnest($columns))", {"columns": columns}
    ).fetchone()
    return [None, *itertools.compress(given, satisfied or ())]


def pattern_with(sign: str, pattern: Pattern) -> Pattern:
    """A number's pattern after a currency's sign: ("Rp", "1.234,56") -> "Rp 1.234,56"."""
    return f"{sign} {pattern or '1234.56'}" if sign else pattern


def _shares(
    con: DuckDBPyConnection, table: str, columns: list[str], readings: dict[Pattern, str]
) -> dict[str, dict[Pattern, float]]:
    """For each column, the share of rows that each reading takes, if it takes most."""
    if not columns:
        return {}
    counts = ", ".join(f"coalesce(sum(rows) filter (where ({sql}) is not null), 0)" for sql in readings.values())
    rows = con.execute(
        f"select column_name, sum(rows), {counts} from {table} where column_name in (select unnest($columns)) "
        "group by column_name",
        {"columns": columns},
    ).fetchall()
    return {
        name: {
            pattern: float(count / filled)
            for pattern, count in zip(readings, taken, strict=True)
            if count > MOST * filled
        }
        for name, filled, *taken in rows
    }


@dataclass(frozen=True)
class Overlap:
    """How many of a column's different texts are another column's."""

    hits: int
    texts: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.hits / self.texts


def overlap(con: DuckDBPyConnection, file: FileProfile, other: FileProfile, key: str) -> dict[str, Overlap]:
    """For each column of `file`, how many of its different texts are values of the other file's `key`.

    A text that is a list (separated by | or ;) counts by its parts. One text, or two short ones, say nothing.
    """
    keys = f"select distinct {trimmed(quoted(key))} as part from {other.opened.relation}"
    found = con.execute(
        f"select column_name, count(*), count(keys.part) from ("
        f"select distinct column_name, trim(unnest(regexp_split_to_array(value, '[|;]'))) as part from {file.cells}"
        f") as parts left join ({keys}) as keys using (part) group by column_name "
        "having count(*) >= 3 or (count(*) = 2 and min(length(part)) >= 3)"
    ).fetchall()
    return {name: Overlap(hits, parts) for name, parts, hits in found}


def separator_of_list(con: DuckDBPyConnection, file: FileProfile, column: str) -> str | None:
    """`;` if the column's texts are lists separated by it; | needs no saying."""
    row = con.execute(
        f"select bool_or(contains(value, ';')) from {file.cells} where column_name = ?", [column]
    ).fetchone()
    return ";" if row == (True,) else None


def versioned_keys(
    con: DuckDBPyConnection, file: FileProfile, created_at: Sequence[str], updated_at: Sequence[str]
) -> set[str]:
    """The columns whose texts have several rows each, as an append-only sync leaves them.

    That is: no two of one change (`updated_at`), and all of one creation (`created_at`).
    """
    several = [
        column
        for column in file.columns.values()
        if column.filled >= 0.99 and not column.is_unique and not column.times and column.words
    ]
    found: set[str] = set()
    for changed, created, column in itertools.product(updated_at, created_at, several):
        key, change, creation = (trimmed(quoted(name)) for name in (column.name, changed, created))
        row = con.execute(
            f"select count(distinct ({key}, {change})) >= 0.98 * count(*) "
            f"and count(distinct ({key}, {creation})) <= 1.02 * count(distinct {key}) from {file.opened.relation}"
        ).fetchone()
        if row == (True,):
            found.add(column.name)
    return found


def constant_within(con: DuckDBPyConnection, file: FileProfile, key: str) -> set[str]:
    """The columns that say one thing in all rows of each text of `key`, where they say anything."""
    names = list(file.columns)
    texts = {name: trimmed(quoted(name)) for name in names}
    counts = ", ".join(
        f"count(distinct ({texts[key]}, {texts[name]})) filter ({texts[name]} is not null) "
        f"<= count(distinct {texts[key]})"
        for name in names
    )
    agreed = con.execute(f"select {counts} from {file.opened.relation}").fetchone() or ()
    return set(itertools.compress(names, agreed))
