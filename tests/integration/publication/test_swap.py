"""The swap: readers see the old publication or the new one, whoever is killed and whatever the disk refuses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.errors import DiskError, PublicationError
from orchestration.publication.attempts import record_attempt
from orchestration.publication.publish import KEPT_PUBLICATIONS
from orchestration.quality.gate import run_gate
from reporting.outcome import Outcome
from reporting.status import PublicationStatus, Status, read_status
from tests.integration.publication.publishing import (
    parquet_rows,
    publish_built,
    violations,
    without_ledgers,
)
from tests.small_marts import AS_OF, build_by_hand, change, new_small_run, rows_of

# --- the swap ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that has the first publication of `tmp_path` open and answers each line it is sent."""
    publish_built(build_by_hand(tmp_path))
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.programs.hold_a_publication_open",
            str(tmp_path / "published" / "closedloop.duckdb"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def ask(reader: subprocess.Popen[str]) -> str:
    """What the reader sees."""
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdin.write("again\n")
    reader.stdin.flush()
    return reader.stdout.readline().strip()


def test_a_reader_goes_on_with_the_file_it_has_open_and_a_new_one_gets_the_new(
    tmp_path: Path, reader: subprocess.Popen[str]
) -> None:
    old = "[(3, '600.60')]"
    assert ask(reader) == old
    run = new_small_run(tmp_path)
    change(run, "delete from marts.fct_deals where deal_key = 'deal-3'")
    # so often that the file which the reader has open is no longer kept
    for _ in range(KEPT_PUBLICATIONS + 1):
        publish_built(new_small_run(tmp_path))
        assert ask(reader) == old
    assert len(rows_of(run.paths.published_file)["fct_deals"]) == 2


def test_the_last_three_publications_are_kept(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    made = []
    for number in range(KEPT_PUBLICATIONS + 2):
        change(run, f"update marts.fct_deals set amount = {number}")
        made.append(publish_built(new_small_run(tmp_path, AS_OF + timedelta(days=number))))
    kept = sorted((run.paths.published / "publications").iterdir())
    assert [folder.name for folder in kept] == sorted(one.run_id for one in made)[-KEPT_PUBLICATIONS:]
    for folder, number in zip(kept, range(2, 5), strict=True):
        assert {deal[10] for deal in rows_of(folder / "closedloop.duckdb")["fct_deals"]} == {Decimal(number)}
        told = PublicationStatus.model_validate_json((folder / "publication.json").read_bytes())
        assert (told.run_id, told.as_of) == (folder.name, AS_OF + timedelta(days=number))
    assert run.paths.published_file.resolve().parent == kept[-1].resolve()


def test_a_clock_that_was_set_back_does_not_lose_the_newest(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    for number in range(KEPT_PUBLICATIONS + 1):
        publish_built(replace(run, run_id=f"2027-{number}"))
    change(run, "delete from marts.fct_deals")
    publish_built(replace(run, run_id="2020-1"))
    publish_built(replace(run, run_id="2020-2"))
    assert rows_of(run.paths.published_file)["fct_deals"] == []
    assert parquet_rows(run.paths.published / "parquet")["fct_deals"] == []


# --- kills ------------------------------------------------------------------------------------------------------------


# Publishes once in each folder, in a child of its own that kills itself before its n-th call that changes files.
def publish_in_children(days: int, *told: str) -> list[str]:
    """Publishes `days` after `AS_OF`; returns the calls of the last child that lived."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.programs.publish_and_be_killed", str(days), *told],
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()[-1].split() if finished.stdout else []


def telling_moments(calls: list[str]) -> list[int]:
    """Numbers of calls to be killed at: each that names or makes something, the call after it, and some of the rest."""
    naming = {number for number, call in enumerate(calls, 1) if call in ("os.rename", "os.symlink", "shutil.move")}
    some = set(range(1, len(calls) + 1, len(calls) // 5))
    return sorted(naming | {min(number + 1, len(calls)) for number in naming} | some | {len(calls)})


def test_a_kill_anywhere_leaves_one_whole_publication_and_the_next_run_mends_the_rest(tmp_path: Path) -> None:
    template = build_by_hand(tmp_path / "template")
    for _ in range(KEPT_PUBLICATIONS):  # so that an old one has to go
        publish_built(new_small_run(template.paths.data))
    old = rows_of(template.paths.published_file)
    change(
        template,
        "delete from marts.fct_deals where deal_key = 'deal-3'",
        "update marts.fct_lead_definition_violations set violation_key = 'violation-3' where lead_key = 'lead-1'",
    )

    def copy(name: str) -> Path:
        shutil.copytree(template.paths.data, tmp_path / name, symlinks=True)
        return tmp_path / name

    undisturbed = copy("undisturbed")
    calls = publish_in_children(1, f"0:{undisturbed}")
    new = rows_of(undisturbed / "published" / "closedloop.duckdb")
    assert len(new["fct_deals"]) == len(old["fct_deals"]) - 1

    killed = {number: copy(f"killed-{number}") for number in telling_moments(calls)}
    publish_in_children(1, *(f"{number}:{data}" for number, data in killed.items()))
    seen_new = {}
    for number, data in killed.items():
        published = data / "published"
        found = rows_of(published / "closedloop.duckdb")
        assert found in (old, new), number
        assert parquet_rows(published / "parquet") == found, number
        seen_new[number] = found == new
        read_status(published / "status.json")
    # each state was met, and nothing was unpublished again
    assert set(seen_new.values()) == {False, True}
    assert list(seen_new.values()) == sorted(seen_new.values())

    publish_in_children(2, *(f"0:{data}" for data in killed.values()))
    for number, data in killed.items():
        run = new_small_run(data)
        found = rows_of(run.paths.published_file)
        assert without_ledgers(found) == without_ledgers(new), number
        # what readers saw first is what is remembered
        day = 1 if seen_new[number] else 2
        assert violations(run) == {"violation-1": (0, day), "violation-2": (0, None), "violation-3": (day, None)}
        status = read_status(run.paths.status_file)
        assert status.last_publication is not None
        assert status.last_publication.run_id == run.paths.published_file.resolve().parent.name
        kept = list((run.paths.published / "publications").iterdir())
        assert len(kept) == KEPT_PUBLICATIONS, number
        assert all((folder / "publication.json").exists() for folder in kept)
        leftovers = {path.name for path in data.iterdir()} | {path.name for path in run.paths.published.iterdir()}
        assert not {name for name in leftovers if name.startswith(".") or "candidate" in name}, number


def test_status_tells_of_the_publication_that_a_killed_run_could_not_tell_of(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publication = publish_built(run)  # and killed here
    assert read_status(run.paths.status_file) == Status()
    later = new_small_run(tmp_path)
    record_attempt(later, Outcome.FAILED, message="no source is left")
    status = read_status(run.paths.status_file)
    assert status.last_publication == PublicationStatus(
        run_id=publication.run_id, published_at=publication.published_at, as_of=AS_OF
    )
    assert status.last_attempt is not None
    assert (status.last_attempt.run_id, status.last_attempt.result) == (later.run_id, "failed")


# --- what the disk refuses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "limit"),
    [("candidate", 1_000), ("candidate", 100_000), ("candidate", 700_000), ("publish", 100), ("publish", 1_000)],
)
def test_a_full_disk_is_told_and_leaves_readers_what_they_have(tmp_path: Path, where: str, limit: int) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    before = rows_of(run.paths.published_file)
    change(run, "delete from marts.fct_deals")
    # a file that may not grow any further is refused as a disk that is full is
    finished = subprocess.run(
        [sys.executable, "-m", "tests.programs.publish_on_a_full_disk", str(tmp_path), where, str(limit)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 1, finished.stderr
    assert "free disk space" in finished.stdout
    assert "File too large" in finished.stdout
    assert rows_of(run.paths.published_file) == before
    assert parquet_rows(run.paths.published / "parquet") == before

    publish_built(new_small_run(tmp_path))
    assert rows_of(run.paths.published_file)["fct_deals"] == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    shutil.rmtree(run.paths.published / "publications")
    (run.paths.published / "publications").write_text("in the way")
    with pytest.raises(DiskError, match="nothing was published") as told:
        publish_built(new_small_run(tmp_path))
    assert str(run.paths.published) in str(told.value)

    # what the run reads of the last publication
    run.paths.published_file.unlink()
    run.paths.published_file.write_text("no database, and no Parquet beside it")
    with pytest.raises(PublicationError, match="last publication cannot be read"):
        run_gate(run)
