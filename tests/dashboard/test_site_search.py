"""The search everywhere finds what has a name, in both languages, whatever its accents."""

from streamlit.testing.v1 import AppTest

from dashboard.navigation import PLACES


def listed() -> None:
    import streamlit as st

    from dashboard.components.corpus.site_search import search_site

    st.session_state["found"] = {
        text: [(hit.kind, hit.place, *hit.query.values()) for hit in search_site(text)]
        for text in (
            *("diversité", "richest vocabulary", "vanishing", "mattr"),
            *("gradient", "BPTT", "gradient évanescent", "rétropropagation", "softmax", "perplexité"),
            *("Kobált", "pull gris", "gris cendre", "nuit", "qq"),
        )
    }


def test_what_has_a_name_is_found(app: AppTest) -> None:
    app.run()  # which prepares the corpus
    found = AppTest.from_function(listed, default_timeout=60).run().session_state["found"]
    assert ("page", "diversity") in found["richest vocabulary"]
    assert ("measure", "methods", "Diversity") in found["diversité"] + found["mattr"]
    assert found["vanishing"][0] == ("lesson", "learn_vanishing")
    lessons = {text: [place for kind, place, *_ in hits if kind == "lesson"] for text, hits in found.items()}
    assert lessons["BPTT"] == ["learn_bptt"]
    assert "learn_bptt" in lessons["rétropropagation"]
    assert lessons["gradient évanescent"] == ["learn_vanishing"]
    assert {"learn_bptt", "learn_vanishing"} <= set(lessons["gradient"])
    assert lessons["softmax"][0] == "learn_functions"
    assert lessons["perplexité"] == ["learn_story"]
    assert ("artist", "artist", "Kobalt", "demo") in found["Kobált"]
    song = ("song", "song", "cendre-miel--le-pull-gris", "demo")
    assert song in found["pull gris"]
    assert song in found["gris cendre"], "its words in any order"
    assert ("word", "concordance", "nuit", "demo") in found["nuit"]
    assert found["qq"] == []
    assert {place for hits in found.values() for _, place, *_ in hits} <= set(PLACES)
