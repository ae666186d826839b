"""The address of a page and the state of its controls, kept the same: what is shared is what was seen.

A control is known by its widget key, in `st.session_state` and in the address. The address holds the key of an option,
never its label. `follow` goes before a control, `write` after it.
"""

from collections.abc import Collection, Mapping
from math import isinf
from typing import TypeVar
from urllib.parse import urlsplit

import streamlit as st

from dashboard.components.frame import page_layout
from pipeline.core.errors import shorten
from pipeline.core.translation import mark, t

K = TypeVar("K", bound=str | int)
WRITTEN, SPOKEN = "written-in-address", "labels-of-values"
LONGEST = 60  # characters of a name that are shown
_UNKNOWN = {
    "artist": mark("The address asks for the artist {names}: there is none of that name here."),
    "corpus": mark("The address asks for the corpus {names}: there is none of that name here."),
    "model": mark("The address asks for the model {names}: there is none of that name here."),
    "run": mark("The address asks for the run {names}: there is none of that name here."),
    "song": mark("The address asks for the song {names}: there is none of that name here."),
}


def follow(key: str, options: Mapping[K, str], start: K | None, *, everywhere: bool = False) -> None:
    """Take the value of a control from the address, when that is not what was written there last.

    So a link and the browser's Back and Forward are followed, and a value that a callback has set stays. A control that
    stands `everywhere` keeps its value where the address says nothing: pages are opened without it.
    """
    asked, fresh = st.query_params.get(key), key not in st.session_state
    if asked is None and everywhere and not fresh:
        if key not in _written_controls():  # first here: said again, or the browser shows the default and sends it
            value = st.session_state[key]
            st.session_state[key] = value if value in options else start
        return
    if asked != _written_controls().get(key) or (fresh and asked is not None):
        wanted = None if asked is None else key_of(asked, options)
        st.session_state[key] = start if wanted is None else wanted
    elif not fresh and (state := st.session_state[key]) != start and state not in options:
        typed = key_of(str(state), options)  # into a list that holds not all of them
        st.session_state[key] = start if typed is None else typed


def reword(key: str, labels: Mapping[K, str]) -> None:
    """Set a control to what it has once that is called otherwise, in another language or among other options: the
    browser would show the label of before, and send it back. Goes between `follow` and the control."""
    if key not in st.session_state:
        return
    spoken: dict[str, tuple[object, str | None]] = st.session_state.setdefault(SPOKEN, {})
    value = st.session_state[key]
    before, now = spoken.get(key), (value, labels.get(value))
    if before is not None and before != now and before[0] == value:
        st.session_state[key] = value
    spoken[key] = now


def write(key: str, value: K | None, start: K | None) -> None:
    """Write the value of a control into the address unless it is the default, and note what is there now."""
    text = None if value == start else str(value)
    if text is None and key in st.query_params:
        del st.query_params[key]
    elif text is not None and st.query_params.get(key) != text:
        st.query_params[key] = text
    _written_controls()[key] = text


def key_of(text: str, options: Mapping[K, str]) -> K | None:
    """Return the option that a text asks for: by its key, or by its label as somebody types it into a long list.

    >>> cells = {"rnn": "RNN", "gru": "GRU"}
    >>> key_of("gru", cells), key_of("GRU", cells), key_of("lstm", cells)
    ('gru', 'gru', None)
    """
    by_key = next((option for option in options if str(option) == text), None)
    return by_key if by_key is not None else next((key for key, label in options.items() if label == text), None)


def is_infinite(key: str) -> bool:
    """Whether the address gives a control a number that is larger than numbers are."""
    try:
        return isinf(float(st.query_params.get(key, 0)))
    except ValueError:
        return False


def report_unknown(key: str, names: Collection[str], what: str) -> None:
    """Say which names the address asks for in vain: of another machine, or mistyped. Goes before the control.

    `what` they are is one of `_UNKNOWN`.
    """
    missing = [quote_unknown(name) for name in st.query_params.get_all(key) if name and name not in names]
    if missing:
        page_layout.remark(t(_UNKNOWN[what], names=", ".join(missing[:3])))


def quote_unknown(name: str) -> str:
    """Return a name that is not known as a sentence shows it.

    >>> quote_unknown("Kobalt"), len(quote_unknown("x" * 1000))
    ('Kobalt', 60)
    """
    return shorten(name, LONGEST)


def _written_controls() -> dict[str, str | None]:
    """Return what this page wrote into the address: control -> text. Another page begins anew."""
    path = urlsplit(st.context.url or "").path
    if st.session_state.get(WRITTEN, ("", {}))[0] != path:
        st.session_state[WRITTEN] = (path, {})
    return st.session_state.setdefault(WRITTEN, (path, {}))[1]
