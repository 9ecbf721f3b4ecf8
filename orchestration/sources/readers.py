"""Opening a file for DuckDB: CSV, JSONL, Parquet or XLSX, from disk or an object store, as one relation of texts."""

# ruff: noqa: S608 - names in the SQL here go through `quoted`, paths and keys through `literal`
from __future__ import annotations

import codecs
import csv
import glob
import io
import os
import re
import secrets
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb
import fsspec

from orchestration.errors import InputError, SourceUnavailableError

FileFormat = Literal["csv", "jsonl", "parquet", "xlsx"]

# The two columns that stand before a file's own in every opened relation.
RECORD = "__record__"  # 1 = the first record after the header
LINE = "__line__"  # physical line (or row of the sheet); null where nobody asked for it

ENDINGS: dict[str, FileFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}

_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED_RECORDS = 200
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheets and CRMs of the last thirty years wrote; guessing among all of Python's codecs finds curiosities.
_LEGACY_ENCODINGS = [
    *("cp1252", "gb18030", "cp932", "euc_jp", "big5", "cp949", "cp1251", "koi8_r"),
    *("cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
]
_ENCODING_SAMPLE_BYTES = 64 * 1024
_SAMPLED_CHUNKS = 4
_LONGEST_JSON_LINE_BYTES = 16 * 1024 * 1024
# Three control characters in a row, which JSON cannot contain: so a line is always one column.
_NEVER = "\x1f\x1e\x1f"


@dataclass(frozen=True)
class FoundFile:
    """A file that a `path` setting leads to."""

    name: str  # as it is recorded: relative to closedloop.yml's folder, or the URL
    location: str  # absolute path or URL
    size_bytes: int
    modified_at: datetime | None  # naive UTC; None where the object store does not say

    @property
    def is_remote(self) -> bool:
        """Whether it has to be downloaded first."""
        return "://" in self.location


@dataclass(frozen=True)
class OpenedFile:
    """A file as DuckDB sees it.

    `relation` is a temporary view with the columns RECORD and LINE, then `columns`, all VARCHAR, in the file's order.
    `broken` names a view (record, line, text, reason) of the lines that are no record; None where there can be none.
    """

    relation: str
    broken: str | None
    columns: tuple[str, ...]
    format: FileFormat
    delimiter: str | None = None
    encoding: str | None = None


def find_files(path: str, base: Path) -> list[FoundFile]:
    """The files behind a `path` setting: one file, a glob, a folder (its readable files) or an object-store URL.

    `base` is the folder that relative paths start from. Sorted by name. Raises InputError when there is none.
    """
    found = _find_remote(path) if "://" in path else _find_local(path, base)
    if not found:
        raise InputError(
            "there is no such file" if not glob.has_magic(path) else "no file matches",
            where=path,
            fix="correct `path` in closedloop.yml (it is relative to that file's folder), or put the file there",
        )
    return sorted(found, key=lambda file: file.name)


def _find_local(path: str, base: Path) -> list[FoundFile]:
    target = base / Path(path).expanduser()
    if target.is_dir():
        paths = [file for file in target.iterdir() if _is_readable(file.name)]
    elif target.exists():
        paths = [target]
    else:
        paths = [Path(name) for name in glob.glob(str(target), recursive=True)]  # noqa: PTH207 - patterns are absolute
    return [_local_file(file, base) for file in paths if file.is_file()]


def _is_readable(name: str) -> bool:
    """Whether a folder's file is input: a known ending, and neither hidden nor a spreadsheet's lock."""
    return Path(name).suffix.lower() in ENDINGS and not name.startswith((".", "~$"))


def _local_file(path: Path, base: Path) -> FoundFile:
    status = path.stat()
    return FoundFile(
        name=Path(os.path.relpath(path, base)).as_posix(),
        location=str(path.resolve()),
        size_bytes=status.st_size,
        modified_at=datetime.fromtimestamp(status.st_mtime_ns // 1000 / 1e6, UTC).replace(tzinfo=None),
    )


def _find_remote(url: str) -> list[FoundFile]:
    try:
        store, root = fsspec.url_to_fs(url)
        if glob.has_magic(root):
            paths = store.glob(root)
        elif store.isdir(root):
            paths = [path for path in store.ls(root, detail=False) if _is_readable(path.rpartition("/")[2])]
        else:
            paths = [root] if store.exists(root) else []
        return [_remote_file(store, path) for path in paths if store.isfile(path)]
    except ImportError as error:
        raise InputError(str(error), where=url, fix="install the package it names beside closedloop") from None
    except ValueError as error:
        raise InputError(f"no such kind of store ({error})", where=url, fix="check how the URL begins") from None
    except OSError as error:
        raise SourceUnavailableError(
            f"the object store does not answer ({type(error).__name__})",
            where=url,
            fix="check the URL, the credentials in the environment, and the connection; the next run catches up",
        ) from error


def _remote_file(store: fsspec.AbstractFileSystem, path: str) -> FoundFile:
    try:
        modified_at = store.modified(path)
    except NotImplementedError:
        modified_at = None
    if modified_at is not None and modified_at.tzinfo is not None:
        modified_at = modified_at.astimezone(UTC).replace(tzinfo=None)
    url = store.unstrip_protocol(path)
    return FoundFile(name=url, location=url, size_bytes=store.size(path) or 0, modified_at=modified_at)


@contextmanager
def local_copy(file: FoundFile) -> Iterator[Path]:
    """The file on this machine: itself, or a download that lives as long as the block."""
    if not file.is_remote:
        yield Path(file.location)
        return
    with tempfile.TemporaryDirectory(prefix="closedloop-") as folder:
        copy = Path(folder) / file.location.rpartition("/")[2]
        try:
            store, root = fsspec.url_to_fs(file.location)
            store.get_file(root, str(copy))
        except OSError as error:
            raise SourceUnavailableError(
                f"the download failed ({type(error).__name__})",
                where=file.name,
                fix="check the credentials in the environment and the connection; the next run catches up",
            ) from error
        yield copy


@contextmanager
def open_file(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    format: FileFormat | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    limit: int | None = None,
    fast: bool = False,
) -> Iterator[OpenedFile]:
    """The file as a temporary view of texts on `con`, dropped when the block ends.

    What is not given is found: format by the ending, delimiter and encoding by the content. `limit` reads the first
    records only. A CSV file is gone through line by line first, so that broken lines are set apart and every record
    knows its physical line; `fast` leaves that out: DuckDB parses the file itself, LINE is null, and a broken line
    raises duckdb.Error when the relation is read.

    Raises InputError when the file is not what its ending says, is empty, or lacks a header.
    """
    format = format or _format_of(path)
    if not os.access(path, os.R_OK):
        raise InputError("the file cannot be read", where=str(path), fix="check that it is there and its permissions")
    with ExitStack() as cleanup:
        temporary = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="closedloop-")))
        name = f"opened_{secrets.token_hex(4)}"
        cleanup.callback(_drop, con, name)
        if format == "parquet":
            yield _open_parquet(con, path, name, temporary, limit)
        elif format == "xlsx":
            yield _open_xlsx(con, path, name, sheet, limit)
        else:
            encoding = encoding or detect_encoding(path, sample_only=limit is not None)
            if format == "csv":
                yield _open_csv(con, path, name, temporary, delimiter, encoding, limit, fast)
            else:
                yield _open_jsonl(con, path, name, temporary, encoding, limit)


