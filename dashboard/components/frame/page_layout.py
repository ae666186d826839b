"""What every page shares: the look, the question, the answer, the fold with the explanation, the one error.

An error in a callback, where nothing can be drawn, is kept as its sentence for the page that is drawn next.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache, wraps
from html import escape
from pathlib import Path
from typing import Any, ParamSpec

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.palette import css_tokens
from dashboard.locale.escaping import escape_markdown
from pipeline.core.errors import SeizeError
from pipeline.core.translation import SOURCE, error_text, format_decimal, in_language, language, t


def progress_bars_html(filled: int, total: int = 16, *, large: bool = False, label: str = "") -> str:
    """Return HTML of `total` thin bars in groups of four, the first `filled` of them inked."""
    inked = "".join(f"<i{' class=on' if bar < filled else ''}></i>" for bar in range(total))
    text = label or t("{filled} of {total} bars", filled=format_decimal(filled), total=format_decimal(total))
    return f'<span class="bars{" large" if large else ""}" role="img" aria-label="{escape(text)}">{inked}</span>'


P = ParamSpec("P")
DASHBOARD_FOLDER = Path(__file__).resolve().parents[2]
STATIC, TEXTS, VIEWS = DASHBOARD_FOLDER / "static", DASHBOARD_FOLDER / "texts", DASHBOARD_FOLDER / "views"


_INVERTED_PRONOUN_PATTERN = re.compile(r"-(?=(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|ce)\b)")


@cache
def read_static(file: str) -> str:
    """Return the text of a script or a stylesheet in static/."""
    return (STATIC / file).read_text("utf-8")


@cache
def stylesheet() -> str:
    """Return the stylesheet of the pages, lessons among them, as HTML."""
    rules = read_static("seize.css") + read_static("learn.css")
    return f"<style>.stApp{{{css_tokens()}}}{rules}</style>"


def draw_question(text: str, lines: int = 0) -> DeltaGenerator:
    """Draw the title of a page, a question, and return the placeholder of its answer, with the height of `lines` lines.
    No line ends before the pronoun of a French question."""
    st.title(escape_markdown(_INVERTED_PRONOUN_PATTERN.sub("-\N{WORD JOINER}", text)), anchor=False)
    return answer_placeholder(lines) if lines else st.container()


def draw_answer(html: str, place: DeltaGenerator | None = None) -> None:
    """Draw the sentence that answers the question in the title of a page, as escaped HTML, here or in `place`."""
    (place or st).html(f'<p class="answer">{html}</p>')


def answer_placeholder(lines: int) -> DeltaGenerator:
    """Draw and return an empty place, as high as `lines` lines, for the answer that a page computes later."""
    with st.container(key=f"answer-of-{lines}"):
        place = st.empty()
        place.html('<p class="answer awaited">…</p>')  # a container without anything has no place
    return place


def remark(text: str) -> None:
    """Draw a remark in small type."""
    st.html(f'<p class="quiet">{escape(text)}</p>')


def key_figures(values: Mapping[str, str]) -> None:
    """Draw key figures in a row: name -> value as shown."""
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in values.items())
    st.html(f'<dl class="figures">{cells}</dl>')


def draw_head_to_head(rows: Sequence[tuple[str, str, str]]) -> None:
    """Draw a table that compares two sides: rows of (measure, value of the first, value of the second)."""
    cells = "".join(
        f"<tr><td>{escape(one)}</td><th scope=row>{escape(what)}</th><td>{escape(two)}</td></tr>"
        for what, one, two in rows
    )
    st.html(f'<table class="versus"><tbody>{cells}</tbody></table>')


def draw_paginated(count: int, size: int, key: str, draw: Callable[[slice], object]) -> None:
    """Draw one page of a list of `count` things by calling `draw` with the slice to show. Draw page numbers below if
    there are several pages."""
    pages = max(1, -(-count // size))
    page = min(int(st.session_state.get(key, 1)), pages)
    draw(slice((page - 1) * size, page * size))
    if pages > 1:
        st.pagination(pages, key=key)


def how_to_read(place: str) -> None:
    """Draw the explanation of a page or tab, texts/<language>/<place>.md, in a closed expander. Draw nothing where
    there is no such file."""
    if (TEXTS / SOURCE / f"{place}.md").is_file():
        with st.expander(t("How to read this")):
            st.markdown(load_page_text(place))


def load_page_text(page: str) -> str:
    """Return texts/<language>/`page`.md in the current language, or in English where it is not translated."""
    path = TEXTS / language() / f"{page}.md"
    return (path if path.is_file() else TEXTS / SOURCE / f"{page}.md").read_text("utf-8")


def draw_fold(label: str, draw: Callable[..., None], *args: object, key: str) -> None:
    """Draw a closed fold whose content, `draw(*args)`, is drawn only while it is open."""
    with st.expander(label, on_change="rerun", key=key) as opened, show_errors():
        if opened.open:
            draw(*args)


def button(label: str, icon: str, act: Callable[..., None], *args: object, key: str, **look: Any) -> None:
    """Draw a button that calls `act(*args)`; `icon` is the name of a Material symbol or "", `look` are other arguments
    of `st.button`."""
    st.button(label, key=key, icon=f":material/{icon}:" if icon else None, on_click=act, args=args, **look)


def empty_state(text: str) -> None:
    """Draw a sentence that says what to do next, in the place of a figure without data."""
    st.html(f'<div class="empty"><p>{escape(text)}</p></div>')


def no_model() -> None:
    """Draw a link to training in the place of a page that needs a model, when there is no model."""
    empty_state(t("There is no model yet. Train one in five minutes."))
    st.page_link(VIEWS / "training.py", label=t("Train a model"), icon=":material/model_training:")


@contextmanager
def show_errors(place: DeltaGenerator | None = None) -> Iterator[None]:
    """Catch a SeizeError of the `with` block and draw it as one sentence, in `place` or where the block stopped."""
    try:
        yield
    except SeizeError as error:
        with place or nullcontext():
            show_error(error_text(error))


def show_error(text: str) -> None:
    """Draw a sentence that says what went wrong and what to do."""
    st.html(f'<div class="problem" role="alert"><p>{escape(text)}</p></div>')


def fragment(function: Callable[P, None], run_every: str | None = None) -> Callable[P, None]:
    """Return `function` as `st.fragment`, with its errors drawn in its place and its language looked up once per
    run."""

    @wraps(function)
    def guarded(*args: P.args, **options: P.kwargs) -> None:
        with in_language(language()), show_errors():
            function(*args, **options)

    return st.fragment(guarded, run_every=run_every)


@contextmanager
def store_error(place: str) -> Iterator[None]:
    """Catch a SeizeError of the `with` block and store its sentence in the session for `show_stored_error(place)`."""
    try:
        yield
    except SeizeError as error:
        st.session_state[f"error-of-{place}"] = error_text(error)


def show_stored_error(place: str) -> bool:
    """Draw the sentence that `store_error` stored for this place, once; return whether there was one."""
    sentence = st.session_state.pop(f"error-of-{place}", "")
    if sentence:
        show_error(sentence)
    return bool(sentence)
