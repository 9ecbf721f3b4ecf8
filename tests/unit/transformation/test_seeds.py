"""The effective seeds of a data folder: what is laid out there, from whose files, and what the models are told."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from orchestration.agreement.folder import read_agreement
from orchestration.agreement.reference import reference_models
from orchestration.agreement.rows import AGREEMENT_FILES
from orchestration.agreement.seed_files import folded
from orchestration.configuration.context import PROJECT_ROOT, SHIPPED_SEEDS, Paths
from orchestration.configuration.run import Run, new_run
from orchestration.configuration.settings import Settings
from orchestration.errors import ConfigurationError
from orchestration.transformation.project import lay_out_project
from orchestration.transformation.seeds import lay_out_seeds
from orchestration.warehouse import create_raw_tables, open_warehouse, write_run_settings
from storage.sql import folded as folded_sql


def a_run(
    folder: Path, *, agreement: str | None = None, reference: str | None = None, as_of: datetime | None = None
) -> Run:
    paths = Paths(config=folder / "closedloop.yml", data=folder / "data")
    settings = Settings.model_validate(
        {
            "reporting": {"currency": "IDR", "time_zone": "Asia/Jakarta"},
            "agreement": agreement,
            "reference": reference,
            "sources": {"google_ads": {"connector": "files", "resources": {"ad_spend": {"path": "spend.csv"}}}},
        }
    )
    return new_run(settings, paths, as_of=as_of)


def laid_out(run: Run) -> dict[str, bytes]:
    files = (file for file in run.paths.seeds.rglob("*") if file.is_file())
    return {str(file.relative_to(run.paths.seeds)): file.read_bytes() for file in files}


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A company's folder of reference files with nothing in it yet."""
    folder = tmp_path / "reference"
    folder.mkdir()
    return folder


def channels() -> str:
    return (SHIPPED_SEEDS / "reference" / "channels.csv").read_text(encoding="utf-8")


# What is shipped --------------------------------------------------------------------------------------------------


def test_a_company_without_files_of_its_own_gets_the_shipped_ones(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    lay_out_seeds(run)
    shipped = [file for file in SHIPPED_SEEDS.rglob("*") if file.suffix in (".csv", ".yml")]
    assert laid_out(run) == {str(file.relative_to(SHIPPED_SEEDS)): file.read_bytes() for file in shipped}


def test_headers_models_and_dbt_name_the_same_columns_with_types_that_both_engines_know() -> None:
    types = {
        seed["name"]: seed["config"]["column_types"]
        for file in SHIPPED_SEEDS.rglob("_*.yml")
        for seed in yaml.safe_load(file.read_text(encoding="utf-8"))["seeds"]
    }
    files = {file.stem: file for file in SHIPPED_SEEDS.rglob("*.csv")}
    models = AGREEMENT_FILES | reference_models()
    assert set(files) == set(types) == set(models)
    for name, file in files.items():
        with file.open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines))
        assert header == list(types[name]) == list(models[name].model_fields)
        assert {type_.partition("(")[0] for type_ in types[name].values()} <= {
            *("string", "date", "bigint", "double", "decimal", "boolean")
        }


def test_the_shipped_channels_are_the_designs() -> None:
    rows = list(csv.DictReader(channels().splitlines()))
    ga4 = (
        "direct cross_network paid_shopping paid_search paid_social paid_video display paid_other organic_shopping "
        "organic_social organic_video organic_search referral email affiliates audio sms mobile_push"
    )
    ours = "whatsapp marketplace influencer ai_assistant offline_event partner outbound_sales unknown unattributed"
    assert [row["channel"] for row in rows] == [*ga4.split(), *ours.split()]
    for row in rows:
        is_paid = row["channel"].startswith("paid_") or row["channel"] in (
            *("cross_network", "display", "affiliates", "influencer"),
        )
        assert (row["is_paid"] == "true") == is_paid
        not_marketing = ("direct", "unknown", "outbound_sales", "partner", "unattributed")
        assert (row["is_marketing"] == "false") == (row["channel"] in not_marketing)


