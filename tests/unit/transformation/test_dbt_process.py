"""dbt as a child of the run."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from orchestration.configuration.context import find_paths
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import Settings
from orchestration.errors import BuildError
from orchestration.transformation.build import build_models
from orchestration.transformation.dbt_process import DbtProcess


@pytest.fixture
def dbt_that_ends_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of `closedloop-dbt`."""
    program = tmp_path / "closedloop-dbt"
    program.write_text("#!/bin/sh\nexec <&-\necho no module named dbt\nexit 3\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))


@pytest.mark.usefixtures("dbt_that_ends_early")
def test_a_dbt_that_ended_before_it_was_told_what_to_do_still_says_why() -> None:
    with DbtProcess() as dbt:
        time.sleep(0.2)  # its end of the pipe is closed: writing to it fails
        assert list(dbt.say(["build"])) == ["no module named dbt\n"]
        assert dbt.end() == 3


@pytest.mark.usefixtures("dbt_that_ends_early")
def test_what_dbt_says_is_kept_for_as_many_days_as_are_set(tmp_path: Path) -> None:
    run = new_run(Settings(keep_runs_days=3), find_paths(data=tmp_path / "data"))
    run.paths.logs.mkdir(parents=True)
    run.paths.dbt_target.mkdir()
    for name, days in (("young", 2), ("old", 4)):
        (run.paths.logs / f"{name}.dbt.log").touch()
        os.utime(run.paths.logs / f"{name}.dbt.log", (time.time() - days * 86400,) * 2)
    with DbtProcess() as dbt, pytest.raises(BuildError, match="dbt ended early: no module named dbt"):
        build_models(run, dbt, lambda *_: None)
    assert sorted(log.name for log in run.paths.logs.iterdir()) == [f"{run.run_id}.dbt.log", "young.dbt.log"]
