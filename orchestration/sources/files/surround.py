"""What stands around the data of an export: lines before its header, totals and remarks after its rows."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence

from orchestration.sources.files.kinds import trimmed
from storage.sql import literal, quoted

# Among so many first rows the header is looked for.
HEADER_SEARCHED = 200

# Among so many first columns the first filled cell of a row is looked for.
_FIRST_COLUMNS = 20

# What the first cell of a total begins with: "Total: Account", "Grand total", "Jumlah keseluruhan".
_TOTAL = r"^\W*((grand|sub|overall)[ -]?)?(totals?|subtotals?|jumlah|totales|totais)\b"

# Why a line was passed over, as raw_files._skipped has it.
BEFORE_THE_HEADER = "before the header"
AFTER_THE_ROWS = "after the last row"
A_TOTAL = "a total"


def header_row(rows: Sequence[Sequence[str | None]]) -> int:
    """The index of the row that names the columns: the first one, unless it is much narrower than the rows below.

    A title or a range of dates fills one or two cells; a header fills about as many as the rows that follow.
    """
    filled = [sum(bool((cell or "").strip()) for cell in row) for row in rows]
    wide = [cells for cells in filled if cells > 2]
    if len(wide) * 3 < len(filled):  # some broken rows in a table of two columns
        wide = [cells for cells in filled if cells > 1]
    usual = statistics.median_high(wide or [1])
    if not filled or filled[0] * 2 > usual:
        return 0
    return next((index for index, cells in enumerate(filled) if cells * 3 >= usual * 2), 0)


def begins_as_total(columns: Iterable[str]) -> str:
    """SQL for whether a row's first filled cell begins as that of a total does."""
    return f"coalesce(regexp_matches(lower({_first_cell(columns)}), {literal(_TOTAL)}), false)"


def begins_with(columns: Iterable[str], beginnings: Iterable[str]) -> str:
    """SQL for whether a row's first filled cell begins with one of these texts, in capitals or not."""
    first = f"lower({_first_cell(columns)})"
    tried = " or ".join(f"starts_with({first}, {literal(beginning.lower())})" for beginning in beginnings)
    return f"coalesce({tried}, false)"


def says_one_thing(columns: Sequence[str]) -> str:
    """SQL for whether a row has a text in its first column alone, as a remark has; never where there are only two."""
    if len(columns) < 3:
        return "false"
    others = ", ".join(f"nullif({quoted(column)}, '')" for column in columns[1:])  # trimming all would cost too much
    return f"({trimmed(quoted(columns[0]))} is not null and coalesce({others}) is null)"


def _first_cell(columns: Iterable[str]) -> str:
    texts = [trimmed(quoted(column)) for column in itertools.islice(columns, _FIRST_COLUMNS)]
    return f"coalesce({', '.join(texts)}, null)" if texts else "null"
