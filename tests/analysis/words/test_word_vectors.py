"""Word vectors by their laws: words of the same company are near, and the same corpus gives the same vectors."""

import numpy as np
import pytest

from pipeline.analysis.words import word_vectors as module
from pipeline.analysis.words.word_vectors import WordVectors, theme_words, word_vectors
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus
from tests.analysis.planted_worlds import WORLDS


@pytest.fixture(scope="module")
def vectors(planted: Corpus) -> WordVectors:
    return word_vectors(planted)


def test_each_frequent_word_has_a_unit_vector_the_most_frequent_first(planted: Corpus, vectors: WordVectors) -> None:
    counts = dict(zip(planted.vocabulary.index2word, planted.word_counts().tolist(), strict=True))
    own = [counts[word] for word in vectors.words]
    assert own == sorted(own, reverse=True)
    assert min(own) >= module.MIN_WORD_COUNT
    assert vectors.vectors.shape == (len(own), min(module.WIDTH, len(own) - 1))
    np.testing.assert_allclose(np.linalg.norm(vectors.vectors, axis=1), 1)


def test_words_of_one_world_are_nearest(vectors: WordVectors) -> None:
    for words in WORLDS.values():
        own = [word for word in words if word in vectors.words]
        near = vectors.nearest(own[:1], len(own))
        assert near[0] == (own[0], 1.0)
        assert {word for word, _ in near} <= set(words)
        cosines = [cosine for _, cosine in near]
        assert cosines == sorted(cosines, reverse=True)


def test_unknown_words_have_no_neighbours_and_a_theme_of_them_is_refused(planted: Corpus, vectors: WordVectors) -> None:
    assert vectors.nearest(["inconnu"]) == []
    word = vectors.words[1]
    assert theme_words(planted, f"la {word}", 3, vectors) == vectors.nearest([word], 3)
    with pytest.raises(SettingError, match="inconnu"):
        theme_words(planted, "inconnu", vectors=vectors)


@pytest.mark.parametrize("dense", [0, 500])
def test_the_same_corpus_gives_the_same_vectors_however_they_are_computed(
    planted: Corpus, vectors: WordVectors, dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_DENSE_WORDS", dense)
    monkeypatch.setattr(module, "WIDTH", 3)
    found, again = word_vectors(planted), word_vectors(planted)
    np.testing.assert_allclose(found.vectors @ found.vectors.T, again.vectors @ again.vectors.T, atol=1e-8)
    monkeypatch.setattr(module, "_MAX_DENSE_WORDS", 500)
    exact = word_vectors(planted)
    np.testing.assert_allclose(found.vectors @ found.vectors.T, exact.vectors @ exact.vectors.T, atol=1e-6)
