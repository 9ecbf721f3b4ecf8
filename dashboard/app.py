"""The first page: the scoreboard of the shared metrics, and what each channel brought under each model.

Streamlit runs this file anew at every click; it reads the published file and `status.json` only.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from pathlib import Path
from types import FunctionType
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

import duckdb
import streamlit as st

from dashboard import credit, rendering
from dashboard.charts import revenue_by_channel
from dashboard.rendering import Style
from reporting import credited, explained, published
from reporting.credited import AS_AGREED, DIMENSIONS, Credit, Selection
from reporting.explained import Deal
from reporting.formats import period_name
from reporting.labels import LANGUAGES, Language, label, model_name
from reporting.published import PERIOD_TYPES, Metric, PeriodType, Stamp
from reporting.status import Status, read_status

_log = logging.getLogger(__name__)

_ALL_TIME = "all"
# as many rows as a page shows well; all of them are a query away
_MOST_DEALS = 100
_MOST_COMPARED = 50
_BOOKING_PERIODS: tuple[PeriodType, ...] = ("quarter", "month")

Choice = TypeVar("Choice", bound=str)
Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")


class SwappedError(Exception):
    """A new publication took the file's place while the page was being made."""


@dataclass(frozen=True)
class Publication:
    """The file that this look at the page reads, and only while it is the same one."""

    file: Path
    stamp: Stamp

    def ask(
        self,
        question: Callable[Concatenate[duckdb.DuckDBPyConnection, Asked], Answer],
        *args: Asked.args,
        **kwargs: Asked.kwargs,
    ) -> Answer:
        """The answer of one of `published`'s questions; the second time from memory."""
        return _answer(self.file, self.stamp, question, *args, **kwargs)


# a question is known by its name
@st.cache_data(max_entries=500, show_spinner=False, hash_funcs={FunctionType: attrgetter("__qualname__")})
def _answer(file: Path, stamp: Stamp, question: Callable[..., Answer], *args: object, **kwargs: object) -> Answer:
    with published.open_publication(file) as connection:
        if published.stamp(file) != stamp:
            raise SwappedError
        return question(connection, *args, **kwargs)


def main() -> None:
    """The page."""
    published_file, status_file = map(Path, sys.argv[1:])  # as `serve` names them
    st.set_page_config(page_title="closedloop", layout="wide")
    st.html(rendering.style_sheet())
    status = read_status(status_file)
    above, corner = st.columns([3, 1])
    with corner:
        language = choose(
            "language",
            LANGUAGES,
            status.reporting.language if status.reporting else "en",
            "Language / Bahasa",
            lambda key: label(f"language_{key}", "en"),
            side_by_side=True,
        )
    with above:
        st.html(rendering.header(status, language))
    stamp = published.stamp(published_file)
    if stamp is None:
        st.html(rendering.nothing(published_file, status, language, is_damaged=False))
    else:
        try:
            show(Publication(published_file, stamp), status, language)
        except SwappedError:
            st.rerun()
        except duckdb.Error:
            _log.exception("the published file cannot be read")
            st.html(rendering.nothing(published_file, status, language, is_damaged=True))
    follow(published_file, stamp)


@st.fragment(run_every="60s")
def follow(file: Path, stamp: Stamp | None) -> None:
    """Shows a new publication within a minute, also to who does not click."""
    if published.stamp(file) != stamp:
        st.rerun()


def show(publication: Publication, status: Status, language: Language) -> None:
    """Everything there is to see of a publication."""
    st.html(rendering.notices(status, publication.ask(published.read_cautions), language))
    metrics = publication.ask(published.read_metrics)
    if not metrics:
        st.html(rendering.note("no_figures", language))
        return
    st.html(rendering.heading("scoreboard", language))
    in_full = st.toggle(label("full_figures", language), value=st.query_params.get("full") == "yes", key="in_full")
    keep("full", "yes" if in_full else None)
    currency = status.reporting.currency if status.reporting else ""
    style = Style(language, currency, in_full, rendering.time_zone(status))
    show_scoreboard(publication, metrics, style)
    show_channels(publication, style)


