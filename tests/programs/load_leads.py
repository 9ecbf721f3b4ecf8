"""Loads all CSV files beside a closedloop.yml as leads. Argument: the closedloop.yml."""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.configuration.context import find_paths
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import Settings
from orchestration.sources.files.connector import load
from orchestration.sources.files.settings import FilesSource
from orchestration.warehouse import open_warehouse


def main() -> None:
    """Says `loading` when it begins."""
    paths = find_paths(Path(sys.argv[1]))
    source = FilesSource.model_validate({"connector": "files", "resources": {"leads": {"path": "*.csv"}}})
    with open_warehouse(paths) as con:
        sys.stdout.write("loading\n")
        sys.stdout.flush()
        list(load(con, "crm", source, new_run(Settings(), paths).context))


if __name__ == "__main__":
    main()
