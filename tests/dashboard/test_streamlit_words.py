"""Words of Streamlit's own are said in the language of the visitor, and in another when they switch."""

import re
from pathlib import Path

import streamlit

from dashboard.locale.visitor_language import REWORDED_STRINGS, STREAMLIT_STRINGS, words_of_streamlit

STREAMLIT_SCRIPTS_FOLDER = Path(streamlit.__file__).parent / "static" / "static" / "js"


def test_words_lead_from_one_language_to_the_other_and_back() -> None:
    french, english = words_of_streamlit("fr"), words_of_streamlit("en")
    assert french["No results"] == "Aucun résultat"
    assert english["Aucun résultat"] == "No results"
    assert french["{}MB per file"] == "{} Mo par fichier"
    assert all(theirs.count("{}") == ours.count("{}") for theirs, ours in french.items())
    assert english["Connection error"] == "Seize is not responding"
    assert french["Connection error"] == french["Seize is not responding"] == "Seize ne répond pas"
    assert "Aucun résultat" not in french, "what is French already stays"


def test_streamlit_says_them_as_they_are_written_here() -> None:
    """A word that an update of Streamlit says otherwise would stay English on French pages."""
    files = "\n".join(
        file.read_text("utf-8") for file in STREAMLIT_SCRIPTS_FOLDER.glob("*.js") if file.stat().st_size < 600_000
    )
    assert [words for words in REWORDED_STRINGS if words not in files] == []
    said = re.sub(r"\$\{[^`{}]*(?:\{[^{}]*\}[^`{}]*)*\}", "{}", files)
    made = {"{}MB per file", "Press Enter to apply", "Press Ctrl+Enter to apply", "Press ⌘+Enter to apply"}
    made |= {"Press Enter to submit form", "Press Ctrl+Enter to submit form", "{} — start", "{} — end", "Help for {}"}
    made |= {"The page that you have requested does not seem to exist. Running the app's main page."}
    made |= {"You can only select up to {} options. Remove an option first."}
    assert [words for words in STREAMLIT_STRINGS if words not in made and words not in said] == []
