"""The gate: Great Expectations holds the candidate against the agreement's checks before anybody reads it."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import duckdb

from orchestration.errors import ConfigurationError, GateStoppedError
from orchestration.publication.candidate import open_candidate, quoted
from orchestration.quality.checks import CHECKS, AgreedCheck, Check, Severity, checks_of
from orchestration.warehouse import open_warehouse

if TYPE_CHECKING:
    from orchestration.settings import Paths, Run

# Tables whose number of rows says nothing about a loss: ledgers grow, metrics follow the clock.
_NOT_COUNTED = ("fct_quality_results", "fct_lead_definition_violations", "dim_dates", "dim_metrics", "dim_channels")


@dataclass(frozen=True)
class Waiver:
    """A check that somebody lets pass until a day (included, reporting time zone), and why."""

    check: str
    reason: str
    until: date


@dataclass(frozen=True)
class CheckResult:
    """What a check of one table found. `failing_rows` is None where rows are not what it counts."""

    name: str
    table_name: str
    severity: Severity
    is_passed: bool
    is_waived: bool
    observed: str
    expected: str
    failing_rows: int | None


@dataclass(frozen=True)
class GateResult:
    """All checks of a run, and the waivers in force."""

    checks: tuple[CheckResult, ...]
    waivers: tuple[Waiver, ...] = ()

    @property
    def blocking(self) -> tuple[CheckResult, ...]:
        """The checks that stop the publication."""
        return tuple(c for c in self.checks if not c.is_passed and not c.is_waived and c.severity == "block")

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """The checks that failed and let the publication go on."""
        return tuple(c for c in self.checks if not c.is_passed and c not in self.blocking)

    def raise_if_blocked(self) -> None:
        """Raises GateStoppedError naming each check that blocks, with what it found."""
        if not self.blocking:
            return
        found = "; ".join(
            f"{check.name} on {check.table_name}: {check.observed}, expected {check.expected}"
            for check in self.blocking
        )
        first = self.blocking[0]
        raise GateStoppedError(
            f"{len(self.blocking)} of {len(self.checks)} checks stop the publication: {found}",
            where="the gate",
            fix="readers keep the last publication. Mend the cause and run again; or let it pass for a time with "
            f'`closedloop publish --waive {first.name} --reason "..." --until DATE`',
        )


def run_gate(run: Run, *, waivers: Sequence[Waiver] = ()) -> GateResult:
    """Checks the candidate, keeps the results in `ledgers.quality_results` of the warehouse, and returns them.

    `waivers` are new ones; they are kept beside the earlier ones until their day is over. A check that cannot be
    evaluated has failed and blocks.
    """
    for waiver in waivers:
        if waiver.check not in CHECKS:
            raise ConfigurationError(
                f"there is no check '{waiver.check}'", where="--waive", fix=f"allowed: {', '.join(CHECKS)}"
            )
    in_force = _keep_waivers(run, waivers)
    waived = {waiver.check for waiver in in_force}
    checks = checks_of(_agreed_checks(run.paths), _published_rows(run.paths))
    with open_candidate(run.paths):
        pass  # a candidate that is missing or broken is told here, in our words
    results = tuple(
        _result(check, found, is_waived=check.name in waived)
        for check, found in zip(checks, _evaluate(run.paths, checks), strict=True)
    )
    _keep_results(run, results)
    return GateResult(results, tuple(in_force))


def _evaluate(paths: Paths, checks: Sequence[Check]) -> list[dict[str, Any]]:
    """What Great Expectations says of each check, as its own result dictionaries."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        from great_expectations import expectations as gxe
        from great_expectations.data_context.types.base import ProgressBarsConfig

        from orchestration.quality.duckdb_dialect import NAME, register

        register()
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_sql("candidate", connection_string=f"{NAME}:///{paths.candidate_file}")
        batches: dict[str, Any] = {}
        found = []
        for check in checks:
            if check.table_name not in batches:
                schema = "audit" if check.table_name.startswith("int_") else "marts"
                asset = source.add_table_asset(check.table_name, table_name=check.table_name, schema_name=schema)
                definition = asset.add_batch_definition_whole_table("whole")
                batches[check.table_name] = definition.get_batch()
            expectation: Any
            if check.failing_rows is None:
                expectation = gxe.ExpectTableRowCountToBeBetween(min_value=check.least_rows)
            else:
                expectation = gxe.UnexpectedRowsExpectation(unexpected_rows_query=check.failing_rows)
            found.append(batches[check.table_name].validate(expectation).to_json_dict())
        # the publication attaches the same file, so nothing may hold it any more
        for engine in (source.get_engine(), source.get_execution_engine().engine):
            engine.dispose()
    return found


