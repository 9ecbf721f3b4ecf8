"""How long `closedloop run` takes on the made-up company, part by part, and against the bare imports that it needs.

Run: python -m benchmarks.whole_pass [leads ...]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from sandbox.company import AS_OF, write_company

SIZES = (3_000, 30_000)  # leads
SMALLEST = (100,)

# What a second run may take, as a multiple of the bare imports.
LIMIT = 3.2

# The three libraries and nothing else; Spark, which Great Expectations would load where it is installed, is no part.
BARE_IMPORTS = """\
import sys
sys.modules["pyspark"] = None
import dagster
import dbt.cli.main
import great_expectations
"""
_TIMES = 3


def main(*sizes: int) -> None:
    """Prints the seconds of a first and of a second run at each size, the parts of the second, and its ratio."""
    console = Console()
    firsts: list[float] = []
    with tempfile.TemporaryDirectory() as temporary:
        script = Path(temporary) / "bare_imports.py"
        script.write_text(BARE_IMPORTS, encoding="utf-8")
        _seconds([sys.executable, str(script)])  # what is read once only
        for leads in sizes or SIZES:
            configuration = write_company(Path(temporary) / str(leads), leads=leads)
            run = [
                str(Path(sys.executable).with_name("closedloop")),
                *("run", "--config", str(configuration), "--as-of", AS_OF.isoformat()),
            ]
            firsts.append(sum(_parts(run).values()))
            console.print(f"{leads:,} leads: {firsts[-1]:.1f} s")
            # in turns, so that both meet the same machine
            turns = [(_parts(run), _seconds([sys.executable, str(script)])) for _ in range(_TIMES)]
            parts = {name: statistics.median(parts[name] for parts, _ in turns) for name in turns[0][0]}
            for name, seconds in parts.items():
                console.print(f"  {seconds:6.2f} s  {name}")
            again = statistics.median(sum(parts.values()) for parts, _ in turns)
            bare = statistics.median(seconds for _, seconds in turns)
            console.print(
                f"  again on unchanged files {again:.1f} s: {again / bare:.2f} times the bare imports of dbt, Dagster "
                f"and Great Expectations ({bare:.2f} s); the limit is {LIMIT} at {SIZES[0]:,} leads"
            )
    if len(firsts) > 1:
        growth = f"{firsts[-1] / firsts[0]:.1f} times as long"
        console.print(f"{max(sizes or SIZES) / min(sizes or SIZES):.0f} times the leads take {growth}")


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def _parts(command: list[str]) -> dict[str, float]:
    """Seconds by part: on a pipe, a run says each part as it begins; the sources are one."""
    parts: dict[str, float] = {}
    name, began = "before the first part", time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        if process.stdout is None:
            raise AssertionError("its output is a pipe")
        for line in process.stdout:
            if line.rstrip().endswith(" ..."):
                now = time.perf_counter()
                parts[name] = parts.get(name, 0) + now - began
                name, began = line.rstrip().removesuffix(" ..."), now
                name = "load the sources" if name.startswith("load ") else name
    parts[name] = parts.get(name, 0) + time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return parts


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
