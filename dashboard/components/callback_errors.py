"""Errors in a callback, where nothing can be drawn: their sentences are kept for the page that is drawn next."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.components import page_layout
from pipeline.core.errors import SeizeError
from pipeline.core.translation import error_text


@contextmanager
def keep_error(place: str) -> Iterator[None]:
    """Keep a problem that the visitor can mend for the `place` on the page where it belongs."""
    try:
        yield
    except SeizeError as error:
        st.session_state[_key(place)] = error_text(error)


def show_kept_error(place: str) -> bool:
    """Show what was kept for this place, once; whether there was something."""
    sentence = st.session_state.pop(_key(place), "")
    if sentence:
        page_layout.show_error(sentence)
    return bool(sentence)


def _key(place: str) -> str:
    return f"error-of-{place}"
