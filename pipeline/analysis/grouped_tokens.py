"""The tokens of a corpus put group by group (artist, year, …), each group one text of songs in corpus order.

A piece is what one song has in one group. Knows nothing of what is measured on the texts.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.counting import By, Ints, line_groups, run_counts, song_rows, word_counts
from pipeline.analysis.lines import line_lengths
from pipeline.corpus.table import Corpus, Layer


@dataclass(frozen=True)
class GroupedTokens:
    """`ids` int[n], group by group, songs in order within.

    `bounds` int[groups + 1] says where each group begins among the tokens and `pieces` int[groups + 1] where among the
    pieces, `starts` int[pieces + 1] where each piece begins among the tokens; all three end with the end.
    """

    ids: Ints
    bounds: Ints
    pieces: Ints
    starts: Ints
    labels: pd.Index

    @classmethod
    def of(cls, corpus: Corpus, by: By, layer: Layer) -> "GroupedTokens":
        """Group the tokens of a layer; lines of unknown group are excluded. Raise SettingError for another `by`."""
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

    def token_slices(self) -> list[slice]:
        """Return where the tokens of each group are."""
        return [slice(a, b) for a, b in pairwise(self.bounds.tolist())]

    def piece_slices(self) -> list[slice]:
        """Return where the pieces of each group are."""
        return [slice(a, b) for a, b in pairwise(self.pieces.tolist())]


def piece_counts(texts: GroupedTokens, corpus: Corpus, layer: Layer) -> sparse.csr_matrix:
    """Return the int CSR matrix of pieces x vocabulary.

    Where each song is one piece, the counts of songs that the corpus caches are the same and already there.
    """
    songs, _ = word_counts(corpus, "song", layer)
    first = np.searchsorted(song_rows(corpus), np.arange(len(corpus.songs) + 1))  # the line where each song begins
    words = np.diff(np.append(0, np.cumsum(line_lengths(corpus, layer)))[first])
    if texts.ids is corpus.token_table(layer)[0] and np.array_equal(np.diff(texts.starts), words[words > 0]):
        return songs if words.all() else songs[words > 0]
    return run_counts(texts.ids, texts.starts, len(corpus.vocabulary))
