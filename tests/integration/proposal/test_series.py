"""A folder of weekly exports becomes one entry with a pattern, so that next week's file is read as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.proposal.company import Company, propose, rows, written

HEADER = "Deal ID,Close Date,Contact ID,Amount,Stage"


def week(folder: Path, name: str, *lines: str, header: str = HEADER) -> Path:
    folder.mkdir(exist_ok=True)
    return written(folder / name, header, list(lines))


def paths(company: Company, entity: str = "deals") -> list[str]:
    given = company.source.resources[entity]
    return [entry.path for entry in (given if isinstance(given, list) else [given])]


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["deals_2026-W01.csv", "deals_2026-W02.csv"], "deals_*.csv"),
        (["CRM export maret.csv", "CRM export mei.csv"], "CRM export *.csv"),
        (["2026-01.csv", "2026-02.csv", "2027-01.csv"], "*.csv"),
        (["won deals 1.csv", "won deals 10.csv"], "won deals *.csv"),
    ],
)
def test_files_of_one_series_are_one_entry(tmp_path: Path, names: list[str], pattern: str) -> None:
    exports = [
        week(tmp_path / "exports", name, f"D{n}1,2026-03-0{n},C1,1000,Won", f"D{n}2,2026-03-1{n},C2,2000,Lost")
        for n, name in enumerate(names, start=1)
    ]
    company = propose(tmp_path, *exports)
    assert paths(company) == [f"../exports/{pattern}"]
    assert f"{len(names)} files with the same columns; any other of such a name is read too" in company.document
    count = "select count(*), count(distinct _file) from raw_files.deals"
    assert rows(company.load(), count) == [(2 * len(names), len(names))]
    week(
        tmp_path / "exports",
        names[-1].replace("1", "3").replace("2", "4").replace("mei", "juni"),
        "D9,2026-04-01,C1,1,Won",
    )
    assert rows(company.load(), count) == [(2 * len(names) + 1, len(names) + 1)]


def test_what_one_file_leaves_open_another_of_the_series_settles(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    first = week(folder, "deals_1.csv", "D1,03/04/2026,C1,1000,Won", "D2,05/04/2026,C2,2000,Won")
    second = week(folder, "deals_2.csv", "D3,17/04/2026,C1,3000,Negotiation", "D4,18/04/2026,C2,4000,Lost")
    company = propose(tmp_path, first, second)
    assert company.entity("deals").formats["closed_at"] == "%d/%m/%Y"
    assert "is the day first?" not in company.document
    assert rows(company.load(), "select deal_id, is_won, is_closed from raw_files.deals order by all") == [
        ("D1", True, True),
        ("D2", True, True),
        ("D3", False, False),
        ("D4", False, True),
    ]


def test_what_no_file_settles_and_what_one_tells_stay(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    first = week(folder, "deals_1.csv", *(f"D{n},2026-03-0{n},C1,1000,Won" for n in range(1, 9)), "D9,soon,C1,5,Won")
    second = week(folder, "deals_2.csv", "D11,2026-04-01,C1,2.500,Won", "D12,2026-04-02,C2,1.500,Won", "Total,,,4.000,")
    company = propose(tmp_path, first, second)
    told = company.proposal.summary()
    # the first file's plain amounts do not say what the second's points are
    assert "every separator stands before three digits, so it is taken for one of thousands" in told
    assert "8 of 9 read as dates; the rows of the others will be rejected" in told
    assert "  passed over: 1 totals or remarks" in told.splitlines()


def test_files_that_are_no_series_stay_apart(tmp_path: Path) -> None:
    first, second = "D1,2026-03-01,C1,1000,Won", "D2,2026-03-02,C2,2000,Won"
    # another file there has such a name
    folder = tmp_path / "crowded"
    exports = [week(folder, "deals_1.csv", first), week(folder, "deals_2.csv", second)]
    week(folder, "deals_old.csv", "D0,2025-01-01,C0,1,Won")
    assert len(paths(propose(tmp_path / "a", *exports))) == 2
    # other columns
    folder = tmp_path / "different"
    exports = [week(folder, "deals_1.csv", first), week(folder, "deals_2.csv", f"{second},x", header=f"{HEADER},Note")]
    assert len(paths(propose(tmp_path / "b", *exports))) == 2
    # days written in another way
    folder = tmp_path / "foreign"
    exports = [
        week(folder, "deals_1.csv", "D1,17/03/2026,C1,1000,Won"),
        week(folder, "deals_2.csv", "D2,03/17/2026,C2,2,Won"),
    ]
    assert len(paths(propose(tmp_path / "c", *exports))) == 2
    # a folder whose name would be taken for a pattern
    folder = tmp_path / "exports [new]"
    exports = [week(folder, "deals_1.csv", first), week(folder, "deals_2.csv", second)]
    assert len(paths(propose(tmp_path / "e", *exports))) == 2
    # names that have nothing in common
    folder = tmp_path / "named"
    exports = [week(folder, "won.csv", first), week(folder, "closed.csv", second)]
    assert len(paths(propose(tmp_path / "d", *exports))) == 2
