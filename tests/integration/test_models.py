"""The dbt project as a whole: its unit tests, its public columns, and what its comments say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.agreement.folder import FILES_NOT_USED_YET, TERMS_NOT_USED_YET
from orchestration.agreement.reference import reference_models
from orchestration.agreement.rows import AGREEMENT_FILES, TERM_DEFAULTS
from orchestration.configuration.context import PROJECT_ROOT
from orchestration.sources.canonical import ENTITIES, NOT_USED_YET
from tests.conftest import closedloop, query

# The public tables of this stage with the columns that are never dropped or renamed, in the order of the design.
PUBLIC_COLUMNS = {
    "dim_accounts": "account_key account_name domain industry employee_band country owner_name first_touch_at "
    "customer_since record_url",
    "dim_leads": "lead_key account_key created_at source_system lead_id original_channel original_campaign_key "
    "self_reported_source industry country stage cycle_number lead_at mql_at sql_at opportunity_at customer_at "
    "first_mql_at disqualified_at disqualification_reason recycled_at crm_stage crm_mql_at crm_sql_at "
    "agreement_version owner_name has_consent",
    "dim_lead_ids": "lead_key source_system record_type record_id is_survivor record_url",
    "dim_campaigns": "campaign_key platform platform_campaign_id campaign_name initiative channel objective "
    "first_seen_date last_seen_date is_mapped",
    "dim_channels": "channel channel_group is_paid is_marketing label_en label_id",
    "dim_dates": "date_day week_start_date month_start_date quarter_start_date is_working_day",
    "fct_touchpoints": "touchpoint_key source_system touchpoint_id lead_key account_key session_key touched_at "
    "touch_type channel campaign_key content_key source medium campaign content term click_id_type landing_page "
    "is_direct is_paid channel_rule campaign_match",
    "fct_sessions": "session_key visitor_key lead_key started_at ended_at page_views channel campaign_key landing_page "
    "is_converting",
    "fct_tagging_findings": "finding_key campaign_key finding channel found fix visits spend first_seen_date "
    "last_seen_date",
    "fct_deals": "deal_key source_system deal_id account_key primary_lead_key created_at closed_at stage is_closed "
    "is_won amount currency amount_reporting deal_type deal_source lost_reason owner_name product record_url",
    "fct_deal_contacts": "deal_key lead_key role association_source",
    "fct_deal_stage_history": "deal_key stage deal_phase entered_at left_at amount",
    "fct_stage_history": "lead_key cycle_number stage entered_at left_at days_in_stage is_agreed is_claimed "
    "agreement_version",
    "fct_orders": "order_key source_system order_id lead_key account_key deal_key ordered_at amount currency "
    "amount_reporting voucher_code status",
    "fct_revenue_events": "revenue_key deal_key order_key lead_key account_key entry_type booked_at amount currency "
    "amount_reporting is_new_customer",
    "fct_sales_activities": "activity_key lead_key deal_key occurred_at activity_type direction outcome is_automatic "
    "owner_name",
    "fct_journey": "lead_key account_key deal_key step_number occurred_at step_type channel campaign_key "
    "touchpoint_key activity_key hours_since_previous",
    "fct_attribution": "model is_agreed_model conversion_type conversion_key deal_key order_key lead_key account_key "
    "converted_at entry_type booked_at touchpoint_key touched_at position path_length channel campaign_key weight "
    "attributed_amount currency attributed_revenue attributed_pipeline",
    "fct_revenue_attribution": "booked_at entry_type deal_key order_key lead_key account_key touchpoint_key touched_at "
    "channel campaign_key initiative weight attributed_amount currency attributed_revenue",
    "fct_lead_definition_violations": "violation_key lead_key deal_key stage violation_type detail claimed_at "
    "agreement_version team severity first_seen_at resolved_at",
    "fct_quality_results": "run_id checked_at check_name table_name severity is_passed is_waived observed expected "
    "failing_rows",
    "metrics_campaign": "month_start_date campaign_key initiative channel spend impressions clicks sessions leads mqls "
    "sqls opportunities customers pipeline revenue cost_per_lead cost_per_mql cost_per_sql customer_acquisition_cost "
    "return_on_ad_spend return_on_investment",
    "metrics_channel": "month_start_date channel spend impressions clicks sessions leads mqls sqls opportunities "
    "customers pipeline revenue cost_per_lead cost_per_mql cost_per_sql customer_acquisition_cost return_on_ad_spend "
    "return_on_investment",
    "metrics_channel_attribution": "month_start_date channel model date_basis attributed_leads attributed_mqls "
    "attributed_sqls attributed_opportunities attributed_deals attributed_pipeline attributed_revenue "
    "return_on_ad_spend",
    "metrics_campaign_attribution": "month_start_date campaign_key channel model date_basis attributed_leads "
    "attributed_mqls attributed_sqls attributed_opportunities attributed_deals attributed_pipeline attributed_revenue "
    "return_on_ad_spend",
    "metrics_initiative": "month_start_date initiative spend leads revenue",
    "metrics_content": "month_start_date content_key leads revenue",
}


def dbt(data: Path, *arguments: str, target: Path) -> subprocess.CompletedProcess[str]:
    """dbt on the project of a data folder, in a process of its own."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), *arguments, "--target-path", str(target)],
        cwd=data / "project",
        env=os.environ | {"CLOSEDLOOP_DATA": str(data), "DBT_LOG_PATH": str(target / "logs")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_rule_holds_in_its_smallest_case(olist_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(olist_data / "warehouse.duckdb", data)
    shutil.copytree(olist_data / "project", data / "project", symlinks=True)
    finished = dbt(data, "test", "--select", "test_type:unit", target=tmp_path / "target")
    assert finished.returncode == 0, finished.stdout
    passed = finished.stdout.count("PASS ")
    assert passed >= 20, finished.stdout


@pytest.mark.parametrize("table", PUBLIC_COLUMNS)
def test_public_columns_are_there_in_their_order(demo_data: Path, table: str) -> None:
    found = [
        name
        for (name,) in query(
            demo_data,
            f"select column_name from duckdb_columns() where schema_name = 'marts' and table_name = '{table}' "
            "order by column_index",
        )
    ]
    promised = PUBLIC_COLUMNS[table].split()
    assert [name for name in found if name in promised] == promised


def test_shared_metrics_have_a_column_for_each_metric_of_the_catalogue(demo_data: Path) -> None:
    missing = query(
        demo_data,
        """
        select metric
        from marts.dim_metrics
        anti join (
            select column_name as metric
            from duckdb_columns()
            where schema_name = 'marts' and table_name = 'metrics_shared'
        ) using (metric)
        where unit != 'as_entered'
        """,
    )
    assert missing == []


@pytest.mark.parametrize(
    ("table", "key"), [("metrics_channel", "channel"), ("metrics_campaign", "campaign_key, channel")]
)
def test_the_agreed_model_by_conversion_is_what_the_metrics_show(demo_data: Path, table: str, key: str) -> None:
    different = query(
        demo_data,
        f"""
        with agreed as (select distinct model from marts.fct_attribution where is_agreed_model),
        credited as (
            select month_start_date, {key}, attributed_revenue, attributed_pipeline, return_on_ad_spend
            from marts.{table}_attribution
            semi join agreed using (model)
            where date_basis = 'converted'
        )
        select month_start_date, {key}, revenue, pipeline, return_on_ad_spend
        from marts.{table} where revenue != 0 or pipeline != 0
        except
        from credited
        """,
    )
    assert different == []


def test_what_a_value_gets_lies_between_the_models_and_within_what_it_influenced(demo_data: Path) -> None:
    [(values, outside)] = query(
        demo_data,
        """
        with refunded as (
            select distinct date_trunc('month', timezone('Asia/Jakarta', timezone('UTC', booked_at)))::date as month
            from marts.fct_revenue_events
            where entry_type = 'refund'
        )
        select
            count(distinct (dimension, dimension_value)),
            count(*) filter (
                attributed_revenue not between lowest_revenue and highest_revenue
                -- what was given back may be another touch's than what came in
                or highest_revenue > influenced_revenue and month_start_date not in (from refunded)
            )
        from marts.metrics_attribution_comparison
        """,
    )
    assert values > 20
    assert outside == 0


def test_every_public_table_and_column_says_what_it_is(demo_data: Path) -> None:
    silent = query(
        demo_data,
        """
        select table_name, column_name
        from duckdb_columns()
        where schema_name = 'marts' and coalesce(comment, '') = ''
        union all
        select table_name, null from duckdb_tables() where schema_name = 'marts' and coalesce(comment, '') = ''
        """,
    )
    assert silent == []


# Columns of which the demo's sources have nothing, while its models would fill them.
NOT_IN_THE_DEMO = {
    "fct_lead_definition_violations": ["deal_key", "resolved_at"],
    "fct_sales_activities": ["deal_key"],  # its CRMs log what was said with people alone
}


def test_a_column_is_empty_where_it_says_that_it_is_not_computed_yet_and_nowhere_else(demo_data: Path) -> None:
    empty = {
        (table, column)
        for (table,) in query(demo_data, "select table_name from duckdb_tables() where schema_name = 'marts'")
        for column, count in query(demo_data, f"unpivot (select count(columns(*)) from marts.{table}) on columns(*)")
        if count == 0
    }
    not_computed = query(
        demo_data,
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'marts' and comment like 'Not computed yet. %'",
    )
    without_input = {(table, column) for table, columns in NOT_IN_THE_DEMO.items() for column in columns}
    assert empty == set(not_computed) | without_input
    measured_elsewhere = {"market_share", "brand_sentiment"}
    named = query(demo_data, "select metric from marts.dim_metrics where not is_computed")
    assert {metric for (metric,) in named} - measured_elsewhere == {
        column for table, column in not_computed if table == "metrics_shared"
    }


def test_the_example_query_of_each_public_table_answers(demo_data: Path) -> None:
    page = (PROJECT_ROOT / "docs" / "marts.md").read_text(encoding="utf-8")
    examples = re.findall(r"```sql\n(.*?)\n```", page, flags=re.DOTALL)
    assert len(examples) == page.count("\n## ") >= len(PUBLIC_COLUMNS)
    for example in examples:
        assert closedloop("query", example, "--data", demo_data, "--format", "csv").stdout.count("\n") > 1, example


def test_a_column_that_a_staging_model_describes_is_there(demo_data: Path) -> None:
    document = yaml.safe_load((PROJECT_ROOT / "models/staging/files/_files__models.yml").read_text(encoding="utf-8"))
    described = {(model["name"], column["name"]) for model in document["models"] for column in model["columns"]}
    with duckdb.connect(str(demo_data / "warehouse.duckdb"), read_only=True) as con:
        staged = con.execute("select table_name, column_name from duckdb_columns()").fetchall()
    assert described - {*staged} == set()


def test_what_no_figure_depends_on_is_said_to_be_not_used_yet(demo_data: Path) -> None:
    """The list shrinks: whoever reads an entity, a file or a term takes it off."""
    known = json.loads((demo_data / "runs" / "dbt" / "manifest.json").read_text(encoding="utf-8"))
    models = {id_: node for id_, node in known["nodes"].items() if node["resource_type"] == "model"}
    read = {id_ for node in models.values() for id_ in node["depends_on"]["nodes"]}
    by_nobody = {node["name"] for id_, node in known["nodes"].items() if id_ not in read}
    assert {name.removeprefix("stg_files__") for name in by_nobody if name.startswith("stg_files__")} == (
        {name for name in NOT_USED_YET if not ENTITIES[name].used_for}
    )
    read_by_python = {"agreement_versions", "quality_checks"}
    assert by_nobody & {*AGREEMENT_FILES, *reference_models()} == {*FILES_NOT_USED_YET, *read_by_python}
    elsewhere = "".join(node["raw_code"] for node in models.values() if node["name"] != "int_agreement_terms")
    assert {term for term in TERM_DEFAULTS if term not in elsewhere} == {*TERMS_NOT_USED_YET}


def test_no_personal_data_reaches_the_marts(demo_data: Path) -> None:
    """Nothing that looks like an e-mail or a phone number, in any text of any mart; an id may be a long number."""
    texts = query(
        demo_data,
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and data_type = 'VARCHAR'",
    )
    assert len(texts) > 100
    for table, column in texts:
        if column.endswith("_key"):
            continue
        # nor is a date, an address's id of a campaign or click, or a campaign's id where its name belongs
        no_number = "[0-9]{4}-[0-9]{2}-[0-9]{2}|(utm_campaign|utm_id|gclid|fbclid|ttclid|li_fat_id)=[^&]*"
        rest = f"""regexp_replace("{column}", '{no_number}', '', 'g')"""
        is_phone = "false" if column.endswith("_id") else f"regexp_matches({rest}, '([0-9][ ()./-]{{0,2}}){{9}}')"
        found = query(
            demo_data,
            f"""
            select "{column}" from marts.{table}
            where regexp_matches("{column}", '[^ ]+(@|%40)[^ ]+[.][a-z]+')
                or {is_phone} and "{column}" not in (select platform_campaign_id from marts.dim_campaigns)
            limit 3
            """,
        )
        assert found == [], f"{table}.{column}"
