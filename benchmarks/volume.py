"""How the time, memory and disk of a first run grow with the rows: ten times the rows, against a limit.

Run: python -m benchmarks.volume [leads ...]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from storage.sql import connect

SIZES = (20_000, 200_000)  # leads, with five touches each and a deal for every fourth
SMALLEST = (40, 400)

# What ten times the rows may take, as a multiple of the time.
LIMIT = 2.2

_CONFIGURATION = """\
reporting: {currency: IDR, time_zone: Asia/Jakarta}
sources:
  crm:
    connector: files
    currency: IDR
    country: ID
    resources:
      leads: {path: leads.csv}
      lead_stage_history: {path: lead_stage_history.csv}
      deals: {path: deals.csv, constants: {is_closed: true}}
      touchpoints: {path: touchpoints.csv}
"""
_AS_OF = "2026-01-01"

_FILES = {
    # every tenth person is there twice, by the same address
    "leads": """
        select
            'L' || i as lead_id,
            timestamp '2024-01-01' + to_seconds(i % 50000000) as created_at,
            'person' || (i - i % 10 // 9) || '@mail' || (i - i % 10 // 9) % 500 || '.example' as email,
            '+628' || lpad((i * 7919 % 10000000000)::varchar, 10, '0') as phone,
            'Person ' || i as name,
            'C' || i // 4 as account_id,
            ['google', 'facebook', 'newsletter', 'referral', null][i % 5 + 1] as source,
            'Campaign ' || i % 300 as campaign,
            ['sql', 'sql', 'mql', 'lead'][i % 4 + 1] as stage
        from range($leads) as numbers(i)
    """,
    "lead_stage_history": """
        select
            'L' || i as lead_id,
            stage,
            timestamp '2024-01-01' + to_seconds(i % 50000000 + days * 86400) as entered_at
        from range($leads) as numbers(i)
        inner join (values ('mql', 1, 2), ('sql', 2, 1)) as stages(stage, days, last) on i % 4 <= last
    """,
    # half of them name the lead, half its address
    "touchpoints": """
        select
            'T' || i as touchpoint_id,
            timestamp '2024-01-01' + to_seconds((i // 5) % 50000000 + (i % 5 - 2) * 400000) as occurred_at,
            case when i % 2 = 0 then 'L' || i // 5 end as lead_id,
            case when i % 2 = 1 then 'person' || i // 5 || '@mail' || i // 5 % 500 || '.example' end as email,
            ['google', 'facebook', 'newsletter', 'bing', 'tiktok'][i % 5 + 1] as source,
            ['cpc', 'paid_social', 'email', 'organic', 'paid_social'][i % 5 + 1] as medium,
            'Campaign ' || i % 300 as campaign,
            '/prices/' || i % 100 as landing_page
        from range(5 * $leads) as numbers(i)
    """,
    "deals": """
        select
            'D' || i as deal_id,
            timestamp '2024-01-01' + to_seconds(i * 4 % 50000000 + 900000) as created_at,
            timestamp '2024-01-01' + to_seconds(i * 4 % 50000000 + 2500000 + i % 1000000) as closed_at,
            'L' || i * 4 || '|L' || i * 4 + 1 as lead_ids,
            1000000 + i % 9000000 as amount,
            i % 3 = 0 as is_won
        from range($leads // 4) as numbers(i)
    """,
}


def main(*sizes: int) -> None:
    """Prints the seconds, the peak memory and the warehouse's size at each size, and how the time grows."""
    console = Console()
    seconds = []
    smallest, largest = sizes or SIZES
    for leads in (smallest, largest):
        with tempfile.TemporaryDirectory() as folder:
            configuration, size = write_company(Path(folder), leads)
            taken, peak = _run(["run", "--config", str(configuration), "--as-of", _AS_OF])
            warehouse = (Path(folder) / "data" / "warehouse.duckdb").stat().st_size
        seconds.append(taken)
        console.print(
            f"{leads:,} leads, {5 * leads:,} touches, {leads // 4:,} deals ({size / 1e6:.0f} MB of CSV): "
            f"{taken:.1f} s, at most {peak / 1e9:.2f} GB in one process, a warehouse of {warehouse / 1e9:.2f} GB"
        )
    console.print(
        f"{largest / smallest:.0f} times the rows take {seconds[1] / seconds[0]:.2f} times as long; "
        f"the limit is {LIMIT} for ten times as many"
    )


def write_company(folder: Path, leads: int) -> tuple[Path, int]:
    """Writes a company: its `closedloop.yml`, and how many bytes its files have."""
    with connect() as con:
        for name, rows in _FILES.items():
            con.execute(f"copy ({rows.replace('$leads', str(leads))}) to '{folder / name}.csv' (header)")
    configuration = folder / "closedloop.yml"
    configuration.write_text(_CONFIGURATION, encoding="utf-8")
    return configuration, sum(file.stat().st_size for file in folder.glob("*.csv"))


def _run(arguments: list[str]) -> tuple[float, int]:
    """The seconds, and the most memory (bytes) that it or its dbt had."""
    os.sync()  # what is still to be written of the files is none of its time
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("closedloop")), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"closedloop {' '.join(arguments)} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss * 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
