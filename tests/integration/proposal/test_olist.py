"""`closedloop init` on the Olist funnel: the proposal, corrected in two lines, is the configuration written by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.configuration.settings import Settings, read_settings
from orchestration.proposal import write_company_folder
from orchestration.sources.files.settings import FileResource, FilesSource
from tests.conftest import OLIST_AS_OF, closedloop, query

# What no file of Olist's says; both lines are marked as unsure.
CORRECTIONS = {
    "  time_zone: Asia/Jakarta  # unsure: no file says in which zone its times and days are": (
        "  time_zone: America/Sao_Paulo"
    ),
    "    currency: IDR  # unsure: no file names a currency": "    currency: BRL",
}

LEADS = "olist_marketing_qualified_leads_dataset.csv"
DEALS = "olist_closed_deals_dataset.csv"


def corrected(config: Path) -> None:
    lines = config.read_text().split("\n")
    assert len(CORRECTIONS) <= 3
    assert all(lines.count(line) == 1 for line in CORRECTIONS)
    config.write_text("\n".join(CORRECTIONS.get(line, line) for line in lines))


def only_source(settings: Settings) -> FilesSource:
    [source] = settings.sources.values()
    return source


def without_path(resource: FileResource | list[FileResource]) -> FileResource:
    assert isinstance(resource, FileResource)
    return resource.model_copy(update={"path": ""})


@pytest.mark.parametrize("renamed", [False, True], ids=["as they are called", "under names that say nothing"])
def test_two_corrected_lines_make_it_the_configuration_by_hand(
    shared: Path, olist_company: Path, tmp_path: Path, renamed: bool
) -> None:
    files = [shared / "data" / "olist" / name for name in (DEALS, LEADS)]
    if renamed:
        files = [Path(shutil.copy(file, tmp_path / f"{number}.csv")) for number, file in enumerate(files)]
    proposal = write_company_folder(tmp_path / "company", files)
    corrected(proposal.config)

    by_hand, proposed = read_settings(olist_company / "closedloop.yml"), read_settings(proposal.config)
    ours, theirs = only_source(by_hand), only_source(proposed)
    assert list(theirs.resources) == ["leads", "deals"]
    for entity in ("leads", "deals"):
        assert without_path(theirs.resources[entity]) == without_path(ours.resources[entity])
    # zone and currency stand once: the source takes the zone of reporting, reporting the currency of the source
    assert theirs.time_zone is None
    assert proposed.reporting.time_zone == ours.time_zone == by_hand.reporting.time_zone
    assert theirs.currency == ours.currency == by_hand.reporting.currency
    assert proposed.reporting.currency is None


def test_what_it_is_unsure_of_stands_on_the_line_concerned(shared: Path, tmp_path: Path) -> None:
    proposal = write_company_folder(tmp_path, [shared / "data" / "olist" / name for name in (LEADS, DEALS)])
    unsure = [line.partition(":")[0].strip() for line in proposal.config.read_text().split("\n") if "# unsure:" in line]
    assert unsure == ["time_zone", "currency", "stage", "deal_id", "created_at"]
    [leads, deals] = proposal.files
    assert (leads.entity, leads.left_out) == ("leads", ())
    assert deals.entity == "deals"
    assert "sdr_id" in deals.left_out


def test_init_then_run_publishes_the_funnel(shared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "company"
    olist = shared / "data" / "olist"
    told = closedloop("init", folder, olist / LEADS, olist / DEALS).stdout
    assert "lead_ids: mql_id" in told
    corrected(folder / "closedloop.yml")
    closedloop("run", "--config", folder / "closedloop.yml", "--as-of", OLIST_AS_OF)
    data = folder / "data"
    assert query(data, "select count(*) from marts.dim_leads where mql_at is not null") == [(8000,)]
    assert query(
        data,
        "select count(*), count(primary_lead_key), sum(amount_reporting), min(currency) from marts.fct_deals "
        "where is_won",
    ) == [(842, 842, 61784006, "BRL")]
    assert query(
        data, "select sum(attributed_revenue) from marts.fct_revenue_attribution where channel = 'organic_search'"
    ) == [(51426000,)]
