"""`closedloop init` on exports as CRMs, shops and spreadsheets write them: what it maps, and that it loads."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pytest

from orchestration.agreement.folder import read_agreement
from orchestration.configuration.context import find_paths
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import Settings, read_settings
from orchestration.errors import ConfigurationError
from orchestration.proposal import Proposal, write_company_folder
from orchestration.sources.files import connector as files_connector
from orchestration.sources.files.settings import FileResource
from orchestration.warehouse import create_raw_tables

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)


class Company:
    """A company folder that was just proposed, with what it reads."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.settings: Settings = read_settings(proposal.config)
        self.document = proposal.config.read_text()
        [self.source] = self.settings.sources.values()

    def entity(self, name: str) -> FileResource:
        resource = self.source.resources[name]
        assert isinstance(resource, FileResource)
        return resource

    def load(self) -> duckdb.DuckDBPyConnection:
        """A database with the raw tables that the proposal loads."""
        run = new_run(self.settings, find_paths(config=self.proposal.config), as_of=AS_OF)
        run.paths.data.mkdir(exist_ok=True)
        [name] = self.settings.sources
        con = duckdb.connect()
        con.execute("set TimeZone = 'UTC'")
        create_raw_tables(con)
        files_connector.preflight(name, self.source, run.context)
        for _ in files_connector.load(con, name, self.source, run.context):
            pass
        assert rows(con, "select resource, column_name, value, reason from raw_files._rejected") == []
        return con


def propose(folder: Path, *files: Path) -> Company:
    company = Company(write_company_folder(folder / "company", files))
    read_agreement(folder / "company" / "agreement")
    return company


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def written(path: Path, header: str, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
    return path


def day(number: int) -> datetime:
    return datetime(2025, 1, 3, 9, 30) + timedelta(days=number * 3, minutes=number * 7)


# --- HubSpot

CONTACTS = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Lifecycle Stage,Create Date,"
    "Original Traffic Source,Original Traffic Source Drill-Down 1,Associated Company IDs,Marketing contact status"
)
DEALS = (
    "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Amount in company currency,Pipeline,Create Date,"
    "Associated Contact IDs,Closed Lost Reason,Deal Type"
)


@pytest.fixture
def hubspot(tmp_path: Path) -> Company:
    stages = ["Lead", "Marketing Qualified Lead", "Sales Qualified Lead", "Opportunity", "Customer", "Partner"]
    contacts = [
        f"{90_000_000_000 + n * 37},Ann,Example {n},ann{n}@example.com,+62 811 {1000 + n} {2000 + n},Sari Dewi,Open,"
        f"{stages[n % 6]},{day(n):%Y-%m-%d %H:%M},{['Organic Search', 'Paid Social', 'Direct Traffic'][n % 3]},"
        f"{'brand' if n % 2 else ''},{7_000_000 + n % 9},Marketing contact"
        for n in range(60)
    ]
    outcomes = ["Appointment Scheduled", "Closed Won", "Closed Lost", "Contract Sent"]
    deals = [
        f"{17_000_000_000 + n * 11},Deal {n},{outcomes[n % 4]},{day(n + 9):%Y-%m-%d %H:%M},Sari Dewi,{n * 1500}.50,"
        f"{n * 1500}.50,Sales Pipeline,{day(n + 2):%Y-%m-%d %H:%M},"
        f"{90_000_000_000 + n * 37};{90_000_000_000 + (n + 1) * 37},{'Price' if n % 4 == 2 else ''},New Business"
        for n in range(20)
    ]
    return propose(
        tmp_path,
        written(tmp_path / "hubspot-crm-exports-all-contacts-2025-08-01.csv", CONTACTS, contacts),
        written(tmp_path / "hubspot-crm-exports-all-deals-2025-08-01.csv", DEALS, deals),
    )


def test_hubspot_contacts_and_deals(hubspot: Company) -> None:
    leads, deals = hubspot.entity("leads"), hubspot.entity("deals")
    assert leads.columns == {
        "lead_id": "Record ID",
        "created_at": "Create Date",
        "email": "Email",
        "phone": "Phone Number",
        "account_id": "Associated Company IDs",
        "source": "Original Traffic Source",
        "stage": "Lifecycle Stage",
        "owner": "Contact owner",
    }
    assert deals.columns == {
        "deal_id": "Record ID",
        "created_at": "Create Date",
        "lead_ids": "Associated Contact IDs",
        "name": "Deal Name",
        "amount": "Amount",
        "stage": "Deal Stage",
        "closed_at": "Close Date",
        "is_won": "Deal Stage",
        "is_closed": "Deal Stage",
        "lost_reason": "Closed Lost Reason",
        "owner": "Deal owner",
        "deal_type": "Deal Type",
        "pipeline": "Pipeline",
    }
    assert list(hubspot.settings.sources) == ["hubspot"]
    con = hubspot.load()
    assert rows(con, "select count(*), count(phone), min(created_at) from raw_files.leads") == [
        (60, 60, datetime(2025, 1, 3, 2, 30))
    ]
    assert rows(con, "select lead_ids from raw_files.deals where name = 'Deal 1'") == [("90000000037|90000000074",)]
    assert rows(con, "select is_won, is_closed, count(*) from raw_files.deals group by all order by all") == [
        (False, False, 10),
        (False, True, 5),
        (True, True, 5),
    ]


