"""Files as people really export them (tests/cases), through `closedloop init` and `closedloop run` to the marts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from dashboard.rendering import notices
from reporting.published import open_publication, read_cautions
from reporting.status import Status
from tests.conftest import closedloop, query

CASES = Path(__file__).parents[1] / "cases"
AS_OF = "2026-12-01"

REVENUE = "select sum(revenue) from marts.metrics_channel"


def ran(folder: Path, *files: Path) -> str:
    """What a run says of a company that was proposed from these files, uncorrected; its data are in `folder`/data."""
    closedloop("init", folder, *files)
    return closedloop("run", "--config", folder / "closedloop.yml", "--as-of", AS_OF).stdout


def files_of(case: str) -> list[Path]:
    return sorted((CASES / case).iterdir())


def test_money_without_a_rate_is_told_and_with_one_it_is_in_the_sum(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    told = ran(folder, *files_of("deal-without-rate"))
    assert query(folder / "data", REVENUE) == [(Decimal(1_000_000),)]
    assert "amounts_without_rate on fct_deals: 1 rows that break it: 500.00 USD" in told
    with open_publication(folder / "data" / "published" / "closedloop.duckdb") as con:
        cautions = read_cautions(con)
    [left_out] = [caution for caution in cautions if caution.amounts]
    assert left_out.amounts == ((Decimal(500), "USD"),)
    said = notices(Status(), [left_out], "en").replace("\u00a0", " ")
    assert "amounts left out of the sums, without an exchange rate: 1 ($500.00)" in said
    dikatakan = notices(Status(), [left_out], "id").replace("\u00a0", " ")
    assert "jumlah yang tidak termasuk dalam total karena tanpa kurs: 1 (US$ 500,00)" in dikatakan

    # the deal was closed eight days after the day of the rate
    rates = tmp_path / "kurs.csv"
    rates.write_text("Tanggal,Mata uang,Kurs\n2026-09-01,USD,15000\n2026-09-14,USD,16000\n2026-10-01,USD,17000\n")
    again = tmp_path / "with_rates"
    told = ran(again, *files_of("deal-without-rate"), rates)
    assert query(again / "data", REVENUE) == [(Decimal(1_000_000 + 500 * 16_000),)]
    assert "amounts_without_rate" not in told
    assert "rates_are_recent on fct_deals: 1 rows that break it: 500.00 USD" in told


def test_a_files_exchange_rates_are_used(tmp_path: Path) -> None:
    told = ran(tmp_path / "company", *files_of("rates-file"))
    data = tmp_path / "company" / "data"
    assert query(data, "select distinct currency from marts.fct_deals order by 1") == [("IDR",), ("USD",)]
    assert query(data, REVENUE) == [(Decimal(52_000_000),)]
    assert "without_rate" not in told
