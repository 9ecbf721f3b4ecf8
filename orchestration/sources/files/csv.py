"""CSV files: DuckDB parses them in bulk; a reader of our own finds the lines that are no records.

DuckDB's own `store_rejects` does not do: behind a quote that is not closed it drops the lines that follow, it counts
records and not physical lines, and good records get no number (docs/decisions.md).
"""

# ruff: noqa: S608 - names in the SQL here go through `quoted`, paths through `literal`
from __future__ import annotations

import csv
import io
import itertools
import re
import statistics
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.errors import InputError
from orchestration.sources.files.encoding import detect_encoding, text_lines, transcoded
from orchestration.sources.files.opened import LINE, RECORD, OpenedFile, Opening, sql_path, unique_names
from orchestration.sources.files.surround import AFTER_THE_ROWS, BEFORE_THE_HEADER, HEADER_SEARCHED, header_row
from storage.sql import literal

_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED_RECORDS = 200

# DuckDB's reader takes a record up to a length that has to be named; a number and a line stand before it.
_LONGEST_RECORD_BYTES = 2_000_000
_NUMBERS_BYTES = 100

# Behind more lines than that it is another table.
_MOST_REMARKS = 50

# As much of a broken line as is kept.
_CHARACTERS_KEPT = 100_000


def open_csv(con: duckdb.DuckDBPyConnection, wanted: Opening) -> OpenedFile:
    """Gone through line by line, so that broken lines are set apart and every record knows its physical line.

    `fast` leaves that out: DuckDB parses the file itself, and a broken line raises duckdb.Error when the relation is
    read. Raises InputError when the file is empty or its header is broken.
    """
    encoding = wanted.encoding or detect_encoding(wanted.path, sample_only=wanted.limit is not None)
    delimiter = wanted.delimiter
    if delimiter is None:
        delimiter = _sniff_delimiter(list(islice(text_lines(wanted.path, encoding), _SNIFFED_RECORDS)))
    records = _records(text_lines(wanted.path, encoding), delimiter)
    first = list(islice(records, HEADER_SEARCHED))
    at = _header_at(first, delimiter, wanted)
    header = first[at] if first else None
    records = itertools.chain(first[at + 1 :], records)
    skipped = tuple((record.line, record.text, BEFORE_THE_HEADER) for record in first[:at])
    if header is None or header.width == 0:
        raise InputError(
            "the file is empty" if header is None else f"the header (line {header.line}) is broken: {header.reason}",
            where=str(wanted.path),
            fix="export it again: its first line has to name the columns",
        )
    columns = unique_names(_fields(header.text, delimiter))
    broken = None
    # DuckDB takes the first physical line for the header and skips blank lines only if there are several columns
    if wanted.fast and wanted.limit is None and header.line == 1 and "\n" not in header.text and len(columns) > 1:
        source = _read_csv(
            transcoded(wanted.path, encoding, wanted.temporary), wanted.temporary, delimiter, (), columns
        )
        selected = f"row_number() over () as {RECORD}, null::bigint as {LINE}, *"
    else:
        source, broken_source, after = _set_apart(islice(records, wanted.limit), wanted.temporary, delimiter, columns)
        skipped += after
        selected = f"{RECORD}::bigint as {RECORD}, {LINE}::bigint as {LINE}, * exclude ({RECORD}, {LINE})"
        broken = f"{wanted.view}_broken"
        con.execute(
            f"create temp view {broken} as select record::bigint as record, line::bigint as line, text, reason "
            f"from {broken_source}"
        )
    con.execute(f"create temp view {wanted.view} as select {selected} from {source}")
    return OpenedFile(wanted.view, broken, columns, "csv", delimiter, encoding, skipped, broken is None)


def _header_at(first: Sequence[_Record], delimiter: str, wanted: Opening) -> int:
    """The place of the header among the first records: where `header` says, else where they show it."""
    if wanted.header is None:
        return header_row([_fields(record.text, delimiter) if record.width else () for record in first])
    for place, record in enumerate(first):
        if record.line == wanted.header:
            return place
    raise InputError(
        f"line {wanted.header} is no header: it is blank, inside another record, or not among the first lines",
        where=str(wanted.path),
        fix="correct `header`, or leave it out to have it found",
    )


