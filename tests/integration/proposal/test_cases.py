"""Files as people really export them (tests/cases), and their faults in other shapes: what `init` and a load give."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from orchestration.sources.canonical import ENTITIES
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


# --- platforms

BY_PLATFORM = """
    select source_system, count(*), sum(spend), min(currency)
    from raw_files.ad_spend
    group by all
    order by all
"""


def test_a_platform_is_known_by_its_headers_whatever_the_file_is_called(tmp_path: Path) -> None:
    leads = written(tmp_path / "leads.csv", "Lead ID,Created,Source", [f"L{n},2026-04-0{n},Web" for n in "123"])
    meta = written(
        tmp_path / "laporan.csv",
        "Awal pelaporan,Akhir pelaporan,Nama kampanye,Nama set iklan,Jumlah yang dibelanjakan (SGD),Tayangan",
        [f"2026-04-0{n},2026-04-0{n},Promo,Set {n % 2},{n}.50,100" for n in range(1, 7)],
        "utf-16",
    )
    tiktok = written(
        tmp_path / "report.csv",
        "By Day,Campaign name,Ad group name,Cost,Impressions,Clicks (destination),Video views,Currency",
        [f"2026-04-0{n},Promo,Muda,{n}000,100,5,40,IDR" for n in range(1, 7)],
    )
    con = propose(tmp_path, leads, meta, tiktok).load()
    assert rows(con, BY_PLATFORM) == [
        ("meta_ads", 6, Decimal(24), "SGD"),
        ("tiktok_ads", 6, Decimal(21_000), "IDR"),
    ]


def test_costs_by_week_in_a_sheet_are_of_its_seven_days(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Week", "Campaign", "Cost", "Impr.", "Currency code"])
    for week in (6, 13, 20):
        book.active.append([f"2026-04-{week:02}", "Brand", 7_000_000, 70_000, "IDR"])
    book.save(tmp_path / "weekly.xlsx")
    company = propose(tmp_path, tmp_path / "weekly.xlsx")
    assert company.entity("ad_spend").constants["period_type"] == "week"
    assert "each row is spread evenly over its days" in "\n".join(told(company))


def test_files_of_spend_that_name_no_platform_are_sources_of_their_own(tmp_path: Path) -> None:
    lines = [f"2026-04-0{n},Promo,{n}000" for n in range(1, 7)]
    company = propose(
        tmp_path,
        written(tmp_path / "Iklan koran.csv", "Tanggal,Kampanye,Biaya", lines),
        written(tmp_path / "radio.csv", "Tanggal,Nama Kampanye,Biaya", lines),
    )
    assert list(company.settings.sources) == ["iklan_koran", "radio"]
    assert [count for _, count, *_ in rows(company.load(), BY_PLATFORM)] == [6, 6]


def test_amounts_as_accountants_write_them(tmp_path: Path) -> None:
    con = case("accounting-amounts", tmp_path).load()
    assert rows(con, "select deal_id, amount, is_won from raw_files.deals order by deal_id") == [
        ("D1", Decimal(1_200_000), True),
        ("D2", Decimal(-200_000), True),
        ("D3", None, True),
    ]


def test_sheets_with_semicolons_and_rupiah(tmp_path: Path) -> None:
    con = case("semicolon-sheets", tmp_path).load()
    assert rows(con, "select lead_id, name, source from raw_files.leads order by lead_id") == [
        ("00017", "Zo\u00eb", "Google Ads"),
        ("00018", "Andr\u00e9", "Meta Ads"),
        ("00019", "Jos\u00e9", None),
        ("00020", "M\u00fcller", "Organik"),
    ]
    assert rows(con, "select created_at, closed_at from raw_files.deals where deal_id = 'D-01'") == [
        (datetime(2026, 4, 4, 3), datetime(2026, 4, 20, 3))
    ]
    assert rows(con, "select deal_id, amount, is_won, is_closed, lead_ids from raw_files.deals order by deal_id") == [
        ("D-01", Decimal("1234567.50"), True, True, "00017"),
        ("D-02", Decimal(12_500_000), True, True, "00018"),
        ("D-03", Decimal(-500_000), True, True, "00019"),
        ("D-04", Decimal(3_000_000), False, False, "00020"),
        ("D-05", None, False, True, "00020"),
    ]
    totals = "select sum(spend), sum(impressions), sum(clicks) from raw_files.ad_spend"
    assert rows(con, totals) == [(Decimal(2_980_750), 28_400, 289)]


def test_a_ledger_with_the_currency_behind_and_minus_at_the_end(tmp_path: Path) -> None:
    lines = [f"D{number};{number:02}.03.2026;{100 + number};{number}.250,50 EUR;Won" for number in range(1, 9)]
    lines += [
        "D9;09.03.2026;109;1.000,00- EUR;Won",
        "D10;10.03.2026;110;(2.000,00 EUR);Won",
        "D11;11.03.2026;111;--;Won",
    ]
    deals = written(tmp_path / "deals.csv", "Deal ID;Close Date;Contact ID;Amount;Stage", lines, "cp1252")
    company = propose(tmp_path, deals)
    con = company.load()
    assert rows(con, "select count(amount), sum(amount), count(*) from raw_files.deals") == [
        (10, Decimal("38004.00") - 3000, 11)
    ]
    assert company.source.currency == "EUR"


def test_a_column_is_what_most_of_its_cells_are(tmp_path: Path) -> None:
    lines = [f"D{number},2026-03-{number:02},{number}000,Won" for number in range(1, 10)]
    lines += ["D10,soon,5000,Won", "D11,2026-03-11,about 5000,Won"]
    company = propose(tmp_path, written(tmp_path / "deals.csv", "Deal ID,Close Date,Amount,Stage", lines))
    summary = "\n".join(told(company))
    assert "10 of 11 read as dates; the rows of the others will be rejected" in summary
    assert "10 of 11 read as numbers; the rows of the others will be rejected" in summary
    con = company.load(rejected=2)
    assert rows(con, "select count(*), sum(amount) from raw_files.deals") == [(9, Decimal(45_000))]


def test_an_amount_that_does_not_read_is_never_left_out_in_silence(tmp_path: Path) -> None:
    lines = [f"D{number},2026-03-{number:02},around {number} thousand,Won" for number in range(1, 10)]
    company = propose(tmp_path, written(tmp_path / "deals.csv", "Deal ID,Close Date,Amount,Stage", lines))
    doubt = "'Amount' is called so, but most of it is no amount: 'around 1 thousand', 'around 2 thousand'"
    assert f"  unsure  columns.amount: {doubt}" in told(company)
    assert f"# amount:  # unsure: {doubt}" in company.document


def test_a_file_that_cannot_be_used_is_said_to_be_what_it_seems_and_what_is_in_the_way(tmp_path: Path) -> None:
    leads = written(
        tmp_path / "leads.csv", "Lead ID,Created Time,Email", [f"L{n},2026-04-0{n},a{n}@x.example" for n in "123"]
    )
    unusable = [
        (
            written(tmp_path / "meta.csv", "Campaign name,Amount spent (IDR),Impressions", ["A,1000,5", "B,3000,6"]),
            "it looks like ad_spend (campaign_id: Campaign name, spend: Amount spent (IDR), "
            "campaign_name: Campaign name, impressions: Impressions), "
            "but no column gives date_day (usually called 'date' or 'day')",
        ),
        (
            written(tmp_path / "deals.csv", "Deal ID,Close Date,Amount", ["D1,2026-04-01,5", "D1,2026-04-01,6"]),
            "'Deal ID' is called as deal_id is, but it is there in several rows: 'D1'",
        ),
        (
            written(tmp_path / "spend.csv", "Day,Campaign ID,Cost", ["monday,1,5", "tuesday,2,6"]),
            "'Day' is called as date_day is, but most of its texts are none: 'monday', 'tuesday'",
        ),
        (
            written(tmp_path / "colours.csv", "foo,bar", ["1,2", "3,4"]),
            "its headers say nothing of leads, deals, orders, spend or touches",
        ),
    ]
    company = propose(tmp_path, leads, *(path for path, _ in unusable))
    doubts = {file.path.name: file.unsure for file in company.proposal.files if file.entity is None}
    for path, why in unusable:
        assert why in doubts[path.name][0]


# --- people

LINKED = """
    select list(lead_id order by lead_id)
    from raw_files.leads
    inner join raw_files._identifiers on kind = 'phone' and raw_value = phone
    group by hash
    order by all
