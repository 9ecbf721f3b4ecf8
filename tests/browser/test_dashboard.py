"""The first page in a real browser: its numbers are those that `closedloop query` gives."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import closedloop

CHROMIUM = Path("/usr/bin/chromium")
PAGE_MILLISECONDS = 60_000  # for the first look, on a busy machine


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a window."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing")
        pytest.skip(f"{CHROMIUM} is not on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `closedloop dashboard` serves the demo company."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("closedloop")), "dashboard", "--port", str(port)]
    log = tmp_path_factory.mktemp("dashboard") / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            command,
            env=os.environ | {"CLOSEDLOOP_DATA": str(demo_data)},
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
    assert "Traceback" not in log.read_text()


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once the server answers."""
    for _ in range(600):
        if server.poll() is not None:
            pytest.fail(f"closedloop dashboard ended: {log.read_text()}")
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("closedloop dashboard did not answer within a minute")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that counts as a failure whatever it asks of other machines, and every error of its scripts."""
    strayed: list[str] = []
    errors: list[str] = []
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(PAGE_MILLISECONDS)
    expect.set_options(timeout=PAGE_MILLISECONDS)
    opened.on("request", lambda request: strayed.append(request.url) if is_elsewhere(request.url) else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    opened.close()
    assert strayed == []
    assert errors == []


def is_elsewhere(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def query(data: Path, sql: str) -> list[dict[str, Any]]:
    """The rows that `closedloop query` prints as JSON."""
    answer = closedloop("query", sql, "--format", "json", CLOSEDLOOP_DATA=str(data)).stdout
    rows: list[dict[str, Any]] = json.loads(answer, parse_float=Decimal)
    return rows


def read(text: str, thousands: str, point: str) -> Decimal:
    """The number that a person reads in `text`."""
    digits = re.search(r"\d[\d.,]*", text)
    assert digits, text
    return Decimal(digits.group().replace(thousands, "").replace(point, "."))


@pytest.mark.parametrize(("language", "thousands", "point"), [("en", ",", "."), ("id", ".", ",")])
def test_revenue_of_a_channel_is_what_the_query_says(
    page: Page, address: str, demo_data: Path, language: str, thousands: str, point: str
) -> None:
    [row] = query(
        demo_data,
        """
        select
            sum(attributed_revenue) as revenue,
            sum(weight) filter (where conversion_type = 'won' and entry_type = 'booking' and is_standing) as deals
        from marts.fct_attribution
        where model = 'linear' and conversion_type in ('won', 'order') and channel = 'organic_search'
        """,
    )
    page.goto(f"{address}/?language={language}&model=linear")
    cells = page.locator("#channels[data-model=linear] tr[data-channel=organic_search]")
    revenue = cells.locator("[data-measure=revenue]")
    expect(revenue).to_have_attribute("data-value", str(Decimal(str(row["revenue"])).quantize(Decimal("0.01"))))
    page.get_by_text({"en": "Full figures", "id": "Angka lengkap"}[language]).click()
    expect(revenue).to_have_text(re.compile(rf"\d{re.escape(point)}\d\d\s*$"))
    assert read(revenue.inner_text(), thousands, point) == Decimal(str(row["revenue"]))
    deals = read(cells.locator("[data-measure=deals]").inner_text(), thousands, point)
    assert abs(deals - Decimal(str(row["deals"]))) <= Decimal("0.05")


def test_two_clicks_lead_from_a_channel_s_figure_to_the_touches_behind_it(
    page: Page, address: str, demo_data: Path
) -> None:
    deals = {}
    for model in ("w_shaped", "first_touch", "time_decay"):
        credited = query(
            demo_data,
            f"""
            select
                coalesce(deal_key, order_key) as key,
                deal_key is not null as is_deal,
                sum(attributed_revenue) as revenue
            from marts.fct_attribution
            where model = '{model}' and conversion_type in ('won', 'order') and channel = 'paid_social'
            group by all
            order by is_deal desc, revenue desc, key
            """,
        )
        deals[model] = {row["key"]: Decimal(row["revenue"]) for row in credited}
        page.goto(f"{address}/?model={model}")
        figure = page.locator(f"#channels[data-model={model}] tr[data-channel=paid_social] [data-measure=revenue]")
        expect(figure).to_have_attribute("data-value", f"{sum(deals[model].values()):.2f}")
    assert len({sum(found.values()) for found in deals.values()}) == 3

    page.locator("#channels tr[data-channel=paid_social] a").click()
    opened = page.locator("#deals[data-channel=paid_social] tbody tr")
    expect(opened).to_have_count(len(deals["time_decay"]))
    shown = {
        row.get_attribute("data-deal"): Decimal(row.locator("[data-measure=revenue]").get_attribute("data-value") or "")
        for row in opened.all()
    }
    assert shown == deals["time_decay"]
    expect(page.locator("#deals_of-heading")).to_be_in_viewport()

    deal_key = next(iter(deals["time_decay"]))
    page.locator(f"#deals tr[data-deal='{deal_key}'] a").click()
    touches = query(
        demo_data,
        f"""
        select position, attributed_revenue
        from marts.fct_attribution
        where model = 'time_decay' and conversion_type = 'won' and deal_key = '{deal_key}'
            and entry_type = 'booking' and is_standing
        order by position
        """,
    )
    rows = page.locator(f"#touches[data-deal='{deal_key}'] tr[data-position]")
    expect(rows).to_have_count(len(touches))
    assert [
        (int(row.get_attribute("data-position") or 0), row.locator("[data-measure=amount]").get_attribute("data-value"))
        for row in rows.all()
    ] == [(touch["position"], touch["attributed_revenue"]) for touch in touches]
    expect(page.locator("#deal_named-heading")).to_be_in_viewport()
    expect(page.locator("#models tbody tr")).to_have_count(12)


def test_customers_of_a_month_are_what_the_query_says(page: Page, address: str, demo_data: Path) -> None:
    [row] = query(
        demo_data,
        """
        select period_start_date, customers
        from marts.metrics_shared
        where period_type = 'month' and is_complete
        order by customers desc, period_start_date
        limit 1
        """,
    )
    month = str(row["period_start_date"])[:10]
    assert row["customers"] > 0
    page.goto(f"{address}/?period=month-{month}")
    value = page.locator(f"#scoreboard[data-period='{month}'] tr[data-metric=customers] td.value")
    expect(value).to_have_attribute("data-value", str(row["customers"]))
    expect(value).to_contain_text(f"{row['customers']:,}")


def test_the_model_is_chosen_on_the_page(page: Page, address: str, demo_data: Path) -> None:
    [row] = query(
        demo_data,
        """
        select channel, sum(attributed_revenue) as revenue
        from marts.fct_attribution
        where model = 'first_touch' and conversion_type in ('won', 'order')
        group by channel
        order by revenue desc, channel
        limit 1
        """,
    )
    page.goto(address)
    model = page.get_by_role("combobox", name=re.compile("Attribution model"))
    model.scroll_into_view_if_needed()
    # a list that opens while the page is still being drawn is closed again
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stVegaLiteChart] .marks")).to_be_visible()
    model.click()
    page.get_by_role("option", name="First touch").click()
    chosen = page.locator("#channels[data-model=first_touch]")
    cell = chosen.locator(f"tr[data-channel={row['channel']}] [data-measure=revenue]")
    expect(cell).to_have_attribute("data-value", str(Decimal(str(row["revenue"])).quantize(Decimal("0.01"))))
    expect(page.locator("#adds-up")).to_be_visible()
    assert "model=first_touch" in page.url


def test_the_pickers_follow_the_language(page: Page, address: str) -> None:
    page.goto(address)
    period = page.get_by_role("combobox", name="Period").first
    expect(period).to_have_value("October 2026")
    page.get_by_text("Bahasa Indonesia", exact=True).click()
    expect(page.get_by_role("combobox", name="Periode").first).to_have_value("Oktober 2026")


def test_the_page_fits_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{address}/?language=id&channel=paid_social")
    expect(page.locator("#comparison")).to_be_visible()
    for table in ("#scoreboard", "#channels", "#deals"):
        box = page.locator(table).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_readers_who_come_at_once_are_all_served(browser: Browser, address: str) -> None:
    pages = [browser.new_page() for _ in range(4)]
    for opened in pages:
        opened.goto(address, wait_until="commit")
    for opened in pages:
        expect(opened.locator("#adds-up")).to_be_visible(timeout=PAGE_MILLISECONDS)
        opened.close()
