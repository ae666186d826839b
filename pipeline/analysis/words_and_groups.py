"""Words and groups of a corpus on the axes of one correspondence analysis (AFC), as the French school draws them.

A word is near the groups that use it more than others do. Groups of another facet may be laid on the same axes without
weighing on them: supplementary points.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from pipeline.analysis.correspondence import CorrespondenceAnalysis, correspondence_analysis
from pipeline.analysis.counting import By, Floats, Ints, Mask, word_counts, word_mask
from pipeline.corpus.table import Corpus, Layer

WORDS, AXES = 300, 5


@dataclass(frozen=True)
class WordsAndGroups:
    """Tables of words, groups and supplementary groups: label, count, then of each axis k the coordinate `x<k>`, its
    `contribution<k>` (not of supplementary groups, which have none) and `cos2_<k>`; and the analysis itself."""

    words: pd.DataFrame
    groups: pd.DataFrame
    supplementary: pd.DataFrame
    analysis: CorrespondenceAnalysis


def words_and_groups(
    corpus: Corpus,
    by: By = "artist",
    *,
    supplementary: By | None = None,
    words: int = WORDS,
    without: Collection[str] = (),
    least: int = 1,
    layer: Layer = "lyrics",
    axes: int = AXES,
) -> WordsAndGroups:
    """Return the words that occur most, but those in `without`, and the groups of a corpus, on shared axes.

    Groups of fewer than `least` words, or without any of those drawn, are excluded; those of `supplementary` are laid
    on the axes. Raise SettingError as `correspondence_analysis` does, and for what nothing is grouped by.
    """
    counts, labels = word_counts(corpus, by, layer)
    chosen = _frequent(counts, word_mask(corpus.vocabulary, without))[:words]
    groups = _large(counts, chosen, least)
    chosen = chosen[np.asarray(counts[groups][:, chosen].sum(axis=0)).ravel() > 0]
    found = correspondence_analysis(counts[groups][:, chosen].T, axes)
    totals, sizes = np.asarray(counts[:, chosen].sum(axis=0)).ravel(), _sizes(counts)[groups]
    extra = pd.DataFrame() if supplementary is None else _laid(corpus, supplementary, chosen, found, least, layer)
    return WordsAndGroups(
        _table(corpus.vocabulary.decode(chosen), totals, found.rows, found.row_contributions, found.row_cos2),
        _table(labels[groups], sizes, found.columns, found.column_contributions, found.column_cos2),
        extra,
        found,
    )


def _frequent(counts: sparse.csr_matrix, without: Mask) -> Ints:
    """Return the words that occur, by index, the most frequent first."""
    totals = np.asarray(counts.sum(axis=0)).ravel()
    totals[without] = 0
    order = np.argsort(-totals, kind="stable")
    return order[totals[order] > 0]


def _sizes(counts: sparse.csr_matrix) -> Ints:
    return np.asarray(counts.sum(axis=1)).ravel()


def _large(counts: sparse.csr_matrix, chosen: Ints, least: int) -> Ints:
    """Return the groups that have words enough, and some of the chosen ones."""
    return np.flatnonzero((_sizes(counts) >= least) & (_sizes(counts[:, chosen]) > 0))


def _laid(
    corpus: Corpus, by: By, chosen: Ints, found: CorrespondenceAnalysis, least: int, layer: Layer
) -> pd.DataFrame:
    """Return the groups of another facet as supplementary points."""
    counts, labels = word_counts(corpus, by, layer)
    groups = _large(counts, chosen, least)
    table = counts[groups][:, chosen].toarray().T
    if not len(groups):
        return pd.DataFrame()
    return _table(
        labels[groups], _sizes(counts)[groups], found.project_columns(table), None, found.projected_cos2(table)
    )


def _table(
    labels: Collection[object],
    counts: npt.NDArray[np.generic],
    x: Floats,
    contributions: Floats | None,
    cos2: Floats,
) -> pd.DataFrame:
    table = pd.DataFrame({"label": list(labels), "count": counts})
    for axis in range(x.shape[1]):
        table[f"x{axis + 1}"] = x[:, axis]
        if contributions is not None:
            table[f"contribution{axis + 1}"] = contributions[:, axis]
        table[f"cos2_{axis + 1}"] = cos2[:, axis]
    return table
