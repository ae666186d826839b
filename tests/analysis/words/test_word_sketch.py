import numpy as np
import pytest
from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder

from pipeline.analysis.words.word_sketch import similitude, sketch_difference, word_sketch
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


def corpus_of(*lines):
    return make_corpus("lignes", [Song("t", "a", (Section("couplet", tuple(map(Line, lines))),))])


NIGHT = corpus_of("la nuit noire tombe", "cette nuit noire", "la nuit", "le jour noir", "la la nuit bleue", "noire")


def test_sides_and_distances_by_hand():
    table = word_sketch(NIGHT, "nuit", 2, 2, minimum=1).set_index(["side", "word"])
    assert table.loc[("left", "la"), ["observed", "at_1", "at_2", "distance"]].tolist() == [4, 3, 1, 1]
    assert table.loc[("right", "tombe"), ["observed", "at_1", "at_2", "distance"]].tolist() == [1, 0, 1, 2]
    # near nuit 2 times of 3, nuit 4 times
    assert table.loc[("right", "noire"), "log_dice"] == pytest.approx(14 + np.log2(2 * 2 / (4 + 3)))
    assert ("right", "jour") not in table.index
    for left, right in ((0, 10), (10, 0)):  # 0 to 10 words on each side
        table = word_sketch(NIGHT, "nuit", left, right, minimum=1)
        assert set(table["side"]) == ({"left"} if left else {"right"})
        assert table.columns[:5].tolist() == ["side", "word", "observed", "log_dice", "count"]
    for left, right in ((-1, 3), (3, -1), (11, 3), (3, 11)):
        with pytest.raises(SettingError, match="0 to 10 words"):
            word_sketch(NIGHT, "nuit", left, right)


def test_counts_and_scores_are_those_of_nltk():
    rng = np.random.default_rng(3)
    words = [f"m{chr(97 + k)}" for k in rng.integers(0, 12, 300)]
    words = [word for k, word in enumerate(words) if word != "ma" or "ma" not in words[max(k - 4, 0) : k]]
    table = word_sketch(corpus_of(" ".join(words)), "ma", 0, 3, minimum=1)
    finder = BigramCollocationFinder.from_words(words, window_size=4)  # the word and the three after it
    expected = {b: n for (a, b), n in finder.ngram_fd.items() if a == "ma"}
    assert dict(zip(table["word"], table["observed"], strict=True)) == expected
    for word, n, score in zip(table["word"], table["observed"], table["log_dice"], strict=True):
        n_x, n_w = finder.word_fd["ma"], finder.word_fd[word]
        dice = BigramAssocMeasures.dice(min(n, n_x, n_w), (n_x, n_w), len(words))
        assert score == pytest.approx(14 + np.log2(dice))


def test_words_of_few_songs_or_of_one_line_with_variants_are_no_collocates():
    own = ["bleue la nuit {} tremble dehors", "bleue la nuit {} recule demain", "{} bleue cette nuit danse encore"]
    same = "tri et brigade de nuit, casiers en {}"
    fills = ["bois", "fer", "zinc", "plomb"]
    songs = [[own[n % 3].format(fills[n]), same.format(fills[n]), *["nuit velours"] * (3 * (n == 0))] for n in range(4)]
    corpus = make_corpus(
        "lignes", [Song(str(n), "a", (Section("couplet", tuple(map(Line, each))),)) for n, each in enumerate(songs)]
    )
    assert set(word_sketch(corpus, "nuit", with_function_words=False)["word"]) == {
        *("bleue", "brigade", "casiers", "velours"),
    }
    assert set(word_sketch(corpus, "nuit", with_function_words=False, only_spread=True)["word"]) == {"bleue"}


def test_two_words_side_by_side():
    table = sketch_difference(NIGHT, "nuit", "jour", minimum=1, with_function_words=False)
    assert table.iloc[0][["side", "word"]].tolist() == ["right", "noire"]
    assert table["difference"].is_monotonic_decreasing
    assert table.iloc[-1][["word", "observed_1", "observed_2"]].tolist() == ["noir", 0, 1]
    assert table.iloc[-1]["difference"] == -table.iloc[-1]["log_dice_2"]
    assert table.iloc[0]["difference"] == table.iloc[0]["log_dice_1"]
    assert "la" not in set(table["word"])


def test_what_is_rarer_than_the_least_beside_one_word_counts_for_the_other():
    corpus = corpus_of(*["nuit noire"] * 4, *["jour noire"] * 2, *["jour gris"] * 2)
    table = sketch_difference(corpus, "nuit", "jour", minimum=3).set_index("word")
    assert table.index.tolist() == ["noire"]
    assert table.loc["noire", ["observed_1", "observed_2"]].tolist() == [4, 2]
    expected = np.log2(2 * 4 / (4 + 6)) - np.log2(2 * 2 / (4 + 6))
    assert table.loc["noire", "difference"] == pytest.approx(expected)


def test_the_similitude_graph_is_the_maximum_tree():
    stanzas = [*["nuit noire ville"] * 2, "nuit noire", "noire ville", *["nuit soleil"] * 2, "ville soleil"]
    sections = tuple(Section("couplet", (Line(text),)) for text in stanzas)
    corpus = make_corpus("tree", [Song("t", "a", sections)])
    links = similitude(corpus, minimum=1)
    assert links["sections"].tolist() == [3, 3, 2]
    assert links["weight"].tolist() == pytest.approx([3 / 5, 3 / 6, 2 / 6])  # of the sections of either
    assert {frozenset(pair) for pair in links[["source", "target"]].to_numpy().tolist()} == {
        frozenset(pair) for pair in (("nuit", "noire"), ("noire", "ville"), ("nuit", "soleil"))
    }
    assert similitude(corpus, minimum=9).empty
    assert similitude(corpus, minimum=3)["sections"].tolist() == [3, 3]
    (two,) = similitude(corpus, words=2, minimum=1)[["source", "target"]].to_numpy().tolist()
    assert set(two) == {"nuit", "noire"}  # the most frequent, the first of two as frequent


def test_a_word_that_is_everywhere_is_no_star_and_worlds_are_communities():
    worlds = ["nuit lune étoile", "ville béton rue", "argent banque dette"]
    stanzas = [f"vie {world}" for world in worlds for _ in range(6)] + ["vie nuit béton", "vie rue dette"]
    corpus = make_corpus("star", [Song(str(n), "a", (Section("couplet", (Line(s),)),)) for n, s in enumerate(stanzas)])
    links = similitude(corpus)
    assert ((links["source"] == "vie") | (links["target"] == "vie")).sum() <= 3  # of nine links
    community = dict(zip(links["source"], links["source_community"], strict=True))
    community |= dict(zip(links["target"], links["target_community"], strict=True))
    assert [len({community[word] for word in world.split()}) for world in worlds] == [1, 1, 1]
    assert len({community[world.split()[0]] for world in worlds}) == 3
