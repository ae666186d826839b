"""What stands beside every page: the choices that make its subcorpus."""

from streamlit.testing.v1 import AppTest


def years_of_another_page() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from dashboard.components.corpus import filters

    if "came" not in st.session_state:
        st.session_state.came, st.session_state.years = True, ""
    filters.year_filter(SimpleNamespace(year_span=(1994, 2024)))


def test_years_that_write_left_behind_are_all_years() -> None:
    app = AppTest.from_function(years_of_another_page).run(timeout=60)
    assert not app.exception
    assert app.slider[0].value == (1994, 2024)
