"""Words by song, artist, year or section kind: the sparse counts that every other family starts from.

Knows nothing of what is measured on them. All work is O(tokens): a CSR matrix built on the token array as it
is, and SciPy's counting sort to turn it round.
"""

from collections.abc import Hashable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from pipeline.analysis.precomputed import PrecomputedResult, TableCodec
from pipeline.core.errors import SettingError, spelling_suggestion
from pipeline.corpus.facets import facet_groups, facet_named
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.vocabulary import Vocabulary

Ints = npt.NDArray[np.integer]
IDS_PER_CHUNK = 1 << 20  # ids looked at at once: what is made on the way stays in the cache, and needs no new memory
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
LabelledCounts = tuple[sparse.csr_matrix, pd.Index]
GroupingKey = str  # song, artist, year, decade, kind (of section), or the name of a facet


def word_mask(vocabulary: Vocabulary, words: Iterable[str]) -> Mask:
    """Return bool[vocabulary]: True at each of these words; words that the vocabulary lacks are ignored."""
    mask = np.zeros(len(vocabulary), bool)
    mask[vocabulary.encode(word for word in words if word in vocabulary)] = True
    return mask


def floats_to_whole_numbers(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a float column of whole numbers as integers (2012.0 becomes 2012), any other column unchanged."""
    if column.dtype.kind != "f" or not (column.dropna() % 1 == 0).all():
        return column
    return column.astype("Int64")


def song_row_of_each_line(corpus: Corpus) -> Ints:
    """Return int[lines]: the row in `corpus.songs` of the song of each line. Cached with the corpus; read-only."""

    return corpus.cached("song rows", lambda: _rows_of_ids(corpus.songs.index, corpus.lines["song"]))


def section_row_of_each_line(corpus: Corpus) -> Ints:
    """Return int[lines]: the row in `corpus.sections` of the section of each line.

    Cached with the corpus; read-only.
    """
    return corpus.cached("section rows", lambda: _rows_of_ids(corpus.sections.index, corpus.lines["section"]))


def _rows_of_ids(index: pd.Index, ids: "pd.Series[int]") -> Ints:
    """Return int[ids]: the position of each id in an ascending index; a run of equal ids is looked up once."""
    wanted_ids = ids.to_numpy()
    new = np.diff(wanted_ids, prepend=-1) != 0
    return np.searchsorted(index.to_numpy(), wanted_ids[new])[np.cumsum(new) - 1]


def line_group_codes(corpus: Corpus, by: GroupingKey | None) -> tuple[Ints, pd.Index]:
    """Return (int[lines] group of each line, -1 where unknown; the groups' labels in order).

    Songs keep their order and are labelled by id; artists, years, kinds and the values of facets are sorted; a facet
    of numbers is binned. Without `by` all lines are one group, "all" in an index called "group". Raise SettingError for
    an unknown grouping.
    """
    if by is None:
        return np.zeros(len(corpus.lines), np.intp), pd.Index(["all"], name="group")
    if by == "kind":
        codes, labels = pd.factorize(corpus.sections["kind"].astype(str), sort=True)
        return codes[section_row_of_each_line(corpus)], pd.Index(labels, name=by)
    codes, labels = song_group_codes(corpus, by)
    return codes[song_row_of_each_line(corpus)], labels


def song_group_codes(corpus: Corpus, by: GroupingKey) -> tuple[Ints, pd.Index]:
    """Return (int[songs] group of each song, -1 where unknown; the groups' labels in order), as `line_group_codes`."""
    if by == "song":
        return np.arange(len(corpus.songs)), corpus.songs.index
    if by == "decade" and not any(facet.name == by for facet in corpus.facets):
        codes, labels = pd.factorize(corpus.songs["year"] // 10 * 10, sort=True)
        return codes, pd.Index(labels, name=by)
    if by in ("artist", "year"):
        column = corpus.songs[by]
        codes, labels = pd.factorize(column.mask(column == UNKNOWN_ARTIST) if by == "artist" else column, sort=True)
        return codes, pd.Index(labels, name=by)
    if any(facet.name == by for facet in corpus.facets):
        return facet_groups(corpus.songs[by], facet_named(corpus.facets, by))
    suggestion = spelling_suggestion(
        by, ["song", "artist", "year", "decade", "kind", *(facet.name for facet in corpus.facets)]
    )
    if corpus.facets:
        raise SettingError(
            "Words cannot be grouped by {by!r}{near}: choose song, artist, year, decade, kind or a facet ({facets}).",
            by=by,
            near=suggestion,
            facets=", ".join(facet.name for facet in corpus.facets),
        )
    raise SettingError(
        "Words cannot be grouped by {by!r}{near}: choose song, artist, year, decade or kind.", by=by, near=suggestion
    )


def word_counts(
    corpus: Corpus, by: GroupingKey = "song", layer: Layer = "lyrics"
) -> tuple[sparse.csr_matrix, pd.Index]:
    """Return (int CSR matrix of groups x vocabulary, the groups' labels).

    Lines whose group is unknown are excluded; groups with no word keep an empty row. Cached with the corpus; read-only.
    """
    return corpus.cached(word_counts_key(by, layer), lambda: _compute_word_counts(corpus, by, layer))


def word_counts_key(by: GroupingKey = "song", layer: Layer = "lyrics") -> Hashable:
    """Return the key under which a corpus caches `word_counts` with these arguments."""
    return "word counts", by, layer


def _compute_word_counts(corpus: Corpus, by: GroupingKey, layer: Layer) -> tuple[sparse.csr_matrix, pd.Index]:
    codes, labels = line_group_codes(corpus, by)
    if len(codes) and codes[0] >= 0 and np.all(codes[1:] >= codes[:-1]):  # lines are in the order of groups
        first = np.searchsorted(codes, np.arange(len(labels) + 1))
        bounds = corpus.line_starts(layer)[first]
        return count_consecutive_groups(corpus.token_ids(layer), bounds, len(corpus.vocabulary)), labels
    ids, rows = corpus.token_table(layer)
    return count_matrix(ids, codes[rows], (len(labels), len(corpus.vocabulary))), labels


def count_matrix(ids: Ints, groups: Ints, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Return int32 CSR (groups, ids): how often each id occurs in each group. Ids in a negative group are excluded."""
    if len(groups) and groups.min() < 0:
        ids, groups = ids[groups >= 0], groups[groups >= 0]
    if len(groups) > 1 and np.any(groups[1:] < groups[:-1]):
        return sparse.coo_matrix((np.ones(len(ids), np.int32), (groups, ids)), shape).tocsr()
    return count_consecutive_groups(ids, np.searchsorted(groups, np.arange(shape[0] + 1, dtype=groups.dtype)), shape[1])


def count_consecutive_groups(ids: Ints, bounds: Ints, size: int) -> sparse.csr_matrix:
    """Return CSR (groups, size): how often each id occurs in group k, which is ids[bounds[k]:bounds[k + 1]]."""
    own = ids[bounds[0] : bounds[-1]].copy()
    counts = sparse.csr_matrix((np.ones(len(own), np.int32), own, bounds - bounds[0]), (len(bounds) - 1, size))
    counts.sum_duplicates()
    return counts.copy()  # scipy keeps the whole buffers of `own`


def chunk_slices(bounds: Ints) -> list[slice]:
    """Return slices of consecutive groups, about `IDS_PER_CHUNK` ids each; `bounds` is where each group begins."""
    new = np.flatnonzero(np.diff(bounds[:-1] // IDS_PER_CHUNK, prepend=-1))
    return [slice(a, b) for a, b in pairwise([*new.tolist(), len(bounds) - 1])]


def document_frequency(matrix: sparse.csr_matrix) -> Ints:
    """Return int[words]: in how many rows of a count matrix (documents) each word occurs."""
    return np.bincount(matrix.indices, minlength=matrix.shape[1])


def inverted_index(ids: Ints, size: int) -> tuple[Ints, Ints]:
    """Return (positions of all ids, by id, then position; int[size + 1]: where the positions of each id begin)."""
    positions = np.arange(len(ids), dtype=np.int32)
    turned = sparse.csr_matrix((positions, ids, np.array([0, len(ids)])), (1, size)).tocsc()
    return turned.data, turned.indptr


def _counts_to_table(result: LabelledCounts) -> pd.DataFrame:
    """Return word counts as a table, a row per group: label, word indices, their counts, size of the vocabulary."""
    counts, labels = result
    rows = list(pairwise(counts.indptr.tolist()))
    words, times = ([part[a:b] for a, b in rows] for part in (counts.indices, counts.data))
    return pd.DataFrame({labels.name: labels, "words": words, "times": times, "vocabulary": counts.shape[1]})


def _counts_from_table(table: pd.DataFrame) -> LabelledCounts | None:
    """Return (count matrix, labels) from a table of `_counts_to_table`; None for an empty table."""
    if table.empty:
        return None
    words, times = (np.concatenate(table[name].to_numpy()) for name in ("words", "times"))
    ends = np.cumsum([0, *map(len, table["words"])]).astype(np.int32)
    shape = len(table), int(table["vocabulary"].iloc[0])
    return sparse.csr_matrix((times, words, ends), shape), pd.Index(table.iloc[:, 0])


PRECOMPUTED_RESULTS = (
    PrecomputedResult(
        "artist_words", word_counts, arguments=lambda corpus: {"by": "artist"},
        storage=TableCodec[Any](_counts_to_table, _counts_from_table), memo=word_counts_key,
    ),
)  # fmt: skip
