"""A small made-up company for `closedloop demo`: two years of marketing and sales, as its tools would export them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb

# The company's present: midnight in Jakarta after the last day of October 2026.
AS_OF = datetime(2026, 10, 31, 17, tzinfo=UTC)

_HERE = Path(__file__).resolve().parent


def write_company(folder: Path, *, leads: int = 3000, seed: int = 1) -> Path:
    """Writes the company's files and its `closedloop.yml` into `folder` and returns the path of the latter.

    The same `leads` and `seed` give the same rows on any machine; budgets grow with `leads`, so rates stay.
    """
    for part in ("crm", "events", "ads/google_ads", "ads/meta_ads", "ads/tiktok_ads", "ads/linkedin_ads"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        for name, value in (("folder", str(folder)), ("leads", leads), ("seed", seed)):
            con.execute(f"set variable {name} = $value", {"value": value})
        con.execute((_HERE / "company.sql").read_text(encoding="utf-8"))
    configuration = folder / "closedloop.yml"
    shutil.copyfile(_HERE / "closedloop.yml", configuration)
    return configuration
