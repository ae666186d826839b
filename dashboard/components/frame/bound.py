"""Controls whose values stand in the address, so that what is shared is what was seen.

Streamlit's own binding writes the label of an option, which changes with its wording and its language. `pick` and
`pick_or_none` write its key, and still open addresses that hold the label.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

import numpy as np
import streamlit as st

from dashboard.components.frame import address, page_layout
from dashboard.locale.escaping import escape_markdown
from pipeline.cells.activations import Array
from pipeline.core.translation import t

N = TypeVar("N", int, float)
K = TypeVar("K", bound=str | int)
BIND: Literal["query-params"] = "query-params"
Look = Literal["buttons", "list", "radio", "steps"]
LONGEST = 400  # characters of a line of text
PLAIN = "%.4g"  # of a control: no digit that it does not need
LISTED = 5_000  # options that a menu lists; of more, the others are typed


def slider(
    label: str, low: N, high: N, start: N, step: N | None = None, *, key: str, help: str, disabled: bool = False
) -> N:
    """A number between two others."""
    form = PLAIN if isinstance(start, float) else None
    return st.slider(label, low, high, start, step, key=key, bind=BIND, help=help, disabled=disabled, format=form)


def logits(starts: Sequence[float], reach: float, *, key: str, help: str) -> Array:
    """A slider from -reach to reach for each logit z1, z2, …: what they stand at, `(n,)`."""
    return np.array(
        [slider(f"z{i}", -reach, reach, start, 0.1, key=f"{key}{i}", help=help) for i, start in enumerate(starts, 1)]
    )


def number(
    label: str, low: int, high: int, start: int, *, key: str, help: str | None = None, width: int | None = None
) -> int:
    """A whole number; `width` in pixels is that of its box, the whole row's unless it is given."""
    bind = None if address.is_infinite(key) else BIND  # Streamlit would make a whole number of it, and fail
    return int(st.number_input(label, low, high, start, key=key, bind=bind, help=help, width=width or "stretch"))


def text(label: str, start: str = "", *, key: str, longest: int = LONGEST, hint: str | None = None) -> str:
    """A line of text, of `longest` characters at most."""
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
    spoken: bool = False,
    listed: int = LISTED,
) -> K:
    """One of `options`, key -> label; the first unless `start` is given. The address holds the key.

    With `everywhere` it keeps its value from page to page, and with `spoken` the address names it even where it is the
    first; `width` in pixels is that of a list, which holds as many
    options as are `listed` and takes the labels of others.
    """
    first = next(iter(options)) if start is None else start
    address.follow(key, options, first, everywhere=everywhere)
    if key not in st.session_state:  # the control has this value or its default, never both
        st.session_state[key] = first
    address.reword(key, options)
    names, keys = _names(options, look), list(options)
    persist: Literal["session"] | None = "session" if everywhere else None  # also over pages that do not draw it
    value: K | str | None
    if look == "buttons":
        value = st.segmented_control(
            label, keys, required=True, format_func=names, key=key, help=help, persist_state=persist
        )
    elif look == "steps":
        value = st.select_slider(label, keys, format_func=names, key=key, help=help, persist_state=persist)
    elif look == "radio":
        value = st.radio(label, keys, format_func=names, key=key, help=help, persist_state=persist)
    else:
        keys = list(dict.fromkeys([*keys[:listed], st.session_state[key]]))
        value = st.selectbox(
            label, keys, format_func=names, key=key, help=help, width=width or "stretch", persist_state=persist,
            accept_new_options=len(keys) < len(options),
        )  # fmt: skip
    chosen = next((option for option in keys if option == value), first)
    address.write(key, chosen, None if spoken else first)
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
    address.reword(key, options)
    keys, names = list(options), _names(options, look)
    value: K | None
    if look == "buttons":
        value = st.pills(label, keys, format_func=names, key=key, help=help)
    else:
        value = st.selectbox(label, keys, None, format_func=names, key=key, help=help, placeholder=hint)
    address.write(key, value, None)
    return value


def pick_some(
    label: str,
    names: Sequence[str],
    start: Sequence[str] = (),
    *,
    key: str,
    hint: str | None = None,
    most: int | None = None,
    width: int | None = None,
    shown: Callable[[str], str] = str,
) -> tuple[str, ...]:
    """Some of `names`, at most so many, to begin with `start`. Of too many to list, the others are typed."""
    listed = list(dict.fromkeys([*names[:LISTED], *start]))
    chosen = st.multiselect(
        label, listed, list(start), key=key, bind=BIND, placeholder=hint, max_selections=most, format_func=shown,
        width=width or "stretch", accept_new_options=len(listed) < len(names),
    )  # fmt: skip
    available = set(names)
    if unknown := [address.quote_unknown(name) for name in chosen if name not in available]:
        page_layout.remark(t("There is none here that is called {names}.", names=", ".join(unknown)))
    return tuple(name for name in chosen if name in available)


def _names(options: Mapping[K, str], look: Look) -> Callable[[K], str]:
    """Return what writes a label: a list shows it as it is, the others read it as Markdown."""
    return options.__getitem__ if look == "list" else lambda option: escape_markdown(options[option])
