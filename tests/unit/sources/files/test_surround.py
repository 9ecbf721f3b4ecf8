"""Which row names the columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources.files.surround import header_row

CELLS = st.text("abc1", min_size=1, max_size=3)


@given(
    title=st.lists(st.lists(CELLS, min_size=1, max_size=2), max_size=6),
    width=st.integers(min_value=5, max_value=12),
    rows=st.integers(min_value=3, max_value=20),
)
def test_the_header_is_the_first_row_as_wide_as_those_below(title: list[list[str]], width: int, rows: int) -> None:
    table = [[f"column {number}" for number in range(width)], *[["1"] * width for _ in range(rows)]]
    assert header_row([*title, *table]) == len(title)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=20), st.integers(min_value=1, max_value=8))
def test_a_first_row_that_is_more_than_half_as_wide_is_the_header(rows: list[list[str]], width: int) -> None:
    below = [row[: 2 * width - 1] for row in rows]
    assert header_row([["a"] * width, *below]) == 0


def test_there_may_be_one_column_or_nothing() -> None:
    assert header_row([]) == 0
    assert header_row([["id"], ["1"], ["2"]]) == 0
    assert header_row([["id", "at"], *[["1", "2024"]] * 9, ["1", "2024", "too", "many"]]) == 0
    assert header_row([["id", "at", "name", "note"], ["1", "2024", None, ""], ["2", "2024", "", None]]) == 0
