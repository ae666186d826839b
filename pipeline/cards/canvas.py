"""What a card is drawn on: paper of one of three shapes, text, rules, the sixteen bars, and the foot that all share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args
from xml.sax.saxutils import escape, quoteattr

from pipeline.cards.outlines import Face, outline, shorten_to_width, width
from pipeline.cards.theme import Mode, colour, readable

Shape = Literal["square", "story", "wide"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
SIZES: dict[Shape, tuple[int, int]] = {"square": (1080, 1080), "story": (1080, 1920), "wide": (1200, 630)}
BARS = 16
_BAR, _GAP, _GROUP = 7, 5, 9  # pixels of a bar, between two, and more between groups of four


@dataclass
class Canvas:
    """An SVG that grows. `margin` is the blank around everything."""

    shape: Shape = "square"
    mode: Mode = "light"
    margin: int = 84
    _parts: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Pixels."""
        return SIZES[self.shape][0]

    @property
    def height(self) -> int:
        """Pixels."""
        return SIZES[self.shape][1]

    @property
    def inner(self) -> float:
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
            self._parts.append(f'<path transform="{place}" fill="{readable(ink, self.mode)}" d="{drawn.path}"/>')
        return drawn.width

    def rectangle(self, x: float, y: float, wide: float, high: float, ink: str) -> None:
        """Fill a rectangle."""
        area = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
        self._parts.append(f'<rect {area} fill="{colour(ink, self.mode)}"/>')

    def line(self, points: Sequence[tuple[float, float]], ink: str, thick: float = 4) -> None:
        """Draw a line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        look = f'fill="none" stroke="{colour(ink, self.mode)}" stroke-width="{thick}" stroke-linejoin="round"'
        self._parts.append(f'<polyline points="{path}" {look}/>')

    def bars(self, x: float, y: float, filled: int, high: float = 30) -> float:
        """Draw the sixteen bars from x, down from y, so many of them inked; return their width."""
        at = x
        for bar in range(BARS):
            self.rectangle(at, y, _BAR, high, "accent" if bar < filled else "rule")
            at += _BAR + _GAP + (_GROUP if bar % 4 == 3 else 0)
        return at - _GAP - _GROUP - x

    def foot(self, source: str, address: str, filled: int) -> None:
        """Draw the bars, where this is from, and the address."""
        y = self.height - self.margin
        taken = self.bars(self.margin, y - 30, filled)
        left = self.width - self.margin
        room = self.inner - taken - 48
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
