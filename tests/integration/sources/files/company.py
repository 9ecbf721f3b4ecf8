"""A company folder with a warehouse, for the tests of the files connector."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.configuration.context import RunContext, find_paths
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import ReportingSettings, Settings
from orchestration.sources.base import LoadResult
from orchestration.sources.files.connector import load
from orchestration.sources.files.settings import FilesSource
from orchestration.warehouse import create_raw_tables, open_warehouse

AS_OF = datetime(2024, 6, 1, tzinfo=UTC)


class Company:
    """A company folder with a warehouse: files are written, sources loaded, tables asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "closedloop.yml").touch()
        self.paths = find_paths(folder / "closedloop.yml")
        with open_warehouse(self.paths) as con:
            create_raw_tables(con)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        """Writes a file with a time of its own, as a second export would have."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        later = file.stat().st_mtime + 10 if file.exists() else 1_700_000_000
        file.write_bytes(text.encode(encoding))
        os.utime(file, (later, later))
        return file

    def run(self, *, full_refresh: bool = False) -> RunContext:
        settings = Settings(reporting=ReportingSettings(time_zone="Asia/Jakarta"))
        return new_run(settings, self.paths, as_of=AS_OF, full_refresh=full_refresh).context

    def load(
        self, resources: dict[str, Any], *, name: str = "crm", full_refresh: bool = False, **options: Any
    ) -> list[LoadResult]:
        with open_warehouse(self.paths) as con:
            return list(load(con, name, source(resources, **options), self.run(full_refresh=full_refresh)))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with open_warehouse(self.paths) as con:
            return con.execute(sql).fetchall()


def source(resources: dict[str, Any], **options: Any) -> FilesSource:
    return FilesSource.model_validate({"connector": "files", "resources": resources, **options})
