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

from pipeline.analysis import diversity, mtld, windows
from pipeline.analysis.counting import By, Floats, Ints, count_matrix, line_groups, song_rows
from pipeline.analysis.diversity import Spectrum, of_histogram, spectrum
from pipeline.analysis.intervals import Interval, jackknife, rank_ranges, ratio_jackknife
from pipeline.corpus.table import Corpus, Layer
from pipeline.errors import SettingError


@dataclass(frozen=True, slots=True)
class Measure:
    """`of_spectrum` for a measure that counts, None for one that reads in order; `richer` is "higher" or "lower"."""

    label: str
    of_spectrum: Callable[[Spectrum], float] | None
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
_UNKNOWN: _Value = (float("nan"), Interval(float("nan"), float("nan")))


@dataclass(frozen=True)
class _Texts:
    """Tokens put group by group, songs in order within: ids, the song row of each, where each group begins."""

    ids: Ints
    songs: Ints
    bounds: Ints
    labels: pd.Index

    @classmethod
    def of(cls, corpus: Corpus, by: By, layer: Layer) -> "_Texts":
        ids, rows = corpus.token_table(layer)
        codes, labels = line_groups(corpus, by)
        groups = codes[rows]
        songs = song_rows(corpus)[rows]
        if np.any(groups[1:] < groups[:-1]) or (len(groups) and groups[0] < 0):
            order = np.argsort(groups, kind="stable")
            order = order[np.count_nonzero(groups < 0) :]
            ids, songs, groups = ids[order], songs[order], groups[order]
        return cls(ids, songs, np.searchsorted(groups, np.arange(len(labels) + 1)), labels)

    def spectra(self, size: int) -> list[Spectrum]:
        """The spectrum of each group."""
        groups = np.repeat(np.arange(len(self.labels)), np.diff(self.bounds))
        matrix = count_matrix(self.ids, groups, (len(self.labels), size))
        return [spectrum(matrix.data[a:b]) for a, b in pairwise(matrix.indptr.tolist())]

    def slices(self) -> list[slice]:
        """Where the tokens of each group are."""
        return [slice(a, b) for a, b in pairwise(self.bounds.tolist())]

    def part(self, where: slice) -> tuple[Ints, Ints]:
        """(ids, number of the song within the group from 0) of the tokens there."""
        songs = self.songs[where]
        return self.ids[where], np.cumsum(np.diff(songs, prepend=songs[:1]) != 0)

    def song_counts(self) -> list[int]:
        """How many songs each group has."""
        return [int(self.part(where)[1].max(initial=-1)) + 1 for where in self.slices()]


def diversity_table(corpus: Corpus, by: By = "artist", layer: Layer = "lyrics") -> pd.DataFrame:
    """Every measure of every group: the group, songs, tokens, types, then a column a measure of `MEASURES`.

    nan where a measure is undefined for the group (its docstring says when). A group's songs are read in corpus
    order as one text.
    """
    texts = _Texts.of(corpus, by, layer)
    spectra = texts.spectra(len(corpus.vocabulary))
    table = pd.DataFrame(
        {
            texts.labels.name or "song": texts.labels,
            "songs": texts.song_counts(),
            "tokens": [s.tokens for s in spectra],
            "types": [s.size for s in spectra],
        }
    )
    for name, measure in MEASURES.items():
        if measure.of_spectrum is not None:
            table[name] = [measure.of_spectrum(s) for s in spectra]
        elif measure.window:
            table[name] = [windows.mattr(texts.ids[where], measure.window) for where in texts.slices()]
        else:
            table[name] = mtld.mtld_of(texts.ids, texts.bounds)
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
    parts = _with_intervals(chosen, texts)
    table = pd.DataFrame(
        {
            texts.labels.name or "song": texts.labels,
            "songs": texts.song_counts(),
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


def _with_intervals(measure: Measure, texts: _Texts) -> list[_Value]:
    """The measure of each text and its jackknife interval over the text's songs."""
    if measure.of_spectrum is not None:
        return [_counted(measure.of_spectrum, *texts.part(where)) for where in texts.slices()]
    if measure.window:
        return [_averaged(*texts.part(where), measure.window) for where in texts.slices()]
    forward, backward = (part.weights() for part in mtld.both_directions(texts.ids, texts.bounds))
    return [_walked(forward[where], backward[where], texts.part(where)[1]) for where in texts.slices()]


def _counted(of_spectrum: Callable[[Spectrum], float], ids: Ints, song: Ints) -> _Value:
    if not len(ids):
        return _UNKNOWN
    counts = np.bincount(ids)
    whole = np.bincount(counts)  # how many words occur so many times; a song taken out changes few of them
    matrix = count_matrix(ids, song, (int(song[-1]) + 1, len(counts)))
    without = []
    for a, b in pairwise(matrix.indptr.tolist()):
        before = counts[matrix.indices[a:b]]
        after = np.bincount(before - matrix.data[a:b], minlength=len(whole))
        without.append(of_spectrum(of_histogram(whole - np.bincount(before, minlength=len(whole)) + after)))
    value = of_spectrum(of_histogram(whole))
    return value, jackknife(value, without)


def _averaged(ids: Ints, song: Ints, window: int) -> _Value:
    if len(ids) < window:
        return _UNKNOWN
    types = np.bincount(song, windows.window_types(ids, window))
    return ratio_jackknife(types / window, np.bincount(song, windows.window_counts(len(ids), window)))


def _walked(forward: Floats, backward: Floats, song: Ints) -> _Value:
    """MTLD from what each token adds to the factors of either direction."""
    if len(song) < mtld.SHORTEST or forward.sum() < 1e-9:
        return _UNKNOWN
    tokens = np.bincount(song)
    ahead, back = np.bincount(song, forward), np.bincount(song, backward)
    total = len(song)
    value = float(total / ahead.sum() + total / back.sum()) / 2
    with np.errstate(divide="ignore"):
        without = (total - tokens) * (1 / (ahead.sum() - ahead) + 1 / (back.sum() - back)) / 2
    return value, jackknife(value, without)
