"""The SQL of the models, for all tests of attribution."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.attribution.credit import compiled


@pytest.fixture(scope="package")
def statements(demo_data: Path) -> dict[str, str]:
    """The statements that make the models of one demo's build, in their order."""
    return compiled(demo_data / "runs" / "dbt")