def test_stages_are_mapped_and_the_others_are_listed(hubspot: Company) -> None:
    assert hubspot.entity("leads").values["stage"] == {
        "Lead": "lead",
        "Marketing Qualified Lead": "mql",
        "Sales Qualified Lead": "sql",
        "Opportunity": "opportunity",
        "Customer": "customer",
    }
    assert "            # Partner:  # unsure: which of lead, mql, sql, " in hubspot.document
    [contacts] = [file for file in hubspot.proposal.files if file.entity == "leads"]
    assert "values.stage: not mapped yet: Partner" in contacts.unsure
    assert "First Name" in contacts.left_out


def test_an_amount_that_could_be_another_column_is_said_to_be_unsure(hubspot: Company) -> None:
    assert "amount: Amount  # unsure: or 'Amount in company currency'; chosen by its name" in hubspot.document


# --- Salesforce


@pytest.fixture
def salesforce(tmp_path: Path) -> Company:
    leads = [
        f'"00Q5g00000{n:05}AAA","Ann","Example {n}","CEO","Company {n}","ann{n}@example.com","(021) 555-{n:04}",'
        f'"{["Web", "Trade Show", "-"][n % 3]}","{["Open - Not Contacted", "Qualified", "Unqualified"][n % 3]}",'
        f'"{day(n).month}/{day(n).day}/{day(n).year}","Sari Dewi","{["0", "1"][n % 2]}",'
        f'"{f"0065g00000{n:05}BBB" if n % 2 and n < 40 else ""}"'
        for n in range(50)
    ]
    opportunities = [
        f'"Opportunity {n}","Account {n}","{["Prospecting", "Closed Won", "Closed Lost"][n % 3]}","USD",'
        f'"{n * 1000 + 1234.5:,.2f}","{day(n + 20).month}/{day(n + 20).day}/{day(n + 20).year}",'
        f'"{day(n + 4).month}/{day(n + 4).day}/{day(n + 4).year}","Sari Dewi","New Business","0065g00000{n:05}BBB"'
        for n in range(40)
    ]
    return propose(
        tmp_path,
        written(
            tmp_path / "report1754000000001.csv",
            '"Lead ID","First Name","Last Name","Title","Company / Account","Email","Phone","Lead Source",'
            '"Lead Status","Create Date","Lead Owner","Converted","Converted Opportunity ID"',
            leads,
            encoding="latin-1",
        ),
        written(
            tmp_path / "report1754000000002.csv",
            '"Opportunity Name","Account Name","Stage","Amount Currency","Amount","Close Date","Created Date",'
            '"Opportunity Owner","Type","Opportunity ID"',
            opportunities,
        ),
    )


def test_salesforce_leads_and_opportunities(salesforce: Company) -> None:
    leads, deals = salesforce.entity("leads"), salesforce.entity("deals")
    assert leads.columns == {
        "lead_id": "Lead ID",
        "created_at": "Create Date",
        "email": "Email",
        "phone": "Phone",
        "company": "Company / Account",
        "source": "Lead Source",
        "stage": "Lead Status",
        "owner": "Lead Owner",
    }
    assert leads.values == {
        "stage": {"Open - Not Contacted": "lead", "Qualified": "sql", "Unqualified": "disqualified"},
        "source": {"-": None},
    }
    assert deals.columns == {
        "deal_id": "Opportunity ID",
        "created_at": "Created Date",
        "name": "Opportunity Name",
        "amount": "Amount",
        "currency": "Amount Currency",
        "stage": "Stage",
        "closed_at": "Close Date",
        "is_won": "Stage",
        "is_closed": "Stage",
        "owner": "Opportunity Owner",
        "deal_type": "Type",
    }
    assert leads.formats == {"created_at": "%m/%d/%Y"}
    assert deals.formats == {"created_at": "%m/%d/%Y", "closed_at": "%m/%d/%Y", "amount": "1,234.56"}
    assert salesforce.source.currency == "USD"
    assert salesforce.source.country == "ID"  # (021) has no country code
    con = salesforce.load()
    assert rows(con, "select sum(amount), count(*) from raw_files.deals") == [(829380, 40)]


def test_a_lead_that_names_its_opportunity_links_the_two(salesforce: Company) -> None:
    link = salesforce.entity("deal_contacts")
    assert link.columns == {"deal_id": "Converted Opportunity ID", "lead_id": "Lead ID"}
    assert rows(salesforce.load(), "select count(*) from raw_files.deal_contacts") == [(20,)]


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
    with pytest.raises(ConfigurationError, match=r"taken for leads, nothing gives lead_id"):
        write_company_folder(tmp_path / "company", [path])
    assert not (tmp_path / "company").exists()

    named = sheet(tmp_path / "leads_2.xlsx", ["No", *header], [[n + 1, *line] for n, line in enumerate(lines)])
    company = propose(tmp_path, path, named)
    assert [file.entity for file in company.proposal.files] == ["leads", None]
    assert "# - leads.xlsx: taken for leads, nothing gives lead_id" in company.document


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
