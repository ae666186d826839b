"""The pages of sound: rhymes as they are drawn, numbers as the pipeline gives them, text of visitors escaped."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.corpus.rhyme_marks import group_numbers, mark_all_rhymes
from pipeline.analysis.findings import longest_multisyllabic_rhyme
from pipeline.analysis.sound.phonetic_table import transcribe_lines, vowel_counts, vowel_frequencies
from pipeline.corpus.store import load_corpus, load_pronunciations
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.section_rhymes import RhymeSpan
from tests.dashboard.pages import html, visit

TABLE = Pronunciations()
QUATRAIN = [
    *("J'ai grandi dans la maison", "On m'a dit t'as pas raison"),
    *("Le vent souffle sur la rue", "Je l'ai jamais revue"),
]


def span(start: int, stop: int, group: int = 0, kind: str = "internal") -> RhymeSpan:
    return RhymeSpan(0, start, stop, group, 1, kind)


def test_groups_that_end_lines_take_the_first_letters() -> None:
    assert group_numbers([span(0, 1, 0), span(2, 3, 1, "end"), span(4, 5, 2, "end")]) == {1: 0, 2: 1, 0: 2}


def test_end_rhymes_carry_letter_colour_and_phones() -> None:
    lines = mark_all_rhymes(QUATRAIN, TABLE).lines
    letters = [re.search(r'rhyme-letter"[^>]*>(\w+)<', line) for line in lines]
    assert [found and found[1] for found in letters] == ["A", "A", "B", "B"]
    assert "la mezɔ̃ · rhyme A, 3 syllables" in lines[0]
    assert "ends with rhyme B" in lines[3]


def test_a_line_that_assonates_has_the_small_letter_of_what_it_sounds_like() -> None:
    lines = mark_all_rhymes(
        ["C'est le monde", "Dans l'ombre", "Elle gronde", "Un chien", "Ta main d'or", "Le sort"], TABLE
    ).lines
    found = [re.search(r'rhyme-letter"[^>]*>(\w+)<', line) for line in lines]
    assert [each and each[1] for each in found] == ["A", "a", "A", None, "B", "B"]
    assert "assonates with A" in lines[1]


def test_a_scheme_of_quatrains_is_not_told_as_that_of_all_lines() -> None:
    ends = ("la nuit", "la rue", "perdue", "le bruit", *("le port", "le gris", "le sort", "le prix") * 2)
    assert mark_all_rhymes(ends[:4], TABLE).scheme == "ABBA"
    assert mark_all_rhymes(ends[:12], TABLE).scheme == "quatrains mostly ABAB"


def test_colours_stay_when_short_rhymes_are_hidden() -> None:
    def classes(least: int) -> list[str]:
        return [re.findall(r"rhyme (r\d)", line)[-1] for line in mark_all_rhymes(QUATRAIN, TABLE, least).lines]

    assert classes(1) == classes(99)


def test_lyrics_are_escaped() -> None:
    line = mark_all_rhymes(['<img src=x onerror="alert(1)"> la maison', "<b>la raison</b>"], TABLE).lines
    assert "<img" not in line[0]
    assert "<b>" not in line[1]
    assert "&lt;img" in line[0]
    assert len(mark_all_rhymes(["(skrrt)", "", "…", "la nuit (wesh)", "le bruit"], TABLE).lines) == 5


def test_the_song_page_colours_rhymes_and_counts_syllables(app: AppTest) -> None:
    visit(app, "song")
    assert not app.exception
    assert 'class="beats"' in html(app)
    assert 'class="rhyme r0"' in html(app)
    shown = html(app).count("inner-letter")
    app.select_slider(key="least").set_value(99).run()
    assert html(app).count("inner-letter") < shown


def test_the_sound_page_answers_with_the_numbers_of_the_pipeline(app: AppTest) -> None:
    visit(app, "sound")
    assert not app.exception
    table = transcribe_lines(load_corpus("demo"), load_pronunciations("demo"))
    spoken = table.loc[table["spoken"] > 0]
    assert f"<b>{spoken['spoken'].mean():.1f}</b> syllables" in html(app)
    loose = f"{(spoken['assonance'] >= 0).mean():.1%} if assonance counts"
    assert f"<b>{(spoken['group'] >= 0).mean():.1%}</b> of lines rhyme at the end, {loose}" in html(app)


def test_the_sound_page_opens_on_both_lines_of_the_longest_rhyme(app: AppTest) -> None:
    visit(app, "sound")
    table = transcribe_lines(load_corpus("demo"), load_pronunciations("demo"))
    longest = longest_multisyllabic_rhyme(load_corpus("demo"), table)
    assert longest is not None
    card = html(app).split(f"The longest rhyme: {longest.values['syllables']} syllables")[1]
    verse = card.split("</ol>")[0]
    assert verse.count('class="rhyme-letter"') == verse.count("<li") == 2
    assert longest.values["title"] in card.split("</p>")[0]


def test_every_figure_of_sound_leads_to_lines(app: AppTest) -> None:
    visit(app, "sound", syllables="10", scheme="AABB", **{"multis-artist": "Kobalt"})
    assert not app.exception
    for title in ("lines of 10 syllables", "quatrains AABB", "Longest rhymes of Kobalt"):
        assert title in html(app), title
    assert "<mark>" in html(app)


def test_sound_takes_filters_and_an_empty_selection(app: AppTest) -> None:
    visit(app, "sound", artists=["Kobalt"], years=["2020", "2024"])
    assert not app.exception
    assert "Clear a filter" in html(app)


def test_the_dictionary_gives_words_and_lines(app: AppTest) -> None:
    visit(app, "rhymes", **{"rhymes-with": "maison", "least-rhyme": "leonine"})
    assert not app.exception
    table = app.dataframe[0].value
    assert "raison" in table["Word"].tolist()
    assert set(table["Rhyme"]) == {"Léonine"}
    assert "Line ends" in html(app)
    assert "<mark>" in html(app)


def test_the_dictionary_takes_markup_and_what_cannot_be_said(app: AppTest) -> None:
    visit(app, "rhymes", rhyme="<b>nuit</b>")
    assert not app.exception
    assert "<b>nuit" not in html(app)
    app.text_input(key="rhymes-with").set_value("…!?").run()
    assert not app.exception
    assert "cannot" in html(app) or "Nothing here can be pronounced" in html(app)


@pytest.mark.parametrize("measure", ["Rhymed lines", "Inside the line", "Syllables"])
def test_every_measure_is_drawn_by_year(app: AppTest, measure: str) -> None:
    visit(app, "sound", measure=measure, **{"sound-by": "Year", "multis-year": "2016"})
    assert not app.exception
    assert "Longest rhymes of 2016" in html(app)


def test_vowels_open_on_demand_and_none_is_left_out(app: AppTest) -> None:
    visit(app, "sound")
    assert "figure-vowels" not in str(app.get("plotly_chart"))
    app.session_state["vowels"] = True
    app.run()
    demo = load_corpus("demo")
    table = vowel_frequencies(demo, vowel_counts(demo, load_pronunciations("demo")))
    figure = next(chart for chart in app.get("plotly_chart") if "figure-vowels" in chart.proto.id)
    shown = json.loads(figure.proto.spec)["data"][0]["y"]
    assert len(shown) == (table["count"] > 0).sum()
    assert all("(" in label for label in shown), "each has a word of example"