def _format_of(path: Path) -> FileFormat:
    found = ENDINGS.get(path.suffix.lower())
    if found is None:
        raise InputError(
            f"the ending '{path.suffix}' does not say what the file is",
            where=str(path),
            fix="write `format: csv` (or jsonl, parquet, xlsx) beside its path",
        )
    return found


def _drop(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Drops what `open_file` made; a transaction that failed in between takes it away by itself."""
    with suppress(duckdb.TransactionException):
        for suffix in ("", "_broken", "_lines", "_records"):
            con.execute(f"drop view if exists {name}{suffix}")
        con.unregister(f"{name}_sheet")


def quoted(identifier: str) -> str:
    """An SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string; only where no parameter can stand (table functions inside views)."""
    return "'" + text.replace("'", "''") + "'"


def _readable_path(path: Path, temporary: Path) -> str:
    """The path as an SQL string; DuckDB would take brackets and stars in a name for a glob, so those get a link."""
    if glob.has_magic(str(path)):
        link = temporary / f"input{path.suffix}"
        link.symlink_to(path.resolve())
        path = link
    return literal(str(path))


def _unique(names: Iterable[str | None]) -> tuple[str, ...]:
    """Column names that differ, case aside: an empty one becomes column_3, a second `id` id_2."""
    taken = {RECORD, LINE}
    unique: list[str] = []
    for position, given in enumerate(names, start=1):
        base = (given or "").strip() or f"column_{position}"
        name, count = base, 1
        while name.casefold() in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name.casefold())
        unique.append(name)
    return tuple(unique)


# --- encodings


def detect_encoding(path: Path, *, sample_only: bool = False) -> str:
    """The encoding of a text file: by its mark, else UTF-8 if it is that, else the likeliest of the old ones.

    The whole file counts, since one name with an accent may stand in its last line; or the first few MB of it.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head[::2] and b"\0" not in head[1::2]:
        return "utf-16-be"
    if b"\0" in head[1::2] and b"\0" not in head[::2]:
        return "utf-16-le"
    chunks = _SAMPLED_CHUNKS if sample_only else None
    return "utf-8" if _is_encoded(path, "utf-8", chunks) else _guess_encoding(path)


def _is_encoded(path: Path, encoding: str, chunks: int | None = None) -> bool:
    """Whether the file, or its first chunks of a MB, is text in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            for chunk in islice(iter(lambda: file.read(1024 * 1024), b""), chunks):
                decoder.decode(chunk)
            if chunks is None:
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _guess_encoding(path: Path) -> str:
    """UTF-8 if most lines beyond ASCII are that (the others are broken then), else what charset-normalizer finds."""
    # Imported here: its start costs a second and most files never need it.
    from charset_normalizer import from_bytes

    sample: dict[bytes, bool] = {}
    with path.open("rb") as file:
        size = 0
        for line in file:
            if not line.isascii() and line not in sample:
                sample[line] = _decodes(line, "utf-8")
                size += len(line)
                if size > _ENCODING_SAMPLE_BYTES:
                    break
    if sum(sample.values()) * 2 >= len(sample):
        return "utf-8"
    text = b"".join(sample)
    candidates = from_bytes(text, cp_isolation=_LEGACY_ENCODINGS, threshold=0.5)
    best = candidates.best()
    western = next((candidate for candidate in candidates if candidate.encoding == "cp1252"), None)
    # Windows-1252 is by far the commonest, and most of its neighbours read the same bytes as other letters.
    if best is None or (western is not None and western.chaos <= best.chaos + 0.2):
        guess = "cp1252"
    else:
        guess = "cp1252" if _decodes(text, "cp1252") and text.decode("cp1252") == str(best) else best.encoding
    return next((name for name in (guess, "cp1252") if _is_encoded(path, name)), "latin-1")


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8_name(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def _text_lines(path: Path, encoding: str) -> Iterator[str]:
    """The file's lines with their ends; in UTF-8, bytes that are none become lone surrogates (a broken line)."""
    utf8 = _is_utf8_name(encoding)
    try:
        with path.open(
            encoding="utf-8-sig" if utf8 else encoding, errors="surrogateescape" if utf8 else "strict", newline=""
        ) as file:
            for number, line in enumerate(file):
                yield line if number else line.removeprefix("\ufeff")
    except (LookupError, UnicodeError) as error:
        raise InputError(
            f"there is no encoding '{encoding}'" if isinstance(error, LookupError) else f"the text is not {encoding}",
            where=str(path),
            fix="correct `encoding`, e.g. encoding: windows-1252, or leave it out to have it found",
        ) from None


def _transcoded(path: Path, encoding: str, temporary: Path) -> Path:
    """The file itself if it is UTF-8, else a copy that is."""
    if _is_utf8_name(encoding):
        return path
    copy = temporary / f"transcoded{path.suffix}"
    with copy.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_text_lines(path, encoding))
    return copy


