"""Diversity of every artist, year or section kind: a table of all measures, and rankings with intervals.

The measures are those of `diversity`, `windows` and `mtld`, with the variant of each in its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis import diversity, mtld, windows
from pipeline.analysis.counting import By, Floats, Ints, line_groups, run_counts, song_rows, word_counts
from pipeline.analysis.diversity import Spectrum, spectrum
from pipeline.analysis.intervals import Interval, jackknife, rank_ranges, ratio_jackknife
from pipeline.analysis.lines import line_lengths
from pipeline.analysis.windows import previous
from pipeline.corpus.table import Corpus, Layer
from pipeline.errors import SettingError


@dataclass(frozen=True, slots=True)
class Measure:
    """`of_spectrum` for a measure that counts, None for one that reads in order; `richer` is "higher" or "lower"."""

    label: str
    of_spectrum: Callable[[Spectrum], Floats] | None
    richer: str = "higher"
    window: int = 0


def _rarefied(n: int) -> Measure:
    return Measure(f"Vocabulary in {n:,} words, E[V({n})]", partial(diversity.rarefied, n=n))


# In the order of a page: those that can be compared between unequal lengths first.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "rarefied_5000": _rarefied(5_000),
        "rarefied_10000": _rarefied(10_000),
        "rarefied_35000": _rarefied(35_000),
        "mattr_50": Measure("MATTR, windows of 50", None, window=50),
        "mattr_100": Measure("MATTR, windows of 100", None, window=100),
        "mtld": Measure("MTLD, threshold 0.72, factors of 10 words or more", None),
        "hdd": Measure("HD-D, 42 draws", diversity.hdd),
        "vocd_d": Measure("vocd-D, fitted to exact samples", diversity.vocd_d),
        "yule_k": Measure("Yule's K", diversity.yule_k, "lower"),
        "simpson_d": Measure("Simpson's D", diversity.simpson_d, "lower"),
        "herdan_vm": Measure("Herdan's Vm", diversity.herdan_vm, "lower"),
        "maas_a2": Measure("Maas's a², base 10", diversity.maas_a2, "lower"),
        "dugast_u": Measure("Dugast's U, base 10", diversity.dugast_u),
        "herdan_c": Measure("Herdan's C", diversity.herdan_c),
        "summer_s": Measure("Summer's S, base 10", diversity.summer_s),
        "root_ttr": Measure("Guiraud's R", diversity.root_ttr),
        "corrected_ttr": Measure("Carroll's CTTR", diversity.corrected_ttr),
        "ttr": Measure("Type-token ratio", diversity.ttr),
        "entropy": Measure("Entropy in bits", diversity.entropy),
        "honore_h": Measure("Honoré's H", diversity.honore_h),
        "sichel_s": Measure("Sichel's S", diversity.sichel_s),
        "yule_i": Measure("Yule's I", diversity.yule_i),
    }
)


_Value = tuple[float, Interval]
_CELLS = 1 << 20  # of a table of songs x times that is looked at at once: by kind of section, songs are many
_UNKNOWN: _Value = (float("nan"), Interval(float("nan"), float("nan")))


@dataclass(frozen=True)
class _Texts:
    """Tokens put group by group, songs in order within. A piece is what a song has in a group.

    `bounds` says where each group begins among the tokens and `pieces` where among the pieces, `starts` where each
    piece begins among the tokens; all three end with the end.
    """

    ids: Ints
    bounds: Ints
    pieces: Ints
    starts: Ints
    labels: pd.Index

    @classmethod
    def of(cls, corpus: Corpus, by: By, layer: Layer) -> "_Texts":
        ids, _ = corpus.token_table(layer)
        codes, labels = line_groups(corpus, by)
        lengths = line_lengths(corpus, layer)
        lines = np.flatnonzero((lengths > 0) & (codes >= 0))
        lines = lines[np.argsort(codes[lines], kind="stable")]
        group, song, length = codes[lines], song_rows(corpus)[lines], lengths[lines]
        stop = np.concatenate([[0], np.cumsum(length)])
        if length.sum() < len(ids) or np.any(np.diff(lines) < 0):
            moved = np.cumsum(lengths)[lines] - stop[1:]
            ids = ids[np.arange(stop[-1]) + np.repeat(moved, length)]
        new = np.flatnonzero((np.diff(song, prepend=-1) != 0) | (np.diff(group, prepend=-1) != 0))
        first = np.searchsorted(group, np.arange(len(labels) + 1))
        return cls(ids, stop[first], np.searchsorted(new, first), stop[np.append(new, len(lines))], labels)

    def slices(self) -> list[slice]:
        """Where the tokens of each group are."""
        return [slice(a, b) for a, b in pairwise(self.bounds.tolist())]

    def piece_slices(self) -> list[slice]:
        """Where the pieces of each group are."""
        return [slice(a, b) for a, b in pairwise(self.pieces.tolist())]


def diversity_table(corpus: Corpus, by: By = "artist", layer: Layer = "lyrics") -> pd.DataFrame:
    """Every measure of every group: the group, songs, tokens, types, then a column a measure of `MEASURES`.

    nan where a measure is undefined for the group (its docstring says when). A group's songs are read in corpus
    order as one text.
    """
    texts = _Texts.of(corpus, by, layer)
    spectra = _spectra(texts, len(corpus.vocabulary))
    before = previous(texts.ids)
    table = pd.DataFrame(
        {
            texts.labels.name or "song": texts.labels,
            "songs": np.diff(texts.pieces),
            "tokens": [s.tokens for s in spectra],
            "types": [s.size for s in spectra],
        }
    )
    for name, measure in MEASURES.items():
        if measure.of_spectrum is not None:
            table[name] = [measure.of_spectrum(s) for s in spectra]
        elif measure.window:
            parts = [before[where] - np.int32(where.start) for where in texts.slices()]
            table[name] = [windows.mattr_of(part, measure.window) for part in parts]
        else:
            table[name] = mtld.scores_of(before, texts.bounds)
    return table


def diversity_ranking(
    corpus: Corpus, measure: str = "rarefied_10000", by: By = "artist", layer: Layer = "lyrics"
) -> pd.DataFrame:
    """One measure of every group with its 95 % interval over songs: the group, songs, tokens, value, low, high,
    best, worst, rank; richest first, groups for which it is undefined left out.

    `rank` is "3" where the intervals settle it and "3–7" where they do not: overlapping groups have no order.
    Raises SettingError for a measure that is not in `MEASURES`.
    """
    if measure not in MEASURES:
        raise SettingError(f"There is no measure {measure!r}: choose one of {', '.join(MEASURES)}.")
    chosen, texts = MEASURES[measure], _Texts.of(corpus, by, layer)
    parts = _with_intervals(chosen, texts, _songs_of(corpus, texts, layer))
    table = pd.DataFrame(
        {
            texts.labels.name or "song": texts.labels,
            "songs": np.diff(texts.pieces),
            "tokens": np.diff(texts.bounds),
            "value": [value for value, _ in parts],
            "low": [interval.low for _, interval in parts],
            "high": [interval.high for _, interval in parts],
        }
    ).dropna(subset="value")
    sign = 1 if chosen.richer == "higher" else -1
    ends = np.sort(sign * table[["low", "high"]].to_numpy(float), axis=1)
    best, worst = rank_ranges(ends[:, 0], ends[:, 1])
    rank = [str(a) if a == b else f"{a}–{b}" for a, b in zip(best, worst, strict=True)]
    table = table.assign(best=best, worst=worst, rank=rank)
    return table.sort_values("value", ascending=sign < 0, kind="stable").reset_index(drop=True)


def _spectra(texts: _Texts, size: int) -> list[Spectrum]:
    """The spectrum of each text."""
    counts = run_counts(texts.ids, texts.bounds, size)
    return [spectrum(counts.data[a:b]) for a, b in pairwise(counts.indptr.tolist())]


def _songs_of(corpus: Corpus, texts: _Texts, layer: Layer) -> Callable[[], sparse.csr_matrix]:
    """Gives the counts of pieces x words: those of the songs, kept with the corpus, where each song is one piece."""

    def counts() -> sparse.csr_matrix:
        songs, _ = word_counts(corpus, "song", layer)
        words = np.diff(np.append(0, np.cumsum(line_lengths(corpus, layer)))[_song_bounds(corpus)])
        if texts.ids is corpus.token_table(layer)[0] and np.array_equal(np.diff(texts.starts), words[words > 0]):
            return songs if words.all() else songs[words > 0]
        return run_counts(texts.ids, texts.starts, len(corpus.vocabulary))

    return counts


def _song_bounds(corpus: Corpus) -> Ints:
    """int[songs + 1]: the row of `corpus.lines` where each song begins, and the end."""
    return np.searchsorted(song_rows(corpus), np.arange(len(corpus.songs) + 1))


def _with_intervals(measure: Measure, texts: _Texts, pieces: Callable[[], sparse.csr_matrix]) -> list[_Value]:
    """The measure of each text and its jackknife interval over the text's songs."""
    if measure.of_spectrum is not None:
        counts = pieces()
        return [_counted(measure.of_spectrum, counts[where]) for where in texts.piece_slices()]
    before = previous(texts.ids)
    if measure.window:
        return [
            _averaged(before[a:b] - np.int32(a), texts.starts[where] - a, measure.window)
            for (a, b), where in zip(pairwise(texts.bounds.tolist()), texts.piece_slices(), strict=True)
        ]
    ahead, back = (part.within(texts.starts) for part in mtld.both_directions(before, texts.bounds))
    tokens = np.diff(texts.starts)
    return [_walked(tokens[where], ahead[where], back[where]) for where in texts.piece_slices()]


