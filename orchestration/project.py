"""The dbt project of a data folder: the product's models over the company's seeds."""

from __future__ import annotations

import secrets
import shutil
from typing import TYPE_CHECKING

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from orchestration.settings import Paths

# Everything of the product's dbt project but the seeds, which a run lays out for its company.
_SHIPPED = ("dbt_project.yml", "profiles.yml", "models", "macros", "tests")


def lay_out_project(paths: Paths) -> None:
    """Links the product's dbt project into `data/project`, beside the effective seeds.

    Of the seeds it lays out the shipped properties, and the shipped files that are not there yet, so that the project
    can be read before its first run and after an upgrade.
    Seeds have to lie inside a dbt project: dbt writes the SQL that loads a seed to its target folder joined with the
    seed's path, and with a path outside the project that is the seed file itself, which it so overwrites.
    """
    paths.dbt_project.mkdir(parents=True, exist_ok=True)
    for name in _SHIPPED:
        link = paths.dbt_project / name
        if link.is_symlink() and link.readlink() == PROJECT_ROOT / name:
            continue
        fresh = link.with_name(f"{name}.{secrets.token_hex(4)}")
        fresh.symlink_to(PROJECT_ROOT / name)
        fresh.replace(link)
    shipped = PROJECT_ROOT / "seeds"
    for file in [*shipped.rglob("*.yml"), *shipped.rglob("*.csv")]:
        laid_out = paths.seeds / file.relative_to(shipped)
        if not laid_out.exists() or (file.suffix == ".yml" and laid_out.read_bytes() != file.read_bytes()):
            laid_out.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, laid_out)