"""


def test_ids_are_found_by_their_values(tmp_path: Path) -> None:
    company = case("contact-by-values", tmp_path)
    assert company.entity("deals").columns["lead_ids"] == "contact"
    assert "  unsure  columns.lead_ids: chosen by its values: 2 of 2 are ids in the file of leads" in told(company)
    # days that could be either way round stay unsure
    assert "  unsure  formats.created_at: %m/%d/%Y reads them as well; is the day first?" in told(company)
    assert rows(company.load(), "select deal_id, lead_ids from raw_files.deals order by all") == [
        ("D1", "100"),
        ("D2", "104"),
    ]


def test_lists_of_ids_are_found_by_their_values(tmp_path: Path) -> None:
    leads = written(
        tmp_path / "people.csv", "Kode,Tanggal Masuk,Email", [f"K-{n},2026-04-0{n},a{n}@x.example" for n in "12345"]
    )
    deals = written(
        tmp_path / "deals.csv",
        "Deal ID;Close Date;Value;Siapa",
        ["D1;2026-04-20;1000;K-1|K-2", "D2;2026-04-21;2000;K-3", "D3;2026-04-22;3000;K-9|K-4|K-5|K-1"],
    )
    few = propose(tmp_path / "few", leads, deals)
    assert "lead_ids" not in few.entity("deals").columns  # five of six are not nearly all
    deals.write_text(deals.read_text().replace("K-9|", ""))
    found = propose(tmp_path / "all", leads, deals)
    assert found.entity("deals").columns["lead_ids"] == "Siapa"
    assert "chosen by its values: 5 of 5 are ids in the file of leads" in "\n".join(told(found))


def test_a_phone_with_a_fraction_is_that_phone(tmp_path: Path) -> None:
    con = case("phones-as-floats", tmp_path).load()
    assert rows(con, LINKED) == [(["L1", "L2"],), (["L3"],), (["L4"],), (["L5"],)]


def test_phones_that_a_spreadsheet_destroyed_link_nobody_and_are_told(tmp_path: Path) -> None:
    company = case("phones-through-excel", tmp_path)
    assert company.source.country == "ID"
    assert (
        "  unsure  columns.phone: 2 of 4 were lost to a spreadsheet, as 6.28123E+12: "
        "format the column as text there, and export it again"
    ) in told(company)
    assert "country: ID\n" in company.document  # +62 leaves no doubt
    con = company.load()
    assert rows(con, LINKED) == [(["009", "010"],)]
    assert any("2 phones were lost to a spreadsheet" in warning for warning in company.warnings)


def test_phones_of_a_sheet_in_another_country(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Lead ID", "Created", "Telefone", "Source"])
    phones = ["+55 11 91234-5678", "11 91234-5678", "5,51191E+12", "5511912345679.0"]
    for number, phone in enumerate(phones, start=1):
        book.active.append([f"B{number}", f"2026-04-0{number}", phone, "Google"])
    book.save(tmp_path / "leads.xlsx")
    company = propose(tmp_path, tmp_path / "leads.xlsx")
    assert company.source.country == "BR"
    assert "1 of 4 were lost to a spreadsheet" in "\n".join(told(company))
    assert rows(company.load(), LINKED) == [(["B1", "B2"],), (["B4"],)]


def test_the_country_is_unsure_where_no_phone_carries_a_code(tmp_path: Path) -> None:
    leads = written(
        tmp_path / "leads.csv", "Lead ID,Created,Phone", [f"L{n},2026-04-0{n},08123456789{n}" for n in "123"]
    )
    company = propose(tmp_path, leads)
    assert "country: ID  # unsure: of phone numbers without a country code" in company.document


# --- keys


def test_a_number_that_each_file_gives_anew_is_a_key_with_the_files_name(tmp_path: Path) -> None:
    company = case("row-numbers", tmp_path)
    assert company.entity("leads").ids == "by_file"
    doubt = "each file numbers its rows itself, so 'No' means something only with the file's name"
    assert f"  unsure  ids: {doubt}" in told(company)
    assert rows(company.load(), "select count(*), count(distinct lead_id) from raw_files.leads") == [(24, 24)]


def test_a_number_that_means_the_same_in_two_exports_stays_a_key(tmp_path: Path) -> None:
    lines = [f"{n},2026-03-0{n} 08:00:00,a{n}@x.example,Web" for n in range(1, 9)]
    files = [written(tmp_path / f"leads_{week}.csv", "No,Tanggal,Email,Sumber", lines[: 6 + week]) for week in (1, 2)]
    company = propose(tmp_path, *files)
    assert company.entity("leads").ids is None
    assert rows(company.load(), "select count(*), count(distinct lead_id) from raw_files.leads") == [(15, 8)]


def test_what_names_a_record_several_times_without_versions_is_no_key(tmp_path: Path) -> None:
    # the same person in several rows, created at different times: touches, and no versions
    lines = [f"L{n % 3},2026-03-0{n} 08:00:00,2026-04-0{n},Web" for n in range(1, 9)]
    leads = written(tmp_path / "leads.csv", "Lead ID,Created Time,Last Modified,Source", lines)
    other = written(tmp_path / "people.csv", "Lead ID,Created Time", [f"L{n},2026-03-0{n}" for n in range(1, 9)])
    company = propose(tmp_path, leads, other)
    assert [file.path.name for file in company.proposal.files if file.entity is None] == ["leads.csv"]


def test_a_prefix_that_all_headers_share_means_nothing(tmp_path: Path) -> None:
    leads = written(
        tmp_path / "leads.csv",
        "_airbyte_raw_id,_airbyte_extracted_at,_airbyte_cdc_deleted_at,props_id,props_createdate,props_email,"
        "props_lead_source,props_outlets__c",
        [f"x{n},2026-05-01T00:00:00Z,,{n},2026-04-0{n} 02:00:00,a{n}@x.example,google,3" for n in range(1, 6)]
        + ["x6,2026-05-01T00:00:00Z,2026-05-02T00:00:00Z,6,2026-04-06 02:00:00,a6@x.example,google,3"],
    )
    company = propose(tmp_path, leads)
    assert company.entity("leads").columns == {
        "lead_id": "props_id",
        "created_at": "props_createdate",
        "email": "props_email",
        "source": "props_lead_source",
        "is_deleted": "_airbyte_cdc_deleted_at",
    }
    assert company.source.time_zone == "UTC"
    assert rows(company.load(), "select lead_id, created_at from raw_files.leads where is_deleted") == [
        ("6", datetime(2026, 4, 6, 2))
    ]


# --- nothing is lost

ODD = {
    "blank.csv": b"\n\n\n",
    "header_only.csv": b"Lead ID,Created Time\n",
    "binary.csv": bytes(range(256)) * 20,
    "login.csv": b"<html><body>Log in</body></html>",
    "never_closed.csv": b'foo,bar\n1,"2\n3,4\n',
    "half.csv": b"\xff\xfei\x00d\x00\n",
    "lists.jsonl": b"[1,2]\n[3]\n",
    "no_fields.jsonl": b"{}\n{}\n",
    "broken.parquet": b"PAR1xxxx",
    "broken.xlsx": b"PK\x03\x04xxxx",
    "one_total.csv": b"Day,Campaign,Cost\nTotal,,5\n",
    "far_days.csv": b"Lead ID,Created\n1,9999-99-99\n2,9999-99-99\n",
    "wide.csv": b",".join(b"c%d" % n for n in range(500)) + b"\n" + b",".join([b"1"] * 500) + b"\n",
}


def test_no_odd_file_stops_the_others(tmp_path: Path) -> None:
    leads = written(tmp_path / "leads.csv", "Lead ID,Created Time,Source", [f"L{n},2026-04-0{n},Web" for n in "123"])
    for name, content in ODD.items():
        (tmp_path / name).write_bytes(content)
    company = propose(tmp_path, leads, *(tmp_path / name for name in ODD))
    said = {file.path.name: file.unsure for file in company.proposal.files if file.entity is None}
    assert said.keys() == ODD.keys()
    assert all(said.values())
    assert rows(company.load(), "select count(*) from raw_files.leads") == [(3,)]


@pytest.mark.parametrize("name", sorted(folder.name for folder in CASES.iterdir()))
def test_each_line_of_each_file_is_loaded_or_told(tmp_path: Path, name: str) -> None:
    company = case(name, tmp_path)
    con = company.load(rejected=None)
    loaded = " union ".join(
        f"select _file as file, _record_number as number from raw_files.{entity}" for entity in ENTITIES
    )
    counts = dict(rows(con, f"select file, count(*) from ({loaded}) group by 1"))
    told_of = dict(
        rows(
            con,
            "select file, count(distinct line) from (select file, line from raw_files._rejected "
            "union select file, line from raw_files._skipped) group by 1",
        )
    )
    warned = "\n".join(company.warnings)
    for file in (CASES / name).iterdir():
        [key] = [key for key in counts if key.endswith(f"/{name}/{file.name}")]
        assert counts[key] + told_of.get(key, 0) == _lines(file) - 1  # one names the columns
        assert key not in told_of or f"{key}: " in warned


def _lines(file: Path) -> int:
    """The lines or rows that are not blank."""
    if file.suffix == ".xlsx":
        found = openpyxl.load_workbook(file).active.iter_rows(values_only=True)
        return sum(any(cell is not None for cell in row) for row in found)
    return sum(bool(line.strip(b";, \r")) for line in file.read_bytes().split(b"\n"))
