"""Small CSV files that people keep in a spreadsheet: read in whatever form Excel writes them, written in one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from orchestration.configuration.fields import StrictModel
from orchestration.configuration.mistakes import in_words, unknown
from orchestration.errors import ConfigurationError


class Row(StrictModel):
    """One row of a file.

    A field that takes None is a cell that may be empty, one with a default a column that may be left out.
    """

    KEY: ClassVar[tuple[str, ...]] = ()  # the columns that tell rows apart


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class SeedTable(Generic[R]):
    """A file's rows with the line of each; two tables are equal when their rows are."""

    rows: tuple[R, ...]
    path: Path = field(compare=False)
    lines: tuple[int, ...] = field(compare=False)

    def numbered(self) -> Iterator[tuple[int, R]]:
        """Each row with its line in the file, 1 = the header."""
        return zip(self.lines, self.rows, strict=True)

    def mistake(self, what: str, *, line: int = 1, column: str | None = None, fix: str) -> ConfigurationError:
        """An error that names the place in this file."""
        where = f"{self.path}, line {line}" + (f", column {column}" if column else "")
        return ConfigurationError(what, where=where, fix=fix)


def _read_day(found: Any) -> Any:
    if not isinstance(found, str):
        return found
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", found):
        year, month, day = iso.groups()
    elif local := re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", found):
        day, _, month, year = local.groups()
    else:
        raise ValueError(f"found '{found}'; allowed: a date as 2026-01-31 or 31/01/2026")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(
            f"found '{found}', a day that is not in the calendar; dates are year-month-day or day/month/year"
        ) from None


def _read_number(found: Any) -> Any:
    if not isinstance(found, str):
        return found
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", found):
        plain = re.sub(r"[.,]", "", found)
        raise ValueError(f"found '{found}', which may be a thousand or a fraction; allowed: {plain} or {found}0")
    if not re.fullmatch(r"[+-]?\d+([.,]\d+)?", found):
        raise ValueError(f"found '{found}'; allowed: a number without thousands separators, as 1500 or 0.4")
    return Decimal(found.replace(",", "."))


def _read_whole(found: Any) -> Any:
    if not isinstance(found, str):
        return found
    if not re.fullmatch(r"[+-]?\d+", found):
        raise ValueError(f"found '{found}'; allowed: a whole number, as 14")
    return int(found)


_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _read_flag(found: Any) -> Any:
    if not isinstance(found, str):
        return found
    if found.casefold() not in _FLAGS:
        raise ValueError(f"found '{found}'; allowed: true or false")
    return _FLAGS[found.casefold()]


def _read_clock(found: Any) -> Any:
    if not isinstance(found, str):
        return found
    parts = re.fullmatch(r"(\d{1,2})[:.](\d{2})([:.]00)?", found)
    if not parts or int(parts[1]) * 60 + int(parts[2]) > 24 * 60 or int(parts[2]) > 59:
        raise ValueError(f"found '{found}'; allowed: a time of day from 00:00 to 24:00")
    return f"{int(parts[1]):02}:{parts[2]}"


Text = Annotated[str, Field(min_length=1)]
Day = Annotated[date, BeforeValidator(_read_day), Field(ge=date(1900, 1, 1))]
# as wide as the seeds' decimal(18, 6)
Number = Annotated[Decimal, BeforeValidator(_read_number), Field(max_digits=18, decimal_places=6)]
Whole = Annotated[int, BeforeValidator(_read_whole), Field(ge=-(2**63), lt=2**63)]
Flag = Annotated[bool, BeforeValidator(_read_flag)]
Clock = Annotated[str, BeforeValidator(_read_clock)]  # HH:MM


def folded(name: str) -> str:
    """A name as it is compared, case, blanks and hyphens aside; the models' macro `folded` does the same."""
    return re.sub(r"[ -]", "_", name.strip(" ").lower())


