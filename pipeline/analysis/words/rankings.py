"""Diversity of every artist, year or section kind: a table of all measures, and rankings with intervals.

The measures are those of `diversity` and `moving_windows`. `GroupedTokens` puts the tokens of a corpus group by
group, each group one text of songs in corpus order; a piece is the part of one song in one group. The 95 % interval of
a measure leaves out each song in turn (`intervals.jackknife`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.counting import (
    Floats,
    GroupingKey,
    Ints,
    count_consecutive_groups,
    line_group_codes,
    song_row_of_each_line,
    word_counts,
)
from pipeline.analysis.intervals import ConfidenceInterval, jackknife, rank_ranges, ratio_jackknife
from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS, RankingCriterion
from pipeline.analysis.precomputed import PrecomputedResult
from pipeline.analysis.words import diversity, moving_windows
from pipeline.analysis.words.diversity import FrequencySpectrum, frequency_spectrum
from pipeline.analysis.words.moving_windows import previous_occurrence
from pipeline.core.errors import SettingError, spelling_suggestion
from pipeline.corpus.table import Corpus, Layer


@dataclass(frozen=True)
class GroupedTokens:
    """The tokens of a corpus sorted by group (`ids`, int[n]). The tokens of one song in one group are called a piece.

    `bounds` int[groups + 1] is where each group begins among the tokens, `pieces` int[groups + 1] where it begins among
    the pieces, `starts` int[pieces + 1] where each piece begins among the tokens.
    """

    ids: Ints
    bounds: Ints
    pieces: Ints
    starts: Ints
    labels: pd.Index

    @classmethod
    def from_corpus(cls, corpus: Corpus, by: GroupingKey, layer: Layer) -> "GroupedTokens":
        """Return a corpus's tokens sorted by group, without unknown groups. Raise SettingError for an unknown `by`."""
        ids = corpus.token_ids(layer)
        codes, labels = line_group_codes(corpus, by)
        lengths = corpus.line_lengths(layer)
        lines = np.flatnonzero((lengths > 0) & (codes >= 0))
        lines = lines[np.argsort(codes[lines], kind="stable")]
        group, song, length = codes[lines], song_row_of_each_line(corpus)[lines], lengths[lines]
        stop = np.concatenate([[0], np.cumsum(length)])
        if length.sum() < len(ids) or np.any(np.diff(lines) < 0):
            shift = np.cumsum(lengths)[lines] - stop[1:]
            ids = ids[np.arange(stop[-1]) + np.repeat(shift, length)]
        new = np.flatnonzero((np.diff(song, prepend=-1) != 0) | (np.diff(group, prepend=-1) != 0))
        first = np.searchsorted(group, np.arange(len(labels) + 1))
        return cls(ids, stop[first], np.searchsorted(new, first), stop[np.append(new, len(lines))], labels)

    def token_slices(self) -> list[slice]:
        """Return the slice of `ids` of each group."""
        return [slice(a, b) for a, b in pairwise(self.bounds.tolist())]

    def song_slices(self) -> list[slice]:
        """Return for each group the slice of its pieces; a piece is the tokens of one song in the group."""
        return [slice(a, b) for a, b in pairwise(self.pieces.tolist())]


def word_counts_of_pieces(texts: GroupedTokens, corpus: Corpus, layer: Layer) -> sparse.csr_matrix:
    """Return int CSR (pieces, vocabulary): the word counts of each piece, from the cache if pieces are whole songs."""
    songs, _ = word_counts(corpus, "song", layer)
    first = np.searchsorted(
        song_row_of_each_line(corpus), np.arange(len(corpus.songs) + 1)
    )  # the line where each song begins
    words = np.diff(corpus.line_starts(layer)[first])
    if texts.ids is corpus.token_ids(layer) and np.array_equal(np.diff(texts.starts), words[words > 0]):
        return songs if words.all() else songs[words > 0]
    return count_consecutive_groups(texts.ids, texts.starts, len(corpus.vocabulary))


