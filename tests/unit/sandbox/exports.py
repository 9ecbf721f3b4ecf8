"""The made-up company's files as plain Python reads them, by its `closedloop.yml` and nothing else of the product."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import yaml

Row = dict[str, Any]


def rows_of(folder: Path, entity: str) -> Iterator[Row]:
    """The rows of an entity from all sources, under its canonical names, with `source_system`; times are UTC.

    A closing known by its day alone stays a text of that day.
    """
    document = yaml.safe_load((folder / "closedloop.yml").read_text(encoding="utf-8"))
    for source, settings in document["sources"].items():
        given = settings["resources"].get(entity, [])
        for resource in given if isinstance(given, list) else [given]:
            zone = ZoneInfo(settings.get("time_zone", "Asia/Jakarta"))
            for row in _rows(folder / resource["path"], resource.get("sheet")):
                yield {"source_system": source} | _mapped(row, resource, zone)


def _rows(path: Path, sheet: str | None) -> Iterator[Row]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            delimiter = ";" if ";" in file.readline() else ","
            file.seek(0)
            yield from csv.DictReader(file, delimiter=delimiter)
    elif path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)
    elif path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
    else:
        book = openpyxl.load_workbook(path, read_only=True)
        header, *lines = book[sheet].iter_rows(values_only=True)
        yield from (dict(zip(header, line, strict=True)) for line in lines)


def _mapped(row: Row, resource: dict[str, Any], zone: ZoneInfo) -> Row:
    names = {theirs: ours for ours, theirs in resource.get("columns", {}).items()}
    mapped: Row = {names.get(name, name): value for name, value in row.items()}
    for column, values in resource.get("values", {}).items():
        mapped[column] = values.get(mapped.get(column), mapped.get(column))
    for column, value in mapped.items():
        if value == "":
            mapped[column] = None
        elif column.endswith("_at"):
            mapped[column] = _time(value, resource.get("formats", {}).get(column), zone)
    mapped.update(resource.get("constants", {}))
    return mapped


def _time(value: Any, pattern: str | None, zone: ZoneInfo) -> Any:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    if len(value) == len("2026-01-31"):
        return datetime.strptime(value, pattern or "%Y-%m-%d").strftime("%Y-%m-%d")
    try:
        moment = datetime.strptime(value, pattern) if pattern else datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
