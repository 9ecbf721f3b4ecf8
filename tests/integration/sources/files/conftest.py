"""What the tests of the files connector share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.sources.files.company import Company


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)
