"""Building the models: one `dbt build` as a child of the run, its progress while it goes on, its results at the end."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestration.configuration.context import PROJECT_ROOT, Paths
from orchestration.configuration.run import Run
from orchestration.errors import BuildError
from orchestration.transformation.dbt_process import DbtProcess
from orchestration.transformation.failures import failure
from orchestration.transformation.node_results import NodeResult, read_results
from orchestration.transformation.project import lay_out_project

_USUAL_TARGET = "duckdb"

# As much of it as a message takes when it ended early.
_LINES_TOLD = 3

# What the tests of seeds ask was asked of the company's files (orchestration/agreement), and what those of a wide mart
# ask, of the narrow tables that it is made of (docs/decisions.md).
_ASKED_BEFORE = ("--exclude", "tag:asked_before")

# `12:00:01  5 of 93 OK created sql table model marts.fct_deals .... [OK in 0.1s]`
_NODE_ENDED = re.compile(r"(\d+) of (\d+) (?!START)[A-Z ]+ .*?(\w+) \.*")


def build_models(run: Run, dbt: DbtProcess, advance: Callable[[int, int, str], None]) -> list[NodeResult]:
    """Builds and tests every seed and model, and returns what became of each (`raise_if_failed` asks).

    `advance` is told how many of how many nodes are through and which was the last. What dbt says goes to a file of the
    run. Raises BuildError where dbt ends without results.
    """
    results_file = run.paths.dbt_target / "run_results.json"
    # dbt may end before it writes its own, and those of the last build would speak for this one
    results_file.unlink(missing_ok=True)
    said: list[str] = []
    log = _new_log(run)
    with log.open("w", encoding="utf-8") as out:
        for line in dbt.say(_arguments(run)):
            out.write(line)
            said.append(line)
            if ended := _NODE_ENDED.search(line):
                advance(int(ended[1]), int(ended[2]), ended[3])
    exit_code = dbt.end()
    results = read_results(results_file) if results_file.exists() else []
    if exit_code and not any(result.is_failed for result in results):
        raise BuildError(
            f"dbt ended early: {''.join(said[-_LINES_TOLD:]).strip() or 'it said nothing'}",
            where=str(run.paths.dbt_project),
            fix=f"all that it said is in {log}",
        )
    return results


def raise_if_failed(run: Run, results: list[NodeResult], known: Mapping[str, Any]) -> None:
    """Raises BuildError for the first node that failed, in words; the others are counted. `known` is the manifest."""
    if failed := [result for result in results if result.is_failed]:
        raise failure(run, failed, known)


def manifest(paths: Paths, vars_: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """dbt's manifest of the data folder's project, made where it is missing or older than the project.

    `vars_` are those of the build that follows, which then does not have to read the project again.
    """
    file = paths.dbt_target / "manifest.json"
    lay_out_project(paths)
    if file.exists() and file.stat().st_mtime >= _last_change():
        try:
            found: dict[str, Any] = json.loads(file.read_bytes())
            return found
        except ValueError:  # the half that a killed dbt wrote
            pass
    _parse(paths, vars_ or {})
    made: dict[str, Any] = json.loads(file.read_bytes())
    return made


def _parse(paths: Paths, vars_: Mapping[str, Any]) -> None:
    from dbt.cli.main import dbtRunner

    folders = ["--target-path", str(paths.dbt_target), "--log-path", str(paths.logs)]
    result = dbtRunner().invoke(["--quiet", "parse", *_project(paths), *_choices(_USUAL_TARGET, vars_), *folders])
    if not result.success:
        raise BuildError(
            f"dbt cannot read its project: {result.exception}",
            where=str(paths.dbt_project),
            fix="run `dbt parse` in the project's root to see the whole message",
        )


def _last_change() -> float:
    """When the product's dbt project last changed; seeds count by their columns, which the next build reads anew."""
    folders = [PROJECT_ROOT / folder for folder in ("models", "macros", "tests/data", "seeds")]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in (".sql", ".yml", ".md")]
    return max(file.stat().st_mtime for file in [*files, PROJECT_ROOT / "dbt_project.yml"])


def _project(paths: Paths) -> list[str]:
    return ["--project-dir", str(paths.dbt_project), "--profiles-dir", str(paths.dbt_project)]


def _arguments(run: Run) -> list[str]:
    # whatever a model asks of the warehouse it asks by itself: looking everything up first costs a third of a second
    arguments = ["--no-use-colors", "--log-level-file", "none", "--no-populate-cache"]
    arguments += ["build", "--exclude-resource-type", "unit_test", *_ASKED_BEFORE]
    arguments += [*_project(run.paths), *_choices(run.target, run.vars), "--target-path", str(run.paths.dbt_target)]
    if run.full_refresh:
        arguments.append("--full-refresh")
    return arguments


def _choices(target: str, vars_: Mapping[str, Any]) -> list[str]:
    """Where these are others than the last time, dbt reads the whole project anew."""
    chosen = ["--target", target]
    if vars_:
        chosen += ["--vars", yaml.safe_dump(dict(vars_), default_flow_style=True)]
    return chosen


def _new_log(run: Run) -> Path:
    folder = run.paths.logs
    folder.mkdir(parents=True, exist_ok=True)
    oldest = time.time() - run.settings.keep_runs_days * 86400
    for log in folder.glob("*.log"):
        if log.stat().st_mtime < oldest:
            log.unlink()
    return folder / f"{run.run_id}.dbt.log"
