"""What holds for the repository as a whole: layers, engines, locks, documents, and nothing of anybody's machine."""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import packages_distributions
from itertools import combinations
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODELS = sorted((ROOT / "models").rglob("*.sql"))
SINGULAR_TESTS = sorted((ROOT / "tests" / "data").glob("*.sql"))
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock", "requirements-peers.lock")
PACKAGES = ("orchestration", "dashboard", "reporting", "storage", "sandbox", "benchmarks")

# Needed without being imported by us, and why.
NOT_IMPORTED = {
    "dagster-webserver": "`closedloop dev` starts it",
    "dbt-duckdb": "dbt's adapter",
    "dbt-spark": "dbt's adapter",
    "import-linter": "make lint",
    "matplotlib": "channelattribution imports it and does not say so",
    "mypy": "make lint",
    "pandas-stubs": "types for mypy",
    "polars": "what fastexcel reads into",
    "pre-commit": "contributors",
    "pyarrow": "how polars hands rows to DuckDB",
    "pytest-xdist": "make test",
    "ruff": "make lint",
    "sqlfluff": "make lint",
    "sqlfluff-templater-dbt": "make lint",
    "types-pyyaml": "types for mypy",
}

# Known to one engine only, or another thing on the other one.
ONE_ENGINE = re.findall(
    r"\w+",
    """
    any_value arg_max arg_min date_diff date_format datediff date_sub dayofweek epoch epoch_ms epoch_us
    exclude explode first flatten from_utc_timestamp generate_series get_json_object getvariable hash
    json_extract json_extract_string len list list_aggregate list_contains list_sort list_value listagg log
    posexplode read_csv read_parquet regexp_full_match regexp_like regexp_matches regexp_replace rlike sequence sha2
    sha256 split startswith starts_with str_split strftime string_agg string_split strptime struct_pack
    timezone to_days to_json to_seconds to_timestamp to_utc_timestamp try_strptime unix_micros unix_timestamp unnest
""",
)
ONE_ENGINE_SYNTAX = {
    "engine test": r"\btarget\s*\.|\badapter\s*\.",
    "double-quoted name": r'"',
    "backslash in a text": r"\\",
    "integer division": r"//",
    "type of one engine": r"\bas\s+(varchar|text|hugeint|int64|float64|timestamptz|integer)\b",
    "distinct on": r"\bdistinct\s+on\b",
    "asof join": r"\basof\b",
    "list or lambda": r"->|\[\s*\d*\s*\]",
}


def sql_only(file: Path) -> str:
    """A model without comments, texts in Jinja and Jinja comments, in lower case."""
    text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"--.*", "", text).lower()


def without_jinja(sql: str) -> str:
    """What stands between Jinja's brackets left out."""
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " jinja ", sql, flags=re.DOTALL)


def without_texts(sql: str) -> str:
    """Quoted texts emptied, so that their words are no code."""
    return re.sub(r"'[^']*'", "''", sql)


@cache
def repository_files() -> list[Path]:
    """All files of the repository but for those that .gitignore leaves out."""
    patterns = [".git", *(ROOT / ".gitignore").read_text(encoding="utf-8").split()]

    def is_ours(folder: str, name: str) -> bool:
        anchored = [pattern.strip("/") for pattern in patterns if pattern.startswith("/") and folder == str(ROOT)]
        anywhere = [pattern.rstrip("/") for pattern in patterns if not pattern.startswith("/")]
        return not any(fnmatch(name, pattern) for pattern in anchored + anywhere)

    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if is_ours(folder, name)]
        found += [Path(folder, name) for name in names if is_ours(folder, name)]
    return sorted(found)


# --- models


@pytest.mark.parametrize("file", MODELS + SINGULAR_TESTS, ids=lambda file: file.stem)
def test_models_hold_for_both_engines_and_leave_differences_to_macros(file: Path) -> None:
    code = without_texts(without_jinja(sql_only(file)))
    called = set(re.findall(r"\b([a-z_0-9]+)\s*\(", code))
    assert not called & set(ONE_ENGINE), "engine differences go to macros/ behind adapter.dispatch"
    for what, pattern in ONE_ENGINE_SYNTAX.items():
        # an engine test would stand inside Jinja, which `code` has no more
        searched = sql_only(file) if what == "engine test" else code
        assert not re.search(pattern, searched), f"{what}: {pattern}"


