"""What a vocabulary grows by: the words that one song brings when songs are read in a given order."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import Ints, word_counts
from pipeline.analysis.lines import character_spans, describe_lines, layer_positions
from pipeline.corpus.table import Corpus, Layer


def new_words(corpus: Corpus, order: Ints, tokens: int, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the lines of the song that is being read after `tokens` words in which a word occurs for the first time.

    `order` are rows of `corpus.songs`, each once. The columns of `describe_lines` and `spans`, the new words as
    (start, stop) in `text`; empty when the song brings none.
    """
    counts, _ = word_counts(corpus, "song", layer)
    read = np.cumsum(np.asarray(counts.sum(axis=1)).ravel()[order])
    at = min(int(np.searchsorted(read, tokens)), len(order) - 1) if len(order) else 0
    song = corpus.where(songs=corpus.songs.index[order[at : at + 1]].tolist())
    ids, rows = song.token_table(layer)
    known = counts[order[:at]].indices
    first = np.zeros(len(ids), bool)
    first[np.unique(ids, return_index=True)[1]] = True
    return _lines_with_tokens(song, rows, first & ~np.isin(ids, known), layer)


def _lines_with_tokens(song: Corpus, rows: Ints, new: npt.NDArray[np.bool_], layer: Layer) -> pd.DataFrame:
    """Return the lines that hold a marked token of the layer, `new` being bool[tokens of the layer]."""
    places = np.arange(len(rows)) - np.searchsorted(rows, rows)  # of each token among those of the layer in its line
    held = np.unique(rows[new])
    spans = []
    for row in held.tolist():
        tokens = layer_positions(song, row, layer)[places[new & (rows == row)]].tolist()
        spans.append(character_spans(song, row, [(token, token + 1) for token in tokens]))
    table = describe_lines(song, song.lines.index[held])
    table["spans"] = pd.Series(spans, dtype=object)
    return table
