"""Which language a page speaks: what its visitor chose, else what the address asks for, else that of the browser.

The choice lasts for the visit and stands in the address (`lang=fr`) where it differs from the browser's, so that a link
opens as it was seen. Importing this module makes pages answer `pipeline.core.translation`, wherever they are: in the
router, in a fragment, in a callback. Words of Streamlit's own that no argument of its sets are put in by
static/document.js; `{}` stands for what Streamlit fills in.
"""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pipeline.core.translation import (
    LANGUAGES,
    NAMES,
    SOURCE,
    Language,
    format_decimal,
    in_language,
    language,
    language_of_locale,
    mark,
    set_language_source,
    t,
)

STREAMLIT_STRINGS = (
    # lists
    mark("Choose an option"), mark("Choose options"), mark("No options to select"), mark("No results"),
    mark("Select all"), mark("Select {} matches"), mark("Clear all"), mark("Clear value"), mark("Clear entry"),
    mark("Open"), mark("Remove {}"), mark("Add: {}"), mark("Selected values"),
    mark("You can only select up to {} options. Remove an option first."),
    # fields
    mark("Press Enter to apply"), mark("Press Ctrl+Enter to apply"), mark("Press ⌘+Enter to apply"),
    mark("Press Enter to submit form"), mark("Press Ctrl+Enter to submit form"), mark("Increment"), mark("Decrement"),
    mark("Show password"), mark("Hide password"), mark("Help for {}"), mark("Help"),
    # files
    mark("Upload"), mark("Drag and drop a file here"), mark("Drag and drop files here"), mark("Add files"),
    mark("{}MB per file"),
    # tables and figures
    mark("Fullscreen"), mark("Close fullscreen"), mark("Search"), mark("Download as CSV"), mark("Show/hide columns"),
    mark("Sort ascending"), mark("Sort descending"), mark("Autosize"), mark("Pin column"), mark("Unpin column"),
    mark("Hide column"), mark("Format"), mark("Statistics"), mark("Copy column name"), mark("Close Search"),
    mark("Previous Result"), mark("Next Result"), mark("Copy to clipboard"), mark("Copied"),
    mark("Dataframe column menu"), mark("Previous page"), mark("Next page"), mark("Pagination"),
    # the document
    mark("Main menu"), mark("App pages"), mark("Collapse sidebar"), mark("Expand sidebar"), mark("Rerun"),
    mark("Print"), mark("Settings"), mark("About"), mark("Theme"), mark("Stop"), mark("Stopping..."),
    mark("Connecting"), mark("Navigate to home page"), mark("Sidebar"), mark("{} — start"), mark("{} — end"),
    mark("View {} more"), mark("{} more"), mark("Shortcut {}"),
    mark("View less"), mark("Skip to main content"), mark("Link to heading"),
    mark("Page not found"),
    mark("The page that you have requested does not seem to exist. Running the app's main page."), mark("Close"),
)  # fmt: skip
# Where Streamlit speaks of itself: what is said instead, in English too.
REWORDED_STRINGS = {
    "Connection error": mark("Seize is not responding"),
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": mark(
        "It may have stopped. Start it again, and this page will continue."
    ),
    "Streamlit server is not responding. Are you connected to the internet?": mark(
        "Is this device online? This page continues once the server can be reached."
    ),
}


def words_of_streamlit(wanted: Language) -> dict[str, str]:
    """Return the replacements that static/document.js makes in Streamlit's own interface: text -> text in this
    language."""
    said = (*STREAMLIT_STRINGS, *REWORDED_STRINGS.values())
    with in_language(wanted):
        ours = [t(words) for words in said]
    translations = dict(zip(REWORDED_STRINGS, ours[len(STREAMLIT_STRINGS) :], strict=True))
    for other in LANGUAGES:
        with in_language(other):
            translations |= {t(theirs): own for theirs, own in zip(said, ours, strict=True) if t(theirs) != own}
    return translations


KEY = "lang"
SCRIPT = Path(__file__).parents[1] / "static" / "document.js"


def visitor_language() -> Language:
    """Return the language of this visitor, or English when no page is running."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return SOURCE
    chosen = st.session_state.get(KEY) or st.query_params.get(KEY)
    return chosen if chosen in LANGUAGES else _browser_language()


def sync_address_language() -> None:
    """Take the language from the address of a link. Write the language there if it is not that of the browser."""
    language_in_address = st.query_params.get(KEY)
    if KEY not in st.session_state and language_in_address in LANGUAGES:
        st.session_state[KEY] = language_in_address
    if language() != _browser_language():
        if language_in_address != language():
            st.query_params[KEY] = language()
    elif language_in_address is not None:
        del st.query_params[KEY]


def draw_language_switch() -> None:
    """Draw the button that changes the language, and set the language of the document."""
    with st.container(key="language", horizontal=True, width="content"):
        for code in LANGUAGES:
            if code != language():
                st.button(NAMES[code], key=f"speak-{code}", on_click=_choose_language, args=(code,), type="tertiary")
        _mount_document_script(language())


def _choose_language(code: Language) -> None:
    st.session_state[KEY] = code


def _browser_language() -> Language:
    return language_of_locale(st.context.locale or "")


def _mount_document_script(code: Language) -> None:
    """Add static/document.js to the page: it sets the language of the document and translates Streamlit's own words."""
    st.components.v2.component("seize_language", html="<span></span>", js=_read_javascript())(
        data={"code": code, "words": words_of_streamlit(code), "point": format_decimal(0.5, 1)[1]},
        key="document-language",
    )


@cache
def _read_javascript() -> str:
    return SCRIPT.read_text("utf-8")


set_language_source(visitor_language)
