"""What the writers are asked for: a text as it is written, line by line, or lines for a place in one."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.writing.edited_text import add_syllable_count
from dashboard.components.writing.written_lines import finished_seed_lines
from dashboard.locale.escaping import escape_html
from dashboard.locale.phrasing import queue_place_text
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
    """A text that is being written for a visitor, or was stopped and can be resumed."""

    request: WriteRequest
    writing: RequestedText = field(repr=False)
    stopped: bool = False

    @property
    def under_way(self) -> bool:
        """Whether the text is neither finished nor stopped."""
        return not (self.writing.done or self.stopped)

    @property
    def texts(self) -> list[str]:
        """The lines of the seed and those written so far."""
        return [line.text for line in (*finished_seed_lines(self.request.seed), *self.writing.lines)]

    def lines(self, sounds: Pronunciations) -> tuple[GeneratedLine, ...]:
        """Return the lines of the seed and those written so far, with their syllables, and their artist in a duet."""
        style = self.request.settings.style
        voiced_lines = (replace(line, kind=style.voice_of_section(line.section)) for line in self.writing.lines)
        lines = [*finished_seed_lines(self.request.seed), *(voiced_lines if style.turns else self.writing.lines)]
        return tuple(line if line.syllables else add_syllable_count(line, sounds) for line in lines)


def latest_text() -> TextInProgress | None:
    """Return the text that was written last for this visitor, or None."""
    return st.session_state.get(LATEST_TEXT_KEY)


def unedited_text(lines: Sequence[GeneratedLine]) -> TextInProgress | None:
    """Return the text that was written last if these are still its lines; None if they have been edited."""
    page = latest_text()
    return page if page and [line.text for line in lines] == page.texts else None


def start_text(request: WriteRequest) -> TextInProgress:
    """Return the text of a request, not begun yet."""
    return TextInProgress(request, cache.request_text(request))


def show_until_done(text: RequestedText, show: Callable[[], object]) -> None:
    """Call `show` whenever more of a text was written, until it is done. Meanwhile say what the text waits for.

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


def wait_for_reply(request: LineRequest | OriginalityRequest) -> dict[str, Any]:
    """Return the reply of the writer processes. Show the place in the queue meanwhile, and raise the reply's errors."""
    note, queued, began = st.empty(), cache.ask_writers(request), time.monotonic()
    try:
        while (reply := queued.wait(POLL_SECONDS)) is None:
            show_queue_place(note, queued.position, began)
    finally:
        queued.cancel()
        note.empty()
    return reply


def proposed_lines(request: LineRequest, key: str) -> list[GeneratedLine]:
    """Return the lines that the writers propose; a request is sent once, and its lines stay in the session under
    `key`."""
    if st.session_state.get(key, (None,))[0] != request:
        lines = wait_for_reply(request)["lines"]
        st.session_state[key] = (request, list(from_plain_data(tuple[GeneratedLine, ...], lines)))
    return st.session_state[key][1]


def wait_for_whole_text(request: WriteRequest) -> Lyric:
    """Wait for a whole text and return it; show the place in the queue meanwhile. Raise as `show_until_done` does."""
    text = cache.request_text(request)
    show_until_done(text, lambda: None)
    return text.as_lyric()


def show_queue_place(note: DeltaGenerator, place: int, since: float) -> None:
    """Say what is waited for, after a second without news. Each call also lets a click or a closed tab end the wait."""
    if time.monotonic() - since < SECONDS_BEFORE_NOTE:
        note.empty()
    else:
        note.html(f'<p class="quiet" role="status">{escape_html(queue_place_text(place))}</p>')
