"""Correspondence analysis (AFC; Benzécri 1973, Greenacre 2007): rows and columns of a table of counts on shared axes.

    P = N / n, masses r and c;   S = D_r^-1/2 (P - r c') D_c^-1/2 = U Σ V'
    principal coordinates  F = D_r^-1/2 U Σ (rows),  G = D_c^-1/2 V Σ (columns);  inertia of axis k: σ_k²

Two rows are close when their profiles are, by the chi-squared distance. Equal to the R package ca to 1e-7. Knows
nothing of words or songs: `word_group_biplot` makes the table.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from pipeline.analysis.counting import Floats, GroupingKey, Ints, Mask, song_group_codes, word_counts, word_mask
from pipeline.core.arguments import check_arguments
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer

_MIN_SINGULAR_VALUE = 1e-7  # of a singular value, the root of what rounding leaves: an axis that holds nothing


@dataclass(frozen=True)
class CorrespondenceAnalysis:
    """A correspondence analysis: masses (rows,) and (columns,), singular_values (axes,), highest first, and the
    principal coordinates of rows (rows, axes) and columns (columns, axes).

    row_distances, column_distances: chi-squared distance of each to the centroid, over all axes.
    """

    row_masses: Floats
    column_masses: Floats
    singular_values: Floats
    rows: Floats
    columns: Floats
    row_distances: Floats
    column_distances: Floats
    total_inertia: float

    @property
    def inertia(self) -> Floats:
        """(axes,): the inertia σ_k² of each axis; the sum over all axes is chi-squared / n."""
        return self.singular_values**2

    @property
    def shares(self) -> Floats:
        """float[axes]: the share of each axis in the total inertia."""
        return self.inertia / self.total_inertia

    @property
    def row_contributions(self) -> Floats:
        """(rows, axes): the share of each row in the inertia of an axis, r_i f_ik² / σ_k²; each column sums to 1."""
        return self.row_masses[:, None] * self.rows**2 / self.inertia

    @property
    def column_contributions(self) -> Floats:
        """(columns, axes): the share of each column in the inertia of an axis; the shares of an axis sum to 1."""
        return self.column_masses[:, None] * self.columns**2 / self.inertia

    @property
    def row_cos2(self) -> Floats:
        """(rows, axes): the share of a row's squared distance to the centroid that lies along an axis, 0 to 1."""
        return _divide_or_zero(self.rows**2, self.row_distances[:, None] ** 2)

    @property
    def column_cos2(self) -> Floats:
        """(columns, axes): the share of a column's squared distance to the centroid along an axis, 0 to 1."""
        return _divide_or_zero(self.columns**2, self.column_distances[:, None] ** 2)

    @check_arguments
    def project_columns(self, counts: npt.ArrayLike) -> Floats:
        """Return the coordinates (k, axes) of k supplementary columns with counts (rows, k); the axes stay."""
        return _row_profiles(np.asarray(counts).T) @ self.rows / self.singular_values

    @check_arguments
    def projected_cos2(self, counts: npt.ArrayLike) -> Floats:
        """Return (k, axes): cos² of supplementary columns, by their chi-squared distance to the centroid."""
        gaps = (_row_profiles(np.asarray(counts).T) - self.row_masses) ** 2 / self.row_masses
        return _divide_or_zero(self.project_columns(counts) ** 2, gaps.sum(axis=1, keepdims=True))

    @check_arguments
    def heaviest_rows(self, count: int) -> Ints:
        """Return the `count` rows that weigh most on the first two axes, the heaviest first."""
        weight = self.row_contributions[:, :2] @ self.inertia[:2]
        return np.argsort(-weight, kind="stable")[:count]


