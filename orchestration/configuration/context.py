"""What every part may ask of a run: the folders it works in, and its clock. It knows no settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

# The dbt project and the Python project are one folder; it is found from the package, not from the current folder.
PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent

# The seeds as shipped: the defaults of a company's own agreement and reference files.
SHIPPED_SEEDS = PROJECT_ROOT / "seeds"


@dataclass(frozen=True)
class Paths:
    """Where a data folder keeps what."""

    config: Path | None  # closedloop.yml; paths in it are relative to its folder
    data: Path

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def published_file(self) -> Path:
        return self.published / "closedloop.duckdb"

    @property
    def status_file(self) -> Path:
        return self.published / "status.json"

    @property
    def candidate_file(self) -> Path:
        """The next publication while it is made; never read by anybody else."""
        return self.data / "candidate.duckdb"

    @property
    def dbt_project(self) -> Path:
        """The product's dbt project with this data folder's seeds in it (orchestration/project.py)."""
        return self.data / "project"

    @property
    def seeds(self) -> Path:
        """The effective seeds: the company's files where there are any, else the shipped ones."""
        return self.dbt_project / "seeds"

    @property
    def runs(self) -> Path:
        """Dagster's own storage and dbt's artifacts."""
        return self.data / "runs"

    @property
    def dbt_target(self) -> Path:
        return self.runs / "dbt"

    @property
    def logs(self) -> Path:
        """What dbt said in each run, and the traces of what nobody foresaw."""
        return self.runs / "logs"

    @property
    def spark(self) -> Path:
        """Parquet on its way to and from Spark."""
        return self.data / "spark"

    @property
    def work(self) -> Path:
        """Parts and copies of files while they are read."""
        return self.data / "work"

    @property
    def identifier_key_file(self) -> Path:
        return self.data / "identifier.key"

    @property
    def lock_file(self) -> Path:
        return self.data / "run.lock"

    def resolve(self, path: str) -> Path:
        """A path written in closedloop.yml, relative to its folder."""
        base = self.config.parent if self.config else Path.cwd()
        return (base / Path(path).expanduser()).resolve()


def find_paths(config: Path | None = None, data: Path | None = None) -> Paths:
    """Paths from the options, else CLOSEDLOOP_CONFIG and CLOSEDLOOP_DATA, else ./closedloop.yml and data/ beside it."""
    if config is None and (named := os.environ.get("CLOSEDLOOP_CONFIG")):
        config = Path(named)
    if config is None and (here := Path("closedloop.yml")).exists():
        config = here
    if data is None and (named := os.environ.get("CLOSEDLOOP_DATA")):
        data = Path(named)
    config = config.resolve() if config else None
    if data is None:
        data = (config.parent if config else Path.cwd()) / "data"
    return Paths(config=config, data=data.resolve())


@dataclass(frozen=True)
class RunContext:
    """What a connector may ask of the run that loads it."""

    paths: Paths
    run_id: str
    as_of: datetime  # aware, UTC: the only clock
    time_zone: str  # the reporting one, of times that neither their text nor their source places
    full_refresh: bool = False
    vars: Mapping[str, Any] = field(default_factory=dict)  # what overrides dbt_project.yml's

    @property
    def now(self) -> datetime:
        """The clock as the warehouse keeps times: naive UTC."""
        return self.as_of.replace(tzinfo=None)
