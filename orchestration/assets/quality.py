"""The gate: the candidate of the next publication, held against what both teams signed."""

from collections.abc import Iterator
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    AssetsDefinition,
    Output,
    ResourceParam,
    asset,
)

from orchestration.publication.candidate import make_candidate
from orchestration.quality.checks import CHECKS
from orchestration.quality.gate import GateResult, run_gate
from orchestration.resources import WAREHOUSE_POOL, RunState

CANDIDATE = AssetKey("candidate")
GATE = AssetKey("gate")


def candidate_asset(marts: list[AssetKey]) -> AssetsDefinition:
    """The marts in a file of their own, as they would be published."""

    @asset(key=CANDIDATE, deps=marts, group_name="publication", pool=WAREHOUSE_POOL)
    def candidate(state: ResourceParam[RunState]) -> None:
        """The marts in a file of their own, as they would be published."""
        with state.step("copy the marts") as run:
            make_candidate(run)

    return candidate


@asset(
    key=GATE,
    deps=[CANDIDATE],
    check_specs=[AssetCheckSpec(name, asset=GATE) for name in CHECKS],
    group_name="publication",
    pool=WAREHOUSE_POOL,
)
def gate(state: ResourceParam[RunState]) -> Iterator[Any]:
    """The agreement's checks of the candidate; one that blocks stops the run here."""
    with state.step("check") as run:
        state.gate = run_gate(run, waivers=state.waivers)
        yield from _check_results(state.gate)
        state.gate.raise_if_blocked()
        yield Output(None)


def _check_results(result: GateResult) -> Iterator[AssetCheckResult]:
    """One result a check: it passes when all its tables do."""
    for name in CHECKS:
        checks = [check for check in result.checks if check.name == name]
        failed = [check for check in checks if not check.is_passed]
        yield AssetCheckResult(
            check_name=name,
            asset_key=GATE,
            passed=not failed,
            severity=AssetCheckSeverity.ERROR
            if any(check.severity == "block" for check in failed)
            else AssetCheckSeverity.WARN,
            metadata={
                check.table_name: f"{check.failing_rows} rows; observed {check.observed}, expected {check.expected}"
                for check in failed
            },
        )