def _counted(of_spectrum: Callable[[Spectrum], Floats], songs: sparse.csr_matrix) -> _Value:
    """A measure of a text from the counts of its songs x words: a song taken out changes how often a few words occur,
    so the spectrum without it is that of the whole, less its words as they were, and its words as they are then."""
    counts = np.bincount(songs.indices, songs.data).astype(np.int64)
    if not len(counts):
        return _UNKNOWN
    before = counts[songs.indices]
    after = before - songs.data
    occurs = np.zeros(counts.max() + 1, bool)
    occurs[counts], occurs[after], occurs[0] = True, True, False
    times = np.flatnonzero(occurs)
    column = np.cumsum(occurs)  # of each number of times, from 1; 0 is for words that are gone
    width = len(times) + 1

    def types(words: Ints, song: Ints, n: int) -> Ints:
        return np.bincount(song * width + column[words], minlength=n * width).reshape(n, width)[:, 1:]

    whole = types(counts, np.zeros_like(counts), 1)
    value = float(of_spectrum(Spectrum(times, whole[0])))
    without = []
    many = max(_CELLS // width, 1)  # songs at a time
    for a in range(0, songs.shape[0], many):
        ends = songs.indptr[a : a + many + 1]
        here, n = slice(ends[0], ends[-1]), len(ends) - 1
        song = np.repeat(np.arange(n), np.diff(ends))
        left = whole - types(before[here], song, n) + types(after[here], song, n)
        without.append(of_spectrum(Spectrum(times, left)))
    return value, jackknife(value, np.concatenate(without))


def _averaged(before: Ints, songs: Ints, window: int) -> _Value:
    """MATTR of a text from its `previous` and where its songs begin."""
    if len(before) < window:
        return _UNKNOWN
    types = np.add.reduceat(windows.window_types_of(before, window), songs, dtype=np.int64)
    return ratio_jackknife(types / window, np.add.reduceat(windows.window_counts(len(before), window), songs))


def _walked(tokens: Floats, ahead: Floats, back: Floats) -> _Value:
    """MTLD from the tokens of each song and its part in the factors of either direction."""
    total = tokens.sum()
    if total < mtld.SHORTEST or ahead.sum() < 1e-9:
        return _UNKNOWN
    value = float(total / ahead.sum() + total / back.sum()) / 2
    with np.errstate(divide="ignore"):
        without = (total - tokens) * (1 / (ahead.sum() - ahead) + 1 / (back.sum() - back)) / 2
    return value, jackknife(value, without)