Estimate = tuple[float, ConfidenceInterval]
UNDEFINED: Estimate = (float("nan"), ConfidenceInterval(float("nan"), float("nan")))
_MAX_TABLE_CELLS = 1 << 20  # of a table of songs x times that is looked at at once: by kind of section, songs are many


def estimate_spectrum_measure(measure: Callable[[FrequencySpectrum], Floats], songs: sparse.csr_matrix) -> Estimate:
    """Return a measure of a text and its jackknife interval, from CSR counts (songs, vocabulary) of the text.

    The spectrum without a song is that of the whole with the counts of the song's own words changed.
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

    def count_types(words: Ints, song: Ints, n: int) -> Ints:
        """Return int[n, times]: how many different words of each song occur each number of `times`."""
        return np.bincount(song * width + column[words], minlength=n * width).reshape(n, width)[:, 1:]

    whole = count_types(counts, np.zeros_like(counts), 1)
    value = float(measure(FrequencySpectrum(times, whole[0])))
    without = []
    many = max(_MAX_TABLE_CELLS // width, 1)  # songs at a time
    for a in range(0, songs.shape[0], many):
        ends = songs.indptr[a : a + many + 1]
        own_tokens, n = slice(ends[0], ends[-1]), len(ends) - 1
        song = np.repeat(np.arange(n), np.diff(ends))
        left = whole - count_types(before[own_tokens], song, n) + count_types(after[own_tokens], song, n)
        without.append(measure(FrequencySpectrum(times, left)))
    return value, jackknife(value, np.concatenate(without))


def estimate_mattr(previous: Ints, songs: Ints, window: int) -> Estimate:
    """Return MATTR of a text and its jackknife interval, from its `previous_occurrence` and where its songs begin.

    The interval is approximate: a song takes out its share of the windows, those at its borders in proportion.
    """
    if len(previous) < window:
        return UNDEFINED
    types = np.add.reduceat(moving_windows.first_in_window_counts(previous, window), songs, dtype=np.int64)
    return ratio_jackknife(
        types / window, np.add.reduceat(moving_windows.token_window_weights(len(previous), window), songs)
    )


RICHNESS = "mattr_100"  # of a portrait: holds for short outputs too; a rarefied count needs as many words of everybody


_DIVERSITY_MEASURES = (*diversity.MEASURES, *moving_windows.MEASURES)
_RANKINGS = [
    replace(ranking, label=ranking.label or measure.name, name=ranking.name or measure.name)
    for measure in _DIVERSITY_MEASURES
    for ranking in measure.rankings
]
# In the order of a page: that of portraits, then those that can be compared between unequal lengths.
MEASURES: Mapping[str, RankingCriterion] = {
    ranking.key: ranking for ranking in sorted(_RANKINGS, key=lambda each: (each.key != RICHNESS, not each.comparable))
}
RANKING_FAMILY_BY_NAME = {
    measure.numbered.family: measure.numbered for measure in _DIVERSITY_MEASURES if measure.numbered
}


def find_ranking_criterion(name: str) -> RankingCriterion:
    """Return the ranking with this name: one of `MEASURES`, or of a family with a number (mattr_75).

    Raise SettingError for an unknown name and for a number out of range.
    """
    if name in MEASURES:
        return MEASURES[name]
    family, _, digits = name.partition("_")
    if family in RANKING_FAMILY_BY_NAME and digits.isdecimal() and len(digits) < 9:
        numbered = RANKING_FAMILY_BY_NAME[family]
        if numbered.low <= int(digits) <= numbered.high:
            return numbered.make(int(digits))
        raise SettingError(
            "The measure {measure!r} takes a number from {low} to {high}.",
            measure=family,
            low=numbered.low,
            high=numbered.high,
        )
    raise SettingError(
        "There is no measure {measure!r}{near}: choose one of {known}.",
        measure=name,
        known=", ".join(MEASURES),
        near=spelling_suggestion(name, MEASURES),
    )


def diversity_table(corpus: Corpus, by: GroupingKey = "artist", layer: Layer = "lyrics") -> pd.DataFrame:
    """Return all diversity measures of each group: the group, songs, tokens, types, a column per measure.

    nan where a measure is undefined for the group (its docstring says when). A group's songs are read in corpus
    order as one text.
    """
    texts = GroupedTokens.from_corpus(corpus, by, layer)
    counts = count_consecutive_groups(texts.ids, texts.bounds, len(corpus.vocabulary))
    spectra = [frequency_spectrum(counts.data[a:b]) for a, b in pairwise(counts.indptr.tolist())]
    previous = previous_occurrence(texts.ids)
    table = pd.DataFrame(
        {
            texts.labels.name or "song": texts.labels,
            "songs": np.diff(texts.pieces),
            "tokens": [s.tokens for s in spectra],
            "types": [s.type_count for s in spectra],
        }
    )
    for name, measure in MEASURES.items():
        if measure.of_spectrum is not None:
            table[name] = [measure.of_spectrum(s) for s in spectra]
        else:
            parts = [previous[where] - np.int32(where.start) for where in texts.token_slices()]
            table[name] = [moving_windows.mattr_from_previous_occurrences(part, measure.window) for part in parts]
    return table


def diversity_ranking(
    corpus: Corpus,
    measure: str = "rarefied_10000",
    by: GroupingKey = "artist",
    layer: Layer = "lyrics",
    least_songs: int = 1,
    least_words: int = 0,
) -> pd.DataFrame:
    """Return the groups ranked by one measure of diversity, richest first.

    Columns the group, songs, tokens, value, low, high, best, worst (rank), rank. low to high is the 95 % interval over
    songs; `rank` is "3", or "3–7" where intervals overlap. Groups without a value and those of fewer songs or words are
    excluded. Raise SettingError as `find_ranking_criterion`.
    """
    chosen, texts = find_ranking_criterion(measure), GroupedTokens.from_corpus(corpus, by, layer)
    estimates = _group_estimates(chosen, texts, corpus, layer)
    table = pd.DataFrame(
        {
            texts.labels.name or "song": texts.labels,
            "songs": np.diff(texts.pieces),
            "tokens": np.diff(texts.bounds),
            "value": [value for value, _ in estimates],
            "low": [interval.low for _, interval in estimates],
            "high": [interval.high for _, interval in estimates],
        }
    ).dropna(subset="value")
    table = table[(table["songs"] >= least_songs) & (table["tokens"] >= least_words)]
    sign = -1 if chosen.lower else 1
    ends = np.sort(sign * table[["low", "high"]].to_numpy(float), axis=1)
    best, worst = rank_ranges(ends[:, 0], ends[:, 1])
    rank = [str(a) if a == b else f"{a}–{b}" for a, b in zip(best, worst, strict=True)]
    table = table.assign(best=best, worst=worst, rank=rank)
    return table.sort_values("value", ascending=sign < 0, kind="stable").reset_index(drop=True)


def _group_estimates(measure: RankingCriterion, texts: GroupedTokens, corpus: Corpus, layer: Layer) -> list[Estimate]:
    """Return the measure of each group's text with its jackknife interval over songs."""
    if measure.of_spectrum is not None:
        counts = word_counts_of_pieces(texts, corpus, layer)
        return [estimate_spectrum_measure(measure.of_spectrum, counts[where]) for where in texts.song_slices()]
    previous = previous_occurrence(texts.ids)
    return [
        estimate_mattr(previous[a:b] - np.int32(a), texts.starts[where] - a, measure.window)
        for (a, b), where in zip(pairwise(texts.bounds.tolist()), texts.song_slices(), strict=True)
    ]


FIRST_RANKING = {"measure": RICHNESS, "least_songs": LEAST_SONGS, "least_words": LEAST_WORDS}
PRECOMPUTED_RESULTS = (PrecomputedResult("richness", diversity_ranking, arguments=lambda corpus: FIRST_RANKING),)
