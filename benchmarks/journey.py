"""How long the journey takes from raw web events to `fct_journey`, against sorting these events once; then a day more.

The limit of a full build is what DuckDB takes to write the raw events once more, in the order of visitor and time, into
the same file. Ingestion, tests, the gate and the publication are no part of it.

Run: python -m benchmarks.journey [events leads]
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from rich.console import Console

from orchestration.configuration.context import Paths
from orchestration.configuration.run import Run, new_run
from orchestration.configuration.settings import read_settings
from orchestration.sources.canonical import ENTITIES
from orchestration.sources.identifiers import add_identifiers
from orchestration.sources.urls import add_urls
from orchestration.transformation.dbt_process import DbtProcess
from orchestration.transformation.node_results import NodeResult, read_results
from orchestration.transformation.project import models_version
from orchestration.transformation.seeds import lay_out_seeds
from orchestration.warehouse import create_raw_tables, open_warehouse, write_run_settings

SIZES = (10_000_000, 200_000)  # events, leads
SMALLEST = (4_000, 100)

# What a full build may take, as a multiple of the sort, and what a day's events may add to a run, as a part of the full
# build. The run itself makes people and deals anew, whether there are new events or not.
LIMIT = 6.0
DAYS_LIMIT = 1 / 15

_CONFIGURATION = """\
reporting: {currency: IDR, time_zone: Asia/Jakarta}
site_domains: [contoh.example]
"""
_AS_OF = datetime(2026, 11, 1, tzinfo=UTC)

# Visits of one to six pages in two years, by twice as many browsers as there are leads and as many strangers again as
# the events allow; a third came by an ad. A tenth of the longer visits end in a form, of one of the leads.
_EVENTS = """
    insert into raw_files.web_events by name
    with visits as (
        select
            v,
            hash(v, 1) % ($events // 7 + 1) as browser,
            timestamp '{first_day}' + to_seconds((hash(v, 2) % {seconds})::bigint) as started_at,
            1 + (hash(v, 3) % 6)::bigint as pages,
            hash(v, 4) % 100 as way
        from range({first}, {last}) as numbers(v)
    ),
    events as (select *, unnest(range(pages)) as page from visits)
    select
        'web' as source_system,
        'events/' || strftime(started_at, '{file}') || '.parquet' as _file,
        row_number() over () as _record_number,
        timestamp '2026-11-01' as _modified_at,
        '{load}' as _load_id,
        timestamp '2026-11-01' as _loaded_at,
        v || '-' || page as event_id,
        started_at + to_seconds((page * 50 + hash(v, page) % 40)::bigint) as occurred_at,
        printf('%d.%d', 100000000 + browser, 1700000000 + hash(browser) % 90000000) as anonymous_id,
        case when page = 3 and way < 10 then 'form_submit' else 'page_view' end as event_name,
        case when page = 3 and way < 10 then sha256('p' || browser % $leads || '@contoh.example') end as email_hash,
        'https://www.contoh.example'
        || ['/', '/harga', '/fitur/e-faktur', '/blog/spt', '/kontak', '/blog/pph'][1 + (hash(v, page, 5) % 6)::int]
        || case
            when page = 0 and way < 30
                then
                    '?utm_source=google&utm_medium=cpc&utm_campaign=Campaign+' || v % 20
                    || '&gclid=Cj0' || md5(v::varchar)
            when page = 0 and way < 40 then '?utm_source=newsletter&utm_medium=email&utm_campaign=Kabar'
            else ''
        end as page_url,
        case
            when page > 0 then 'https://www.contoh.example/'
            when way < 70 then 'https://www.google.com/'
            when way < 80 then 'https://l.instagram.com/'
        end as referrer,
        'Mozilla/5.0 (Linux; Android ' || browser % 10 || '; SM-A' || browser % 997
        || 'F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/' || 100 + browser % 40
        || '.0.0.0 Mobile Safari/537.36' as user_agent,
        'ID' as country,
        hash(v, 7) % 20 != 0 as consent
    from events
    order by started_at, v, page
"""

_CRM = """
    insert into raw_files.leads by name
    select
        'crm' as source_system, 'leads.csv' as _file, i as _record_number, timestamp '2026-11-01' as _modified_at,
        'first' as _load_id, 'lead' as record_type, 'L' || i as lead_id,
        timestamp '2024-11-10' + to_seconds(hash(i, 8) % 60000000) as created_at,
        'p' || i || '@contoh.example' as email,
        case
            when i % 3 = 0 then printf('%d.%d', 100000000 + i, 1700000000 + hash(i::ubigint) % 90000000)
        end as anonymous_id,
        ['google', 'facebook', 'newsletter', null][i % 4 + 1] as source,
        ['sql', 'mql', 'lead', 'lead'][i % 4 + 1] as stage
    from range($leads) as numbers(i);

    insert into raw_files.lead_stage_history by name
    select
        'crm' as source_system, 'stages.csv' as _file, i as _record_number, timestamp '2026-11-01' as _modified_at,
        'first' as _load_id, 'L' || i as lead_id, stage,
        timestamp '2024-11-10' + to_seconds((hash(i, 8) % 60000000)::bigint + days * 86400) as entered_at
    from range($leads) as numbers(i)
    inner join (values ('mql', 1, 1), ('sql', 3, 0)) as stages(stage, days, last) on i % 4 <= last;

    insert into raw_files.deals by name
    select
        'crm' as source_system, 'deals.csv' as _file, i as _record_number, timestamp '2026-11-01' as _modified_at,
        'first' as _load_id, 'D' || i as deal_id, 'L' || i * 4 as lead_ids, 1000000 + i % 9000000 as amount,
        timestamp '2024-11-20' + to_seconds(hash(i * 4, 8) % 60000000) as created_at,
        timestamp '2024-12-20' + to_seconds(hash(i * 4, 8) % 60000000) as closed_at,
        i % 3 = 0 as is_won, true as is_closed
    from range($leads // 4) as numbers(i);

    insert into raw_files.ad_spend by name
    select
        'google_ads' as source_system, 'spend.csv' as _file, d * 20 + c as _record_number,
        timestamp '2026-11-01' as _modified_at, 'first' as _load_id, date '2024-11-01' + d::int as date_day,
        'a' as account_id, 'c' || c as campaign_id, 'Campaign ' || c as campaign_name, 'IDR' as currency,
        100000 as spend
    from range(730) as days(d), range(20) as campaigns(c);
"""

_SORT = "create table sorted as select * from raw_files.web_events order by anonymous_id, occurred_at"


def main(events: int = SIZES[0], leads: int = SIZES[1]) -> None:
    """Prints the seconds of the sort and of the full build, each model's ratio, and those of a day more."""
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        run = _company(Path(name))
        signed = lay_out_seeds(run)
        visits = events * 2 // 7
        with open_warehouse(run.paths) as con:
            create_raw_tables(con)
            write_run_settings(con, run, signed, models_version(run))
            _add_events(con, events, leads, first=0, last=visits, first_day="2024-11-01", days=729, load="first")
            con.execute(_CRM.replace("$leads", str(leads)))
            _hash(con, "leads")
            [(count,)] = con.execute("select count(*) from raw_files.web_events").fetchall()
            started = time.perf_counter()
            con.execute(_SORT)
            limit = time.perf_counter() - started
            con.execute("drop table sorted")
        full, seconds = _build(run)
        console.print(
            f"{count:,} events, {leads:,} leads: a full build in {seconds:.2f} s, {seconds / limit:.2f} times as long "
            f"as sorting the events once, {limit:.2f} s; the limit is {LIMIT}"
        )
        for result in sorted(full, key=lambda result: -result.seconds):
            model = result.unique_id.rpartition(".")[2]
            console.print(f"  {model:45} {result.seconds:7.2f} s, {result.seconds / limit:5.2f} times the sort")
        _, idle_seconds = _build(run)
        with open_warehouse(run.paths) as con:
            more = max(1, visits // 730)
            _add_events(
                con, events, leads, first=visits, last=visits + more, first_day="2026-10-31", days=1, load="day"
            )
        day, days_seconds = _build(run)
        added = (days_seconds - idle_seconds) / seconds
        console.print(
            f"a run with a day more in {days_seconds:.2f} s, {days_seconds / seconds:.3f} of the full build, without "
            f"it in {idle_seconds:.2f} s: a day's events take {added:.3f} of the full build; "
            f"the limit is {DAYS_LIMIT:.3f}"
        )
        for result in sorted(day, key=lambda result: -result.seconds)[:20]:
            console.print(f"  {result.unique_id.rpartition('.')[2]:45} {result.seconds:7.2f} s")


def _company(folder: Path) -> Run:
    configuration = folder / "closedloop.yml"
    configuration.write_text(_CONFIGURATION, encoding="utf-8")
    paths = Paths(config=configuration, data=folder / "data")
    return new_run(read_settings(configuration), paths, as_of=_AS_OF)


def _add_events(
    con: duckdb.DuckDBPyConnection,
    events: int,
    leads: int,
    *,
    first: int,
    last: int,
    first_day: str,
    days: int,
    load: str,
) -> None:
    """Visits `first` to `last` of these days, in files of a month, or of the day where it is one."""
    file = "%Y-%m" if days > 1 else "%Y-%m-%d"
    sql = _EVENTS.format(first=first, last=last, first_day=first_day, seconds=days * 86_000, file=file, load=load)
    con.execute(sql.replace("$events", str(events)).replace("$leads", str(leads)))
    con.execute(
        """
        insert into raw_files._files by name
        select distinct source_system, 'web_events' as resource, _file as file, _load_id as load_id
        from raw_files.web_events
        where _load_id = ?
        """,
        [load],
    )
    added = f"(from raw_files.web_events where _load_id = '{load}')"
    add_urls(con, "raw_files._urls", added, ["page_url", "referrer"])
    _hash(con, "web_events")


def _hash(con: duckdb.DuckDBPyConnection, entity: str) -> None:
    rows = f"raw_files.{entity}"
    add_identifiers(con, "raw_files._identifiers", rows, ENTITIES[entity].columns, b"a key of the benchmark's", None)


def _build(run: Run) -> tuple[list[NodeResult], float]:
    """What dbt says of seeds and models up to `fct_journey`, and the seconds from its first to its last."""
    project = ["--project-dir", str(run.paths.dbt_project), "--profiles-dir", str(run.paths.dbt_project)]
    arguments = ["--no-use-colors", "--log-level-file", "none", "--no-populate-cache", "build"]
    arguments += ["--exclude-resource-type", "unit_test", "--exclude-resource-type", "test", "--select", "+fct_journey"]
    with DbtProcess() as dbt:
        said = list(dbt.say([*arguments, *project, "--target-path", str(run.paths.dbt_target)]))
        if dbt.end():
            raise SystemExit("".join(said[-20:]))
    results = read_results(run.paths.dbt_target / "run_results.json")
    ended = next(line for line in said if "Finished running" in line)
    minutes, seconds = ended.split(" hours ")[1].split(" minutes and ")
    return results, int(minutes) * 60 + float(seconds.split(" seconds")[0])


if __name__ == "__main__":
    import sys

    main(*map(int, sys.argv[1:]))
