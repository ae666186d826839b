"""Shared words: the graph, the list, one artist's, none; what is listed is escaped."""

import re
from html import unescape

import pandas as pd
from streamlit.testing.v1 import AppTest

from dashboard.components.corpus.line_list import _shared_phrase_html
from dashboard.components.frame.marked_text import highlight
from pipeline.analysis.comparison.reuse import rank_shared_phrases, shared_phrases
from pipeline.corpus.store import load_corpus
from pipeline.language.tokens import tokenise
from tests.dashboard.pages import html, visit


def test_phrases_are_listed_with_both_songs_and_those_of_one_artist_alone(app: AppTest) -> None:
    visit(app, "reuse")
    assert not app.exception
    corpus = load_corpus("demo").where(languages=["fr"])
    runs = rank_shared_phrases(shared_phrases(corpus), corpus)
    assert runs["later_artist"].iloc[0] in html(app)
    marked = re.search(r'class="text" lang="fr">.*?<mark>(.*?)</mark>', html(app))[1]
    assert tokenise(unescape(marked)) == tokenise(runs["text"].iloc[0])
    app.selectbox(key="shares").set_value("Marmite").run()
    own = runs[(runs["artist"] == "Marmite") | (runs["later_artist"] == "Marmite")]["cluster"].nunique()
    assert f"{own} distinct phrase" in html(app)


def test_one_voice_shares_with_nobody(app: AppTest) -> None:
    visit(app, "reuse", artists="Marmite")
    assert not app.exception
    assert "Songs by different artists" in html(app)


def test_names_and_words_are_text() -> None:
    row = dict.fromkeys(("artist", "title", "later_artist", "later_title"), "<b>")
    runs = pd.DataFrame([{**row, "song": 1, "later_song": 2, "year": 2001, "later_year": None, "dated": False}])
    item = _shared_phrase_html(highlight("<b>", []), runs)
    assert "<b>" not in item
    assert "&lt;b&gt;, 2001" in item


def test_a_run_of_many_songs_is_one_entry() -> None:
    pairs = [(a, b) for a in range(8) for b in range(a + 1, 8)]
    runs = pd.DataFrame(
        {
            "song": a, "artist": f"A{a}", "title": f"T{a}", "year": 2000 + a,
            "later_song": b, "later_artist": f"A{b}", "later_title": f"T{b}", "later_year": 2000 + b, "dated": True,
        }
        for a, b in pairs
    )  # fmt: skip
    item = _shared_phrase_html("la nuit dans la rue", runs)
    assert item.count("la nuit") == 1
    assert [item.index(f"T{n}") for n in range(5)] == sorted(item.index(f"T{n}") for n in range(5))
    assert "T5" not in item
    assert "3 more songs" in item
