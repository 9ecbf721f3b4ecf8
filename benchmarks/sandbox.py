"""How long the made-up company takes to make, with its files and its truth, against the bare copy of its web events.

Run: python -m benchmarks.sandbox [leads ...]; 2,000,000 leads take some minutes, 5 GiB of memory and 30 of disk.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from rich.console import Console

from sandbox.company import write_company

SIZES = (3_000, 60_000)  # leads
SMALLEST = (400,)

# What 1,000,000 web events may take, with all that belongs to them.
LIMIT_SECONDS = 10


def main(*sizes: int) -> None:
    """Prints the seconds and the peak of memory at each size, and the ratio to sorting the events and writing them."""
    console = Console()
    for leads in sizes or SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            began = time.perf_counter()
            write_company(folder, leads=leads)
            seconds = time.perf_counter() - began
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            events, bare = _bare_copy(folder)
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**30
        console.print(f"{leads:,} leads, {events:,} web events: {seconds:.1f} s")
        console.print(f"  {peak:.1f} GiB of memory at most, {size:.2f} GiB of files")
        console.print(f"  {seconds / bare:.2f} times the bare copy of the events ({bare:.2f} s)")
        if events >= 1_000_000:  # what any company costs at all is no part of it below
            a_million = seconds / events * 1e6
            console.print(f"  a million events take {a_million:.1f} s, {a_million / LIMIT_SECONDS:.2f} of the limit")


def _bare_copy(folder: Path) -> tuple[int, float]:
    """How many events there are, and the seconds that it takes to sort and write them once more."""
    began = time.perf_counter()
    with duckdb.connect() as con:
        source, target = folder / "web" / "events.parquet", folder / "copied.parquet"
        con.execute(f"copy (from '{source}' order by client_id, occurred_at) to '{target}' (format parquet)")
        seconds = time.perf_counter() - began
        events = con.read_parquet(str(source)).count("*").fetchall()[0][0]
    target.unlink()
    return int(events), seconds


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
