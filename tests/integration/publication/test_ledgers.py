"""What gate and publication remember from run to run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.publication.candidate import make_candidate
from orchestration.publication.publish import publish
from orchestration.quality.gate import Waiver, run_gate
from reporting.published import open_publication, read_cautions
from tests.integration.publication.publishing import (
    days_later,
    publish_built,
    violations,
)
from tests.small_marts import build_by_hand, change, rows_of

# --- ledgers ----------------------------------------------------------------------------------------------------------


def test_a_violation_is_remembered_from_when_it_was_first_seen_until_it_is_resolved(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    assert violations(run) == {"violation-1": (0, None), "violation-2": (0, None)}

    change(run, "create table gone as from marts.fct_lead_definition_violations where violation_key = 'violation-1'")
    change(run, "delete from marts.fct_lead_definition_violations where violation_key = 'violation-1'")
    for day in (1, 2):
        publish_built(days_later(run, day))
        assert violations(run) == {"violation-1": (0, 1), "violation-2": (0, None)}

    change(run, "insert into marts.fct_lead_definition_violations from gone")
    publish_built(days_later(run, 3))
    assert violations(run) == {"violation-1": (0, None), "violation-2": (0, None)}


def test_a_run_that_does_not_publish_does_not_move_the_memory(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    change(
        run, "update marts.fct_lead_definition_violations set violation_key = 'violation-3' where lead_key = 'lead-1'"
    )
    make_candidate(days_later(run, 1))
    publish_built(days_later(run, 2))
    assert violations(run) == {"violation-1": (0, 2), "violation-2": (0, None), "violation-3": (2, None)}


@pytest.mark.parametrize("lost", ["warehouse", "published"])
def test_the_memory_outlives_the_loss_of_warehouse_or_publication(tmp_path: Path, lost: str) -> None:
    run = build_by_hand(tmp_path)
    change(
        run,
        "create schema ledgers",
        "create table ledgers.quality_results as from marts.fct_quality_results",
        "insert into ledgers.quality_results by name "
        "select 'earlier' as run_id, 'stage_order' as check_name, 'dim_leads' as table_name",
    )
    publish_built(run)
    change(run, "delete from marts.fct_lead_definition_violations where violation_key = 'violation-1'")
    publish_built(days_later(run, 1))
    if lost == "published":
        shutil.rmtree(run.paths.published)
    else:
        change(run, "drop schema ledgers cascade")
    publish_built(days_later(run, 2))
    assert violations(run) == {"violation-1": (0, 1), "violation-2": (0, None)}
    assert [row[0] for row in rows_of(run.paths.published_file)["fct_quality_results"]] == ["earlier"]


def test_a_ledger_takes_over_a_column_that_its_mart_has_gained(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path)
    publish_built(run)
    change(
        run,
        "alter table marts.fct_lead_definition_violations add column owner_name varchar",
        "update marts.fct_lead_definition_violations set owner_name = 'sales' where violation_key = 'violation-1'",
    )
    publish_built(days_later(run, 1))
    change(run, "delete from marts.fct_lead_definition_violations")
    publish_built(days_later(run, 2))
    assert violations(run) == {"violation-1": (0, 2), "violation-2": (0, 2)}
    assert [row[-1] for row in rows_of(run.paths.published_file)["fct_lead_definition_violations"]] == ["sales", None]


def test_cautions_are_those_of_the_publication_that_readers_have_whatever_its_clock(tmp_path: Path) -> None:
    run = build_by_hand(tmp_path, "update marts.dim_leads set mql_at = lead_at - interval 1 day where lead_id = 'L3'")
    make_candidate(run)
    run_gate(run)
    publish(run)
    with open_publication(run.paths.published_file) as con:
        assert [(caution.check, caution.failing_rows) for caution in read_cautions(con)] == [("stage_order", 1)]
    earlier = days_later(run, -7)
    make_candidate(earlier)
    run_gate(earlier, waivers=[Waiver("stage_order", "being fixed", earlier.today)])
    publish(earlier)
    with open_publication(run.paths.published_file) as con:
        assert read_cautions(con) == []
