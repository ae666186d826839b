"""In a real Chromium: open, filter, click, generate; no other host, no console error, no accessibility violation."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from dashboard_browser import CHROMIUM, axe_source, chromium, idle, server
from playwright.sync_api import Browser, Page, expect

from dashboard.navigation import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
VIEWS = [file for entries in PAGES.values() for file, *_ in entries]
# Streamlit asks for these below a deep link before it asks at the root.
HARMLESS = re.compile(r"/_stcore/(health|host-config)$")


@pytest.fixture(scope="module")
def address(places: dict[str, str]) -> Iterator[str]:
    with server(places) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    yield context.new_page()
    context.close()


def test_open_filter_click_generate(page: Page, address: str) -> None:
    page.goto(address)
    idle(page)
    expect(page.locator("h1")).to_contain_text("next sixteen bars")
    page.get_by_role("link", name="Words per verse").click()
    idle(page)
    page.get_by_test_id("stSidebar").get_by_text("refrain", exact=True).click()
    idle(page)
    assert "sections=refrain" in page.url

    bars = page.locator(".st-key-click-lengths .js-plotly-plot .point path")
    expect(bars.first).to_be_attached()
    bars.nth(7).click(force=True)
    idle(page)
    expect(page.locator("h3").first).to_contain_text("lines of")
    assert "length=" in page.url

    page.get_by_role("link", name="Write", exact=True).first.click()
    idle(page)
    page.get_by_label("First words").fill("Dans la ville")
    page.get_by_role("button", name="Write", exact=True).click()
    idle(page)
    verse = page.locator(".paper .verse")
    expect(verse.first).to_contain_text("Dans la ville")
    text = page.locator(".paper").inner_text()

    page.reload()
    idle(page)
    assert page.locator(".paper").inner_text() == text, "the same URL writes the same text"
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Dans la ville")


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_asks_no_other_host_and_logs_no_error(page: Page, address: str, view: str) -> None:
    hosts: set[str | None] = set()
    wrong: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("response", lambda r: wrong.append(r.url) if r.status >= 400 and not HARMLESS.search(r.url) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}/{view}")
    idle(page)
    assert hosts <= {"localhost", None, ""}
    assert wrong == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_sticks_out_sideways(page: Page, address: str, view: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}/{view}")
    idle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


@pytest.mark.skipif(not axe_source(), reason="axe-core is not on this machine")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_violation(browser: Browser, address: str, view: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1200}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/{view}")
    idle(page)
    page.wait_for_timeout(500)
    page.evaluate(axe_source())
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]))")
    context.close()
    assert found == []
