"""Text in the app's typefaces as outlines: shaped by HarfBuzz, so that kerning and accents are as in a browser.

Knows nothing of cards. Sizes are in pixels; y grows downwards, the baseline at 0.
"""

import io
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import uharfbuzz as hb
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from pipeline.paths import FONTS

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
    pieces, x = [], 0.0
    for font, part in _runs(text, face, weight):
        scale = size / font.face.upem
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        hb.shape(font, buffer, {"kern": True, "liga": True})
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen = SVGPathPen(None, ntos=lambda value: f"{value:.1f}".rstrip("0").rstrip("."))
            place = (scale, 0, 0, -scale, x + at.x_offset * scale, -at.y_offset * scale)
            font.draw_glyph_with_pen(info.codepoint, TransformPen(pen, place))
            pieces.append(pen.getCommands())
            x += at.x_advance * scale
    return Outline("".join(pieces), x)


def width(text: str, face: Face, size: float, weight: int = 400) -> float:
    """Return how wide a line of text is."""
    return outline(text, face, size, weight).width


def shortened(text: str, longest: float, face: Face, size: float, weight: int = 400) -> str:
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
    opened = TTFont(FONTS / f"{name}.woff2")
    opened.flavor = None
    plain = io.BytesIO()
    opened.save(plain)
    font = hb.Font(hb.Face(plain.getvalue()))
    font.set_variations({"wght": weight})
    return font
