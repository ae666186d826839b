"""Diversity of every artist, year or section kind: a table of all measures, and rankings with intervals.

The measures are those of `diversity`, `moving_windows` and `mtld`, with the variant of each in its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pandas as pd

from pipeline.analysis import diversity, moving_windows, mtld
from pipeline.analysis.counting import By, Floats, run_counts
from pipeline.analysis.diversity import Spectrum, spectrum
from pipeline.analysis.grouped_tokens import GroupedTokens, piece_counts
from pipeline.analysis.intervals import rank_ranges
from pipeline.analysis.leave_one_out import Estimate, estimate_from_counts, estimate_mattr, estimate_mtld
from pipeline.analysis.moving_windows import previous_occurrence
from pipeline.core.errors import SettingError
from pipeline.core.translation import mark
from pipeline.corpus.table import Corpus, Layer

RICHNESS = "mattr_100"  # of a portrait: holds for short outputs too; a rarefied count needs as many words of everybody
LEAST_SONGS, LEAST_WORDS = 3, 1000  # of a group that is ranked unless asked otherwise: fewer are chance


@dataclass(frozen=True, slots=True)
class Measure:
    """`of_spectrum` for a measure that counts, None for one that reads in order; `richer` is "higher" or "lower".

    `label` is translated where it is shown, as is `name`: the label without settings, where it holds some.
    """

    label: str
    of_spectrum: Callable[[Spectrum], Floats] | None
    richer: str = "higher"
    window: int = 0
    name: str = ""
    minimum: int = mtld.MINIMUM  # words of a factor of MTLD


# In the order of a page: those that can be compared between unequal lengths first.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "rarefied_5000": Measure(
            mark("Vocabulary in 5,000 words, E[V(5000)]"),
            partial(diversity.rarefaction, n=5_000),
            name=mark("Vocabulary in 5,000 words"),
        ),
        "rarefied_10000": Measure(
            mark("Vocabulary in 10,000 words, E[V(10000)]"),
            partial(diversity.rarefaction, n=10_000),
            name=mark("Vocabulary in 10,000 words"),
        ),
        "rarefied_35000": Measure(
            mark("Vocabulary in 35,000 words, E[V(35000)]"),
            partial(diversity.rarefaction, n=35_000),
            name=mark("Vocabulary in 35,000 words"),
        ),
        "mattr_50": Measure(mark("MATTR, windows of 50"), None, window=50, name=mark("MATTR")),
        "mattr_100": Measure(mark("MATTR, windows of 100"), None, window=100, name=mark("MATTR")),
        "mtld": Measure(
            mark("MTLD, threshold 0.72, factors of 10 words or more"), None, name=mark("MTLD, threshold 0.72")
        ),
        "hdd": Measure(mark("HD-D, 42 draws"), diversity.hdd, name=mark("HD-D")),
        "vocd_d": Measure(mark("vocd-D, fitted to exact samples"), diversity.vocd_d, name=mark("vocd-D")),
        "yule_k": Measure(mark("Yule's K"), diversity.yule_k, "lower"),
        "simpson_d": Measure(mark("Simpson's D"), diversity.simpson_d, "lower"),
        "herdan_vm": Measure(mark("Herdan's Vm"), diversity.herdan_vm, "lower"),
        "maas_a2": Measure(mark("Maas's a², base 10"), diversity.maas_a2, "lower", name=mark("Maas's a²")),
        "dugast_u": Measure(mark("Dugast's U, base 10"), diversity.dugast_u, name=mark("Dugast's U")),
        "herdan_c": Measure(mark("Herdan's C"), diversity.herdan_c),
        "summer_s": Measure(mark("Summer's S, base 10"), diversity.summer_s, name=mark("Summer's S")),
        "root_ttr": Measure(mark("Guiraud's R"), diversity.root_ttr),
        "corrected_ttr": Measure(mark("Carroll's CTTR"), diversity.corrected_ttr),
        "ttr": Measure(mark("Type-token ratio"), diversity.ttr),
        "entropy": Measure(mark("Entropy in bits"), diversity.entropy),
        "honore_h": Measure(mark("Honoré's H"), diversity.honore_h),
        "sichel_s": Measure(mark("Sichel's S"), diversity.sichel_s),
        "yule_i": Measure(mark("Yule's I"), diversity.yule_i),
    }
)


# Families whose number is free: rarefied_20000, mattr_75, hdd_30, mtld_1 (words that a factor has at least).
FREE: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"rarefied": (10, 1_000_000), "mattr": (2, 10_000), "hdd": (2, 1_000), "mtld": (1, 100)}
)


def find_measure(name: str) -> Measure:
    """Return the measure of that name, of `MEASURES` or of a family of `FREE` with a number of its own.

    Raise SettingError for a name that is neither, and for a number out of reach.
    """
    if name in MEASURES:
        return MEASURES[name]
    family, _, digits = name.partition("_")
    if family in FREE and digits.isdecimal() and len(digits) < 9:
        low, high = FREE[family]
        if low <= int(digits) <= high:
            return _free_measure(family, int(digits))
        raise SettingError(
            "The measure {measure!r} takes a number from {low} to {high}.", measure=family, low=low, high=high
        )
    known = ", ".join(MEASURES)
    raise SettingError("There is no measure {measure!r}: choose one of {known}.", measure=name, known=known)


def _free_measure(family: str, n: int) -> Measure:
    if family == "rarefied":
        return Measure(mark("Vocabulary in n words"), partial(diversity.rarefaction, n=n))
    if family == "hdd":
        return Measure(mark("HD-D"), partial(diversity.hdd, draws=n))
    if family == "mattr":
        return Measure(mark("MATTR"), None, window=n)
    return Measure(mark("MTLD, threshold 0.72"), None, minimum=n)


def diversity_table(corpus: Corpus, by: By = "artist", layer: Layer = "lyrics") -> pd.DataFrame:
    """Return every measure of every group: the group, songs, tokens, types, then a column a measure of `MEASURES`.

    nan where a measure is undefined for the group (its docstring says when). A group's songs are read in corpus
    order as one text.
    """
    texts = GroupedTokens.of(corpus, by, layer)
    spectra = _spectra(texts, len(corpus.vocabulary))
    previous = previous_occurrence(texts.ids)
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
            parts = [previous[where] - np.int32(where.start) for where in texts.token_slices()]
            table[name] = [moving_windows.mattr_from(part, measure.window) for part in parts]
        else:
            table[name] = mtld.mtld_from(previous, texts.bounds)
    return table


def diversity_ranking(
    corpus: Corpus,
    measure: str = "rarefied_10000",
    by: By = "artist",
    layer: Layer = "lyrics",
    least_songs: int = 1,
    least_words: int = 0,
) -> pd.DataFrame:
    """Return one measure of every group with its 95 % interval over songs: the group, songs, tokens, value, low, high,
    best, worst, rank; richest first. Excluded: groups for which it is undefined, and those of fewer songs or words.

    `rank` is "3" where the intervals settle it and "3–7" where they do not: overlapping groups have no order. Intervals
    of MATTR and MTLD are approximate (`leave_one_out`). Raise SettingError for a measure that `find_measure` has not.
    """
    chosen, texts = find_measure(measure), GroupedTokens.of(corpus, by, layer)
    estimates = _estimates(chosen, texts, corpus, layer)
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
    sign = 1 if chosen.richer == "higher" else -1
    ends = np.sort(sign * table[["low", "high"]].to_numpy(float), axis=1)
    best, worst = rank_ranges(ends[:, 0], ends[:, 1])
    rank = [str(a) if a == b else f"{a}–{b}" for a, b in zip(best, worst, strict=True)]
    table = table.assign(best=best, worst=worst, rank=rank)
    return table.sort_values("value", ascending=sign < 0, kind="stable").reset_index(drop=True)


def _spectra(texts: GroupedTokens, size: int) -> list[Spectrum]:
    """Return the spectrum of each text."""
    counts = run_counts(texts.ids, texts.bounds, size)
    return [spectrum(counts.data[a:b]) for a, b in pairwise(counts.indptr.tolist())]


def _estimates(measure: Measure, texts: GroupedTokens, corpus: Corpus, layer: Layer) -> list[Estimate]:
    """Return the measure of each text and its jackknife interval over the text's songs."""
    if measure.of_spectrum is not None:
        counts = piece_counts(texts, corpus, layer)
        return [estimate_from_counts(measure.of_spectrum, counts[where]) for where in texts.piece_slices()]
    previous = previous_occurrence(texts.ids)
    if measure.window:
        return [
            estimate_mattr(previous[a:b] - np.int32(a), texts.starts[where] - a, measure.window)
            for (a, b), where in zip(pairwise(texts.bounds.tolist()), texts.piece_slices(), strict=True)
        ]
    forward, backward = (
        part.within(texts.starts) for part in mtld.both_directions(previous, texts.bounds, minimum=measure.minimum)
    )
    tokens = np.diff(texts.starts)
    return [estimate_mtld(tokens[where], forward[where], backward[where]) for where in texts.piece_slices()]
