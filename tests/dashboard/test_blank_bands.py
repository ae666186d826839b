"""No page has a band without anything on it: each is scrolled to its end in Chromium, on a desk and on a phone."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page

from dashboard.components.lesson.lesson import WHOLE
from dashboard.navigation import LESSONS, PART_KEY, PLACES
from dashboard.navigation import address as address_of
from tests.dashboard.browser import chromium, idle

pytestmark = pytest.mark.browser
HIGHEST_BAND = 200  # pixels
SIZES = ((1440, 900), (390, 844))
# What is seen beside the bar, which is at the upper or, on a phone, the lower edge (left, top, width, height), and how
# high the page is
SEEN = """() => {
  const main = document.querySelector('.stMain'), box = main.getBoundingClientRect();
  const bar = document.querySelector('.stAppHeader').getBoundingClientRect(), isAbove = bar.top <= box.top;
  const above = isAbove ? Math.ceil(Math.max(0, bar.bottom - box.top)) : 0;
  const hidden = above + (isAbove ? 0 : Math.ceil(Math.max(0, box.bottom - bar.top)));
  return [box.left, box.top + above, main.clientWidth, main.clientHeight - hidden, main.scrollHeight - hidden];
}"""
SCROLL = """(to) => {
  const main = document.querySelector('.stMain');
  main.scrollTop = to;
  return main.scrollTop;
}"""
# Charts and tables have their place before they are drawn; those of a closed fold are not
DRAWN = """() => {
  const are = (places, inside) => [...document.querySelectorAll(places)]
    .every((place) => !place.checkVisibility() || place.querySelector(inside));
  return are('.stPlotlyChart', '.main-svg') && are('.stDataFrame', 'canvas');
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def inked_rows(page: Page) -> np.ndarray:
    """Return whether each row of pixels of the page, from its top to its end, holds anything: bool `(rows,)`."""
    left, top, width, height, whole = page.evaluate(SEEN)
    clip: FloatRect = {"x": left, "y": top, "width": width, "height": height}
    rows = np.zeros(whole, bool)
    for seen in range(0, whole, height):
        at = round(page.evaluate(SCROLL, seen))
        picture = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB"))
        inked = (picture != picture[:, :1]).any(axis=(1, 2))
        rows[at : at + height] |= inked[: whole - at]
    return rows


def highest_band(rows: np.ndarray) -> tuple[int, int]:
    """Return how many rows without anything follow each other at most, and the first of them."""
    ends = np.flatnonzero(np.concatenate([[True], rows, [True]]))
    at = int(np.diff(ends).argmax())
    return int(np.diff(ends)[at]) - 1, int(ends[at])


def test_the_highest_band_is_found() -> None:
    assert highest_band(np.array([0, 1, 0, 0, 0, 1, 0, 0], bool)) == (3, 2)
    assert highest_band(np.array([1, 0, 0], bool)) == (2, 1)
    assert highest_band(np.array([1, 1], bool))[0] == 0


@pytest.mark.sampled(40)
@pytest.mark.parametrize("place", ["learn_rnn", *(place for place in PLACES if place != "learn_rnn")])
def test_no_band_of_a_page_is_blank(browser: Browser, address: str, place: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    whole = {PART_KEY: WHOLE} if place in LESSONS else {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if page.url == "about:blank":
            page.goto(f"{address}/{address_of(place, **whole)}")
            page.wait_for_selector(".stMain h1", timeout=60_000)
            idle(page)
        page.wait_for_function(DRAWN, timeout=60_000)
        page.wait_for_timeout(500)  # figures follow the width
        rows = inked_rows(page)
        if len(rows) <= height:  # it ends above the edge of the window
            rows = rows[: np.flatnonzero(rows)[-1] + 1]
        band, at = highest_band(rows)
        assert band <= HIGHEST_BAND, f"{band} empty pixels at {at} of {len(rows)}, {width} wide"
    page.close()