# --- CSV


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

    def columns_in_agreement(delimiter: str) -> float:
        counts = [record.width for record in _records(lines, delimiter)]
        if not counts or counts[0] < 2:
            return 0.0
        return counts[0] * counts.count(counts[0]) / len(counts)

    return max(_DELIMITERS, key=columns_in_agreement)  # the first of equals


def _open_csv(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    temporary: Path,
    delimiter: str | None,
    encoding: str,
    limit: int | None,
    fast: bool,
) -> OpenedFile:
    if delimiter is None:
        delimiter = _sniff_delimiter(list(islice(_text_lines(path, encoding), _SNIFFED_RECORDS)))
    records = _records(_text_lines(path, encoding), delimiter)
    header = next(records, None)
    if header is None or header.width == 0:
        raise InputError(
            "the file is empty" if header is None else f"the header (line {header.line}) is broken: {header.reason}",
            where=str(path),
            fix="export it again: its first line has to name the columns",
        )
    columns = _unique(_fields(header.text, delimiter))
    broken = None
    # DuckDB takes the first physical line for the header and skips blank lines only if there are several columns
    if fast and limit is None and header.line == 1 and "\n" not in header.text and len(columns) > 1:
        source = _read_csv(_transcoded(path, encoding, temporary), temporary, delimiter, (), columns)
        selected = f"row_number() over () as {RECORD}, null::bigint as {LINE}, *"
    else:
        source, broken_source = _set_apart(islice(records, limit), temporary, delimiter, columns)
        selected = f"{RECORD}::bigint as {RECORD}, {LINE}::bigint as {LINE}, * exclude ({RECORD}, {LINE})"
        broken = f"{name}_broken"
        con.execute(
            f"create temp view {broken} as select record::bigint as record, line::bigint as line, text, reason "
            f"from {broken_source}"
        )
    con.execute(f"create temp view {name} as select {selected} from {source}")
    return OpenedFile(name, broken, columns, "csv", delimiter, encoding)


