"""Which artists, years or songs use the same words: distances, a map of two dimensions, nearest neighbours.

All compare relative frequencies, so that a long output is not far from a short one for its length alone.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import svds

from pipeline.analysis.counting import (
    Floats,
    GroupingKey,
    Ints,
    count_matrix,
    document_frequency,
    song_group_codes,
    word_counts,
    word_mask,
)
from pipeline.analysis.measures import Measure, ReferenceValue
from pipeline.analysis.precomputed import PrecomputedResult, TableCodec
from pipeline.core.errors import SettingError, spelling_suggestion
from pipeline.corpus.table import Corpus, Layer

MIN_GROUP_WORDS = 500  # of an artist or a year on the map: below, a distance is chance
MAX_DENSE_GROUPS = 1500  # groups up to which all distances are held at once
_MIN_SCALED_COUNT = np.float32(1 - 1e-6)  # a scaled count of one, whatever its rounding
_MAX_RARE_TYPE_TEXTS = 32  # texts at most that have a type which is looked at two texts at a time
_TYPES_PER_BLOCK = 256  # types compared at once: what fits in a near cache


def group_word_counts(
    corpus: Corpus,
    by: GroupingKey = "artist",
    layer: Layer = "lyrics",
    excluded_words: Collection[str] = (),
    minimum: int = 1,
) -> tuple[sparse.csr_matrix, pd.Index]:
    """Return (counts (groups, vocabulary), labels) of the groups with `minimum` words or more, without excluded words.

    Without `function_words()` of `word_classes` what remains is what the texts are about.
    """
    counts, labels = word_counts(corpus, by, layer)
    if excluded_words:
        counts = counts.copy()
        counts.data[word_mask(corpus.vocabulary, excluded_words)[counts.indices]] = 0
        counts.eliminate_zeros()
    large = np.flatnonzero(np.asarray(counts.sum(axis=1)).ravel() >= max(minimum, 1))
    return counts[large], labels[large]


def cosine_similarities(counts: sparse.csr_matrix) -> Floats:
    """Return float[n, n]: cosine of the frequency vectors, 1 for equal proportions, 0 for no word in common.

    Ruled by the commonest words: take function words out, or use `labbe_distances`.
    """
    unit = _unit_rows(counts)
    # dense, common words multiply ten times faster; the others are few
    common = document_frequency(unit) > counts.shape[0] / 10
    dense = unit[:, common].toarray()
    return np.clip(dense @ dense.T + (unit[:, ~common] @ unit[:, ~common].T).toarray(), 0, 1)


def labbe_distances(counts: sparse.csr_matrix) -> Floats:
    """Return float[n, n]: Labbé's intertextual distance (Labbé and Labbé 2003), 0 for equal, 1 for no word in common.

    The longer text is scaled to the shorter, U = N_small / N_large; D = sum |F_small - U F_large| over the types of
    the small text and those with U F_large >= 1, divided by N_small + the sum of U F_large >= 1. Steady where the
    texts are above 1,000 words and within a factor of ten of each other.
    """
    sizes = np.asarray(counts.sum(axis=1)).ravel().astype(float)
    order = np.argsort(sizes, kind="stable")
    counts, sizes = counts[order].astype(np.float32), sizes[order]
    expected = _sum_scaled_counts_of_pairs(counts, sizes)
    document_counts = document_frequency(counts)
    few = document_counts <= min(len(sizes) // 16, _MAX_RARE_TYPE_TEXTS)
    rare = _shared_rare_words(counts[:, few & (document_counts > 1)], sizes)  # what a text has alone, no other shares
    table = counts[:, ~few]
    dense = table.T.tocsr().toarray()  # (types, n)

    def distances_to_larger_texts(i: int) -> Floats:
        own = slice(*table.indptr[i : i + 2])
        shared = _overlap_with_larger_texts(dense, table.indices[own], table.data[own], i, sizes) + rare[i, i + 1 :]
        total = expected[i, i + 1 :]
        return (sizes[i] + total - shared) / (sizes[i] + total)

    distances = np.zeros((len(sizes), len(sizes)))
    with ThreadPoolExecutor() as pool:  # NumPy works outside the interpreter's lock
        for i, row_distances in enumerate(pool.map(distances_to_larger_texts, range(len(sizes)))):
            distances[i, i + 1 :] = row_distances
    back = np.argsort(order)
    return (distances + distances.T)[np.ix_(back, back)]


def labbe_distances_from(counts: sparse.csr_matrix, at: int) -> Floats:
    """Return float[n]: the Labbé distances from the text in row `at` to each text."""
    counts = sparse.csr_matrix(counts, dtype=np.float64)
    sizes, counts_here = np.asarray(counts.sum(axis=1)).ravel(), counts[[at]].toarray().ravel()
    row, mine, theirs = (
        np.repeat(np.arange(len(sizes)), np.diff(counts.indptr)),
        counts_here[counts.indices],
        counts.data,
    )
    smaller, larger = np.minimum(sizes[at], sizes), np.maximum(sizes[at], sizes)
    scale = smaller / larger
    is_small = (sizes > sizes[at]) | ((sizes == sizes[at]) & (np.arange(len(sizes)) > at))  # this text, of the pair
    small = np.where(is_small[row], mine, theirs)
    large = np.where(is_small[row], theirs, mine) * scale[row]
    shared = np.bincount(row, _word_overlap(small, large) * (mine > 0), len(sizes))
    theirs_expected = np.bincount(row, large * (large >= _MIN_SCALED_COUNT), len(sizes))
    expected = np.where(is_small, theirs_expected, _sum_scaled_counts(counts_here[counts_here > 0], scale))
    distances = (smaller + expected - shared) / (smaller + expected)
    distances[at] = 0
    return distances


def _overlap_with_larger_texts(
    dense: npt.NDArray[np.float32], own: Ints, f: npt.NDArray[np.float32], i: int, sizes: Floats
) -> Floats:
    """Return float[n - i - 1]: the overlap of text i with each larger text, whose counts are scaled to the size of i.

    With counts F and scaled counts F' it is N_small + N_large' - sum |F - F'|. As |F - F'| is F + F' - 2 min(F, F'),
    a type of both adds 2 min(F, F'), or F' where that is below 1 and so not counted in N_large'.
    """
    scale = (sizes[i] / sizes[i + 1 :]).astype(np.float32)
    shared = np.zeros(len(scale))
    for a in range(0, len(own), _TYPES_PER_BLOCK):
        part = dense[own[a : a + _TYPES_PER_BLOCK], i + 1 :]  # (types, n - i - 1)
        part *= scale
        above = part >= _MIN_SCALED_COUNT
        np.minimum(part, f[a : a + _TYPES_PER_BLOCK, None], out=part)
        shared += part.sum(axis=0)
        part *= above
        shared += part.sum(axis=0)
    return shared


def _shared_rare_words(counts: sparse.csr_matrix, sizes: Floats) -> Floats:
    """Return float[n, n]: at i < j, the overlap of texts i and j in the word types that few texts have."""
    by_type = counts.tocsc()
    text, n = by_type.indices.astype(np.intp), len(sizes)
    after = (
        np.repeat(by_type.indptr[1:], np.diff(by_type.indptr)) - np.arange(len(text)) - 1
    )  # larger ones that have it
    i = np.repeat(np.arange(len(text)), after)
    j = i + 1 + np.arange(len(i)) - np.repeat(np.cumsum(after) - after, after)
    larger = by_type.data[j] * (sizes[text[i]] / sizes[text[j]]).astype(np.float32)
    both = _word_overlap(by_type.data[i], larger)
    return np.bincount(text[i] * n + text[j], both, minlength=n * n).reshape(n, n).astype(float)


def _sum_scaled_counts_of_pairs(counts: sparse.csr_matrix, sizes: Floats) -> Floats:
    """Return float[n, n]: at i < j, the sum of text j's counts scaled to the smaller text i, ignoring those below 1."""
    expected = np.zeros((len(sizes), len(sizes)))
    for j in range(1, len(sizes)):
        expected[:j, j] = _sum_scaled_counts(counts.data[counts.indptr[j] : counts.indptr[j + 1]], sizes[:j] / sizes[j])
    return expected


def _sum_scaled_counts(counts: npt.NDArray[Any], scale: Floats) -> Floats:
    """Return float[scale]: the sum of a text's word counts times each factor, ignoring products below 1."""
    own = np.sort(counts)
    above = np.append(np.cumsum(own[::-1])[::-1], 0)  # of the counts from this one up
    return scale * above[np.searchsorted(own, _MIN_SCALED_COUNT / scale)]


def _word_overlap(small: npt.NDArray[Any], large: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the overlap of a smaller and a larger text in each word; the larger one's counts are scaled down."""
    return np.where(large >= _MIN_SCALED_COUNT, 2 * np.minimum(small, large), large)


def classical_scaling(distances: Floats) -> tuple[Floats, float]:
    """Return (float[n, 2] coordinates, share of the squared distances that they keep): classical MDS (Torgerson 1952).

    Each axis is turned so that its largest coordinate is positive: the same distances give the same map.
    """
    n = len(distances)
    if n < 2:
        return np.zeros((n, 2)), 1.0
    centred = distances**2
    centred = centred - centred.mean(axis=0) - centred.mean(axis=1)[:, None] + centred.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    top = np.maximum(values[::-1][:2], 0)
    points = vectors[:, ::-1][:, :2] * np.sqrt(top)
    positive = values[values > 0].sum()
    return _fix_signs(points), float(top.sum() / positive) if positive else 1.0


def similarity_map(
    corpus: Corpus, by: GroupingKey = "artist", method: str = "labbe", layer: Layer = "lyrics", minimum: int = 500
) -> tuple[pd.DataFrame, float]:
    """Return (table of label, words, x, y of each group with `minimum` words; share of squared distances on the map).

    Classical scaling of Labbé or cosine distances (1 - cosine) up to 1,500 groups; above, and so for all songs of a
    large corpus, the first two principal axes of the unit frequency vectors. Raise SettingError for another method.
    """
    counts, labels = group_word_counts(corpus, by, layer, minimum=minimum)
    _check_distance_name(method)
    if counts.shape[0] > MAX_DENSE_GROUPS:
        points, share = _principal_axes(_unit_rows(counts))
    else:
        points, share = classical_scaling(_distances(counts, method))
    words = np.asarray(counts.sum(axis=1)).ravel()
    return pd.DataFrame({"label": labels, "words": words, "x": points[:, 0], "y": points[:, 1]}), share


def closest_pair(
    corpus: Corpus, by: GroupingKey = "artist", method: str = "labbe", layer: Layer = "lyrics", minimum: int = 500
) -> pd.DataFrame:
    """Return the two groups nearest to each other, as a table of one row: one, other, distance.

    Empty for fewer than two groups or more than 1,500.
    """
    counts, labels = group_word_counts(corpus, by, layer, minimum=minimum)
    if not 2 <= len(labels) <= MAX_DENSE_GROUPS:
        return pd.DataFrame(columns=["one", "other", "distance"])
    distances = _distances(counts, method) + np.diag(np.full(len(labels), np.inf))
    one, other = np.unravel_index(distances.argmin(), distances.shape)
    return pd.DataFrame({"one": labels[[one]], "other": labels[[other]], "distance": distances[[one], [other]]})


def _distances(counts: sparse.csr_matrix, method: str) -> Floats:
    """Return float[n, n]: Labbé's distances of n texts, or 1 - cosine."""
    return labbe_distances(counts) if method == "labbe" else 1 - cosine_similarities(counts)


def nearest_groups(
    corpus: Corpus,
    label: str | int,
    by: GroupingKey = "artist",
    n: int = 10,
    layer: Layer = "lyrics",
    minimum: int = 100,
    method: str = "labbe",
) -> pd.DataFrame:
    """Return the `n` groups nearest to the group `label`, as a table: label, words, distance.

    Above 1,500 groups the distance is 1 - cosine. Raise SettingError for an unknown group or method, or too few words.
    """
    _check_distance_name(method)
    counts, labels = group_word_counts(corpus, by, layer, minimum=minimum)
    matches = np.flatnonzero(labels == label)
    if not len(matches):
        names = song_group_codes(corpus, by)[1] if by != "kind" else labels
        if label not in names:
            suggestion = spelling_suggestion(str(label), map(str, names))
            raise SettingError("Nothing selected has {by} {group!r}{near}.", group=label, by=by, near=suggestion)
        raise SettingError(
            "{label} has fewer than {minimum} words here: too few to find similar ones.", label=label, minimum=minimum
        )
    if method == "labbe" and len(labels) <= MAX_DENSE_GROUPS:
        distances = labbe_distances_from(counts, int(matches[0]))
    else:
        unit = _unit_rows(counts)
        distances = np.clip(1 - (unit @ unit[matches].T).toarray().ravel(), 0, 1)
    others = np.delete(np.arange(len(labels)), matches)
    best = others[np.argsort(distances[others], kind="stable")[:n]]
    words = np.asarray(counts.sum(axis=1)).ravel()[best]
    return pd.DataFrame({"label": labels[best], "words": words, "distance": distances[best]})


def _check_distance_name(method: str) -> None:
    """Raise SettingError unless `method` is the name of a distance."""
    if method not in ("labbe", "cosine"):
        raise SettingError("There is no distance {method!r}: choose labbe or cosine.", method=method)


def _unit_rows(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    unit = counts.astype(float)
    norms = np.sqrt(np.asarray(unit.multiply(unit).sum(axis=1)).ravel())
    unit.data /= np.repeat(norms, np.diff(unit.indptr))
    return unit


def _principal_axes(unit: sparse.csr_matrix) -> tuple[Floats, float]:
    """Return (coordinates of the centred rows on their first two axes, share of variance), without dense rows."""
    mean = np.asarray(unit.mean(axis=0)).ravel()
    rows, columns = unit.shape

    halves = [unit[: rows // 2], unit[rows // 2 :]]
    with ThreadPoolExecutor(2) as pool:  # SciPy multiplies outside the interpreter's lock

        def multiply_centred_rows(v: Floats) -> Floats:
            return np.concatenate(list(pool.map(lambda half: half @ v.ravel(), halves))) - mean @ v.ravel()

        def multiply_transposed_centred_rows(u: Floats) -> Floats:
            pieces = np.split(u.ravel(), [rows // 2])
            return sum(pool.map(lambda half, piece: half.T @ piece, halves, pieces)) - mean * u.sum()

        products = {"matvec": multiply_centred_rows, "rmatvec": multiply_transposed_centred_rows}
        operator = sparse.linalg.LinearOperator((rows, columns), dtype=float, **products)
        left, values, _ = svds(operator, k=2, v0=np.ones(min(rows, columns)), rng=np.random.default_rng(0))
    order = np.argsort(-values)
    total = rows - rows * float(mean @ mean)  # unit rows: the squared norm of each is 1
    return _fix_signs(left[:, order] * values[order]), float((values**2).sum() / total)


def _fix_signs(points: Floats) -> npt.NDArray[np.float64]:
    largest = points[np.abs(points).argmax(axis=0), np.arange(points.shape[1])]
    return points * np.where(largest < 0, -1, 1)


def _labbe_example() -> float:
    """Return Labbé's distance of the texts with counts 2 0 2 0 and 4 2 1 1."""
    counts = count_matrix(np.repeat([0, 2, 0, 1, 2, 3], [2, 2, 4, 2, 1, 1]), np.repeat([0, 1], [4, 8]), (2, 4))
    return float(labbe_distances(counts)[0, 1])


MEASURES = (
    Measure(
        "Similarity", "Labbé's distance", "Share of words in which two texts differ, the longer scaled to the shorter.",
        "Σ |f - U·F| / Σ (f + U·F)", "Labbé & Labbé 2003",
        ReferenceValue("2 0 2 0 compared with 4 2 1 1", "by hand", 2.5 / 7, _labbe_example, 1e-6),
    ),
)  # fmt: skip


_MAP_CODEC = TableCodec[tuple[pd.DataFrame, float]](
    lambda result: result[0].assign(kept=result[1]),
    lambda table: (table.drop(columns="kept"), float(table["kept"].max()) if len(table) else 1.0),
)
PRECOMPUTED_RESULTS = (
    PrecomputedResult("map", similarity_map, storage=_MAP_CODEC, version=2),
    PrecomputedResult("closest_pair", closest_pair),
)
