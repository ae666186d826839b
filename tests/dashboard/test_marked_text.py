"""Marks in a text: nested, cut where they cross, and nothing of the text lost or let through."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.frame.marked_text import MarkedSpan, Node, nest_spans, render_marks

TEXT = st.text(alphabet="ab<>&\"' é", max_size=20)
SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6)


def tags(node: Node[MarkedSpan]) -> tuple[str, str]:
    return f"<i id={node.start}>", "</i>"


def test_a_span_inside_another_is_nested_and_a_crossing_one_cut() -> None:
    outer, cut = nest_spans([MarkedSpan(0, 9), MarkedSpan(4, 6), MarkedSpan(7, 14)])
    assert [(node.start, node.stop) for node in outer.inner] == [(4, 6)]
    assert (cut.start, cut.stop) == (9, 14)


@given(TEXT, SPANS)
def test_without_its_tags_the_html_is_the_text(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [MarkedSpan(start, stop) for start, stop in pairs if start < stop <= len(text)]
    html = render_marks(text, spans, tags)
    assert unescape(re.sub(r"<i id=\d+>|</i>", "", html)) == text
    assert html.count("<i ") == html.count("</i>") == len(spans)
