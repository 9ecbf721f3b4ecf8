"""dbt as a child of the run."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from orchestration.transformation.dbt_process import DbtProcess


def test_a_dbt_that_ended_before_it_was_told_what_to_do_still_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "closedloop-dbt"
    program.write_text("#!/bin/sh\nexec <&-\necho no module named dbt\nexit 3\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with DbtProcess() as dbt:
        time.sleep(0.2)  # its end of the pipe is closed: writing to it fails
        assert list(dbt.say(["build"])) == ["no module named dbt\n"]
        assert dbt.end() == 3
