"""The pages' words in English and Indonesian; all of them are in `labels.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Language = Literal["en", "id"]
LANGUAGES: tuple[Language, ...] = ("en", "id")


@cache
def all_labels() -> dict[str, dict[Language, str]]:
    """Every label by its key, then by language."""
    labels: dict[str, dict[Language, str]] = yaml.safe_load(
        Path(__file__).with_name("labels.yml").read_text(encoding="utf-8")
    )
    return labels


def label(key: str, language: Language, **values: str) -> str:
    """The words of `key`, with `values` filled in; an unknown key is a KeyError."""
    return all_labels()[key][language].format(**values)


def model_name(model: str, language: Language) -> str:
    """What an attribution model is called; a company's own one is called by the name it gave."""
    words = all_labels().get(f"model_{model}")
    return words[language] if words else model.replace("_", " ").capitalize()


def stage_name(stage: str, language: Language) -> str:
    """What a stage of the lifecycle is called; one that nobody agreed on is called as the CRM calls it."""
    words = all_labels().get(f"stage_{stage}")
    return words[language] if words else stage


def check_name(check: str, language: Language) -> str:
    """What a check of the gate looks for."""
    words = all_labels().get(f"check_{check}")
    return words[language] if words else check.replace("_", " ")


def credit_rule(rule: str, language: Language) -> str:
    """`fct_attribution.credit_rule` in words: which anchors gave a touch its credit, and of which fallback."""
    fallback, _, anchors = rule.rpartition(": ")
    words = ", ".join(_anchor_name(anchor, language) for anchor in anchors.split(", "))
    return label("rule_of_fallback", language, model=model_name(fallback, language), rule=words) if fallback else words


def _anchor_name(anchor: str, language: Language) -> str:
    words = all_labels().get(f"anchor_{anchor.replace(' ', '_')}")
    return words[language] if words else anchor


def model_formula(model: str, language: Language) -> str:
    """How an attribution model shares credit, in a sentence."""
    words = all_labels().get(f"formula_{model}") or all_labels()["formula_other"]
    return words[language]
