"""A company's copy of the shipped agreement, to be read as it is or spoilt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.agreement.folder import SHIPPED_AGREEMENT
from orchestration.agreement.rows import AGREEMENT_FILES


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A company's copy of the shipped agreement, with a second version of everything."""
    folder = tmp_path / "agreement"
    folder.mkdir()
    for name, model in AGREEMENT_FILES.items():
        lines = (SHIPPED_AGREEMENT / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        if "version" in model.model_fields and name != "agreement_versions":
            lines += [re.sub("^1,", "2,", line) for line in lines[1:]]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "agreement_versions.csv").write_text(
        "version,effective_from,effective_to,marketing_signatory,sales_signatory,signed_on,content_hash,summary\n"
        "1,2025-01-01,2025-12-31,Ayu,Bima,2024-12-20,,The first\n"
        "2,2026-01-01,,Ayu,Bima,2025-12-20,,The second\n"
    )
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / f"{name}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
