"""The pages' HTML: plain tables that a screen reader reads and a test finds its way in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reporting.formats import NO_VALUE, change, day, figure, moment, money, number
from reporting.labels import Language, check_name, label
from reporting.published import Caution, Reading
from reporting.status import SourceStatus, Status

_TEMPLATES = Path(__file__).with_name("templates")

# What a leader looks at first, as far as it has values.
_HEADLINES = ("revenue", "customers", "mqls", "conversion_velocity_days_median", "customer_acquisition_cost")


@dataclass(frozen=True)
class Style:
    """How figures are written on this page."""

    language: Language
    currency: str  # ISO 4217; empty where it is not known
    in_full: bool = False
    time_zone: str = "UTC"

    def money(self, amount: Decimal | None) -> str:
        """An amount in the reporting currency; a dash for none."""
        return NO_VALUE if amount is None else money(amount, self.currency, self.language, in_full=self.in_full)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, language: Language, **values: Any) -> str:
    """A template with its values, in the page's frame; whatever is filled in is escaped."""
    html = _environment().get_template(template).render(label=partial(_label, language), **values)
    return f'<div class="cl" lang="{language}">{html}</div>'


def style_sheet() -> str:
    """The pages' CSS, as a style element."""
    return f"<style>{(_TEMPLATES / 'style.css').read_text(encoding='utf-8')}</style>"


def heading(name: str, language: Language, *, explained: str | None = None, level: int = 2, **values: str) -> str:
    """A section's heading, the label `name` with its `values`, and a sentence below it."""
    words = label(name, language, **values)
    text = label(explained, language) if explained else None
    return render("heading.html", language, name=name, words=words, text=text, level=level)


def scroll_to_place() -> str:
    """The script that brings the reader to the heading that the address names."""
    return f"<script>{(_TEMPLATES / 'scroll_to_place.js').read_text(encoding='utf-8')}</script>"


def note(key: str, language: Language, **values: str) -> str:
    """A sentence that stands out."""
    return render("note.html", language, text=label(key, language, **values))


def nothing(file: Path, status: Status, language: Language, *, is_damaged: bool) -> str:
    """The page where there is no publication to read: what came of the last attempt, and what to do."""
    title = "unreadable" if is_damaged else "nothing_published"
    return render(
        "nothing.html",
        language,
        title=label(title, language),
        what_to_do=label(f"{title}_do", language),
        held_back=_held_back(status, language),
        has_demo=not is_damaged,
        file=str(file),
    )


def header(status: Status, language: Language) -> str:
    """The page's title, when its figures were published, and as of when."""
    zone, publication, times = time_zone(status), status.last_publication, []
    if publication:
        times = [
            label("as_of", language, time=moment(publication.as_of, zone, language)),
            label("published_at", language, time=moment(publication.published_at, zone, language)),
        ]
    return render("header.html", language, times=times)


def notices(status: Status, cautions: Sequence[Caution], language: Language) -> str:
    """What a reader should know before trusting the figures; mostly nothing."""
    zone, lines = time_zone(status), []
    if stale := [_stale(source, zone, language) for source in status.sources if source.stale_since]:
        lines.append(label("sources_missing", language, sources=", ".join(stale)))
    for waiver in status.waivers:
        check, until = check_name(waiver.check, language), day(waiver.until, language)
        lines.append(label("waived", language, check=check, until=until, reason=waiver.reason))
    worth_a_look = "; ".join(_caution(caution, language) for caution in cautions)
    return render(
        "notices.html",
        language,
        held_back=_held_back(status, language),
        notices=lines,
        cautions=label("warnings", language, checks=worth_a_look) if cautions else None,
    )


