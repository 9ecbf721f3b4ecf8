"""Ingestion: the agreement laid out for the models, and an asset for each resource of each source."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    asset,
    multi_asset,
)

from orchestration.errors import ConfigurationError, InputError, SourceUnavailableError
from orchestration.resources import WAREHOUSE_POOL, RunState, SourceFailure
from orchestration.seeds import lay_out_seeds
from orchestration.settings import Run, Settings
from orchestration.sources import CONNECTORS
from orchestration.sources.base import LoadResult
from orchestration.sources.files import purge
from orchestration.sources.identifiers import identifier_key
from orchestration.warehouse import create_raw_tables, open_warehouse, write_run_settings

AGREEMENT = AssetKey("agreement")
SOURCE_IS_LOADED = "source_is_loaded"


@asset(key=AGREEMENT, group_name="ingestion", pool=WAREHOUSE_POOL, required_resource_keys={"state"})
def agreement(context: AssetExecutionContext) -> None:
    """What both teams signed and how results are reported, laid out for the models; every source is tried first."""
    state: RunState = context.resources.state
    with state.step("check the configuration") as run:
        if not run.settings.sources:
            raise ConfigurationError(
                "no source is configured",
                where=str(run.paths.config or "closedloop.yml"),
                fix="name one under sources: (docs/configuration.md), or let `closedloop init DIR FILES...` propose it",
            )
        signed = lay_out_seeds(run)
        for name, source in run.settings.sources.items():
            with suppress(SourceUnavailableError):  # told where it is loaded; the others go on
                CONNECTORS[source.connector].preflight(name, source, run)
        _, was_made = identifier_key(run.paths)
        if was_made:
            state.notes.append(
                f"A key for hashing e-mails and phones was made: {run.paths.identifier_key_file}. "
                "Keep it safe: without it the same person gets another hash."
            )
        with open_warehouse(run.paths) as con:
            create_raw_tables(con)
            purge(con, run.settings.sources)
            write_run_settings(con, run, signed)


def source_assets(settings: Settings) -> list[AssetsDefinition]:
    """One definition a source, with one asset for each of its resources: [source, resource]."""
    return [
        _source_assets(name, CONNECTORS[source.connector].resources(source))
        for name, source in settings.sources.items()
    ]


def _source_assets(name: str, resources: Sequence[str]) -> AssetsDefinition:
    keys = {resource: AssetKey([name, resource]) for resource in resources}

    @multi_asset(
        name=f"load_{name}",
        specs=[AssetSpec(key, deps=[AGREEMENT], group_name="ingestion") for key in keys.values()],
        check_specs=[AssetCheckSpec(SOURCE_IS_LOADED, asset=key) for key in keys.values()],
        pool=WAREHOUSE_POOL,
        required_resource_keys={"state"},
    )
    def load(context: AssetExecutionContext) -> Iterator[MaterializeResult[Any]]:
        state: RunState = context.resources.state
        with state.step(f"load {name}") as run:
            loads: dict[str, LoadResult] = {}
            failure = None
            if not run.select or name in run.select:
                try:
                    with open_warehouse(run.paths) as con:
                        for load in CONNECTORS[run.settings.sources[name].connector].load(
                            con, name, run.settings.sources[name], run
                        ):
                            loads[load.resource] = load
                            state.loads.append(load)
                            state.progress.advance(len(loads), len(keys), load.resource)
                except SourceUnavailableError as error:
                    failure = SourceFailure(name, str(error))
                    state.source_failures.append(failure)
                    _keep_failure(run, failure, [resource for resource in keys if resource not in loads])
                    if len(state.source_failures) == len(run.settings.sources):
                        raise InputError(
                            "no source could be loaded", where=name, fix=f"mend the last of them first: {error}"
                        ) from None
            for resource, key in keys.items():
                yield _result(key, loads.get(resource), failure)

    return load


def _keep_failure(run: Run, failure: SourceFailure, resources: Sequence[str]) -> None:
    """Writes down which resources were not loaded and why, beside the loads that were."""
    with open_warehouse(run.paths) as con:
        con.executemany(
            "insert into raw_closedloop.loads values (?, ?, ?, ?, 0, 0, ?)",
            [
                [failure.source_name, resource, run.run_id, run.as_of.replace(tzinfo=None), failure.message]
                for resource in resources
            ],
        )


def _result(key: AssetKey, load: LoadResult | None, failure: SourceFailure | None) -> MaterializeResult[Any]:
    """What Dagster shows of a load: counts, never values; what was not loaded keeps the rows it had."""
    metadata: dict[str, Any] = (
        {"rows_loaded": load.rows_loaded, "rows_rejected": load.rows_rejected, "rows_total": load.rows_total}
        if load
        else {"kept": "the rows of the last load"}
    )
    check = AssetCheckResult(
        check_name=SOURCE_IS_LOADED,
        asset_key=key,
        passed=failure is None,
        severity=AssetCheckSeverity.WARN,
        metadata={"reason": failure.message} if failure else {},
    )
    return MaterializeResult(asset_key=key, metadata=metadata, check_results=[check])
