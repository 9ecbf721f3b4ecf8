"""Files as people really export them (tests/cases), and their faults in other shapes: what `init` and a load give."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]

from tests.integration.proposal.company import Company, propose, rows, written

CASES = Path(__file__).parents[2] / "cases"

SPEND = "select count(*), sum(spend), list(distinct campaign_id order by campaign_id) from raw_files.ad_spend"
SKIPPED = "select line, reason from raw_files._skipped order by line"


def case(name: str, folder: Path) -> Company:
    return propose(folder, *sorted((CASES / name).iterdir()))


def told(company: Company) -> list[str]:
    """The lines of the summary that `init` prints."""
    return company.proposal.summary().splitlines()


def test_a_google_ads_report_with_a_title_and_totals(tmp_path: Path) -> None:
    company = case("google-ads-preamble", tmp_path)
    assert "  passed over: 2 before the header, 2 totals or remarks" in told(company)
    con = company.load()
    assert rows(con, SPEND) == [(4, Decimal("4350000.00"), ["111", "222"])]
    assert rows(con, "select conversions from raw_files.ad_spend order by date_day, campaign_id") == [
        (Decimal(3),),
        (None,),
        (Decimal(2),),
        (Decimal(0),),
    ]
    assert rows(con, SKIPPED) == [(1, "before the header"), (2, "before the header"), (8, "a total"), (9, "a total")]
    assert rows(con, "select count(*) from raw_files.leads") == [(6,)]


def test_a_linkedin_report_in_utf_16_below_five_lines(tmp_path: Path) -> None:
    title = [
        "Campaign Performance Report (in UTC)",
        "Report Start: April 14, 2026, 12:00 AM",
        "Report End: April 19, 2026, 11:59 PM",
        "Date Generated: April 20, 2026, 8:10 AM",
        "",
        "Start Date (in UTC)\tAccount Name\tCampaign ID\tCampaign Name\tTotal Spent\tImpressions\tClicks\tCurrency",
    ]
    lines = [f"04/{day}/2026\tPT Contoh\t{900 + day % 2}\tBrand\t{day}.50\t700\t7\tUSD" for day in range(14, 20)]
    report = written(tmp_path / "linkedin.csv", "\r\n".join(title), lines, "utf-16")
    company = propose(tmp_path, report)
    assert "  passed over: 4 before the header" in told(company)
    con = company.load()
    assert rows(con, SPEND) == [(6, Decimal("102.00"), ["900", "901"])]
    assert [line for line, _ in rows(con, SKIPPED)] == [1, 2, 3, 4]


def test_a_sheet_of_costs_with_a_title_and_a_sum(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Biaya Iklan PT Contoh"])
    sheet.append([])
    sheet.append(["Tanggal", "ID Akun", "ID Kampanye", "Kampanye", "Biaya", "Tayangan", "Klik"])
    for day in range(1, 8):
        sheet.append([f"2026-04-0{day}", "77", "1201", "Prospek", 1_000_000 + day, 10_500, 120])
    sheet.append(["Jumlah", None, None, None, 7_000_028, 73_500, 840])
    sheet.append([])
    sheet.append(["Disusun oleh Ani, 8 April 2026"])
    book.save(tmp_path / "biaya_iklan.xlsx")
    company = propose(tmp_path, tmp_path / "biaya_iklan.xlsx")
    assert "  passed over: 1 before the header, 2 totals or remarks" in told(company)
    con = company.load()
    assert rows(con, SPEND) == [(7, Decimal("7000028.00"), ["1201"])]
    assert rows(con, SKIPPED) == [(1, "before the header"), (11, "a total"), (13, "after the last row")]
