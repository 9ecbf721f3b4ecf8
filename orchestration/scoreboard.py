"""The end of a run on the terminal: the shared metrics, the channels, and what asks for attention.

Words, figures and queries are those of the first page (`dashboard/`), so that both say the same.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dashboard.formats import NO_VALUE, figure, money, number, period_name
from dashboard.labels import Language, label, model_name
from dashboard.published import (
    Metric,
    Period,
    open_publication,
    read_channels,
    read_metrics,
    read_models,
    read_periods,
    read_scoreboard,
)

if TYPE_CHECKING:
    import duckdb

    from orchestration.resources import RunState
    from orchestration.settings import Run

_MONTHS_SHOWN = 3

# Finer views of a metric, which the pages have room for.
_FINER_VIEWS = ("_30d", "_90d", "_median", "_p90")


def scoreboard(run: Run) -> RenderableType:
    """The published metrics of the last three months in which anything happened, and the won deals by channel."""
    language = run.settings.reporting.language
    with open_publication(run.paths.published_file) as con:
        return Group(_metrics_table(con, run, language), "", _channels_table(con, run, language))


def scoreboard_figures(run: Run) -> list[dict[str, Any]]:
    """The same months as plain values, for `--json`."""
    with open_publication(run.paths.published_file) as con:
        metrics = read_metrics(con)
        return [
            {"month": period.start.isoformat(), "is_complete": period.is_complete}
            | {metric.name: None if value is None else str(value) for metric, value in _month(con, metrics, period)}
            for period in _months(con)
        ]


def _months(con: duckdb.DuckDBPyConnection) -> list[Period]:
    busy = [period for period in read_periods(con, "month") if not period.is_quiet]
    return busy[:_MONTHS_SHOWN][::-1]


def _month(
    con: duckdb.DuckDBPyConnection, metrics: list[Metric], period: Period
) -> list[tuple[Metric, Decimal | None]]:
    readings = read_scoreboard(con, metrics, "month", period.start, None)
    return [(reading.metric, reading.value) for reading in readings]


def _metrics_table(con: duckdb.DuckDBPyConnection, run: Run, language: Language) -> Table:
    metrics = [metric for metric in read_metrics(con) if not metric.name.endswith(_FINER_VIEWS)]
    months = _months(con)
    columns = [{metric.name: value for metric, value in _month(con, metrics, month)} for month in months]
    table = Table(title=label("scoreboard", language), title_justify="left")
    table.add_column("")
    for month in months:
        name = period_name("month", month.start, language)
        table.add_column(name if month.is_complete else f"{name} *", justify="right")
    for metric in metrics:
        values = (values[metric.name] for values in columns)
        table.add_row(
            metric.label[language],
            *(
                NO_VALUE if value is None else figure(value, metric.unit, run.reporting_currency, language)
                for value in values
            ),
        )
    if any(not month.is_complete for month in months):
        table.caption = f"* {label('incomplete_note', language)}"
        table.caption_justify = "left"
    return table


def _channels_table(con: duckdb.DuckDBPyConnection, run: Run, language: Language) -> RenderableType:
    agreed = [model for model in read_models(con) if model.is_agreed]
    if not agreed:
        return ""
    credits = read_channels(con, agreed[0].name, run.settings.reporting.time_zone, "month", None)
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
    lines: list[str] = []
    rejected = sum(load.rows_rejected for load in state.loads)
    if rejected:
        lines.append(
            f"{rejected} rows were rejected. Which and why: "
            "table raw_files._rejected of the warehouse (`closedloop sources list` counts them)"
        )
    lines += [warning for load in state.loads for warning in load.warnings]
    lines += [f"Without new data: {failure.source_name}. {failure.message}" for failure in state.source_failures]
    if state.gate is not None:
        lines += [
            f"{check.name} on {check.table_name}: {check.observed}, expected {check.expected}"
            + (" (waived)" if check.is_waived else "")
            for check in state.gate.warnings
        ]
    lines += state.notes
    return Text("\n".join(f"! {line}" for line in lines), style="yellow")
