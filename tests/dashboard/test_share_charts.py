"""Every chart and card can be shared: named after what it shows, in three shapes, as PNG and SVG, by no other host."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dashboard.navigation import address as address_of
from tests.dashboard.browser import chromium, idle
from tests.dashboard.pages import html, visit

SIZES = {"square": (1080, 1080), "story": (1080, 1920), "wide": (1200, 630)}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.sampled(4)
@pytest.mark.parametrize("view", ["overview", "lexicon", "map", "learn_functions"])
def test_every_chart_has_its_button_with_its_finding(app: AppTest, view: str) -> None:
    visit(app, view)
    assert not app.exception
    assert html(app).count("data-share") == len(app.get("plotly_chart")) > 0


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR").new_page()
        page.goto(f"{address}/{address_of('verses')}")
        idle(page)
        yield page


@pytest.mark.browser
@pytest.mark.slow
def test_a_chart_becomes_a_picture_with_its_words(page: Page, tmp_path: Path) -> None:
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=60_000)
    page.locator("[class*=st-key-menu-] button").first.click()
    button = page.locator("[data-share]").first
    finding, name = str(button.get_attribute("data-title")), button.get_attribute("data-name")
    button.click()
    dialog = page.locator("dialog.share-dialog")
    expect(dialog.locator("img")).to_have_attribute("src", re.compile("^data:image/svg"), timeout=20_000)
    for shape, size in SIZES.items():
        dialog.locator(f"[data-shape={shape}]").click()
        expect(dialog.locator(f"[data-shape={shape}]")).to_have_attribute("aria-pressed", "true")
        page.wait_for_timeout(500)
        saved = {}
        for suffix in ("PNG", "SVG"):
            with page.expect_download() as download:
                dialog.get_by_role("button", name=suffix).click()
            saved[suffix] = tmp_path / download.value.suggested_filename
            download.value.save_as(saved[suffix])
        assert saved["PNG"].name == f"{name}-{shape}.png"
        assert struct.unpack(">II", saved["PNG"].read_bytes()[16:24]) == size
        root = ElementTree.fromstring(saved["SVG"].read_text("utf-8"))
        words = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
        assert root.findtext(f"{SVG}title") == finding
        assert any(word.startswith("demo · ") for word in words)
        assert not any("localhost" in word for word in words), "nobody else can open it"
        assert "data:font/woff2;base64," in str(root.findtext(f"{SVG}style"))
    dialog.get_by_role("button", name="Fermer").click()
    expect(dialog).to_have_count(0)


@pytest.mark.browser
@pytest.mark.slow
def test_a_verse_becomes_a_picture_with_its_words(page: Page, address: str) -> None:
    page.goto(address)
    idle(page)
    page.locator(".st-key-share-example button").click()
    image = page.locator("dialog.share-dialog img")
    expect(image).to_have_attribute("src", re.compile("^data:image/svg"), timeout=60_000)
    root = ElementTree.fromstring(unquote(str(image.get_attribute("src")).partition(",")[2]))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    description = str(root.findtext(f"{SVG}desc"))
    assert description.split("\n")[0] in texts
    assert (root.get("width"), root.get("height")) == ("1080", "1080")
