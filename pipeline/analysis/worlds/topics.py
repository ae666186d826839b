"""Topics of a corpus by two methods of machine learning, in the views of lexical worlds, for comparison.

nmf  non-negative matrix factorisation of tf-idf (Lee & Seung 1999)
lda  latent Dirichlet allocation (Blei, Ng & Jordan 2003), by variational Bayes

scikit-learn's, imported where they are asked for. Each segment belongs to the topic that weighs most in it.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
from scipy import sparse

from pipeline.analysis.counting import Floats
from pipeline.analysis.worlds.double_worlds import find_double_worlds
from pipeline.analysis.worlds.lexical_worlds import (
    DEFAULT_CLASS_COUNT,
    MIN_CLASS_SIZE_RULE,
    MIN_SEGMENT_WORDS,
    Worlds,
    find_worlds,
    unclassified_segments,
)
from pipeline.analysis.worlds.reinert import UNCLASSIFIED, OnSplit
from pipeline.core.errors import SettingError
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus, Layer

Method = Literal["nmf", "lda"]
METHODS: tuple[Method, ...] = get_args(Method)
_PASSES = 30  # of LDA over the segments


def find_topics(
    corpus: Corpus,
    k: int = DEFAULT_CLASS_COUNT,
    method: Method = "nmf",
    *,
    words: int = MIN_SEGMENT_WORDS,
    lemmas: bool = True,
    layer: Layer = "lyrics",
    languages: Collection[str] = DEFAULT_LANGUAGES,
    seed: int = 0,
) -> Worlds:
    """The segments of a corpus in k topics. Options as of `find_worlds`; the same seed gives the same topics.

    Raises SettingError as `find_worlds`, and for a method that is none.
    """
    if method not in METHODS:
        raise SettingError(
            "There is no topic method {method!r}: choose one of {known}.", method=method, known=", ".join(METHODS)
        )
    whole = unclassified_segments(corpus, k, words=words, lemmas=lemmas, layer=layer, languages=languages)
    table = whole.presence[:, whole.active].astype(np.float64)
    filled = np.flatnonzero(np.diff(table.tocsr().indptr))
    weights = (_nmf if method == "nmf" else _lda)(table[filled], k, seed)
    labels = np.full(len(whole.labels), UNCLASSIFIED)
    labels[filled] = _number_by_size(weights.argmax(axis=1))
    return replace(whole, labels=labels)


def _nmf(table: sparse.csr_matrix, k: int, seed: int) -> Floats:
    """float[segments, k]."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    model = NMF(k, init="nndsvda", random_state=seed, max_iter=400, tol=1e-3)
    return model.fit_transform(TfidfTransformer(sublinear_tf=True).fit_transform(table))


def _lda(table: sparse.csr_matrix, k: int, seed: int) -> Floats:
    """float[segments, k]."""
    from sklearn.decomposition import LatentDirichletAllocation

    # A segment is about few topics, and a topic has few words: priors below 1.
    model = LatentDirichletAllocation(
        k, doc_topic_prior=0.1, topic_word_prior=0.05, learning_method="batch", max_iter=_PASSES, random_state=seed
    )
    return model.fit_transform(table)


def _number_by_size(topics: np.ndarray) -> np.ndarray:
    """Topics numbered by size, the largest 0; those that lead in no segment have no number."""
    names, sizes = np.unique(topics, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    number = np.empty(int(topics.max()) + 1, int)
    number[names[order]] = np.arange(len(names))
    return number[topics]


def classify_by(
    corpus: Corpus,
    method: str,
    k: int,
    words: int,
    lemmas: bool,
    layer: Layer,
    least_size: int | str = MIN_CLASS_SIZE_RULE,
    languages: Collection[str] = DEFAULT_LANGUAGES,
    on_split: OnSplit = lambda done, of: None,
) -> Worlds:
    """Return the segments in classes, by Reinert's method (once or twice) or as topics, which have no least size.

    Raise SettingError.
    """
    how: dict[str, Any] = {"words": words, "lemmas": lemmas, "layer": layer, "languages": languages}
    if method in ("reinert", "double"):
        find = find_worlds if method == "reinert" else find_double_worlds
        return find(corpus, k, least_size=least_size, on_split=on_split, **how)
    return find_topics(corpus, k, method, **how)  # type: ignore[arg-type]
