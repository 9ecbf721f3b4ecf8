"""How fast the models' SQL credits a million paths: totals by channel against `channelattribution`, then all models.

The peer works out first touch, last touch and linear in C++, from paths as texts. It is no dependency of closedloop:
`make bench` installs it (requirements-peers.lock), and without it the first figure has nothing beside it.

Run: python -m benchmarks.attribution [paths]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from orchestration.configuration.context import PROJECT_ROOT, SHIPPED_SEEDS
from storage.sql import connect
from tests.integration.attribution.credit import INPUTS, compiled

SMALLEST = (1_000,)  # paths

# What totals by channel may take, as a multiple of the peer's time.
LIMIT = 1.0

_PEERS_MODELS = ("first_touch", "last_touch", "linear")

# Won deals of one person each, met one to nine times: five times in the mean, by one of twelve channels.
_PATHS = """
    insert into {i}.int_attribution_conversions
    select
        i, i, 'won', i, null, null, 'deal_contacts', 90, null, 7, 1000000 + i % 9000000, 1000000 + i % 9000000,
        timestamp '2026-01-01', null
    from range($paths) as numbers(i);

    insert into {i}.int_journey_deal_contacts select i, i, true from range($paths) as numbers(i);

    insert into {i}.int_journey_deals select i, timestamp '2025-12-20' from range($paths) as numbers(i);

    insert into {i}.int_journey_leads
    select i, null, timestamp '2025-11-01' + to_hours(i % 500) from range($paths) as numbers(i);

    insert into {i}.int_agreement_lead_stages select i, null, null from range($paths) as numbers(i);

    insert into {i}.int_journey_touchpoints
    select
        row_number() over (order by i, n),
        i,
        ['direct', 'email', 'paid_search', 'paid_social', 'organic_search', 'organic_social', 'referral', 'display',
         'affiliates', 'influencer', 'offline_event', 'sms'][(hash(i, n) % 12)::bigint + 1] as channel,
        channel in ('paid_search', 'paid_social', 'display', 'affiliates', 'influencer'),
        timestamp '2025-11-01' + to_hours(n * 140 + i % 100),
        'session', null, null
    from range($paths) as numbers(i), range(9) as times(n)
    where n <= hash(i) % 9;
"""

# A touch's weight depends on its path's shape alone: so touches are counted first, and weighted by the model then.
_TOTALS = """
    with touches as (
        select
            shape_number,
            position,
            channel,
            count(*) as touches
        from intermediate.int_attribution_paths
        inner join intermediate.int_attribution_path_shapes using (conversion_number)
        group by all
    )
    select
        model,
        channel,
        sum(touches * weight) as conversions
    from touches
    inner join intermediate.int_attribution_shape_weights using (shape_number, position)
    group by all
    order by all
"""


def main(paths: int = 1_000_000) -> None:
    """Prints the seconds of the totals, of the peer's beside them, and of one row a touch under all models."""
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        statements = _compiled(Path(name))
        with connect(Path(name) / "warehouse.duckdb") as con:
            _prepare(con, statements, paths)
            [(touches,)] = con.execute("select count(*) from intermediate.int_attribution_paths").fetchall()
            _take_models(con, _PEERS_MODELS)
            started = time.perf_counter()
            _build(con, statements, "shape_weights")
            totals = con.execute(_TOTALS).fetchall()
            ours = time.perf_counter() - started
            told = f"{paths:,} paths of {touches:,} touches: {len(totals)} totals by channel in {ours:.2f} s"
            if theirs := _peer(con):
                told += f", {ours / theirs:.2f} times as long as the peer's {theirs:.2f} s; the limit is {LIMIT}"
            console.print(told)

            _take_models(con, None)
            started = time.perf_counter()
            _build(con, statements, "parts")
            seconds = time.perf_counter() - started
            [(rows, models)] = con.execute(
                "select count(*), count(distinct model) from intermediate.int_attribution_parts"
            ).fetchall()
        console.print(
            f"{models} models, a row a touch with its exact money: {rows:,} rows in {seconds:.2f} s "
            f"({rows / seconds:,.0f} rows/s), {seconds / ours:.1f} times as long as the totals of three models"
        )


def _compiled(folder: Path) -> dict[str, str]:
    """Each step's SQL, as dbt makes it for a warehouse in this folder."""
    target = folder / "target"
    subprocess.run(
        [
            *(str(Path(sys.executable).with_name("closedloop-dbt")), "--quiet", "compile"),
            *("--select", "path:models/intermediate/attribution", "--target-path", str(target)),
        ],
        cwd=PROJECT_ROOT,
        env={"CLOSEDLOOP_DATA": str(folder), "PATH": "", "DBT_LOG_PATH": str(folder), "HOME": str(folder)},
        check=True,
    )
    (folder / "warehouse.duckdb").unlink(missing_ok=True)
    return compiled(target)


def _prepare(con: duckdb.DuckDBPyConnection, statements: dict[str, str], paths: int) -> None:
    """The conversions with their people and touches, and the paths made of them."""
    con.execute("create schema intermediate; create schema seeds")
    con.execute(INPUTS.format(i="intermediate"))
    con.execute(_PATHS.format(i="intermediate").replace("$paths", str(paths)))
    _build(con, statements, "paths")


def _take_models(con: duckdb.DuckDBPyConnection, models: tuple[str, ...] | None) -> None:
    """These of the shipped models; None: all of them."""
    con.execute("delete from seeds.attribution_models")
    con.execute(
        """
        insert into seeds.attribution_models by name
        from read_csv(?, types = {'share': 'decimal(18, 6)'})
        where ? is null or model in (select unnest(?))
        """,
        [str(SHIPPED_SEEDS / "agreement" / "attribution_models.csv"), models, models],
    )


def _build(con: duckdb.DuckDBPyConnection, statements: dict[str, str], last: str) -> None:
    """Builds what comes after the paths (or before, for those) up to a step."""
    steps = list(statements)
    first = 0 if last == "paths" else steps.index("paths") + 1
    for step in steps[first : steps.index(last) + 1]:
        con.execute(statements[step])


def _peer(con: duckdb.DuckDBPyConnection) -> float | None:
    """The seconds of the peer's three heuristics on the same paths; None where it is not installed."""
    try:
        from ChannelAttribution import heuristic_models
    except ImportError:
        return None
    paths: Any = con.execute(
        """
        select string_agg(channel, ' > ' order by position) as path, 1 as conversions
        from intermediate.int_attribution_paths
        group by conversion_number
        """
    ).df()
    started = time.perf_counter()
    heuristic_models(paths, "path", "conversions", flg_pro=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
