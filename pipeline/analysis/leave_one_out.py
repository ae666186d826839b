"""A diversity measure of a text with its 95 % interval over songs: each song left out in turn (`intervals.jackknife`).

A measure of n songs would be computed n + 1 times; here what all songs share is computed once, and what a song changes
is taken off. The tests compare each with the measure of the text without the song.
"""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from pipeline.analysis import moving_windows, mtld
from pipeline.analysis.counting import Floats, Ints
from pipeline.analysis.diversity import Spectrum
from pipeline.analysis.intervals import Interval, jackknife, ratio_jackknife

Estimate = tuple[float, Interval]
UNDEFINED: Estimate = (float("nan"), Interval(float("nan"), float("nan")))
_CELLS = 1 << 20  # of a table of songs x times that is looked at at once: by kind of section, songs are many


def estimate_from_counts(measure: Callable[[Spectrum], Floats], songs: sparse.csr_matrix) -> Estimate:
    """Estimate a measure of the spectrum from the counts of a text, CSR of its songs x vocabulary.

    A song taken out changes how often a few words occur, so the spectrum without it is that of the whole, less its
    words as they were, and its words as they are then: no text is counted again.
    """
    counts = np.bincount(songs.indices, songs.data).astype(np.int64)
    if not len(counts):
        return UNDEFINED
    before = counts[songs.indices]
    after = before - songs.data
    occurs = np.zeros(counts.max() + 1, bool)
    occurs[counts], occurs[after], occurs[0] = True, True, False
    times = np.flatnonzero(occurs)
    column = np.cumsum(occurs)  # of each number of times, from 1; 0 is for words that are gone
    width = len(times) + 1

    def types(words: Ints, song: Ints, n: int) -> Ints:
        """Return int[n, times]: how many types of each song occur so often."""
        return np.bincount(song * width + column[words], minlength=n * width).reshape(n, width)[:, 1:]

    whole = types(counts, np.zeros_like(counts), 1)
    value = float(measure(Spectrum(times, whole[0])))
    without = []
    many = max(_CELLS // width, 1)  # songs at a time
    for a in range(0, songs.shape[0], many):
        ends = songs.indptr[a : a + many + 1]
        here, n = slice(ends[0], ends[-1]), len(ends) - 1
        song = np.repeat(np.arange(n), np.diff(ends))
        left = whole - types(before[here], song, n) + types(after[here], song, n)
        without.append(measure(Spectrum(times, left)))
    return value, jackknife(value, np.concatenate(without))


def estimate_mattr(previous: Ints, songs: Ints, window: int) -> Estimate:
    """Estimate MATTR from a text's `previous_occurrence` and the places where its songs begin.

    Approximate: a song takes its share of the windows out, those at its borders in proportion.
    """
    if len(previous) < window:
        return UNDEFINED
    types = np.add.reduceat(moving_windows.window_types(previous, window), songs, dtype=np.int64)
    return ratio_jackknife(types / window, np.add.reduceat(moving_windows.window_counts(len(previous), window), songs))


def estimate_mtld(tokens: Ints, forward: Floats, backward: Floats) -> Estimate:
    """Estimate MTLD from the tokens of each song and its share of the factors read in either direction.

    Approximate: a song takes its share of the factors out, and the rest stay as they were cut. nan limits where a
    song holds every factor.
    """
    total, ahead, back = tokens.sum(), forward.sum(), backward.sum()
    if total < mtld.SHORTEST or ahead < 1e-9:
        return UNDEFINED
    value = float(total / ahead + total / back) / 2
    left = np.stack([ahead - forward, back - backward])  # (directions, songs)
    scores = np.divide(total - tokens, left, out=np.full(left.shape, np.nan), where=left > 1e-9)
    return value, jackknife(value, scores.mean(axis=0))