@pytest.mark.parametrize(
    ("source", "channel"),
    [
        ("organic_search", "organic_search"),
        ("paid_search", "paid_search"),
        ("social", "organic_social"),
        ("social_media", "organic_social"),
        ("direct_traffic", "direct"),
        ("email", "email"),
        ("email_marketing", "email"),
        ("referral", "referral"),
        ("referrals", "referral"),
        ("display", "display"),
        ("trade_show", "offline_event"),
        ("other", None),
        ("other_publicities", None),
        ("offline", None),  # HubSpot's word for imports and records made by hand: nobody recorded where they came from
        ("offline_sources", None),
    ],
)
def test_an_origin_becomes_a_channel_or_stays_unknown(source: str, channel: str | None) -> None:
    text = (SHIPPED_SEEDS / "reference" / "lead_source_channels.csv").read_text(encoding="utf-8")
    listed = {row["source"]: row["channel"] for row in csv.DictReader(text.splitlines())}
    assert listed.get(source) == channel


# A company's own files --------------------------------------------------------------------------------------------


def test_a_second_layout_writes_nothing(tmp_path: Path) -> None:
    run = a_run(tmp_path)
    lay_out_seeds(run)
    before = {file: file.stat().st_mtime_ns for file in run.paths.seeds.rglob("*") if file.is_file()}
    lay_out_seeds(run)
    assert {file: file.stat().st_mtime_ns for file in run.paths.seeds.rglob("*") if file.is_file()} == before


def test_only_what_changed_is_written_and_what_is_stale_goes(tmp_path: Path, reference: Path) -> None:
    run = a_run(tmp_path, reference="reference")
    lay_out_seeds(run)
    before = {file: file.stat().st_mtime_ns for file in run.paths.seeds.rglob("*.csv")}
    (run.paths.seeds / "reference" / "stale.csv").write_text("a\n1\n")
    (reference / "lead_source_channels.csv").write_text("source,channel\nlapak,marketplace\n")
    lay_out_seeds(run)
    after = {file: file.stat().st_mtime_ns for file in run.paths.seeds.rglob("*.csv")}
    assert [file.name for file in before if after[file] != before[file]] == ["lead_source_channels.csv"]
    assert set(after) == set(before)


def test_what_an_older_release_described_elsewhere_goes_before_dbt_reads_the_project(tmp_path: Path) -> None:
    paths = a_run(tmp_path).paths
    lay_out_project(paths)
    stale = paths.seeds / "reference" / "_stale__seeds.yml"
    stale.write_text("version: 2\nseeds: [{name: channels}]\n")
    lay_out_project(paths)
    assert not stale.exists()


def test_a_company_s_files_are_laid_out_in_plain_form(tmp_path: Path, reference: Path) -> None:
    (reference / "lead_source_channels.csv").write_bytes(
        b"\xef\xbb\xbfchannel;source\r\n" + "marketplace;lapak é\r\n;;\r\n".encode()
    )
    run = a_run(tmp_path, reference="reference")
    lay_out_seeds(run)
    written = (run.paths.seeds / "reference" / "lead_source_channels.csv").read_text(encoding="utf-8")
    assert written.startswith("source,channel\nlapak_é,marketplace\nadvertisement,paid_other\n")


@pytest.mark.parametrize(
    ("name", "new", "other"),
    [
        ("deal_phases", "verbal_ok,closing", "proposal,negotiation"),
        ("channels", "podcast,Paid,true,true,Podcast,Siniar", "direct,Direct,false,false,Typed in,Langsung"),
        ("sources", "toko.example,shopping,ours", "bing,ai,ours"),
    ],
)
def test_a_company_s_lines_are_added_to_the_shipped_ones_over_those_of_the_same_name(
    tmp_path: Path, reference: Path, name: str, new: str, other: str
) -> None:
    head, *shipped = (SHIPPED_SEEDS / "reference" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in shipped if line.partition(",")[0] != other.partition(",")[0]]
    assert len(kept) == len(shipped) - 1
    (reference / f"{name}.csv").write_text("\n".join((head, new, other)), encoding="utf-8")
    run = a_run(tmp_path, reference="reference")
    lay_out_seeds(run)
    assert laid_out(run)[f"reference/{name}.csv"].decode().splitlines() == [head, new, other, *kept]


