"""JSONL files: DuckDB reads the lines, and of each object its fields as texts."""

# ruff: noqa: S608 - names in the SQL here go through `quoted`, paths and keys through `literal`
from __future__ import annotations

from itertools import islice
from pathlib import Path

import duckdb

from orchestration.sources.files.encoding import detect_encoding, is_encoded, is_utf8_name, text_lines
from orchestration.sources.files.opened import LINE, RECORD, OpenedFile, Opening, sql_path, unique_names, without_rows
from storage.sql import literal, quoted

_LONGEST_JSON_LINE_BYTES = 16 * 1024 * 1024
# As much as is kept of a line that is longer.
_CHARACTERS_KEPT = 100_000

# Three control characters in a row, which JSON cannot contain: so a line is always one column.
_NEVER = "\x1f\x1e\x1f"


def open_jsonl(con: duckdb.DuckDBPyConnection, wanted: Opening) -> OpenedFile:
    """Raises InputError when it has no lines of JSON."""
    encoding = wanted.encoding or detect_encoding(wanted.path, sample_only=wanted.limit is not None)
    lines = f"{wanted.view}_lines"
    text = sql_path(_json_text(wanted, encoding), wanted.temporary)
    con.execute(
        f"create temp view {lines} as select *, "
        "case when json_valid(text) then json_type(text) = 'OBJECT' else false end as is_object "
        f"from (select row_number() over () as line, text from read_csv({text}, auto_detect=false, header=false, "
        f"columns={{'text': 'VARCHAR'}}, delim={literal(_NEVER)}, quote='', escape='', comment='', strict_mode=false, "
        f"max_line_size={_LONGEST_JSON_LINE_BYTES})) "
        "where trim(text) != ''"
    )
    with without_rows(wanted.path, "no JSON lines"):
        keys = [
            row[0]
            for row in con.execute(
                "select key from ("
                "select line, unnest(keys) as key, generate_subscripts(keys, 1) as position from ("
                f"select line, case when is_object then json_keys(text) end as keys from {lines})) "
                "group by key order by min(line), arg_min(position, line)"
            ).fetchall()
        ]
    columns = unique_names(keys)
    broken = f"{wanted.view}_broken"
    con.execute(
        f"create temp view {broken} as select line as record, line, text, "
        f"'the line is no JSON object, or longer than 16 MB' as reason from {lines} where not is_object"
    )
    pointers = ", ".join(literal("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys)  # RFC 6901
    fields = "".join(f", fields[{n}] as {quoted(column)}" for n, column in enumerate(columns, start=1))
    extracted = f"json_extract_string(text, [{pointers}])" if keys else "null"
    con.execute(
        f"create temp view {wanted.view} as select line as {RECORD}, line as {LINE}{fields} "
        f"from (select line, {extracted} as fields from {lines} where is_object)"
    )
    return OpenedFile(wanted.view, broken, columns, "jsonl", None, encoding)


def _json_text(wanted: Opening, encoding: str) -> Path:
    """The lines in UTF-8; one that cannot be read as it is gets spoilt on purpose, so that it is rejected."""
    is_utf8 = is_utf8_name(encoding) and is_encoded(wanted.path, "utf-8")
    if wanted.limit is None and is_utf8 and not _may_have_a_long_line(wanted.path):
        return wanted.path
    copy = wanted.temporary / "lines.jsonl"
    with copy.open("w", encoding="utf-8", newline="") as file:
        for line in islice(text_lines(wanted.path, encoding), wanted.limit):
            text = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            if len(line) > _LONGEST_JSON_LINE_BYTES // 4 and len(text.encode()) > _LONGEST_JSON_LINE_BYTES:
                text = f"{text[:_CHARACTERS_KEPT]}\n"
            file.write(text if text == line else f"\ufffd {text}")
    return copy


def _may_have_a_long_line(path: Path) -> bool:
    """Whether half as many bytes as may be in a line go by without a line's end: a longer one covers such a half."""
    half = _LONGEST_JSON_LINE_BYTES // 2
    with path.open("rb") as file:
        return any(b"\n" not in part for part in iter(lambda: file.read(half), b"") if len(part) == half)
