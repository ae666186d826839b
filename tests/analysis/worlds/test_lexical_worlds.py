"""Segments, lexical worlds and their stability on a corpus whose worlds are planted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

from pipeline.analysis.worlds.class_agreement import (
    adjusted_rand_index,
    agreement_by_k,
    longer_segment_words,
    propose_class_count,
)
from pipeline.analysis.worlds.lexical_worlds import Worlds, find_worlds, min_class_segments, segment_of_each_line
from pipeline.analysis.worlds.reinert import MIN_CLASS_SEGMENTS, UNCLASSIFIED
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.corpora import make_corpus


@pytest.fixture(scope="module")
def worlds(planted: Corpus) -> Worlds:
    return find_worlds(planted, 3, words=15, lemmas=False)


def test_segments_are_lines_of_one_section_until_they_hold_enough(planted: Corpus) -> None:
    sections = segment_of_each_line(planted, 0)
    assert sections.tolist() == np.repeat(np.arange(60), 8).tolist()
    for words, segments in ((15, "00011111"), (20, "00001111"), (10, "00112233"), (11, "00011111"), (40, "00000000")):
        found = segment_of_each_line(planted, words)  # lines of 5 words; what is left at the end joins
        assert "".join(map(str, found[:8])) == segments
        assert found[8] == found[7] + 1
    silent = make_corpus("silent", [Song("t", "a", (Section("couplet", (Line("…"), Line("la mer"), Line("…"))),))])
    assert segment_of_each_line(silent, 0).tolist() == [-1, 0, -1]


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


def signed_chi_squared(first: np.ndarray, second: np.ndarray) -> float:
    """Of two masks over segments: positive where they meet more often than by chance."""
    table = np.array([[(a & b).sum() for b in (second, ~second)] for a in (first, ~first)])
    if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))[0, 0] / table.sum()
    return float(chi2_contingency(table, correction=False)[0] * np.sign(table[0, 0] - expected))


@pytest.mark.parametrize("seed", range(3))
def test_tables_of_any_classes_are_those_of_their_segments(worlds: Worlds, seed: int) -> None:
    """Against masks over the segments, counted one class, word and artist after the other."""
    labels = np.random.default_rng(seed).choice([-1, 0, 1, 2], len(worlds.labels), p=[0.1, 0.3, 0.5, 0.1])
    drawn = replace(worlds, labels=labels)
    holds, classified = drawn.presence.toarray()[labels >= 0] > 0, labels[labels >= 0]
    holds[:, 7], holds[:3, 8], holds[3:, 8] = False, True, False
    holds[2:, 9] = False
    presence = drawn.presence.toarray()
    presence[labels >= 0] = holds
    drawn = replace(drawn, presence=type(worlds.presence)(presence))
    artist = drawn.corpus.songs["artist"].to_numpy()[drawn.corpus.lines["song"].to_numpy()]
    of = np.array([artist[drawn.segment_of == at][0] for at in np.flatnonzero(labels >= 0)])
    shares = drawn.class_shares("artist").set_index(["artist", "class"])
    for name in range(3):
        own = classified == name
        assert drawn.sizes[name] == own.sum()
        chi2 = [signed_chi_squared(own, each) if each.sum() >= 3 else 0 for each in holds.T]
        assert drawn.chi_squared[name] == pytest.approx(chi2)
        words = drawn.typical_words(name)
        assert words["chi2"].is_monotonic_decreasing
        assert len(words) == np.count_nonzero(np.abs(chi2) > 1e-12)
        at = drawn.corpus.vocabulary.encode(words["word"])
        counts = [holds[own].sum(axis=0)[at], holds.sum(axis=0)[at]]
        assert words[["segments", "all_segments"]].to_numpy().T.tolist() == np.array(counts).tolist()
        assert words["share"].tolist() == (counts[0] / counts[1]).tolist()
        assert words["active"].tolist() == drawn.active[at].tolist()
        for who in set(of):
            row = shares.loc[(who, name)]
            assert row["segments"] == (own & (of == who)).sum()
            assert row["share"] == pytest.approx(row["segments"] / (of == who).sum())
            assert row["chi2"] == pytest.approx(signed_chi_squared(of == who, own))
        score = presence @ np.where(drawn.active, np.maximum(chi2, 0), 0)
        best = [at for at in np.argsort(-score, kind="stable") if labels[at] == name]
        first = {presence[at].tobytes(): at for at in best[::-1]}
        best = [at for at in best if at in first.values()][:2]
        lines = drawn.typical_segments(name, 2)
        assert lines["segment"].drop_duplicates().tolist() == best
        assert lines["score"].tolist() == pytest.approx(score[lines["segment"]].tolist())
        assert sorted(lines["line"]) == drawn.corpus.lines.index[np.isin(drawn.segment_of, best)].tolist()
        assert all(own["line"].is_monotonic_increasing for _, own in lines.groupby("segment"))
    by_artist = np.array([[(of[classified == name] == who).sum() for name in range(3)] for who in set(of)])
    known = [at for at in drawn.plane_words if holds[:, at].sum() >= 3]
    table = np.array([holds[classified == name][:, known].sum(axis=0) for name in range(3)])
    assert drawn.plane_words.tolist() == [at for at in known if drawn.active[at]]
    assert drawn.class_separation() == pytest.approx(
        {"chi2_per_n": chi2_contingency(table)[0] / table.sum(), "cramers_v": association(by_artist, "cramer")}
    )


def test_a_class_that_is_none_is_a_sentence(worlds: Worlds) -> None:
    for ask in (worlds.typical_words, worlds.typical_segments):
        with pytest.raises(SettingError, match="There is no class 3: classes are 0 to 2"):
            ask(3)
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
    short, long = (find_worlds(planted, 3, words=words, lemmas=False) for words in (10, longer_segment_words(10)))
    agreement = agreement_by_k(short, long).set_index("k")["adjusted_rand"]
    assert agreement[3] == pytest.approx(1)
    assert (longer_segment_words(40), longer_segment_words(0)) == (60, 40)


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
