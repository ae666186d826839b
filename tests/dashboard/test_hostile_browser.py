"""A real Chromium on every page of a hostile home: no request leaves this machine, no foreign tag stands, nothing
fails."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from dashboard.navigation import PLACES
from dashboard.navigation import address as address_of
from tests.dashboard.browser import chromium, idle, server
from tests.dashboard.hostile import ADDRESS, HOST, make_home

pytestmark = pytest.mark.browser
# A lesson shows one line of a visitor, by the same parts as the first does: the others are looked at as text
# (test_hostile_pages).
VIEWS = [view for view in PLACES if not view.startswith("learn_") or view in ("learn_story", "learn_lstm")]
# What stands on the page although it came with a text: links, pictures and styles that name the host, scripts that ran.
FOREIGN = """host => {
  const all = root => [...root.querySelectorAll('*')].flatMap(e => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  const names = ['href', 'src', 'srcset', 'style', 'xlink:href', 'action', 'data', 'poster'];
  const leads = e => names.some(name => /^(https?:|mailto:|\\/\\/)|url\\(/i.test(e.getAttribute(name) ?? '')
    && e.getAttribute(name).includes(host));
  return all(document).filter(leads).map(e => e.outerHTML.slice(0, 200));
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, places: dict[str, str]) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PREPARED", "MODELS", "JOBS"):
            patch.setenv(f"SEIZE_{name}", places[f"SEIZE_{name}"])
        with server(make_home(tmp_path_factory.mktemp("hostile"), places)) as url:
            yield url


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport={"width": 390, "height": 2400})


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_foreign_stands_or_is_fetched(page: Page, address: str, view: str) -> None:
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # below a page Streamlit's script looks for its server under that page first
    page.on("response", lambda r: wrong.append(r.url) if r.status >= 400 and "/_stcore/" not in r.url else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
    page.goto(f"{address}/{address_of(view, **ADDRESS)}")
    idle(page)
    for mark in page.locator(".js-plotly-plot .nsewdrag").all()[:3]:
        mark.hover(force=True)
    page.wait_for_timeout(300)
    own = urlsplit(address).netloc
    assert [
        url for url in asked if urlsplit(url).scheme in ("http", "https", "ws") and urlsplit(url).netloc != own
    ] == []
    assert page.evaluate(FOREIGN, HOST) == []
    assert wrong == []
