"""Controls whose values stand in the address, so that what is shared is what was seen.

Streamlit's own binding writes the label of an option, which changes with its wording and its language. `pick` and
`pick_or_none` write its key, and still open addresses that hold the label.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

import numpy as np
import streamlit as st

from dashboard.components import address
from dashboard.locale.escaping import escape_markdown
from pipeline.cells.activations import Array

N = TypeVar("N", int, float)
K = TypeVar("K", bound=str | int)
BIND: Literal["query-params"] = "query-params"
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
    width: int | None = None,
    everywhere: bool = False,
) -> K:
    """One of `options`, key -> label; the first unless `start` is given. The address holds the key.

    With `everywhere` it keeps its value from page to page; `width` in pixels is that of a list.
    """
    first = next(iter(options)) if start is None else start
    address.follow(key, options, first, everywhere=everywhere)
    if key not in st.session_state:  # the control has this value or its default, never both
        st.session_state[key] = first
    keys, names = list(options), _names(options, look)
    persist: Literal["session"] | None = "session" if everywhere else None  # also over pages that do not draw it
    value: K | None
    if look == "buttons":
        value = st.segmented_control(
            label, keys, required=True, format_func=names, key=key, help=help, persist_state=persist
        )
    elif look == "steps":
        value = st.select_slider(label, keys, format_func=names, key=key, help=help, persist_state=persist)
    elif look == "radio":
        value = st.radio(label, keys, format_func=names, key=key, help=help, persist_state=persist)
    else:
        value = st.selectbox(
            label, keys, format_func=names, key=key, help=help, width=width or "stretch", persist_state=persist
        )
    chosen = first if value is None else value
    address.write(key, chosen, first)
    return chosen


def pick_or_none(
    label: str,
    options: Mapping[K, str],
    *,
    key: str,
    help: str | None = None,
    look: Literal["buttons", "list"] = "buttons",
    hint: str | None = None,
) -> K | None:
    """One of `options` as `pick`, or none: nothing is chosen to begin with, and what is chosen can be let go."""
    address.follow(key, options, None)
    keys, names = list(options), _names(options, look)
    value: K | None
    if look == "buttons":
        value = st.pills(label, keys, format_func=names, key=key, help=help)
    else:
        value = st.selectbox(label, keys, None, format_func=names, key=key, help=help, placeholder=hint)
    address.write(key, value, None)
    return value


def _names(options: Mapping[K, str], look: Look) -> Callable[[K], str]:
    """Return what writes a label: a list shows it as it is, the others read it as Markdown."""
    return options.__getitem__ if look == "list" else lambda option: escape_markdown(options[option])
