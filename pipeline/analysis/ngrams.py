"""N-grams within lines: the words that stand together, counted over the whole corpus.

An n-gram never crosses the end of a line. Counting is by sorting integers: a sequence of n ids is one number.
"""

import numpy as np
import pandas as pd

from pipeline.analysis.counting import Ints, song_rows
from pipeline.corpus.table import Corpus, Layer
from pipeline.errors import SettingError


def ngram_table(corpus: Corpus, n: int, layer: Layer = "lyrics", minimum: int = 2) -> pd.DataFrame:
    """N-grams that occur `minimum` times or more, most frequent first: ngram, words, count, songs.

    `ngram` is the words joined by spaces, `words` a tuple of ids, `songs` the number of songs that hold it. Raises
    SettingError outside 1 to 7 words.
    """
    if not 1 <= n <= 7:
        raise SettingError(f"N-grams of {n} words are not counted: choose 1 to 7.")
    ids, rows = corpus.token_table(layer)
    places, codes = _coded(ids, rows, n, minimum, len(corpus.vocabulary))
    order = np.argsort(codes, kind="stable")
    places, codes = places[order], codes[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    counts = np.diff(starts, append=len(codes))
    songs = song_rows(corpus)[rows[places]]
    new_song = np.diff(songs, prepend=-1) != 0
    new_song[starts] = True
    spread = np.add.reduceat(new_song, starts, dtype=np.int64) if len(starts) else starts
    kept = np.flatnonzero(counts >= minimum)
    kept = kept[np.lexsort([places[starts[kept]], -counts[kept]])]
    found = ids[places[starts[kept]][:, None] + np.arange(n)]
    index2word = corpus.vocabulary.index2word
    return pd.DataFrame(
        {
            "ngram": pd.array([" ".join([index2word[i] for i in row]) for row in found.tolist()], dtype="str"),
            "words": pd.Series([tuple(row) for row in found.tolist()], dtype=object),
            "count": counts[kept],
            "songs": spread[kept],
        }
    )


def _coded(ids: Ints, rows: Ints, n: int, minimum: int, size: int) -> tuple[Ints, Ints]:
    """(places where an n-gram begins, a number for each, equal where the n-grams are).

    Grows word by word and drops what is already too rare: an n-gram is no more frequent than what it begins with.
    """
    places, codes = np.arange(len(ids)), ids.astype(np.int64)
    for length in range(1, n + 1):
        if length > 1:
            fits = places + length - 1 < len(ids)
            places, codes = places[fits], codes[fits]
            fits = rows[places] == rows[places + length - 1]
            places, codes = places[fits], codes[fits]
            codes = codes * size + ids[places + length - 1]
        _, codes, counts = np.unique(codes, return_inverse=True, return_counts=True)
        common = counts[codes] >= minimum
        places, codes = places[common], codes[common]
    return places, codes
