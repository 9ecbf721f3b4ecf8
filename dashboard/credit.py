"""The HTML of what the models credit: the channels, the deals of one, the way to one deal, all models side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Any

from dashboard.rendering import Style, render
from reporting.credited import AS_AGREED, Compared, Credit, CreditedSale, Dimension
from reporting.explained import Deal, ModelCredit, Step, TouchCredit
from reporting.formats import NO_VALUE, day, moment, money, number, percent
from reporting.labels import Language, credit_rule, label, model_formula, model_name


def named_model(model: str, language: Language, *, is_agreed: bool) -> str:
    """A model's name in a list to choose from, the agreed one marked."""
    name = model_name(model, language)
    return label("model_agreed", language, model=name) if is_agreed and model != AS_AGREED else name


def channels(
    credits: Sequence[Credit],
    revenue: Decimal,
    style: Style,
    *,
    model: str,
    models: Sequence[str],
    agreed_model: str | None,
    period: str,
    period_name: str,
    opened: str | None,
    address: Callable[[str], str],
) -> str:
    """The table by channel with the model's formula in words and a total, which must be `revenue`, the scoreboard's.

    Each channel leads to its deals at `address`; those of `opened` are shown.
    """
    language = style.language
    name = model_name(model, language)
    if agreed_model is None:
        standing = ""
    elif model == agreed_model:
        standing = label("model_is_agreed", language)
    else:
        standing = label("model_is_not_agreed", language, model=model_name(agreed_model, language))
    total = Credit(
        channel="total",
        label={language: label("total", language)},
        deals=sum((credit.deals for credit in credits), Decimal(0)),
        revenue=sum((credit.revenue for credit in credits), Decimal(0)),
    )
    # a fraction of a deal is shown where any channel has one
    digits = 0 if all(abs(credit.deals - round(credit.deals)) < Decimal("1e-6") for credit in credits) else 1

    def row(credit: Credit) -> dict[str, Any]:
        return {
            "channel": credit.channel,
            "label": credit.label[language],
            "address": address(credit.channel),
            "is_opened": credit.channel == opened,
            "deals": number(credit.deals, language, digits=digits),
            "exact_deals": str(credit.deals),
            "revenue": style.money(credit.revenue),
            "exact_revenue": str(credit.revenue),
            "share": percent(credit.revenue / total.revenue, language) if total.revenue else NO_VALUE,
        }

    difference = money(total.revenue - revenue, style.currency, language, in_full=True)
    return render(
        "channels.html",
        language,
        rows=[row(credit) for credit in credits],
        total=row(total),
        model=model,
        model_name=name,
        formula=model_formula(model, language),
        models=[
            (named_model(it, language, is_agreed=it == agreed_model), model_formula(it, language)) for it in models
        ],
        standing=standing,
        period=period,
        period_name=period_name,
        caption=label("channels_caption", language, model=name, period=period_name),
        adds_up=label("adds_up", language, period=period_name) if total.revenue == revenue else None,
        does_not_add_up=label("does_not_add_up", language, difference=difference, period=period_name),
    )


def deals(
    found: Sequence[CreditedSale],
    channel: Credit,
    style: Style,
    *,
    model: str,
    period_name: str,
    opened: str | None,
    address: Callable[[str], str],
    close: str,
    most: int,
) -> str:
    """The first `most` deals and orders behind a channel's figures, deals with a way to their touches."""
    language = style.language
    rows = [
        {
            "key": deal.key,
            "name": deal.name,
            "source_system": deal.source_system,
            "address": None if deal.is_order else address(deal.key),
            "is_opened": deal.key == opened,
            "booked_on": day(deal.booked_on, language),
            "amount": style.money(deal.amount),
            "share": percent(deal.share, language),
            "revenue": style.money(deal.revenue),
            "exact_revenue": "" if deal.revenue is None else str(deal.revenue),
        }
        for deal in found[:most]
    ]
    return render(
        "deals.html",
        language,
        rows=rows,
        channel=channel.channel,
        close=close,
        total=style.money(channel.revenue),
        exact_total=str(channel.revenue),
        caption=label("deals_caption", language, model=model_name(model, language), period=period_name),
        cut_off=label("deals_cut_off", language, count=str(most)) if len(found) > most else None,
    )


def deal(
    found: Deal, steps: Sequence[Step], credit: Sequence[ModelCredit], style: Style, *, model: str, close: str
) -> str:
    """The way of people to a deal with what `model` gives each touch and why, and what all the others give."""
    language = style.language
    chosen = next((it for it in credit if it.model == model or (model == AS_AGREED and it.is_agreed)), None)
    by_position = {touch.position: touch for touch in chosen.touches} if chosen else {}

    def row(step: Step) -> dict[str, str]:
        touch = by_position.get(step.position) if step.position else None
        return {
            "position": str(step.position or ""),
            "occurred_at": moment(step.occurred_at, style.time_zone, language),
            "person": str(step.person),
            "step": label(f"step_{step.step_type}", language),
            "channel": step.channel[language] if step.channel else "",
            "campaign": step.campaign or "",
        } | _touch(touch, style)

    positions = sorted({step.position for step in steps if step.position})
    untouched = by_position.get(None)
    return render(
        "deal.html",
        language,
        deal_key=found.deal_key,
        close=close,
        rows=[row(step) for step in steps],
        untouched=_touch(untouched, style) if untouched else None,
        caption=label("deal_caption", language, model=model_name(chosen.model if chosen else model, language)),
        positions=positions,
        models=[
            {
                "model": it.model,
                "label": named_model(it.model, language, is_agreed=it.is_agreed),
                "credit": [_touch(touches.get(position), style) for position in positions],
            }
            for it in credit
            for touches in [{touch.position: touch for touch in it.touches}]
        ],
    )


def _touch(credit: TouchCredit | None, style: Style) -> dict[str, str]:
    """What a touch is given: nothing where a model gives it none."""
    if credit is None:
        return {"share": "", "amount": "", "exact_amount": "", "rule": ""}
    return {
        "share": percent(credit.weight, style.language),
        "amount": style.money(credit.amount),
        "exact_amount": "" if credit.amount is None else str(credit.amount),
        "rule": credit_rule(credit.rule, style.language),
    }


def comparison(
    found: Sequence[Compared],
    style: Style,
    *,
    dimension: Dimension,
    agreed: Collection[str],
    period_name: str,
    most: int,
) -> str:
    """All models side by side: a row for the first `most` channels or the like, the agreed models before the others."""
    language = style.language
    models = sorted({model for compared in found for model in compared.revenue}, key=lambda it: (it not in agreed, it))

    def row(compared: Compared) -> dict[str, Any]:
        named = compared.label[language] if compared.label else compared.value
        return {
            "value": compared.value or "",
            "label": named or label("not_told", language),
            "spread": style.money(compared.highest - compared.lowest),
            "exact_spread": str(compared.highest - compared.lowest),
            "influenced": style.money(compared.influenced),
            "exact_influenced": "" if compared.influenced is None else str(compared.influenced),
            "revenue": [
                {"model": model, "shown": style.money(amount), "exact": "" if amount is None else str(amount)}
                for model in models
                for amount in [compared.revenue.get(model)]
            ],
        }

    return render(
        "comparison.html",
        language,
        dimension=dimension,
        dimension_name=label(dimension, language),
        models=[named_model(model, language, is_agreed=model in agreed) for model in models],
        rows=[row(compared) for compared in found[:most]],
        caption=label("comparison_caption", language, period=period_name),
        cut_off=label("comparison_cut_off", language, count=str(most)) if len(found) > most else None,
        nothing=label("no_deals", language, period=period_name),
    )
