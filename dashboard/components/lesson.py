"""What a Learn page is made of: a question, and parts of prose, formulas, tables and figures, in the order of the page.

    lesson.show(
        3,
        "What does one cell compute?",
        "A recurrent cell is a small machine with a memory.",
        Formula(r"a = \\tanh(…)"),
        Part("E2", "Step through your line", "A one-hot $x$ makes $W_{ax}x$ a *column*.", step_through),
        Ask("Why is the first character guessed so badly?", "Nothing can be known of it."),
    )

A string is prose (Markdown), a function draws a figure of the line under study. It knows no lesson in particular.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboard.components import page_layout
from dashboard.components.bound import slider
from dashboard.components.marks import draw_table
from dashboard.components.study_line import line
from dashboard.lessons import glossary
from dashboard.navigation import PAGES


@dataclass(frozen=True)
class Formula:
    r"""LaTeX; at each `\qquad` it may be cut: beside each other, or below each other on a narrow screen."""

    latex: str

    def draw(self) -> None:
        """Center the formulas; one that is too wide scrolls."""
        with st.container(
            key=f"formula-{checksum(self.latex)}",
            gap="medium",
            horizontal=True,
            horizontal_alignment="center",
            vertical_alignment="center",
        ):
            for one in self.latex.split(r"\qquad"):
                st.latex(one, width="content")


@dataclass(frozen=True)
class Table:
    """A table of fixed texts."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def draw(self) -> None:
        """Draw it."""
        draw_table(self.head, self.rows)


@dataclass(frozen=True)
class Ask:
    """A question, its answer (Markdown) folded."""

    question: str
    answer: str

    def draw(self) -> None:
        """Draw the question; a click unfolds the answer."""
        with (
            st.container(key=f"ask-{checksum(self.question)}"),
            st.expander(self.question, icon=":material/help:"),
        ):
            st.markdown(self.answer)


Block = str | Formula | Table | Ask | Callable[[str], None]


class Part:
    """A part of a page under a heading. `rows` names what it shows, such as "E3 E4": a test looks for every one."""

    def __init__(self, rows: str, heading: str, *blocks: Block) -> None:
        self.rows, self.heading, self.blocks = rows, heading, blocks

    def draw(self) -> None:
        """Draw the heading and what stands below it."""
        st.html(f'<h2 class="part" data-rows="{escape(self.rows)}">{escape(self.heading)}</h2>')
        for block in self.blocks:
            draw_block(block)


def show(number: int, question: str, lead: str, *blocks: Block | Part) -> None:
    """Draw the lesson of this number: its question, what it teaches in a few sentences, its blocks, its terms."""
    st.html(f'<p class="lesson-number">Learn {number} of {len(PAGES["Learn"])}</p>')
    page_layout.question(question)
    with st.container(key="lead"):
        st.markdown(lead)
    for block in blocks:
        draw_block(block)
    if terms := glossary.of_page(number):
        with st.expander("The words of this page, in English and French"):
            st.html(glossary_table(terms))


def draw_block(block: Block | Part) -> None:
    """Draw one block; a function is given the line under study."""
    if isinstance(block, str):
        with st.container(key=f"prose-{checksum(block)}"):
            st.markdown(block)
    elif isinstance(block, Formula | Table | Ask | Part):
        block.draw()
    else:
        block(line())


def two_columns(left: int = 2, right: int = 3) -> tuple[st.delta_generator.DeltaGenerator, ...]:
    """Two columns: controls, and what they move."""
    return tuple(st.columns([left, right], gap="large"))


def step_slider(
    label: str, text: str, at: int | None = None, *, key: str, help: str, first: int = 1, disabled: bool = False
) -> int:
    """Draw a slider over the steps of a line, from the first; it stands at step `at`, or at the last."""
    last = len(text)
    return slider(label, first, last, last if at is None else min(at, last), key=key, help=help, disabled=disabled)


def glossary_table(terms: Sequence[glossary.Term]) -> str:
    """Terms side by side, as HTML."""
    rows = "".join(
        f"<tr><td>{escape(t.english)}</td><td lang=fr>{escape(t.french)}</td><td>{escape(t.meaning)}</td></tr>"
        for t in terms
    )
    head = "<tr><th>English</th><th>Français</th><th>Meaning</th></tr>"
    return f'<div class="scroll"><table class="terms"><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def checksum(text: str) -> int:
    """A number of the text, for the key of what holds it."""
    return zlib.crc32(text.encode())
