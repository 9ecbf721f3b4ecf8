"""A pass, or its later parts, as the Dagster job executed in this process."""

from __future__ import annotations

import logging
import os
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import duckdb

from orchestration.errors import InterruptedRunError, NotBuiltError, UnforeseenError
from orchestration.warehouse import open_warehouse
from reporting.outcome import Outcome

if TYPE_CHECKING:
    from dagster import AssetKey, Definitions

    from orchestration.configuration.context import Paths
    from orchestration.resources import RunState

_DAGSTER_CONFIGURATION = """\
telemetry:
  enabled: false
concurrency:
  pools:
    default_limit: 1
retention:
  schedule:
    purge_after_days: 90
"""


class Part(StrEnum):
    """How much of a pass to do."""

    ALL = "all"  # ingest, build, check, publish
    BUILD = "build"
    CHECK = "check"
    PUBLISH = "publish"  # check and publish

    @property
    def reached(self) -> Outcome:
        """What has been reached when nothing went wrong."""
        return {Part.BUILD: Outcome.BUILT, Part.CHECK: Outcome.CHECKED}.get(self, Outcome.PUBLISHED)


def dagster_environment(paths: Paths) -> dict[str, str]:
    """The environment of a Dagster of this data folder, which keeps its runs there and sends no telemetry."""
    home = paths.runs / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists() or configuration.read_text() != _DAGSTER_CONFIGURATION:
        configuration.write_text(_DAGSTER_CONFIGURATION)
    named = {"CLOSEDLOOP_CONFIG": str(paths.config)} if paths.config else {}
    return {
        **os.environ,
        **named,
        "CLOSEDLOOP_DATA": str(paths.data),
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }


def execute(state: RunState, part: Part = Part.ALL) -> Outcome:
    """Executes the job in this process and returns what it came to; what happened stands in `state`.

    A known error is left in `state.error`; an unknown one becomes an UnforeseenError that names a log file with its
    trace. The caller holds the data folder (`orchestration.resources.holding`).
    """
    _silence()
    state.progress.phase("start")
    from dagster import DagsterExecutionInterruptedError, DagsterInstance, ResourceDefinition

    from orchestration.definitions import JOB, build_definitions

    state.ingests, state.reached = part is Part.ALL, part.reached
    # in memory: writing each of some 900 events to Dagster's storage takes longer than building the models
    with DagsterInstance.ephemeral() as instance:
        try:
            resource = ResourceDefinition.hardcoded_resource(state)
            defs = build_definitions(state.run.settings, state.run.paths, resource)
            defs.resolve_job_def(JOB).execute_in_process(
                instance=instance,
                asset_selection=_selection(defs, part),
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        except (KeyboardInterrupt, DagsterExecutionInterruptedError):
            state.fail(_interrupted(state))
        except Exception as error:  # noqa: BLE001 - whatever it is, the user gets one message and a log
            if state.error is None:
                state.fail(_unforeseen(state, error))
        finally:
            state.dbt.end()
    return state.outcome


def built_as_of(paths: Paths) -> datetime:
    """The clock of what is built, which its check and its publication go by; raises NotBuiltError where nothing is."""
    if paths.warehouse.exists():
        with open_warehouse(paths, read_only=True) as con, suppress(duckdb.CatalogException):
            if row := con.execute("select as_of from raw_closedloop.run_settings").fetchone():
                built: datetime = row[0]
                return built.replace(tzinfo=UTC)
    raise NotBuiltError("nothing is built here yet", where=str(paths.data), fix="run `closedloop run`")


def _selection(defs: Definitions, part: Part) -> list[AssetKey] | None:
    from orchestration.assets.ingestion import AGREEMENT
    from orchestration.assets.publication import PUBLICATION
    from orchestration.assets.quality import CANDIDATE, GATE
    from orchestration.assets.transformation import BUILD

    match part:
        case Part.ALL:
            return None
        case Part.BUILD:
            [models] = [assets for assets in defs.resolve_asset_graph().assets_defs if assets.op.name == BUILD]
            return [AGREEMENT, *sorted(models.keys)]
        case Part.CHECK:
            return [CANDIDATE, GATE]
        case Part.PUBLISH:
            return [CANDIDATE, GATE, PUBLICATION]


def _silence() -> None:
    """Dagster writes to its own storage."""
    for name in ("dagster", "dagster_dbt", "dagster.code_server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _interrupted(state: RunState) -> InterruptedRunError:
    return InterruptedRunError(
        "the run was interrupted",
        where=str(state.run.paths.data),
        fix="run it again when you like: readers keep the last publication, and nothing is loaded twice",
    )


def _unforeseen(state: RunState, error: Exception) -> UnforeseenError:
    """What nobody foresaw: the trace goes to a file, the terminal gets a sentence."""
    state.run.paths.logs.mkdir(parents=True, exist_ok=True)
    log = state.run.paths.logs / f"{state.run.run_id}.log"
    log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return UnforeseenError(
        f"{type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else 'no message'}",
        where=str(state.run.paths.data),
        fix=f"the whole trace is in {log}; running again is safe",
    )
