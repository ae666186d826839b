"""What cards have in common: a head, a verse with its rhymes, figures in a row, words under a label."""

from collections.abc import Sequence

from pipeline.language.pronunciations import Pronunciations
from pipeline.language.section_rhymes import RhymeSpan, rhyme_spans
from pipeline.language.syllables import scan_line
from pipeline.publish.canvas import Canvas, largest_size, shorten_to_width, width
from pipeline.publish.theme import RHYMES

_LEADING, _GUTTER = 1.5, 56.0


def draw_head(canvas: Canvas, title: str, by: str, sizes: tuple[float, float] = (34, 46)) -> float:
    """Draw title and author; return where what follows may begin."""
    y = canvas.margin + 20.0
    if title:
        size = largest_size([title], canvas.inner, sizes, "text", 700)
        canvas.text(
            canvas.margin, y + size * 0.6, shorten_to_width(title, canvas.inner, "text", size, 700), size, weight=700
        )
        y += size * 0.6 + 14
    if by:
        canvas.text(canvas.margin, y + 30, shorten_to_width(by, canvas.inner, "text", 28), 28, ink="grey")
        y += 44
    return y + 16


def draw_lines(canvas: Canvas, lines: Sequence[str], sounds: Pronunciations, top: float, bottom: float) -> None:
    """Draw lines between two heights, as large as they fit: end rhymes in colour, the syllables of each beside it."""
    most = min(58.0 if canvas.shape != "wide" else 40.0, (bottom - top) / max(len(lines), 1) / _LEADING)
    size = largest_size(list(lines), canvas.inner - _GUTTER, (min(22.0, most), most), "verse", 500)
    step = min(size * _LEADING * 1.25, (bottom - top) / max(len(lines), 1))
    first = top + (bottom - top - step * len(lines)) / 2 + size
    ends = [span for span in rhyme_spans(lines, sounds) if span.kind == "end"]
    inks = {group: RHYMES[at % len(RHYMES)] for at, group in enumerate(dict.fromkeys(span.group for span in ends))}
    widths = []
    for number, line in enumerate(lines):
        here = [(span, inks[span.group]) for span in ends if span.line == number]
        widths.append(_line(canvas, line, here, first + number * step, size, canvas.inner - _GUTTER))
    beside = canvas.margin + min(max(widths, default=0.0) + _GUTTER + 24, canvas.inner)
    for number, line in enumerate(lines):
        beats = str(scan_line(line, sounds).syllables.spoken)
        canvas.text(beside, first + number * step, beats, 22, face="mono", ink="grey", end=True)


def draw_figures(canvas: Canvas, figures: Sequence[tuple[str, str]], y: float, size: float = 48) -> float:
    """Draw figures in a row, (name, value), a rule above each; return where what follows may begin."""
    gap = 28.0
    room = (canvas.inner - gap * (len(figures) - 1)) / max(len(figures), 1)
    fit = largest_size([value for _, value in figures], room, (24, size), "text", 650)
    for at, (name, value) in enumerate(figures):
        x = canvas.margin + at * (room + gap)
        canvas.rectangle(x, y, room, 3, "ink")
        canvas.text(x, y + 36, shorten_to_width(name, room, "text", 22), 22, ink="grey")
        canvas.text(x, y + 50 + fit * 0.8, shorten_to_width(value, room, "text", fit, 650), fit, weight=650)
    return y + 50 + fit + 30 if figures else y


def draw_words(
    canvas: Canvas, label: str, words: Sequence[str], y: float, size: float, *, bottom: float, ink: str = "ink"
) -> float:
    """Draw words under a label, in lines of the width, as many as end above `bottom`; return where what follows may
    begin."""
    if not words or y + 40 + size > bottom:
        return y
    canvas.text(canvas.margin, y + 26, label, 22, ink="grey")
    y += 26 + size * 1.25
    for line in _wrap_words(words, canvas.inner, size):
        if y > bottom:
            break
        line = shorten_to_width(line, canvas.inner, "verse", size, 500)
        canvas.text(canvas.margin, y, line, size, face="verse", weight=500, ink=ink)
        y += size * 1.3
    return y + 12


def _wrap_words(words: Sequence[str], room: float, size: float) -> list[str]:
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} · {word}" if lines[-1] else word
        if width(longer, "verse", size, 500) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _line(
    canvas: Canvas, line: str, ends: Sequence[tuple[RhymeSpan, str]], y: float, size: float, room: float
) -> float:
    """Write a line; what rhymes at its end in the ink of its group, underlined. Return its width."""
    line = shorten_to_width(line, room, "verse", size, 500)
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