def test_the_engine_test_finds_what_it_looks_for(tmp_path: Path) -> None:
    file = tmp_path / "model.sql"
    for line in (
        "select strftime(day, 'x') from a",
        "select {{ 'x' if target.type == 'spark' }}",
        "select cast(a as varchar)",
    ):
        file.write_text(line)
        with pytest.raises(AssertionError):
            test_models_hold_for_both_engines_and_leave_differences_to_macros(file)


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_everything_is_selected_from_a_step_or_imported_whole(file: Path) -> None:
    sql = sql_only(file)
    steps = set(re.findall(r"([a-z_0-9]+|\}\}[a-z_0-9]+) as \(", sql))
    ends = {step.removeprefix("}}") for step in steps}
    for relation in re.findall(
        r"select\s+(?:distinct\s+)?\*[^()]*?\bfrom\s+(\{\{.*?\}\}[a-z_0-9]*|\S+)", sql, flags=re.DOTALL
    ):
        is_import = re.fullmatch(r"\{\{\s*(ref|source)\(.*\)\s*\}\}", relation)
        is_step = any(relation.removeprefix("}}").endswith(end) for end in ends)
        assert is_import or is_step, f"select * from {relation}"
    # the last line of a model is about one of its own steps: what a model offers is written down in it
    main_query = re.split(r"\n\)\s*\n", sql)[-1]
    assert "ref(" not in main_query, "the last query reads a step, not another model"
    assert "source(" not in main_query, "the last query reads a step, not a raw table"


LAYERS = ("staging", "intermediate", "marts")


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_layers_read_from_the_left_only(file: Path) -> None:
    layer = file.relative_to(ROOT / "models").parts[0]
    sql = sql_only(file)
    prefixes = {"staging": ("stg_", "base_"), "intermediate": ("int_",), "marts": ("dim_", "fct_", "metrics_")}
    assert file.stem.startswith(prefixes[layer])
    sources = re.findall(r"source\('([a-z_]+)'", sql)
    referred = re.findall(r"ref\('([a-z_0-9]+)'", sql)
    if layer == "staging":
        connector = file.relative_to(ROOT / "models").parts[1]
        # where the volume is, what a staging model is made of is kept from run to run
        assert all(name.startswith(f"base_{connector}__") for name in referred), "staging reads raw tables alone"
        assert sources or referred
        assert set(sources) <= {f"raw_{connector}"}
    else:
        assert not sources, "raw tables are read by staging only"
    for name in referred:
        if layer == "intermediate":
            assert not name.startswith(prefixes["marts"]), f"{name} lies to the right"
        if layer != "staging":
            assert not name.startswith("base_"), f"{name} is staging's own"
        if layer == "marts":
            assert not name.startswith("stg_") or name.startswith("stg_closedloop__"), f"{name}: a layer is jumped over"


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_models_read_no_clock(file: Path) -> None:
    assert not re.search(r"\b(now|current_date|current_timestamp|today|getdate|localtimestamp)\b", sql_only(file))


@pytest.mark.parametrize("file", sorted((ROOT / "macros").rglob("*.sql")), ids=lambda file: file.stem)
def test_a_file_of_macros_holds_one_and_describes_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    names = re.findall(r"\{% (?:macro|test|materialization) (\w+)", text)
    assert {re.sub(r"^(default|duckdb|spark)__", "", name) for name in names} == {file.stem}
    assert text.startswith("{#")
    assert "Example:" in text.partition("#}")[0] or file.parent.name == "project"


# --- what is published of whom


