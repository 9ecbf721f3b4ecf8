"""The long ones (`make verify`): many kills, many made-up companies, and a large one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import volume
from sandbox.company import present, write_company
from tests.conftest import closedloop, query
from tests.integration.test_runs import marts

pytestmark = pytest.mark.slow

AS_OF = "2026-11-01"
KILLS = 8


def test_runs_killed_at_any_moment_end_in_what_an_undisturbed_run_gives(tmp_path: Path) -> None:
    configuration = write_company(tmp_path / "company", leads=400)
    run = ["run", "--config", str(configuration), "--as-of", AS_OF, "--data"]
    began = time.monotonic()
    closedloop(*run, tmp_path / "undisturbed")
    took = time.monotonic() - began

    moments = random.Random(1)  # noqa: S311 - the same moments each time
    for _ in range(KILLS):
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("closedloop")), *run, str(tmp_path / "killed")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moments.uniform(0, took))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    closedloop(*run, tmp_path / "killed")

    published = Path("published") / "closedloop.duckdb"
    assert marts(tmp_path / "killed" / published) == marts(tmp_path / "undisturbed" / published)


@pytest.mark.parametrize("seed", range(2, 6))
def test_every_made_up_company_holds_all_laws_and_a_full_refresh_changes_nothing(tmp_path: Path, seed: int) -> None:
    configuration = write_company(tmp_path / "company", leads=1000, seed=seed)
    run = ["run", "--config", str(configuration), "--as-of", AS_OF, "--data", str(tmp_path / "data")]
    # dbt's tests and the gate's checks are part of a run
    closedloop(*run)
    published = tmp_path / "data" / "published" / "closedloop.duckdb"
    first = marts(published)
    assert len(first["dim_leads"]) > 900
    closedloop(*run, "--full-refresh")
    assert marts(published) == first


def test_rounds_one_after_another_end_in_what_one_load_of_the_last_gives(tmp_path: Path) -> None:
    published = Path("published") / "closedloop.duckdb"
    for number, data in ((0, "all"), (1, "all"), (2, "all"), (3, "all"), (3, "last")):
        configuration = write_company(tmp_path / "company", round_number=number)
        as_of = present(number).isoformat()
        closedloop("run", "--config", configuration, "--as-of", as_of, "--data", tmp_path / data)
    assert marts(tmp_path / "all" / published) == marts(tmp_path / "last" / published)


def test_a_large_company_is_built_within_the_memory_that_a_run_may_hold(tmp_path: Path) -> None:
    configuration, _ = volume.write_company(tmp_path, leads=max(volume.SIZES))
    closedloop("run", "--config", configuration, "--as-of", AS_OF)
    [(leads,)] = query(tmp_path / "data", "select count(*) from marts.dim_leads where lead_at is not null")
    assert leads == max(volume.SIZES) * 9 // 10  # every tenth is there twice
