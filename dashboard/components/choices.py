"""The two choices of a figure, kept in the URL: how it counts, and which of its marks is read."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard.components import frame


def choice(label: str, options: Mapping[str, str], key: str) -> str:
    """One of a few values under readable names, the first unless another is chosen."""
    return st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        required=True,
        format_func=options.get,
        key=key,
        bind="query-params",
    )


def chosen(label: str, options: Sequence, key: str, reads: str, names: Callable[[object], str] = str) -> object | None:
    """The mark of a figure that is picked, by a click or here; without one, a word on what a click does."""
    picked = st.selectbox(
        label, options, None, key=key, bind="query-params", format_func=names, placeholder="Choose one"
    )
    if picked is None:
        frame.empty(f"Click the figure, or choose above, to read {reads}.")
    return picked
