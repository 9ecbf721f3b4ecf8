"""Whatever people export, a run ends: cells that are empty, of another row or column, or of no sense at all."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.company import write_company
from tests.conftest import closedloop, query

pytestmark = pytest.mark.slow

# Of so many cells; at the second, hardly a row is left as it was.
SHARES = (0.02, 0.15)
SEEDS = range(3)
NONSENSE = ("0", "-1", "NULL", "N/A", "é\u200b", "1e308", "2262-01-01", "1899-12-31", '"', "9" * 12, "9" * 20)
# What the company itself wrote, and what is known of it.
NOT_EXPORTED = {"agreement", "reference", "truth"}


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_on_spoiled_files_publishes_and_keeps_what_it_rejects(tmp_path: Path, share: float, seed: int) -> None:
    configuration = write_company(tmp_path / "company", leads=1000, seed=seed)
    _spoil(configuration.parent, share, random.Random(seed))  # noqa: S311 - the same cells each time
    # dbt's tests are part of the run, and those checks of the gate that stop a publication
    told = closedloop("run", "--config", configuration, "--data", tmp_path / "data", "--as-of", "2026-11-01", "--json")
    loads = json.loads(told.stdout)["loads"]
    assert query(tmp_path / "data", "select count(*) > 100 from marts.fct_touchpoints") == [(True,)]
    assert sum(load["rows_rejected"] for load in loads) > 100
    assert sum(load["rows_loaded"] for load in loads) > 10_000


def _spoil(company: Path, share: float, draw: random.Random) -> None:
    """Spoils this share of the cells of all that was exported, repeats some rows, and shuffles them."""
    for file in sorted(company.rglob("*.csv")):
        if not NOT_EXPORTED & set(file.parts):
            with file.open(encoding="utf-8", newline="") as lines:
                dialect = csv.Sniffer().sniff(lines.readline())
                lines.seek(0)
                header, *rows = csv.reader(lines, delimiter=dialect.delimiter)
            cells = [dict(enumerate(row)) for row in rows if len(row) == len(header)]
            spoiled = _spoiled(cells, share, draw, empty=str, nonsense=NONSENSE)
            with file.open("w", encoding="utf-8", newline="") as lines:
                writer = csv.writer(lines, delimiter=dialect.delimiter)
                writer.writerow(header)
                writer.writerows(list(row.values()) for row in spoiled)
    for file in sorted(company.rglob("*.jsonl")):
        if not NOT_EXPORTED & set(file.parts):
            objects = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
            spoiled = _spoiled(objects, share, draw, empty=lambda: None, nonsense=(*NONSENSE, True, [1, 2], {"a": 1}))
            file.write_text("".join(json.dumps(each) + "\n" for each in spoiled), encoding="utf-8")


def _spoiled(
    rows: list[dict[Any, Any]],
    share: float,
    draw: random.Random,
    *,
    empty: Callable[[], Any],
    nonsense: tuple[Any, ...],
) -> list[dict[Any, Any]]:
    found = []
    for row in rows:
        spoiled = dict(row)
        for name in row:
            if draw.random() < share:
                other = draw.choice(rows)
                spoiled[name] = draw.choice(
                    (empty(), other.get(name), draw.choice(list(other.values())), draw.choice(nonsense))
                )
        found += [spoiled] * draw.choice((1, 1, 1, 1, 2))
    draw.shuffle(found)
    return found
