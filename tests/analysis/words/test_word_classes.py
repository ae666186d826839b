import pandas as pd
import pytest

from pipeline.analysis.lines import lines_with_word
from pipeline.analysis.variants import lemma, lemmatise
from pipeline.analysis.words.lexicon import frequency_table
from pipeline.analysis.words.word_classes import (
    function_words,
    word_class_rates,
    word_class_table,
    word_list_coverage,
    words_of_class,
)
from pipeline.core.errors import SettingError
from pipeline.core.paths import lexicons_folder
from pipeline.corpus.song import Line, Section, Song
from pipeline.language.tokens import tokenise
from tests.corpora import make_corpus


@pytest.mark.parametrize("name", ["function_words", "classes", "forms"])
def test_every_listed_word_is_one_token(name):
    table = pd.read_csv(lexicons_folder() / f"{name}.tsv", sep="\t", quoting=3, keep_default_na=False)
    first = table.columns[0]
    assert not table.duplicated([first, "class"] if "class" in table else first).any()
    assert (table.map(len) > 0).all(axis=None)
    for word in table[first]:
        text = f"dis{word}on" if word.startswith("-") and word.endswith("'") else f"dis {word}".replace(" -", "-")
        assert tokenise(text)[1] == word, word


@pytest.fixture(scope="module")
def slang():
    def song(artist, year, *lines):
        return Song("t", artist, (Section("couplet", tuple(Line(line) for line in lines)),), year=year)

    return make_corpus(
        "s",
        [
            song("A", 2000, "la meuf du keuf", "wesh les meufs"),
            song("A", 2001, "je kiffe la meuf", "92 euros"),
            song("A", 2001, "un chien chelou"),
            song("B", 2002, "la femme du policier"),
        ],
    )


def test_rates_by_hand(slang):
    table = word_class_rates(slang, "artist").set_index(["artist", "class"])
    # A: 16 words, meuf keuf meufs meuf chelou
    row = table.loc[("A", "verlan")]
    assert row[["songs", "words", "count", "types"]].tolist() == [3, 16, 5, 4]
    assert row["per_thousand"] == pytest.approx(5 / 16 * 1000)
    assert row["low"] < row["per_thousand"] < row["high"]
    assert table.loc[("B", "verlan"), "count"] == 0
    assert table.loc[("A", "arabic"), "count"] == 2  # wesh, kiffe
    assert word_class_rates(slang)["words"].unique().tolist() == [20]
    assert word_class_rates(slang.where(years=(1900, 1901))).empty


def test_coverage_shows_what_no_list_knows(slang):
    table = word_list_coverage(slang).set_index("part")
    assert table["tokens"].sum() == 20
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc["numbers", "tokens"] == 1
    assert table.loc["listed", "tokens"] == 7  # five of verlan, wesh, kiffe
    assert table.loc["unlisted", "tokens"] == 4  # euros, chien, femme, policier


def test_words_of_a_class(slang):
    table = words_of_class(slang, "verlan")
    assert table.iloc[0].tolist() == ["meuf", "femme", 2]
    assert set(word_class_table()["class"]) == {"verlan", "argot", "anglicism", "arabic", "romani", "african", "ad-lib"}
    assert "le" in function_words()
    with pytest.raises(SettingError, match="no word class"):
        words_of_class(slang, "latin")


def test_lemmas():
    pairs = {"chevaux": "cheval", "suis": "être", "j'": "je", "p'tite": "petit", "elles": "elle", "92i": "92i"}
    assert {word: lemma(word) for word in pairs} == pairs


def test_a_lemmatised_corpus_is_a_corpus(slang):
    lemmas = lemmatise(slang)
    table = frequency_table(lemmas).set_index("word")
    assert table.loc["meuf", "count"] == 3
    assert table["count"].sum() == 20
    assert lines_with_word(lemmas, "meuf")["text"].tolist() == ["la meuf du keuf", "wesh les meufs", "je kiffe la meuf"]
    assert lines_with_word(lemmas, "meuf")["spans"].tolist()[1] == [(9, 14)]


def test_verlan_with_a_hyphen_shows_what_it_is_of() -> None:
    corpus = make_corpus("verlan", [Song("t", "a", (Section("couplet", (Line("vail-tra vail-tra ma meuf là-bas"),)),))])
    table = words_of_class(corpus, "verlan")
    assert table.to_dict("records") == [
        {"word": "vail-tra", "standard": "? travail", "count": 2},
        {"word": "meuf", "standard": "femme", "count": 1},
    ]
