"""Which language a page speaks: what its visitor chose, else what the address asks for, else that of the browser.

The choice lasts for the visit and stands in the address (`lang=fr`) where it differs from the browser's, so that a link
opens as it was seen. Importing this module makes pages answer `pipeline.core.translation`, wherever they are: in the router,
in a fragment, in a callback.
"""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.locale.streamlit_words import words_of_streamlit
from pipeline.core.translation import (
    LANGUAGES,
    NAMES,
    SOURCE,
    Language,
    ask_language,
    language,
    number,
    spoken_language,
)

KEY = "lang"
SCRIPT = Path(__file__).parents[1] / "static" / "document.js"


def visitor_language() -> Language:
    """Return the language of this visitor; English outside a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return SOURCE
    chosen = st.session_state.get(KEY) or st.query_params.get(KEY)
    return chosen if chosen in LANGUAGES else _of_browser()


def follow_language() -> None:
    """Take the language from the address of a link, and write the one that is spoken there."""
    asked = st.query_params.get(KEY)
    if KEY not in st.session_state and asked in LANGUAGES:
        st.session_state[KEY] = asked
    if language() != _of_browser():
        if asked != language():
            st.query_params[KEY] = language()
    elif asked is not None:
        del st.query_params[KEY]


def draw_switch() -> None:
    """Draw the control that speaks the other language, at the upper edge; tell the browser which is spoken."""
    with st.container(key="language", horizontal=True, width="content"):
        for code in LANGUAGES:
            if code != language():
                st.button(NAMES[code], key=f"speak-{code}", on_click=_speak, args=(code,), type="tertiary")
        _tell_browser(language())


def _speak(code: Language) -> None:
    st.session_state[KEY] = code


def _of_browser() -> Language:
    return spoken_language(st.context.locale or "")


def _tell_browser(code: Language) -> None:
    """Set the language of the document, which hyphens, quotation marks and screen readers go by, and say in it what is
    Streamlit's own; name the lists of its menu for what they are."""
    st.components.v2.component("seize_language", html="<span></span>", js=_script())(
        data={"code": code, "words": words_of_streamlit(code), "point": number(0.5, 1)[1]}, key="document-language"
    )


@cache
def _script() -> str:
    return SCRIPT.read_text("utf-8")


ask_language(visitor_language)
