"""Controls whose values stand in the address, so that what is shared is what was seen.

Streamlit's own binding writes the label of an option, which changes with its wording and its language. `pick` and
`pick_or_none` write its key, and still open addresses that hold the label.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

import numpy as np
import streamlit as st

from pipeline.cells.activations import Array

N = TypeVar("N", int, float)
K = TypeVar("K", bound=str | int)
BIND: Literal["query-params"] = "query-params"
NOTES = "notes-of-address"
Look = Literal["buttons", "list", "radio", "steps"]


def slider(
    label: str, low: N, high: N, start: N, step: N | None = None, *, key: str, help: str, disabled: bool = False
) -> N:
    """A number between two others."""
    return st.slider(label, low, high, start, step, key=key, bind=BIND, help=help, disabled=disabled)


def logits(starts: Sequence[float], reach: float, *, key: str, help: str) -> Array:
    """A slider from -reach to reach for each logit z1, z2, …: what they stand at, `(n,)`."""
    return np.array(
        [slider(f"z{i}", -reach, reach, start, 0.1, key=f"{key}{i}", help=help) for i, start in enumerate(starts, 1)]
    )


def number(label: str, low: int, high: int, start: int, *, key: str, help: str | None = None) -> int:
    """A whole number."""
    return int(st.number_input(label, low, high, start, key=key, bind=BIND, help=help))


def text(label: str, start: str = "", *, key: str, longest: int | None = None, hint: str | None = None) -> str:
    """A line of text."""
    return st.text_input(label, start, key=key, bind=BIND, max_chars=longest, placeholder=hint) or ""


def toggle(label: str, on: bool = False, *, key: str) -> bool:
    """A switch."""
    return st.toggle(label, on, key=key, bind=BIND)


def pick(
    label: str,
    options: Mapping[K, str],
    start: K | None = None,
    *,
    key: str,
    help: str | None = None,
    look: Look = "buttons",
) -> K:
    """One of `options`, key -> label; the first unless `start` is given. The address holds the key."""
    first = next(iter(options)) if start is None else start
    _hear(key, options, first)
    if key not in st.session_state:  # the control has this value or its default, never both
        st.session_state[key] = first
    keys, names = list(options), options.__getitem__
    value: K | None
    if look == "buttons":
        value = st.segmented_control(label, keys, required=True, format_func=names, key=key, help=help)
    elif look == "steps":
        value = st.select_slider(label, keys, format_func=names, key=key, help=help)
    elif look == "radio":
        value = st.radio(label, keys, format_func=names, key=key, help=help)
    else:
        value = st.selectbox(label, keys, format_func=names, key=key, help=help)
    return _tell(key, first if value is None else value, first)


def pick_or_none(
    label: str, options: Mapping[K, str], *, key: str, hint: str | None = None, look: Look = "buttons"
) -> K | None:
    """One of `options` as `pick`, or none: nothing is chosen to begin with, and what is chosen can be let go."""
    _hear(key, options, None)
    keys, names = list(options), options.__getitem__
    value: K | None
    if look == "buttons":
        value = st.pills(label, keys, format_func=names, key=key)
    else:
        value = st.selectbox(label, keys, None, format_func=names, key=key, placeholder=hint)
    return _tell(key, value, None)


def key_of(asked: str, options: Mapping[K, str]) -> K | None:
    """The option whose key, or whose label as addresses of before hold it, was asked for.

    >>> key_of("gru", {"rnn": "RNN", "gru": "GRU"}), key_of("GRU", {"rnn": "RNN", "gru": "GRU"})
    ('gru', 'gru')
    """
    return next((key for key, label in options.items() if asked in (str(key), label)), None)


def _hear(key: str, options: Mapping[K, str], start: K | None) -> None:
    """Before the control: take its value from the address, when that is not what was written there last.

    So a link and the browser's Back and Forward are followed, and a value that a callback has set stays.
    """
    asked, fresh = st.query_params.get(key), key not in st.session_state
    if asked != _notes().get(key) or (fresh and asked is not None):
        wanted = None if asked is None else key_of(asked, options)
        st.session_state[key] = start if wanted is None else wanted
    elif not fresh and st.session_state[key] not in (*options, start):
        st.session_state[key] = start


def _tell(key: str, value: Any, start: Any) -> Any:
    """After it: write the value into the address unless it is the default, and note what stands there."""
    written = None if value == start else str(value)
    if written is None and key in st.query_params:
        del st.query_params[key]
    elif written is not None and st.query_params.get(key) != written:
        st.query_params[key] = written
    _notes()[key] = written
    return value


def _notes() -> dict[str, str | None]:
    """What this page wrote into the address: control -> text. Another page begins anew."""
    path = urlsplit(st.context.url or "").path
    if st.session_state.get(NOTES, ("", {}))[0] != path:
        st.session_state[NOTES] = (path, {})
    return st.session_state.setdefault(NOTES, (path, {}))[1]
