"""Text in the app's typefaces as outlines: shaped by HarfBuzz, so that kerning and accents are as in a browser.

Knows nothing of cards. Sizes are in pixels; y grows downwards, the baseline at 0. The typefaces in fonts/ are those of
the pages (dashboard/static/fonts, with their licences), unpacked from WOFF2 once: a library that reads it weighs 31 MB.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import uharfbuzz as hb

_FONTS = Path(__file__).with_name("fonts")
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
    for font, part in _runs(text, face, weight):
        scale = size / font.face.upem
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        hb.shape(font, buffer, {"kern": True, "liga": True})
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen = _Pen(scale, x + at.x_offset * scale, -at.y_offset * scale, pieces)
            font.draw_glyph(info.codepoint, _DRAW, pen)
            x += at.x_advance * scale
    return Outline("".join(pieces), x)


def width(text: str, face: Face, size: float, weight: int = 400) -> float:
    """Return how wide a line of text is."""
    return outline(text, face, size, weight).width


def shorten_to_width(text: str, longest: float, face: Face, size: float, weight: int = 400) -> str:
    """Return the text, or as much of it as fits into a width, with an ellipsis."""
    if width(text, face, size, weight) <= longest:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(text[:middle].rstrip() + "…", face, size, weight) <= longest
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + "…"


def _runs(text: str, face: Face, weight: int) -> list[tuple[hb.Font, str]]:
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
    font = hb.Font(hb.Face((_FONTS / f"{name}.ttf").read_bytes()))
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


def _writer(command: str) -> Callable[..., None]:
    """Return what HarfBuzz calls for one kind of stroke: with its points, then the pen."""

    def draw(*values: float | _Pen) -> None:
        *points, pen = values
        pen.write(command, *points)  # type: ignore[union-attr, arg-type]

    return draw


def _draw_functions() -> hb.DrawFuncs:
    functions = hb.DrawFuncs()
    functions.set_move_to_func(_writer("M"))
    functions.set_line_to_func(_writer("L"))
    functions.set_quadratic_to_func(_writer("Q"))
    functions.set_cubic_to_func(_writer("C"))
    functions.set_close_path_func(_writer("Z"))
    return functions


_DRAW = _draw_functions()
