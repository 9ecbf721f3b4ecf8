"""The gate: Great Expectations holds the candidate against the agreement's checks before anybody reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orchestration.errors import GateStoppedError, UsageError
from orchestration.publication.candidate import attached_candidate, require_candidate
from orchestration.publication.ledgers import LEDGERS, create_ledgers
from orchestration.publication.refusals import attach_last_publication, plain_errors
from orchestration.quality.checks import CHECKS, AgreedCheck, Check, Severity, checks_of
from orchestration.quality.expectations import Finding, evaluate
from orchestration.warehouse import open_warehouse
from storage.sql import connect, quoted

if TYPE_CHECKING:
    from orchestration.configuration.context import Paths
    from orchestration.configuration.run import Run

# As many failures as a reader takes in at once.
_FAILURES_TOLD = 5


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
    look_at: str


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
    def is_blocked(self) -> bool:
        """Whether readers keep the last publication."""
        return bool(self.blocking)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """The checks that failed and let the publication go on."""
        return tuple(c for c in self.checks if not c.is_passed and c not in self.blocking)

    def raise_if_blocked(self) -> None:
        """Raises GateStoppedError naming each check that blocks: its table, what it found, and where to look."""
        if not self.is_blocked:
            return
        told = self.blocking[:_FAILURES_TOLD]
        found = "; ".join(f"{c.name} on {c.table_name}: {c.observed}, expected {c.expected}" for c in told)
        more = f"; and {len(self.blocking) - len(told)} more" if len(self.blocking) > len(told) else ""
        places = " ".join(f"{name}: {place}." for name, place in {c.name: c.look_at for c in told}.items())
        raise GateStoppedError(
            f"{len(self.blocking)} of {len(self.checks)} checks stop the publication, and readers keep the last one: "
            f"{found}{more}",
            where="the gate",
            fix=f"look at candidate.duckdb in the data folder. {places} Fix the cause and run again; or let a check "
            f'pass for a time: closedloop publish --waive {told[0].name} --reason "..." --until YYYY-MM-DD',
        )


def run_gate(run: Run, *, waivers: Sequence[Waiver] = ()) -> GateResult:
    """Checks the candidate, keeps the results in `ledgers.quality_results` of the warehouse, and returns them.

    `waivers` are new ones; they are kept, and of several for one check the latest counts until its day is over. A
    check that cannot be evaluated has failed and blocks. Raises UsageError for a waiver that cannot be,
    NotBuiltError without a candidate.
    """
    for waiver in waivers:
        _check_waiver(waiver, run.today)
    require_candidate(run.paths)
    with plain_errors("the waivers could not be kept", run.paths.warehouse):
        in_force = _keep_waivers(run, waivers)
    waived = {waiver.check for waiver in in_force}
    checks = checks_of(_agreed_checks(run.paths), _published_rows(run.paths))
    results = tuple(
        _result(run.paths, check, finding, is_waived=check.name in waived)
        for check, finding in zip(checks, evaluate(run.paths.candidate_file, checks), strict=True)
    )
    with plain_errors("the results could not be kept", run.paths.warehouse):
        _keep_results(run, results)
    return GateResult(results, in_force)


def _by_currency(paths: Paths, check: Check) -> str:
    """What the amounts of the rows that break a check come to, such as "500.00 USD, 7.00 EUR"."""
    rows = (check.failing_rows or "").format(batch=f"candidate.marts.{quoted(check.table_name)}")
    with connect() as con:
        con.execute("attach ? as candidate (read_only)", [str(paths.candidate_file)])
        sums = con.execute(
            f"select sum({check.amount_column}), currency from ({rows}) group by currency order by currency"  # noqa: S608
        ).fetchall()
    return ", ".join(f"{amount:,} {currency}" for amount, currency in sums)


def _check_waiver(waiver: Waiver, today: date) -> None:
    if waiver.check not in CHECKS:
        raise UsageError(f"there is no check '{waiver.check}'", where="--waive", fix=f"allowed: {', '.join(CHECKS)}")
    if not waiver.reason.strip():
        raise UsageError("a waiver needs its reason", where="--reason", fix="say why the check may fail")
    if waiver.until < today:
        raise UsageError(
            f"{waiver.until}, the waiver's last day, is over", where="--until", fix=f"name {today} or a later day"
        )


def _result(paths: Paths, check: Check, finding: Finding, *, is_waived: bool) -> CheckResult:
    severity: Severity = check.severity
    failing_rows: int | None = None
    if finding.problem is not None:
        observed, severity = f"the check could not be evaluated ({finding.problem})", "block"
    elif check.failing_rows is None:
        observed = f"{finding.rows} rows"
    else:
        failing_rows = finding.rows
        observed = f"{finding.rows} rows that break it"
        if failing_rows and check.amount_column:
            observed += f": {_by_currency(paths, check)}"
    return CheckResult(
        name=check.name,
        table_name=check.table_name,
        severity=severity,
        is_passed=finding.is_met,
        is_waived=is_waived,
        observed=observed,
        expected=check.expected,
        failing_rows=failing_rows,
        look_at=check.look_at,
    )


def _agreed_checks(paths: Paths) -> list[AgreedCheck]:
    """What the agreement in force says of each check: the file that the run validated and laid out."""
    with connect() as con:
        rows = con.execute(
            """
            select "check", severity, cast(tolerance as decimal(18, 6))
            from read_csv(?, header = true, all_varchar = true, delim = ',')
            """,
            [str(paths.seeds / "agreement" / "quality_checks.csv")],
        ).fetchall()
    return [AgreedCheck(*row) for row in rows]


def _published_rows(paths: Paths) -> dict[str, int]:
    """Rows of each table of the last publication; ledgers only grow, and metrics follow the clock."""
    with connect() as con:
        if not attach_last_publication(con, paths):
            return {}
        tables = con.execute(
            "select view_name from duckdb_views() where database_name = 'published' and schema_name = 'marts'"
        ).fetchall()
        return {
            table: con.execute(f"select count(*) from published.marts.{quoted(table)}").fetchall()[0][0]  # noqa: S608
            for (table,) in tables
            if table not in LEDGERS and not table.startswith("metrics_")
        }


def _keep_waivers(run: Run, waivers: Sequence[Waiver]) -> tuple[Waiver, ...]:
    """Keeps the new waivers and returns all that are in force on the run's day."""
    with open_warehouse(run.paths) as con, attached_candidate(con, run.paths):
        create_ledgers(con)
        for waiver in waivers:
            con.execute(
                "insert into ledgers.waivers (run_id, check_name, reason, until) values (?, ?, ?, ?)",
                [run.run_id, waiver.check, waiver.reason.strip(), waiver.until],
            )
        rows = con.execute(
            """
            select check_name, arg_max(reason, rowid), arg_max(until, rowid)
            from ledgers.waivers
            group by check_name
            having arg_max(until, rowid) >= ?
            order by check_name
            """,
            [run.today],
        ).fetchall()
    return tuple(Waiver(*row) for row in rows)


def _keep_results(run: Run, results: Sequence[CheckResult]) -> None:
    """Appends the results to the ledger: what the gate found is kept whether or not it let the run pass."""
    rows = [
        [
            run.run_id,
            run.context.now,
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
    ]
    with open_warehouse(run.paths) as con:
        con.begin()
        con.executemany(
            """
            insert into ledgers.quality_results (
                run_id, checked_at, check_name, table_name, severity,
                is_passed, is_waived, observed, expected, failing_rows
            )
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            rows,
        )
        con.commit()
