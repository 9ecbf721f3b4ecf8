"""The `files` connector: CSV, JSONL, Parquet and XLSX files, mapped to canonical entities and read in bulk by DuckDB."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from orchestration.sources.base import StrictModel
from orchestration.sources.canonical import ENTITIES, LOAD_COLUMNS

FileFormat = Literal["csv", "jsonl", "parquet", "xlsx"]


class FileResource(StrictModel):
    """One entity from one file, glob, folder or object-store URL."""

    path: str = Field(description="a file, a glob, a folder, or an object-store URL; relative to closedloop.yml")
    columns: dict[str, str] = Field(default_factory=dict, description="canonical column: the file's column")
    formats: dict[str, str] = Field(
        default_factory=dict,
        description='canonical column: strptime pattern of a time or date, or "1.234,56" for a decimal comma',
    )
    values: dict[str, dict[str, str | bool | int | float | None]] = Field(
        default_factory=dict, description="canonical column: {the file's value: ours}; null empties it"
    )
    constants: dict[str, str | bool | int | float] = Field(
        default_factory=dict, description="canonical column: a value that every row gets"
    )
    where: str | None = Field(default=None, description="a DuckDB expression over the file's columns")
    format: FileFormat | None = Field(default=None, description="csv, jsonl, parquet or xlsx; else by the file's ending")
    delimiter: str | None = Field(default=None, description="CSV only; found by itself when left out")
    encoding: str | None = Field(default=None, description="CSV and JSONL; found by itself when left out")
    sheet: str | None = Field(default=None, description="XLSX only; the first sheet when left out")


class FilesSource(StrictModel):
    """A source of connector `files` in `closedloop.yml`."""

    connector: Literal["files"]
    time_zone: str | None = Field(default=None, description="IANA zone of times without an offset; else reporting's")
    currency: str | None = Field(default=None, description="ISO 4217, for amounts whose row names none")
    country: str | None = Field(default=None, description="ISO 3166 alpha-2, for phone numbers without a country code")
    resources: dict[str, FileResource | list[FileResource]]

    @field_validator("resources")
    @classmethod
    def _entities_are_known(cls, resources: dict[str, Any]) -> dict[str, Any]:
        for entity in resources:
            if entity not in ENTITIES:
                raise ValueError(f"unknown entity '{entity}'; allowed: {', '.join(ENTITIES)}")
        return resources


RAW_TABLES: dict[str, dict[str, str]] = {
    f"raw_files.{entity.name}": {
        **LOAD_COLUMNS,
        **{column: kind.duckdb_type for column, kind in entity.columns.items()},
    }
    for entity in ENTITIES.values()
} | {
    # a file's state: unchanged files are not read again
    "raw_files._files": {
        "source_name": "VARCHAR",
        "resource": "VARCHAR",
        "file": "VARCHAR",
        "size_bytes": "BIGINT",
        "modified_at": "TIMESTAMP",
        "checksum": "VARCHAR",
        "mapping_hash": "VARCHAR",  # a changed mapping reads the file again
        "rows_loaded": "BIGINT",
        "rows_rejected": "BIGINT",
        "load_id": "VARCHAR",
        "loaded_at": "TIMESTAMP",
    },
    "raw_files._rejected": {
        "source_name": "VARCHAR",
        "resource": "VARCHAR",
        "file": "VARCHAR",
        "line": "BIGINT",  # physical line in the file, 1 = the first
        "column_name": "VARCHAR",
        "value": "VARCHAR",
        "reason": "VARCHAR",
        "payload": "VARCHAR",  # the whole row as JSON
        "load_id": "VARCHAR",
        "loaded_at": "TIMESTAMP",
    },
    "raw_files._identifiers": {"raw_value": "VARCHAR", "kind": "VARCHAR", "hash": "VARCHAR"},
}