def show_scoreboard(publication: Publication, metrics: Sequence[Metric], style: Style) -> None:
    """The shared metrics of one period beside the one before."""
    language = style.language
    left, right = st.columns(2)
    with left:
        period_type = choose(
            "per",
            PERIOD_TYPES,
            "month",
            label("period_type", language),
            lambda key: label(key, language),
            side_by_side=True,
            widget=f"per-{language}",
        )
    periods = publication.ask(published.read_periods, period_type)
    by_key = {f"{period_type}-{period.start}": period for period in periods}

    def named(key: str) -> str:
        name = period_name(period_type, by_key[key].start, language)
        return name if by_key[key].is_complete else label("still_running", language, period=name)

    # the newest whole period in which something happened
    finished = [key for key, period in by_key.items() if period.is_complete and not period.is_quiet]
    with right:
        key = choose(
            "period",
            list(by_key),
            next(iter(finished or by_key)),
            label("period", language),
            named,
            widget=f"period-{language}",
        )
    period = by_key[key]
    earlier = [other for other in periods if other.start < period.start]
    before = earlier[0].start if earlier else None
    st.html(
        rendering.scoreboard(
            publication.ask(published.read_scoreboard, metrics, period_type, period.start, before),
            style,
            period_type=period_type,
            period=period.start.isoformat(),
            period_name=period_name(period_type, period.start, language),
            before_name=period_name(period_type, before, language) if before else None,
            is_complete=period.is_complete,
            not_computed=publication.ask(published.read_not_computed),
        )
    )


def show_channels(publication: Publication, style: Style) -> None:
    """Won deals and revenue by channel under a model, what is behind a channel, and all models side by side."""
    language = style.language
    st.html(rendering.heading("channels", language, explained="channels_intro"))
    models = publication.ask(credited.read_models)
    if not models:
        st.html(rendering.note("no_deals", language, period=label("in_all_time", language)))
        return
    agreed = [model.name for model in models if model.is_agreed]
    names = [model.name for model in models]
    agreed_model = agreed[0] if agreed else None
    if len(agreed) > 1:
        agreed_model = AS_AGREED
        names.insert(0, AS_AGREED)
    left, right = st.columns(2)
    with left:
        model = choose(
            "model",
            names,
            names[0],
            label("model", language),
            lambda name: credit.named_model(name, language, is_agreed=name in agreed),
            widget=f"model-{language}",
        )
    with right:
        period_type, start = choose_booking_period(publication, language)
    selection = Selection(model, style.time_zone, period_type, start)
    credits = publication.ask(credited.read_channels, selection)
    name = period_name(period_type, start, language) if start else label("in_all_time", language)
    opened = st.query_params.get("channel")
    table = credit.channels(
        credits,
        publication.ask(published.read_revenue, period_type, start),
        style,
        model=model,
        models=names,
        agreed_model=agreed_model,
        period=start.isoformat() if start else _ALL_TIME,
        period_name=name,
        opened=opened,
        address=lambda channel: address("deals_of", channel=channel, deal=None),
    )
    left, right = st.columns([3, 2])
    with left:
        st.html(table)
    with right:
        if credits:
            st.altair_chart(
                revenue_by_channel(credits, style),
                alt=label("chart_alt", language, model=model_name(model, language)),
                width="stretch",
            )
    if channel := next((found for found in credits if found.channel == opened), None):
        show_deals(publication, selection, channel, name, style)
    if deals := publication.ask(explained.find_deals, st.query_params.get("deal", "")):
        show_deal(publication, deals[0], model, style)
    show_side_by_side(publication, selection, agreed, name, style)
    st.html(rendering.scroll_to_place(), unsafe_allow_javascript=True)


