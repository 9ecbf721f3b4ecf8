"""`explain lead` and `explain deal`: a lead's stages and way, and why a deal's credit is what it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from orchestration.commands.options import Config, Data
from orchestration.commands.query import printable, published
from orchestration.configuration.context import Paths, find_paths
from orchestration.errors import UsageError

if TYPE_CHECKING:
    from reporting.explained import Deal, Lead, LeadStep, ModelCredit, StageEntry, Step
    from reporting.status import ReportingStatus

_Found = TypeVar("_Found", "Deal", "Lead")

explain = typer.Typer(help="Why a figure is what it is.", no_args_is_help=True)


@explain.command(
    "lead", epilog="Example: closedloop explain lead 00Q5g0A1\n\nExit codes: 0 shown, 1 there is no such lead."
)
def explain_lead(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The id of a record in its source, or a lead_key.")],
    config: Config = None,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Writes one JSON object.")] = False,
) -> None:
    """The stages of a lead, as agreed and as the CRM claims them, and every step of its way in order."""
    from reporting.explained import find_leads, read_lead_steps, read_stages

    paths = find_paths(config, data)
    with published(paths) as con:
        lead = _the_one("lead", key, find_leads(con, key))
        stages, steps = read_stages(con, lead), read_lead_steps(con, lead)
    if as_json:
        told = {
            "lead": asdict(lead),
            "stages": [asdict(stage) for stage in stages],
            "journey": [asdict(step) for step in steps],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    reporting = _reporting(paths)
    Console().print(Group(_lead_head(lead, reporting), "", _stages(stages, reporting), "", _way(steps, reporting)))


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

    paths = find_paths(config, data)
    with published(paths) as con:
        deal = _the_one("deal", key, find_deals(con, key))
        steps, credit = read_steps(con, deal), read_credit(con, deal)
    if as_json:
        typer.echo(json.dumps(_plain(deal, steps, credit), ensure_ascii=False, default=str))
        return
    Console().print(_shown(deal, steps, credit, _reporting(paths, deal.currency)))


def _reporting(paths: Paths, currency: str = "") -> ReportingStatus:
    """How the publication says money, times and words; where none says it, in this currency, UTC and English."""
    from reporting.status import ReportingStatus, read_status

    by_default = ReportingStatus(currency=currency, time_zone="UTC", language="en")
    return read_status(paths.status_file).reporting or by_default


def _the_one(kind: str, key: str, found: list[_Found]) -> _Found:
    """The one lead or deal that a key names; raises UsageError where it is nobody's or several have it."""
    where = f"closedloop explain {kind}"
    if not found:
        table = {"deal": "fct_deals", "lead": "dim_leads"}[kind]
        raise UsageError(
            f"there is no {kind} '{key}'",
            where=where,
            fix=f"name one by its key or id: `closedloop query 'from {table}'` lists them",
        )
    if len(found) > 1:
        several = ", ".join(f"{getattr(one, f'{kind}_key')} ({one.source_system})" for one in found)
        raise UsageError(
            f"{len(found)} {kind}s have the id '{key}'", where=where, fix=f"name one by its {kind}_key: {several}"
        )
    return found[0]


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


def _lead_head(lead: Lead, reporting: ReportingStatus) -> Text:
    from reporting.formats import moment
    from reporting.labels import label, stage_name

    language = reporting.language
    told = [f"{label('lead', language)} {printable(lead.lead_id)} ({lead.source_system})"]
    if lead.stage:
        told.append(stage_name(lead.stage, language))
    if lead.original_channel:
        told.append(lead.original_channel[language])
    told.append(moment(lead.created_at, reporting.time_zone, language))
    return Text(" \N{MIDDLE DOT} ".join(told), style="bold")


def _stages(stages: list[StageEntry], reporting: ReportingStatus) -> Table:
    """The entries into stages: until when each held, and who says so."""
    from reporting.formats import NO_VALUE, moment, number
    from reporting.labels import label, stage_name

    language = reporting.language
    table = Table(title=label("explained_stages", language), title_justify="left")
    for key in ("explained_cycle", "explained_stage", "explained_since", "explained_until", "explained_days"):
        table.add_column(label(key, language), justify="right" if key == "explained_days" else "left")
    table.add_column(label("explained_said_by", language))
    for entry in stages:
        said_by = [label("said_by_agreement", language)] * entry.is_agreed + [label("said_by_crm", language)] * (
            entry.is_claimed
        )
        table.add_row(
            str(entry.cycle_number),
            printable(stage_name(entry.stage, language)),
            moment(entry.entered_at, reporting.time_zone, language),
            moment(entry.left_at, reporting.time_zone, language) if entry.left_at else NO_VALUE,
            NO_VALUE if entry.days_in_stage is None else number(Decimal(entry.days_in_stage), language, digits=1),
            ", ".join(said_by),
        )
    return table


def _way(steps: list[LeadStep], reporting: ReportingStatus) -> Table:
    """The steps in order, with the hours since the one before."""
    from reporting.formats import moment, number
    from reporting.labels import label

    language = reporting.language
    table = Table(title=label("explained_way", language), title_justify="left")
    table.add_column(label("explained_number", language), justify="right")
    table.add_column(label("explained_time", language))
    table.add_column(label("explained_hours", language), justify="right")
    for key in ("explained_step", "channel", "campaign", "deal"):
        table.add_column(label(key, language), overflow="fold")
    for step in steps:
        hours = step.hours_since_previous
        table.add_row(
            str(step.step_number),
            moment(step.occurred_at, reporting.time_zone, language),
            "" if hours is None else number(Decimal(hours), language, digits=1),
            label(f"step_{step.step_type}", language),
            step.channel[language] if step.channel else "",
            printable(step.campaign or ""),
            printable(step.deal_id or ""),
        )
    return table
