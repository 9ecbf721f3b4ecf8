"""XLSX files: a sheet's cells as texts, through fastexcel."""

# ruff: noqa: S608 - the names in the SQL here are ours
from __future__ import annotations

import duckdb

from orchestration.errors import InputError
from orchestration.sources.files.opened import LINE, RECORD, OpenedFile, Opening, unique_names
from orchestration.sources.files.surround import BEFORE_THE_HEADER, HEADER_SEARCHED, header_row


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
    con.register(f"{wanted.view}_sheet", body.to_arrow())
    con.execute(
        f"create temp view {wanted.view}_records as select row_number() over () as record, * from {wanted.view}_sheet"
    )
    con.execute(
        f"create temp view {wanted.view} as select record as {RECORD}, record + {header + 1} as {LINE}, "
        f"* exclude (record) from {wanted.view}_records"
    )
    return OpenedFile(wanted.view, None, columns, "xlsx", skipped=skipped)
