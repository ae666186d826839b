"""What the Learn pages share: the line under study, a part with its row, a question with its answer folded."""

import secrets
import zlib
from collections.abc import Sequence
from functools import cache as once
from html import escape

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.components import page_layout
from dashboard.lessons import glossary
from dashboard.lessons.study import LONGEST, SHORTEST, clean, visible
from pipeline.cells.activations import Array
from pipeline.corpus.table import Corpus
from pipeline.paths import DEMO_NAME

KEY, BIND = "line", "query-params"
DEFAULT = "Je compte les mesures, j'en veux seize"


def draw() -> None:
    """The line under study, in the sidebar: the router draws it, so that it carries from page to page."""
    with st.sidebar:  # first: until it is there the navigation stands at the left edge
        st.text_input(
            "The line under study",
            DEFAULT,
            key=KEY,
            bind=BIND,
            max_chars=LONGEST,
            help="Every Learn page works on this line. Write your own; it stays in the address.",
        )
        st.button("Another from the corpus", on_click=_another, icon=":material/casino:", key="another-line")
        if len(clean(st.session_state[KEY] or "")) < SHORTEST:
            page_layout.remark(
                f"Too short to read: {SHORTEST} characters at least. Until then the pages use their own line."
            )
    st.html(_stylesheet())


def line() -> str:
    """The line under study, safe to read."""
    text = clean(st.session_state.get(KEY) or "")
    return text if len(text) >= SHORTEST else DEFAULT


def _another() -> None:
    st.session_state[KEY] = secrets.choice(short_lines(cache.open_corpus(DEMO_NAME)))


def short_lines(corpus: Corpus) -> list[str]:
    """Lines that fit under study, without ad-libs."""
    texts = corpus.lines["text"]
    fits = texts.str.len().between(24, 40) & ~texts.str.contains("(", regex=False)
    return texts[fits].tolist()


def opening(number: int, question: str, text: str) -> None:
    """The head of a page: its number, its question, and what it teaches in a few sentences (Markdown)."""
    st.html(f'<p class="lesson-number">Learn {number} of 12</p>')
    page_layout.question(question)
    with st.container(key="lead"):
        st.markdown(text)


def part(rows: str, heading: str, text: str = "") -> None:
    """A part of a page. `rows` names what it shows, such as "E3": a test looks for every one."""
    st.html(f'<h2 class="part" data-rows="{escape(rows)}">{escape(heading)}</h2>')
    if text:
        with st.container(key=f"prose-{rows.replace(' ', '-').lower()}"):
            st.markdown(text)


def formula(latex: str, *, key: str) -> None:
    r"""Formulas separated by `\qquad`: beside each other, on a narrow screen below each other; one too wide scrolls."""
    row = {"horizontal": True, "horizontal_alignment": "center", "vertical_alignment": "center"}
    with st.container(key=f"formula-{key}", gap="medium", **row):
        for one in latex.split(r"\qquad"):
            st.latex(one, width="content")


def step(
    label: str, text: str, at: int | None = None, *, key: str, help: str, first: int = 1, disabled: bool = False
) -> int:
    """A slider over the steps of a line, from the first; it stands at step `at`, or at the last."""
    last = len(text)
    start = last if at is None else min(at, last)
    return st.slider(label, first, last, start, key=key, bind=BIND, help=help, disabled=disabled)


def logits(starts: Sequence[float], reach: float, *, key: str, help: str) -> Array:
    """A slider from -reach to reach for each logit z1, z2, …: what they stand at, `(n,)`."""
    return np.array(
        [
            st.slider(f"z{i}", -reach, reach, start, 0.1, key=f"{key}{i}", bind=BIND, help=help)
            for i, start in enumerate(starts, 1)
        ]
    )


def ask(question: str, answer: str) -> None:
    """A question with its answer folded."""
    with st.container(key=f"ask-{zlib.crc32(question.encode())}"), st.expander(question, icon=":material/help:"):
        st.markdown(answer)


def closing(number: int) -> None:
    """The terms of the page in two languages."""
    terms = glossary.of_page(number)
    if terms:
        with st.expander("The words of this page, in English and French"):
            st.html(glossary_table(terms))


def glossary_table(terms: tuple[glossary.Term, ...]) -> str:
    """Terms side by side, as HTML."""
    rows = "".join(
        f"<tr><td>{escape(t.english)}</td><td lang=fr>{escape(t.french)}</td><td>{escape(t.meaning)}</td></tr>"
        for t in terms
    )
    head = "<tr><th>English</th><th>Français</th><th>Meaning</th></tr>"
    return f'<div class="scroll"><table class="terms"><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def plain_table(head: list[str], rows: list[list[str]], *, label: str = "") -> None:
    """A small table of texts; everything is escaped."""
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(
        f'<div class="scroll"><table class="terms" aria-label="{escape(label)}"><thead><tr>{titles}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def drawing(svg: str) -> None:
    """An SVG made of our own numbers: `st.html` would strip it."""
    st.markdown(f'<div class="drawing" tabindex="0">{svg}</div>', unsafe_allow_html=True)


def tinted(
    symbols: list[str], shares: list[float], *, picked: int | None = None, hints: list[str] | None = None
) -> str:
    """Characters on a ground as strong as their share (0 to 1), as HTML; `hints` show on hover."""
    hints = hints or [""] * len(symbols)
    marks = "".join(
        f'<span class="tint{" picked" if place == picked else ""}" style="--share:{100 * min(max(share, 0), 1):.0f}%"'
        f' title="{escape(hint)}">{escape(visible(symbol))}</span>'
        for place, (symbol, share, hint) in enumerate(zip(symbols, shares, hints, strict=True))
    )
    return f'<p class="tints" lang="fr">{marks}</p>'


@once
def _stylesheet() -> str:
    return f"<style>{(page_layout.STATIC / 'learn.css').read_text()}</style>"
