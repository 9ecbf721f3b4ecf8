"""The checks as Great Expectations' expectations: the one place that knows this library."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.quality.checks import Check

_LOADING = threading.Lock()


@dataclass(frozen=True)
class Finding:
    """What an expectation found: rows that break the check, or the table's rows. `problem`: why it could not say."""

    is_met: bool
    rows: int | None = None
    problem: str | None = None


def load_great_expectations() -> None:
    """Imports the library, which takes seconds: when checks run, or beside something that takes as long.

    It would load Spark as well where that is installed, for more seconds and a warning that says nothing to a user; the
    checks are of DuckDB's tables, so Spark is hidden from it.
    """
    with _LOADING:
        before = sys.modules.get("pyspark")
        sys.modules["pyspark"] = None  # type: ignore[assignment]
        try:
            import great_expectations  # noqa: F401
        finally:
            del sys.modules["pyspark"]
            if before is not None:
                sys.modules["pyspark"] = before


def evaluate(candidate: Path, checks: Sequence[Check]) -> list[Finding]:
    """A finding for each check, in their order. The candidate is opened for reading and let go again."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _in_silence():
        load_great_expectations()
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        from orchestration.quality.duckdb_dialect import NAME, register

        register()
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        # the path is no part of the address, in which some of its characters would mean something else
        source = context.data_sources.add_sql(
            "candidate",
            connection_string=f"{NAME}:///",
            kwargs={"connect_args": {"database": str(candidate), "read_only": True}},
        )
        batches: dict[str, Any] = {}
        try:
            return [_finding(source, batches, check) for check in checks]
        finally:
            # the publication attaches the same file, so nothing may hold it any more
            for engine in (source.get_engine(), source.get_execution_engine().engine):
                engine.dispose()


@contextmanager
def _in_silence() -> Iterator[None]:
    """The library's loggers and warnings say nothing: a finding says what went wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def _finding(source: Any, batches: dict[str, Any], check: Check) -> Finding:
    try:
        if check.table_name not in batches:
            batches[check.table_name] = _batch(source, check.table_name)
        found = batches[check.table_name].validate(_expectation(check)).to_json_dict()
    except Exception as error:  # noqa: BLE001 - whatever it is, a check that cannot be evaluated has failed
        return Finding(is_met=False, problem=_first_line(str(error)))
    if problem := _problem(found["exception_info"]):
        return Finding(is_met=False, problem=_first_line(problem))
    return Finding(is_met=bool(found["success"]), rows=int(found["result"]["observed_value"]))


def _batch(source: Any, table_name: str) -> Any:
    schema = "audit" if table_name.startswith("int_") else "marts"
    asset = source.add_table_asset(table_name, table_name=table_name, schema_name=schema)
    return asset.add_batch_definition_whole_table("whole").get_batch()


def _expectation(check: Check) -> Any:
    from great_expectations import expectations as gxe

    if check.failing_rows is None:
        return gxe.ExpectTableRowCountToBeBetween(min_value=check.least_rows)
    return gxe.UnexpectedRowsExpectation(unexpected_rows_query=check.failing_rows)


def _problem(exception_info: dict[str, Any]) -> str | None:
    """What went wrong in an evaluation: GX says it once, or once for each of the metrics that it needed."""
    several = [info for info in exception_info.values() if isinstance(info, dict)] or [exception_info]
    return next((str(info["exception_message"]) for info in several if info.get("raised_exception")), None)


def _first_line(message: str) -> str:
    return message.strip().splitlines()[0] if message.strip() else "no message"
