"""What docs/connectors.md says about files is what the code takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from orchestration.configuration.context import PROJECT_ROOT
from orchestration.configuration.settings import Settings
from orchestration.sources.files.settings import FileResource, FilesSource

_TEXT = Path(PROJECT_ROOT / "docs" / "connectors.md").read_text(encoding="utf-8")
_EXAMPLES = re.findall(r"```yaml\n(.*?)```", _TEXT, flags=re.DOTALL)


@pytest.mark.parametrize("example", _EXAMPLES)
def test_every_example_is_valid(example: str) -> None:
    assert Settings.model_validate(yaml.safe_load(example)).sources


def test_every_option_is_there() -> None:
    for option in (*FileResource.model_fields, *FilesSource.model_fields):
        assert f"`{option}" in _TEXT or f"    {option}:" in _TEXT, option
