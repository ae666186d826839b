"""What a card is drawn on: paper of one of three shapes, text as outlines, rules, a head, and the sixteen bars at the
foot. SVG, and PNG from it.

HarfBuzz shapes the text, so that kerning and accents are as in a browser; sizes are in pixels, y grows downwards. The
typefaces in fonts/ are those of the pages (dashboard/static/fonts, with their licences), unpacked from WOFF2 once: a
library that reads it weighs 31 MB.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args
from xml.sax.saxutils import escape, quoteattr

import resvg_py
import uharfbuzz as hb

from pipeline.publish.theme import Mode, colour, readable_colour

_FONT_FOLDER = Path(__file__).with_name("fonts")
Face = Literal["text", "verse", "mono"]
# The second file holds what the first lacks: Polish, Czech, Turkish … letters.
_FILES: dict[Face, tuple[str, ...]] = {
    "text": ("bricolage-grotesque-latin-opsz-normal", "bricolage-grotesque-latin-ext-opsz-normal"),
    "verse": ("newsreader-latin-wght-normal", "newsreader-latin-ext-wght-normal"),
    "mono": ("source-code-pro-latin-wght-normal", "source-code-pro-latin-ext-wght-normal"),
}


@dataclass(frozen=True)
class Outline:
    """`path`: data of an SVG path that begins at (0, 0) on the baseline; `width` to the end of the text."""

    path: str
    width: float


@lru_cache(4096)
def outline(text: str, face: Face, size: float, weight: int = 400) -> Outline:
    """Return the outline of a line of text. Characters that no font of the face has are left out."""
    pieces: list[str] = []
    x = 0.0
    for font, part in _font_runs(text, face, weight):
        scale = size / font.face.upem
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        hb.shape(font, buffer, {"kern": True, "liga": True})
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen = _Pen(scale, x + at.x_offset * scale, -at.y_offset * scale, pieces)
            font.draw_glyph(info.codepoint, _DRAW_FUNCTIONS, pen)
            x += at.x_advance * scale
    return Outline("".join(pieces), x)


def width(text: str, face: Face, size: float, weight: int = 400) -> float:
    """Return how wide a line of text is."""
    return outline(text, face, size, weight).width


def shorten_to_width(text: str, max_width: float, face: Face, size: float, weight: int = 400) -> str:
    """Return the text, or as much of it as fits into a width, with an ellipsis."""
    if width(text, face, size, weight) <= max_width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(text[:middle].rstrip() + "…", face, size, weight) <= max_width
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + "…"


def _font_runs(text: str, face: Face, weight: int) -> list[tuple[hb.Font, str]]:
    """Return the text in stretches that one font can show."""
    fonts = [_font(name, weight) for name in _FILES[face]]
    runs: list[tuple[hb.Font, str]] = []
    for character in text:
        font = next((font for font in fonts if font.get_nominal_glyph(ord(character))), None)
        if font is None:
            continue
        if runs and runs[-1][0] is font:
            runs[-1] = (font, runs[-1][1] + character)
        else:
            runs.append((font, character))
    return runs


@cache
def _font(name: str, weight: int) -> hb.Font:
    font = hb.Font(hb.Face((_FONT_FOLDER / f"{name}.ttf").read_bytes()))
    font.set_variations({"wght": weight})
    return font


@dataclass(frozen=True)
class _Pen:
    """Where glyphs are drawn: units of the font, times `scale`, from (x, y); `pieces` grows by commands of a path."""

    scale: float
    x: float
    y: float
    pieces: list[str]

    def write(self, command: str, *numbers: float) -> None:
        """Write a command with its points, x and y in turn."""
        moved = [
            (self.x + value * self.scale) if at % 2 == 0 else (self.y - value * self.scale)
            for at, value in enumerate(numbers)
        ]
        self.pieces.append(command + " ".join(f"{value:.1f}".removesuffix(".0") for value in moved))


def _pen_callback(command: str) -> Callable[..., None]:
    """Return what HarfBuzz calls for one kind of stroke: with its points, then the pen."""

    def draw(*values: float | _Pen) -> None:
        *points, pen = values
        pen.write(command, *points)  # type: ignore[union-attr, arg-type]

    return draw


def _draw_functions() -> hb.DrawFuncs:
    functions = hb.DrawFuncs()
    functions.set_move_to_func(_pen_callback("M"))
    functions.set_line_to_func(_pen_callback("L"))
    functions.set_quadratic_to_func(_pen_callback("Q"))
    functions.set_cubic_to_func(_pen_callback("C"))
    functions.set_close_path_func(_pen_callback("Z"))
    return functions


_DRAW_FUNCTIONS = _draw_functions()


Shape = Literal["square", "story", "wide"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
SIZES: dict[Shape, tuple[int, int]] = {"square": (1080, 1080), "story": (1080, 1920), "wide": (1200, 630)}
BAR_COUNT = 16
_BAR, _GAP, _GROUP = 7, 5, 9  # pixels of a bar, between two, and more between groups of four


@dataclass
class Canvas:
    """An SVG that grows."""

    shape: Shape
    mode: Mode
    _parts: list[str] = field(default_factory=list)

    @property
    def margin(self) -> int:
        """Pixels left blank around everything."""
        return 64 if self.shape == "wide" else 84

    @property
    def width(self) -> int:
        """Pixels."""
        return SIZES[self.shape][0]

    @property
    def height(self) -> int:
        """Pixels."""
        return SIZES[self.shape][1]

    @property
    def inner_width(self) -> float:
        """Width between the margins."""
        return self.width - 2 * self.margin

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        face: Face = "text",
        weight: int = 400,
        ink: str = "ink",
        end: bool = False,
    ) -> float:
        """Write a line from x (to x where `end`) on the baseline y; return its width."""
        drawn = outline(text, face, size, weight)
        left = x - drawn.width if end else x
        if drawn.path:
            place = f"translate({left:.1f} {y:.1f})"
            self._parts.append(f'<path transform="{place}" fill="{readable_colour(ink, self.mode)}" d="{drawn.path}"/>')
        return drawn.width

    def rectangle(self, x: float, y: float, wide: float, high: float, ink: str) -> None:
        """Fill a rectangle."""
        area = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
        self._parts.append(f'<rect {area} fill="{colour(ink, self.mode)}"/>')

    def bars(self, x: float, y: float, filled: int, high: float = 30) -> float:
        """Draw the sixteen bars from x, down from y, so many of them inked; return their width."""
        at = x
        for bar in range(BAR_COUNT):
            self.rectangle(at, y, _BAR, high, "accent" if bar < filled else "rule")
            at += _BAR + _GAP + (_GROUP if bar % 4 == 3 else 0)
        return at - _GAP - _GROUP - x

    def head(self, title: str, by: str, sizes: tuple[float, float] = (34, 46)) -> float:
        """Draw title and author; return where what follows may begin."""
        y = self.margin + 20.0
        if title:
            size = largest_size([title], self.inner_width, sizes, "text", 700)
            y += size * 0.6
            self.text(self.margin, y, shorten_to_width(title, self.inner_width, "text", size, 700), size, weight=700)
            y += 14
        if by:
            self.text(self.margin, y + 30, shorten_to_width(by, self.inner_width, "text", 28), 28, ink="grey")
            y += 44
        return y + 16

    def foot(self, source: str, address: str, filled: int) -> None:
        """Draw the bars, where this is from, and the address."""
        y = self.height - self.margin
        taken = self.bars(self.margin, y - 30, filled)
        left = self.width - self.margin
        room = self.inner_width - taken - 48
        self.text(left, y, shorten_to_width(address, room, "text", 24), 24, ink="grey", end=True)
        if source:
            self.text(left, y - 38, shorten_to_width(source, room, "text", 24, 600), 24, weight=600, end=True)

    def svg(self, title: str, description: str) -> str:
        """Return the picture; title and description are what a screen reader says."""
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        paper = f'<rect width="100%" height="100%" fill="{colour("paper", self.mode)}"/>'
        names = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(title)}>'
        return "".join([head, names, paper, *self._parts, "</svg>"])


def largest_size(texts: list[str], room: float, sizes: tuple[float, float], face: Face, weight: int = 400) -> float:
    """Return the largest size, between two, at which every text fits into a width; the least where none does."""
    least, most = sizes
    widest = max((width(text, face, 100, weight) for text in texts), default=0.0)
    return most if widest == 0 else max(least, min(most, 100 * room / widest))


def to_png(svg: str) -> bytes:
    """Return the picture in PNG. Its text is outlines: no font of the machine is looked for."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
