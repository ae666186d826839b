from collections import Counter
from itertools import product

import numpy as np
import pytest

from pipeline.analysis.words.collocations import association_scores, collocates, collocations, log_dice
from pipeline.analysis.words.ngrams import _frequent_ngrams, ngram_table, phrase_table
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus
from tests.small_corpus import line_words


@pytest.mark.parametrize("most", [2, 1 << 21])  # words of the vocabulary
def test_ngrams_are_those_of_a_counter(most):
    rng = np.random.default_rng(9)
    ids, rows = (rng.zipf(1.5, 3000) % 12).astype(np.int32), np.sort(rng.integers(0, 400, 3000)).astype(np.int32)
    if most > 2:
        ids[-1] = most
    for n, minimum in product(range(1, 8), (1, 2, 5)):
        grams = [tuple(ids[k : k + n].tolist()) for k in range(len(ids) - n + 1) if rows[k] == rows[k + n - 1]]
        expected = {gram: times for gram, times in Counter(grams).items() if times >= minimum}
        places, codes = _frequent_ngrams(ids, rows, n, minimum)
        found = Counter(tuple(ids[k : k + n].tolist()) for k in places.tolist())
        assert found == expected
        first = dict(zip(codes[::-1].tolist(), places[::-1].tolist(), strict=True))
        assert [first[code] for code in range(len(expected))] == sorted(first.values())


def test_what_occurs_twice_is_listed_and_what_occurs_once_is_not():
    lines = (Line("la nuit tombe"), Line("la nuit tombe"), Line("la rue dort"))
    corpus = make_corpus("twice", [Song("t", "a", (Section("couplet", lines),))])
    assert ngram_table(corpus, 3)["ngram"].tolist() == phrase_table(corpus)["ngram"].tolist() == ["la nuit tombe"]
    assert collocates(corpus, "dort", minimum=0)["word"].tolist() == ["rue", "la"]


def test_collocates_by_hand(corpus):
    table = collocates(corpus, "rue", left=1, right=2, minimum=1, least_songs=1).set_index("word")
    # near rue: la | la before, la nuit after | nothing in the line of one word
    assert table["observed"].to_dict() == {"la": 3, "nuit": 1}
    # 4 words near, la 7 of 17
    assert table.loc["la", "expected"] == pytest.approx(4 * 7 / 17)
    assert table.loc["la", "pmi"] == pytest.approx(np.log2(3 / (4 * 7 / 17)))
    assert table.loc["la", "log_dice"] == pytest.approx(14 + np.log2(2 * 3 / (3 + 7)))
    assert table.loc["la", "songs"] == 1
    assert collocates(corpus, "inconnu").empty
    assert set(collocates(corpus, "rue", left=1, right=2, minimum=1)["word"]) == set()  # rue is in two songs


def test_a_pair_occurs_five_times_at_least(corpus):
    assert collocations(corpus).empty  # three songs, two of which hold it
    table = collocations(corpus, least_songs=2)
    assert table[["first", "second", "observed"]].values.tolist() == [["la", "nuit", 5]]  # nuit la: twice
    lines = ["pour toi"] * 4 + ["sans toi"] * 5
    few = make_corpus("paires", [Song("t", "a", (Section("couplet", tuple(map(Line, lines))),))])
    assert collocations(few)["first"].tolist() == ["sans"]


def test_pairs_of_neighbours(corpus):
    table = collocations(corpus, minimum=2, least_songs=1)
    pair = table[(table["first"] == "la") & (table["second"] == "nuit")].iloc[0]
    assert pair[["observed", "songs"]].tolist() == [5, 2]
    assert pair["expected"] == pytest.approx(7 * 5 / 17)


def test_a_pair_that_one_song_repeats_is_no_company():
    once, often = ("chante la nuit noire", "rien ne dort"), ("bulots mayonnaise",) * 30
    songs = [Song(f"{n}", "a", (Section("couplet", tuple(map(Line, once))),)) for n in range(6)]
    songs.append(Song("le refrain", "a", (Section("refrain", tuple(map(Line, often))),)))
    corpus = make_corpus("refrain", songs)
    assert "bulots" not in set(collocations(corpus)["first"])
    assert "nuit" in set(collocations(corpus)["first"])
    assert collocates(corpus, "mayonnaise")["word"].tolist() == ["bulots"]  # of one song alone
    assert "bulots" not in set(collocates(corpus, "*", minimum=1)["word"])


def test_ngrams_stay_within_lines(corpus):
    pairs = ngram_table(corpus, 2, minimum=1).set_index("ngram")
    assert pairs["count"].to_dict() == {
        "la nuit": 5, "nuit la": 2, "la rue": 2, "j' suis": 1, "suis la": 1, "rue la": 1,
    }  # fmt: skip
    assert pairs["songs"].to_dict()["la nuit"] == 2
    assert corpus.vocabulary.decode(pairs.loc["la nuit", "words"]) == ["la", "nuit"]
    fours = ngram_table(corpus, 4, minimum=2)
    assert fours[["ngram", "count", "songs"]].values.tolist() == [["la nuit la nuit", 2, 2]]
    assert ngram_table(corpus, 5).empty
    assert ngram_table(corpus, 1, minimum=1)["count"].sum() == 17
    assert ngram_table(corpus.where(years=(1900, 1901)), 2).empty
    with pytest.raises(SettingError):
        ngram_table(corpus, 0)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_ngrams_are_those_of_nltk(corpus, n):
    from collections import Counter

    from nltk import ngrams

    words = [line_words(corpus, line) for line in corpus.lines.index]
    expected = Counter(" ".join(gram) for line in words for gram in ngrams(line, n))
    table = ngram_table(corpus, n, "all", minimum=1)
    assert dict(zip(table["ngram"], table["count"], strict=True)) == expected


def test_a_window_wider_than_any_line_is_the_line(corpus):
    assert collocates(corpus, "nuit", 10**17, 10**17, minimum=1).equals(collocates(corpus, "nuit", 9, 9, minimum=1))


def test_scores_of_many_pairs_are_those_of_nltk():
    from nltk.collocations import BigramAssocMeasures as measures

    rng = np.random.default_rng(5)
    n_ii = rng.integers(1, 60, 200)
    marginals = n_ii + rng.integers(0, 900, (2, 200))
    table = association_scores(n_ii, tuple(marginals), 20_000)
    rows = [(n, (one, other), 20_000.0) for n, one, other in zip(n_ii, *marginals, strict=True)]
    assert np.abs(table["g2"]) == pytest.approx([measures.likelihood_ratio(*row) for row in rows])
    assert (np.sign(table["g2"]) == np.sign(n_ii - marginals[0] * marginals[1] / 20_000)).all()
    nltk_names = {"t": measures.student_t, "pmi": measures.pmi}
    for name, measure in nltk_names.items():
        assert table[name] == pytest.approx([measure(*row) for row in rows]), name
    assert log_dice(n_ii, *marginals) == pytest.approx([14 + np.log2(measures.dice(*row)) for row in rows])
