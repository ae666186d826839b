"""Lexical diversity of words in order: MATTR, over moving windows, and "the first n words".

All is computed from one array: where each token's word last occurred. A token is the first of its word in a window
exactly when that position lies before the window, so that MATTR takes O(tokens).
"""

import numpy as np

from pipeline.analysis.counting import Floats, Ints, inverted_index
from pipeline.analysis.measures import Measure, RankingCriterion, RankingFamily, ReferenceValue, poem_tokens, word_ids
from pipeline.core.translation import mark


def previous_occurrence(ids: Ints) -> Ints:
    """Return int32[n]: the position of the previous occurrence of each token's word, -1 at its first one."""
    previous = np.full(len(ids), -1, np.int32)
    if len(ids):
        positions, bounds = inverted_index(ids, int(ids.max()) + 1)
        previous[positions[1:]] = positions[:-1]
        previous[positions[bounds[:-1][np.diff(bounds) > 0]]] = -1
    return previous


def mattr(ids: Ints, window: int = 50) -> float:
    """Return moving-average TTR: the mean of types / window over the N - window + 1 windows.

    Higher is richer; free of length. nan below `window` tokens. Peers default to 50 or 100: print it. Covington and
    McFall 2010.
    """
    return mattr_from_previous_occurrences(previous_occurrence(ids), window)


def mattr_from_previous_occurrences(previous: Ints, window: int) -> float:
    """Return the moving-average TTR of a text, given the previous occurrence of each token's word."""
    totals = first_in_window_counts(previous, window)
    return float(totals.sum() / (len(previous) - window + 1) / window) if len(totals) else float("nan")


def first_in_window_counts(previous: Ints, window: int) -> Ints:
    """Return int[n]: in how many windows each token is the first of its word; empty below `window` tokens.

    Their sum is the sum of types over all windows. `previous` is the `previous_occurrence` of the text; a negative
    position says that there is none.
    """
    n = len(previous)
    if n < window:
        return np.empty(0, np.int64)
    positions = np.arange(n, dtype=np.int32)
    first = np.maximum(np.maximum(previous + 1, positions - (window - 1)), 0)
    last = np.minimum(positions, n - window)
    return np.maximum(last - first + 1, 0)


def token_window_weights(n: int, window: int) -> Floats:
    """Return float[n]: in how many windows each token lies, divided by `window`; the sum is the number of windows."""
    positions = np.arange(n)
    inside = np.minimum(positions, n - window) - np.maximum(positions - window + 1, 0) + 1
    return np.maximum(inside, 0) / window


def types_in_first_words(ids: Ints, n: int = 35_000) -> float:
    """Return the types among the first `n` tokens (The Pudding 2014, 2019); nan for fewer tokens.

    Depends on the order of the songs and on what is counted as a word: here every form counts, elided clitics are
    words of their own (l' + argent), featured parts and refrains are in unless the corpus was narrowed.
    `rarefaction` asks the same without the order.
    """
    return float(np.count_nonzero(previous_occurrence(ids[:n]) < 0)) if len(ids) >= n else float("nan")


MEASURES = (
    Measure(
        "Diversity", "MATTR", "Mean type-token ratio of all windows of w words.", mark("mean of types / w"),
        "Covington & McFall 2010",
        ReferenceValue(
            "the poem, w = 50", "three packages", 0.6213186813186813, lambda: mattr(word_ids(poem_tokens()), 50), 1e-12
        ),
        (
            RankingCriterion("mattr_50", None, mark("MATTR, windows of 50"), comparable=True, window=50),
            RankingCriterion("mattr_100", None, mark("MATTR, windows of 100"), comparable=True, window=100),
        ),
        RankingFamily("mattr", 2, 10_000, lambda n: RankingCriterion(f"mattr_{n}", None, "MATTR", window=n)),
    ),
    Measure(
        "Diversity", "First n words", "Types in an artist's first n words: every form counts, elisions are split (l' "
                                      "+ argent).", mark("V(first n)"), "The Pudding 2014",
        ReferenceValue(
            "the first 50 words of the poem", "counted by hand", 37, lambda:
            types_in_first_words(word_ids(poem_tokens()), 50)
        ),
    ),
)  # fmt: skip
