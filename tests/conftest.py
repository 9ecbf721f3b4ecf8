"""What several tests share: the data folders of whole runs, made once a session, and how to call the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import hypothesis
import pytest
from filelock import FileLock

from tests.awkward_company import write_files

# How long an example takes depends on what else the machine does, and says nothing.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent

OLIST_CONFIGURATION = """\
reporting: {{currency: BRL, time_zone: America/Sao_Paulo}}
sources:
  olist:
    connector: files
    time_zone: America/Sao_Paulo
    currency: BRL
    resources:
      leads:
        path: {folder}/olist_marketing_qualified_leads_dataset.csv
        columns: {{lead_id: mql_id, created_at: first_contact_date, source: origin, landing_page: landing_page_id}}
        formats: {{created_at: "%d-%m-%Y"}}
        values: {{source: {{unknown: null}}}}
        constants: {{stage: mql}}
      deals:
        path: {folder}/olist_closed_deals_dataset.csv
        columns:
          deal_id: seller_id
          lead_ids: mql_id
          created_at: won_date
          closed_at: won_date
          amount: declared_monthly_revenue
          owner: sr_id
        formats: {{created_at: "%d-%m-%Y %H:%M", closed_at: "%d-%m-%Y %H:%M"}}
        constants: {{is_won: true, is_closed: true}}
"""

# after the last deal of the funnel
OLIST_AS_OF = "2018-12-01"


def closedloop(*arguments: str | Path, expect: int | None = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the `closedloop` command of this environment in a process of its own; `expect` is its exit code."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CLOSEDLOOP_", "DBT_"))}
    finished = subprocess.run(
        [str(Path(sys.executable).with_name("closedloop")), *map(str, arguments)],
        env=inherited | {"COLUMNS": "200", "NO_COLOR": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if expect is not None:
        assert finished.returncode == expect, finished.stdout + finished.stderr
    return finished


def query(data: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query of the published marts, as anybody with DuckDB would read them."""
    with duckdb.connect(str(data / "published" / "closedloop.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made once a session, also where several processes run the tests."""
    base = factory.getbasetemp()
    shared_base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared_base / name
    with FileLock(shared_base / f"{name}.lock"):
        done = folder / ".done"
        if not done.exists():
            folder.mkdir(parents=True)
            make(folder)
            done.write_text(json.dumps({"name": name}))
    return folder


def _ran(factory: pytest.TempPathFactory, name: str, company: Path, *options: str) -> Path:
    """A data folder after `closedloop run` on a company of the Olist funnel, once a session."""

    def make(folder: Path) -> None:
        configuration = company / "closedloop.yml"
        closedloop("run", "--config", configuration, "--data", folder, "--as-of", OLIST_AS_OF, *options)

    return _once(factory, name, make)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data (CLOSEDLOOP_SHARED, else ../shared); where CI is set it has to be there."""
    folder = Path(os.environ.get("CLOSEDLOOP_SHARED", ROOT.parent / "shared"))
    if not folder.exists():
        if os.environ.get("CI"):
            pytest.fail(f"the shared data is missing: {folder}")
        pytest.skip(f"the shared data is not on this machine: {folder}")
    return folder


@pytest.fixture(scope="session")
def olist_company(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company folder whose closedloop.yml reads the Olist funnel."""

    def make(folder: Path) -> None:
        (folder / "closedloop.yml").write_text(OLIST_CONFIGURATION.format(folder=shared / "data" / "olist"))

    return _once(tmp_path_factory, "olist_company", make)


@pytest.fixture(scope="session")
def olist_data(olist_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder after `closedloop run` on the Olist funnel."""
    return _ran(tmp_path_factory, "olist_data", olist_company)


@pytest.fixture(scope="session")
def awkward_company(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company folder with the Olist funnel, and beside it a CRM whose exports have what goes wrong."""
    return _awkward(shared, tmp_path_factory, "awkward_company", shuffled=False)


@pytest.fixture(scope="session")
def shuffled_company(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the lines of the CRM's exports in another order."""
    return _awkward(shared, tmp_path_factory, "shuffled_company", shuffled=True)


def _awkward(shared: Path, tmp_path_factory: pytest.TempPathFactory, name: str, *, shuffled: bool) -> Path:
    def make(folder: Path) -> None:
        olist = OLIST_CONFIGURATION.format(folder=shared / "data" / "olist")
        (folder / "closedloop.yml").write_text(olist + write_files(folder / "crm", shuffled=shuffled))

    return _once(tmp_path_factory, name, make)


@pytest.fixture(scope="session")
def awkward_data(awkward_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder after `closedloop run` on that company."""
    return _ran(tmp_path_factory, "awkward_data", awkward_company)


@pytest.fixture(scope="session")
def awkward_spark_data(shuffled_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder after the same run on the second engine, on files in another order."""
    return _ran(tmp_path_factory, "awkward_spark_data", shuffled_company, "--target", "spark")


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder after `closedloop demo`."""

    def make(folder: Path) -> None:
        closedloop("demo", "--data", folder)

    return _once(tmp_path_factory, "demo_data", make)
