"""The Dagster side: lineage, checks, schedule, a run that Dagster starts by itself, and a source that is down."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from dagster import AssetKey, AssetsDefinition, DagsterInstance, Definitions, job, op

from orchestration.agreement.stages import TEAMS
from orchestration.errors import NotBuiltError
from orchestration.quality.checks import CHECKS
from orchestration.resources import forget_old_runs
from reporting.status import read_status
from tests.conftest import ROOT, closedloop, query

COMPANY = """\
reporting: {currency: IDR, time_zone: Asia/Makassar}
sources:
  crm:
    connector: files
    currency: IDR
    resources:
      leads: {path: leads.csv, constants: {stage: mql}}
  shop:
    connector: files
    currency: IDR
    resources:
      deals: {path: deals.csv, constants: {is_won: true}}
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company with two sources: leads here, deals there."""
    folder = tmp_path_factory.mktemp("company")
    (folder / "closedloop.yml").write_text(COMPANY)
    (folder / "leads.csv").write_text("lead_id,created_at,source\n1,2026-01-01,social\n2,2026-01-02,email\n")
    (folder / "deals.csv").write_text(
        "deal_id,created_at,closed_at,lead_ids,amount\nd1,2026-02-01,2026-02-03,2,500000\n"
    )
    return folder


@pytest.fixture
def definitions(company: Path) -> Definitions:
    from orchestration.configuration.context import find_paths
    from orchestration.configuration.settings import read_settings
    from orchestration.definitions import build_definitions

    paths = find_paths(company / "closedloop.yml", company / "data")
    return build_definitions(read_settings(company / "closedloop.yml"), paths)


def test_lineage_runs_from_each_source_to_the_publication(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    published = AssetKey("publication")
    upstream: set[AssetKey] = set()
    waiting = [published]
    while waiting:
        for parent in graph.get(waiting.pop()).parent_keys - upstream:
            upstream.add(parent)
            waiting.append(parent)
    for key in (["crm", "leads"], ["shop", "deals"], ["agreement"], ["marts", "fct_deals"], ["gate"], ["candidate"]):
        assert AssetKey(key) in upstream
    assert AssetKey(["crm", "leads"]) in graph.get(AssetKey(["staging", "stg_files__leads"])).parent_keys


def test_tests_and_gate_are_checks_and_writers_take_turns(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    checks = {key.to_user_string() for key in graph.asset_check_keys}
    assert {f"gate:{name}" for name in CHECKS} <= checks
    tested = {"marts/fct_deals:tests", "intermediate/int_canonical_leads:tests", "staging/stg_files__ad_reach:tests"}
    assert tested <= checks
    # what a seed's tests ask was asked of the company's files before the run
    assert "seeds/channels:tests" not in checks
    assert any(name.startswith("crm/leads:source_is_loaded") for name in checks)
    writers = [assets for assets in definitions.assets or [] if isinstance(assets, AssetsDefinition)]
    assert {assets.op.pool for assets in writers} == {"warehouse"}


def test_every_asset_has_its_group_and_says_what_it_is(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    teams = {f"team:{team}" for team in TEAMS}
    groups = set()
    for key in graph.get_all_asset_keys():
        asset = graph.get(key)
        assert asset.group_name
        assert asset.description, key
        assert set(asset.owners) <= teams, key
        groups.add(asset.group_name)
    concepts = {folder.name for folder in (ROOT / "models" / "intermediate").iterdir()}
    assert groups == {"sources", "agreement", "reference", "staging", "marts", "publication"} | concepts
    assert graph.get(AssetKey(["marts", "fct_deals"])).owners == ["team:sales"]


def test_the_day_begins_in_the_reporting_time_zone(definitions: Definitions) -> None:
    schedule = definitions.resolve_schedule_def("daily")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 * * *", "Asia/Makassar")


def test_a_run_that_dagster_starts_by_itself_publishes(company: Path, definitions: Definitions) -> None:
    with DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def("closedloop").execute_in_process(instance=instance)
        assert result.success
        materialized = instance.get_latest_materialization_event(AssetKey(["crm", "leads"]))
    assert materialized is not None
    assert materialized.asset_materialization is not None
    metadata = {name: entry.value for name, entry in materialized.asset_materialization.metadata.items()}
    assert metadata["rows_total"] == 2
    # a deal of one source finds its lead in another
    assert query(company / "data", "select count(*) from marts.fct_deals where primary_lead_key is not null") == [(1,)]


def test_a_publication_alone_says_what_it_lacks(definitions: Definitions) -> None:
    with DagsterInstance.ephemeral() as instance, pytest.raises(NotBuiltError, match="no candidate that the gate"):
        definitions.resolve_job_def("closedloop").execute_in_process(
            instance=instance, asset_selection=[AssetKey("publication")]
        )


def test_a_source_that_is_down_leaves_the_rest_and_the_next_run_catches_up(company: Path, tmp_path: Path) -> None:
    folder = tmp_path / "company"
    shutil.copytree(company, folder, ignore=shutil.ignore_patterns("data"))
    configuration = folder / "closedloop.yml"
    # nothing listens there
    configuration.write_text(COMPANY.replace("path: deals.csv", 'path: "ftp://127.0.0.1:1/deals.csv"'))

    finished = closedloop("run", "--config", configuration, "--as-of", "2026-06-01", "--json", expect=3)

    result = json.loads(finished.stdout)
    assert (result["result"], result["exit_code"]) == ("published_with_source_missing", 3)
    assert [failure["source_system"] for failure in result["sources_missing"]] == ["shop"]
    assert query(folder / "data", "select count(*) from marts.dim_leads") == [(2,)]
    assert query(folder / "data", "select count(*) from marts.fct_deals") == [(0,)]
    status = read_status(folder / "data" / "published" / "status.json")
    assert status.last_attempt is not None
    assert status.last_attempt.result == "published_with_source_missing"
    [shop] = [source for source in status.sources if source.source_system == "shop"]
    assert shop.stale_since is not None
    assert "127.0.0.1" in (shop.error or "")

    configuration.write_text(COMPANY)
    closedloop("run", "--config", configuration, "--as-of", "2026-06-01", expect=0)
    assert query(folder / "data", "select count(*) from marts.fct_deals") == [(1,)]
    status = read_status(folder / "data" / "published" / "status.json")
    assert [source.stale_since for source in status.sources] == [None, None]


def test_without_any_source_that_answers_the_run_fails(company: Path, tmp_path: Path) -> None:
    folder = tmp_path / "company"
    folder.mkdir()
    text = COMPANY.replace("path: deals.csv", 'path: "ftp://127.0.0.1:1/deals.csv"')
    (folder / "closedloop.yml").write_text(text.replace("path: leads.csv", 'path: "ftp://127.0.0.1:1/leads.csv"'))
    finished = closedloop("run", "--config", folder / "closedloop.yml", expect=1)
    assert "no source could be loaded" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (folder / "data" / "published" / "closedloop.duckdb").exists()


def test_old_runs_go_with_all_that_they_left(tmp_path: Path) -> None:
    @op
    def say() -> None:
        sys.stdout.write("something\n")

    @job
    def speaking() -> None:
        say()

    def files() -> set[str]:
        return {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if run_id in str(path)}

    with DagsterInstance.local_temp(str(tmp_path)) as instance:
        run_id = speaking.execute_in_process(instance=instance).run_id
        left = files()
        assert f"history/runs/{run_id}.db" in left
        assert any("compute_logs" in name for name in left)
        forget_old_runs(instance, timedelta(days=1))
        assert files() == left
        assert instance.get_run_by_id(run_id)
        forget_old_runs(instance, timedelta())
        assert files() == set()
        assert instance.get_run_by_id(run_id) is None


def test_dev_in_the_background_ends_when_it_is_told_to(company: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = f"dev --config '{company}/closedloop.yml' --data '{tmp_path}' --port {port}"
    with subprocess.Popen(
        # a shell lets what it starts in the background ignore SIGINT
        ["sh", "-c", f"'{Path(sys.executable).with_name('closedloop')}' {arguments} & echo $!; wait"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            assert shell.stdout
            dev = int(shell.stdout.readline())
            wait_until(lambda: is_served(port))
            os.kill(dev, signal.SIGTERM)
            shell.wait(60)
            wait_until(lambda: not is_alive(shell.pid))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("a minute was not enough")


def is_served(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def is_alive(group: int) -> bool:
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
