"""A text with spans of it marked, and a verse, as HTML: the one place where lyrics and tags are put together.

All text is escaped, but for the lines of `verse`, which are HTML already. Marks may lie inside each other; of two that
overlap in part, the later one is cut to begin where the earlier ends. Knows nothing of what a mark means: whoever calls
says what HTML stands before and after it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Generic, NamedTuple, Protocol, TypeVar


class SpanLike(Protocol):
    """A span of a text: the characters from `start` to before `stop`."""

    @property
    def start(self) -> int: ...
    @property
    def stop(self) -> int: ...


S = TypeVar("S", bound=SpanLike)


class Node(NamedTuple, Generic[S]):
    """A marked span with the shorter ones inside it. If it overlaps the span before, `start` is moved to that one's
    end."""

    start: int
    stop: int
    span: S
    inner: list["Node[S]"]


class MarkedSpan(NamedTuple):
    """A span and the CSS class of its mark, if any."""

    start: int
    stop: int
    kind: str = ""


def render_marks(text: str, spans: Iterable[S], tags: Callable[[Node[S]], tuple[str, str]]) -> str:
    """Return the escaped text as HTML with the pair of tags that `tags` returns around each span.

    >>> render_marks("<la rue>", [MarkedSpan(1, 7), MarkedSpan(4, 7)], lambda node: (f"<i{node.start}>", "</i>"))
    '&lt;<i1>la <i4>rue</i></i>&gt;'
    """
    return _render(text, 0, len(text), nest_spans(spans), tags)


def highlight(text: str, spans: Iterable[tuple[int, int] | tuple[int, int, str]]) -> str:
    """Return a text as escaped HTML with spans in <mark>. A span is (start, stop) or (start, stop, class of the mark).

    >>> highlight("la rue <3", [(3, 6)])
    'la <mark>rue</mark> &lt;3'
    """
    marks = (MarkedSpan(*span) for span in spans)
    return render_marks(text, marks, lambda node: (f"<mark{node.span.kind and f' class={node.span.kind}'}>", "</mark>"))


def nest_spans(spans: Iterable[S]) -> list[Node[S]]:
    """Return the spans of one text as a forest: each with those inside it."""
    nodes: list[Node[S]] = []
    for span in sorted(spans, key=lambda span: (span.stop, -span.start)):
        first = len(nodes)
        while first and nodes[first - 1].start >= span.start:
            first -= 1
        start = max(span.start, nodes[first - 1].stop if first else 0)
        nodes[first:] = [Node(start, span.stop, span, nodes[first:])]
    return nodes


def _render(
    text: str, start: int, stop: int, nodes: Sequence[Node[S]], tags: Callable[[Node[S]], tuple[str, str]]
) -> str:
    parts, at = [], start
    for node in nodes:
        before, after = tags(node)
        inside = _render(text, node.start, node.stop, node.inner, tags)
        parts += [escape(text[at : node.start], quote=False), before, inside, after]
        at = node.stop
    return "".join(parts) + escape(text[at:stop], quote=False)


_ADLIB = re.compile(r"(\([^()]*\))")


def mark_adlibs(html: str) -> str:
    """Return the same HTML with each ad-lib in round brackets in a <span class="adlib">.

    >>> mark_adlibs("J'arrive (skrrt)")
    'J\\'arrive <span class="adlib">(skrrt)</span>'
    """
    return _ADLIB.sub(r'<span class="adlib">\1</span>', html)


def verse_html(lines: Sequence[str], *, start: int = 1, tight: bool = False) -> str:
    """Return lines of escaped HTML as an ordered list; every fourth line shows its number, counted from `start`."""
    items = "".join(
        f"<li{f' data-bar={bar}' if bar % 4 == 0 else ''}>{mark_adlibs(line)}</li>"
        for bar, line in enumerate(lines, start)
    )
    return f'<ol class="verse{" tight" if tight else ""}" lang="fr">{items}</ol>'
