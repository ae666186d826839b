"""The choices of a figure, kept in the URL: how it counts, what it compares, which of its marks is read."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard.components import page_layout
from pipeline.analysis import variants
from pipeline.analysis.counting import By

VARIANTS = [name.capitalize() for name in variants.VARIANTS]
GROUPS: dict[By, str] = {"artist": "Artist", "year": "Year", "kind": "Section"}


def choice(label: str, options: Mapping[str, str], key: str, help: str | None = None) -> str:
    """One of a few values under readable names, the first unless another is chosen."""
    return st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        required=True,
        format_func=options.get,
        key=key,
        bind="query-params",
        help=help,
    )


def version(key: str, first: str = "As written") -> str:
    """Which version of the lyrics is counted: one of `VARIANTS`."""
    return st.segmented_control(
        "Lyrics",
        VARIANTS,
        default=first,
        required=True,
        key=key,
        bind="query-params",
        help="As heard carries out marks of repeats, x2 or [Refrain x2]; each line once drops repeats within a song; "
        "solo sections leaves guests out.",
    )


def grouping(key: str, label: str = "Compare by", groups: Sequence[By] = tuple(GROUPS)) -> By:
    """What a figure has a row for: an artist, a year or a kind of section."""
    return choice(label, {by: GROUPS[by] for by in groups}, key)


def chosen(label: str, options: Sequence, key: str, reads: str, names: Callable[[object], str] = str) -> object | None:
    """The mark of a figure that is picked, by a click or here; without one, a word on what a click does."""
    picked = st.selectbox(
        label, options, None, key=key, bind="query-params", format_func=names, placeholder="Choose one"
    )
    if picked is None:
        page_layout.empty_state(f"Click the figure, or choose above, to read {reads}.")
    return picked