def _read_csv(path: Path, temporary: Path, delimiter: str, leading: tuple[str, ...], columns: tuple[str, ...]) -> str:
    """DuckDB's reader on a UTF-8 file whose first line is the header; nothing is left to be guessed."""
    typed = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in (*leading, *columns))
    return (
        f"read_csv({_readable_path(path, temporary)}, auto_detect=false, header=true, columns={{{typed}}}, "
        f"delim={literal(delimiter)}, quote='\"', escape='\"', comment='')"
    )


def _set_apart(
    records: Iterator[_Record], temporary: Path, delimiter: str, columns: tuple[str, ...]
) -> tuple[str, str]:
    """Two CSV files out of one, as SQL: the records with number and physical line, and the broken lines.

    This is Python over lines, about half a million a second: only files with something to report come here.
    """
    good, broken = temporary / "records.csv", temporary / "broken.csv"
    with good.open("w", encoding="utf-8", newline="") as goods, broken.open("w", encoding="utf-8", newline="") as bads:
        good_rows = csv.writer(goods, delimiter=delimiter)
        broken_rows = csv.writer(bads)
        good_rows.writerow([RECORD, LINE, *columns])
        broken_rows.writerow(["record", "line", "text", "reason"])
        for number, (line, width, text, reason, is_plain) in enumerate(records, start=1):
            if width == len(columns) and is_plain:
                goods.write(f"{number}{delimiter}{line}{delimiter}{text}\r\n")
                continue
            fields = _fields(text, delimiter) if width else []
            if width >= len(columns) and not any(fields[len(columns) :]):
                good_rows.writerow([number, line, *fields[: len(columns)]])  # without trailing delimiters
            else:
                fault = reason or f"{width} fields where the header has {len(columns)}"
                broken_rows.writerow([number, line, text, fault])
    return (
        _read_csv(good, temporary, delimiter, (RECORD, LINE), columns),
        _read_csv(broken, temporary, ",", (), ("record", "line", "text", "reason")),
    )


# --- JSONL


