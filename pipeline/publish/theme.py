"""The colours of Seize, in light and in dark: pages, figures and cards share them.

Categorical colours are after Okabe and Ito (2008), safe for the colour-blind, each with contrast 3 or more on its
ground.
"""

from collections.abc import Sequence
from typing import Literal

Mode = Literal["light", "dark"]

# In the order of chartCategoricalColors: (light, dark).
COLOURS: dict[str, tuple[str, str]] = {
    "blue": ("#0072B2", "#3F9BD6"), "orange": ("#B97C00", "#E69F00"), "green": ("#008A63", "#12B383"),
    "purple": ("#B8628F", "#DE8FBA"), "sky": ("#2E8CC6", "#7CC7F0"), "vermilion": ("#C25200", "#F0743A"),
    "grey": ("#5C5866", "#A9A4B3"), "accent": ("#B8401A", "#FF8A5C"), "rule": ("#D9D2C4", "#37343F"),
    "ink": ("#17161B", "#F3F0E9"),
}  # fmt: skip
SURFACES: dict[str, tuple[str, str]] = {"paper": ("#FBF9F4", "#131217"), "second": ("#F1EDE4", "#1D1B22")}

RHYME_COLOURS = ("blue", "orange", "green", "purple", "sky", "vermilion")  # groups of rhymes, in order of appearance

SECTION_COLOURS = {
    "couplet": "blue", "refrain": "vermilion", "pré-refrain": "orange", "pont": "green", "interlude": "purple",
    "intro": "grey", "outro": "grey",
}  # fmt: skip


def colour(name: str, mode: Mode = "light") -> str:
    """Return the hexadecimal colour of a name of `COLOURS` or `SURFACES`."""
    return {**COLOURS, **SURFACES}[name][mode == "dark"]


def readable_colour(name: str, mode: Mode = "light", least: float = 4.5) -> str:
    """Return a colour for text: that of the name, mixed with ink until its contrast with paper is enough (WCAG 2)."""
    ground, ink, target = (_channels(colour(each, mode)) for each in ("paper", "ink", name))
    for step in range(21):
        mixed = tuple(round(own + (dark - own) * step / 20) for own, dark in zip(target, ink, strict=True))
        if contrast(mixed, ground) >= least:
            break
    return "#{:02X}{:02X}{:02X}".format(*mixed)


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the contrast ratio of two colours in sRGB, 1 to 21 (WCAG 2).

    >>> round(contrast((0, 0, 0), (255, 255, 255)), 1)
    21.0
    """
    low, high = sorted(_luminance(each) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(channels: Sequence[int]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(hexadecimal: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(hexadecimal.removeprefix("#")))
