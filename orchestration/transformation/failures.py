"""What a failed node of dbt means, said for people: what was to hold, the first rows that break it, where to look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from orchestration.configuration.run import Run
from orchestration.errors import BuildError
from orchestration.sources.canonical import ENTITIES, Kind
from orchestration.transformation.node_results import NodeResult
from orchestration.warehouse import open_warehouse

_ROWS_SHOWN = 3

# How the engines say that a number is longer than a column of its kind can hold.
_TOO_LONG = re.compile(r"Overflow|Out of Range|to type DECIMAL|NUMERIC_VALUE_OUT_OF_RANGE|to DECIMAL\(", re.IGNORECASE)
_COUNTED = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)


def failure(run: Run, failed: list[NodeResult], known: Mapping[str, Any]) -> BuildError:
    """The first failure in words; the others are counted. `known` is dbt's manifest."""
    first = failed[0]
    node = known["nodes"].get(first.unique_id, {})
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    target = run.paths.dbt_target
    if _TOO_LONG.search(first.message or "") and (longest := _longest_numbers(run)):
        return BuildError(
            f"numbers are too long to be reckoned with{more}; the longest of what was loaded: {longest}",
            where=first.unique_id,
            fix="see in closedloop.yml whether `columns` takes an id for an amount, and correct it or such rows",
        )
    if node.get("resource_type") != "test":
        return BuildError(
            f"{first.message}{more}",
            where=first.unique_id,
            fix=f"what each node ran is under {target}: the SQL in run/, the outcome in run_results.json",
        )
    rows = _first_rows(run, first)
    return BuildError(
        f"{meaning(node)}: {first.failures:,} times it does not{more}{rows}",
        where=f"dbt test {node['name']} ({node['original_file_path']})",
        fix="correct these rows where they come from (a source's file, a seed of the company's folder); where nothing "
        f"there is wrong, it is a fault of closedloop: the SQL is under {target / 'compiled'}",
    )


def meaning(node: Mapping[str, Any]) -> str:
    """What a dbt test holds, in a sentence."""
    metadata = node.get("test_metadata")
    if metadata is None:  # one of tests/data, which begins by saying it
        said = re.match(r"(?:--[^\n]*\n)+", node["raw_code"])
        return " ".join(said[0].replace("--", " ").split()).rstrip(".") if said else str(node["name"])
    arguments = metadata["kwargs"]
    table = (node.get("attached_node") or "").rpartition(".")[2]
    column = f"{table}.{arguments.get('column_name', '')}"
    match metadata["name"]:
        case "grain":
            filled = f", and {', '.join(arguments['never_null'])} are never null" if arguments.get("never_null") else ""
            return f"{table} has one row for each {', '.join(arguments['key'])}{filled}"
        case "never_null":
            return f"{', '.join(arguments['columns'])} of {table} are never null"
        case "unique":
            return f"no two rows have the same {column}"
        case "relationships":
            other = re.sub(r".*ref\('(\w+)'\).*", r"\1", arguments["to"])
            return f"what {column} names is a {arguments['field']} of {other}"
        case "accepted_values":
            return f"{column} is one of {', '.join(map(str, arguments['values']))}"
        case name:
            return f"{name} of {column}"


def _longest_numbers(run: Run) -> str:
    """The columns with the longest numbers that were loaded, by their digits: a number may be somebody's phone."""
    longest = " union all ".join(
        f"select '{name}.{column}' as place, source_system, trunc(max(abs({column})))::hugeint as number "  # noqa: S608 - ours
        f"from raw_files.{name} group by source_system"
        for name, entity in ENTITIES.items()
        for column, kind in entity.columns.items()
        if kind in _COUNTED
    )
    with open_warehouse(run.paths, read_only=True) as con:
        rows = con.execute(
            f"select place, source_system, length(number::varchar) from ({longest}) where number >= 1 "  # noqa: S608
            f"order by number desc, place, source_system limit {_ROWS_SHOWN}"
        ).fetchall()
    return ", ".join(f"{place} of {source} ({digits} digits)" for place, source, digits in rows)


def _first_rows(run: Run, failed: NodeResult) -> str:
    """The first rows that a test found, on DuckDB, whose tables are still there."""
    if run.target != "duckdb" or not failed.compiled_code:
        return ""
    try:
        with open_warehouse(run.paths, read_only=True) as con:
            cursor = con.execute(f"from ({failed.compiled_code}) limit {_ROWS_SHOWN}")
            names = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall()
    except duckdb.Error:
        return ""
    shown = [told for row in rows if (told := _shown(names, row))]
    return f"; first: {'; '.join(shown)}" if shown else ""


def _shown(names: Sequence[str], row: Sequence[Any]) -> str:
    """A row without what people wrote: of texts only keys of ours, and the value that a fixed set does not have."""
    values = zip(names, row, strict=True)
    shown = [
        f"{name} {value}"
        for name, value in values
        if not isinstance(value, str) or name.endswith("_key") or name == "value_field"
    ]
    return ", ".join(shown)
