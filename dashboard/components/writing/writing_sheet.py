"""Lyrics on the page as they are written, line by line, and as they stand when writing is done or stopped."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.frame.page_layout import bars
from dashboard.components.writing.pages import given_lines, paper
from dashboard.locale.escaping import escape_html
from dashboard.locale.phrasing import place_in_line
from pipeline.generation.lyric import GeneratedLine, Lyric, TextSoFar, line_from_json
from pipeline.writers.requested_text import RequestedText
from pipeline.writers.requests import LineRequest, OriginalityRequest, ProposalRequest, WriteRequest

TICK = 0.25  # seconds after which a page that waits looks whether it is to stop
PATIENCE = 1.0  # seconds without a new word after which the page says what it waits for


@dataclass
class Page:
    """A text so far: `writing` goes on from here, so that a stopped text can be resumed."""

    request: WriteRequest
    writing: RequestedText = field(repr=False)

    @property
    def done(self) -> bool:
        """Whether all is written."""
        return self.writing.done


def begin(request: WriteRequest) -> Page:
    """Return a page with the seed on it."""
    return Page(request, cache.begin_text(request))


def stream(page: Page) -> None:
    """Write on under the reader's eyes; what is written survives a click that interrupts it.

    Raises the SeizeError of a run that cannot be opened, of settings that it cannot meet, or of a writer that died.
    """
    slot, note, text = st.empty(), st.empty(), page.writing
    slot.html(sheet(text))
    _read_on(text, note, lambda: slot.html(sheet(text)))


def _read_on(text: RequestedText, note: DeltaGenerator, show: Callable[[], object]) -> None:
    """Read a text to its end, showing what comes and telling what is waited for."""
    came = time.monotonic()
    try:
        while not text.done:
            if text.read(TICK):
                show()
                came = time.monotonic()
            tell_place(note, text.place if time.monotonic() - came >= PATIENCE else None)
    finally:
        text.stop()
    note.empty()


def wait_for(request: ProposalRequest | LineRequest | OriginalityRequest) -> dict[str, Any]:
    """Return what the writers reply, telling the place in line meanwhile. Raises what answering it raises."""
    note, ask, began = st.empty(), cache.ask_writers(request), time.monotonic()
    try:
        while (reply := ask.wait(TICK)) is None:
            tell_place(note, ask.place if time.monotonic() - began >= PATIENCE else None)
    finally:
        ask.cancel()
    note.empty()
    return reply


def proposed_lines(reply: dict[str, Any]) -> list[GeneratedLine]:
    """Return the lines of the reply to a `ProposalRequest` or a `LineRequest`."""
    return [line_from_json(line) for line in reply["lines"]]


def write_whole(request: WriteRequest) -> Lyric:
    """Return a whole text, telling the place in line meanwhile. Raises as `stream` does."""
    note, text = st.empty(), cache.begin_text(request)
    _read_on(text, note, lambda: None)
    return text.lyric()


def tell_place(note: DeltaGenerator, place: int | None) -> None:
    """Say what is waited for; None is nothing. Called while waiting, it lets a click or a closed tab interrupt."""
    if place is None:
        note.empty()
    else:
        note.html(f'<p class="quiet" role="status">{escape_html(place_in_line(place))}</p>')


def sheet(text: TextSoFar) -> str:
    """Return the HTML of the bars filled so far and of the text."""
    total = sum(part.lines for part in text.settings.plan) or text.settings.lines
    counted = bars(min(len(text.lines), total), total, large=total <= 32)
    style = text.settings.style
    spoken = (replace(line, kind=style.voice_of(line.section)) for line in text.lines)
    lines = [*given_lines(text.seed), *(spoken if style.turns else text.lines)]
    page = paper(lines, cache.writer_pronunciations(text.run_name), growing=text.unfinished)
    return f'<div class="paper">{counted}{page}</div>'
