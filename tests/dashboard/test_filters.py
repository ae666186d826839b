"""What stands beside every page: the choices that make its subcorpus."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from pipeline.analysis.firsts import first_artist_named_by_source, named_artist_mask
from pipeline.corpus.song import UNKNOWN_ARTIST, Line, Section, Song
from tests.corpora import make_corpus


def years_of_another_page() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from dashboard.components.corpus import filters

    if "came" not in st.session_state:
        st.session_state.came, st.session_state.years = True, ""
    filters.draw_year_filter(SimpleNamespace(year_span=(1994, 2024)))


def test_years_that_write_left_behind_are_all_years() -> None:
    app = AppTest.from_function(years_of_another_page).run(timeout=60)
    assert not app.exception
    assert app.slider[0].value == (1994, 2024)


def years_over_two_corpora() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from dashboard.components.corpus import filters

    span = st.session_state.setdefault("span", (1994, 2024))
    st.session_state.filtered = filters.draw_year_filter(SimpleNamespace(year_span=span))


def test_years_of_another_corpus_are_cut_to_its_span() -> None:
    """A slider outside its span was an error, and all years of one corpus a filter on the next."""
    app = AppTest.from_function(years_over_two_corpora).run(timeout=60)
    app.session_state.span = (2011, 2020)
    assert app.run().session_state.filtered is None
    app.slider[0].set_value((2011, 2013)).run()
    assert app.session_state.filtered == (2011, 2013)
    app.session_state.span = (2012, 2024)
    assert app.run().session_state.filtered == (2012, 2013)
    app.session_state.span = (1994, 2024)
    assert app.run().session_state.filtered == (2012, 2013)
    assert not app.exception


def sections_filter() -> None:
    import streamlit as st

    from dashboard.components.frame.bound import pick_several
    from dashboard.locale.phrasing import section_name

    options = {kind: section_name(kind) for kind in ("couplet", "refrain")}
    st.session_state.chosen = pick_several("Sections", options, key="sections", everywhere=True)


def test_the_address_holds_types_of_section_whatever_they_are_called() -> None:
    app = AppTest.from_function(sections_filter)
    app.query_params["sections"] = "refrain"
    app.run(timeout=60)
    assert (app.session_state.chosen, app.button_group[0].options) == (("refrain",), ["verse", "chorus"])
    app.button_group[0].set_value(["couplet", "refrain"]).run()
    assert app.query_params["sections"] == "couplet,refrain"
    app.button_group[0].set_value([]).run()
    assert "sections" not in app.query_params
    app.query_params["sections"] = "couplet,nothing"
    assert app.run().session_state.chosen == ("couplet",)
    assert not app.exception


def test_no_page_begins_with_an_inferred_artist() -> None:
    section = Section("couplet", (Line("La mer"),))
    corpus = make_corpus("tiny", [Song(str(at), "X", (section,)) for at in range(3)])
    artists = ["UNTEL", "Untel", "Autre"]
    songs = corpus.songs.assign(artist=artists, artist_origin=["inferred", "path", "source"])
    assert first_artist_named_by_source(replace(corpus, songs=songs), artists) == "Untel"
    assert (
        first_artist_named_by_source(replace(corpus, songs=songs.assign(artist_origin="inferred")), artists) == "UNTEL"
    )
    assert first_artist_named_by_source(replace(corpus, songs=songs.drop(columns="artist_origin")), artists) == "UNTEL"
    assert named_artist_mask(songs.assign(artist=["UNTEL", "Untel", UNKNOWN_ARTIST])).tolist() == [False, True, False]
