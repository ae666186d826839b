"""What the writers are asked for: a text as it is written, line by line, or lines for a place in one."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.writing.edited_text import with_syllables
from dashboard.components.writing.pages import given_lines
from dashboard.locale.escaping import escape_html
from dashboard.locale.phrasing import place_in_line
from pipeline.core.plain_data import from_plain_data
from pipeline.generation.lyric import GeneratedLine, Lyric
from pipeline.language.pronunciations import Pronunciations
from pipeline.writers.requested_text import RequestedText
from pipeline.writers.requests import LineRequest, OriginalityRequest, WriteRequest

LATEST_TEXT_KEY = "written"  # key: what the writers wrote last
POLL_SECONDS = 0.25  # seconds after which a page that waits looks whether it is to stop
SECONDS_BEFORE_NOTE = 1.0  # seconds without a new word after which the page says what it waits for


@dataclass
class TextInProgress:
    """A text that the writers write: `writing` goes on from here, so that a stopped text can be resumed."""

    request: WriteRequest
    writing: RequestedText = field(repr=False)
    stopped: bool = False

    @property
    def under_way(self) -> bool:
        """Whether there is more to come, and nobody stopped it."""
        return not (self.writing.done or self.stopped)

    @property
    def texts(self) -> list[str]:
        """The lines of the seed and those written so far, as text."""
        return [line.text for line in (*given_lines(self.request.seed), *self.writing.lines)]

    def matches_lines(self, lines: Sequence[GeneratedLine]) -> bool:
        """Whether these lines are the text as it is written, as far as it came."""
        return [line.text for line in lines] == self.texts

    def lines(self, sounds: Pronunciations) -> tuple[GeneratedLine, ...]:
        """Return the lines of the seed and those written so far, each with its syllables, and its voice in a duet."""
        style = self.request.settings.style
        voiced_lines = (replace(line, kind=style.voice_of(line.section)) for line in self.writing.lines)
        lines = [*given_lines(self.request.seed), *(voiced_lines if style.turns else self.writing.lines)]
        return tuple(line if line.syllables else with_syllables(line, sounds) for line in lines)


def latest_text() -> TextInProgress | None:
    """Return what the writers write or wrote last for this visitor."""
    return st.session_state.get(LATEST_TEXT_KEY)


def start_text(request: WriteRequest) -> TextInProgress:
    """Return a page with the seed on it."""
    return TextInProgress(request, cache.request_text(request))


def stream(text: RequestedText, show: Callable[[], object]) -> None:
    """Read a text to its end, showing what comes and telling what is waited for; what is written survives a click that
    interrupts it.

    Raises the SeizeError of a run that cannot be opened, of settings that it cannot meet, or of a writer that died.
    """
    show()
    note, came = st.empty(), time.monotonic()
    try:
        while not text.done:
            if text.read(POLL_SECONDS):
                show()
                came = time.monotonic()
            show_queue_place(note, text.queue_position, came)
    finally:
        text.stop()
        note.empty()


def wait_for(request: LineRequest | OriginalityRequest) -> dict[str, Any]:
    """Return what the writers reply, telling the place in line meanwhile. Raises what answering it raises."""
    note, queued, began = st.empty(), cache.ask_writers(request), time.monotonic()
    try:
        while (reply := queued.wait(POLL_SECONDS)) is None:
            show_queue_place(note, queued.place, began)
    finally:
        queued.cancel()
        note.empty()
    return reply


def proposed_lines(request: LineRequest, key: str) -> list[GeneratedLine]:
    """Return the lines that the writers propose, asked for once: the session holds the last ones under `key`."""
    if st.session_state.get(key, (None,))[0] != request:
        st.session_state[key] = (request, list(from_plain_data(tuple[GeneratedLine, ...], wait_for(request)["lines"])))
    return st.session_state[key][1]


def write_whole(request: WriteRequest) -> Lyric:
    """Return a whole text, telling the place in line meanwhile. Raises as `stream` does."""
    text = cache.request_text(request)
    stream(text, lambda: None)
    return text.lyric()


def show_queue_place(note: DeltaGenerator, place: int, since: float) -> None:
    """Say what is waited for, after some time. Called while waiting, it lets a click or a closed tab interrupt."""
    if time.monotonic() - since < SECONDS_BEFORE_NOTE:
        note.empty()
    else:
        note.html(f'<p class="quiet" role="status">{escape_html(place_in_line(place))}</p>')
