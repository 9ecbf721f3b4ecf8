"""What `closedloop init` proposes for some files, and what a load of it gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.agreement.folder import read_agreement
from orchestration.configuration.context import find_paths
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import Settings, read_settings
from orchestration.proposal import Proposal, write_company_folder
from orchestration.sources.base import LoadResult
from orchestration.sources.files import connector as files_connector
from orchestration.sources.files.settings import FileResource
from orchestration.warehouse import create_raw_tables

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)


class Company:
    """A company folder that was just proposed, with what it reads."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.settings: Settings = read_settings(proposal.config)
        self.document = proposal.config.read_text()
        self.source = next(iter(self.settings.sources.values()))  # that of no ad platform, where there is one

    def entity(self, name: str) -> FileResource:
        [resource] = [source.resources[name] for source in self.settings.sources.values() if name in source.resources]
        assert isinstance(resource, FileResource)
        return resource

    def load(self, *, rejected: int | None = 0) -> duckdb.DuckDBPyConnection:
        """A database with the raw tables that the proposal loads, of which so many rows (None: any) are rejected."""
        run = new_run(self.settings, find_paths(config=self.proposal.config), as_of=AS_OF)
        run.paths.data.mkdir(exist_ok=True)
        con = duckdb.connect()
        con.execute("set TimeZone = 'UTC'")
        create_raw_tables(con)
        loads: list[LoadResult] = []
        for name, source in self.settings.sources.items():
            files_connector.preflight(name, source, run.context)
            loads += files_connector.load(con, name, source, run.context)
        self.warnings = [warning for load in loads for warning in load.warnings]
        found = rows(con, "select resource, column_name, value, reason from raw_files._rejected")
        assert rejected is None or len(found) == rejected, found
        return con


def propose(folder: Path, *files: Path) -> Company:
    company = Company(write_company_folder(folder / "company", files))
    read_agreement(folder / "company" / "agreement")
    return company


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def written(path: Path, header: str, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
    return path


def day(number: int) -> datetime:
    return datetime(2025, 1, 3, 9, 30) + timedelta(days=number * 3, minutes=number * 7)
