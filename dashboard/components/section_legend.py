"""The colours of the kinds of section, which are the same on every page."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from pipeline.publish.theme import SECTION_COLOURS


def section_legend(kinds: Iterable[str]) -> None:
    """Draw a row of swatches for the kinds that are shown."""
    present = set(kinds)
    swatches = "".join(
        f'<span><i style="background:var(--{colour})"></i>{escape(kind)}</span>'
        for kind, colour in SECTION_COLOURS.items()
        if kind in present
    )
    st.html(f'<p class="legend" lang="fr">{swatches}</p>')
