"""A verse as a card: its rhymes in colour and underlined, syllables beside, one line of measure below."""

from dataclasses import dataclass

from pipeline.cards.blocks import draw_head, draw_lines
from pipeline.cards.canvas import Canvas, Shape
from pipeline.cards.outlines import shorten_to_width
from pipeline.cards.theme import Mode
from pipeline.core.translation import t_count
from pipeline.language.pronunciations import Pronunciations

MOST = {"square": 12, "story": 16, "wide": 6}  # lines of a shape; of real lyrics a page passes eight at most
LYRICS = 8  # lines of a published song that a card may show


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
    top = draw_head(canvas, card.title, card.by)
    draw_lines(canvas, lines, sounds, top, canvas.height - canvas.margin - 30 - (84 if card.measure else 44))
    if card.measure:
        y = canvas.height - canvas.margin - 74
        canvas.text(canvas.margin, y, shorten_to_width(card.measure, canvas.inner, "text", 26), 26, ink="accent")
    canvas.foot(card.source, card.address, len(lines))
    counted = t_count("{n} line", "{n} lines", len(lines))
    return canvas.svg(
        ", ".join(filter(None, [card.title, card.by, counted])), "\n".join([*lines, card.measure]).strip()
    )
