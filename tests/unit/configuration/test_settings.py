"""closedloop.yml: what is read from it, and how each kind of mistake is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orchestration.configuration.context import PROJECT_ROOT, Paths, find_paths
from orchestration.configuration.credentials import read_secrets
from orchestration.configuration.mistakes import nearest
from orchestration.configuration.run import new_run
from orchestration.configuration.settings import Settings, read_settings
from orchestration.errors import ConfigurationError, UsageError
from orchestration.sources.identifiers import identifier_key

GOOD = """\
reporting: {currency: IDR, time_zone: Asia/Jakarta, language: id}
site_domains: [panduanpajak.example]
agreement: agreement/
vars: {identity_max_degree: 20}
sources:
  crm:
    connector: files
    currency: IDR
    resources:
      leads:
        path: leads.csv
        columns: {lead_id: id, created_at: created}
        values: {source: {unknown: null}}
      deals:
        - path: deals_2025.csv
        - path: deals_2026.csv
"""


def settings_file(folder: Path, text: str) -> Path:
    file = folder / "closedloop.yml"
    file.write_bytes(text.encode())
    return file


def mistake_in(folder: Path, text: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        read_settings(settings_file(folder, text))
    return caught.value


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    settings = read_settings(settings_file(tmp_path, GOOD))
    assert settings.reporting.language == "id"
    assert settings.site_domains == ["panduanpajak.example"]
    assert settings.vars == {"identity_max_degree": 20}
    assert list(settings.sources["crm"].resources) == ["leads", "deals"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert read_settings(settings_file(tmp_path, "\ufeff" + GOOD)) == read_settings(settings_file(tmp_path, GOOD))


# what is replaced in GOOD, by what, the line and field of the answer, and what it says
MISTAKES = {
    "misspelt field": ("columns:", "colums:", 12, "sources.crm.resources.leads.colums", ["did you mean 'columns'?"]),
    "misspelt required field": (
        *("        path: leads.csv", "        pth: leads.csv"),
        *(11, "sources.crm.resources.leads.pth", ["unknown field 'pth', did you mean 'path'?"]),
    ),
    "unknown field at the top": (
        "site_domains",
        "sites",
        2,
        "sites",
        ["unknown field 'sites'", "allowed: reporting, "],
    ),
    "field in a list": (
        "- path: deals_2026",
        "- paht: deals_2026",
        16,
        "sources.crm.resources.deals.1.paht",
        ["'path'"],
    ),
    "missing field": ("        path: leads.csv\n", "", 10, "sources.crm.resources.leads.path", ["'path' is missing"]),
    "missing connector": ("    connector: files\n", "", 6, "sources.crm.connector", ["'connector' is missing"]),
    "unknown connector": (
        "connector: files",
        "connector: fils",
        7,
        "sources.crm.connector",
        ["found 'fils'; allowed:"],
    ),
    "unknown entity": ("      leads:", "      lead:", 10, "sources.crm.resources.lead", ["did you mean 'leads'?"]),
    "unknown canonical column": (
        *("lead_id: id", "led_id: id"),
        *(12, "sources.crm.resources.leads.columns.led_id", ["'led_id', did you mean 'lead_id'?", "merged_into"]),
    ),
    "unknown time zone": ("Asia/Jakarta", "Jakarta", 1, "reporting.time_zone", ["time zone 'Jakarta'; allowed:"]),
    "unknown currency": ("currency: IDR\n", "currency: Rp\n", 8, "sources.crm.currency", ["'Rp'", "such as IDR"]),
    "unknown language": (
        "language: id",
        "language: fr",
        1,
        "reporting.language",
        ["found 'fr'; allowed: 'en' or 'id'"],
    ),
    "a word that YAML reads as no": ("language: id", "language: no", 1, "reporting.language", ["found False"]),
    "a number for a text": (
        "path: leads.csv",
        "path: 2026",
        11,
        "sources.crm.resources.leads.path",
        ["found 2026; all"],
    ),
    "a text for a list": (
        "[panduanpajak.example]",
        "x.example",
        2,
        "site_domains",
        ["found 'x.example'; allowed: a list"],
    ),
    "an address for a domain": ("[pand", "[https://pand", 2, "site_domains", ["allowed: a domain alone"]),
    "a list for a mapping": (
        "{unknown: null}",
        "[unknown]",
        13,
        "sources.crm.resources.leads.values.source",
        ["a list"],
    ),
    "nothing for a mapping": (
        *("resources:\n      leads:", "resources:\n      leads:\n      others:"),
        *(10, "sources.crm.resources.leads", ["found nothing; allowed: fields"]),
    ),
    "unknown var": (
        "identity_max_degree",
        "identity_max_degre",
        4,
        "vars.identity_max_degre",
        ["'identity_max_degree'?"],
    ),
    "a var of another type": ("degree: 20", "degree: twenty", 4, "vars.identity_max_degree", ["found 'twenty'"]),
    "a flag for a number": (
        "degree: 20",
        "degree: true",
        4,
        "vars.identity_max_degree",
        ["found True; allowed: such as 10"],
    ),
    "a field twice": ("vars:", "agreement: x\nvars:", 4, "agreement", ["stands in line 3 already"]),
    "a nested field twice": (
        *("        path: leads.csv", "        path: a.csv\n        path: leads.csv"),
        *(12, "sources.crm.resources.leads.path", ["stands in line 11 already"]),
    ),
    "a secret": (
        "    currency",
        "    access_token: pat-7\n    currency",
        8,
        "sources.crm.access_token",
        ["is a secret"],
    ),
    "a password in an address": (
        *("leads.csv", "s3://me:pat-7@bucket/leads.csv"),
        *(11, "sources.crm.resources.leads.path", ["has a password in it"]),
    ),
    "a number for a name": ("  crm:", "  2026:", 6, "sources.2026", ["found 2026; allowed: a text"]),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_with_line_field_and_what_is_allowed(tmp_path: Path, name: str) -> None:
    old, new, line, field, sayings = MISTAKES[name]
    assert old in GOOD
    mistake = mistake_in(tmp_path, GOOD.replace(old, new, 1))
    assert mistake.where == f"{tmp_path / 'closedloop.yml'}, line {line}, field {field}"
    for saying in sayings:
        assert saying in mistake.what
    assert mistake.fix
    assert "pat-7" not in str(mistake)  # a secret is never repeated


BROKEN_FILES = {
    "empty": ("", "", "the file is empty"),
    "comments only": ("# nothing yet\n", "", "the file is empty"),
    "a tab": ("sources:\n\tcrm: 1\n", ", line 2", "a tab where YAML takes spaces only"),
    "a bracket that is left open": ("sources: {crm: [\n", ", line 2", "the YAML is broken"),
    "two documents": ("site_domains: []\n---\nsite_domains: []\n", ", line 2", "the YAML is broken"),
    "a tag that would run code": ("agreement: !!python/name:os.system x\n", ", line 1", "the YAML is broken"),
    "a day that is not in the calendar": ("agreement: 2026-02-30\n", "", "day is out of range"),
    "a list": ("- files\n", ", line 1", "found a list; allowed: fields"),
    "a field that holds itself": ("sources: &all {crm: *all}\n", ", line 1, field sources.crm.connector", "is missing"),
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_file_that_is_no_mapping_is_told_in_words(tmp_path: Path, name: str) -> None:
    text, place, saying = BROKEN_FILES[name]
    mistake = mistake_in(tmp_path, text)
    assert saying in mistake.what
    assert mistake.where == f"{tmp_path / 'closedloop.yml'}{place}"


def test_a_file_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file"):
        read_settings(tmp_path / "closedloop.yml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_settings(tmp_path)
    (tmp_path / "closedloop.yml").write_bytes("site_domains: [café.example]".encode("latin-1"))
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        read_settings(tmp_path / "closedloop.yml")


def test_the_first_mistake_is_told_and_the_others_are_counted(tmp_path: Path) -> None:
    mistake = mistake_in(tmp_path, GOOD.replace("language: id", "language: fr").replace("columns:", "colums:"))
    assert "line 1," in mistake.where
    assert mistake.what.endswith("(and 1 more)")


def test_what_follows_from_a_wrong_connector_is_not_counted(tmp_path: Path) -> None:
    mistake = mistake_in(tmp_path, GOOD.replace("connector: files", "connector: crm").replace("leads:", "contacts:"))
    assert "connector" in mistake.where
    assert "more" not in mistake.what


@given(st.sampled_from(sorted(Settings.model_fields)), st.data())
def test_a_name_with_one_letter_wrong_is_recognised(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    misspelt = name[:at] + data.draw(st.sampled_from("qxz")) + name[at + 1 :]
    assert nearest(misspelt, Settings.model_fields) == name


def test_overrides_of_the_command_line_are_held_to_the_same_vars(tmp_path: Path) -> None:
    paths = find_paths(data=tmp_path)
    settings = Settings(vars={"identity_rounds": 7, "identity_max_degree": 5})
    assert new_run(settings, paths, dbt_vars={"identity_rounds": 8}).vars == {
        "identity_rounds": 8,
        "identity_max_degree": 5,
    }
    with pytest.raises(UsageError, match="did you mean 'identity_rounds'"):
        new_run(settings, paths, dbt_vars={"identity_round": 8})


def test_every_field_is_documented() -> None:
    documentation = (PROJECT_ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    schema = Settings.model_json_schema()
    for described in [schema, *schema["$defs"].values()]:
        for field in described["properties"]:
            assert f"`{field}" in documentation, field
    for var in yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())["vars"]:
        assert f"`{var}`" in documentation, var


# Secrets ----------------------------------------------------------------------------------------------------------

KEY = "CLOSEDLOOP_IDENTIFIER_KEY"


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A company folder in which nothing is secret yet."""
    monkeypatch.delenv(KEY, raising=False)
    return Paths(config=settings_file(tmp_path, GOOD), data=tmp_path / "data")


def test_the_key_stands_in_the_environment_else_beside_the_configuration(
    company: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_secrets(company).identifier_key is None
    (tmp_path / ".env").write_text(f"{KEY}=of the file, 16 long\nOTHER_TOKEN=x\n")
    assert identifier_key(company) == (b"of the file, 16 long", False)
    monkeypatch.setenv(KEY, "of the environment")
    assert identifier_key(company) == (b"of the environment", False)
    monkeypatch.setenv(KEY, "")
    assert identifier_key(company) == (b"of the file, 16 long", False)


def test_an_empty_key_counts_as_none(company: Paths, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{KEY}=\n")
    assert read_secrets(company).identifier_key is None


def test_a_secret_shows_in_no_text(company: Paths, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{KEY}=pat-7-pat-7-pat-7\n")
    secrets = read_secrets(company)
    assert secrets.identifier_key is not None
    assert "pat-7" not in f"{secrets} {secrets!r} {secrets.model_dump_json()}"