def _open_jsonl(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, temporary: Path, encoding: str, limit: int | None
) -> OpenedFile:
    lines = f"{name}_lines"
    text = _readable_path(_json_text(path, encoding, temporary, limit), temporary)
    con.execute(
        f"create temp view {lines} as select *, "
        "case when json_valid(text) then json_type(text) = 'OBJECT' else false end as is_object "
        f"from (select row_number() over () as line, text from read_csv({text}, auto_detect=false, header=false, "
        f"columns={{'text': 'VARCHAR'}}, delim={literal(_NEVER)}, quote='', escape='', comment='', strict_mode=false, "
        f"max_line_size={_LONGEST_JSON_LINE_BYTES})) "
        "where trim(text) != ''"
    )
    with _readable(path, "no JSON lines"):
        keys = [
            row[0]
            for row in con.execute(
                "select key from ("
                "select line, unnest(keys) as key, generate_subscripts(keys, 1) as position from ("
                f"select line, case when is_object then json_keys(text) end as keys from {lines})) "
                "group by key order by min(line), arg_min(position, line)"
            ).fetchall()
        ]
    columns = _unique(keys)
    broken = f"{name}_broken"
    con.execute(
        f"create temp view {broken} as select line as record, line, text, 'the line is no JSON object' as reason "
        f"from {lines} where not is_object"
    )
    pointers = ", ".join(literal("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys)  # RFC 6901
    fields = "".join(f", fields[{n}] as {quoted(column)}" for n, column in enumerate(columns, start=1))
    extracted = f"json_extract_string(text, [{pointers}])" if keys else "null"
    con.execute(
        f"create temp view {name} as select line as {RECORD}, line as {LINE}{fields} "
        f"from (select line, {extracted} as fields from {lines} where is_object)"
    )
    return OpenedFile(name, broken, columns, "jsonl", None, encoding)


def _json_text(path: Path, encoding: str, temporary: Path, limit: int | None) -> Path:
    """The lines in UTF-8; one with other bytes is spoilt on purpose, so that it is rejected and not altered."""
    if limit is None and _is_utf8_name(encoding) and _is_encoded(path, "utf-8"):
        return path
    copy = temporary / "lines.jsonl"
    with copy.open("w", encoding="utf-8", newline="") as file:
        for line in islice(_text_lines(path, encoding), limit):
            text = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            file.write(text if text == line else f"\ufffd {text}")
    return copy


@contextmanager
def _readable(path: Path, what: str) -> Iterator[None]:
    """Turns DuckDB's complaint, which quotes rows, into one that does not."""
    try:
        yield
    except duckdb.Error:
        raise InputError(
            f"the file has {what}", where=str(path), fix="export it again, or correct `format` beside its path"
        ) from None


# --- Parquet and XLSX


def _open_parquet(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, temporary: Path, limit: int | None
) -> OpenedFile:
    source = f"read_parquet({_readable_path(path, temporary)}, file_row_number=true)"
    with _readable(path, "no Parquet in it, or is cut off"):
        described = con.execute(f"describe select * exclude (file_row_number) from {source}").fetchall()
    columns = _unique(row[0] for row in described)
    fields = "".join(
        f", {_as_text(quoted(row[0]), row[1])} as {quoted(column)}"
        for row, column in zip(described, columns, strict=True)
    )
    con.execute(
        f"create temp view {name} as select file_row_number + 1 as {RECORD}, file_row_number + 1 as {LINE}{fields} "
        f"from {source}" + (f" limit {limit}" if limit else "")
    )
    return OpenedFile(name, None, columns, "parquet")


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


def _open_xlsx(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, sheet: str | None, limit: int | None
) -> OpenedFile:
    # Imported here: only spreadsheets need it.
    import fastexcel

    try:
        workbook = fastexcel.read_excel(path)
    except fastexcel.FastExcelError:
        raise InputError(
            "the file is no XLSX workbook, or is protected", where=str(path), fix="save it again as .xlsx"
        ) from None
    if sheet is not None and sheet not in workbook.sheet_names:
        raise InputError(
            f"there is no sheet '{sheet}'; there are: {', '.join(workbook.sheet_names)}",
            where=str(path),
            fix="correct `sheet`, or leave it out to read the first",
        )
    cells = workbook.load_sheet(
        sheet if sheet is not None else 0, header_row=None, skip_rows=0, dtypes="string"
    ).to_polars()
    filled = (row for row in range(cells.height) if any((cell or "").strip() for cell in cells.row(row)))
    header = next(filled, None)
    if header is None:
        raise InputError("the sheet is empty", where=str(path), fix="name another with `sheet`, or fill it")
    titles: list[str | None] = list(cells.row(header))
    while titles and not (titles[-1] or "").strip():
        titles.pop()  # a cell that was formatted and never filled
    columns = _unique(titles)
    body = cells.slice(header + 1, limit)[:, : len(columns)]
    body.columns = list(columns)
    con.register(f"{name}_sheet", body.to_arrow())
    con.execute(f"create temp view {name}_records as select row_number() over () as record, * from {name}_sheet")
    con.execute(
        f"create temp view {name} as select record as {RECORD}, record + {header + 1} as {LINE}, "
        f"* exclude (record) from {name}_records"
    )
    return OpenedFile(name, None, columns, "xlsx")
