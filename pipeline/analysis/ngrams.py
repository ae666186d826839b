"""N-grams within lines: the words that stand together, counted over the whole corpus.

An n-gram never crosses the end of a line. Counting is by sorting integers: a sequence of n ids is one number.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import Ints, occurrences, song_rows
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
    order, bounds = occurrences(codes, int(codes.max(initial=-1)) + 1)
    places = places[order]
    starts, counts = bounds[:-1][np.diff(bounds) > 0], np.diff(bounds)[np.diff(bounds) > 0]
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
    frequent = np.bincount(ids, minlength=size) >= minimum
    places = np.flatnonzero(frequent[ids])
    codes = ids[places].astype(np.int64)
    for length in range(2, n + 1):
        last = places + length - 1
        fits = last < len(ids)
        places, codes, last = places[fits], codes[fits], last[fits]
        fits = (rows[places] == rows[last]) & frequent[ids[last]]
        places, codes = places[fits], codes[fits] * size + ids[last[fits]]
        maybe = _maybe_common(codes, minimum)
        places, codes = places[maybe], codes[maybe]
        _, codes, counts = np.unique(codes, return_inverse=True, return_counts=True)
        common = counts[codes] >= minimum
        places, codes = places[common], codes[common]
    return places, codes


def _maybe_common(codes: Ints, minimum: int) -> npt.NDArray[np.bool_]:
    """False where a code is surely rarer than `minimum`: counted in 2^22 buckets, which is far cheaper than sorting."""
    bucket = ((codes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(42)).astype(np.int32)
    return np.bincount(bucket, minlength=1 << 22)[bucket] >= minimum
