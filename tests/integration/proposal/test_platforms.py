"""One export of each platform in the shape that it has today, in English and in Indonesian: right, or said why not."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.integration.proposal.company import Company, propose, rows, written

LEADS = ["Lead ID,Created Time,Email,Lead Source", "L1,2026-04-01 09:00,a@x.example,Web", "L2,2026-04-02 09:00,,Web"]
SPEND = (
    "select source_system, count(*), sum(spend), sum(impressions), sum(clicks), min(currency), min(date_day)::text "
    "from raw_files.ad_spend group by 1"
)


def with_leads(folder: Path, *files: Path) -> Company:
    return propose(folder, written(folder / "leads.csv", LEADS[0], LEADS[1:]), *files)


def left_out(company: Company) -> dict[str, str]:
    return {file.path.name: file.unsure[0] for file in company.proposal.files if file.entity is None}


# --- ad platforms

GOOGLE = [
    (
        "Laporan kampanye\n1 April 2026 - 3 April 2026\nHari,Kampanye,Kode mata uang,Biaya,Tayangan,Klik,BPK rata-rata",
        ["2026-04-0{n},Merek,IDR,150000,1000,20,7500", 'Total: Kampanye, --,IDR,"450.000",3000,60,7500'],
    ),
    (
        "Campaign performance\nApril 1, 2026 - April 3, 2026\nDay,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks",
        ["2026-04-0{n},Brand,77,IDR,150000,1000,20", "Total: Campaigns, --, --,IDR,450000,3000,60"],
    ),
]
META = [
    (
        "Awal pelaporan,Akhir pelaporan,Nama kampanye,Jumlah yang dibelanjakan (IDR),Tayangan,Klik tautan,Hari",
        ["2026-04-0{n},2026-04-0{n},Promo,150000,1000,20,2026-04-0{n}"],
    ),
    (
        "Campaign name,Day,Amount spent (IDR),Impressions,Link clicks,Reporting starts,Reporting ends",
        ["Promo,2026-04-0{n},150000,1000,20,2026-04-0{n},2026-04-0{n}"],
    ),
]
TIKTOK = [
    (
        "Nama kampanye,Nama grup iklan,Berdasarkan Hari,Biaya,Tayangan,Klik (tujuan),Tayangan video,Mata uang",
        ["Promo,Muda,2026-04-0{n},150000,1000,20,400,IDR", "Total 1 hasil,-,-,450000,3000,60,1200,IDR"],
    ),
    (
        "Campaign name,Ad group name,By Day,Cost,Impressions,Clicks (destination),Video views,Currency",
        ["Promo,Muda,2026-04-0{n},150000,1000,20,400,IDR", "Total of 1 results,-,-,450000,3000,60,1200,IDR"],
    ),
]
LINKEDIN = [
    (
        "Laporan Kinerja Kampanye\nTanggal Mulai (dalam UTC),Nama Kampanye,Total Dibelanjakan,Tayangan,Klik,Mata Uang",
        ["0{n}-04-2026,Promo,150000,1000,20,IDR"],
    ),
    (
        "Campaign Performance Report (in UTC)\n"
        "Start Date (in UTC),Campaign Group Name,Campaign Name,Total Spent,Impressions,Clicks,Currency",
        ["0{n}-04-2026,All,Promo,150000,1000,20,IDR"],
    ),
]


@pytest.mark.parametrize(
    ("platform", "header", "lines"),
    [
        (platform, header, lines)
        for platform, shapes in (
            ("google_ads", GOOGLE),
            ("meta_ads", META),
            ("tiktok_ads", TIKTOK),
            ("linkedin_ads", LINKEDIN),
        )
        for header, lines in shapes
    ],
)
def test_spend_of_an_ad_platform(tmp_path: Path, platform: str, header: str, lines: list[str]) -> None:
    daily, *total = lines
    if platform == "linkedin_ads":  # told by the day alone otherwise
        days = [daily.replace("0{n}-04", f"{n}-04") for n in (14, 15, 16)]
    else:
        days = [daily.format(n=n) for n in (1, 2, 3)]
    name = "linkedin_campaigns.csv" if platform == "linkedin_ads" else "report.csv"
    con = with_leads(tmp_path, written(tmp_path / name, header, [*days, *total])).load()
    first = "2026-04-14" if platform == "linkedin_ads" else "2026-04-01"
    assert rows(con, SPEND) == [(platform, 3, Decimal(450_000), 3_000, 60, "IDR", first)]
    passed_over = header.count("\n") + len(total)
    assert rows(con, "select count(*) from raw_files._skipped") == [(passed_over,)]


GA4 = [
    (
        "# ----------------------------------------\n# Akuisisi traffic\n# Tanggal mulai: 20260401\n#\n"
        "Sumber / medium sesi,Sesi,Pengguna aktif,Jumlah peristiwa",
        ["google / cpc,120,80,900", "(direct) / (none),60,50,300", "facebook / cpc,30,20,90"],
    ),
    (
        "# ----------------------------------------\n# Traffic acquisition\n# Start date: 20260401\n#\n"
        "Session source / medium,Sessions,Engaged sessions,Engagement rate,Event count,Key events,Total revenue",
        ["google / cpc,120,80,0.66,900,3,0", "(direct) / (none),60,50,0.8,300,0,0", "facebook / cpc,30,20,0.6,90,0,0"],
    ),
]


@pytest.mark.parametrize(("header", "lines"), GA4)
def test_a_report_of_google_analytics_is_said_to_be_one(tmp_path: Path, header: str, lines: list[str]) -> None:
    company = with_leads(tmp_path, written(tmp_path / "data-export.csv", header, lines))
    assert "a report of Google Analytics, which counts sessions" in left_out(company)["data-export.csv"]
    assert "BigQuery export" in company.document


# --- shops: one row for each article

SHOPEE = [
    "No. Pesanan,Status Pesanan,Waktu Pesanan Dibuat,Waktu Pembayaran Dilakukan,Nama Produk,Harga Setelah Diskon,"
    "Jumlah,Total Harga Produk,Total Pembayaran,Username (Pembeli),No. Telepon",
    "Order ID,Order Status,Order Creation Date,Order Paid Time,Product Name,Deal Price,Quantity,Product Subtotal,"
    "Total Amount,Username (Buyer),Phone Number",
]


@pytest.mark.parametrize("header", SHOPEE)
def test_orders_of_shopee_count_once(tmp_path: Path, header: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(header.split(","))
    for order, articles in (("2604A", 2), ("2604B", 1), ("2604C", 3)):
        total = 50_000 * articles + 9_000
        for article in range(articles):
            book.active.append(
                [
                    *(order, "Selesai", f"2026-04-0{articles} 10:00", f"2026-04-0{articles} 10:05"),
                    *(f"Produk {article}", "50.000", 1, "50.000", f"{total // 1000}.000"),
                    *("pembeli", f"6281200000{articles:03}"),
                ]
            )
    book.save(tmp_path / "Order.all.20260401_20260430.xlsx")
    company = with_leads(tmp_path, tmp_path / "Order.all.20260401_20260430.xlsx")
    told = "3 different ones in 6 rows, one for each article: each counts once, with what all its rows agree in"
    assert told in company.document
    con = company.load()
    newest = "select order_id, max(amount), max(ordered_at) from raw_files.orders group by 1 order by 1"
    assert rows(con, newest) == [
        ("2604A", Decimal(109_000), datetime(2026, 4, 2, 3)),
        ("2604B", Decimal(59_000), datetime(2026, 4, 1, 3)),
        ("2604C", Decimal(159_000), datetime(2026, 4, 3, 3)),
    ]
    assert any("3 rows are replaced by others with the same order_id" in warning for warning in company.warnings)


TIKTOK_SHOP = (
    "Order ID,Order Status,Cancelation/Return Type,SKU ID,Product Name,Quantity,SKU Unit Original Price,"
    "SKU Subtotal After Discount,Shipping Fee After Discount,Order Amount,Order Refund Amount,Created Time,Paid Time,"
    "Buyer Username,Recipient,Phone #"
)


def test_orders_of_tiktok_shop_below_a_line_that_explains_the_columns(tmp_path: Path) -> None:
    lines = [
        "Platform unique order ID.,Current order status.,Type,SKU,Name,Count,IDR,IDR,IDR,IDR,IDR,Order created time.,"
        "Order paid time.,Name,Name,Phone",
        *(
            f"5790{order},Completed,,17{order}{article},Serum,1,50000,45000,9000,{45_000 * articles + 9_000},0,"
            f"{13 + order}/04/2026 10:00:00,{13 + order}/04/2026 10:01:00,ani,Ani,(+62)812*****12"
            for order, articles in ((1, 2), (2, 1), (3, 1))
            for article in range(articles)
        ),
    ]
    company = with_leads(tmp_path, written(tmp_path / "Semua pesanan.csv", TIKTOK_SHOP, lines))
    con = company.load(rejected=1)  # the line that explains the columns
    assert rows(con, "select order_id, max(amount) from raw_files.orders group by 1 order by 1") == [
        ("57901", Decimal(99_000)),
        ("57902", Decimal(54_000)),
        ("57903", Decimal(54_000)),
    ]


def test_a_sales_report_of_tokopedia_below_its_title(tmp_path: Path) -> None:
    header = (
        "Laporan Penjualan\nNama Toko,Toko Contoh\nPeriode,01-04-2026 s.d. 30-04-2026\n\n"
        "Nomor,Nomor Invoice,Tanggal Pembayaran,Status Terakhir,Nama Produk,Jumlah Produk Dibeli,Harga Jual (IDR),"
        "Total Penjualan (IDR),Nama Pembeli,No Telp Pembeli"
    )
    lines = [
        f"{n},INV/202604{n + 12}/MPL/{n},{n + 12}-04-2026 10:00:00,Pesanan Selesai,Serum,1,50000,{50_000 + n},Ani,62***"
        for n in range(1, 6)
    ]
    company = with_leads(tmp_path, written(tmp_path / "laporan_penjualan.csv", header, lines))
    con = company.load()
    assert rows(con, "select count(*), sum(amount), min(ordered_at) from raw_files.orders") == [
        (5, Decimal(250_015), datetime(2026, 4, 13, 3))
    ]
    assert company.entity("orders").columns["order_id"] == "Nomor Invoice"


# --- CRMs

ZOHO = [
    (
        "Id Rekaman,Pemilik Prospek,Nama Lengkap,Email,Telepon,Sumber Prospek,Status Prospek,Waktu Dibuat",
        "Id Rekaman,Pemilik Kesepakatan,Nama Kesepakatan,Jumlah,Tanggal Penutupan,Tahap,Email Kontak,Waktu Dibuat",
        ["Baru", "Prospek", "Menang"],
    ),
    (
        "Record Id,Lead Owner,Full Name,Email,Phone,Lead Source,Lead Status,Created Time",
        "Record Id,Deal Owner,Deal Name,Amount,Closing Date,Stage,Contact Email,Created Time",
        ["Not Contacted", "Pre-Qualified", "Closed Won"],
    ),
]


@pytest.mark.parametrize(("leads", "deals", "words"), ZOHO)
def test_zoho_leads_and_deals(tmp_path: Path, leads: str, deals: str, words: list[str]) -> None:
    new, other, won = words
    lost = "Kalah" if won == "Menang" else "Closed Lost"
    company = propose(
        tmp_path,
        written(
            tmp_path / "Leads_2026_05_01.csv",
            leads,
            [
                f"zcrm_51{n},Rani,Orang {n},a{n}@x.example,081200000{n:03},Iklan Facebook,{(new, other)[n % 2]},"
                f"2026-04-0{n} 09:00:00"
                for n in range(1, 9)
            ],
        ),
        written(
            tmp_path / "Deals_2026_05_01.csv",
            deals,
            [
                f"zcrm_61{n},Rani,Paket {n},{n}500000,2026-04-2{n},{(won, lost)[n % 2]},a{n}@x.example,"
                f"2026-04-1{n} 09:00:00"
                for n in range(1, 5)
            ],
        ),
    )
    con = company.load()
    assert rows(con, "select count(*), count(email), min(source) from raw_files.leads") == [(8, 8, "Iklan Facebook")]
    assert rows(con, "select deal_id, amount, is_won, is_closed, email from raw_files.deals order by 1") == [
        (f"zcrm_61{n}", Decimal(n * 1_000_000 + 500_000), n % 2 == 0, True, f"a{n}@x.example") for n in range(1, 5)
    ]


def test_salesforce_opportunities_in_two_currencies_take_the_converted_amount(tmp_path: Path) -> None:
    leads = written(
        tmp_path / "leads.csv",
        "Lead ID,Create Date,Email,Lead Source,Lead Status,MQL Date",
        [f"00Q{n},{n}/4/2026,a{n}@x.example,Web,Qualified,{'2' + str(n) if n < 4 else ''}" for n in range(1, 6)],
    )
    leads.write_text(leads.read_text().replace(",21\n", ",21/4/2026\n").replace(",22\n", ",22/4/2026\n"))
    leads.write_text(leads.read_text().replace(",23\n", ",23/4/2026\n"))
    opportunities = written(
        tmp_path / "opportunities.csv",
        "Opportunity ID,Created Date,Close Date,Stage,Amount Currency,Amount,Amount (converted) Currency,"
        "Amount (converted),Contact: Email,Deleted",
        [
            "0061,14/4/2026,20/4/2026,Closed Won,USD,100.00,IDR,1600000.00,a1@x.example,0",
            "0062,15/4/2026,21/4/2026,Closed Won,IDR,500000.00,IDR,500000.00,a2@x.example,0",
            "0063,16/4/2026,22/4/2026,Closed Won,IDR,9.00,IDR,9.00,a3@x.example,1",
        ],
    )
    company = propose(tmp_path, leads, opportunities)
    con = company.load()
    assert rows(
        con, "select deal_id, amount, currency, email from raw_files.deals where not is_deleted order by 1"
    ) == [
        ("0061", Decimal(1_600_000), "IDR", "a1@x.example"),
        ("0062", Decimal(500_000), "IDR", "a2@x.example"),
    ]
    assert rows(con, "select lead_id, stage, entered_at::date::text from raw_files.lead_stage_history order by 1") == [
        ("00Q1", "mql", "2026-04-20"),  # midnight in Jakarta
        ("00Q2", "mql", "2026-04-21"),
        ("00Q3", "mql", "2026-04-22"),
    ]


def test_pipedrive_in_indonesian(tmp_path: Path) -> None:
    people = written(
        tmp_path / "people.csv",
        "Orang - ID,Orang - Nama,Orang - Email,Orang - Waktu dibuat,Orang - Sumber",
        [f"{n + 10},Orang {n},a{n}@x.example,2026-04-0{n} 01:00:00,Google Ads" for n in range(1, 6)],
    )
    deals = written(
        tmp_path / "deals.csv",
        "Deal - ID,Deal - Judul,Deal - Status,Deal - Nilai,Deal - Mata uang,Deal - Waktu dibuat,Deal - Waktu menang,"
        "Deal - Email kontak",
        [
            "501,Satu,Menang,1000000,IDR,2026-04-10 01:00:00,2026-04-20 01:00:00,a1@x.example",
            "502,Dua,Kalah,2000000,IDR,2026-04-11 01:00:00,,a2@x.example",
            "503,Tiga,Dihapus,3000000,IDR,2026-04-12 01:00:00,,a3@x.example",
        ],
    )
    con = propose(tmp_path, people, deals).load()
    assert rows(con, "select deal_id, is_won, is_closed, is_deleted, amount from raw_files.deals order by 1") == [
        ("501", True, True, False, Decimal(1_000_000)),
        ("502", False, True, False, Decimal(2_000_000)),
        ("503", False, False, True, Decimal(3_000_000)),
    ]
    assert rows(con, "select count(*), count(email) from raw_files.leads") == [(5, 5)]


def test_hubspot_deals_name_several_people_by_phone(tmp_path: Path) -> None:
    contacts = written(
        tmp_path / "hubspot_contacts.csv",
        "Record ID,Create Date,Phone Number,Original Source",
        [f"{n},2026-04-0{n} 09:00,+62 812-0000-000{n},Paid Search" for n in range(1, 7)],
        "utf-16",
    )
    deals = written(
        tmp_path / "hubspot_deals.csv",
        "Record ID,Create Date,Close Date,Deal Stage,Amount,Phone Number",
        [
            '9001,2026-04-10 09:00,2026-04-20 09:00,Closed Won,1000,"+62 812-0000-0001, +62 812 0000 0002"',
            "9002,2026-04-11 09:00,2026-04-21 09:00,Closed Lost,2000,+62 812-0000-0003",
        ],
    )
    con = propose(tmp_path, contacts, deals).load()
    people = (
        "with deals as (select deal_id, hash || coalesce('|' || more_hashes, '') as hashes from raw_files.deals "
        "join raw_files._identifiers on kind = 'phone' and raw_value = phone), "
        "named as (select deal_id, unnest(string_split(hashes, '|')) as hash from deals) "
        "select deal_id, list(lead_id order by lead_id) from named join raw_files._identifiers as ids using (hash) "
        "join raw_files.leads on leads.phone = ids.raw_value group by 1 order by 1"
    )
    assert rows(con, people) == [("9001", ["1", "2"]), ("9002", ["3"])]
