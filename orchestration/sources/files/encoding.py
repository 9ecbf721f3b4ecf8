"""Encodings of text files: found by the content, and read as UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from orchestration.errors import InputError

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
    return "utf-8" if is_encoded(path, "utf-8", chunks) else _guess_encoding(path)


def is_encoded(path: Path, encoding: str, chunks: int | None = None) -> bool:
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
    return next((name for name in (guess, "cp1252") if is_encoded(path, name)), "latin-1")


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def is_utf8_name(encoding: str) -> bool:
    """Whether this is one of the names of UTF-8."""
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def text_lines(path: Path, encoding: str) -> Iterator[str]:
    """The file's lines with their ends; in UTF-8, bytes that are none become lone surrogates (a broken line)."""
    utf8 = is_utf8_name(encoding)
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


def transcoded(path: Path, encoding: str, temporary: Path) -> Path:
    """The file itself if it is UTF-8, else a copy that is."""
    if is_utf8_name(encoding):
        return path
    copy = temporary / f"transcoded{path.suffix}"
    with copy.open("w", encoding="utf-8", newline="") as file:
        file.writelines(text_lines(path, encoding))
    return copy
