"""Lyrics on the page as they are written, line by line, and as they stand when writing is done or stopped."""

import time
from dataclasses import dataclass, field

import streamlit as st

from dashboard import cache
from dashboard.components.bar_icon import bars
from dashboard.components.pages import given_lines, paper
from pipeline.generation.context import Run
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.writing import Writing, write

FRAME = 0.05  # seconds between two pictures of a growing text


@dataclass(frozen=True)
class Request:
    """All that decides a text: the same request gives the same text."""

    run: str
    seed: str
    take: int
    settings: WriteSettings

    @property
    def bars(self) -> int:
        """Lines that are asked for."""
        return sum(part.lines for part in self.settings.plan) or self.settings.lines


@dataclass
class Page:
    """A text so far: `writing` goes on from here, so that a stopped text can be resumed. `seconds` is model time."""

    request: Request
    writing: Writing = field(repr=False)
    seconds: float = 0.0
    done: bool = False


def source(run: str, settings: WriteSettings) -> Run:
    """Return what writes so: the run, or its constraint index. Raises what opening the run and its corpus raises."""
    return cache.open_constraint_index(run) if settings.measured else cache.open_writer(run)


def begin(request: Request) -> Page:
    """Return a page with the seed on it. Raises what opening the run and its corpus raises, and SettingError."""
    run = source(request.run, request.settings)
    return Page(request, write(run, request.seed, request.settings, request.take))


def stream(page: Page) -> None:
    """Write on under the reader's eyes; what is written survives a click that interrupts it."""
    slot = st.empty()
    slot.html(sheet(page))
    shown, before = time.perf_counter(), time.perf_counter()
    for _ in page.writing:
        now = time.perf_counter()
        page.seconds += now - before
        if now - shown >= FRAME:
            slot.html(sheet(page))
            shown = now
        before = time.perf_counter()
    page.done = True
    slot.html(sheet(page))


def sheet(page: Page) -> str:
    """Return the HTML of the bars filled so far and of the text."""
    total, writing = page.request.bars, page.writing
    counted = bars(min(len(writing.lines), total), total, large=total <= 32)
    lines = [*given_lines(writing.seed), *writing.lines]
    text = paper(lines, cache.writer_pronunciations(page.request.run), growing=writing.unfinished)
    return f'<div class="paper">{counted}{text}</div>'
