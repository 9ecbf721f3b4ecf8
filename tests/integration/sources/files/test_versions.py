"""Rows of one key: versions of a thing, parts of a sum, and a counter that is no key."""

from __future__ import annotations

from decimal import Decimal

from tests.integration.sources.files.company import Company

DEALS = "deal_id,created_at,amount,updated_at\n"
NEWEST = "select deal_id, amount from raw_files.deals order by deal_id, updated_at desc nulls last"


def test_every_version_of_a_record_is_loaded_and_those_that_are_replaced_are_told(company: Company) -> None:
    company.write(
        "deals.csv",
        DEALS + "D1,2026-04-05,100,2026-04-05\nD2,2026-04-06,200,2026-04-06\nD1,2026-04-05,150,2026-04-20\n"
        "D1,2026-04-05,100,2026-04-05\n",
    )
    [result] = company.load({"deals": {"path": "deals.csv"}})
    # the last line is the first once more; the third is a newer version of it
    assert (result.rows_loaded, result.rows_rejected) == (3, 1)
    assert company.ask("select line, reason from raw_files._rejected") == [
        (5, "is a row of this file once more (first in line 2)")
    ]
    [told] = [warning for warning in result.warnings if "replaced" in warning]
    assert told.startswith("1 rows are replaced by others with the same deal_id: the newest by updated_at")
    # a second file of the same deals, which has one more
    company.write("deals_2.csv", DEALS + "D1,2026-04-05,150,2026-04-20\nD3,2026-04-07,1,2026-04-20\n")
    [result] = company.load({"deals": {"path": "deals*.csv"}})
    [told] = [warning for warning in result.warnings if "replaced" in warning]
    assert told.startswith("2 rows are replaced")
    assert not any("different" in warning for warning in result.warnings)


def test_a_counter_that_two_files_share_is_told_and_can_be_made_a_key(company: Company) -> None:
    for month in (3, 4):
        lines = "".join(f"{n},2026-0{month}-0{n},a{month}{n}@x.example\n" for n in range(1, 6))
        company.write(f"leads_{month}.csv", "No,Tanggal,Email\n" + lines)
    leads = {"path": "leads_*.csv", "columns": {"lead_id": "No", "created_at": "Tanggal", "email": "Email"}}
    [result] = company.load({"leads": leads})
    assert any("5 rows are replaced" in warning for warning in result.warnings)
    assert any("5 of the 5 record_type, lead_id" in w and "`ids: by_file`" in w for w in result.warnings)
    [result] = company.load({"leads": {**leads, "ids": "by_file"}})
    assert not any("replaced" in warning for warning in result.warnings)
    assert company.ask("select lead_id from raw_files.leads order by lead_id limit 2") == [
        ("leads_3/1",),
        ("leads_3/2",),
    ]
    # what else names the same number means the same row
    company.load(
        {
            "leads": {**leads, "ids": "by_file"},
            "deals": {
                "path": "leads_3.csv",
                "columns": {"deal_id": "No", "lead_ids": "No", "created_at": "Tanggal"},
                "ids": "by_file",
            },
        }
    )
    assert company.ask("select deal_id, lead_ids from raw_files.deals order by deal_id limit 1") == [
        ("leads_3/1", "leads_3/1")
    ]


def test_rows_of_spend_that_share_a_key_are_added_up_and_told(company: Company) -> None:
    header = "date_day,account_id,campaign_id,spend,currency,age\n"
    company.write("spend.csv", header + "2026-04-01,a,c,10,IDR,18-24\n2026-04-01,a,c,10,IDR,25-34\n")
    [result] = company.load({"ad_spend": {"path": "spend*.csv"}})
    assert (result.rows_loaded, result.rows_rejected) == (2, 0)
    assert company.ask("select sum(spend) from raw_files.ad_spend") == [(Decimal(20),)]
    told = "1 rows share date_day, account_id, currency, campaign_id, adset_id, ad_id with others of their file"
    assert result.warnings == (f"{told}: they are added up",)
    company.write("spend_restated.csv", header + "2026-04-01,a,c,25,IDR,\n")
    [result] = company.load({"ad_spend": {"path": "spend*.csv"}})
    assert any(warning.startswith("2 rows are replaced by those of newer files") for warning in result.warnings)
