"""The publication: the checked candidate becomes what readers see."""

from dagster import AssetExecutionContext, AssetKey, asset

from orchestration.assets.quality import GATE
from orchestration.publication.publish import publish
from orchestration.publication.status import record_attempt
from orchestration.resources import WAREHOUSE_POOL, RunState, SourceFailure
from orchestration.settings import Run
from orchestration.sources import CONNECTORS
from orchestration.warehouse import open_warehouse

PUBLICATION = AssetKey("publication")


@asset(
    key=PUBLICATION,
    deps=[GATE],
    group_name="publication",
    pool=WAREHOUSE_POOL,
    required_resource_keys={"state"},
)
def publication(context: AssetExecutionContext) -> None:
    """The file, the Parquet folders and status.json that readers use, swapped in atomically."""
    state: RunState = context.resources.state
    with state.step("publish") as run:
        if state.gate is None:
            raise AssertionError("the gate runs before the publication")
        told = {failure.source_name for failure in state.source_failures}
        # also those that an earlier run missed, where this one did not try them
        state.source_failures += [failure for failure in _missing(run) if failure.source_name not in told]
        state.publication = publish(run, state.gate)
        record_attempt(
            run,
            result="published_with_source_missing" if state.source_failures else "published",
            exit_code=3 if state.source_failures else 0,
            message="; ".join(failure.message for failure in state.source_failures),
            gate=state.gate,
            publication=state.publication,
            source_errors={failure.source_name: failure.message for failure in state.source_failures},
        )


def _missing(run: Run) -> list[SourceFailure]:
    """The configured sources whose last load failed."""
    with open_warehouse(run.paths, read_only=True) as con:
        last_loads = con.execute(
            """
            select source_name, resource, error
            from raw_closedloop.loads
            qualify row_number() over (partition by source_name, resource order by load_id desc) = 1
            order by source_name, resource
            """
        ).fetchall()
    configured = {
        (name, resource)
        for name, source in run.settings.sources.items()
        for resource in CONNECTORS[source.connector].resources(source)
    }
    failed = {name: error for name, resource, error in last_loads if error and (name, resource) in configured}
    return [SourceFailure(name, error) for name, error in failed.items()]
