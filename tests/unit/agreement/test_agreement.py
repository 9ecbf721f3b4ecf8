"""The agreement's folder: how it may be written, and when its versions govern."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.agreement.agreement import version_periods
from orchestration.agreement.folder import SHIPPED_AGREEMENT, not_used_yet, read_agreement
from orchestration.agreement.rows import AGREEMENT_FILES, TERM_DEFAULTS, Version
from orchestration.agreement.rules import MOST_FALLBACKS
from orchestration.agreement.seed_files import csv_text
from orchestration.agreement.stages import EXITS, PROGRESS, STAGES, TEAMS
from orchestration.configuration.context import PROJECT_ROOT
from orchestration.errors import ConfigurationError
from orchestration.quality.checks import CHECKS
from tests.unit.agreement.conftest import edit

REQUIRED = ("agreement_versions", "lifecycle_stages", "stage_criteria")


def test_the_shipped_agreement_is_one_of_claims_that_both_teams_signed() -> None:
    agreement = read_agreement(None)
    (version,) = agreement.versions
    assert (version.version, version.effective_from, version.effective_to) == ("1", date(2020, 1, 1), None)
    assert [(row.stage, row.kind, row.field) for row in agreement.stage_criteria.rows] == [
        ("mql", "claim", "mql"),
        ("sql", "claim", "sql"),
    ]
    assert {row.term: row.value for row in agreement.agreement_terms.rows} == {
        "attribution_model": "w_shaped",
        "attribution_scope": "deal_contacts",
        "lookback_days": "90",
        "half_life_days": "7",
        "accept_within_days": "14",
        "max_days_before_conversion": None,
    }
    models: dict[str, dict[str, Decimal]] = {}
    for row in agreement.attribution_models.rows:
        models.setdefault(row.model, {})[row.anchor] = row.share
    ends = {"first": Decimal("0.4"), "others": Decimal("0.2")}
    between = {"lead_creation": Decimal("0.225"), "opportunity_creation": Decimal("0.225")}
    assert models == {
        "first_touch": {"first": 1},
        "last_touch": {"last": 1},
        "first_non_direct": {"first_non_direct": 1},
        "last_non_direct": {"last_non_direct": 1},
        "first_paid": {"first_paid": 1},
        "last_paid": {"last_paid": 1},
        "linear": {"all": 1},
        "time_decay": {"decay": 1},
        "position_based": {**ends, "last": Decimal("0.4")},
        "u_shaped": {**ends, "lead_creation": Decimal("0.4")},
        "w_shaped": {
            **dict.fromkeys(("first", "lead_creation", "opportunity_creation"), Decimal("0.3")),
            "others": Decimal("0.1"),
        },
        "full_path": {"first": Decimal("0.225"), **between, "close": Decimal("0.225"), "others": Decimal("0.1")},
    }
    assert {row.model: row.fallback_model for row in agreement.attribution_models.rows if row.fallback_model} == {
        "first_non_direct": "first_touch",
        "last_non_direct": "last_touch",
        "first_paid": "first_non_direct",
        "last_paid": "last_non_direct",
    }


def test_the_models_try_as_many_fallbacks_as_are_allowed() -> None:
    model = PROJECT_ROOT / "models" / "intermediate" / "attribution" / "int_attribution_evaluated_models.sql"
    assert f"{{% set most_fallbacks = {MOST_FALLBACKS} %}}" in model.read_text(encoding="utf-8")


def test_the_shipped_agreement_says_what_each_check_of_the_gate_does() -> None:
    assert {row.check for row in read_agreement(None).quality_checks.rows} == set(CHECKS)


def test_what_a_company_signs_and_no_figure_depends_on_yet_is_told(company: Path) -> None:
    assert not_used_yet(read_agreement(company)) == []
    edit(company, "agreement_terms", "accept_within_days,14", "accept_within_days,7")
    edit(company, "service_levels", "500", "600")
    assert not_used_yet(read_agreement(company)) == [
        "agreement: service_levels.csv is checked, and no figure depends on it yet",
        "agreement: the term accept_within_days is checked, and no figure depends on it yet",
    ]


# A company's folder over the shipped one --------------------------------------------------------------------------


def test_what_a_company_leaves_out_is_as_shipped_for_each_of_its_versions(company: Path) -> None:
    for name in AGREEMENT_FILES:
        if name not in REQUIRED:
            (company / f"{name}.csv").unlink()
    agreement, shipped = read_agreement(company), read_agreement(None)
    assert agreement.holidays == shipped.holidays
    for name, table in agreement.tables():
        if name not in REQUIRED and "version" in AGREEMENT_FILES[name].model_fields:
            for version in ("1", "2"):
                rows = [row.model_dump(exclude={"version"}) for row in table.rows if row.version == version]
                assert rows == [row.model_dump(exclude={"version"}) for row in getattr(shipped, name).rows]


def test_a_file_of_the_company_takes_the_place_of_the_shipped_one(company: Path) -> None:
    (company / "holidays.csv").write_text("date,name,country\n2026-08-17,Independence,ID\n")
    assert [row.name for row in read_agreement(company).holidays.rows] == ["Independence"]


def test_a_check_that_a_company_does_not_name_reacts_as_shipped(company: Path) -> None:
    (company / "quality_checks.csv").write_text("check,severity,unit\nstage_order,block,\n")
    severities = {row.check: row.severity for row in read_agreement(company).quality_checks.rows}
    shipped = {row.check: row.severity for row in read_agreement(None).quality_checks.rows}
    assert shipped["stage_order"] == "warn"
    assert severities == shipped | {"stage_order": "block"}


def test_a_model_of_a_company_stands_beside_the_shipped_ones_and_in_the_place_of_its_namesake(company: Path) -> None:
    (company / "attribution_models.csv").write_text(
        "model,anchor,share\nours,first,0.7\nours,others,0.3\nu_shaped,first,0.5\nu_shaped,last,0.5\n"
    )
    models: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in read_agreement(company).attribution_models.rows:
        models[row.model].append((row.anchor, row.share))
    assert models["ours"] == [("first", Decimal("0.7")), ("others", Decimal("0.3"))]
    assert models["u_shaped"] == [("first", Decimal("0.5")), ("last", Decimal("0.5"))]
    assert models["linear"] == [("all", Decimal(1))]
    assert all(sum(share for _, share in anchors) == 1 for anchors in models.values())


def test_optional_columns_may_be_left_out_and_notes_stand_beside(company: Path) -> None:
    (company / "stage_criteria.csv").write_text(
        "label_id,label_en,version,stage,alternative,criterion,kind,field,operator,value\n"
        "MQL,MQL,1,mql,crm,claimed,claim,mql,,\n"
    )
    (company / "README.md").write_text("Signed in the canteen.")
    (company / ".DS_Store").write_bytes(b"\x00")
    (criterion,) = read_agreement(company).stage_criteria.rows
    assert (criterion.field, criterion.within_days, criterion.where_field) == ("mql", None, None)


# How files may be written -----------------------------------------------------------------------------------------


@st.composite
def _companies(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    """The cells of the files in which the notations differ: dates, numbers, flags and times of day."""
    days = sorted(draw(st.sets(st.dates(date(1990, 1, 1), date(2090, 1, 1)), min_size=1, max_size=4)))
    text = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6)
    versions = [
        [f"v{number}", str(day), str(end - timedelta(days=1)) if end else "", draw(text), draw(text), str(day), "", ""]
        for number, (day, end) in enumerate(zip(days, [*days[1:], None], strict=True))
    ]
    first_share = draw(st.integers(1, 999_999))
    models = [["linear", "all", "1", ""]] + [
        ["ours", anchor, str(Decimal(share) / 1_000_000), ""]
        for anchor, share in (("first", first_share), ("last", 1_000_000 - first_share))
    ]
    hours = [["v0", str(weekday), "08:30", "17:00", "Asia/Jakarta"] for weekday in range(1, draw(st.integers(1, 7)))]
    holidays = [[str(day), draw(text), "ID"] for day in days]
    return {
        "agreement_versions": [list(AGREEMENT_FILES["agreement_versions"].model_fields), *versions],
        "attribution_models": [list(AGREEMENT_FILES["attribution_models"].model_fields), *models],
        "working_hours": [list(AGREEMENT_FILES["working_hours"].model_fields), *hours],
        "holidays": [list(AGREEMENT_FILES["holidays"].model_fields), *holidays],
        "disqualification_reasons": [
            list(AGREEMENT_FILES["disqualification_reasons"].model_fields),
            ["far", "true", draw(text), draw(text)],
            ["spam", "false", draw(text), draw(text)],
        ],
    }


def _write(folder: Path, tables: dict[str, list[list[str]]], encode: Callable[[list[list[str]]], bytes]) -> Path:
    folder.mkdir()
    for name in REQUIRED:
        shutil.copy(SHIPPED_AGREEMENT / f"{name}.csv", folder)
    criteria = AGREEMENT_FILES["stage_criteria"].model_fields
    (folder / "stage_criteria.csv").write_text(",".join(criteria) + "\n")
    for name, cells in tables.items():
        (folder / f"{name}.csv").write_bytes(encode(cells))
    return folder


@settings(max_examples=40)
@given(
    tables=_companies(),
    delimiter=st.sampled_from(",;"),
    with_mark=st.booleans(),
    decimal_comma=st.booleans(),
    day_notation=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    empty_columns=st.integers(0, 2),
    reverse_columns=st.booleans(),
    upper_case_flags=st.booleans(),
)
def test_however_a_spreadsheet_writes_it_an_agreement_reads_the_same(
    tables: dict[str, list[list[str]]],
    delimiter: str,
    with_mark: bool,
    decimal_comma: bool,
    day_notation: str,
    line_end: str,
    empty_columns: int,
    reverse_columns: bool,
    upper_case_flags: bool,
) -> None:
    def plain(cells: list[list[str]]) -> bytes:
        return _csv(cells, ",", "\n").encode()

    def cell_as_written(column: str, cell: str) -> str:
        if column in ("effective_from", "effective_to", "signed_on", "date") and cell:
            return date.fromisoformat(cell).strftime(day_notation)
        if column == "share" and decimal_comma:
            return cell.replace(".", ",")
        if column in ("opens_at", "closes_at") and decimal_comma:
            return cell.replace(":", ".")
        return cell.upper() if column == "returns_to_marketing" and upper_case_flags else cell

    def as_written(cells: list[list[str]]) -> bytes:
        header, *rows = cells
        written = [header, *([*map(cell_as_written, header, row)] for row in rows)]
        if reverse_columns:
            written = [row[::-1] for row in written]
        text = _csv([[*row, *[""] * empty_columns] for row in written], delimiter, line_end)
        return (b"\xef\xbb\xbf" if with_mark else b"") + text.encode()

    with TemporaryDirectory() as folder:
        expected = read_agreement(_write(Path(folder) / "plain", tables, plain))
        found = read_agreement(_write(Path(folder) / "written", tables, as_written))
        assert found == expected
        for name, table in found.tables():
            assert csv_text(AGREEMENT_FILES[name], table.rows) == csv_text(
                AGREEMENT_FILES[name], getattr(expected, name).rows
            )
        written = csv_text(AGREEMENT_FILES["holidays"], found.holidays.rows)
        assert list(csv.reader(io.StringIO(written))) == tables["holidays"]


def _csv(cells: list[list[str]], delimiter: str, line_end: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(cells)
    return text.getvalue()


@pytest.mark.parametrize("number", ["1.500", "1,500", "12.000", "1.500,00", "1,5,0", "1e3", "half"])
def test_a_number_that_could_be_read_in_two_ways_is_none(company: Path, number: str) -> None:
    edit(company, "service_levels", "500,count", f'"{number}",count')
    with pytest.raises(ConfigurationError, match=re.escape(f"found '{number}'")):
        read_agreement(company)


# When versions govern ---------------------------------------------------------------------------------------------

ZONES = st.sampled_from(
    ["Asia/Jakarta", "Asia/Kathmandu", "America/Sao_Paulo", "America/Havana", "Pacific/Kiritimati", "UTC"]
)


@settings(max_examples=40)
@given(_companies(), ZONES)
def test_versions_govern_all_time_without_gap_and_change_at_local_midnight(
    tables: dict[str, list[list[str]]], zone: str
) -> None:
    with TemporaryDirectory() as folder:
        agreement = read_agreement(_write(Path(folder) / "a", tables, lambda cells: _csv(cells, ",", "\n").encode()))
    periods = version_periods(agreement, zone)
    assert [version for version, _, _ in periods] == [version.version for version in agreement.versions]
    assert periods[0][1] == datetime(1900, 1, 1)
    assert periods[-1][2] == datetime(9999, 12, 31)
    for (_, _, ends_at), (_, starts_at, _), version in zip(periods, periods[1:], agreement.versions[1:], strict=False):
        assert ends_at == starts_at
        assert _local_day(starts_at, zone) == version.effective_from
        assert _local_day(starts_at - timedelta(microseconds=1), zone) == version.effective_from - timedelta(days=1)


def _local_day(moment: datetime, zone: str) -> date:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def test_the_last_day_of_a_version_is_included(company: Path) -> None:
    assert version_periods(read_agreement(company), "Asia/Jakarta") == [
        ("1", datetime(1900, 1, 1), datetime(2025, 12, 31, 17)),
        ("2", datetime(2025, 12, 31, 17), datetime(9999, 12, 31)),
    ]


@pytest.mark.parametrize("last_day", ["9999-12-31", "31/12/9999"])
def test_the_end_of_time_is_another_word_for_open(company: Path, last_day: str) -> None:
    edit(company, "agreement_versions", "2026-01-01,,", f"2026-01-01,{last_day},")
    assert read_agreement(company).versions[-1].effective_to is None


def test_versions_may_stand_in_any_order(company: Path) -> None:
    before = read_agreement(company).versions
    header, first, second = (company / "agreement_versions.csv").read_text().splitlines()
    (company / "agreement_versions.csv").write_text(f"{header}\n{second}\n\n{first}\n")
    assert read_agreement(company).versions == before
    assert isinstance(before[0], Version)


# What stands in one place ------------------------------------------------------------------------------------------


def test_the_stages_stand_once_in_python_and_once_in_the_shipped_seed() -> None:
    rows = read_agreement(None).lifecycle_stages.rows
    in_order = sorted(rows, key=lambda row: row.rank)
    assert tuple(row.stage for row in in_order) == STAGES
    assert tuple(row.stage for row in in_order if row.is_exit) == EXITS
    assert STAGES == PROGRESS + EXITS
    assert {row.owner_team for row in rows} == set(TEAMS)


def test_whether_a_stage_is_an_exit_is_filled_in_and_cannot_be_said_otherwise(company: Path) -> None:
    file = company / "lifecycle_stages.csv"
    with_it = file.read_text(encoding="utf-8")
    without = "\n".join(line.rpartition(",")[0] for line in with_it.splitlines()) + "\n"
    file.write_text(without, encoding="utf-8")
    assert read_agreement(company).lifecycle_stages.rows == read_agreement(None).lifecycle_stages.rows
    file.write_text(with_it.replace("Pelanggan,false", "Pelanggan,true"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="the exits are disqualified and recycled") as told:
        read_agreement(company)
    assert told.value.where.endswith("lifecycle_stages.csv, line 6, column is_exit")


def test_a_term_that_a_version_does_not_name_has_its_default_and_the_docs_say_which(company: Path) -> None:
    (company / "agreement_terms.csv").write_text("version,term,value\n2,lookback_days,30\n", encoding="utf-8")
    terms = {(row.version, row.term): row.value for row in read_agreement(company).agreement_terms.rows}
    assert terms == {
        (version, term): "30" if (version, term) == ("2", "lookback_days") else default
        for version in ("1", "2")
        for term, default in TERM_DEFAULTS.items()
    }
    documented = re.findall(
        r"^\| `(\w+)` \|.*\| (.*) \|$", (PROJECT_ROOT / "docs" / "agreement.md").read_text(), flags=re.MULTILINE
    )
    told_as = {term: default.strip("`") for term, default in documented if term in TERM_DEFAULTS}
    assert told_as == {term: default or "empty" for term, default in TERM_DEFAULTS.items()}


def test_the_shipped_file_names_every_check_that_the_gate_has() -> None:
    assert {row.check for row in read_agreement(None).quality_checks.rows} == set(CHECKS)