def find_tables(folder: Path, allowed: Collection[str]) -> dict[str, Path]:
    """The folder's CSV files by their names without `.csv`, in the order of `allowed`.

    Notes (`.md`, `.txt`), dbt's properties and hidden files may stand beside them; any other name is a
    ConfigurationError, since a misspelt file would be passed over in silence.
    """
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise ConfigurationError(
            f"the folder cannot be read: {error.strerror}",
            where=str(folder),
            fix="correct the path in closedloop.yml (relative to that file), or remove it to use the shipped files",
        ) from None
    names = [f"{name}.csv" for name in allowed]
    for path in paths:
        if path.name not in names and path.suffix not in (".md", ".txt", ".yml") and path.name[0] not in ".~":
            raise ConfigurationError(
                unknown("file", path.name, names), where=str(folder), fix="rename it, save it as CSV, or take it away"
            )
    return {name: folder / f"{name}.csv" for name in allowed if folder / f"{name}.csv" in paths}


def read_table(path: Path, model: type[R]) -> SeedTable[R]:
    """The rows of a CSV file with `,` or `;`, in UTF-8 with or without BOM, each checked by `model`.

    Empty cells are None and empty lines nothing; numbers may have a decimal comma and dates may be d/m/y. Raises
    ConfigurationError for the first mistake, with file, line, column, what was found and what is allowed.
    """
    file = SeedTable[R]((), path, ())
    records = _records(file)
    header_line, header = next(records, (1, []))
    columns = _checked_columns(file, header_line, header, model)
    rows: list[R] = []
    lines: list[int] = []
    keys: dict[tuple[Any, ...], int] = {}
    for line, cells in records:
        if any(cells[len(columns) :]):
            raise file.mistake(
                f"the line has {len(cells)} cells and the header {len(columns)}",
                line=line,
                fix="put a cell with a comma in quotes, or separate the columns with ;",
            )
        found = dict(zip(columns, cells, strict=False))
        row = _checked_row(file, line, {column: found.get(column) or None for column in columns}, model)
        if model.KEY:
            key = tuple(getattr(row, column) for column in model.KEY)
            if key in keys:
                repeated = ", ".join(f"{column} {_text(value)}" for column, value in zip(model.KEY, key, strict=True))
                raise file.mistake(
                    f"{repeated}: is there already, in line {keys[key]}",
                    line=line,
                    column=model.KEY[-1],
                    fix="keep one of the two lines",
                )
            keys[key] = line
        rows.append(row)
        lines.append(line)
    return SeedTable(tuple(rows), path, tuple(lines))


def _records(file: SeedTable[R]) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not empty, with its number and its trimmed cells."""
    try:
        text = file.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise file.mistake("the file is not UTF-8", fix="save it as `CSV UTF-8` in the spreadsheet") from None
    except OSError as error:
        raise file.mistake(f"the file cannot be read: {error.strerror}", fix="correct the path or its rights") from None
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",", strict=True)
    line = 1
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                yield line, trimmed
            line = reader.line_num + 1
    except csv.Error as error:
        raise file.mistake(f"the line is no CSV: {error}", line=line, fix="check its quotes") from None


def _checked_columns(file: SeedTable[R], line: int, header: list[str], model: type[R]) -> list[str]:
    """The header's columns without the empty ones that a spreadsheet leaves at the end."""
    while header and not header[-1]:
        header.pop()
    for column in header:
        if column not in model.model_fields:
            raise file.mistake(
                unknown("column", column, model.model_fields), line=line, column=column, fix="rename or remove it"
            )
        if header.count(column) > 1:
            raise file.mistake("the column stands there twice", line=line, column=column, fix="remove one of the two")
    required = [column for column, described in model.model_fields.items() if described.is_required()]
    if missing := [column for column in required if column not in header]:
        raise file.mistake(
            f"the header lacks {', '.join(missing)}",
            line=line,
            column=missing[0],
            fix=f"the columns are {', '.join(model.model_fields)}",
        )
    return header


def _checked_row(file: SeedTable[R], line: int, found: dict[str, str | None], model: type[R]) -> R:
    try:
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = str(first["loc"][0])
        what = "the cell is empty" if found.get(column) is None else in_words(first)
        more = f" (and {error.error_count() - 1} more in this line)" if error.error_count() > 1 else ""
        described = model.model_fields[column].description
        fix = f"{column} is {described}" if described else "correct the cell"
        raise file.mistake(what + more, line=line, column=column, fix=fix) from None


def csv_text(model: type[R], rows: tuple[R, ...]) -> str:
    """The rows as plain CSV: comma, decimal point, ISO dates, every column in the model's order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(model.model_fields)
    writer.writerows([_text(getattr(row, column)) for column in model.model_fields] for row in rows)
    return text.getvalue()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
