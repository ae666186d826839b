"""Small pieces of HTML on the Learn pages: tables of texts, drawings, characters on a tinted ground."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard.lessons.study import visible_symbol


def draw_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str = "") -> None:
    """Draw a small table of texts; everything is escaped."""
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(
        f'<div class="scroll"><table class="terms" aria-label="{escape(label)}"><thead><tr>{titles}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def draw_svg(svg: str) -> None:
    """Draw an SVG image made by this program: `st.html` would remove it."""
    st.markdown(f'<div class="drawing" tabindex="0">{svg}</div>', unsafe_allow_html=True)


def draw_printed_array(text: str) -> None:
    """Draw an array as NumPy prints it, in columns."""
    st.html(f'<pre class="numbers" tabindex="0">{escape(text)}</pre>')


def draw_continuation(before: str, after: str) -> None:
    """Draw a text and, in bold, its continuation."""
    st.html(f'<p class="continued" lang="fr">{escape(before)}<b>{escape(after)}</b></p>')


def tinted_text(
    symbols: Sequence[str], shares: Sequence[float], *, picked: int | None = None, hints: Sequence[str] | None = None
) -> str:
    """Return characters, each shaded by its share (0 to 1), as HTML that breaks after spaces; `hints` show on hover."""
    hints = hints or [""] * len(symbols)
    marks = "".join(
        f'<span class="tint{" picked" if place == picked else ""}" style="--share:{100 * min(max(share, 0), 1):.0f}%"'
        f' title="{escape(hint)}">{escape(visible_symbol(symbol))}</span>{"<wbr>" if symbol == " " else ""}'
        for place, (symbol, share, hint) in enumerate(zip(symbols, shares, hints, strict=True))
    )
    return f'<p class="tints" lang="fr">{marks}</p>'
