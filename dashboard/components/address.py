"""What an address asks for in vain: a corpus, a song or a model of another machine, a name that was mistyped."""

from collections.abc import Collection

import streamlit as st

from dashboard.components import page_layout

LONGEST = 60  # characters of a name that are shown


def check(key: str, known: Collection[str], what: str) -> None:
    """Before the widget of this key, which leaves out what it does not know: say so, once for an address."""
    missing = [name[:LONGEST] for name in st.query_params.get_all(key) if name and name not in known]
    if missing:
        page_layout.remark(
            f"The address asks for the {what} {', '.join(missing[:3])}: there is none of that name here."
        )
