"""Every benchmark runs, at its smallest size; what it measures is for `make bench`."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import benchmarks

MODULES = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__"]
# Several whole runs each.
LONG = ("whole_pass", "volume")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in LONG else name for name in MODULES]
)
def test_a_benchmark_prints_its_figures_and_a_ratio(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(f"benchmarks.{name}")
    module.main(*module.SMALLEST)
    printed = capsys.readouterr().out
    assert re.search(r"\d+\.\d+ s\b", printed)
    assert re.search(r"\d+\.\d+ times (the bare|as long)", printed)


def test_the_made_up_company_can_be_as_large_as_the_largest_benchmark(tmp_path: Path) -> None:
    from benchmarks.whole_pass import SIZES
    from sandbox.company import write_company

    assert write_company(tmp_path, leads=max(SIZES)).exists()
