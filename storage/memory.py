"""What DuckDB may hold in memory before it goes on on the disk; profiles.yml says the same to dbt."""

from __future__ import annotations

import os

VARIABLE = "CLOSEDLOOP_MEMORY_LIMIT"
DEFAULT = "1GB"


def memory_limit(default: str = DEFAULT) -> str:
    """What the environment says, else the default; as DuckDB writes it."""
    return os.environ.get(VARIABLE, default)
