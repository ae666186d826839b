"""N-grams within lines: sequences of n words, counted over the whole corpus. None crosses the end of a line."""

from functools import reduce

import numpy as np
import pandas as pd

from pipeline.analysis.counting import Ints, song_row_of_each_line
from pipeline.analysis.precomputed import PrecomputedResult, french_subcorpus
from pipeline.analysis.variants import french_lines_once_per_song
from pipeline.analysis.words.moving_windows import previous_occurrence
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import detokenise


def ngram_table(corpus: Corpus, n: int, layer: Layer = "lyrics", minimum: int = 2) -> pd.DataFrame:
    """Return the n-grams that occur `minimum` times or more, most frequent first: ngram, words, count, songs.

    `ngram` is the words joined by spaces, `words` a tuple of ids, `songs` the number of songs that hold it. Raise
    SettingError outside 1 to 7 words.
    """
    ngrams, counts, songs = ngram_counts(corpus, n, layer, minimum)
    words = np.array(corpus.vocabulary.index2word, object)
    return pd.DataFrame(
        {
            "ngram": pd.array(reduce(lambda begun, word: begun + " " + word, words[ngrams.T]), dtype="str"),
            "words": pd.Series(list(zip(*ngrams.T.tolist(), strict=True)), dtype=object),
            "count": counts,
            "songs": songs,
        }
    )


def ngram_counts(corpus: Corpus, n: int, layer: Layer, minimum: int) -> tuple[Ints, Ints, Ints]:
    """Return `ngram_table` as numbers: (ids of the words, n-grams x n; how often each occurs; in how many songs)."""
    if not 1 <= n <= 7:
        raise SettingError("N-grams of {n} words are not supported: choose 1 to 7.", n=n)
    ids, rows = corpus.token_table(layer)
    positions, codes = _frequent_ngrams(ids, rows, n, minimum)
    previous = previous_occurrence(codes)
    songs = song_row_of_each_line(corpus)[rows[positions]]
    new = previous < 0
    first = positions[new]  # numbered as they first occur
    new |= songs[previous] != songs
    counts, spread = np.bincount(codes), np.bincount(codes[new])
    order = np.argsort(-counts, kind="stable")
    return ids[first[order][:, None] + np.arange(n)], counts[order], spread[order]


def _frequent_ngrams(ids: Ints, rows: Ints, n: int, minimum: int) -> tuple[Ints, Ints]:
    """Return (positions where frequent n-grams begin; the number of each n-gram, in order of first occurrence).

    Frequent is `minimum` times or more. N-grams grow a word at a time: none is more frequent than its first n - 1
    words.
    """
    size = int(ids.max(initial=0)) + 1
    frequent = (np.bincount(ids, minlength=size) >= minimum)[ids]
    positions, codes = _keep_frequent_codes(np.flatnonzero(frequent), ids[frequent], minimum)
    for k in range(1, n):
        fits = positions < len(ids) - k
        positions, codes = positions[fits], codes[fits]
        fits = frequent[positions + k] & (rows[positions] == rows[positions + k])
        positions, codes = positions[fits], codes[fits]
        positions, codes = _keep_frequent_codes(positions, codes * size + ids[positions + k], minimum)
    return positions, codes


def _keep_frequent_codes(positions: Ints, codes: Ints, minimum: int) -> tuple[Ints, Ints]:
    """Return the positions whose code occurs `minimum` times or more, with codes renumbered by first occurrence."""
    numbers = pd.factorize(codes)[0]
    often = np.bincount(numbers, minlength=1) >= minimum
    stay = often[numbers]
    return positions[stay], (np.cumsum(often) - 1)[numbers[stay]]


PHRASE_WORDS = 3  # in a phrase, unless another number is asked for
_WORDS_PER_REQUIRED_COUNT = 200_000  # words of text for each time that a phrase has to occur


def phrase_table(corpus: Corpus, n: int = PHRASE_WORDS, layer: Layer = "lyrics", minimum: int = 2) -> pd.DataFrame:
    """Return the n-grams as phrases, most frequent first: ngram, count, songs, phrase (as French is written).

    Raise SettingError outside 1 to 7 words.
    """
    table = ngram_table(corpus, n, layer, minimum).drop(columns="words")
    return table.assign(phrase=table["ngram"].map(join_tokens))


def join_tokens(ngram: str) -> str:
    """Return an n-gram, tokens separated by spaces, as French is written.

    >>> join_tokens("c' est l'"), join_tokens("dis -le")
    ("c'est l'", 'dis-le')
    """
    return detokenise(ngram.split(" "))


def min_phrase_count(words: int) -> int:
    """Return how often a phrase has to occur in a text of so many words to be listed: 3 to 1,000 times."""
    return min(max(3, words // _WORDS_PER_REQUIRED_COUNT), 1000)


def min_french_phrase_count(corpus: Corpus) -> int:
    """Return `min_phrase_count` for the French part of a corpus."""
    return min_phrase_count(int(french_subcorpus(corpus).word_counts().sum()))


PRECOMPUTED_RESULTS = (
    PrecomputedResult(
        "phrases", phrase_table, french_lines_once_per_song, lambda corpus: {"minimum": min_french_phrase_count(corpus)}
    ),
)
