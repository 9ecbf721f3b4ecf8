"""`closedloop explain`: a lead's stages and way, a deal's way and each model's credit, as the facts have them."""

from __future__ import annotations

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.configuration.context import PROJECT_ROOT
from tests.conftest import closedloop, query

PATH_OF_FOUR = """
    select deal_id, deal_key, source_system
    from marts.fct_deals
    inner join (
        select deal_key from marts.fct_attribution
        where conversion_type = 'won' and model = 'linear' and path_length = 4 group by all
    ) using (deal_key)
    order by deal_id limit 1
"""


def test_a_won_deal_is_explained_by_its_touches_and_the_rules(demo_data: Path) -> None:
    [(deal_id, deal_key, source_system)] = query(demo_data, PATH_OF_FOUR)
    told = json.loads(closedloop("explain", "deal", deal_id, "--data", demo_data, "--json").stdout)
    assert told["deal"]["deal_key"] == deal_key
    assert told["deal"]["counts_as"] == "won"
    assert told["journey"] == sorted(told["journey"], key=lambda step: step["occurred_at"])
    assert [step["position"] for step in told["journey"] if step["position"]] == [1, 2, 3, 4]
    assert [step["step_type"] for step in told["journey"]][-2:] == ["opportunity", "won"]
    facts = query(
        demo_data,
        f"""
        select model, position, attributed_revenue, credit_rule from marts.fct_attribution
        where deal_key = '{deal_key}' and conversion_type = 'won' order by all
        """,
    )
    shown = [
        (model["model"], touch["position"], Decimal(touch["amount"]), touch["rule"])
        for model in told["credit"]
        for touch in model["touches"]
    ]
    assert sorted(shown) == facts
    assert {model for model, *_ in facts} == {model["model"] for model in told["credit"]}
    assert told["credit"][0]["is_agreed"]
    # and for the eye, by the deal's key
    table = closedloop("explain", "deal", deal_key, "--data", demo_data).stdout
    assert f"Deal {deal_id} ({source_system})" in table
    assert "Became a lead" in table
    assert "W-shaped (agreed)" in table
    assert "last before the lead was created" in " ".join(table.split())


def test_the_queries_of_the_page_of_attribution_answer(demo_data: Path) -> None:
    page = (PROJECT_ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sql\n(.*?)\n```", page, flags=re.DOTALL)
    assert len(queries) == 3
    for sql in queries:
        rows = json.loads(closedloop("query", sql, "--data", demo_data, "--format", "json").stdout)
        assert len(rows) > 5, sql


def test_an_open_deal_and_one_without_a_touch_are_explained_too(demo_data: Path) -> None:
    [(open_deal,)] = query(demo_data, "select deal_id from marts.fct_deals where not is_closed order by 1 limit 1")
    told = json.loads(closedloop("explain", "deal", open_deal, "--data", demo_data, "--json").stdout)
    assert told["deal"]["counts_as"] == "opportunity"
    assert told["credit"]
    nobodys = "select deal_key from marts.fct_attribution where channel = 'unattributed' and deal_key is not null"
    [(unattributed,)] = query(demo_data, f"{nobodys} order by 1 limit 1")
    told = json.loads(closedloop("explain", "deal", unattributed, "--data", demo_data, "--json").stdout)
    assert {touch["rule"] for model in told["credit"] for touch in model["touches"]} == {"no touch"}


def test_a_deal_that_is_none_or_several_is_told(demo_data: Path, tmp_path: Path) -> None:
    told = closedloop("explain", "deal", "nothing", "--data", demo_data, expect=1).stderr
    assert "there is no deal 'nothing'" in told
    shutil.copytree(demo_data / "published", tmp_path / "published", symlinks=False)
    with duckdb.connect(str(tmp_path / "published" / "closedloop.duckdb")) as con:
        con.execute("create temp table two as select deal_key from marts.fct_deals order by 1 limit 2")
        con.execute("update marts.fct_deals set deal_id = 'D1' where deal_key in (from two)")
        keys = [key for (key,) in con.execute("select deal_key from marts.fct_deals where deal_id = 'D1'").fetchall()]
    told = closedloop("explain", "deal", "D1", "--data", tmp_path, expect=1).stderr
    assert "2 deals have the id 'D1'" in told
    assert all(key in told for key in keys)


def test_a_lead_is_explained_by_its_stages_and_its_way(demo_data: Path) -> None:
    [(lead_key,)] = query(
        demo_data,
        """
        select lead_key from marts.fct_journey where step_type in ('follow_up', 'won')
        group by lead_key having count(distinct step_type) = 2 order by 1 limit 1
        """,
    )
    told = json.loads(closedloop("explain", "lead", lead_key, "--data", demo_data, "--json").stdout)
    assert told["lead"]["lead_key"] == lead_key
    steps = query(
        demo_data,
        f"select step_number, step_type, cast(occurred_at as varchar), hours_since_previous from marts.fct_journey "
        f"where lead_key = '{lead_key}' order by step_number",
    )
    names = ("step_number", "step_type", "occurred_at", "hours_since_previous")
    assert [tuple(step[name] for name in names) for step in told["journey"]] == steps
    agreed = {entry["stage"]: entry["entered_at"] for entry in told["stages"] if entry["is_agreed"]}
    [reached] = query(
        demo_data,
        "select cast(columns(['lead_at', 'mql_at', 'opportunity_at', 'customer_at']) as varchar) "
        f"from marts.dim_leads where lead_key = '{lead_key}'",
    )
    assert tuple(agreed[stage] for stage in ("lead", "mql", "opportunity", "customer")) == reached
    # and for the eye, by the record's id in its source
    [(record_id, source_system)] = query(
        demo_data, f"select lead_id, source_system from marts.dim_leads where lead_key = '{lead_key}'"
    )
    table = closedloop("explain", "lead", record_id, "--data", demo_data).stdout
    assert f"Lead {record_id} ({source_system})" in table
    assert "Deal won" in " ".join(table.split())
    assert "there is no lead 'nobody'" in closedloop("explain", "lead", "nobody", "--data", demo_data, expect=1).stderr


def test_a_lead_that_sales_gave_back_has_another_cycle(demo_data: Path) -> None:
    [(lead_key,)] = query(
        demo_data, "select lead_key from marts.fct_stage_history where cycle_number = 2 and stage = 'mql' limit 1"
    )
    stages = json.loads(closedloop("explain", "lead", lead_key, "--data", demo_data, "--json").stdout)["stages"]
    first, second = ([it for it in stages if it["cycle_number"] == cycle] for cycle in (1, 2))
    assert {"recycled", "disqualified"} & {entry["stage"] for entry in first}
    assert max(entry["entered_at"] for entry in first) <= min(entry["entered_at"] for entry in second)
