"""A player of a verse in its rhythm: the sixteen steps of each bar with their syllables, and a metronome.

One component, without a frame or a request: it sounds when Play is pressed, and stops with it. Where the syllables fall
is read by `pipeline.language.rhythm`, or known from a song's own times (`pipeline.analysis.sound.flow`); the tempo is
the visitor's, by a slider or by tapping it.
"""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.components.frame.page_layout import read_static
from pipeline.analysis.sound.flow import SyllablesOnBars
from pipeline.core.translation import format_decimal, language, mark, t, translate_labels
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhythm import BEAT, FASTEST, SLOWEST, TEMPO, TimedLine, place_line_in_bars
from pipeline.language.syllables import scan_line

MOST_BARS = 64  # of a page; each is 16 cells
PLAYER_LABELS = {
    "play": mark("Play"), "stop": mark("Stop"), "tempo": mark("Tempo"), "tap": mark("Tap the tempo"),
    "click": mark("Click"), "speed": mark("{tempo} beats per minute · {speed} syllables per second"),
    "grid": mark("The text bar by bar. Each row is a bar of four beats and sixteen steps; stressed syllables in bold."),
    "bar": mark("Bar {bar}"),
}  # fmt: skip

BarSyllables = list[tuple[float, str, bool, bool]]  # step, letters, stressed, rhymes of the syllables of a bar


def draw_estimated_bars(lines: Sequence[str], sounds: Pronunciations, *, key: str, beat: int = 4) -> None:
    """Draw the player of lines with an estimated rhythm. Rhymes fall on this beat (1 to 4) where they fit. Lines
    without a syllable are left out."""
    placed = [place_line_in_bars(line, scan_line(line, sounds), beat) for line in lines]
    _mount_player([row for bar in placed if bar.syllables for row in _syllables_by_bar(bar)], TEMPO, key)


def draw_timed_bars(bars: SyllablesOnBars, *, key: str) -> None:
    """Draw the player of a song whose source times its lines. The player starts at the tempo of the song."""
    rows = [[(float(step), each.text.strip(), each.stressed, each.rhymes) for step, each in row] for row in bars.rows]
    _mount_player(rows, round(bars.tempo), key)


def _mount_player(bars: Sequence[BarSyllables], tempo: int, key: str) -> None:
    if len(bars) > MOST_BARS:
        page_layout.remark(t("The first {n} bars.", n=format_decimal(MOST_BARS)))
    data = {
        "bars": bars[:MOST_BARS], "slowest": SLOWEST, "fastest": FASTEST, "tempo": tempo, "beat": BEAT,
        "words": translate_labels(PLAYER_LABELS), "language": language(),
    }  # fmt: skip
    component = st.components.v2.component(
        "seize_beats", html='<div class="beat-player"></div>', css=read_static("beats.css"), js=read_static("beats.js")
    )
    component(data=data, key=key)


def _syllables_by_bar(bar: TimedLine) -> list[BarSyllables]:
    """Return for each bar of a line its syllables with their steps in the bar."""
    rows: list[BarSyllables] = [[] for _ in range(bar.bars)]
    for each, step in zip(bar.syllables, bar.steps, strict=True):
        number, inside = divmod(step, 4 * BEAT)
        rows[int(number)].append((inside, each.text.strip(), each.stressed, each.rhymes))
    return rows
