"""A verse as a card: its rhymes in colour and underlined, syllables beside, one line of measure below."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.cards.canvas import Canvas, Shape, largest_size
from pipeline.cards.outlines import shortened, width
from pipeline.cards.theme import RHYMES, Mode
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme_spans import RhymeSpan, rhyme_spans
from pipeline.language.syllables import scan_line
from pipeline.translation import t_count

MOST = {"square": 12, "story": 16, "wide": 6}  # lines of a shape; of real lyrics a page passes eight at most
LYRICS = 8  # lines of a published song that a card may show
_LEADING = 1.5


@dataclass(frozen=True)
class VerseCard:
    """title and by stand above the lines, measure below them; source and address at the foot."""

    lines: tuple[str, ...]
    title: str = ""
    by: str = ""
    measure: str = ""
    source: str = ""
    address: str = ""


def draw_verse(card: VerseCard, sounds: Pronunciations, shape: Shape = "square", mode: Mode = "light") -> str:
    """Return the SVG of a card; lines beyond what the shape holds are left out."""
    canvas = Canvas(shape, mode, margin=64 if shape == "wide" else 84)
    lines = [" ".join(line.split()) for line in card.lines if line.strip()][: MOST[shape]]
    top = _head(canvas, card)
    bottom = canvas.height - canvas.margin - 30 - (84 if card.measure else 44)
    most = min(58.0 if shape != "wide" else 40.0, (bottom - top) / max(len(lines), 1) / _LEADING)
    gutter = 56.0
    size = largest_size(lines, canvas.inner - gutter, (min(22.0, most), most), "verse", 500)
    step = min(size * _LEADING * 1.25, (bottom - top) / max(len(lines), 1))
    first = top + (bottom - top - step * len(lines)) / 2 + size
    ends = [span for span in rhyme_spans(lines, sounds) if span.kind == "end"]
    inks = {group: RHYMES[at % len(RHYMES)] for at, group in enumerate(dict.fromkeys(span.group for span in ends))}
    widths = []
    for number, line in enumerate(lines):
        here = [(span, inks[span.group]) for span in ends if span.line == number]
        widths.append(_line(canvas, line, here, first + number * step, size, canvas.inner - gutter))
    beside = canvas.margin + min(max(widths, default=0.0) + gutter + 24, canvas.inner)
    for number, line in enumerate(lines):
        beats = str(scan_line(line, sounds).syllables.spoken)
        canvas.text(beside, first + number * step, beats, 22, face="mono", ink="grey", end=True)
    if card.measure:
        y = canvas.height - canvas.margin - 74
        canvas.text(canvas.margin, y, shortened(card.measure, canvas.inner, "text", 26), 26, ink="accent")
    canvas.foot(card.source, card.address, len(lines))
    counted = t_count("{n} line", "{n} lines", len(lines))
    return canvas.svg(
        ", ".join(filter(None, [card.title, card.by, counted])), "\n".join([*lines, card.measure]).strip()
    )


def _head(canvas: Canvas, card: VerseCard) -> float:
    """Draw title and author; return where the verse may begin."""
    y = canvas.margin + 20.0
    if card.title:
        size = largest_size([card.title], canvas.inner, (34, 46), "text", 700)
        canvas.text(
            canvas.margin, y + size * 0.6, shortened(card.title, canvas.inner, "text", size, 700), size, weight=700
        )
        y += size * 0.6 + 14
    if card.by:
        canvas.text(canvas.margin, y + 30, shortened(card.by, canvas.inner, "text", 28), 28, ink="grey")
        y += 44
    return y + 16


def _line(
    canvas: Canvas, line: str, ends: Sequence[tuple[RhymeSpan, str]], y: float, size: float, room: float
) -> float:
    """Write a line; what rhymes at its end in the ink of its group, underlined. Return its width."""
    line = shortened(line, room, "verse", size, 500)
    x, at = float(canvas.margin), 0
    for span, ink in ends:
        if span.stop > len(line):
            break
        x += canvas.text(x, y, line[at : span.start], size, face="verse", weight=500)
        word = line[span.start : span.stop]
        canvas.rectangle(x, y + size * 0.16, width(word, "verse", size, 700), max(2.0, size * 0.06), ink)
        x += canvas.text(x, y, word, size, face="verse", weight=700, ink=ink)
        at = span.stop
    return x + canvas.text(x, y, line[at:], size, face="verse", weight=500) - canvas.margin
