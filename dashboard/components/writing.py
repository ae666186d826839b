"""Lyrics on the page as they are written, line by line, and as they stand when writing is done or stopped."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import streamlit as st

from dashboard import cache
from dashboard.components.bar_icon import bars
from dashboard.components.pages import given_lines, paper
from pipeline.generation.bars import lyric_of, write_bars
from pipeline.generation.lyric import GeneratedLine, Lyric, WriteSettings
from pipeline.generation.spelling import read_seed
from pipeline.generation.writer import Lines, write

FRAME = 0.05  # seconds between two pictures of a growing text


@dataclass(frozen=True)
class Request:
    """All that decides a text: the same request gives the same text."""

    run: str
    seed: str
    take: int
    settings: WriteSettings

    @property
    def measured(self) -> bool:
        """Whether lines are written to measure; otherwise the model writes freely, token by token."""
        return bool(self.settings.constraints or self.settings.plan)

    @property
    def bars(self) -> int:
        """Lines that are asked for."""
        return sum(part.lines for part in self.settings.plan) or self.settings.lines


@dataclass
class Page:
    """A text so far. `source` writes on from here, so that a stopped text can be resumed; `seconds` is model time."""

    request: Request
    source: Iterator[str] = field(repr=False)
    lines: list[GeneratedLine] = field(default_factory=list)
    growing: str = ""
    text: str = ""
    seconds: float = 0.0
    done: bool = False

    def lyric(self) -> Lyric:
        """What is written, with its settings."""
        request = self.request
        if request.measured:
            workshop = cache.open_constraint_index(request.run)
            return lyric_of(workshop, request.seed, request.settings, request.take, self.lines)
        return Lyric(
            run=request.run,
            seed=request.seed,
            text=self.text.rstrip("\n"),
            lines=tuple(self.lines),
            settings=request.settings,
            random_seed=request.take,
            unknown=read_seed(request.seed, cache.open_writer(request.run).vocabulary).unknown,
        )


def begin(request: Request) -> Page:
    """A page with the seed on it. Raises what opening the run and its corpus raises."""
    page = Page(request, iter(()), text=request.seed)
    page.source = _to_measure(page) if request.measured else _freely(page)
    return page


def _freely(page: Page) -> Iterator[str]:
    request = page.request
    lines = Lines(request.seed)
    for piece in write(cache.open_writer(request.run), request.seed, request.settings, request.take):
        lines.add(piece)
        page.lines, page.growing = list(lines.finish()), lines.unfinished
        yield piece.text


def _to_measure(page: Page) -> Iterator[str]:
    request, section = page.request, 0
    for line in write_bars(cache.open_constraint_index(request.run), request.seed, request.settings, request.take):
        page.lines.append(line)
        gap, section = "\n" * (line.section != section), line.section
        yield gap + "".join(piece.text for piece in line.pieces)


def stream(page: Page) -> None:
    """Write on under the reader's eyes; what is written survives a click that interrupts it."""
    slot = st.empty()
    slot.html(sheet(page))
    shown, before = time.perf_counter(), time.perf_counter()
    for text in page.source:
        now = time.perf_counter()
        page.text += text
        page.seconds += now - before
        if now - shown >= FRAME:
            slot.html(sheet(page))
            shown = now
        before = time.perf_counter()
    page.done = True
    slot.html(sheet(page))


def sheet(page: Page) -> str:
    """HTML of the bars filled so far and of the text."""
    total = page.request.bars
    counted = bars(min(len(page.lines), total), total, large=total <= 32)
    growing = page.growing if page.lines or page.growing else page.request.seed.rsplit("\n", 1)[-1]
    text = paper(
        [*given_lines(page.request.seed), *page.lines], cache.writer_pronunciations(page.request.run), growing=growing
    )
    return f'<div class="paper">{counted}{text}</div>'
