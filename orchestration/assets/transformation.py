"""Transformation: the dbt project as assets, each with one check that carries its tests."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    ResourceParam,
    TableColumn,
    TableSchema,
    multi_asset,
)

from orchestration.assets.ingestion import AGREEMENT
from orchestration.configuration.context import Paths
from orchestration.configuration.settings import Settings
from orchestration.quality.expectations import load_great_expectations
from orchestration.resources import WAREHOUSE_POOL, RunState
from orchestration.sources.registry import configured_resources
from orchestration.transformation.build import build_models, manifest, raise_if_failed
from orchestration.transformation.node_results import NodeResult

Node = Mapping[str, Any]  # of dbt's manifest

# The step in which dbt builds everything.
BUILD = "build"

# The check of a model: all its tests pass.
TESTS = "tests"


def dbt_model_assets(settings: Settings, paths: Paths) -> AssetsDefinition:
    """Every seed and model of the data folder's dbt project as an asset, models with a check of their tests."""
    known = manifest(paths, settings.vars)
    filled_by = _filled_by(settings)
    nodes = {id_: node for id_, node in known["nodes"].items() if node["resource_type"] in ("seed", "model")}
    keys = {id_: _key(node) for id_, node in nodes.items()}
    specs = [_spec(node, keys, known["sources"], filled_by) for node in nodes.values()]
    tests = _tests(known)

    @multi_asset(
        name=BUILD,
        specs=specs,
        check_specs=[
            AssetCheckSpec(TESTS, asset=key, description=f"{len(tests[node])} dbt tests")
            for node, key in keys.items()
            if tests[node]
        ],
        pool=WAREHOUSE_POOL,
    )
    def build(state: ResourceParam[RunState]) -> Iterator[MaterializeResult[Any]]:
        with state.step("build") as run:
            # the gate's library takes seconds to import, for which a core is free while dbt starts
            threading.Thread(target=_load_the_gate, daemon=True).start()
            built = build_models(run, state.dbt, state.progress.advance)
            results = {result.unique_id: result for result in built}
            # on Spark seeds come as tables and are no step of dbt
            handed_over = [NodeResult(node, "success") for node in keys if node not in results]
            for result in [*handed_over, *built]:  # in the order in which dbt ended them, so after what they read
                if result.is_built and (key := keys.get(result.unique_id)):
                    yield _result(key, result, [results[test] for test in tests[result.unique_id] if test in results])
            raise_if_failed(run, built, known)

    return build


def _key(node: Node) -> AssetKey:
    return AssetKey([node["schema"], node["name"]])


def _filled_by(settings: Settings) -> dict[str, list[AssetKey]]:
    """The assets of sources that fill each raw table."""
    filled_by: dict[str, list[AssetKey]] = defaultdict(list)
    for configured in configured_resources(settings.sources):
        filled_by[configured.raw_table].append(AssetKey([configured.source_system, configured.resource]))
    return filled_by


def _spec(
    node: Node, keys: Mapping[str, AssetKey], sources: Mapping[str, Node], filled_by: Mapping[str, Sequence[AssetKey]]
) -> AssetSpec:
    """A seed or model as Dagster shows it, by dbt's own properties.

    A raw table is no asset: who reads it depends on the sources that fill it, and where none does on the agreement,
    which makes every raw table.
    """
    deps: dict[AssetKey, None] = {}
    for id_ in node["depends_on"].get("nodes", []):
        if id_ in keys:
            deps[keys[id_]] = None
        else:
            table = f"{sources[id_]['schema']}.{sources[id_]['name']}"
            deps |= dict.fromkeys(filled_by.get(table, [AGREEMENT]))
    columns = [
        TableColumn(column["name"], column["data_type"] or "?", description=column["description"])
        for column in node["columns"].values()
    ]
    return AssetSpec(
        _key(node),
        deps=list(deps) or [AGREEMENT],
        description=node["description"].strip(),
        group_name=_group(node),
        owners=node["config"]["meta"].get("owners", []),
        kinds={"dbt"},
        metadata={"dagster/column_schema": TableSchema(columns)} if columns else {},
    )


def _group(node: Node) -> str:
    """staging, marts, or an intermediate model's or seed's concept: identity, journey, agreement ..."""
    _, layer, *folders = node["fqn"][:-1]
    return str(folders[0]) if layer == "intermediate" else str(layer)


def _tests(known: Mapping[str, Any]) -> dict[str, list[str]]:
    """The tests of each model: those of its properties, and each invariant at the last model that it reads.

    What was asked before, of the company's files or of narrower tables, is no part of a run.
    """
    tests: dict[str, list[str]] = defaultdict(list)
    for node in known["nodes"].values():
        if node["resource_type"] == "test" and "asked_before" not in node["tags"]:
            tests[node.get("attached_node") or node["depends_on"]["nodes"][-1]].append(node["unique_id"])
    return tests


def _result(key: AssetKey, built: NodeResult, tested: list[NodeResult]) -> MaterializeResult[Any]:
    """What Dagster shows of a model: counts and seconds, never values."""
    check = AssetCheckResult(
        check_name=TESTS,
        asset_key=key,
        passed=not any(test.is_failed for test in tested),
        metadata={test.unique_id: f"{test.status}, {test.failures} rows" for test in tested if test.status != "pass"},
    )
    return MaterializeResult(
        asset_key=key, metadata={"seconds": built.seconds}, check_results=[check] if tested else []
    )


def _load_the_gate() -> None:
    with suppress(ImportError):  # the gate imports it again, and says so
        load_great_expectations()
