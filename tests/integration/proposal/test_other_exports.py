"""Exports of spreadsheets, shops, ads and other CRMs: what `init` proposes loads right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from orchestration.errors import ConfigurationError
from orchestration.proposal import write_company_folder
from tests.integration.proposal.company import day, propose, rows, written

# --- an Indonesian spreadsheet of leads and what they bought


def sheet(path: Path, header: list[str], lines: list[list[Any]]) -> Path:
    workbook = openpyxl.Workbook()
    page = workbook.active
    for line in [header, *lines]:
        page.append(line)
    workbook.save(path)
    return path


def test_an_indonesian_spreadsheet_is_leads_and_deals_at_once(tmp_path: Path) -> None:
    header = ["No", "Tanggal Masuk", "Nama", "No HP", "Sumber", "Status", "Nilai Deal", "Tanggal Closing", "PIC"]
    statuses = ["Baru", "Follow Up", "Deal", "Batal", "Nego"]
    lines: list[list[Any]] = []
    for n in range(40):
        is_deal = statuses[n % 5] == "Deal"
        lines.append(
            [
                n + 1,
                f"{day(n):%d/%m/%Y}",
                f"Nama {n}",
                f"0812{n:08}",
                ["Instagram", "WhatsApp", "tidak diketahui"][n % 3],
                statuses[n % 5],
                f"Rp 1.{500 + n}.000" if is_deal else None,
                f"{day(n + 7):%d/%m/%Y}" if is_deal else None,
                "Budi",
            ]
        )
    company = propose(tmp_path, sheet(tmp_path / "Data Prospek 2025.xlsx", header, lines))
    leads, deals = company.entity("leads"), company.entity("deals")
    assert leads.columns == {
        "lead_id": "No",
        "created_at": "Tanggal Masuk",
        "phone": "No HP",
        "name": "Nama",
        "source": "Sumber",
        "stage": "Status",
        "owner": "PIC",
    }
    assert leads.values["source"] == {"tidak diketahui": None}
    assert leads.values["stage"] == {
        "Baru": "lead",
        "Follow Up": "lead",
        "Deal": "customer",
        "Batal": "disqualified",
        "Nego": "opportunity",
    }
    assert deals.columns == {
        "deal_id": "No",
        "created_at": "Tanggal Masuk",
        "lead_ids": "No",
        "amount": "Nilai Deal",
        "closed_at": "Tanggal Closing",
        "is_won": "Status",
        "is_closed": "Status",
        "owner": "PIC",
    }
    assert deals.formats["amount"] == "Rp 1.234,56"
    assert (company.source.currency, company.source.country) == ("IDR", "ID")
    assert "currency: IDR\n" in company.document  # Rp leaves no doubt
    con = company.load()
    assert rows(con, "select count(*), count(phone), count(source) from raw_files.leads") == [(40, 40, 27)]
    assert rows(con, "select count(*), sum(amount), bool_and(is_won) from raw_files.deals") == [(8, 12156000, True)]


def test_a_sheet_whose_rows_have_no_id_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    header = ["Tanggal Masuk", "Nama", "No HP", "Sumber"]
    lines: list[list[Any]] = [[f"{day(n):%d/%m/%Y}", f"Nama {n}", f"0812{n:08}", "Instagram"] for n in range(12)]
    path = sheet(tmp_path / "leads.xlsx", header, lines)
    with pytest.raises(ConfigurationError, match=r"it looks like leads .*no column gives lead_id"):
        write_company_folder(tmp_path / "company", [path])
    assert not (tmp_path / "company").exists()

    named = sheet(tmp_path / "leads_2.xlsx", ["No", *header], [[n + 1, *line] for n, line in enumerate(lines)])
    company = propose(tmp_path, path, named)
    assert [file.entity for file in company.proposal.files] == ["leads", None]
    assert "# - leads.xlsx: it looks like leads (created_at: Tanggal Masuk, " in company.document


# --- shops, ads, and other CRMs


def test_semicolons_decimal_commas_and_a_portuguese_crm(tmp_path: Path) -> None:
    leads = written(
        tmp_path / "contatos.csv",
        "ID do contato;Nome completo;E-mail;Telefone;Origem;Data de criação",
        [
            f"C{n:04};Ana {n};ana{n}@exemplo.com.br;+55 11 9{n:08};Pesquisa orgânica;{day(n):%d/%m/%Y %H:%M}"
            for n in range(30)
        ],
        encoding="cp1252",
    )
    deals = written(
        tmp_path / "negocios.csv",
        "ID do negócio;ID do contato;Valor do negócio;Etapa;Data de criação;Data de fechamento",
        [
            f"N{n:04};C{n:04};R$ {n + 1}.234,50;{['Ganho', 'Perdido', 'Proposta'][n % 3]};{day(n):%d/%m/%Y %H:%M};"
            f"{day(n + 5):%d/%m/%Y %H:%M}"
            for n in range(15)
        ],
        encoding="cp1252",
    )
    company = propose(tmp_path, leads, deals)
    assert company.entity("leads").columns == {
        "lead_id": "ID do contato",
        "created_at": "Data de criação",
        "email": "E-mail",
        "phone": "Telefone",
        "name": "Nome completo",
        "source": "Origem",
    }
    assert company.entity("deals").columns == {
        "deal_id": "ID do negócio",
        "created_at": "Data de criação",
        "lead_ids": "ID do contato",
        "amount": "Valor do negócio",
        "stage": "Etapa",
        "closed_at": "Data de fechamento",
        "is_won": "Etapa",
        "is_closed": "Etapa",
    }
    assert company.source.currency == "BRL"
    assert "time_zone: America/Sao_Paulo  # unsure: " in company.document
    con = company.load()
    assert rows(con, "select sum(amount), count(*) filter (where is_won) from raw_files.deals") == [(123517.5, 5)]


def test_orders_of_a_web_shop(tmp_path: Path) -> None:
    orders = written(
        tmp_path / "orders_export_1.csv",
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Created at,"
        "Refunded Amount,Billing Phone,Vendor",
        [
            f"#{1001 + n},buyer{n}@example.com,paid,{day(n):%Y-%m-%d %H:%M:%S} +0700,IDR,{n}000.00,10.00,1.00,"
            f"{n}011.00,{'WELCOME' if n % 3 else ''},{day(n):%Y-%m-%d %H:%M:%S} +0700,0.00,+62811{n:07},Shop"
            for n in range(30)
        ],
    )
    company = propose(tmp_path, orders)
    assert company.entity("orders").columns == {
        "order_id": "Name",
        "ordered_at": "Paid at",
        "amount": "Total",
        "currency": "Currency",
        "email": "Email",
        "phone": "Billing Phone",
        "status": "Financial Status",
        "voucher_code": "Discount Code",
        "refunded_amount": "Refunded Amount",
    }
    assert rows(company.load(), "select count(*), sum(amount) from raw_files.orders") == [(30, 435330)]


def test_an_export_of_ad_spend(tmp_path: Path) -> None:
    spend = written(
        tmp_path / "Untitled-report.csv",
        "Reporting starts,Reporting ends,Campaign name,Campaign delivery,Amount spent (IDR),Impressions,Link clicks,"
        "Reach,Results",
        [
            f"{day(n):%Y-%m-%d},{day(n):%Y-%m-%d},{['Brand', 'Webinar'][n % 2]} {n},active,{n * 10000},{n * 900},"
            f"{n * 9},{n * 500},{n}"
            for n in range(30)
        ],
    )
    company = propose(tmp_path, spend)
    entity = company.entity("ad_spend")
    assert entity.columns == {
        "date_day": "Reporting starts",
        "campaign_id": "Campaign name",
        "spend": "Amount spent (IDR)",
        "campaign_name": "Campaign name",
        "impressions": "Impressions",
        "clicks": "Link clicks",
        "reach": "Reach",
        "conversions": "Results",
    }
    assert entity.constants == {"account_id": "main"}
    assert "currency: IDR\n" in company.document
    assert rows(company.load(), "select sum(spend), min(currency) from raw_files.ad_spend") == [(4350000, "IDR")]


def test_json_lines_of_a_form(tmp_path: Path) -> None:
    path = tmp_path / "enquiries.jsonl"
    path.write_text(
        "".join(
            json.dumps(
                {
                    "leadId": f"L-{n}",
                    "createdAt": f"{day(n):%Y-%m-%dT%H:%M:%S}Z",
                    "email": f"ann{n}@example.com",
                    "utm_source": "google",
                    "utm_medium": "cpc",
                    "utm_campaign": "brand",
                    "landingPage": "https://example.com/a",
                    "optIn": ["ya", "tidak"][n % 2],
                }
            )
            + "\n"
            for n in range(20)
        )
    )
    company = propose(tmp_path, path)
    assert company.entity("leads").columns == {
        "lead_id": "leadId",
        "created_at": "createdAt",
        "email": "email",
        "source": "utm_source",
        "medium": "utm_medium",
        "campaign": "utm_campaign",
        "landing_page": "landingPage",
        "consent": "optIn",
    }
    con = company.load()
    assert rows(con, "select consent, count(*) from raw_files.leads group by all order by all") == [
        (False, 10),
        (True, 10),
    ]


def test_pipedrive_deals_with_a_won_time_only_for_the_won(tmp_path: Path) -> None:
    people = written(
        tmp_path / "people.csv",
        "Person - ID,Person - Name,Person - Email - Work,Person - Person created",
        [f"{500 + n * 3},Ann {n},ann{n}@example.com,{day(n):%Y-%m-%d %H:%M:%S}" for n in range(25)],
    )
    deals = written(
        tmp_path / "deals.csv",
        "Deal - ID,Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Deal created,Deal - Won time,Person - ID",
        [
            f"{n + 70},Deal {n},{n * 100},EUR,{day(n):%Y-%m-%d %H:%M:%S},"
            f"{f'{day(n + 3):%Y-%m-%d %H:%M:%S}' if n % 2 else ''},{500 + n * 3}"
            for n in range(20)
        ],
    )
    company = propose(tmp_path, people, deals)
    assert company.entity("leads").columns == {
        "lead_id": "Person - ID",
        "created_at": "Person - Person created",
        "email": "Person - Email - Work",
        "name": "Person - Name",
    }
    assert company.entity("deals").columns == {
        "deal_id": "Deal - ID",
        "created_at": "Deal - Deal created",
        "lead_ids": "Person - ID",
        "name": "Deal - Title",
        "amount": "Deal - Value",
        "currency": "Deal - Currency of Value",
        "closed_at": "Deal - Won time",
        "is_won": "Deal - Won time",
        "is_closed": "Deal - Won time",
    }
    con = company.load()
    assert rows(con, "select is_won, count(*), count(closed_at) from raw_files.deals group by all order by all") == [
        (False, 10, 0),
        (True, 10, 10),
    ]