def _result(check: Check, found: dict[str, Any], *, is_waived: bool) -> CheckResult:
    exception = found.get("exception_info") or {}
    nested = [value for value in exception.values() if isinstance(value, dict)] or [exception]
    raised = next((each.get("exception_message") for each in nested if each.get("raised_exception")), None)
    severity: Severity = check.severity
    failing_rows: int | None = None
    if raised is not None:
        observed, severity = f"the check could not be evaluated: {raised}", "block"
    elif check.failing_rows is None:
        observed = f"{found['result']['observed_value']} rows"
    else:
        failing_rows = int(found["result"]["observed_value"])
        observed = f"{failing_rows} rows that break it"
    return CheckResult(
        name=check.name,
        table_name=check.table_name,
        severity=severity,
        is_passed=raised is None and bool(found["success"]),
        is_waived=is_waived,
        observed=observed,
        expected=check.expected,
        failing_rows=failing_rows,
    )


def _agreed_checks(paths: Paths) -> list[AgreedCheck]:
    """What the agreement in force says of each check: the file that the run validated and laid out."""
    with duckdb.connect(":memory:") as con:
        rows = con.execute(
            """
            select "check", severity, cast(tolerance as decimal(18, 6))
            from read_csv(?, header = true, all_varchar = true)
            """,
            [str(paths.seeds / "agreement" / "quality_checks.csv")],
        ).fetchall()
    return [AgreedCheck(*row) for row in rows]


def _published_rows(paths: Paths) -> dict[str, int]:
    """Rows of each table of the last publication whose loss would be one; none before the first publication."""
    if not paths.published_file.exists():
        return {}
    with duckdb.connect(":memory:") as con:
        con.execute(f"attach {quoted(paths.published_file)} as published (read_only)")
        tables = con.execute(
            "select table_name from duckdb_tables() where database_name = 'published' and schema_name = 'marts'"
        ).fetchall()
        return {
            table: con.execute(f"select count(*) from published.marts.{table}").fetchall()[0][0]  # noqa: S608
            for (table,) in tables
            if table not in _NOT_COUNTED and not table.startswith("metrics_")
        }


def _keep_waivers(run: Run, waivers: Sequence[Waiver]) -> list[Waiver]:
    """Keeps the new waivers and returns all that are in force on the run's day."""
    today = run.as_of.astimezone(ZoneInfo(run.settings.reporting.time_zone)).date()
    with open_warehouse(run.paths) as con:
        con.execute("create schema if not exists ledgers")
        con.execute(
            "create table if not exists ledgers.waivers "
            "(check_name varchar, reason varchar, until date, run_id varchar)"
        )
        for waiver in waivers:
            con.execute(
                "insert into ledgers.waivers values (?, ?, ?, ?)",
                [waiver.check, waiver.reason, waiver.until, run.run_id],
            )
        rows = con.execute(
            "select check_name, reason, until from ledgers.waivers where until >= ? order by check_name, until, run_id",
            [today],
        ).fetchall()
    return [Waiver(*row) for row in rows]


def _keep_results(run: Run, results: Sequence[CheckResult]) -> None:
    """Appends the results to the ledger: what the gate found is kept whether or not it let the run pass."""
    with open_warehouse(run.paths) as con:
        con.execute(
            """
            create table if not exists ledgers.quality_results (
                run_id varchar, checked_at timestamp, check_name varchar, table_name varchar, severity varchar,
                is_passed boolean, is_waived boolean, observed varchar, expected varchar, failing_rows bigint
            )
            """
        )
        con.executemany(
            "insert into ledgers.quality_results values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    run.run_id,
                    run.as_of.replace(tzinfo=None),
                    result.name,
                    result.table_name,
                    result.severity,
                    result.is_passed,
                    result.is_waived,
                    result.observed,
                    result.expected,
                    result.failing_rows,
                ]
                for result in results
            ],
        )
