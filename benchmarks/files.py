"""How fast the `files` connector loads a million rows, against DuckDB's bare reading of the same file.

Run: python -m benchmarks.files [rows]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import duckdb
from rich.console import Console

from orchestration.configuration.context import Paths
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import Settings
from orchestration.sources.files.connector import load
from orchestration.sources.files.settings import FilesSource
from orchestration.warehouse import create_raw_tables, open_warehouse
from storage.sql import literal

SMALLEST = (1_000,)  # rows

# Eight columns each: ids, an address, a time in a pattern, whole and decimal numbers, texts.
_LEADS = """
    select 'L' || lpad(i::varchar, 9, '0') as id,
        strftime(timestamp '2023-01-01' + to_seconds(i * 61), '%d/%m/%Y %H:%M') as created,
        'person' || i || '@example' || i % 5000 || '.com' as mail,
        ['google', 'facebook', 'tiktok', 'referral', 'unknown'][i % 5 + 1] as origin,
        'Campaign ' || i % 300 as campaign,
        'Company "' || i % 90000 || '", Ltd' as company,
        i % 1000 as employees,
        ['Lead', 'MQL - warm', 'SQL'][i % 3 + 1] as stage
    from range($rows) as numbers(i)
"""
_DEALS = """
    select 'D' || lpad(i::varchar, 9, '0') as id,
        strftime(timestamp '2023-01-01' + to_seconds(i * 61), '%d/%m/%Y %H:%M') as created,
        'L' || lpad(i::varchar, 9, '0') as lead,
        'Deal ' || i as name,
        printf('%d,%02d', i % 90000, i % 100) as amount,
        ['open', 'won', 'lost'][i % 3 + 1] as phase,
        i % 3 = 1 as won,
        'owner ' || i % 40 as owner
    from range($rows) as numbers(i)
"""


def _source(folder: Path) -> FilesSource:
    return FilesSource.model_validate(
        {
            "connector": "files",
            "time_zone": "Asia/Jakarta",
            "currency": "IDR",
            "resources": {
                "leads": {
                    "path": str(folder / "leads.csv"),
                    "columns": {
                        "lead_id": "id",
                        "created_at": "created",
                        "email": "mail",
                        "source": "origin",
                        "employee_count": "employees",
                    },
                    "formats": {"created_at": "%d/%m/%Y %H:%M"},
                    "values": {
                        "source": {"unknown": None},
                        "stage": {"Lead": "lead", "MQL - warm": "mql", "SQL": "sql"},
                    },
                },
                "deals": {
                    "path": str(folder / "deals.csv"),
                    "columns": {
                        "deal_id": "id",
                        "created_at": "created",
                        "lead_ids": "lead",
                        "stage": "phase",
                        "is_won": "won",
                    },
                    "formats": {"created_at": "%d/%m/%Y %H:%M", "amount": "1.234,56"},
                },
            },
        }
    )


def main(rows: int = 1_000_000) -> None:
    """Writes the two files, reads each barely, and loads both."""
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare: dict[str, float] = {}
        for entity, generated in (("leads", _LEADS), ("deals", _DEALS)):
            file = literal(str(folder / f"{entity}.csv"))
            with duckdb.connect(str(folder / "bare.duckdb")) as con:
                con.execute(f"copy ({generated.replace('$rows', str(rows))}) to {file}")
                started = time.perf_counter()
                con.execute(f"create table {entity} as select * from read_csv({file}, all_varchar = true)")  # noqa: S608
                bare[entity] = time.perf_counter() - started
        run = new_run(Settings(), Paths(config=None, data=folder / "data"))
        with open_warehouse(run.paths) as con:
            create_raw_tables(con)
            started = time.perf_counter()
            for result in load(con, "bench", _source(folder), run.context):
                seconds = time.perf_counter() - started
                console.print(
                    f"{result.resource}: {result.rows_loaded:,} rows in {seconds:.2f} s "
                    f"({rows / seconds:,.0f} rows/s), {seconds / bare[result.resource]:.1f} times the bare read of "
                    f"{bare[result.resource]:.2f} s; {result.rows_rejected} rejected"
                )
                started = time.perf_counter()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
