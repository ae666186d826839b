"""A draft is back tomorrow: the server was killed and started again, the browser is another visit of its visitor."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.browser import chromium, idle, server, server_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def notebook(browser: Browser, address: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{address}/notebook")
    idle(page)
    return page


def test_a_draft_is_back_after_the_server_was_killed(places: dict[str, str]) -> None:
    with chromium() as browser:
        with server(places) as address:
            page = browser.new_context().new_page()
            page.goto(f"{address}/studio?model=tiny&bars=4&seed=demain%20encore")
            idle(page)
            page.get_by_role("button", name="Save to notebook").click()
            expect(page.get_by_text("Saved to the notebook.")).to_be_visible(timeout=20_000)
            server_of(address).kill()
        with server(places) as address:
            page = notebook(browser, address)
            expect(page.get_by_text("demain encore").first).to_be_visible(timeout=20_000)
            page.reload()
            idle(page)
            expect(page.get_by_text("demain encore").first).to_be_visible(timeout=20_000)
