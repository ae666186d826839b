"""Figures that compare classifications of the same segments, whatever the method: those of the JADT 2026 study of rap.

χ²/n and Cramér's V are `Worlds.separation`; here are the separation by Labbé's distance, and how far two agree.
"""

import numpy as np
from scipy import sparse

from pipeline.analysis.lexical_worlds import Worlds
from pipeline.analysis.similarity import labbe

SEGMENTS = 72  # of a text, as in the study
_TEXTS = 8  # of a class at the most


def labbe_separation(worlds: Worlds, segments: int = SEGMENTS, seed: int = 16) -> float:
    """Return the mean Labbé distance of texts of different classes over that of texts of the same class.

    Each class is dealt into texts of so many segments, at random by `seed`. 1: the classes are no further apart than
    their own texts; nan where no two classes, or no class, have two texts.
    """
    rng, texts, classes = np.random.default_rng(seed), [], []
    counts = _segment_counts(worlds)
    for name in range(worlds.count):
        own = rng.permutation(np.flatnonzero(worlds.labels == name))
        for part in range(min(len(own) // segments, _TEXTS)):
            texts.append(sparse.csr_matrix(counts[own[part * segments : (part + 1) * segments]].sum(axis=0)))
            classes.append(name)
    label = np.array(classes)
    same = label[:, None] == label
    alike = same & ~np.eye(len(label), dtype=bool)
    if not len(label) or not alike.any() or same.all():
        return float("nan")
    distances = labbe(sparse.vstack(texts).tocsr())
    return float(distances[~same].mean() / distances[alike].mean())


def _segment_counts(worlds: Worlds) -> sparse.csr_matrix:
    """Return int[segments, vocabulary]: how often each word occurs in each segment."""
    ids, rows = worlds.corpus.token_table()
    segment = worlds.segment_of[rows]
    known = segment >= 0
    shape = (len(worlds.labels), len(worlds.corpus.vocabulary))
    return sparse.csr_matrix((np.ones(int(known.sum())), (segment[known], ids[known])), shape)


def mutual_information(one: Worlds, other: Worlds) -> float:
    """Return the normalised mutual information (NMI) of two classifications of the same segments, 0 to 1.

    Segments that either leaves unclassified are excluded.
    """
    from sklearn.metrics import normalized_mutual_info_score  # here: scikit-learn takes a second to import

    known = (one.labels >= 0) & (other.labels >= 0)
    return float(normalized_mutual_info_score(one.labels[known], other.labels[known]))