def test_nothing_names_a_machine_or_a_place_to_download_from() -> None:
    # put together here, so that this file passes
    folders = "|".join(("work", "root", "home/[a-z]", "Users/[a-z]", "opt", "tmp/[a-z]", "mnt"))
    machine = re.compile(rf"(?<![\w.}}\])>*-])/({folders})/")
    registries = "|".join(("python" + "hosted", "py" + "pi", "npm" + "js", "hub.get" + "dbt", "repo1.mav" + "en"))
    download = re.compile(rf"//[\w.-]*({registries})\.")
    named = [
        f"{file.relative_to(ROOT)}: {found[0]}"
        for file in repository_files()
        for pattern in (machine, download)
        if (found := pattern.search(file.read_text(encoding="utf-8", errors="ignore")))
    ]
    assert not named


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|git\+| @ |^-|^#", text, flags=re.MULTILINE)
    pins = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(pins) > 100
    for pin in pins:
        assert re.match(r"[a-z0-9.-]+==\S+", pin), pin
        assert "--hash=sha256:" in pin, pin


# --- dependencies


def pins(name: str) -> dict[str, set[str]]:
    """Versions of each package in a lock; several where they depend on the version of Python."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / name).read_text(), flags=re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


def declared() -> dict[str, list[str]]:
    """Names of the packages in pyproject.toml: {"": the product's, "dev": ..., "spark": ..., "peers": ...}."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {group: [re.split(r"[^A-Za-z0-9-]", line)[0] for line in lines] for group, lines in groups.items()}


def test_locks_agree_with_one_another_and_hold_what_is_declared() -> None:
    core, dev, spark, peers = (pins(name) for name in LOCKS)
    for one, other in combinations((core, dev, spark, peers), 2):
        assert all(one[name] == other[name] for name in one.keys() & other.keys())
    assert core.keys() <= dev.keys() & spark.keys() & peers.keys()
    groups = declared()
    assert set(groups[""]) <= core.keys()
    assert set(groups["dev"]) <= dev.keys()
    assert set(groups["spark"]) <= spark.keys()
    assert set(groups["peers"]) <= peers.keys()
    assert not set(groups["dev"]) & core.keys(), "the demo installs no tool of the developers"
    assert "pyspark" not in core
    assert "pyspark" not in dev


def test_dbt_stays_below_the_version_that_downloads_its_parser() -> None:
    for name in LOCKS:
        (version,) = pins(name)["dbt-core"]
        assert version.startswith("1.11.")


@cache
def imported(*folders: str) -> set[str]:
    """Top-level modules that the Python files below the folders import."""
    found = set()
    for file in (file for folder in folders for file in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found


def packages(modules: set[str]) -> set[str]:
    """The packages that install these modules, as pyproject.toml spells them."""
    installed = packages_distributions()
    others = modules - {*PACKAGES, "tests", *sys.stdlib_module_names}
    names = {name for module in others for name in installed.get(module, [module])}
    return {re.sub(r"[_.]", "-", name).lower() for name in names}


# dbt's own modules lie in one namespace with its adapters; pydantic-core is pydantic's other half.
SHARED_NAMESPACE = {
    "dbt-adapters",
    "dbt-common",
    "dbt-semantic-interfaces",
    "dbt-extractor",
    "dbt-protos",
    "pydantic-core",
}


def test_every_package_that_is_imported_is_declared() -> None:
    groups = declared()
    known = {*groups[""], *groups["spark"], *SHARED_NAMESPACE}
    assert packages(imported(*{*PACKAGES} - {"benchmarks"})) - known == set()
    assert packages(imported("benchmarks", "tests")) - known - {*groups["dev"], *groups["peers"], "seeds"} == set()


def test_every_package_that_is_declared_is_used() -> None:
    groups = declared()
    assert set(groups[""]) - packages(imported(*PACKAGES)) - NOT_IMPORTED.keys() == set()
    everything = packages(imported(*PACKAGES, "tests"))
    assert {*groups["dev"], *groups["spark"], *groups["peers"]} - everything - NOT_IMPORTED.keys() == set()


# --- documents


def test_every_document_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert {file.name for file in (ROOT / "docs").glob("*.md")} - {"README.md"} == set(
        re.findall(r"\]\(([\w-]+\.md)\)", index)
    )


def test_links_between_documents_lead_somewhere() -> None:
    lost = [
        f"{file.relative_to(ROOT)}: {target}"
        for file in repository_files()
        if file.suffix == ".md"
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
        if not (file.parent / target).exists()
    ]
    assert not lost


def test_every_dependency_has_its_reason() -> None:
    decisions = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z0-9-]+)`", decisions))
    assert {name for names in declared().values() for name in names} <= named
