"""The line under study: one short text on which all Learn pages work, in the sidebar and in the address."""

import secrets

import streamlit as st

from dashboard import cache
from dashboard.components import page_layout
from dashboard.components.bound import BIND
from dashboard.lessons.study import LONGEST, SHORTEST, clean
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import t
from pipeline.corpus.table import Corpus

KEY = "line"
DEFAULT = "Je compte les mesures, j'en veux seize"


def draw() -> None:
    """Draw the line in the sidebar: the router does, so that it carries from page to page."""
    cache.corpus_names()  # prepares the embedded corpus when a lesson is the first page that is opened
    with st.sidebar:  # first: until it is there the navigation stands at the left edge
        st.text_input(
            t("The line under study"),
            DEFAULT,
            key=KEY,
            bind=BIND,
            max_chars=LONGEST,
            help=t("Every Learn page works on this line. Write your own; it stays in the address."),
        )
        st.button(t("Another from the corpus"), on_click=_another, icon=":material/casino:", key="another-line")
        if len(clean(st.session_state[KEY] or "")) < SHORTEST:
            page_layout.remark(
                t(
                    "Too short to read: {least} characters at least. Until then the pages use their own line.",
                    least=SHORTEST,
                )
            )


def line() -> str:
    """The line under study, safe to read."""
    text = clean(st.session_state.get(KEY) or "")
    return text if len(text) >= SHORTEST else DEFAULT


def short_lines(corpus: Corpus) -> list[str]:
    """Lines that fit under study, without ad-libs."""
    texts = corpus.texts
    fits = texts.str.len().between(24, 40) & ~texts.str.contains("(", regex=False)
    return texts[fits].tolist()


def _another() -> None:
    st.session_state[KEY] = secrets.choice(short_lines(cache.open_corpus(DEMO_NAME)))
