"""Lines of lyrics as HTML. Every text is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

Span = tuple[int, int]


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


def verse(lines: Sequence[str], *, start: int = 1, tight: bool = False, written: int | None = None) -> str:
    """An ordered list of lines (escaped HTML), numbered every four bars from `start`.

    The lines from place `written` on fade in: they have just been written.
    """
    fresh = len(lines) if written is None else written
    items = "".join(f"<li{' class=new' if place >= fresh else ''}>{line}</li>" for place, line in enumerate(lines))
    return f'<ol class="verse{" tight" if tight else ""}" lang="fr" style="counter-reset:bar {start - 1}">{items}</ol>'
