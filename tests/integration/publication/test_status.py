"""status.json: what readers are told of the last attempt."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from orchestration.errors import DiskError, GateStoppedError
from orchestration.publication.attempts import write_status
from orchestration.quality.gate import GateResult, Waiver
from orchestration.resources import RunState
from reporting.status import Status, read_status
from tests.integration.publication.publishing import (
    publish_built,
)
from tests.small_marts import AS_OF, build_by_hand, new_small_run

# --- status.json ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\0", b"[]", b'{"last_attempt": 3}', None])
def test_a_broken_or_missing_status_is_an_empty_one(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "status.json"
    if content is not None:
        file.write_bytes(content)
    assert read_status(file) == Status()
    file.unlink(missing_ok=True)
    file.mkdir()
    assert read_status(file) == Status()


def test_status_tells_attempt_publication_checks_waivers_and_sources(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    state = RunState(run, gate=GateResult((), (Waiver("stage_order", "being fixed", AS_OF.date()),)))
    publish_built(run)
    state.record()
    published = read_status(run.paths.status_file)
    assert published.last_attempt is not None
    assert published.last_attempt.exit_code == 0
    assert published.last_publication is not None
    assert published.last_publication.as_of == AS_OF
    assert [waiver.check for waiver in published.waivers] == ["stage_order"]
    assert published.reporting is not None
    assert published.reporting.currency == "IDR"
    assert published.stopped_since is None

    stopped = new_small_run(tmp_path, AS_OF + timedelta(days=1))
    error = GateStoppedError("table_shrank", where="the gate", fix="look")
    RunState(stopped, gate=GateResult(()), error=error).record()
    status = read_status(run.paths.status_file)
    assert status.last_publication == published.last_publication
    assert status.last_attempt is not None
    assert (status.last_attempt.run_id, status.last_attempt.exit_code) == (stopped.run_id, 2)
    assert status.stopped_since is not None
    assert status.waivers == []
    assert read_status(run.paths.status_file) == status
    write_status(run.paths.status_file, published)
    assert read_status(run.paths.status_file) == published
    assert [path.name for path in run.paths.published.glob(".*")] == []


def test_status_is_told_when_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "published").write_text("in the way")
    with pytest.raises(DiskError, match=r"status\.json could not be written"):
        write_status(tmp_path / "published" / "status.json", Status())