def show_deals(publication: Publication, selection: Selection, channel: Credit, period: str, style: Style) -> None:
    """The deals behind a channel's figures."""
    st.html(rendering.heading("deals_of", style.language, level=3, channel=channel.label[style.language]))
    st.html(
        credit.deals(
            publication.ask(credited.read_sales, selection, channel.channel, _MOST_DEALS + 1),
            channel,
            style,
            model=selection.model,
            period_name=period,
            opened=st.query_params.get("deal"),
            address=lambda deal: address("deal_named", deal=deal),
            close=address("channels", channel=None, deal=None),
            most=_MOST_DEALS,
        )
    )


def show_deal(publication: Publication, deal: Deal, model: str, style: Style) -> None:
    """The way of people to one deal, and each model's credit for each touch."""
    heading = rendering.heading("deal_named", style.language, level=3, deal=deal.deal_id, source=deal.source_system)
    st.html(heading)
    st.html(
        credit.deal(
            deal,
            publication.ask(explained.read_steps, deal),
            publication.ask(explained.read_credit, deal),
            style,
            model=model,
            close=address("deals_of", deal=None),
        )
    )


def show_side_by_side(
    publication: Publication, selection: Selection, agreed: Sequence[str], period: str, style: Style
) -> None:
    """What each model gives each channel, campaign or the like, and how far they are apart."""
    language = style.language
    st.html(rendering.heading("side_by_side", language, explained="side_by_side_intro"))
    dimension = choose(
        "by",
        DIMENSIONS,
        DIMENSIONS[0],
        label("dimension", language),
        lambda key: label(key, language),
        side_by_side=True,
        widget=f"by-{language}",
    )
    found = publication.ask(
        credited.read_comparison, dimension, selection.period_type, selection.start, _MOST_COMPARED + 1
    )
    st.html(
        credit.comparison(found, style, dimension=dimension, agreed=agreed, period_name=period, most=_MOST_COMPARED)
    )


def choose_booking_period(publication: Publication, language: Language) -> tuple[PeriodType, date | None]:
    """The quarter or month in which revenue was booked; no start means all time."""
    starts = {
        f"{period_type}-{period.start}": (period_type, period.start)
        for period_type in _BOOKING_PERIODS
        for period in publication.ask(published.read_periods, period_type)
    }
    chosen = choose(
        "booked",
        [_ALL_TIME, *starts],
        _ALL_TIME,
        label("period", language),
        lambda key: period_name(*starts[key], language) if key in starts else label(_ALL_TIME, language),
        widget=f"booked-{language}",
    )
    return starts.get(chosen, ("month", None))


def choose(
    key: str,
    options: Sequence[Choice],
    default: Choice,
    words: str,
    named: Callable[[Choice], str],
    *,
    side_by_side: bool = False,
    widget: str | None = None,
) -> Choice:
    """What the reader chose of `options`; it stands in the page's address, so that a look can be shared.

    `widget` is its name to Streamlit, which shows a choice in the words it was made in for as long as the name is the
    same: so one whose words depend on the language has the language in it.
    """
    asked = st.query_params.get(key)
    first = next((option for option in options if option == asked), default)
    if side_by_side:
        chosen = st.segmented_control(
            words, options, default=first, required=True, key=widget or key, format_func=named
        )
    else:
        chosen = st.selectbox(words, options, index=options.index(first), key=widget or key, format_func=named)
    chosen = chosen or default
    keep(key, chosen if chosen != default else None)
    return chosen


def keep(key: str, value: str | None) -> None:
    """Writes a choice into the page's address; None is what the page shows anyway."""
    if value is not None:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def address(place: str, **choices: str | None) -> str:
    """This page with other choices, at the heading with that label; None is no choice."""
    kept = {key: value for key, value in {**st.query_params.to_dict(), **choices}.items() if value is not None}
    return f"?{urlencode(kept)}#{place}-heading"


if __name__ == "__main__":
    main()