def correspondence_analysis(counts: npt.ArrayLike | sparse.spmatrix, axes: int | None = None) -> CorrespondenceAnalysis:
    """Return the correspondence analysis of a table of counts without empty rows or columns, by default with all axes.

    The axis whose largest column coordinate is negative is turned round, so the same table gives the same picture.
    Raise SettingError for a table smaller than 2 x 2 or with an empty row or column.
    """
    table = sparse.csr_matrix(counts, dtype=float)
    rows, columns = (np.asarray(table.sum(axis=axis)).ravel() for axis in (1, 0))
    if min(table.shape) < 2 or not rows.all() or not columns.all():
        raise SettingError("A correspondence analysis needs at least two rows and two columns, none of them empty.")
    total = rows.sum()
    r, c = rows / total, columns / total
    scaled = sparse.diags_array(1 / np.sqrt(r)) @ (table / total) @ sparse.diags_array(1 / np.sqrt(c))
    # The trivial axis of `scaled` is (√r, √c), of singular value 1: without it the table is centred, and stays sparse.
    values, v = _svd_by_gram_matrix(scaled, r, c)
    dimensions = min(len(values) if axes is None else axes, int((values > _MIN_SINGULAR_VALUE).sum()))
    values, v = values[:dimensions], v[:, :dimensions]
    u = scaled @ v / values
    f, g = u * values / np.sqrt(r)[:, None], v * values / np.sqrt(c)[:, None]
    turn = np.where(g[np.abs(g).argmax(axis=0), np.arange(dimensions)] < 0, -1, 1)
    squared = scaled.multiply(scaled)
    row_distances, column_distances = (
        np.sqrt(np.maximum(np.asarray(squared.sum(axis=axis)).ravel() / mass - 1, 0)) for axis, mass in ((1, r), (0, c))
    )
    return CorrespondenceAnalysis(
        row_masses=r,
        column_masses=c,
        singular_values=values,
        rows=f * turn,
        columns=g * turn,
        row_distances=row_distances,
        column_distances=column_distances,
        total_inertia=float(squared.sum() - 1),
    )


def _svd_by_gram_matrix(scaled: sparse.csr_array, r: Floats, c: Floats) -> tuple[Floats, Floats]:
    """Return (singular values, falling; right vectors (columns, axes)) of the centred table, by the smaller Gram
    matrix."""
    if scaled.shape[0] < scaled.shape[1]:
        values, u = _svd_by_gram_matrix(scaled.T.tocsr(), c, r)
        real = values > _MIN_SINGULAR_VALUE
        return values[real], scaled.T @ u[:, real] / values[real]
    gram = (scaled.T @ scaled).toarray() - np.sqrt(np.outer(c, c))
    squares, vectors = np.linalg.eigh(gram)
    axes = min(scaled.shape) - 1
    return np.sqrt(np.maximum(squares[::-1][:axes], 0)), vectors[:, ::-1][:, :axes]


def _row_profiles(counts: npt.ArrayLike) -> Floats:
    table = np.atleast_2d(np.asarray(counts, float))
    return table / table.sum(axis=1, keepdims=True)


