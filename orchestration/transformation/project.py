"""The dbt project of a data folder: the product's models over the company's seeds."""

from __future__ import annotations

import hashlib
import json

import yaml

from orchestration.configuration.context import PROJECT_ROOT, SHIPPED_SEEDS, Paths
from orchestration.configuration.run import Run
from orchestration.errors import UsageError
from storage.disk import point, write_in_one_step

# Everything of the product's dbt project but the seeds, which a run lays out for its company.
_SHIPPED = ("dbt_project.yml", "models", "macros", "tests")


def lay_out_project(paths: Paths) -> None:
    """Links the product's dbt project into `data/project`, beside the effective seeds and a profile of its own.

    Of the seeds it lays out the shipped properties, and the shipped files that are not there yet, and takes away what
    an older release had, so that the project can be read before its first run and after an upgrade.
    Seeds have to lie inside a dbt project: dbt writes the SQL that loads a seed to its target folder joined with the
    seed's path, and with a path outside the project that is the seed file itself, which it so overwrites.
    Raises UsageError for a folder whose name dbt cannot take.
    """
    if found := sorted(set("#?") & set(str(paths.data))):
        raise UsageError(
            f"the folder's name has {' and '.join(found)}, at which dbt would cut it off",
            where=str(paths.data),
            fix="name another data folder with --data, or rename this one",
        )
    paths.dbt_project.mkdir(parents=True, exist_ok=True)
    for name in _SHIPPED:
        point(paths.dbt_project / name, PROJECT_ROOT / name)
    write_in_one_step(paths.dbt_project / "profiles.yml", _profile(paths))
    shipped = [*SHIPPED_SEEDS.rglob("*.yml"), *SHIPPED_SEEDS.rglob("*.csv")]
    for file in shipped:
        laid_out = paths.seeds / file.relative_to(SHIPPED_SEEDS)
        if file.suffix == ".yml" or not laid_out.exists():
            write_in_one_step(laid_out, file.read_bytes())
    known = {paths.seeds / file.relative_to(SHIPPED_SEEDS) for file in shipped}
    for file in [*paths.seeds.rglob("*.yml"), *paths.seeds.rglob("*.csv")]:
        if file not in known:
            file.unlink(missing_ok=True)


def models_version(run: Run) -> str:
    """Changes with whatever decides a row but the data: models, macros, the laid out seeds, vars and site domains."""
    chosen = [run.vars, run.settings.site_domains]
    made_of = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode())
    folders = [PROJECT_ROOT / "models", PROJECT_ROOT / "macros", run.paths.seeds]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in (".sql", ".csv")]
    for file in [PROJECT_ROOT / "dbt_project.yml", *files]:
        made_of.update(file.read_bytes())
    return made_of.hexdigest()[:32]


def _profile(paths: Paths) -> str:
    """The product's profile with the data folder's own warehouse, so that no environment has to say where it is."""
    profile = yaml.safe_load((PROJECT_ROOT / "profiles.yml").read_text(encoding="utf-8"))
    # dbt renders what stands there, in which a folder's name may have brackets
    profile["closedloop"]["outputs"]["duckdb"]["path"] = f"{{% raw %}}{paths.warehouse}{{% endraw %}}"
    return yaml.safe_dump(profile, sort_keys=False)
