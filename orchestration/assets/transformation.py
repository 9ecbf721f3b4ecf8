"""Transformation: the dbt project as assets, its tests as their checks."""

import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from dagster import AssetCheckResult, AssetDep, AssetExecutionContext, AssetKey, AssetsDefinition, AssetSpec, Output
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from orchestration.assets.ingestion import AGREEMENT
from orchestration.configuration.context import PROJECT_ROOT, Paths
from orchestration.configuration.run import Run
from orchestration.configuration.settings import Settings
from orchestration.errors import BuildError
from orchestration.quality.expectations import load_great_expectations
from orchestration.resources import WAREHOUSE_POOL, RunState
from orchestration.sources.base import raw_table
from orchestration.sources.registry import CONNECTORS
from orchestration.transformation.dbt_process import RUN_PROCESS
from orchestration.transformation.project import lay_out_project

# The step in which dbt builds everything.
BUILD = "build"


class _Lineage(DagsterDbtTranslator):
    """Models of a connector's raw tables depend on the assets of the sources that fill them."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._filled_by: dict[str, list[AssetDep]] = {}
        for name, source in settings.sources.items():
            for resource in CONNECTORS[source.connector].resources(source):
                table = raw_table(source.connector, resource)
                self._filled_by.setdefault(table, []).append(AssetDep(AssetKey([name, resource])))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        deps: dict[AssetKey, AssetDep] = {}
        for dep in spec.deps:
            for real in self._real_deps(dep):
                deps[real.asset_key] = real
        return spec.replace_attributes(deps=list(deps.values()))

    def _real_deps(self, dep: AssetDep) -> list[AssetDep]:
        schema, *_ = dep.asset_key.path
        if schema == "raw_closedloop":
            return [AssetDep(AGREEMENT)]
        if schema.startswith("raw_"):
            return self._filled_by.get(".".join(dep.asset_key.path), [AssetDep(AGREEMENT)])
        return [dep]


def dbt_model_assets(settings: Settings, paths: Paths) -> AssetsDefinition:
    """Every seed and model of the data folder's dbt project as an asset, with the tests as checks."""

    @dbt_assets(
        manifest=manifest(paths),
        name=BUILD,
        dagster_dbt_translator=_Lineage(settings),
        required_resource_keys={"state"},
        pool=WAREHOUSE_POOL,
    )
    def build(context: AssetExecutionContext) -> Iterator[Any]:
        state: RunState = context.resources.state
        with state.step("build") as run:
            # the gate's library takes seven seconds to import, for which a core is free while dbt starts
            threading.Thread(target=_import_the_gate, daemon=True).start()
            # dbt may end before it writes its own, and those of the last build would speak for this one
            (run.paths.dbt_target / "run_results.json").unlink(missing_ok=True)
            invocation = _dbt(run).cli(
                _arguments(run),
                context=context,
                target_path=run.paths.dbt_target,
                raise_on_error=False,
            )
            total = sum(node["resource_type"] != "unit_test" for node in _nodes(run.paths))
            done = 0
            for event in invocation.stream():
                if isinstance(event, Output | AssetCheckResult) or type(event).__name__ == "AssetMaterialization":
                    done += 1
                    state.progress.advance(min(done, total), total, _name(event))
                yield event
            if not invocation.is_successful():
                raise _build_error(run)

    return build


def manifest(paths: Paths) -> Path:
    """dbt's manifest of the data folder's project, made where it is missing or older than the project."""
    file = paths.dbt_target / "manifest.json"
    lay_out_project(paths)
    if not _is_whole(file) or file.stat().st_mtime < _last_change():
        from dbt.cli.main import dbtRunner

        result = dbtRunner().invoke(
            [
                "--quiet",
                "parse",
                "--project-dir",
                str(paths.dbt_project),
                "--profiles-dir",
                str(paths.dbt_project),
                "--target-path",
                str(paths.dbt_target),
                "--log-path",
                str(paths.runs / "logs"),
            ]
        )
        if not result.success:
            raise BuildError(
                f"dbt cannot read its project: {result.exception}",
                where=str(paths.dbt_project),
                fix="run `dbt parse` in the project's root to see the whole message",
            )
    return file


def _is_whole(manifest: Path) -> bool:
    """Whether it is there, and not the half that a killed dbt wrote."""
    try:
        json.loads(manifest.read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return True


def _last_change() -> float:
    """When the product's dbt project last changed; seeds count by their columns, which the next build reads anew."""
    folders = [PROJECT_ROOT / folder for folder in ("models", "macros", "tests/data", "seeds")]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in (".sql", ".yml")]
    return max(file.stat().st_mtime for file in [*files, PROJECT_ROOT / "dbt_project.yml"])


def _import_the_gate() -> None:
    with suppress(ImportError):  # the gate imports it again, and says so
        load_great_expectations()


def _dbt(run: Run) -> DbtCliResource:
    os.environ[RUN_PROCESS] = str(os.getpid())
    return DbtCliResource(
        project_dir=str(run.paths.dbt_project),
        profiles_dir=str(run.paths.dbt_project),
        target=run.target,
        dbt_executable=str(Path(sys.executable).with_name("closedloop-dbt")),
    )


def _arguments(run: Run) -> list[str]:
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    if run.full_refresh:
        arguments.append("--full-refresh")
    if run.vars:
        arguments += ["--vars", yaml.safe_dump(run.vars, default_flow_style=True)]
    return arguments


def _nodes(paths: Paths) -> list[dict[str, Any]]:
    content = json.loads((paths.dbt_target / "manifest.json").read_text())
    return list(content["nodes"].values())


def _name(event: Any) -> str:
    return str(getattr(event, "output_name", None) or getattr(event, "check_name", ""))


def _build_error(run: Run) -> BuildError:
    """The first node that failed, from dbt's own results; the others are counted."""
    results = json.loads((run.paths.dbt_target / "run_results.json").read_text())["results"]
    failed = [result for result in results if result["status"] in ("error", "fail")]
    if not failed:
        return BuildError(
            "dbt ended without saying why",
            where=str(run.paths.dbt_target),
            fix=f"read the end of {run.paths.dbt_target / 'dbt.log'}",
        )
    first = failed[0]
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    return BuildError(
        f"{first['message']}{more}",
        where=first["unique_id"],
        fix=f"what each node ran is under {run.paths.dbt_target}: the SQL in run/, the outcome in run_results.json",
    )
