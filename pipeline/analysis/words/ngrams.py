"""N-grams within lines: words in a row, counted over the whole corpus.

An n-gram never crosses the end of a line. A sequence of n ids is one number, and numbers are counted. Pairs that recur
are cached with the corpus: longer n-grams are made of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce

import numpy as np
import pandas as pd

from pipeline.analysis.counting import IDS_PER_CHUNK, Ints, song_row_of_each_line
from pipeline.analysis.precomputed import PrecomputedResult, french_subcorpus
from pipeline.analysis.variants import french_lines_once
from pipeline.analysis.words.moving_windows import previous_occurrence
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import detokenise

_INT64_LIMIT = 1 << 63  # what a number may hold
_CodedPositions = tuple[Ints, Ints]


def ngram_table(corpus: Corpus, n: int, layer: Layer = "lyrics", minimum: int = 2) -> pd.DataFrame:
    """Return the n-grams that occur `minimum` times or more, most frequent first: ngram, words, count, songs.

    `ngram` is the words joined by spaces, `words` a tuple of ids, `songs` the number of songs that hold it. Raises
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
        raise SettingError("N-grams of {n} words are not counted: choose 1 to 7.", n=n)
    ids, rows = corpus.token_table(layer)
    pairs = corpus.cached(("pairs", layer, minimum), lambda: _frequent_pairs(ids, rows, minimum)) if n > 1 else None
    positions, codes = _frequent_ngrams(ids, rows, n, minimum, pairs)
    previous = previous_occurrence(codes)
    songs = song_row_of_each_line(corpus)[rows[positions]]
    new = previous < 0
    first = positions[new]  # numbered as they first occur
    new |= songs[previous] != songs
    counts, spread = np.bincount(codes), np.bincount(codes[new])
    order = np.argsort(-counts, kind="stable")
    return ids[first[order][:, None] + np.arange(n)], counts[order], spread[order]


def _frequent_ngrams(
    ids: Ints, rows: Ints, n: int, minimum: int, pairs: _CodedPositions | None = None
) -> _CodedPositions:
    """Return (places where the n-grams begin that occur `minimum` times or more; a number for each, equal where the
    n-grams are, in the order in which they first occur).

    An n-gram is no more frequent than the pairs of words that it holds, so it is made of the numbers of those that are
    frequent, which may be known as `pairs`. What it begins with is looked at when the next pair would no longer fit.
    """
    if n == 1:
        positions: Ints = np.flatnonzero((np.bincount(ids, minlength=1) >= minimum)[ids])
        return _frequent_codes(_chunks(positions, ids[positions].astype(np.int64)), minimum)
    pairs = _frequent_pairs(ids, rows, minimum) if pairs is None else pairs
    if n == 2:
        return pairs
    pair = np.full(len(ids), -1, np.int32)
    pair[pairs[0]] = pairs[1]
    fits = pairs[0][pairs[0] <= len(ids) - n]
    for k in range(1, n - 1):
        fits = fits[pair[fits + k] >= 0]
    return _join_pairs(fits, pair, (*range(0, n - 2, 2), n - 2), minimum)


def _frequent_pairs(ids: Ints, rows: Ints, minimum: int) -> _CodedPositions:
    """Return `_frequent_ngrams` of two words, which are no more frequent than either word."""
    frequent = np.bincount(ids, minlength=1) >= minimum
    size = len(frequent)

    def frequent_pairs() -> Iterator[tuple[Ints, Ints]]:
        for a, b in _chunk_bounds(ids):
            often = frequent[ids[a : b + 1]]
            positions = (
                np.flatnonzero(often[1:] & often[:-1] & (rows[a + 1 : b + 1] == rows[a:b][: len(often) - 1])) + a
            )
            yield positions, ids[positions].astype(np.int64) * size + ids[positions + 1]

    return _frequent_codes(frequent_pairs, minimum)


def _join_pairs(positions: Ints, pair: Ints, steps: Sequence[int], minimum: int) -> _CodedPositions:
    """Return `_frequent_ngrams` of the n-grams that begin at `places`, of the pairs that begin so many steps on."""
    size = int(pair.max(initial=0)) + 1
    begun: Ints = np.zeros(len(positions), np.int64)
    most = 1
    for k in steps:
        if most * size >= _INT64_LIMIT:
            positions, begun = _frequent_codes(_chunks(positions, begun), minimum)
            begun, most = begun.astype(np.int64), len(pair)
        begun *= size
        begun += pair[positions + k]
        most *= size
    return _frequent_codes(_chunks(positions, begun), minimum)


