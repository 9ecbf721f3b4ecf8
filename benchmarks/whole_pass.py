"""How long `closedloop run` takes on the made-up company, small and ten times as large.

Run: python -m benchmarks.whole_pass
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from sandbox.company import AS_OF, write_company

SIZES = (3_000, 30_000)  # leads


def main() -> None:
    """Prints the seconds of a first and of a second run at each size, and how they grow with the rows."""
    console = Console()
    firsts = []
    with tempfile.TemporaryDirectory() as temporary:
        for leads in SIZES:
            configuration = write_company(Path(temporary) / str(leads), leads=leads)
            first, second = _seconds(configuration), _seconds(configuration)
            firsts.append(first)
            console.print(f"{leads:,} leads: {first:.1f} s, again on unchanged files {second:.1f} s")
    growth = firsts[1] / firsts[0]
    console.print(f"{SIZES[1] / SIZES[0]:.0f} times the leads take {growth:.1f} times as long")


def _seconds(configuration: Path) -> float:
    started = time.perf_counter()
    command = Path(sys.executable).with_name("closedloop")
    subprocess.run(
        [str(command), "run", "--config", str(configuration), "--as-of", AS_OF.isoformat()],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
