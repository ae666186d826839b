"""A verse in time: its rows, and the player in a real Chromium, given its script without a server."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from dashboard.components.corpus.beat_player import PLAYER_LABELS, _syllables_by_bar
from dashboard.components.frame.page_layout import read_static
from dashboard.queries.sounds import song_syllables_on_bars
from pipeline.analysis.sound.flow import SyllablesOnBars
from pipeline.analysis.sound.phonetic_table import transcribe_lines
from pipeline.corpus.song import Line, LineTime, Section, Song
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhythm import place_line_in_bars
from pipeline.language.syllables import scan_line
from tests.corpora import make_corpus
from tests.dashboard.browser import chromium

MOUNT = """async ([script, data]) => {
  const file = new Blob([new TextEncoder().encode(script)], {type: "text/javascript"});
  (await import(URL.createObjectURL(file))).default({data, parentElement: document.body});
}"""


def rows(text: str) -> list[list[tuple[float, str, bool, bool]]]:
    return _syllables_by_bar(place_line_in_bars(text, scan_line(text, Pronunciations())))


def test_a_line_is_a_row_and_a_long_one_several() -> None:
    ((first, *_, last),) = rows("Je rentre à la maison")
    assert last == (12, "son", True, True)
    assert first[1:] == ("Je", False, False)
    assert [bool(row) for row in rows("la nuit " * 15)] == [True, True]


def test_a_song_is_shown_in_its_own_time_where_half_of_its_lines_have_one() -> None:
    def bars(timed: int) -> SyllablesOnBars | None:
        times = [LineTime(2.0 * at, 2.0 * at + 1) if at < timed else None for at in range(12)]
        lines = tuple(Line("La nuit tombe", seconds=time) for time in times)
        corpus, sounds = make_corpus("times", [Song("Un", "Aube", (Section("couplet", lines),))]), Pronunciations()
        phonetics = SimpleNamespace(line_table=lambda: transcribe_lines(corpus, sounds), of_lines=lambda lines: sounds)
        return song_syllables_on_bars(corpus, phonetics, int(corpus.songs.index[0]))  # type: ignore[arg-type]

    assert bars(5) is None
    own = bars(6)
    assert own is not None
    assert (round(own.tempo), own.words, len(own.rows)) == (120, False, 6)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page()
        page.set_content('<div class="beat-player"></div>')
        data = {
            "bars": [*rows("Je rentre à la maison"), *rows("J'ai <b>perdu</b> la raison")], "slowest": 60,
            "fastest": 180, "tempo": 180, "beat": 4, "words": PLAYER_LABELS, "language": "en",
        }  # fmt: skip
        page.evaluate(MOUNT, [read_static("beats.js"), data])
        yield page


@pytest.mark.slow
@pytest.mark.browser
def test_the_player_plays_what_is_pressed_and_stops(page: Page) -> None:
    expect(page.locator(".bar")).to_have_count(2)
    expect(page.locator(".rhymes")).to_have_text(["son", "son"])
    expect(page.locator(".bar").first.locator(".on-beat")).to_have_count(4)
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".now")).to_have_count(1, timeout=10_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".now")).to_have_count(0)


@pytest.mark.browser
def test_a_tempo_is_tapped(page: Page) -> None:
    page.evaluate("for (const at of [0, 500, 1000]) document.querySelector('.tap').onclick({timeStamp: at})")
    expect(page.locator(".status")).to_contain_text("120 beats per minute")
    page.evaluate("document.querySelector('.tap').onclick({timeStamp: 9000})")  # a new tempo begins
    page.evaluate("document.querySelector('.tap').onclick({timeStamp: 9100})")
    expect(page.locator(".status")).to_contain_text("180 beats per minute")  # the fastest
