"""The publication: the checked candidate becomes what readers see."""

from dagster import AssetKey, ResourceParam, asset

from orchestration.assets.quality import GATE
from orchestration.configuration.run import Run
from orchestration.errors import NotBuiltError
from orchestration.publication.publish import publish
from orchestration.resources import WAREHOUSE_POOL, RunState, SourceFailure
from orchestration.sources.loads import last_loads
from orchestration.sources.registry import configured_resources
from orchestration.warehouse import open_warehouse

PUBLICATION = AssetKey("publication")


@asset(key=PUBLICATION, deps=[GATE], group_name="publication", pool=WAREHOUSE_POOL)
def publication(state: ResourceParam[RunState]) -> None:
    """The file, the Parquet folders and status.json that readers use, swapped in atomically."""
    with state.step("publish") as run:
        if state.gate is None:
            raise NotBuiltError(
                "this run has no candidate that the gate has checked",
                where="publication",
                fix="materialise candidate and gate with it, or run `closedloop publish`",
            )
        state.gate.raise_if_blocked()
        told = {failure.source_system for failure in state.source_failures}
        # also those that an earlier run missed, where this one did not try them
        state.source_failures += [failure for failure in _missing(run) if failure.source_system not in told]
        state.publication = publish(run)
        state.record()


def _missing(run: Run) -> list[SourceFailure]:
    """The configured sources whose last load failed."""
    with open_warehouse(run.paths, read_only=True) as con:
        loads = last_loads(con)
    failed = {
        name: loads[name, resource].error
        for name, resource, _ in configured_resources(run.settings.sources)
        if (name, resource) in loads
    }
    return [SourceFailure(name, error) for name, error in failed.items() if error]
