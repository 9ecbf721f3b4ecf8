"""XLSX files: a sheet's cells as texts, through fastexcel."""

# ruff: noqa: S608 - the names in the SQL here are ours
from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from orchestration.errors import InputError
from orchestration.sources.files.opened import LINE, RECORD, OpenedFile, Opening, unique_names
from orchestration.sources.files.surround import BEFORE_THE_HEADER, HEADER_SEARCHED, header_row

if TYPE_CHECKING:
    import polars

# A date as a cell shows it, and as one that lost its format does: in days since this day.
_DATE = r"^\d{4}-\d{2}-\d{2}"
_SERIAL_DATE = r"^(\d{5}(?:\.\d+)?)$"
_MIDNIGHT = " 00:00:00"
_DAY_ZERO = (1899, 12, 30)


def open_xlsx(con: duckdb.DuckDBPyConnection, wanted: Opening) -> OpenedFile:
    """Raises InputError when it is no workbook, or lacks the sheet or a header."""
    # Imported here: only spreadsheets need it.
    import fastexcel

    try:
        workbook = fastexcel.read_excel(wanted.path)
    except fastexcel.FastExcelError:
        raise InputError(
            "the file is no XLSX workbook, or is protected", where=str(wanted.path), fix="save it again as .xlsx"
        ) from None
    if wanted.sheet is not None and wanted.sheet not in workbook.sheet_names:
        raise InputError(
            f"there is no sheet '{wanted.sheet}'; there are: {', '.join(workbook.sheet_names)}",
            where=str(wanted.path),
            fix="correct `sheet`, or leave it out to read the first",
        )
    cells = workbook.load_sheet(
        wanted.sheet if wanted.sheet is not None else 0, header_row=None, skip_rows=0, dtypes="string"
    ).to_polars()
    filled = [row for row in range(cells.height) if any((cell or "").strip() for cell in cells.row(row))]
    if not filled:
        raise InputError("the sheet is empty", where=str(wanted.path), fix="name another with `sheet`, or fill it")
    if wanted.header is None:
        header = filled[header_row([cells.row(row) for row in filled[:HEADER_SEARCHED]])]
    elif wanted.header - 1 in filled:
        header = wanted.header - 1
    else:
        raise InputError(
            f"row {wanted.header} is no header: there is nothing in it",
            where=str(wanted.path),
            fix="correct `header`, or leave it out to have it found",
        )
    skipped = tuple(
        (row + 1, " | ".join(cell for cell in cells.row(row) if cell), BEFORE_THE_HEADER)
        for row in filled
        if row < header
    )
    titles: list[str | None] = list(cells.row(header))
    while titles and not (titles[-1] or "").strip():
        titles.pop()  # a cell that was formatted and never filled
    columns = unique_names(titles)
    body = cells.slice(header + 1, wanted.limit)[:, : len(columns)]
    body.columns = list(columns)
    con.register(f"{wanted.view}_sheet", _with_dates(body).to_arrow())
    con.execute(
        f"create temp view {wanted.view}_records as select row_number() over () as record, * from {wanted.view}_sheet"
    )
    con.execute(
        f"create temp view {wanted.view} as select record as {RECORD}, record + {header + 1} as {LINE}, "
        f"* exclude (record) from {wanted.view}_records"
    )
    return OpenedFile(wanted.view, None, columns, "xlsx", skipped=skipped)


def _with_dates(body: polars.DataFrame) -> polars.DataFrame:
    """The cells, with those made dates again that lost their format in a column of dates (46083 is 2026-03-02).

    A sheet's date is a midnight; where all of a column are, none of them says a time.
    """
    import polars

    fixed = []
    for name in body.columns:
        texts = body[name]
        if (texts.str.contains(_DATE).sum() or 0) * 2 > texts.count():
            days = polars.col(name).str.extract(_SERIAL_DATE).cast(polars.Float64)
            moment = polars.datetime(*_DAY_ZERO) + polars.duration(seconds=(days * 86_400).round())
            day_alone = (days % 1 == 0).fill_null(value=False)
            shown = polars.col(name)
            if not (texts.str.contains(_DATE) & ~texts.str.ends_with(_MIDNIGHT)).any():
                shown = shown.str.strip_suffix(_MIDNIGHT)
            date = polars.when(day_alone).then(moment.dt.to_string("%Y-%m-%d")).otherwise(moment.dt.to_string("iso"))
            fixed.append(polars.coalesce(date, shown).alias(name))
    return body.with_columns(fixed)
