"""What dbt says of each node at the end of a build."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class NodeResult:
    """What became of a seed, model or test."""

    unique_id: str
    status: str  # dbt's: success, pass, warn, fail, error, skipped
    message: str = ""
    failures: int = 0  # rows that a test found
    seconds: float = 0.0
    compiled_code: str = ""

    @property
    def is_built(self) -> bool:
        """Whether a seed or model is there anew."""
        return self.status == "success"

    @property
    def is_failed(self) -> bool:
        """Whether it stops the run; what follows from it is skipped."""
        return self.status in ("error", "fail")


def read_results(file: Path) -> list[NodeResult]:
    """The results in the order in which dbt ended its nodes."""
    return [
        NodeResult(
            result["unique_id"],
            result["status"],
            result["message"] or "",
            result["failures"] or 0,
            result["execution_time"],
            result.get("compiled_code") or "",
        )
        for result in json.loads(file.read_bytes())["results"]
    ]
