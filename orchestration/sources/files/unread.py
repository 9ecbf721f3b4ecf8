"""What of a staged file is not loaded: rows that cannot be read, lines that are no rows, and how both are told."""

# ruff: noqa: S608 - names go through `quoted`, values travel as parameters
from __future__ import annotations

from collections.abc import Mapping as Parameters
from typing import TYPE_CHECKING, Any

from orchestration.sources.canonical import ADDS_UP
from orchestration.sources.files.mapping import PASSED_OVER, REPEATED, Mapping, faults_sql
from orchestration.sources.files.opened import LINE, RECORD, OpenedFile
from orchestration.sources.files.surround import A_TOTAL, AFTER_THE_ROWS, begins_as_total, says_one_thing
from storage.sql import listed, literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# As many line numbers as are told of one reason.
_LINES_NAMED = 10

# Columns of `raw_files._rejected`: rows that could not be read.
REJECTED_COLUMNS: dict[str, str] = {
    "source_system": "VARCHAR",
    "resource": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",  # physical line in the file, 1 = the first
    "column_name": "VARCHAR",  # canonical; null when the whole line is broken
    "value": "VARCHAR",
    "reason": "VARCHAR",
    "payload": "VARCHAR",  # the whole row as JSON
    "load_id": "VARCHAR",
    "loaded_at": "TIMESTAMP",
}

# Columns of `raw_files._skipped`: what stands around the records of a file and is none.
SKIPPED_COLUMNS: dict[str, str] = {
    "source_system": "VARCHAR",
    "resource": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",  # as in _rejected
    "text": "VARCHAR",
    "reason": "VARCHAR",
    "load_id": "VARCHAR",
    "loaded_at": "TIMESTAMP",
}


def stage_skipped(con: DuckDBPyConnection, opened: OpenedFile, place: Parameters[str, Any]) -> None:
    """Marks the rows that are none, and reports them with the lines that the reader passed over.

    A row that begins as a total does is one where it could not be read anyway, or where the resource says so, and so is
    one without a key whose spend is the sum of all others; a remark has a text in its first column alone and stands
    behind the last row that could be read.
    """
    of_entry = "from staged_rows where _file = $file and entry = $entry"
    if place["resource"] in ADDS_UP:
        con.execute(
            f"update staged_rows set fault = {PASSED_OVER} where _file = $file and entry = $entry and fault != 0 "
            f"and spend = (select sum(spend) {of_entry} and fault = 0 having count(*) > 1)",
            {"file": place["file"], "entry": place["entry"]},
        )
    total = begins_as_total(opened.columns)
    remark = (
        f"({says_one_thing(opened.columns)} and {RECORD} > "
        f"(select coalesce(max(_record_number), 0) {of_entry} and fault = 0))"
    )
    con.execute(
        f"update staged_rows set fault = {PASSED_OVER} where _file = $file and entry = $entry and fault != 0 "
        f"and _record_number in (select {RECORD} from {opened.relation} where ({total} or {remark}) "
        f"and {RECORD} in (select _record_number {of_entry} and fault != 0))",
        {"file": place["file"], "entry": place["entry"]},
    )
    cells = ", ".join(quoted(column) for column in opened.columns)
    told = (
        f"select {LINE} as line, concat_ws(' | ', {cells}) as text, "
        f"case when {remark} then {literal(AFTER_THE_ROWS)} else {literal(A_TOTAL)} end as reason "
        f"from {opened.relation} where {RECORD} in (select _record_number {of_entry} and fault = {PASSED_OVER})"
    )
    around = "".join(
        f" union all select {line}, {literal(text)}, {literal(reason)}" for line, text, reason in opened.skipped
    )
    con.execute(
        "insert into staged_skipped by name "
        "select *, $source as source_system, $resource as resource, $file as file, $load_id as load_id, "
        f"$loaded_at as loaded_at from ({told}{around}) as told "
        "where line not in (select line from staged_skipped where file = $file) order by line",
        place,
    )


def stage_rejected(con: DuckDBPyConnection, mapping: Mapping, opened: OpenedFile, place: Parameters[str, Any]) -> None:
    """Marks the rows that repeat an earlier one of the file in every cell, then reports every row that has a fault."""
    key = listed(mapping.entity.key)
    ours = ", ".join(f"ours.{quoted(column)}" for column in mapping.entity.key)
    theirs = "".join(f", theirs.{quoted(column)}" for column in opened.columns)
    con.execute(
        "create or replace temp table staged_doubles as select row_id, first_line from ("
        "select row_id, first_value(ours.line) over alike as first_line, row_number() over alike as place "
        "from (select rowid as row_id, * from staged_rows where _file = $file and fault = 0 "
        f"qualify count(*) over (partition by {key}) > 1) as ours "
        f"join {opened.relation} as theirs on ours._record_number = theirs.{RECORD} "
        f"window alike as (partition by {ours}{theirs} order by ours.entry, ours._record_number)) where place > 1",
        {"file": place["file"]},
    )
    con.execute(f"update staged_rows set fault = {REPEATED} where rowid in (select row_id from staged_doubles)")
    faulty = (
        "select _record_number as record, line, fault, first_line, "
        f"{key} from staged_rows left join staged_doubles on staged_rows.rowid = row_id "
        f"where _file = $file and entry = $entry and fault not in (0, {PASSED_OVER})"
    )
    rejected = faults_sql(mapping, opened.relation, faulty)
    if opened.broken:
        rejected += f" union all by name select line, text as value, reason from {opened.broken}"
    con.execute(
        "insert into staged_rejected by name select *, $source as source_system, $resource as resource, $file as file, "
        f"$load_id as load_id, $loaded_at as loaded_at from ({rejected}) order by line",
        place,
    )
    con.execute("drop table staged_doubles")


def passed_over(con: DuckDBPyConnection, file: str) -> str:
    """How many lines of a staged file are no records, why, and which: "2 lines passed over: a total (line 8, 9)"."""
    rows = con.execute(
        "select reason, count(*), list(line order by line)[:$named] from staged_skipped where file = $file "
        "group by reason order by min(line)",
        {"file": file, "named": _LINES_NAMED},
    ).fetchall()
    if not rows:
        return ""
    told = "; ".join(f"{reason} ({_lines(count, lines)})" for reason, count, lines in rows)
    return f"{sum(count for _, count, _ in rows):,} lines passed over: {told}"


def _lines(count: int, lines: list[int]) -> str:
    return f"line {', '.join(map(str, lines))}{', ...' if count > len(lines) else ''}"


def rejections(con: DuckDBPyConnection, file: str) -> list[tuple[int, str]]:
    """How many staged rows of a file are rejected for what, with the first line numbers and without values."""
    # a repeated row's reason names the line before it: told once
    rows = con.execute(
        "select count(*), coalesce(column_name, 'the line'), "
        "regexp_replace(reason, ' \\(first in line \\d+\\)$', '') as what, list(line order by line)[:$named] "
        "from staged_rejected where file = $file group by all order by count(*) desc, min(line)",
        {"file": file, "named": _LINES_NAMED},
    ).fetchall()
    return [(count, f"{column}: {what} ({_lines(count, lines)})") for count, column, what, lines in rows]
