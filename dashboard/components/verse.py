"""Lines of lyrics as HTML. Every text is escaped here."""

import re
from collections.abc import Iterable, Sequence
from html import escape

Span = tuple[int, int]
_ADLIB = re.compile(r"(\([^()]*\))")


def marked(text: str, spans: Iterable[Span], opening: str = "<mark>", closing: str = "</mark>") -> str:
    """Escaped `text` with its character spans between two tags. Spans are in order and do not overlap.

    >>> marked("la rue <3", [(3, 6)])
    'la <mark>rue</mark> &lt;3'
    """
    parts, at = [], 0
    for start, stop in spans:
        parts += [escape(text[at:start], quote=False), opening, escape(text[start:stop], quote=False), closing]
        at = stop
    return "".join(parts) + escape(text[at:], quote=False)


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
