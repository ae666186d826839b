"""The page of lexical worlds: classes, their words and lines, their plane, too small a corpus."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.queries.groups import lexical_class_plane, meaningful_words_of_class, words_naming_each_class
from pipeline.analysis.firsts import name_mask
from pipeline.analysis.worlds.lexical_worlds import Worlds, find_worlds
from pipeline.corpus.song import Line, Section, Song
from tests.analysis.planted_worlds import WORLDS
from tests.corpora import make_corpus
from tests.dashboard.pages import html, visit


def test_a_class_has_words_and_lines_and_is_read_by_its_address(app: AppTest) -> None:
    visit(app, "worlds", classes="4", world="2")
    assert not app.exception
    assert all(text in html(app) for text in ("4 themes, the largest: ", "Typical segments", "Theme 3: "))
    assert all("Share" in str(frame.value.columns.tolist()) for frame in app.dataframe)


def test_too_few_segments_are_one_sentence(app: AppTest) -> None:
    visit(app, "worlds", artists="Kobalt", years="1996,1996", classes="20", segment="0")
    assert not app.exception


def test_songs_that_do_not_divide_have_no_largest_theme(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worlds, "is_undivided", True)
    visit(app, "worlds", classes="4", world="1")
    assert "do not divide into themes" in html(app)
    assert "the largest" not in html(app)
    assert "<h2>Class 2: " in html(app)
    assert "Theme 2" not in html(app)
    assert app.selectbox(key="world").label == "Class"
    assert not app.get("plotly_chart")[1:], "how they were cut is folded"
    app.session_state["class-cuts"] = True
    app.run()
    assert len(app.get("plotly_chart")) == 3


def test_a_class_is_named_by_no_name_no_elided_form_and_no_word_of_few() -> None:
    rng = np.random.default_rng(7)
    songs = []
    for number in range(40):
        words = list(WORLDS.values())[number % 2]
        own = ["et Djibril", "v'nu"] + ["pélican"] * (number == 0) if number % 2 == 0 else ["et rien"]
        lines = [Line(" ".join([*own, *rng.choice(words, 3, replace=False)])) for _ in range(8)]
        songs.append(Song(f"t{number}", f"a{number // 2 % 10}", (Section("couplet", tuple(lines)),)))
    worlds = find_worlds(make_corpus("noms", songs), 2, words=0, lemmas=False)
    typical = set().union(*(worlds.typical_words(number)["word"] for number in range(2)))
    assert {"djibril", "v'nu"} <= typical
    named = set().union(*(meaningful_words_of_class(worlds, number)["word"] for number in range(2)))
    assert named
    assert not {"djibril", "v'nu", "pélican"} & named
    assert name_mask(["djibril", "pélican", "inconnu"], worlds.corpus).tolist() == [True, False, False]


def test_a_class_is_named_by_words_that_say_something_and_a_far_one_leaves_the_others_room() -> None:
    rng = np.random.default_rng(16)
    songs = []
    for number in range(60):
        words = list(WORLDS.values())[number % 3]
        own = ["ouais", "lalala"] if number % 3 else ["je", "vois"]
        lines = [Line(" ".join([*own, *rng.choice(words, 3, replace=False), "soleil"])) for _ in range(8)]
        songs.append(Song(f"t{number}", f"a{number % 4}", (Section("couplet", tuple(lines)),)))
    for number in range(12):  # four words that no other song has
        lines = [Line(f"zinc{rng.integers(4)} zinc{rng.integers(4)} zinc{rng.integers(4)} {n}") for n in range(8)]
        songs.append(Song(f"z{number}", f"a{number % 4}", (Section("couplet", tuple(lines)),)))
    worlds = find_worlds(make_corpus("loin", songs), 4, words=0, lemmas=False)
    names = words_naming_each_class(worlds)
    assert not {"ouais", "lalala"} & {word for name in names for word in name.split(", ")}
    own = [meaningful_words_of_class(worlds, number)["word"].head(3) for number in range(worlds.class_count)]
    assert [", ".join(words) for words in own] == names  # of the words that the page draws, the first
    plane = lexical_class_plane(worlds)
    assert plane is not None
    far = next(at for at, name in enumerate(names) if "zinc" in name)
    assert [name.split()[0] for name in plane.far] == [str(far + 1)]
    assert far not in plane.classes["class"].tolist()
    assert not plane.words["label"].str.startswith("zinc").any()
