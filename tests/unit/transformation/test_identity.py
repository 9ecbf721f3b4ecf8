"""The law of identity: records that identifiers join, by whatever way, are one component, and no others."""

from __future__ import annotations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from orchestration.configuration.context import PROJECT_ROOT

MODEL = PROJECT_ROOT / "models" / "intermediate" / "identity" / "int_identity_components.sql"

records = st.integers(0, 29)
identifiers = st.integers(0, 19)


def joined(links: set[tuple[int, int]], count: int) -> dict[int, int]:
    """The least record of each record's component, by merging what shares an identifier until nothing changes."""
    label = {record: record for record in range(count)}
    while True:
        least: dict[int, int] = {}
        for record, identifier in links:
            least[identifier] = min(least.get(identifier, record), label[record])
        after = dict(label)
        for record, identifier in links:
            after[record] = min(after[record], least[identifier])
        if after == label:
            return label
        label = after


@settings(max_examples=40)
@given(st.sets(st.tuples(records, identifiers), min_size=1, max_size=60))
def test_components_are_those_of_the_graph(links: set[tuple[int, int]]) -> None:
    sql = Environment().from_string(MODEL.read_text(encoding="utf-8"))  # noqa: S701 - SQL, not HTML
    with duckdb.connect() as con:
        con.execute("create table int_identity_records as select i as record_key from range(30) as numbers(i)")
        con.execute("create table int_identity_links (record_key bigint, identifier bigint)")
        con.executemany("insert into int_identity_links values (?, ?)", sorted(links))
        found = con.execute(sql.render(ref=lambda name: name, var=lambda _: 10)).fetchall()
    assert dict(found) == joined(links, 30)
