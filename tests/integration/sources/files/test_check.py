"""`preflight` and `check`: what is found before anything is loaded, without writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orchestration.configuration.context import RunContext, find_paths
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import Settings
from orchestration.errors import ClosedloopError, ConfigurationError, InputError
from orchestration.sources.base import Severity
from orchestration.sources.files.connector import check, preflight, resources
from orchestration.sources.files.settings import FilesSource


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    (tmp_path / "closedloop.yml").touch()
    return new_run(Settings(), find_paths(tmp_path / "closedloop.yml")).context


def source(given: dict[str, Any], **options: Any) -> FilesSource:
    return FilesSource.model_validate({"connector": "files", "resources": given, **options})


def refused(run: RunContext, given: dict[str, Any], **options: Any) -> ClosedloopError:
    with pytest.raises((InputError, ConfigurationError)) as raised:
        preflight("crm", source(given, **options), run)
    assert not run.paths.warehouse.exists()
    return raised.value


def test_a_source_that_fits(run: RunContext, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("lead_id,created_at,stage,colour\n1,2024-01-05,mql,red\n")
    given = source({"leads": {"path": "l.csv", "where": "colour = 'red'"}})
    preflight("crm", given, run)
    (finding,) = check("crm", given, run)
    assert finding.severity is Severity.OK
    assert finding.message == "l.csv: the first 1 rows fit; not used: colour"
    assert not run.paths.data.exists()
    assert resources(given) == ["leads"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"leads": {"path": "nope.csv"}}, "no such file"),
        ({"leads": {"path": "folder"}}, "no such file"),
        (
            {"leads": {"path": "l.csv", "columns": {"email": "Emial"}}},
            "'Emial' (mapped to email); nearest are 'E-mail'",
        ),
        ({"deals": {"path": "l.csv"}}, "nothing gives the required column deal_id"),
        ({"leads": {"path": "l.csv", "where": "colour = 1"}}, "colour"),
        ({"leads": {"path": "empty.csv"}}, "the file is empty"),
        ({"leads": {"path": "l.csv", "format": "parquet"}}, "no Parquet"),
        ({"leads": {"path": "l.csv", "format": "xlsx"}}, "no XLSX"),
        ({"leads": {"path": "notes.md"}}, "the ending '.md'"),
        ({"leads": {"path": "l.csv", "encoding": "nope"}}, "no encoding 'nope'"),
        ({"leads": {"path": "memory://nope/a.csv"}}, "no such file"),
        ({"leads": {"path": "gs://bucket/a.csv"}}, "gcsfs"),
    ],
)
def test_what_only_the_operator_can_mend(run: RunContext, tmp_path: Path, given: dict[str, Any], said: str) -> None:
    (tmp_path / "l.csv").write_text("lead_id,created_at,E-mail\n1,2024-01-05,secret@example.com\n")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "notes.md").write_text("x")
    (tmp_path / "folder").mkdir()
    error = refused(run, given)
    assert said in error.what
    assert error.where.startswith("source crm, resource ")
    assert error.fix
    assert "secret" not in str(error)
    (finding,) = check("crm", source(given), run)
    assert finding.severity is Severity.ERROR
    assert said in finding.message


def test_the_others_are_counted(run: RunContext) -> None:
    error = refused(run, {"leads": {"path": "a.csv"}, "deals": {"path": "b.csv"}, "owners": {"path": "c.csv"}})
    assert "a.csv" in error.where
    assert "and 2 more in this source" in error.what


def test_a_country_without_phones(run: RunContext) -> None:
    assert "'UK'" in refused(run, {}, country="UK").what


def test_the_source_currency_gives_the_required_column(run: RunContext, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("order_id,ordered_at,amount\n1,2024-01-05,5\n")
    given = {"orders": {"path": "o.csv"}}
    preflight("shop", source(given, currency="IDR"), run)
    assert "required column currency" in refused(run, given).what


def test_rows_that_would_be_rejected(run: RunContext, tmp_path: Path) -> None:
    lines = [f"{n},2024-01-05" for n in range(1200)]
    for n in (3, 5, 1100):
        lines[n] = f"{n},private"
    lines[7] = "7,2024-01-05,too,many"
    (tmp_path / "l.csv").write_text("lead_id,created_at\n" + "\n".join(lines) + "\n")
    times, broken = check("crm", source({"leads": {"path": "l.csv"}}), run)
    assert times.severity is broken.severity is Severity.WARNING
    assert "of the first 1,000 rows 2 would be rejected: created_at: " in times.message
    assert "(line 5, 7)" in times.message
    assert "private" not in times.message
    assert "(line 9)" in broken.message


def test_stages_that_are_none_of_ours(run: RunContext, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        "lead_id,created_at,stage\n1,2024-01-05,MQL - warm\n2,2024-01-05,MQL - warm\n"
        "3,2024-01-05,mql\n4,2024-01-05,Won\n"
    )
    given = {"leads": {"path": "l.csv", "values": {"stage": {"Won": "customer"}}}}
    (finding,) = check("crm", source(given), run)
    assert finding.severity is Severity.WARNING
    assert "'MQL - warm' (2 of the first rows)" in finding.message
    assert finding.fix == 'values: {stage: {"MQL - warm": mql}}'
