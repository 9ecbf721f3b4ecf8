"""The end of a run on the terminal: the shared metrics, the channels, and what asks for attention.

Words, figures and queries are those of the first page (`reporting/`), so that both say the same.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reporting.credited import Selection, read_channels, read_models
from reporting.formats import NO_VALUE, figure, money, number, period_name
from reporting.labels import Language, label, model_name
from reporting.published import (
    Metric,
    Period,
    PeriodType,
    Reading,
    open_publication,
    read_metrics,
    read_periods,
    read_scoreboard,
)

if TYPE_CHECKING:
    import duckdb

    from orchestration.configuration.run import Run
    from orchestration.resources import RunState

_SHOWN: dict[PeriodType, int] = {"month": 3, "quarter": 1}

# Behind a figure that lacks amounts.
_LACKING = "\u2020"

# Finer views of a metric, which the pages have room for.
_FINER_VIEWS = ("_30d", "_90d", "_median", "_p90")


def scoreboard(run: Run) -> RenderableType:
    """The published metrics of the last months in which anything happened and of their quarter, and the channels."""
    language = run.settings.reporting.language
    with open_publication(run.paths.published_file) as con:
        return Group(_metrics_table(con, run, language), "", _channels_table(con, run, language))


def scoreboard_figures(run: Run) -> list[dict[str, Any]]:
    """The same periods as plain values, for `--json`."""
    with open_publication(run.paths.published_file) as con:
        metrics = read_metrics(con)
        return [
            {"period_type": period_type, "period_start_date": period.start.isoformat()}
            | {"is_complete": period.is_complete}
            | {name: None if it.value is None else str(it.value) for name, it in readings.items()}
            | {"amounts_without_rate": {name: it.lacking for name, it in readings.items() if it.lacking}}
            for period_type, period in _periods(con)
            for readings in [_readings(con, metrics, period_type, period)]
        ]


def _periods(con: duckdb.DuckDBPyConnection) -> list[tuple[PeriodType, Period]]:
    """The last three months in which anything happened, the oldest first, and the last of such quarters.

    Complete ones, unless there is none.
    """
    periods: list[tuple[PeriodType, Period]] = []
    for period_type, shown in _SHOWN.items():
        busy = [period for period in read_periods(con, period_type) if not period.is_quiet]
        chosen = [period for period in busy if period.is_complete] or busy
        periods += [(period_type, period) for period in chosen[:shown][::-1]]
    return periods


def _readings(
    con: duckdb.DuckDBPyConnection, metrics: list[Metric], period_type: PeriodType, period: Period
) -> dict[str, Reading]:
    return {reading.metric.name: reading for reading in read_scoreboard(con, metrics, period_type, period.start, None)}


def _metrics_table(con: duckdb.DuckDBPyConnection, run: Run, language: Language) -> Table:
    metrics = [metric for metric in read_metrics(con) if not metric.name.endswith(_FINER_VIEWS)]
    periods = _periods(con)
    columns = [_readings(con, metrics, *period) for period in periods]
    table = Table(title=label("scoreboard", language), title_justify="left")
    table.add_column("")
    for period_type, period in periods:
        name = period_name(period_type, period.start, language)
        table.add_column(name if period.is_complete else f"{name} *", justify="right")
    for metric in metrics:
        table.add_row(
            metric.label[language],
            *(_cell(readings[metric.name], run.reporting_currency, language) for readings in columns),
        )
    notes = []
    if any(not period.is_complete for _, period in periods):
        notes.append(f"* {label('incomplete_note', language)}")
    if any(reading.lacking for readings in columns for reading in readings.values()):
        notes.append(f"{_LACKING} {label('lacking_note', language)}")
    if notes:
        table.caption = "\n".join(notes)
        table.caption_justify = "left"
    return table


def _cell(reading: Reading, currency: str, language: Language) -> str:
    if reading.value is None:
        return NO_VALUE
    shown = figure(reading.value, reading.metric.unit, currency, language)
    return f"{shown} {_LACKING}" if reading.lacking else shown


def _channels_table(con: duckdb.DuckDBPyConnection, run: Run, language: Language) -> RenderableType:
    agreed = [model for model in read_models(con) if model.is_agreed]
    if not agreed:
        return ""
    credits = read_channels(con, Selection(agreed[0].name, run.settings.reporting.time_zone))
    title = label(
        "channels_caption",
        language,
        model=model_name(agreed[0].name, language),
        period=label("in_all_time", language),
    )
    table = Table(title=title, title_justify="left", show_footer=True)
    deals = sum((credit.deals for credit in credits), Decimal())
    revenue = sum((credit.revenue for credit in credits), Decimal())
    table.add_column(label("channel", language), footer=label("total", language))
    table.add_column(label("deals", language), footer=number(deals, language, digits=1), justify="right")
    table.add_column(
        label("revenue", language),
        footer=money(revenue, run.reporting_currency, language, in_full=True),
        justify="right",
    )
    for credit in credits:
        table.add_row(
            credit.label[language],
            number(credit.deals, language, digits=1),
            money(credit.revenue, run.reporting_currency, language, in_full=True),
        )
    return table


def attention(state: RunState) -> RenderableType:
    """What the run wants somebody to look at: rejected rows, sources that are missing, checks that failed."""
    lines = [*state.warnings]
    lines += [f"{load.source_system}: {warning}" for load in state.loads for warning in load.warnings]
    if any(load.rows_rejected for load in state.loads):
        lines.append(f"Rejected rows, each with its reason: raw_files._rejected in {state.run.paths.warehouse}")
    lines += [f"Without new data: {failure.source_system}. {failure.message}" for failure in state.source_failures]
    if state.gate is not None:
        lines += [
            f"{check.name} on {check.table_name}: {check.observed}, expected {check.expected}"
            + (" (waived)" if check.is_waived else "")
            for check in state.gate.warnings
        ]
    return Text("\n".join(f"! {line}" for line in lines), style="yellow")