def _chunk_bounds(ids: Ints) -> list[tuple[int, int]]:
    return [(a, a + IDS_PER_CHUNK) for a in range(0, len(ids), IDS_PER_CHUNK)]


def _chunks(positions: Ints, codes: Ints) -> Callable[[], Iterator[tuple[Ints, Ints]]]:
    return lambda: ((positions[a:b], codes[a:b]) for a, b in _chunk_bounds(positions))


def _frequent_codes(parts: Callable[[], Iterable[tuple[Ints, Ints]]], minimum: int) -> _CodedPositions:
    """Return those (places, codes) of `minimum` equal codes or more, the codes numbered anew as they first occur.

    Hashing all n-grams takes four times as long (benchmarks/analysis.py). Gone through twice, first counted in 2^20
    buckets: those that are surely too rare are excluded, and the code that a bucket had last is known by its bucket.
    Only what else fell into one is told apart by a hash table.
    """
    buckets, last = np.zeros(1 << 20, np.int64), np.zeros(1 << 20, np.int64)
    for _, codes in parts():
        bucket = _bucket(codes)
        buckets += np.bincount(bucket, minlength=len(buckets))
        last[bucket] = codes
    enough = buckets >= minimum
    frequent_count = int(enough.sum())
    number = np.where(enough, np.cumsum(enough) - 1, -1).astype(np.int32)
    positions: list[Ints] = [np.empty(0, np.int32)]
    numbers: list[Ints] = [np.empty(0, np.int32)]
    rare_codes: list[Ints] = [np.empty(0, np.int64)]
    for where, codes in parts():
        bucket = _bucket(codes)
        maybe = number[bucket] >= 0
        bucket, codes = bucket[maybe], codes[maybe]
        own = number[bucket]
        own[last[bucket] != codes] = -1
        rare_codes.append(codes[own < 0])
        positions.append(where[maybe].astype(np.int32))
        numbers.append(own)
    numbered: Ints = np.concatenate(numbers)
    numbered[numbered < 0] = pd.factorize(np.concatenate(rare_codes))[0] + frequent_count
    common = np.bincount(numbered, minlength=1) >= minimum
    stay = common[numbered]
    place, numbered = np.concatenate(positions)[stay], numbered[stay]
    first = np.full(len(common), len(numbered), np.int32)
    first[numbered[::-1]] = np.arange(len(numbered), dtype=np.int32)[::-1]
    rank = np.empty(len(common), np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(common), dtype=np.int32)
    return place, rank[numbered]


def _bucket(codes: Ints) -> Ints:
    hashed = codes.astype(np.uint64)
    hashed *= np.uint64(0x9E3779B97F4A7C15)
    hashed >>= np.uint64(44)
    return hashed.view(np.int64)


PHRASE_WORDS = 3  # in a phrase, unless another number is asked for
_WORDS_PER_REQUIRED_COUNT = 200_000  # words of text for each time that a phrase has to occur


def phrase_table(corpus: Corpus, n: int = PHRASE_WORDS, layer: Layer = "lyrics", minimum: int = 2) -> pd.DataFrame:
    """Return `ngram_table` as it is read: ngram, count, songs, phrase; a row an n-gram, most frequent first.

    Raise SettingError outside 1 to 7 words.
    """
    table = ngram_table(corpus, n, layer, minimum).drop(columns="words")
    return table.assign(phrase=table["ngram"].map(join_tokens))


def join_tokens(ngram: str) -> str:
    """Write tokens that spaces part as French writes them.

    >>> join_tokens("c' est l'"), join_tokens("dis -le")
    ("c'est l'", 'dis-le')
    """
    return detokenise(ngram.split(" "))


def min_phrase_count(words: int) -> int:
    """Return how often a phrase has to occur in a text of so many words to be listed: 3 to 1,000 times."""
    return min(max(3, words // _WORDS_PER_REQUIRED_COUNT), 1000)


def min_french_phrase_count(corpus: Corpus) -> int:
    """Return `min_phrase_count` of what is in French."""
    return min_phrase_count(int(french_subcorpus(corpus).counts().sum()))


PRECOMPUTED_RESULTS = (
    PrecomputedResult(
        "phrases", phrase_table, french_lines_once, lambda corpus: {"minimum": min_french_phrase_count(corpus)}
    ),
)
