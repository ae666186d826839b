"""Segments, lexical worlds and their stability on a corpus whose worlds are planted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from pipeline.analysis.worlds.class_agreement import (
    adjusted_rand_index,
    agreement_by_k,
    longer_segment_length,
    propose_class_count,
)
from pipeline.analysis.worlds.lexical_worlds import Worlds, find_worlds, min_class_segments, segment_of_each_line
from pipeline.analysis.worlds.reinert import MIN_CLASS_SEGMENTS, UNCLASSIFIED
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.analysis.planted_worlds import WORLDS
from tests.corpora import make_corpus


@pytest.fixture(scope="module")
def worlds(planted: Corpus) -> Worlds:
    return find_worlds(planted, 3, words=15, lemmas=False)


def test_segments_are_lines_of_one_section_until_they_hold_enough(planted: Corpus) -> None:
    sections = segment_of_each_line(planted, 0)
    assert sections.tolist() == np.repeat(np.arange(60), 8).tolist()
    segments = segment_of_each_line(planted, 15)  # lines of 5 words: three, three and the two that are left
    assert segments[:8].tolist() == [0, 0, 0, 1, 1, 1, 1, 1]
    assert segments[8] == 2


def test_each_world_is_a_class(worlds: Worlds) -> None:
    artists = worlds.corpus.songs["artist"].to_numpy()[worlds.corpus.lines["song"]]
    pairs = {(artist, int(worlds.labels[at])) for artist, at in zip(artists, worlds.segment_of, strict=True)}
    assert len(pairs) == 3
    shares = worlds.class_shares("artist")
    assert sorted(shares.loc[shares["share"] == 1, "class"]) == [0, 1, 2]
    assert worlds.class_separation()["cramers_v"] == pytest.approx(1)


def test_classes_beside_one_of_over_half_do_not_divide_the_corpus(worlds: Worlds) -> None:
    for sizes, undivided in (((6, 3, 2), False), ((6, 2, 2, 1), True), ((5, 2, 2, 1), False)):
        labels = np.repeat(np.arange(len(sizes)), sizes)
        assert replace(worlds, labels=labels).is_undivided == undivided


def test_typical_words_are_signed_chi_squared(worlds: Worlds) -> None:
    for name in range(3):
        words = worlds.typical_words(name)
        assert any(set(words["word"].head(10)) == set(own) for own in WORLDS.values())
        assert not words.loc[words["word"].isin(["je", "vois"]), "chi2"].gt(3.84).any()
        assert words["chi2"].iloc[-1] < 0
    word = worlds.corpus.vocabulary.word2index["bateau"]
    holds = worlds.presence[:, [word]].toarray().ravel() > 0
    table = [[(holds & own).sum(), (~holds & own).sum()] for own in (worlds.labels == 0, worlds.labels != 0)]
    assert abs(worlds.chi_squared[0, word]) == pytest.approx(chi2_contingency(table, correction=False)[0])


def test_typical_segments_are_lines_of_the_class(worlds: Worlds) -> None:
    table = worlds.typical_segments(1, 2)
    assert table["segment"].nunique() == 2
    assert (worlds.labels[table["segment"]] == 1).all()
    assert table["score"].is_monotonic_decreasing
    for segment, score in zip(table["segment"], table["score"], strict=True):
        words = worlds.presence[[segment]].indices
        telling = [worlds.chi_squared[1, word] for word in words if worlds.active[word]]
        assert score == pytest.approx(sum(chi for chi in telling if chi > 0))
    assert table.groupby("segment")["text"].agg("\n".join).is_unique


def test_a_class_that_is_none_is_a_sentence(worlds: Worlds) -> None:
    for ask in (worlds.typical_words, worlds.typical_segments):
        with pytest.raises(SettingError, match="There is no class 99: classes are 0 to"):
            ask(99)
        with pytest.raises(SettingError, match="name is -1"):
            ask(-1)
    with pytest.raises(SettingError, match="by is 3"):
        worlds.class_shares(3)


def test_the_plane_holds_words_by_classes(worlds: Worlds) -> None:
    plane, words = worlds.correspondence_plane(np.arange(3))
    assert words.tolist() == worlds.plane_words.tolist()
    assert plane.rows.shape == (len(words), 2)
    assert plane.columns.shape == (3, 2)
    two, words = worlds.correspondence_plane(np.arange(2))
    assert two.rows.shape == (len(words), 1)
    assert (worlds.document_frequencies[:2][:, words].sum(axis=0) > 0).all()


def test_function_words_do_not_classify(worlds: Worlds) -> None:
    index = worlds.corpus.vocabulary.word2index
    assert not worlds.active[index["je"]]
    assert worlds.active[index["bateau"]]


@pytest.mark.parametrize(("k", "says"), [(1, "choose 2 to 100"), (100, "fewer classes")])
def test_too_many_or_too_few_classes_are_refused(planted: Corpus, k: int, says: str) -> None:
    with pytest.raises(SettingError, match=says):
        find_worlds(planted, k, words=15)


def test_agreement_is_the_adjusted_rand_index() -> None:
    first, second = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])
    assert adjusted_rand_index(first, second) == pytest.approx(4 / 7)  # (1 - 2/6) / ((2 + 1) / 2 - 2/6)
    assert adjusted_rand_index(first, first) == 1
    assert adjusted_rand_index(np.append(first, UNCLASSIFIED), np.append(first, 2)) == 1


def test_planted_worlds_are_stable(planted: Corpus) -> None:
    short, long = (find_worlds(planted, 3, words=words, lemmas=False) for words in (10, longer_segment_length(10)))
    agreement = agreement_by_k(short, long).set_index("k")["adjusted_rand"]
    assert agreement[3] == pytest.approx(1)
    assert (longer_segment_length(40), longer_segment_length(0)) == (60, 40)


def test_a_class_has_a_least_size_that_can_be_given() -> None:
    assert [min_class_segments(4000, 10, size) for size in ("N/4k", "n/2k", "N/k", "N/1k", 60, "60", 0)] == [
        100, 200, 400, 400, 60, 60, MIN_CLASS_SEGMENTS
    ]  # fmt: skip
    for size in ("N", "N/0k", "-3", "half", ""):
        with pytest.raises(SettingError, match="minimum class size"):
            min_class_segments(4000, 10, size)


def test_no_class_is_smaller_than_asked_for(planted: Corpus) -> None:
    for size in (10, 40, "N/k"):
        worlds = find_worlds(planted, 4, words=15, lemmas=False, least_size=size)
        assert worlds.sizes.min() >= worlds.least_size == min_class_segments(len(worlds.labels), 4, size)


def test_other_languages_take_no_part_and_are_counted() -> None:
    english = "the night is young and we are running through the city with the money and the power"
    song = [Line("la nuit tombe sur la ville et le béton") for _ in range(2)] + [Line("je vois le bateau")]
    sections = (Section("couplet", tuple(song)), Section("refrain", (Line(english), Line(english[4:])), language="en"))
    corpus = make_corpus("deux", [Song(f"t{n}", "a", sections) for n in range(12)])
    worlds = find_worlds(corpus, 2, words=0)
    assert worlds.left_out == {"other_languages": 24, "repeated": 12}
    assert len(worlds.labels) == 12
    assert len(find_worlds(corpus, 2, words=0, languages=()).labels) == 24


def test_lines_of_english_in_a_french_section_take_no_part() -> None:
    lines = (Line("la nuit tombe sur la ville et le béton"), Line("and they know that you were there"))
    song = (Section("couplet", (*lines, Line("je vois le bateau"))),)
    corpus = make_corpus("mêlé", [Song(f"t{n}", "a", song) for n in range(12)])
    worlds = find_worlds(corpus, 2, words=0)
    assert worlds.left_out == {"other_languages": 12, "repeated": 0}
    assert "know" not in {word for name in range(worlds.class_count) for word in worlds.typical_words(name)["word"]}
    assert find_worlds(corpus, 2, words=0, languages=()).left_out == {"other_languages": 0, "repeated": 0}


def test_a_number_of_classes_is_proposed_where_it_is_stable() -> None:
    def proposed(*agreement: float) -> int | None:
        return propose_class_count(pd.DataFrame({"k": range(2, 2 + len(agreement)), "adjusted_rand": agreement}))

    assert proposed(0.92, 0.82, 0.76, 0.62, 0.68, 0.61, 0.56) == 6  # the last peak
    assert proposed(0.92, 0.82, 0.76) == 3
    assert proposed(0.09, 0.06, 0.2) is None
    assert proposed(0.9) == 2
    assert proposed() is None
