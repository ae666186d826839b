"""Lyrics on the page as they are written, bar by bar, and as they stand when writing is done or stopped."""

import time
from dataclasses import dataclass

import streamlit as st

from dashboard import cache
from dashboard.components.motif import bars
from dashboard.components.rhymes import rhymed
from dashboard.components.verse import verse
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.writer import write

FRAME = 0.05  # seconds between two pictures of a growing text


@dataclass(frozen=True)
class Request:
    """All that decides a text: the same request gives the same text."""

    run: str
    seed: str
    take: int
    settings: WriteSettings


@dataclass
class Page:
    """A text so far. `seconds` is the time that the model took."""

    request: Request
    text: str = ""
    seconds: float = 0.0
    done: bool = False

    @property
    def lines(self) -> list[str]:
        """Lines with words on them."""
        return [line for line in self.text.split("\n") if line.strip()]


def stream(request: Request) -> Page:
    """Write the request into the page under the reader's eyes; what is written survives a click that interrupts it."""
    page = st.session_state["written"] = Page(request, request.seed)
    run, slot = cache.run(request.run), st.empty()
    shown, before = 0.0, time.perf_counter()
    for piece in write(run, request.seed, request.settings, request.take):
        now = time.perf_counter()
        page.text += piece.text
        page.seconds += now - before
        if now - shown >= FRAME:
            slot.html(paper(page))
            shown = now
        before = time.perf_counter()
    page.done = True
    slot.html(paper(page))
    return page


def paper(page: Page) -> str:
    """HTML of the bars filled so far and the text as a verse; a blank line begins a new section."""
    total = page.request.settings.lines
    counted = bars(min(len(page.lines), total), total, large=total <= 32)
    blocks, start = [], 1
    for block in page.text.rstrip("\n").split("\n\n"):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines:
            blocks.append(verse(rhymed(lines).lines, start=start))
            start += len(lines)
    return f'<div class="paper">{counted}{"".join(blocks)}</div>'
