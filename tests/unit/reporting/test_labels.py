"""Every word of the pages is there in both languages."""

from __future__ import annotations

import csv
import re
import string
from pathlib import Path

import yaml

from orchestration.agreement.rows import ANCHORS
from reporting.labels import LANGUAGES, all_labels, credit_rule, model_formula, model_name

ROOT = Path(__file__).resolve().parents[3]

# How a column is described that is null because no model fills it.
NOT_COMPUTED = "Not computed yet. "


def metrics() -> list[dict[str, str]]:
    with (ROOT / "seeds/reference/metrics.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def columns_of_metrics_shared() -> dict[str, str]:
    document = yaml.safe_load((ROOT / "models/marts/metrics/_metrics__models.yml").read_text(encoding="utf-8"))
    model = next(model for model in document["models"] if model["name"] == "metrics_shared")
    return {
        column["name"]: column["description"]
        for column in model["columns"]
        if column["name"] not in ("period_type", "period_start_date", "is_complete")
        and not column["name"].endswith("_without_rate")
    }


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_each_label_says_the_same_in_both_languages() -> None:
    for key, words in all_labels().items():
        assert set(words) == set(LANGUAGES), key
        assert all(words.values()), key
        assert placeholders(words["en"]) == placeholders(words["id"]), key


def test_no_label_is_left_over() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8")
        for room in ("dashboard", "reporting", "orchestration")
        for path in (ROOT / room).rglob("*")
        if path.suffix in {".py", ".html"} and path.name != "labels.yml"
    )
    families = (
        "model_",
        "formula_",
        "group_",
        "owner_",
        "language_",
        "last_run_",
        "check_",
        "step_",
        "stage_",
        "anchor_",
    )
    units = {"days", "hours", "months", "multiple", "week", "month", "quarter"}
    for key in all_labels():
        by_name = key.startswith(families) or key in units
        assert by_name or re.search(rf"""["']{key}(_do)?["']""", sources) or key.endswith("_do"), key


def test_every_shared_metric_is_named_and_explained() -> None:
    described = {row["metric"] for row in metrics() if row["unit"] != "as_entered"}
    assert described == set(columns_of_metrics_shared())


def test_a_metric_s_column_is_described_as_the_metric_is_explained() -> None:
    listed = (ROOT / "macros/metrics/metrics_not_computed.sql").read_text(encoding="utf-8")
    not_computed = set(re.findall(r"'(\w+)'", listed))
    assert not_computed <= {row["metric"] for row in metrics()}
    described = columns_of_metrics_shared()
    for row in metrics():
        if row["unit"] != "as_entered":
            prefix = NOT_COMPUTED if row["metric"] in not_computed else ""
            assert described[row["metric"]] == prefix + row["explanation_en"]


def test_the_words_of_the_metrics_are_complete() -> None:
    rows = metrics()
    for row in rows:
        assert all(row.values()), row["metric"]
        for language in LANGUAGES:
            assert row[f"explanation_{language}"].endswith("."), row["metric"]
        assert f"group_{row['metric_group']}" in all_labels()
        assert f"owner_{row['owner_team']}" in all_labels()
    for column in ("metric", "position", "label_en", "label_id"):
        assert len({row[column] for row in rows}) == len(rows), column


def test_every_shipped_model_has_its_formula_in_words() -> None:
    with (ROOT / "seeds/agreement/attribution_models.csv").open(encoding="utf-8", newline="") as file:
        models = {row["model"] for row in csv.DictReader(file)}
    assert models
    for model in models | {"markov", "shapley"}:
        for language in LANGUAGES:
            assert model_formula(model, language) != model_formula("a company's own", language), model


def test_every_step_of_a_journey_is_said_in_words() -> None:
    document = yaml.safe_load((ROOT / "models/marts/journey/_journey__models.yml").read_text(encoding="utf-8"))
    [journey] = [model for model in document["models"] if model["name"] == "fct_journey"]
    [step_type] = [column for column in journey["columns"] if column["name"] == "step_type"]
    [accepted] = step_type["data_tests"]
    steps = {f"step_{step}" for step in accepted["accepted_values"]["arguments"]["values"]}
    assert steps == {key for key in all_labels() if key.startswith("step_")}


def test_every_shipped_check_is_said_in_words() -> None:
    with (ROOT / "seeds/agreement/quality_checks.csv").open(encoding="utf-8", newline="") as file:
        checks = [row["check"] for row in csv.DictReader(file)]
    assert checks
    for check in checks:
        assert f"check_{check}" in all_labels()


def test_a_company_s_own_model_is_called_by_its_name() -> None:
    assert model_name("half_and_half", "en") == "Half and half"
    assert "attribution_models.csv" in model_formula("half_and_half", "id")


def test_every_rule_of_credit_is_said_in_words() -> None:
    for anchor in (*ANCHORS, "no touch"):
        for language in LANGUAGES:
            assert credit_rule(anchor, language) != anchor
    assert credit_rule("first_touch: first, lead_creation", "en") == (
        "as First touch: first touch, last before the lead was created"
    )