def test_the_agreement_that_is_laid_out_is_the_one_that_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "signed"
    folder.mkdir()
    (folder / "agreement_versions.csv").write_text(
        "version;effective_from;effective_to;marketing_signatory;sales_signatory;signed_on;summary\n"
        "2026;01/01/2026;;Ayu;Bima;20/12/2025;\n"
    )
    for name in ("lifecycle_stages", "stage_criteria"):
        text = (SHIPPED_SEEDS / "agreement" / f"{name}.csv").read_text(encoding="utf-8").replace("\n1,", "\n2026,")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    run = a_run(tmp_path, agreement="signed")
    agreement = lay_out_seeds(run)
    assert agreement == read_agreement(folder) == read_agreement(run.paths.seeds / "agreement")
    assert laid_out(run)["agreement/agreement_versions.csv"].decode().splitlines()[1] == (
        "2026,2026-01-01,,Ayu,Bima,2025-12-20,,"
    )
    terms = laid_out(run)["agreement/agreement_terms.csv"].decode().splitlines()
    assert terms[1] == "2026,attribution_model,w_shaped"


# file, its text, the place of the answer, and what it says
MISTAKES = {
    "unknown file": ("chanels.csv", "x", "", "unknown file 'chanels.csv', did you mean 'channels.csv'? allowed: "),
    "workbook": ("channels.xlsx", "x", "", "unknown file 'channels.xlsx'"),
    "unknown column": (
        "lead_source_channels.csv",
        "source,chanel\n",
        ", line 1, column chanel",
        "did you mean 'channel'?",
    ),
    "column missing": ("lead_source_channels.csv", "source\n", ", line 1, column channel", "the header lacks channel"),
    "empty cell": ("lead_source_channels.csv", "source,channel\nx,\n", ", line 2, column channel", "the cell is empty"),
    "unknown channel": (
        *("lead_source_channels.csv", "source,channel\nx,paid_serch\n", ", line 2, column channel"),
        "unknown channel 'paid_serch', did you mean 'paid_search'? allowed: direct, ",
    ),
    "origin twice": (
        *("lead_source_channels.csv", "source,channel\nx,direct\nx,email\n", ", line 3, column source"),
        "source x: is there already, in line 2",
    ),
    "voucher twice": (
        *("voucher_campaigns.csv", "voucher_code,channel,platform,platform_campaign_id\nLEBARAN,,,\nlebaran,email,,\n"),
        ", line 3, column voucher_code",
        "lebaran: is there already, in line 2; case",
    ),
    "campaign of a source that is not there": (
        *("initiatives.csv", "position,platform,campaign,initiative\n1,google-ads,lebaran.*,Lebaran\n"),
        ", line 2, column platform",
        "unknown platform 'google-ads', did you mean 'google_ads'?",
    ),
    "rule for a touch that there is not": (
        "company_channel_rules.csv",
        "position,rule,channel,touch_type,source_category,source,medium,campaign\n1,ours,email,mail,,,,\n",
        *(", line 2, column touch_type", "found 'mail'; allowed: 'session', 'lead_ad'"),
    ),
    "neither true nor false": (
        *("channels.csv", channels().replace("Paid,true", "Paid,sometimes", 1), ", line 3, column is_paid"),
        "found 'sometimes'; allowed: true or false",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_reference_file_is_answered_with_its_place(tmp_path: Path, reference: Path, name: str) -> None:
    file, text, place, saying = MISTAKES[name]
    (reference / file).write_text(text, encoding="utf-8")
    run = a_run(tmp_path, reference="reference")
    with pytest.raises(ConfigurationError) as caught:
        lay_out_seeds(run)
    assert caught.value.where == (f"{reference / file}{place}" if place else str(reference))
    assert saying in caught.value.what
    assert not run.paths.seeds.exists()  # a mistake leaves no half a set behind


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    for run in (a_run(tmp_path, agreement="nowhere"), a_run(tmp_path, reference="nowhere")):
        with pytest.raises(ConfigurationError) as caught:
            lay_out_seeds(run)
        assert caught.value.where == str(tmp_path / "nowhere")


def test_a_run_after_the_last_day_of_the_last_version_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "signed"
    folder.mkdir()
    for name in ("agreement_versions", "lifecycle_stages", "stage_criteria"):
        text = (SHIPPED_SEEDS / "agreement" / f"{name}.csv").read_text(encoding="utf-8")
        (folder / f"{name}.csv").write_text(text.replace("2020-01-01,,", "2020-01-01,2025-12-31,"), encoding="utf-8")
    # the last second of 2025 in Jakarta, and the one after it
    lay_out_seeds(a_run(tmp_path, agreement="signed", as_of=datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC)))
    with pytest.raises(
        ConfigurationError, match="no version governs after 2025-12-31, and the run is as of 2026-01-01"
    ):
        lay_out_seeds(a_run(tmp_path, agreement="signed", as_of=datetime(2025, 12, 31, 17, tzinfo=UTC)))


# What the models are told -----------------------------------------------------------------------------------------


def test_the_models_are_told_when_each_version_governs_and_a_second_run_takes_its_place(tmp_path: Path) -> None:
    as_of = datetime(2026, 6, 1, 12, tzinfo=UTC)
    run = a_run(tmp_path, as_of=as_of)
    agreement = lay_out_seeds(run)
    with open_warehouse(run.paths) as con:
        create_raw_tables(con)
        for _ in range(2):
            write_run_settings(con, run, agreement, "a version")
            assert con.execute("from raw_closedloop.agreement_periods").fetchall() == [
                ("1", datetime(1900, 1, 1), datetime(9999, 12, 31))
            ]
            assert con.execute("from raw_closedloop.run_settings").fetchall() == [
                (run.run_id, datetime(2026, 6, 1, 12), "IDR", "Asia/Jakarta", "en", "a version")
            ]


def test_names_are_laid_out_as_they_are_compared_and_two_that_become_one_are_told(
    tmp_path: Path, reference: Path
) -> None:
    file = reference / "lead_source_channels.csv"
    file.write_text("source,channel\nConference ,Offline-Event\npaid social,paid_social\n")
    run = a_run(tmp_path, reference="reference")
    lay_out_seeds(run)
    written = (run.paths.seeds / "reference" / "lead_source_channels.csv").read_text(encoding="utf-8")
    assert written.startswith("source,channel\nconference,offline_event\npaid_social,paid_social\nadvertisement,")
    assert written.count("\nconference,") == 1  # the shipped line of that name gave way
    file.write_text("source,channel\npaid social,paid_social\nx,email\nPaid-Social,paid_social\n")
    with pytest.raises(ConfigurationError, match="paid_social: is there already, in line 2") as told:
        lay_out_seeds(run)
    assert told.value.where.endswith("lead_source_channels.csv, line 4, column source")


@given(st.text(st.characters(max_codepoint=0xFF, exclude_characters="\0"), max_size=12))
def test_python_the_loads_and_the_models_fold_a_name_alike(name: str) -> None:
    source = (PROJECT_ROOT / "macros" / "text" / "folded.sql").read_text(encoding="utf-8")
    macro = Environment().from_string(source + "{{ folded('$name') }}")  # noqa: S701 - SQL, not HTML
    with duckdb.connect() as con:
        by_models, by_loads = macro.render(), folded_sql("$name")
        assert con.execute(f"select {by_models}, {by_loads}", {"name": name}).fetchall() == [(folded(name),) * 2]


@given(st.lists(st.none() | st.text(alphabet="a|~01-", max_size=4), min_size=1, max_size=3), st.data())
def test_keys_of_different_values_differ(values: list[str | None], data: st.DataObject) -> None:
    others = data.draw(st.lists(st.none() | st.text(alphabet="a|~01-", max_size=4), min_size=1, max_size=3))
    source = (PROJECT_ROOT / "macros" / "keys" / "stable_key.sql").read_text(encoding="utf-8")
    macro = Environment().from_string(source + "{{ stable_key(columns) }}")  # noqa: S701 - SQL, not HTML

    def key(found: list[str | None]) -> str:
        columns = [f"cast(${number} as varchar)" for number, _ in enumerate(found, 1)]
        with duckdb.connect() as con:
            [(hashed,)] = con.execute(f"select {macro.render(columns=columns)}", found).fetchall()
        return str(hashed)

    assert (key(values) == key(others)) == (values == others)