def _held_back(status: Status, language: Language) -> dict[str, Any] | None:
    """What came of the last attempt, since when and why; None where it was published."""
    attempt, publication, zone = status.last_attempt, status.last_publication, time_zone(status)
    if attempt is None or attempt.result not in ("stopped_at_gate", "failed"):
        return None
    what = [label(f"last_run_{attempt.result}", language, attempted=moment(attempt.finished_at, zone, language))]
    if publication:
        since = moment(status.stopped_since or attempt.finished_at, zone, language)
        good = moment(publication.published_at, zone, language)
        what.append(label("reading_last_good", language, published=good, since=since))
    if attempt.result == "failed":
        return {"what": what, "reasons": [attempt.message] if attempt.message else []}
    reasons = [
        label(
            "check_result",
            language,
            check=check_name(check.name, language),
            table=check.table_name,
            observed=check.observed,
            expected=check.expected,
        )
        for check in status.checks
        if check.severity == "block" and not check.is_passed and not check.is_waived
    ]
    return {"what": what, "reasons": reasons}


def time_zone(status: Status) -> str:
    """The reporting time zone; before anything was published it is UTC."""
    return status.reporting.time_zone if status.reporting else "UTC"


def _stale(source: SourceStatus, zone: str, language: Language) -> str:
    if source.last_loaded_at is None:
        return label("source_never", language, source=source.source_system)
    time = moment(source.last_loaded_at, zone, language)
    return label("source_since", language, source=source.source_system, time=time)


def _caution(caution: Caution, language: Language) -> str:
    check = check_name(caution.check, language)
    if caution.failing_rows is None:
        return check
    rows = number(Decimal(caution.failing_rows), language)
    if caution.amounts:
        amounts = ", ".join(money(amount, currency, language, in_full=True) for amount, currency in caution.amounts)
        return label("warning_amounts", language, check=check, rows=rows, amounts=amounts)
    return label("warning_rows", language, check=check, rows=rows)


def scoreboard(
    readings: Sequence[Reading],
    style: Style,
    *,
    period_type: str,
    period: str,
    period_name: str,
    before_name: str | None,
    is_complete: bool,
    not_computed: Sequence[dict[str, str]],
) -> str:
    """The headline tiles, the table of shared metrics of one period, grouped, and the names of those to come."""
    rows = [
        _reading_row(reading, style, is_judged=is_complete)
        for reading in readings
        if reading.value is not None or reading.before is not None
    ]
    headlines = {row["name"]: row for row in rows if row["value"]}
    language = style.language
    return render(
        "scoreboard.html",
        language,
        tiles=[headlines[name] for name in _HEADLINES if name in headlines],
        groups=[
            (label(f"group_{group}", language), list(members))
            for group, members in groupby(rows, lambda row: row["group"])
        ],
        period_type=period_type,
        period=period,
        before_name=before_name,
        incomplete=not is_complete,
        not_computed=[name[language] for name in not_computed],
        not_computed_summary=label("not_computed", language, count=str(len(not_computed))),
        caption=label("scoreboard_caption", language, period=period_name, before=before_name)
        if before_name
        else label("scoreboard_caption_first", language, period=period_name),
    )


def _reading_row(reading: Reading, style: Style, *, is_judged: bool) -> dict[str, Any]:
    metric, language = reading.metric, style.language

    def written(value: Decimal | None) -> str | None:
        if value is None:
            return None
        return figure(value, metric.unit, style.currency, language, in_full=style.in_full)

    moved = None
    arrow, judgement = "", "plain"
    if reading.value is not None and reading.before is not None:
        moved = change(reading.value, reading.before, metric.unit, language)
        difference = reading.value - reading.before
        if difference:
            arrow = "▲" if difference > 0 else "▼"
            if is_judged and metric.better_when != "neither":
                judgement = "good" if (difference > 0) == (metric.better_when == "higher") else "bad"
    return {
        "name": metric.name,
        "group": metric.group,
        "label": metric.label[language],
        "explanation": metric.explanation[language],
        "owner": label(f"owner_{metric.owner_team}", language),
        "value": written(reading.value),
        "lacking": label("lacking", language, count=number(Decimal(reading.lacking), language))
        if reading.lacking
        else "",
        "before": written(reading.before),
        "exact": "" if reading.value is None else str(reading.value),
        "change": moved,
        "arrow": arrow,
        "judgement": judgement,
    }


def _label(language: Language, key: str, **values: str) -> str:
    return label(key, language, **values)
