"""Parquet files: read by DuckDB itself, each column as the text that a CSV file would have."""

# ruff: noqa: S608 - names in the SQL here go through `quoted`, paths through `literal`
from __future__ import annotations

import duckdb

from orchestration.sources.files.opened import LINE, RECORD, OpenedFile, Opening, sql_path, unique_names, without_rows
from storage.sql import quoted


def open_parquet(con: duckdb.DuckDBPyConnection, wanted: Opening) -> OpenedFile:
    """Raises InputError when it is none, or is cut off."""
    source = f"read_parquet({sql_path(wanted.path, wanted.temporary)}, file_row_number=true)"
    with without_rows(wanted.path, "no Parquet in it, or is cut off"):
        described = con.execute(f"describe select * exclude (file_row_number) from {source}").fetchall()
    columns = unique_names(row[0] for row in described)
    fields = "".join(
        f", {_as_text(quoted(row[0]), row[1])} as {quoted(column)}"
        for row, column in zip(described, columns, strict=True)
    )
    con.execute(
        f"create temp view {wanted.view} as select file_row_number + 1 as {RECORD}, file_row_number + 1 as {LINE}"
        f"{fields} from {source}" + (f" limit {wanted.limit}" if wanted.limit else "")
    )
    return OpenedFile(wanted.view, None, columns, "parquet")


def _as_text(column: str, type_: str) -> str:
    """A Parquet column as the text that a CSV file would have."""
    if type_ in ("DOUBLE", "FLOAT"):
        # 123.0 is how tools without nullable integers write 123
        whole = f"isfinite({column}) and {column} = trunc({column}) and abs({column}) < 1e37"
        return f"case when {whole} then {column}::hugeint::varchar else {column}::varchar end"
    if type_ == "BLOB":  # older writers do not mark texts as such
        return f"coalesce(try(decode({column})), hex({column}))"
    if type_.endswith("]") or type_.startswith(("STRUCT", "MAP")):
        return f"to_json({column})::varchar"
    return f"{column}::varchar"
