"""Syllables and rhyme of a line while it is typed."""

import pytest
import streamlit as st

from dashboard.components.writing import typing_marks
from pipeline.language.pronunciations import Pronunciations

ANSWER = "On marche dans la nuit"


@pytest.fixture
def drawn(monkeypatch):
    """HTML of what was typed."""
    found = []
    monkeypatch.setattr(st, "html", found.append)

    def draw(typed, answer=ANSWER, wanted=(5, 7)):
        monkeypatch.setattr(st.components.v2, "component", lambda *_, **__: lambda **_: None)
        monkeypatch.setattr(st, "session_state", {"k": {"typed": typed}})
        found.clear()
        # the fragment's own function
        typing_marks.typing_marks.__wrapped__("own", answer, wanted, Pronunciations, key="k")
        return "".join(found)

    return draw


def test_what_is_typed_shows_its_measure_and_its_rhyme(drawn):
    assert "6 syllables · rime" in drawn("Sous la pluie de minuit")
    short = drawn("Il <court")
    assert "2 of 5 to 7 syllables · no rhyme with “On marche dans la nuit” yet" in short
    assert "<court" not in short


@pytest.mark.parametrize("typed", ["", "  ", None, ["a"], {"typed": "a"}])
def test_nothing_is_shown_of_nothing(drawn, typed):
    assert drawn(typed) == ""


def test_a_line_that_answers_none_has_syllables_only(drawn):
    assert "rhyme" not in drawn("Il court", answer="", wanted=None)
