"""The publication: the checked candidate becomes what readers see."""

from dagster import AssetExecutionContext, AssetKey, asset

from orchestration.assets.quality import GATE
from orchestration.publication.publish import publish
from orchestration.publication.status import record_attempt
from orchestration.resources import WAREHOUSE_POOL, RunState

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