def _read_csv(path: Path, temporary: Path, delimiter: str, leading: tuple[str, ...], columns: tuple[str, ...]) -> str:
    """DuckDB's reader on a UTF-8 file whose first line is the header; nothing is left to be guessed."""
    typed = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in (*leading, *columns))
    return (
        f"read_csv({sql_path(path, temporary)}, auto_detect=false, header=true, columns={{{typed}}}, "
        f"delim={literal(delimiter)}, quote='\"', escape='\"', comment='', "
        f"max_line_size={_LONGEST_RECORD_BYTES + _NUMBERS_BYTES})"
    )


def _set_apart(
    records: Iterator[_Record], temporary: Path, delimiter: str, columns: tuple[str, ...]
) -> tuple[str, str, tuple[tuple[int, str, str], ...]]:
    """Two CSV files out of one, as SQL: the records with number and physical line, and the broken lines.

    Beside them the remarks behind the last record, as `OpenedFile.skipped` has them.
    This is Python over lines, about half a million a second: only files with something to report come here.
    """
    good, broken = temporary / "records.csv", temporary / "broken.csv"
    with good.open("w", encoding="utf-8", newline="") as goods, broken.open("w", encoding="utf-8", newline="") as bads:
        good_rows = csv.writer(goods, delimiter=delimiter)
        broken_rows = csv.writer(bads)
        good_rows.writerow([RECORD, LINE, *columns])
        broken_rows.writerow(["record", "line", "text", "reason"])
        remarks: list[_Record] = []
        held_back = _holding_back_remarks(records, len(columns), remarks)
        for number, (line, width, text, reason, is_plain) in enumerate(held_back, start=1):
            if len(text) > _LONGEST_RECORD_BYTES // 4 and (length := len(text.encode())) > _LONGEST_RECORD_BYTES:
                fault = f"a record of {length:,} bytes, and {_LONGEST_RECORD_BYTES:,} are read"
                broken_rows.writerow([number, line, text[:_CHARACTERS_KEPT], fault])
                continue
            if width == len(columns) and is_plain:
                goods.write(f"{number}{delimiter}{line}{delimiter}{text}\r\n")
                continue
            fields = _fields(text, delimiter) if width else []
            if width >= len(columns) and not any(fields[len(columns) :]):
                good_rows.writerow([number, line, *fields[: len(columns)]])  # without trailing delimiters
            else:
                fault = reason or f"{width} fields where the header has {len(columns)}"
                broken_rows.writerow([number, line, text[:_CHARACTERS_KEPT], fault])
    return (
        _read_csv(good, temporary, delimiter, (RECORD, LINE), columns),
        _read_csv(broken, temporary, ",", (), ("record", "line", "text", "reason")),
        tuple((remark.line, remark.text, AFTER_THE_ROWS) for remark in remarks),
    )


def _holding_back_remarks(records: Iterator[_Record], columns: int, remarks: list[_Record]) -> Iterator[_Record]:
    """The records, but for those of one field of several words that nothing else follows: they end up in `remarks`.

    "Generated by: Ani" is one, a line that breaks off in its first field is none.
    """
    for record in records:
        if record.width == 1 and columns > 2 and " " in record.text.strip() and len(remarks) < _MOST_REMARKS:
            remarks.append(record)
            continue
        yield from remarks
        remarks.clear()
        yield record


class _Record(NamedTuple):
    """A record of a CSV file as it stands there: `width` is 0 where `reason` says what is broken."""

    line: int
    width: int  # how many fields it has
    text: str
    reason: str = ""
    is_plain: bool = True  # the text can be copied as it is


_INSIDE_QUOTES = re.compile(r'[^"]*+(?:""[^"]*+)*+')


