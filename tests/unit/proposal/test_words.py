"""The words of headers, stages and outcomes."""

from __future__ import annotations

import pytest

from orchestration.agreement.stages import STAGES
from orchestration.proposal.vocabulary import outcome_of, stage_of, words

# --- words


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Amount spent (IDR)", "amount spent"),
        ("dealId", "deal id"),
        ("Associated Contact IDs", "associated contact ids"),
        ("Is Deal Closed?", "is deal closed"),
        ("Data de criação", "data de criacao"),
        ("MQLDate", "mql date"),
        ("no_hp", "no hp"),
    ],
)
def test_headers_become_words(header: str, found: str) -> None:
    assert words(header) == tuple(found.split())


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("marketingqualifiedlead", "mql"),
        ("Marketing Qualified - warm", "mql"),
        ("SQL", "sql"),
        ("Closed - Not Converted", "disqualified"),
        ("Not Qualified", "disqualified"),
        ("Batal", "disqualified"),
        ("Nurturing (Q3)", "recycled"),
        ("Baru", "lead"),
        ("Partner", None),
        ("", None),
    ],
)
def test_stages_of_other_names(theirs: str, ours: str | None) -> None:
    assert stage_of(theirs) == ours


@pytest.mark.parametrize("stage", STAGES)
def test_our_own_stages_are_themselves(stage: str) -> None:
    assert stage_of(stage) == stage_of(stage.upper()) == stage


def test_outcomes() -> None:
    assert [outcome_of(text) for text in ("Closed Won", "closedlost", "Kalah", "Deal", "Deal review")] == [
        True,
        False,
        False,
        True,
        None,
    ]
