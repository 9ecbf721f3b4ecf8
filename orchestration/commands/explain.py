"""`explain deal`: why a deal's credit is what it is, from the published file."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from orchestration.commands.options import Config, Data
from orchestration.commands.query import printable, published
from orchestration.configuration.context import find_paths
from orchestration.errors import UsageError

if TYPE_CHECKING:
    from reporting.explained import Deal, ModelCredit, Step
    from reporting.status import ReportingStatus

explain = typer.Typer(help="Why a figure is what it is.", no_args_is_help=True)


@explain.command(
    "deal", epilog="Example: closedloop explain deal 9001\n\nExit codes: 0 shown, 1 there is no such deal."
)
def explain_deal(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The id of the deal in its source, or its deal_key.")],
    config: Config = None,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Writes one JSON object.")] = False,
) -> None:
    """The way of people to a deal, and what each model gives each touch by which rule."""
    from reporting.explained import find_deals, read_credit, read_steps
    from reporting.status import ReportingStatus, read_status

    paths = find_paths(config, data)
    with published(paths) as con:
        deals = find_deals(con, key)
        if len(deals) != 1:
            raise _not_one(key, deals)
        deal, steps, credit = deals[0], read_steps(con, deals[0]), read_credit(con, deals[0])
    if as_json:
        typer.echo(json.dumps(_plain(deal, steps, credit), ensure_ascii=False, default=str))
        return
    reporting = read_status(paths.status_file).reporting
    by_default = ReportingStatus(currency=deal.currency, time_zone="UTC", language="en")
    Console().print(_shown(deal, steps, credit, reporting or by_default))


def _not_one(key: str, deals: list[Deal]) -> UsageError:
    if not deals:
        return UsageError(
            f"there is no deal '{key}'",
            where="closedloop explain deal",
            fix='name a deal_id or deal_key of fct_deals, e.g. from: closedloop query "select deal_id from fct_deals"',
        )
    several = ", ".join(f"{deal.deal_key} ({deal.source_system})" for deal in deals)
    return UsageError(
        f"{len(deals)} sources have a deal '{key}'",
        where="closedloop explain deal",
        fix=f"name one by its deal_key: {several}",
    )


def _plain(deal: Deal, steps: list[Step], credit: list[ModelCredit]) -> dict[str, Any]:
    """What is shown, as values for JSON; times are UTC, decimals are texts."""
    return {
        "deal": asdict(deal),
        "journey": [asdict(step) for step in steps],
        "credit": [asdict(model) for model in credit],
    }


def _shown(deal: Deal, steps: list[Step], credit: list[ModelCredit], reporting: ReportingStatus) -> RenderableType:
    from reporting.labels import label

    language = reporting.language
    return Group(
        _head(deal, reporting),
        "",
        _journey(steps, reporting),
        "",
        _credit(credit, reporting) if credit else label("explained_no_credit", language),
    )


def _head(deal: Deal, reporting: ReportingStatus) -> Text:
    from reporting.formats import moment, money
    from reporting.labels import label

    language = reporting.language
    told = [f"{label('deal', language)} {printable(deal.deal_id)} ({deal.source_system})", printable(deal.stage or "")]
    if deal.amount is not None:
        told.append(money(deal.amount, deal.currency, language, in_full=True))
    told.append(moment(deal.created_at, reporting.time_zone, language))
    if deal.closed_at:
        told[-1] += f" \N{EN DASH} {moment(deal.closed_at, reporting.time_zone, language)}"
    return Text(" \N{MIDDLE DOT} ".join(part for part in told if part), style="bold")


def _journey(steps: list[Step], reporting: ReportingStatus) -> Table:
    """The steps in order; a touch on the deal's path has its number there."""
    from reporting.formats import moment
    from reporting.labels import label

    language = reporting.language
    table = Table(title=label("explained_journey", language), title_justify="left")
    for key in ("explained_touch", "explained_time", "explained_person", "explained_step", "channel", "campaign"):
        table.add_column(label(key, language), justify="right" if key == "explained_touch" else "left")
    for step in steps:
        table.add_row(
            str(step.position or ""),
            moment(step.occurred_at, reporting.time_zone, language),
            str(step.person),
            label(f"step_{step.step_type}", language),
            step.channel[language] if step.channel else "",
            printable(step.campaign or ""),
        )
    return table


def _credit(credit: list[ModelCredit], reporting: ReportingStatus) -> Table:
    """A row a model and touch that has any of it: the share, the money, and the rule."""
    from reporting.formats import NO_VALUE, money, percent
    from reporting.labels import credit_rule, label, model_name

    language = reporting.language
    table = Table(title=label("explained_credit", language), title_justify="left")
    table.add_column(label("model", language))
    for key in ("explained_touch", "share", "amount"):
        table.add_column(label(key, language), justify="right")
    table.add_column(label("explained_rule", language))
    for model in credit:
        name = model_name(model.model, language)
        shown = label("model_agreed", language, model=name) if model.is_agreed else name
        for touch in model.touches:
            table.add_row(
                shown,
                str(touch.position or NO_VALUE),
                percent(touch.weight, language),
                NO_VALUE if touch.amount is None else money(touch.amount, reporting.currency, language, in_full=True),
                credit_rule(touch.rule, language),
            )
            shown = ""
        table.add_section()
    return table
