"""Corpora of real shapes in a real Chromium: figures that are drawn, pages that fit, on a desk and on a phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboard.navigation import address as address_of
from tests.dashboard.browser import chromium, idle
from tests.dashboard.real_shapes import save_shape

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NODES = 3_500  # of a whole page: 3,000 of lyrics and the frame around them
TALLEST = 1_800


@pytest.fixture(scope="module", autouse=True)
def _shapes(places: dict[str, str]) -> Iterator[None]:
    """They leave after the module: other tests open the same folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZE_PREPARED", places["SEIZE_PREPARED"])
        for name in ("long-song", "many-artists"):
            save_shape(name)
    yield
    for name in ("long-song", "many-artists"):
        shutil.rmtree(Path(places["SEIZE_PREPARED"]) / name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    ("view", "corpus"), [("song", "long-song"), ("structure", "long-song"), ("verses", "many-artists")]
)
def test_a_page_is_drawn_within_bounds(browser: Browser, address: str, view: str, corpus: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{address}/{address_of(view, corpus=corpus)}")
    page.wait_for_selector(".js-plotly-plot .main-svg", state="attached", timeout=60_000)
    idle(page)
    assert page.evaluate("document.querySelectorAll('*').length") < NODES
    heights = page.evaluate(
        "[...document.querySelectorAll('.stPlotlyChart')].map(f => f.getBoundingClientRect().height)"
    )
    assert heights
    assert max(heights) <= TALLEST
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
