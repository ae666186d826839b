"""A scene in a real Chromium: buttons and keys move its clock, its numbers follow, and can be changed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.browser import chromium, idle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1200}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.slow
def test_the_map_moves_by_buttons_and_keys_and_leads_on(page: Page, address: str) -> None:
    page.goto(f"{address}/learn?line=La+nuit+tombe")
    idle(page)
    player = page.locator(".player")
    status, now, open_part = player.locator(".status"), player.locator(".strip .now"), player.locator(".part.now h2")
    expect(status).to_have_text("letter 6 of 14 · part 1 of 9")
    expect(now).to_have_text("u")  # ¶ L a ␣ n u
    player.get_by_role("button", name="Step", exact=True).click()
    expect(status).to_have_text("letter 6 of 14 · part 2 of 9")
    expect(open_part).to_have_text("2 Vectors")
    expect(player.locator(".node.lit")).to_have_count(1)
    player.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # the part before the first is the last of the letter before
    expect(now).to_have_text("n")
    expect(open_part).to_have_text("9 Update")
    page.keyboard.press("+")
    expect(status).to_have_text("letter 5 of 14 · part 9 of 9 · ×2")
    page.keyboard.press(" ")
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    expect(status).to_contain_text("letter 6", timeout=30_000)
    page.keyboard.press(" ")

    player.get_by_text("All numbers as a table").click()
    expect(player.locator("table tbody tr")).to_have_count(14)
    player.locator(".node").nth(2).click()
    expect(open_part).to_have_text("3 Gates")
    player.locator(".part.now").get_by_role("link").click()
    expect(page).to_have_url(re.compile("/learn_lstm"), timeout=30_000)
    expect(page.locator(".lesson-number").first).to_contain_text("Gates, State", timeout=30_000)
    expect(page.locator(".st-key-line input")).to_have_value("La nuit tombe")


@pytest.mark.slow
def test_a_number_is_changed_and_the_address_holds_it(page: Page, address: str) -> None:
    page.goto(f"{address}/learn_rnn?line=La+nuit+tombe")
    idle(page)
    player = page.locator(".player").first
    player.locator(".node", has_text="tanh").click()
    value = player.locator(".part.now button.value").first
    value.click()
    field = player.locator("input.touch")
    field.fill("-0,5")
    field.press("Enter")
    expect(value).to_have_text(re.compile("[−-]0.500"), timeout=30_000)
    expect(player.locator(".changed")).to_contain_text(re.compile("a1 at step 4 = [−-]0.50"))
    expect(player.locator(".row.moved").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"touch=a\.4\.0\.0"))
    page.reload()
    expect(player.locator(".changed")).to_contain_text(re.compile("a1 at step 4 = [−-]0.50"), timeout=30_000)
    player.get_by_role("button", name="Reset all").click()
    expect(player.locator(".row.moved")).to_have_count(0, timeout=30_000)


@pytest.mark.slow
def test_an_error_goes_back_along_the_line_and_a_wire_opens_its_panel(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 700})
    page.goto(f"{address}/learn_bptt?line=La+nuit+tombe")
    idle(page)
    player = page.locator(".player").first
    status, now = player.locator(".status"), player.locator(".strip .now")
    expect(player.locator(".strip")).to_have_text("La␣nuit␣tombe")
    expect(status).to_have_text("letter 13 of 13 · part 1 of 4")
    for _ in range(4):
        player.get_by_role("button", name="Step", exact=True).click()
    expect(status).to_have_text("letter 12 of 13 · part 1 of 4")
    expect(now).to_have_text("b")
    player.locator(".wire").last.locator("path").last.dispatch_event("click")
    expect(player.locator(".part.now h2")).to_contain_text("4 Through Waa")
    player.get_by_role("button", name="Play").click()
    expect(player.locator(".diagram")).to_be_in_viewport(ratio=0.99)  # what moves is seen whole


@pytest.mark.slow
def test_a_lesson_fits_a_screen_and_the_map_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}/learn_rnn?line=La+nuit+tombe")
    idle(page)
    player = page.locator(".player").first.bounding_box()
    answer = page.locator('[class*="st-key-exercise-"] input').first.bounding_box()
    assert player is not None
    assert answer is not None
    assert answer["y"] + answer["height"] - player["y"] < 800, "the drawing and the answer are seen together"
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/learn?line=La+nuit+tombe")
    idle(page)
    size = (
        "texts => Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"
    )
    assert page.locator(".diagram text").evaluate_all(size) > 12
    cut = "links => links.filter((link) => link.scrollWidth > link.clientWidth).length"
    assert page.get_by_test_id("stPageLink").locator("p").evaluate_all(cut) == 0
