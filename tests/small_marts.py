"""A data folder as a build leaves it, made by hand: every mart with the columns of its contract, and a few rows."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.configuration.context import PROJECT_ROOT, Paths
from orchestration.configuration.run import Run, new_run
from orchestration.configuration.settings import ReportingSettings, Settings
from orchestration.warehouse import create_raw_tables, open_warehouse

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)

# Ten leads, the first of whom bought twice; two models allocate the money of both won deals.
ROWS = """
    insert into marts.dim_leads by name
    select
        'lead-' || number as lead_key,
        timestamp '2026-01-01' + to_days(number) as created_at,
        'crm' as source_system,
        'L' || number as lead_id,
        'email' as original_channel,
        case when number = 1 then 'customer' else 'mql' end as stage,
        1 as cycle_number,
        created_at as lead_at,
        created_at + interval 1 hour as mql_at,
        case when number = 1 then timestamp '2026-03-01' end as opportunity_at,
        case when number = 1 then timestamp '2026-04-01' end as customer_at
    from range(1, 11) as leads(number);

    insert into marts.dim_lead_ids by name
    select lead_key, source_system, 'lead' as record_type, lead_id as record_id, true as is_survivor
    from marts.dim_leads;

    insert into marts.fct_deals by name
    select
        'deal-' || number as deal_key,
        'crm' as source_system,
        'D' || number as deal_id,
        'lead-1' as primary_lead_key,
        timestamp '2026-03-01' as created_at,
        timestamp '2026-04-01' as closed_at,
        number < 3 as is_closed,
        number < 3 as is_won,
        100.10 * number as amount,
        'IDR' as currency,
        amount as amount_reporting,
        'new' as deal_type
    from range(1, 4) as deals(number);

    insert into marts.fct_attribution by name
    select
        model,
        model = 'linear' as is_agreed_model,
        'won' as conversion_type,
        'won-' || deal_key as conversion_key,
        deal_key,
        closed_at as converted_at,
        'booking' as entry_type,
        true as is_standing,
        position,
        channel,
        0.5 as weight,
        case position when 1 then round(amount / 2, 2) else amount - round(amount / 2, 2) end as attributed_amount,
        currency,
        attributed_amount as attributed_revenue
    from marts.fct_deals
    cross join (values ('linear'), ('first_touch')) as models(model)
    cross join (values (1, 'email'), (2, 'paid_search')) as touches(position, channel)
    where is_won;

    insert into marts.fct_revenue_events by name
    select
        'revenue-' || deal_key as revenue_key,
        deal_key,
        'booking' as entry_type,
        closed_at as booked_at,
        amount,
        currency,
        amount_reporting
    from marts.fct_deals
    where is_won;

    insert into marts.metrics_channel by name
    select date '2026-01-01' as month_start_date, channel, spend
    from (values ('email', 10.50), ('paid_search', 20.25)) as months(channel, spend);

    insert into marts.fct_ad_spend by name
    select
        date '2026-01-01' as date_day,
        'ads' as platform,
        campaign_key,
        spend,
        'IDR' as currency,
        spend as spend_reporting
    from (values ('campaign-1', 10.50), ('campaign-2', 20.25)) as days(campaign_key, spend);

    insert into marts.fct_lead_definition_violations by name
    select
        'violation-' || number as violation_key,
        'lead-' || number as lead_key,
        'mql' as stage,
        'stage_skipped' as violation_type,
        'a later stage was reached and mql was not' as detail,
        'sales' as team,
        'warn' as severity
    from range(1, 3) as violations(number);

    insert into intermediate.int_reconciliation_totals
    values ('lead_records', 10), ('deals', 3), ('deal_amounts', 600.60), ('spend', 30.75)
"""


def build_by_hand(data: Path, *changes: str) -> Run:
    """Makes a data folder whose build has just ended, and returns a run in it; `changes` are SQL on its marts."""
    run = new_small_run(data)
    with open_warehouse(run.paths) as con:
        create_raw_tables(con)
        con.execute("create schema marts")
        con.execute("create schema intermediate")
        con.execute("create table intermediate.int_reconciliation_totals (measure varchar, staged decimal(38, 8))")
        for model in contracts():
            columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in model["columns"])
            con.execute(f'create table marts."{model["name"]}" ({columns})')
        for statement in ROWS.split(";"):
            con.execute(statement)
    write_manifest(run.paths)
    shutil.copytree(PROJECT_ROOT / "seeds" / "agreement", run.paths.seeds / "agreement")
    change(run, *changes)
    return run


def new_small_run(data: Path, as_of: datetime = AS_OF) -> Run:
    """Another run in that data folder."""
    settings = Settings(reporting=ReportingSettings(currency="IDR"))
    return new_run(settings, Paths(config=None, data=data), as_of=as_of)


def change(run: Run, *statements: str) -> None:
    """Changes what is built."""
    with open_warehouse(run.paths) as con:
        for statement in statements:
            con.execute(statement)


def contracts() -> list[dict[str, Any]]:
    """The marts as their properties declare them, by name."""
    files = (PROJECT_ROOT / "models" / "marts").rglob("_*__models.yml")
    models = [model for file in files for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]]
    return sorted(models, key=lambda model: str(model["name"]))


def write_manifest(paths: Paths) -> None:
    """What dbt leaves of the marts' properties in its manifest."""
    nodes: dict[str, dict[str, Any]] = {
        f"model.closedloop.{model['name']}": {
            "unique_id": f"model.closedloop.{model['name']}",
            "resource_type": "model",
            "schema": "marts",
            "name": model["name"],
            "description": model["description"],
            "config": {"meta": {}, **model.get("config", {})},
            "columns": {column["name"]: column for column in model["columns"]},
        }
        for model in contracts()
    }
    for model in contracts():
        for test in model.get("data_tests", []):
            nodes[f"test.closedloop.grain_{model['name']}"] = {
                "resource_type": "test",
                "attached_node": f"model.closedloop.{model['name']}",
                "test_metadata": {"name": "grain", "kwargs": test["grain"]["arguments"]},
            }
    paths.dbt_target.mkdir(parents=True)
    (paths.dbt_target / "manifest.json").write_text(json.dumps({"nodes": nodes}), encoding="utf-8")


def rows_of(file: Path, schema: str = "marts") -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of a schema, in a fixed order."""
    with duckdb.connect(":memory:") as con:
        con.execute(f"attach '{file}' as file (read_only)")
        tables = con.execute(
            "select table_name from duckdb_tables() where database_name = 'file' and schema_name = ? order by all",
            [schema],
        ).fetchall()
        return {name: con.execute(f'from file.{schema}."{name}" order by all').fetchall() for (name,) in tables}
