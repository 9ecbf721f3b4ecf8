"""The pages' charts."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from dashboard.rendering import Style
from reporting.credited import Credit
from reporting.formats import cell, money

_BLUE = "#1f5fa8"
_GREY = "#8a95a1"
_INK = "#1d2733"
_BAR_HEIGHT = 36  # pixels
_ROOM = 1.45  # of the longest bar: the figure stands to its right


def revenue_by_channel(credits: Sequence[Credit], style: Style) -> alt.LayerChart:
    """A bar a channel in the table's order, each with its revenue written out; unattributed in grey."""
    # a bar's length may be a double: the figure beside it is written from the exact amount
    lengths = [float(credit.revenue) for credit in credits]
    values = [
        {
            "channel": cell(credit.label[style.language]),  # the chart's data may be downloaded as CSV
            "revenue": length,
            "written": money(credit.revenue, style.currency, style.language),
            "is_attributed": credit.channel != "unattributed",
        }
        for credit, length in zip(credits, lengths, strict=True)
    ]
    smallest, largest = min(lengths, default=0.0), max(lengths, default=0.0)
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y(
            "channel:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelColor=_INK, labelLimit=150, ticks=False, domain=False),
        ),
        x=alt.X("revenue:Q", axis=None, scale=alt.Scale(domain=[min(0.0, smallest), largest * _ROOM], nice=False)),
        tooltip=[alt.Tooltip("channel:N", title=" "), alt.Tooltip("written:N", title="  ")],
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        color=alt.condition("datum.is_attributed", alt.value(_BLUE), alt.value(_GREY))
    )
    figures = base.mark_text(align="left", dx=5, color=_INK).encode(text="written:N")
    return alt.LayerChart(
        layer=[bars, figures],
        height=_BAR_HEIGHT * max(len(values), 1),
        config=alt.Config(view=alt.ViewConfig(stroke=None)),
    )