def _divide_or_zero(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


WORDS, AXES = 300, 5


@dataclass(frozen=True)
class WordGroupBiplot:
    """A correspondence analysis of words by groups, and tables of its words, groups and supplementary groups.

    Columns: label, count, then for each axis k the coordinate `x<k>`, `contribution<k>` (not of supplementary groups)
    and `cos2_<k>`.
    """

    words: pd.DataFrame
    groups: pd.DataFrame
    supplementary: pd.DataFrame
    analysis: CorrespondenceAnalysis


def word_group_biplot(
    corpus: Corpus,
    by: GroupingKey = "artist",
    *,
    supplementary: GroupingKey | None = None,
    words: int = WORDS,
    without: Collection[str] = (),
    least: int = 1,
    layer: Layer = "lyrics",
    axes: int = AXES,
) -> WordGroupBiplot:
    """Return a correspondence analysis of a corpus's most frequent words by groups, excluding words in `without`.

    Groups of fewer than `least` words, or without any of those drawn, are excluded; those of `supplementary` are laid
    on the axes. Raise SettingError as `correspondence_analysis` does, and for an unknown grouping key.
    """
    counts, labels = word_counts(corpus, by, layer)
    chosen = _words_by_frequency(counts, word_mask(corpus.vocabulary, without))[:words]
    groups = _groups_with_words(counts, chosen, least)
    chosen = chosen[np.asarray(counts[groups][:, chosen].sum(axis=0)).ravel() > 0]
    analysis = correspondence_analysis(counts[groups][:, chosen].T, axes)
    totals, sizes = np.asarray(counts[:, chosen].sum(axis=0)).ravel(), _row_totals(counts)[groups]
    extra = (
        pd.DataFrame()
        if supplementary is None
        else _project_supplementary_groups(corpus, supplementary, chosen, analysis, least, layer)
    )
    return WordGroupBiplot(
        _coordinate_table(
            corpus.vocabulary.decode(chosen), totals, analysis.rows, analysis.row_contributions, analysis.row_cos2
        ),
        _coordinate_table(labels[groups], sizes, analysis.columns, analysis.column_contributions, analysis.column_cos2),
        extra,
        analysis,
    )


def confidence_ellipses(
    corpus: Corpus, by: GroupingKey, biplot: WordGroupBiplot, layer: Layer = "lyrics", rounds: int = 200
) -> pd.DataFrame:
    """Return the 95 % ellipse of each group on the first two axes: label, x, y (its centre), major, minor (half axes),
    angle (radians of the major axis from the first axis of the map).

    Partial bootstrap (Lebart 2007; Greenacre 2007, ch. 25): the songs of a group are drawn anew, with replacement,
    `rounds` times, and laid on the axes as supplementary points, whose covariance makes the ellipse. Groups of fewer
    than three songs have none, nor do kinds of section, which are no songs.
    """
    rows = []
    if by != "kind" and biplot.analysis.columns.shape[1] > 1:
        index = corpus.vocabulary.encode(biplot.words["label"])
        counts, _ = word_counts(corpus, "song", layer)
        table, (codes, labels) = counts[:, index], song_group_codes(corpus, by)
        rng = np.random.default_rng(16)
        for label in biplot.groups["label"]:
            own = table[codes == labels.get_loc(label)]
            if (size := own.shape[0]) < 3:
                continue
            times = rng.multinomial(size, np.full(size, 1 / size), rounds)
            drawn = times @ own
            points = biplot.analysis.project_columns(drawn[drawn.sum(axis=1) > 0].T)[:, :2]
            values, vectors = np.linalg.eigh(np.cov(points.T))
            minor, major = np.sqrt(np.maximum(values, 0) * CHI2_CRITICAL_2DF)
            rows.append((label, *points.mean(axis=0), major, minor, np.arctan2(vectors[1, 1], vectors[0, 1])))
    return pd.DataFrame(rows, columns=["label", "x", "y", "major", "minor", "angle"])


CHI2_CRITICAL_2DF = 5.991  # 95 % quantile of chi-squared with two degrees of freedom


def _words_by_frequency(counts: sparse.csr_matrix, without: Mask) -> Ints:
    """Return the indices of the words that occur and are not in the mask `without`, the most frequent first."""
    totals = np.asarray(counts.sum(axis=0)).ravel()
    totals[without] = 0
    order = np.argsort(-totals, kind="stable")
    return order[totals[order] > 0]


def _row_totals(counts: sparse.csr_matrix) -> Ints:
    return np.asarray(counts.sum(axis=1)).ravel()


def _groups_with_words(counts: sparse.csr_matrix, chosen: Ints, least: int) -> Ints:
    """Return the indices of the groups of `least` words or more that have one of the chosen words."""
    return np.flatnonzero((_row_totals(counts) >= least) & (_row_totals(counts[:, chosen]) > 0))


def _project_supplementary_groups(
    corpus: Corpus, by: GroupingKey, chosen: Ints, analysis: CorrespondenceAnalysis, least: int, layer: Layer
) -> pd.DataFrame:
    """Return the coordinate table of the groups of another facet, as supplementary points of the analysis."""
    counts, labels = word_counts(corpus, by, layer)
    groups = _groups_with_words(counts, chosen, least)
    table = counts[groups][:, chosen].toarray().T
    if not len(groups):
        return pd.DataFrame()
    return _coordinate_table(
        labels[groups],
        _row_totals(counts)[groups],
        analysis.project_columns(table),
        None,
        analysis.projected_cos2(table),
    )


def _coordinate_table(
    labels: Collection[object], counts: npt.NDArray[np.generic], x: Floats, contributions: Floats | None, cos2: Floats
) -> pd.DataFrame:
    table = pd.DataFrame({"label": list(labels), "count": counts})
    for axis in range(x.shape[1]):
        table[f"x{axis + 1}"] = x[:, axis]
        if contributions is not None:
            table[f"contribution{axis + 1}"] = contributions[:, axis]
        table[f"cos2_{axis + 1}"] = cos2[:, axis]
    return table
