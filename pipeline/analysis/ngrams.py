"""N-grams within lines: the words that stand together, counted over the whole corpus.

An n-gram never crosses the end of a line. A sequence of n ids is one number, and numbers are counted.
"""

from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import Ints, song_rows
from pipeline.analysis.windows import previous
from pipeline.corpus.table import Corpus, Layer
from pipeline.errors import SettingError


def ngram_table(corpus: Corpus, n: int, layer: Layer = "lyrics", minimum: int = 2) -> pd.DataFrame:
    """N-grams that occur `minimum` times or more, most frequent first: ngram, words, count, songs.

    `ngram` is the words joined by spaces, `words` a tuple of ids, `songs` the number of songs that hold it. Raises
    SettingError outside 1 to 7 words.
    """
    found, counts, songs = ngram_counts(corpus, n, layer, minimum)
    words = np.array(corpus.vocabulary.index2word, object)
    return pd.DataFrame(
        {
            "ngram": pd.array(reduce(lambda begun, word: begun + " " + word, words[found.T]), dtype="str"),
            "words": pd.Series(list(zip(*found.T.tolist(), strict=True)), dtype=object),
            "count": counts,
            "songs": songs,
        }
    )


def ngram_counts(corpus: Corpus, n: int, layer: Layer = "lyrics", minimum: int = 2) -> tuple[Ints, Ints, Ints]:
    """`ngram_table` as numbers: (ids of the words, n-grams x n; how often each occurs; in how many songs)."""
    if not 1 <= n <= 7:
        raise SettingError(f"N-grams of {n} words are not counted: choose 1 to 7.")
    ids, rows = corpus.token_table(layer)
    places, codes = _repeated(ids, rows, n, minimum)
    before = previous(codes)
    songs = song_rows(corpus)[rows[places]]
    new = before < 0
    first = places[new]  # numbered as they first occur
    new |= songs[before] != songs
    counts, spread = np.bincount(codes), np.bincount(codes[new])
    order = np.argsort(-counts, kind="stable")
    return ids[first[order][:, None] + np.arange(n)], counts[order], spread[order]


def _repeated(ids: Ints, rows: Ints, n: int, minimum: int) -> tuple[Ints, Ints]:
    """(places where the n-grams begin that occur `minimum` times or more; a number for each, equal where the n-grams
    are, in the order in which they first occur).

    An n-gram is no more frequent than its words, and than what it begins with. That is looked at when the next word
    would no longer fit into 63 bits.
    """
    starts = max(len(ids) - n + 1, 0)
    frequent = np.bincount(ids, minlength=1) >= minimum
    known = frequent[ids]
    fits = rows[n - 1 :] == rows[:starts]
    for k in range(n):
        fits &= known[k : k + starts]
    places: Ints = np.flatnonzero(fits).astype(np.int32)
    codes: Ints = np.zeros(len(places), np.int64)
    most = 1
    for k in range(n):
        if most * len(frequent) >= 1 << 63:
            places, codes = _common(places, codes, minimum)
            most = len(ids)
        codes *= len(frequent)
        codes += ids[places + k]
        most *= len(frequent)
    return _common(places, codes, minimum)


def _common(places: Ints, codes: Ints, minimum: int) -> tuple[Ints, Ints]:
    """Those of `minimum` equal codes or more, numbered anew as they first occur."""
    maybe = _maybe_common(codes, minimum)
    numbers, _ = pd.factorize(codes[maybe])
    common = np.bincount(numbers, minlength=1) >= minimum
    kept = common[numbers]
    return places[maybe][kept], (np.cumsum(common) - 1)[numbers[kept]]


def _maybe_common(codes: Ints, minimum: int) -> npt.NDArray[np.bool_]:
    """False where a code is surely rarer than `minimum`: counted in 2^20 buckets, far cheaper than one by one."""
    bucket = ((codes.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(44)).astype(np.int32)
    return (np.bincount(bucket, minlength=1 << 20) >= minimum)[bucket]
