"""A mistake in a `files` source names its line, its field, what was found and what is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.configuration.settings import read_settings
from orchestration.errors import ConfigurationError
from orchestration.sources.files.settings import FilesSource

_HEAD = "sources:\n  crm:\n    connector: files\n    resources:\n"


def mistake(tmp_path: Path, text: str) -> str:
    file = tmp_path / "closedloop.yml"
    file.write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        read_settings(file)
    return str(raised.value)


@pytest.mark.parametrize(
    ("resource", "line", "said"),
    [
        ("      leeds: {path: a.csv}\n", 5, "unknown entity 'leeds'"),
        ("      leads:\n        path: a.csv\n        colums: {}\n", 7, "unknown field 'colums'"),
        ("      leads:\n        columns: {}\n", 5, "field 'path' is missing"),
        (
            "      leads:\n        path: a.csv\n        columns:\n          leadid: id\n",
            8,
            "unknown column of leads 'leadid'",
        ),
        (
            "      leads:\n        - path: a.csv\n        - path: b.csv\n          columns: {x: y}\n",
            8,
            "unknown column of leads 'x'",
        ),
        ("      leads:\n        path: a.csv\n        formats:\n          created_at: dd-mm\n", 8, "'dd-mm'"),
        ("      leads:\n        path: a.csv\n        formats:\n          created_at: '%Q'\n", 8, "'%Q'"),
        ("      deals:\n        path: a.csv\n        formats:\n          amount: '1.234.56'\n", 8, "'1.234.56'"),
        ("      leads:\n        path: a.csv\n        formats:\n          name: '%d'\n", 8, "takes no format"),
        ("      leads:\n        path: a.csv\n        constants:\n          created_at: soon\n", 8, "no time"),
        ("      deals:\n        path: a.csv\n        constants:\n          currency: Rupiah\n", 8, "'Rupiah'"),
        (
            "      leads:\n        path: a.csv\n        columns: {stage: s}\n        constants: {stage: mql}\n",
            8,
            "both mapped and a constant",
        ),
        ("      leads:\n        path: a.csv\n        values:\n          consent: {yes: true}\n", 7, "quote it"),
        ("      leads:\n        path: a.csv\n        columns: {lead_id: No}\n", 7, "quote it"),
        ("      leads:\n        path: a.csv\n        where: id = (\n", 7, "one DuckDB expression"),
        ("      leads:\n        path: a.csv\n        where: '1 = 1); drop table x; --'\n", 7, "one DuckDB expression"),
        ("      leads:\n        path: a.csv\n        where: 'exists (delete from x)'\n", 7, "one DuckDB expression"),
        ("      leads:\n        path: a.csv\n        delimiter: '||'\n", 7, "one character"),
        ("      leads:\n        path: a.csv\n        format: xls\n", 7, "'xls'"),
    ],
)
def test_the_line_of_a_mistake(tmp_path: Path, resource: str, line: int, said: str) -> None:
    message = mistake(tmp_path, _HEAD + resource)
    assert f"closedloop.yml, line {line}," in message
    assert said in message


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("time_zone: Jakarta", "unknown time zone"),
        ("currency: rupiah", "no ISO 4217"),
        ("country: Indonesia", "country"),
    ],
)
def test_the_source_itself(tmp_path: Path, field: str, said: str) -> None:
    message = mistake(tmp_path, f"sources:\n  crm:\n    connector: files\n    {field}\n    resources: {{}}\n")
    assert "closedloop.yml, line 4," in message
    assert said in message


def test_yaml_numbers_and_dates_are_taken_as_text() -> None:
    source = FilesSource.model_validate(
        {
            "connector": "files",
            "resources": {
                "leads": [
                    {"path": "a.csv", "values": {"consent": {1: True, 0: False, "": None}}},
                    {"path": "b.csv", "columns": {"name": 2024}, "constants": {"created_at": date(2024, 1, 5)}},
                ]
            },
        }
    )
    given = source.resources["leads"]
    assert isinstance(given, list)
    assert given[0].values == {"consent": {"1": True, "0": False, "": None}}
    assert given[1].columns == {"name": "2024"}
    assert given[1].constants == {"created_at": "2024-01-05"}
