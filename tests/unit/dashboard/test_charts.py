"""What the charts are made of."""

from __future__ import annotations

from decimal import Decimal

from dashboard.charts import revenue_by_channel
from dashboard.rendering import Style
from reporting.credited import Credit


def test_a_channel_s_label_is_no_formula_in_the_data_that_a_reader_downloads() -> None:
    labels = ("=cmd|' /C calc'!A0", "+1", "-1", "@sum", "Surel")
    credits = [
        Credit(f"c{number}", {"en": name, "id": name}, Decimal(1), Decimal(2)) for number, name in enumerate(labels)
    ]
    chart = revenue_by_channel(credits, Style("id", "IDR")).to_dict()
    [rows] = chart["datasets"].values() if "datasets" in chart else [chart["layer"][0]["data"]["values"]]
    assert [row["channel"] for row in rows] == [*(f"'{name}" for name in labels[:-1]), "Surel"]
