"""Draws the picture of README: twenty seconds of Seize, as an animated WebP. Run it by `script/tour`.

Pages are visited in a real Chromium and put together by Pillow, which comes with Streamlit. Waits are cut: how long a
page or a text takes is measured in benchmarks/.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dashboard.navigation import address
from tests.dashboard.browser import chromium, server

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "images" / "tour.webp"
SIZE, SHOWN = (1400, 875), (1120, 700)  # pixels of the page, of the picture
LARGEST = 3_000_000  # bytes
PATIENCE = 300_000  # milliseconds that a page may take where others work too
BARS = 8
SEED = "J'reviens du quartier avec un stylo"
WRITE = address("write", seed=SEED, bars=str(BARS), rhyme="AABB", syllables="12", take="2")
LINES = ".st-key-card-paper .paper ol.verse > li"
STANDS = """() => document.querySelector('[data-testid=stApp][data-test-script-state=notRunning] .stMain h1')
  && !document.querySelector('.stMain [data-testid=stSkeleton]')"""


class Frame(NamedTuple):
    """A picture, and how long it is shown, in milliseconds."""

    picture: Image.Image
    lasts: int


def shot(page: Page, lasts: int) -> Frame:
    """Return what the page shows."""
    whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return Frame(whole.resize(SHOWN, Image.Resampling.LANCZOS), lasts)


def settle(page: Page) -> None:
    """Wait until a page stands: its script has run, its charts are drawn."""
    page.wait_for_function(STANDS, timeout=PATIENCE)
    page.wait_for_timeout(2500)


def look(page: Page, path: str, lasts: int, to: str = "") -> Frame:
    """Show a page, or what a selector finds on it."""
    page.goto(path)
    settle(page)
    if to:
        page.locator(to).first.evaluate("(e) => e.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(1500)
    return shot(page, lasts)


def share(page: Page) -> Frame:
    """Show the card of the song that is open."""
    button = page.locator(".st-key-share-song button").first
    button.evaluate("(e) => e.scrollIntoView({block: 'start'})")
    button.click()
    page.wait_for_selector("[data-testid=stPopoverBody] img", timeout=PATIENCE)
    settle(page)
    return shot(page, 2200)


def write(page: Page) -> Iterator[Frame]:
    """Show a text as it grows, line by line: another take, so that the page already stands."""
    page.goto(WRITE)
    settle(page)
    page.get_by_role("button", name="Another version").click()
    page.wait_for_function(f"document.querySelectorAll('{LINES}').length < {BARS}", timeout=PATIENCE)
    shown = 0
    while shown < BARS:
        page.wait_for_function(f"(n) => document.querySelectorAll('{LINES}').length > n", arg=shown, timeout=PATIENCE)
        shown = page.locator(LINES).count()
        yield shot(page, 600 if shown < BARS else 2500)


def tour(page: Page) -> Iterator[Frame]:
    """Show what Seize is for, in the order in which one meets it."""
    yield look(page, address("overview"), 3200)
    yield look(page, address("timeline", said="appli,téléphone", said_as="share"), 2000, to=".st-key-card-time")
    yield look(page, address("compare", these="Conseil de Classe", against="Zéro Virgule"), 2000)
    yield look(page, address("song", song="cendre-miel--ta-brosse-a-dents"), 1800)
    yield share(page)
    yield from write(page)
    yield look(page, address("learn_lstm"), 2200, to=".stage")


def save(frames: list[Frame]) -> None:
    """Write the frames as one picture."""
    first, *others = (frame.picture for frame in frames)
    lasts = [frame.lasts for frame in frames]
    first.save(OUT, save_all=True, append_images=others, duration=lasts, loop=0, quality=80, method=6)
    size = OUT.stat().st_size
    print(f"{OUT.relative_to(ROOT)}: {len(frames)} frames, {sum(lasts) / 1000:.0f} s, {size / 1e6:.2f} MB")
    if size > LARGEST:
        sys.exit(f"More than {LARGEST / 1e6:.0f} MB: lower the quality.")


def main() -> None:
    """Start a server, take the tour, save it."""
    with server(dict(os.environ)) as url, chromium() as browser:
        context = browser.new_context(
            viewport={"width": SIZE[0], "height": SIZE[1]}, locale="en-US", color_scheme="light", base_url=url
        )
        save(list(tour(context.new_page())))


if __name__ == "__main__":
    main()
