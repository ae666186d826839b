"""In a real Chromium: open, filter, click, generate; no other host, no console error, no accessibility violation."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.navigation import PLACES
from dashboard.navigation import address as address_of
from tests.dashboard.browser import axe_source, chromium, idle, open_take, text_of

pytestmark = pytest.mark.browser
VIEWS = list(PLACES)
# What axe-core finds, without the drop zone of Streamlit's own uploader, whose role it disputes.
AXE = """axe.run({exclude: [['[data-testid=stFileUploaderDropzone]']]})
  .then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]))"""
WHERE_FOCUS_IS = """document.activeElement.closest('.st-key-choices, .st-key-card-paper')
  ?.className.match(/st-key-([\\w-]+)/)[1] ?? ''"""
OPTION = ".st-key-sheet [role=option]"


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
    page.goto(f"{address}/{address_of('verses')}")
    idle(page)
    bar = page.locator(".st-key-click-line-lengths .js-plotly-plot .point path").nth(8)
    expect(bar).to_be_visible(timeout=20_000)
    bar_of_all = bar.get_attribute("d") or ""
    page.get_by_test_id("stSidebar").get_by_text("chorus", exact=True).click()
    idle(page)
    assert "sections=refrain" in page.url

    expect(bar).not_to_have_attribute("d", bar_of_all, timeout=20_000)  # drawn anew
    box = bar.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
    expect(page.locator("h3", has_text="of 9 words")).to_be_visible(timeout=20_000)
    assert "length=9" in page.url

    page.goto(f"{address}/studio?model=tiny&bars=4")
    idle(page)
    page.get_by_label("First words").fill("Dans la ville")
    page.get_by_role("button", name="Write", exact=True).last.click()
    paper = page.locator(".paper")
    expect(paper).to_contain_text("Dans la ville", timeout=20_000)
    expect(page.locator(OPTION)).to_have_count(5, timeout=20_000)  # and the place for the next
    idle(page)
    text = paper.text_content() or ""

    page.reload()
    idle(page)
    expect(page.locator(OPTION)).to_have_count(5, timeout=20_000)  # a process of its own begins it
    expect(paper, "the same URL writes the same text").to_have_text(text, timeout=20_000)
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Dans la ville")


def test_on_a_phone_nothing_stands_above_a_page(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/methods")
    idle(page)
    places = (".stMain h1", ".stAppHeader", ".st-key-find button")
    title, bar, search = filter(None, (page.locator(place).bounding_box() for place in places))
    assert title["y"] < 20
    assert bar["y"] + bar["height"] == 844
    assert bar["y"] < search["y"] < 844


def test_a_phone_shows_the_button_and_the_verse_first(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/studio?model=tiny&bars=4")
    idle(page)
    places = [
        page.get_by_role("button", name="Write", exact=True).last.bounding_box(),
        page.locator(".paper .verse li").first.bounding_box(),
        page.get_by_text("Rhyme scheme").first.bounding_box(),
    ]
    button, verse, scheme = (place["y"] for place in places if place)
    assert button < verse < 844 < scheme


@pytest.mark.slow
def test_the_button_that_stops_a_text_has_no_place_in_its_sheet(page: Page, address: str) -> None:
    page.goto(f"{address}/studio?model=tiny&bars=4")
    page.wait_for_selector(OPTION, timeout=60_000)
    idle(page)
    place = page.locator(".st-key-card-paper > :has(> .st-key-stop-place)")
    assert place.evaluate("place => getComputedStyle(place).position") == "absolute"


@pytest.mark.slow
def test_keys_reach_the_verse_before_the_choices(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/studio?model=tiny&bars=4")
    expect(page.locator(OPTION).first).to_be_visible(timeout=60_000)
    idle(page)
    page.locator(".stMain h1").first.click()
    reached = list[str]()
    while "choices" not in reached and len(reached) < 40:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(WHERE_FOCUS_IS))
    assert reached[-1] == "choices"
    assert "card-paper" in reached


def test_a_line_is_picked_rewritten_to_twelve_taken_back_and_copied(page: Page, address: str) -> None:
    page.goto(f"{address}/studio?model=tiny&seed=On+a+mont%C3%A9&bars=4&syllables=6")
    lines = page.locator(OPTION)
    expect(lines).to_have_count(5, timeout=60_000)  # and the place for the next
    idle(page)
    words = lines.locator(".words")
    expect(words.first).not_to_be_empty()
    expect(words.first).to_be_visible(timeout=20_000)  # hidden while a run is under way: its text would be read as none
    before = words.all_inner_texts()
    page.locator(".st-key-syllables input").fill("12")  # a choice writes nothing by itself
    page.keyboard.press("Tab")
    idle(page)
    assert words.all_inner_texts() == before
    lines.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    box = page.get_by_label("Write it yourself")
    expect(box).to_have_value(before[1], timeout=20_000)
    expect(box).to_be_focused(timeout=20_000)
    rephrase = page.get_by_role("button", name="Rephrase")
    expect(rephrase).to_be_in_viewport(ratio=1, timeout=20_000)  # the page scrolls to the panel after the focus
    rephrase.click()
    page.locator(".st-key-take-1 button").click(timeout=60_000)
    expect(lines.nth(1).locator(".beats")).to_have_text("12", timeout=20_000)
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(words.nth(1)).to_have_text(before[1], timeout=20_000)
    expect(box).to_have_count(1, timeout=20_000)  # the one of before is gone
    box.press("End")
    box.press_sequentially(" tombe")
    expect(words.nth(1)).to_have_text(f"{before[1]} tombe", timeout=20_000)
    idle(page)
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()").split("\n")[:2] == [before[0], f"{before[1]} tombe"]


@pytest.mark.slow
def test_a_key_opens_the_search_whose_arrows_and_enter_lead_on(page: Page, address: str) -> None:
    page.goto(f"{address}/methods")
    idle(page)
    page.keyboard.press("Control+k")
    expect(page.locator(".st-key-sought input")).to_be_focused(timeout=20_000)
    page.keyboard.type("quart minuit")
    expect(page.locator(".st-key-hit-0")).to_contain_text("Quart de minuit", timeout=20_000)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Quart de minuit", timeout=20_000)
    assert "song=vieux-compas--quart-de-minuit" in page.url


@pytest.mark.slow
def test_a_tab_is_in_the_address_and_back_undoes_it(page: Page, address: str) -> None:
    page.goto(f"{address}/{address_of('verses', length='4')}")
    expect(page.locator("h1")).to_contain_text("How many words", timeout=20_000)
    idle(page)
    assert urlsplit(page.url).path == "/words"
    assert {"part=verses", "length=4"} <= set(urlsplit(page.url).query.split("&"))
    page.get_by_role("radio", name="Phrases").click()
    expect(page.locator("h1")).to_contain_text("go together", timeout=20_000)
    idle(page)
    page.go_back()
    expect(page.locator("h1")).to_contain_text("How many words", timeout=20_000)


@pytest.mark.slow
def test_visitors_who_write_at_once_read_their_own_texts(browser: Browser, address: str) -> None:
    write = f"{address}/studio?model=tiny&bars=4"
    together = [text_of(visit) for visit in [open_take(browser, write, take) for take in range(1, 4)]]
    assert len(set(together)) == 3
    assert together == [text_of(open_take(browser, write, take)) for take in range(1, 4)], "as each reads it alone"


# One page of each room; all of them in benchmarks/page_quality.py.
LOOKED_AT = ("studio", "overview", "sound", "lexicon", "training", "learn_lstm", "importing")


@pytest.mark.sampled(len(LOOKED_AT))
@pytest.mark.parametrize("view", LOOKED_AT)
def test_a_page_is_quiet_narrow_and_accessible(page: Page, address: str, view: str) -> None:
    hosts: set[str | None] = set()
    wrong: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    # below a page Streamlit's script looks for its server under that page first
    page.on("response", lambda r: wrong.append(r.url) if r.status >= 400 and "/_stcore/" not in r.url else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}/{address_of(view)}")
    idle(page)
    assert hosts <= {"localhost", None, ""}, "a page asks no other host"
    assert wrong == []
    if axe := axe_source():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(400)
            page.evaluate(axe)
            assert page.evaluate(AXE) == [], scheme
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollWidth <= 390")  # figures follow


@pytest.mark.slow
def test_a_french_page_writes_decimals_of_buttons_with_a_comma(browser: Browser, address: str) -> None:
    page = browser.new_context(locale="fr-FR").new_page()
    page.goto(f"{address}/{address_of('takes')}")
    expect(page.get_by_role("button", name="0,6", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="0,4", exact=True).click()
    page.wait_for_url(re.compile(r"temperatures=0\.4"))  # the address is of no language
    page.context.close()


@pytest.mark.slow
def test_labels_of_a_row_stand_on_one_line_with_help_or_without(page: Page, address: str) -> None:
    page.goto(f"{address}/{address_of('tone')}")
    labels = page.locator(".stMain .stElementContainer:not(.st-key-part) > .stButtonGroup [data-testid=stWidgetLabel]")
    expect(labels).to_have_count(2, timeout=20_000)
    idle(page)
    tops = labels.evaluate_all("labels => labels.map(label => Math.round(label.getBoundingClientRect().y))")
    assert len(tops) == 2
    assert len(set(tops)) == 1, tops


@pytest.mark.slow
def test_buttons_without_room_stand_on_two_rows(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto(f"{address}/{address_of('lexicon', lang='fr')}")
    idle(page)
    groups = page.locator(".stMain .stButtonGroup [role=radiogroup]")
    assert groups.evaluate_all("groups => groups.filter(each => each.scrollWidth > each.clientWidth + 1).length") == 0


@pytest.mark.slow
def test_the_measure_goes_from_page_to_page(page: Page, address: str) -> None:
    """What the browser sends on a new page is its default, unless it is told what was chosen before."""
    page.goto(f"{address}/studio?model=tiny&bars=4&syllables=6&rhyme=ABAB%2C+crossed")
    idle(page)
    assert "rhyme=ABAB&" in f"{page.url}&"
    for place in ("notebook", "studio"):
        page.get_by_test_id("stHeader").get_by_text("Write").first.click()
        page.locator(f'a[href*="/{place}"]').first.click()
        page.wait_for_url(f"**/{place}*")
        idle(page)
    expect(page.get_by_test_id("stSelectbox").first.locator("input")).to_have_value("ABAB, crossed")
    assert "rhyme=ABAB" in page.url


@pytest.mark.slow
def test_back_undoes_each_thing_that_was_done(page: Page, address: str) -> None:
    """Streamlit alone forgets what controls bound to the address did, and doubles the pages that are left."""
    page.goto(f"{address}/rhymes")
    word = page.get_by_role("searchbox")
    expect(word).to_have_value("la nuit", timeout=60_000)
    idle(page)
    steps = page.evaluate("history.length")
    word.fill("béton")
    word.press("Enter")
    page.wait_for_url("**/rhymes?*rhymes-with=b*")
    page.get_by_text("Assonance", exact=False).first.click()
    page.wait_for_url("**/rhymes?*least-rhyme=assonance*")
    idle(page)
    page.get_by_test_id("stHeader").get_by_text("Write").first.click()
    page.locator('a[href*="/notebook"]').first.click()
    page.wait_for_url("**/notebook*")
    idle(page)
    assert page.evaluate("history.length") == steps + 3
    seen = []
    for _ in range(3):
        page.go_back()
        idle(page)
        seen.append((word.input_value(), "least-rhyme=assonance" in page.url))
    assert seen == [("béton", True), ("béton", False), ("la nuit", False)]
