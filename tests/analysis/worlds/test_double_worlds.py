"""Double classification of planted worlds, and the figures that compare methods."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.analysis.worlds.class_agreement import agreement_by_k, labbe_separation, mutual_information
from pipeline.analysis.worlds.double_worlds import find_double_worlds, labels_of_segments, second_segment_words
from pipeline.analysis.worlds.lexical_worlds import find_worlds
from pipeline.analysis.worlds.topics import find_topics
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.corpora import make_corpus

THEMES = ("mer bateau vague sel port voile marin plage", "béton tour hall ciment cage étage quartier bloc")


@pytest.fixture(scope="module")
def two() -> Corpus:
    """Forty songs of one section, twenty of each theme; each line draws five words of its theme."""
    rng = np.random.default_rng(5)
    songs = []
    for number in range(40):
        words = THEMES[number % 2].split()
        lines = [Line(" ".join([*rng.choice(words, 5, replace=False), f"unique{number}x{k}"])) for k in range(12)]
        songs.append(Song(f"t{number}", f"a{number % 4}", (Section("couplet", tuple(lines)),)))
    return make_corpus("deux", songs)


def theme_of(corpus: Corpus) -> np.ndarray:
    return np.array([0 if set(text.split()) & set(THEMES[0].split()) else 1 for text in corpus.texts])


def test_both_cuts_agree_on_planted_worlds(two: Corpus) -> None:
    steps: list[tuple[int, int]] = []
    found = find_double_worlds(two, 2, words=12, on_split=lambda done, of: steps.append((done, of)))
    known = found.segment_of >= 0
    pairs = set(zip(theme_of(two)[known].tolist(), found.labels[found.segment_of[known]].tolist(), strict=True))
    assert len(pairs) == 2
    assert found.tree is None
    assert steps[-1] == (4, 4)


def test_a_segment_follows_most_of_its_lines() -> None:
    of_lines, segment_of = np.array([0, 0, 1, 1, -1, 1]), np.array([0, 0, 0, 1, 1, 2])
    assert labels_of_segments(of_lines, segment_of).tolist() == [0, -1, 1]
    assert (second_segment_words(40), second_segment_words(0)) == (60, 40)


def test_planted_worlds_are_stable_and_apart(two: Corpus) -> None:
    one, other = find_worlds(two, 2, words=12), find_worlds(two, 2, words=18)
    assert agreement_by_k(one, other).to_dict("records") == [{"k": 2, "adjusted_rand": pytest.approx(1)}]
    assert labbe_separation(one, segments=10) > 2
    assert mutual_information(one, find_topics(two, 2, words=12)) == pytest.approx(1)
    assert np.isnan(labbe_separation(one, segments=10_000))


def test_segments_that_either_leaves_unclassified_say_nothing_of_how_two_agree(two: Corpus) -> None:
    worlds = find_worlds(two, 2, words=0)
    one, other, parted = (
        replace(worlds, labels=np.array(labels)) for labels in ([0, 0, 1, 1, -1], [0, 0, 1, 1, 0], [0, 1, 1, 1, 0])
    )
    assert mutual_information(one, other) == mutual_information(other, one) == pytest.approx(1)
    assert mutual_information(one, parted) == mutual_information(parted, one) < 0.5  # the first class is one too


def test_labbe_separation_by_hand(two: Corpus) -> None:
    from scipy import sparse

    from pipeline.analysis.comparison.similarity import labbe

    found = find_worlds(two, 2, words=0)  # a section each: 20 of each class, two texts of ten
    ids, rows = found.corpus.token_table()
    rng, texts = np.random.default_rng(16), []
    for name in range(2):
        own = rng.permutation(np.flatnonzero(found.labels == name))
        for part in (own[:10], own[10:20]):
            inside = np.isin(found.segment_of[rows], part)
            texts.append(np.bincount(ids[inside], minlength=len(found.corpus.vocabulary)))
    d = labbe(sparse.csr_matrix(np.array(texts)))
    expected = np.mean([d[0, 2], d[0, 3], d[1, 2], d[1, 3]]) / np.mean([d[0, 1], d[2, 3]])
    assert labbe_separation(found, segments=10) == pytest.approx(expected)
