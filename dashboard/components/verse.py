"""A verse as HTML: lines, escaped already, with their numbers and ad-libs set apart."""

import re
from collections.abc import Sequence

_ADLIB = re.compile(r"(\([^()]*\))")


def quiet_adlibs(html: str) -> str:
    """The same HTML with ad-libs in brackets set apart.

    >>> quiet_adlibs("J'arrive (skrrt)")
    'J\\'arrive <span class="adlib">(skrrt)</span>'
    """
    return _ADLIB.sub(r'<span class="adlib">\1</span>', html)


def verse(lines: Sequence[str], *, start: int = 1, tight: bool = False) -> str:
    """An ordered list of lines (escaped HTML); every fourth bar shows its number, counted from `start`."""
    items = "".join(
        f"<li{f' data-bar={bar}' if bar % 4 == 0 else ''}>{quiet_adlibs(line)}</li>"
        for bar, line in enumerate(lines, start)
    )
    return f'<ol class="verse{" tight" if tight else ""}" lang="fr">{items}</ol>'
