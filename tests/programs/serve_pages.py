"""Serves the pages of a data folder. Arguments: the folder, the port."""

from __future__ import annotations

import sys
from pathlib import Path

from dashboard.server import serve
from orchestration.configuration.context import Paths


def main() -> None:
    """Until it is told to end."""
    paths = Paths(config=None, data=Path(sys.argv[1]))
    serve(paths.published_file, paths.status_file, int(sys.argv[2]))


if __name__ == "__main__":
    main()
