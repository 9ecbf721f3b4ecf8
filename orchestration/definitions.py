"""The whole deployment on one screen: what is loaded, built, checked and published, and when."""

from __future__ import annotations

from dagster import AssetSelection, Definitions, ResourceDefinition, define_asset_job, definitions, in_process_executor

from orchestration.assets.ingestion import agreement, source_assets
from orchestration.assets.publication import publication
from orchestration.assets.quality import candidate_asset, gate
from orchestration.assets.transformation import dbt_model_assets
from orchestration.configuration.context import Paths, find_paths
from orchestration.configuration.settings import Settings, read_settings
from orchestration.resources import state_resource
from orchestration.schedules import daily_schedule

JOB = "closedloop"


def build_definitions(settings: Settings, paths: Paths, state: ResourceDefinition | None = None) -> Definitions:
    """The definitions of one company: its sources, the product's models over them, the gate and the publication.

    Each run makes its own `state`, unless there is one that its starter wants to read afterwards.
    """
    models = dbt_model_assets(settings, paths)
    marts = [key for key in models.keys if key.path[0] in ("marts", "intermediate")]
    return Definitions(
        assets=[agreement, *source_assets(settings), models, candidate_asset(marts), gate, publication],
        jobs=[define_asset_job(JOB, selection=AssetSelection.all(), executor_def=in_process_executor)],
        schedules=[daily_schedule(JOB, settings)],
        resources={"state": state or state_resource(settings, paths)},
    )


@definitions
def defs() -> Definitions:
    """Those of CLOSEDLOOP_CONFIG, or ./closedloop.yml; without either, the product's own without a source."""
    paths = find_paths()
    return build_definitions(read_settings(paths.config) if paths.config else Settings(), paths)
