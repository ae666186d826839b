"""Words of Streamlit's own that no argument of its sets, in the visitor's language: static/document.js puts them in.

`{}` stands for what Streamlit fills in.
"""

from pipeline.core.translation import LANGUAGES, Language, in_language, mark, t

WORDS = (
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
    mark("View {} more"), mark("View less"), mark("Skip to main content"), mark("Link to heading"),
    mark("Page not found"),
    mark("The page that you have requested does not seem to exist. Running the app's main page."),
)  # fmt: skip


def words_of_streamlit(wanted: Language) -> dict[str, str]:
    """Return what stands in a page, in Streamlit's English or in a language spoken before -> what it is to say."""
    with in_language(wanted):
        ours = [t(words) for words in WORDS]
    found: dict[str, str] = {}
    for other in LANGUAGES:
        with in_language(other):
            found |= {t(theirs): said for theirs, said in zip(WORDS, ours, strict=True) if t(theirs) != said}
    return found
