"""N-grams of a corpus that need not fit in memory: sorted runs of each slice, merged a range of first words at a time.

An n-gram occurs no more often than its words, so those with a rarer word are left out before anything is sorted. Ranges
hold first words that occur some millions of times together: what merging holds is no more than that.
"""

from collections.abc import Collection, Iterable
from concurrent.futures import Executor
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.analysis.counting import Ints
from pipeline.analysis.file_counts import count_words
from pipeline.analysis.file_slices import TOGETHER, Mask, Slice, read_slice, slices_of
from pipeline.analysis.ngrams import check_length
from pipeline.corpus.table import Layer
from pipeline.corpus.workers import map_in_order
from pipeline.language.vocabulary import Ids


class _Run(NamedTuple):
    """Different n-grams in order: their words (int32[k, n]), how often, in how many songs, and where each first is."""

    words: Ids
    counts: Ints
    songs: Ints
    first: Ints


def count_ngrams(
    name: str,
    n: int,
    layer: Layer = "lyrics",
    minimum: int = 2,
    executor: Executor | None = None,
    together: int = TOGETHER,
    *,
    artists: Collection[str] = (),
    years: tuple[int, int] | None = None,
) -> tuple[Ids, Ints, Ints]:
    """Return `ngrams.ngram_counts` of a prepared corpus, or of its part by these artists and of these years.

    Raises SettingError outside 1 to 7 words.
    """
    check_length(n)
    counts = count_words(name, layer, executor, together, artists=artists, years=years)
    frequent = counts >= minimum
    slices = slices_of(name, together, artists, years)
    found = [_merge_runs([_Run(np.empty((0, n), np.int32), *np.empty((3, 0), np.int64))], 1)]
    for first, stop in _word_ranges(np.where(frequent, counts, 0), together):
        given = repeat(layer), repeat(n), repeat(frequent), repeat(first), repeat(stop)
        found.append(_merge_runs(map_in_order(executor, find_run, slices, *given), minimum))
    words, times, songs, places = map(np.concatenate, zip(*found, strict=True))
    order = np.lexsort((places, -times))
    return words[order], times[order], songs[order]


def find_run(part: Slice, layer: Layer, n: int, frequent: Mask, first: int, stop: int) -> _Run:
    """Return the n-grams of a slice that begin with the words `first` to `stop` and hold frequent ones alone."""
    tokens = read_slice(part, layer)
    last = max(len(tokens.words) - n + 1, 0)
    begin = tokens.words[:last]
    inside = (begin >= first) & (begin < stop) & (tokens.lines[:last] == tokens.lines[n - 1 :][:last])
    known = frequent[tokens.words]
    for step in range(n):
        inside &= known[step : step + last]
    at = np.flatnonzero(inside)
    words = tokens.words[at[:, None] + np.arange(n)]
    order, new = _sort_rows(words)
    opens = new.copy()
    opens[1:] |= np.diff(tokens.songs[at[order]]) != 0
    starts = np.flatnonzero(new)
    songs = np.add.reduceat(opens.astype(np.int64), starts) if len(starts) else starts
    return _Run(words[order][new], np.diff(starts, append=len(at)), songs, tokens.places[at[order]][new])


def _merge_runs(runs: Iterable[_Run], minimum: int) -> _Run:
    """Return the n-grams of runs of different songs that occur `minimum` times or more, in order."""
    whole = _Run(*map(np.concatenate, zip(*runs, strict=True)))
    order, new = _sort_rows(whole.words)
    starts = np.flatnonzero(new)
    if not len(starts):
        return whole
    counts, songs = (np.add.reduceat(column[order], starts) for column in whole[1:3])
    enough = counts >= minimum
    words, first = whole.words[order][new], whole.first[order][new]
    return _Run(words[enough], counts[enough], songs[enough], first[enough])


def _sort_rows(words: Ids) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return (the order that sorts rows, equal ones as they stand; whether a sorted row is the first of its kind)."""
    order: Ints = np.lexsort(words.T[::-1])
    rows = words[order]
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return order, new


def _word_ranges(counts: Ints, together: int) -> list[tuple[int, int]]:
    """Return (first, stop) of words that occur about `together` times in all."""
    known = np.flatnonzero(counts)
    bounds = known[np.flatnonzero(np.diff(np.cumsum(counts[known]) // together, prepend=-1))].tolist()
    return list(zip(bounds, [*bounds[1:], len(counts)], strict=True))
