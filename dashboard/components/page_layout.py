"""What every page shares: the look, the question, the answer, the fold with the explanation, the one error."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache, wraps
from html import escape
from pathlib import Path
from typing import ParamSpec

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.palette import css_tokens
from dashboard.locale.escaping import escape_markdown
from pipeline.errors import SeizeError
from pipeline.translation import SOURCE, Language, error_text, language, t

P = ParamSpec("P")
HERE = Path(__file__).resolve().parent.parent
UPLOADS = {"draft-file": 2}  # megabytes that an uploader takes where it is not as many as the server does
STATIC, TEXTS, VIEWS = HERE / "static", HERE / "texts", HERE / "views"


@cache
def _stylesheet() -> str:
    return f"<style>.stApp{{{css_tokens()}}}{(STATIC / 'seize.css').read_text('utf-8')}</style>"


def add_stylesheet() -> None:
    """Put the stylesheet on the page, and over the words of Streamlit's own that it cannot translate those that do."""
    st.html(_stylesheet() + ("" if language() == SOURCE else _own_words()))


def _own_words() -> str:
    """Return the style that shows a visitor's words on the controls whose words Streamlit gives no say in."""
    size = '[data-testid="stFileUploaderDropzoneInstructions"] div'
    most = st.get_option("server.maxUploadSize")
    shown = {
        '[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]': t("Choose files"),
        size: t("{megabytes} MB per file", megabytes=most),
        **{f".st-key-{key} {size}": t("{megabytes} MB per file", megabytes=n) for key, n in UPLOADS.items()},
        '[data-testid="stSidebarNavViewButton"]': t("More or fewer pages"),
    }
    rules = "".join(f'{where}::after{{content:"{words}";font-size:0.875rem}}' for where, words in shown.items())
    hidden = f"{','.join(f'{where}>*' for where in shown)}{{display:none}}"
    return f"<style>{hidden}{rules}{list(shown)[-1]}{{font-size:0}}</style>"


def question(text: str) -> None:
    """Draw the title of a page: the question that it answers."""
    st.title(escape_markdown(text), anchor=False)


def answer(html: str) -> None:
    """Draw the answer as a sentence with its numbers. `html` must be escaped already; figures in <b>."""
    st.html(f'<p class="answer">{html}</p>')


def remark(text: str) -> None:
    """Draw a remark in small type."""
    st.html(f'<p class="quiet">{escape(text)}</p>')


def key_figures(values: Mapping[str, str]) -> None:
    """Draw key figures in a row: name -> value as shown."""
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in values.items())
    st.html(f'<dl class="figures">{cells}</dl>')


def how_to_read(page: str) -> None:
    """Draw the folded explanation of a page, from texts/<language>/<page>.md."""
    with st.expander(t("How to read this")):
        st.markdown(read_text(page))


def read_text(page: str) -> str:
    """Return a document of texts/ in the language of the moment, in English where it is not yet translated."""
    return _read_text(page, language())


@cache
def _read_text(page: str, code: Language) -> str:
    path = TEXTS / code / f"{page}.md"
    return (path if path.is_file() else TEXTS / SOURCE / f"{page}.md").read_text("utf-8")


def empty_state(text: str) -> None:
    """Instead of a figure without data: what to do next."""
    st.html(f'<div class="empty"><p>{escape(text)}</p></div>')


def no_model() -> None:
    """Instead of a page that plays a run where there is none: the way to one."""
    empty_state(t("There is no model yet. Train one: five minutes are enough."))
    st.page_link(VIEWS / "training.py", label=t("Train a model"), icon=":material/model_training:")


@contextmanager
def show_errors(place: DeltaGenerator | None = None) -> Iterator[None]:
    """Show a problem that the visitor can mend as one sentence instead of the rest of the page, or in `place`."""
    try:
        yield
    except SeizeError as error:
        with place or nullcontext():
            show_error(error_text(error))


def show_error(text: str) -> None:
    """Say what went wrong and what to do, in one sentence."""
    st.html(f'<div class="problem" role="alert"><p>{escape(text)}</p></div>')


def fragment(function: Callable[P, None], run_every: str | None = None) -> Callable[P, None]:
    """Return `st.fragment`, whose problems the router never sees: they are one sentence in its place."""

    @wraps(function)
    def guarded(*args: P.args, **options: P.kwargs) -> None:
        with show_errors():
            function(*args, **options)

    return st.fragment(guarded, run_every=run_every)
