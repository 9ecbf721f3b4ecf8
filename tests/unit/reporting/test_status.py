"""status.json, as this and older releases write it."""

from __future__ import annotations

from pathlib import Path

from reporting.status import Status, read_status


def test_a_source_is_read_by_the_name_that_an_older_release_gave_its_column(tmp_path: Path) -> None:
    file = tmp_path / "status.json"
    file.write_text('{"sources": [{"source_name": "crm", "error": "no such file"}]}')
    [source] = read_status(file).sources
    assert (source.source_system, source.error) == ("crm", "no such file")
    # and it is written by its present one
    assert '"source_system":"crm"' in Status(sources=[source]).model_dump_json()
