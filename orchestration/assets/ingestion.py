"""Ingestion: the agreement laid out for the models, and an asset for each resource of each source."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    ResourceParam,
    asset,
    multi_asset,
)
from duckdb import DuckDBPyConnection

from orchestration.agreement.folder import not_used_yet
from orchestration.agreement.stages import TEAMS
from orchestration.configuration.run import Run
from orchestration.configuration.settings import Settings, SourceSettings
from orchestration.errors import ConfigurationError, InputError, SourceUnavailableError
from orchestration.resources import WAREHOUSE_POOL, RunState, SourceFailure
from orchestration.sources.base import LoadResult, raw_table
from orchestration.sources.canonical import NOT_USED_YET
from orchestration.sources.loads import last_loads
from orchestration.sources.purge import purge
from orchestration.sources.registry import CONNECTORS, configured_resources
from orchestration.sources.unlisted import unlisted_names
from orchestration.transformation.project import models_version
from orchestration.transformation.seeds import lay_out_seeds
from orchestration.transformation.spark import check_spark
from orchestration.warehouse import create_raw_tables, open_warehouse, write_run_settings

AGREEMENT = AssetKey("agreement")
SOURCE_IS_LOADED = "source_is_loaded"


@asset(key=AGREEMENT, group_name="agreement", owners=[f"team:{team}" for team in TEAMS], pool=WAREHOUSE_POOL)
def agreement(state: ResourceParam[RunState]) -> None:
    """What both teams signed and how results are reported, laid out for the models; every source is tried first."""
    with state.step("check the configuration") as run:
        if state.ingests and not run.settings.sources:
            raise ConfigurationError(
                "no source is configured",
                where=str(run.paths.config or "closedloop.yml"),
                fix="name one under sources: (docs/configuration.md), or let `closedloop init DIR FILES...` propose it",
            )
        if run.target == "spark":
            check_spark()
        signed = lay_out_seeds(run)
        state.warnings += not_used_yet(signed)
        for name, source in run.sources.items() if state.ingests else ():
            with suppress(SourceUnavailableError):  # told where it is loaded; the others go on
                CONNECTORS[source.connector].preflight(name, source, run.context)
        with open_warehouse(run.paths) as con:
            create_raw_tables(con)
            if state.ingests:
                purge(con, configured_resources(run.settings.sources))
            write_run_settings(con, run, signed, models_version(run))


def source_assets(settings: Settings) -> list[AssetsDefinition]:
    """One definition a source, with one asset for each of its resources: [source, resource]."""
    return [
        _source_assets(name, source.connector, CONNECTORS[source.connector].resources(source))
        for name, source in settings.sources.items()
    ]


def _source_assets(name: str, connector: str, resources: Sequence[str]) -> AssetsDefinition:
    keys = {resource: AssetKey([name, resource]) for resource in resources}

    @multi_asset(
        name=f"load_{name}",
        specs=[
            AssetSpec(
                key,
                deps=[AGREEMENT],
                group_name="sources",
                description=f"{resource} of the source {name}, as the connector {connector} loads them",
            )
            for resource, key in keys.items()
        ],
        check_specs=[AssetCheckSpec(SOURCE_IS_LOADED, asset=key) for key in keys.values()],
        pool=WAREHOUSE_POOL,
    )
    def load(state: ResourceParam[RunState]) -> Iterator[MaterializeResult[Any]]:
        with state.step(f"load {name}") as run:
            loads: dict[str, LoadResult] = {}
            failure = None
            if source := run.sources.get(name):
                try:
                    with open_warehouse(run.paths) as con:
                        for load in CONNECTORS[source.connector].load(con, name, source, run.context):
                            more = (*_unlisted_names(con, run, source, load), *_not_used_yet(load.resource))
                            told = replace(load, warnings=(*load.warnings, *more))
                            loads[load.resource] = told
                            state.loads.append(told)
                            state.progress.advance(len(loads), len(keys), load.resource)
                except SourceUnavailableError as error:
                    failure = SourceFailure(name, str(error))
                    state.source_failures.append(failure)
                    if len(state.source_failures) == len(run.sources):
                        raise InputError(
                            "no source could be loaded", where=name, fix=f"fix the last of them first: {error}"
                        ) from None
            for resource, key in keys.items():
                yield _result(run, key, loads.get(resource), failure)

    return load


def _unlisted_names(con: DuckDBPyConnection, run: Run, source: SourceSettings, load: LoadResult) -> list[str]:
    table = raw_table(source.connector, load.resource)
    return unlisted_names(con, load.resource, table, load.source_system, run.paths.seeds / "reference")


def _not_used_yet(resource: str) -> list[str]:
    """A line for an entity that no figure, or not each that a reader would expect, depends on."""
    return [f"{resource}: not used yet for {NOT_USED_YET[resource]}"] if resource in NOT_USED_YET else []


def _result(run: Run, key: AssetKey, load: LoadResult | None, failure: SourceFailure | None) -> MaterializeResult[Any]:
    """What Dagster shows of a load: counts, never values; what was not loaded keeps the rows it had."""
    metadata: dict[str, Any] = (
        {"rows_loaded": load.rows_loaded, "rows_rejected": load.rows_rejected, "rows_total": load.rows_total}
        if load
        else {"rows_kept_since": _last_loaded(run, *key.path) or "never loaded"}
    )
    check = AssetCheckResult(
        check_name=SOURCE_IS_LOADED,
        asset_key=key,
        passed=failure is None,
        severity=AssetCheckSeverity.WARN,
        metadata={"reason": failure.message} if failure else {},
    )
    return MaterializeResult(asset_key=key, metadata=metadata, check_results=[check])


def _last_loaded(run: Run, source_system: str, resource: str) -> str | None:
    """When the rows that a resource has now were loaded."""
    with open_warehouse(run.paths, read_only=True) as con:
        load = last_loads(con).get((source_system, resource))
    return f"{load.loaded_at} UTC" if load and load.loaded_at else None