def _records(lines: Iterable[str], delimiter: str) -> Iterator[_Record]:
    """The records of a CSV file with their physical lines; blank lines are none.

    A quote that is opened and not closed as CSV has it breaks its own line only: reading goes on with the next line,
    not behind the next quote that happens to come.
    """
    numbered = enumerate(lines, start=1)
    again: deque[tuple[int, str]] = deque()
    edge = re.escape(delimiter)
    # it begins with the quote itself, which the search then jumps to
    quoted_field = re.compile(rf'"(?:(?<={edge}")|(?<=^"))[^"]*+(?:""[^"]*+)*+"(?={edge}|$)')
    while (current := again.popleft() if again else next(numbered, None)) is not None:
        number, line = current
        text = line.rstrip("\r\n")
        if not text.strip(" "):
            continue
        if not line.isascii() and any("\ud800" <= letter <= "\udfff" for letter in line):
            shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            yield _Record(number, 0, shown, "the line is not UTF-8")
            continue
        unquoted = quoted_field.sub("", text) if '"' in text else text
        if '"' not in unquoted:
            yield _Record(number, unquoted.count(delimiter) + 1, text)
            continue
        fields: list[str] = []
        taken = [current]
        open_field = _split(line, delimiter, fields, None)
        while open_field is not None:
            following = again.popleft() if again else next(numbered, None)
            if following is None:
                break
            taken.append(following)
            open_field = _split(following[1], delimiter, fields, open_field)
        if open_field is None and fields[-1] is not _BROKEN:
            whole = "".join(part for _, part in taken).rstrip("\r\n")
            yield _Record(number, len(fields), whole, is_plain=False)
        else:
            yield _Record(number, 0, text, "a quote is not closed, or text follows a closing quote")
            again.extendleft(reversed(taken[1:]))


def _fields(text: str, delimiter: str) -> list[str]:
    """The fields of a record that is not broken."""
    fields: list[str] = []
    open_field: list[str] | None = None
    for line in io.StringIO(text, newline=""):
        open_field = _split(line, delimiter, fields, open_field)
    return fields


_BROKEN = "\0broken"  # compared by identity


def _split(line: str, delimiter: str, fields: list[str], open_field: list[str] | None) -> list[str] | None:
    """Appends a line's fields; returns the parts of a quoted field that goes on in the next line.

    After a fault the last field is `_BROKEN`.
    """
    end = len(line.rstrip("\r\n"))
    at = 0
    while True:
        if open_field is None:
            start = at
            while start < end and line[start] == " ":
                start += 1
            if start < end and line[start] == '"':
                open_field, at = [], start + 1
        if open_field is None:
            stop = line.find(delimiter, at, end)
            stop = end if stop < 0 else stop
            fields.append(line[at:stop])
        else:
            match = _INSIDE_QUOTES.match(line, at)
            stop = match.end() if match else at
            open_field.append(line[at:stop])
            if stop == len(line):
                return open_field
            fields.append("".join(open_field).replace('""', '"'))
            open_field = None
            stop += 1
            while stop < end and line[stop] == " ":
                stop += 1
            if stop < end and not line.startswith(delimiter, stop):
                fields.append(_BROKEN)
                return None
        if stop >= end:
            return None
        at = stop + len(delimiter)


def _sniff_delimiter(lines: list[str]) -> str:
    """The delimiter that splits most records as it splits the header, into the most columns."""

    def agreement(counts: list[int], columns: int) -> float:
        return columns * counts.count(columns) / len(counts) if columns > 1 else 0.0

    counted = {each: [record.width for record in _records(lines, each)] for each in _DELIMITERS}
    counted = {delimiter: counts for delimiter, counts in counted.items() if counts}
    scores = {each: agreement(counts, counts[0]) for each, counts in counted.items()}
    if not any(scores[each] * 2 > counts[0] > 1 for each, counts in counted.items()):
        # the first line splits as few others do: a title above the header
        usual = {
            each: statistics.mode([count for count in counts if count > 1] or [1]) for each, counts in counted.items()
        }
        by_rows = {each: agreement(counts, usual[each]) for each, counts in counted.items()}
        scores = by_rows if any(by_rows.values()) else scores
    return max(scores, key=scores.__getitem__, default=_DELIMITERS[0])  # the first of equals
