"""What followed the same words in the songs learnt from: contexts of a character model that begin where words do.

A network and an n-gram of characters see the last letters; these see the word being spelt, with none to `WORDS` whole
words before it, however long those are (the word model of PAQ; Mahoney 2005). A word is a run of letters, whatever
stands between, capitals put aside. Their counts are the levels of `interpolation`, and below them stands what
the other models say. Nothing in them changes once they are counted: scores with them are static.

Contexts are hashes in sorted arrays, since the largest corpora have tens of millions of them; a test holds them against
the words themselves. A context is known by 32 bits of a hash: one in a thousand unknown contexts of the largest corpora
is taken for another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import RunError
from pipeline.language.vocabulary import SONG, Ids, Vocabulary
from pipeline.language_models.interpolation import Floats, Ints, shares
from pipeline.language_models.ngram_trie import narrowest
from pipeline.translation import mark

Hashes = npt.NDArray[np.uint64]
WORDS = 3
# The columns of a state: hash of the word being spelt with the sign before it, hash of its letters alone, and of the
# words before it, the last first (0 where there is none).
_SPELT, _LETTERS, _BEFORE = 0, 1, slice(2, 2 + WORDS)
_TOKEN_BITS = np.uint64(16)  # of an entry, below its context
_LEVEL_BITS = np.uint64(32)  # of a context: its hash, below the number of words before it
_HASH = ~np.uint64(0) >> _LEVEL_BITS
_LEVELS = np.arange(WORDS + 1, dtype=np.uint64) << _LEVEL_BITS
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd: it has an inverse modulo 2^64
_INVERSE = np.uint64(pow(int(_FACTOR), -1, 2**64))
_PLACES = np.cumprod(np.full(WORDS, 0xD1342543DE82EF95, np.uint64))  # what tells "la nuit" from "nuit la"


@dataclass(frozen=True)
class WordContexts:
    """Counts, read token by token like a model; what they predict is interpolated with another (`interpolated_with`).

    codes    uint64 (V,), a number for each token that is the same for a letter and its capital
    letters  bool (V,), which tokens are letters
    entries  uint64, rising: the words before it (0 to `WORDS`), the hash of a context, a token that followed it
    counts   int32, how often it did
    """

    codes: Hashes
    letters: npt.NDArray[np.bool_]
    entries: Hashes
    counts: npt.NDArray[np.int32]

    @cached_property
    def _tokens(self) -> npt.NDArray[np.uint16]:
        """Of the entries."""
        return self.entries.astype(np.uint16)

    @cached_property
    def _contexts(self) -> tuple[Hashes, Ints, Ints]:
        """Each context, rising, where its entries begin, and their counts together; last stands one that is none."""
        each = self.entries >> _TOKEN_BITS
        first = np.flatnonzero(np.append(True, each[1:] != each[:-1]))
        together = np.add.reduceat(self.counts, first, dtype=np.int64)
        end = [len(each), len(each)]
        return np.append(each[first], ~np.uint64(0)), np.append(first, end), np.append(together, 1)

    def find(self, contexts: Hashes) -> tuple[Ints, Ints, Ints]:
        """Of each context where its entries begin, how many they are, and their counts together; an unknown one has no
        entries and counts 1."""
        each, first, together = self._contexts
        at = each.searchsorted(contexts)
        at[each[at] != contexts] = len(each) - 1
        begin = first[at]
        return begin, first[at + 1] - begin, together[at]

    def initial_state(self, batch: int = 1) -> Hashes:
        """The beginning of a song: uint64 (batch, 2 + WORDS)."""
        state = np.zeros((batch, 2 + WORDS), np.uint64)
        state[:, _SPELT] = self.codes[SONG]
        return state

    def advance(self, tokens: npt.ArrayLike, state: Hashes) -> Hashes:
        """Read one token a row: tokens (batch,). `<song>` begins a new song."""
        tokens = np.asarray(tokens)
        letter, code, word = self.letters[tokens], self.codes[tokens], state[:, _LETTERS]
        after = np.empty_like(state)
        after[:, _SPELT] = np.where(letter, state[:, _SPELT] * _FACTOR, np.uint64(0)) + code
        after[:, _LETTERS] = np.where(letter, word * _FACTOR + code, np.uint64(0))
        before = state[:, _BEFORE]
        longer = np.concatenate([_scattered(word)[:, None], before[:, :-1]], 1)
        after[:, _BEFORE] = np.where((~letter & (word != 0))[:, None], longer, before)
        after[tokens == SONG] = self.initial_state()
        return after

    def interpolated_with(self, p: Floats, state: Hashes, weights: Floats) -> Floats:
        """p (batch, V) of another model with the contexts of the state above it; weights (WORDS + 1, 3)."""
        begin, types, count = self.find(_contexts_of(state))
        share = shares(count, np.maximum(types, 1), weights[:, None]) * (types > 0)
        left = np.cumprod(1 - share[::-1], 0)[::-1]  # to a level and those below it by the levels above: one row on
        share[:-1] *= left[1:]
        entries = types.ravel()
        each = np.repeat(np.arange(len(entries)), entries)
        at = np.arange(len(each)) + (begin.ravel() - np.cumsum(entries) + entries)[each]
        place = (each % len(p)) * p.shape[1] + self._tokens[at]
        above = np.bincount(place, (share / count).ravel()[each] * self.counts[at], p.size)
        both: Floats = p * left[0][:, None] + above.reshape(p.shape)
        return both

    def trace(self, songs: Sequence[Ids]) -> list[Ints]:
        """The levels of `interpolation`, for every token of each song and the `<song>` that ends it, numbered
        through all songs."""
        state, targets = self._read(songs)
        return [self._known(contexts, targets) for contexts in _each_contexts_of(state)]

    def _known(self, contexts: Hashes, targets: Ids) -> Ints:
        _, types, count = self.find(contexts)
        (at,) = np.nonzero(types)
        wanted = _entries(contexts[at], targets[at])
        place = np.minimum(self.entries.searchsorted(wanted), len(self.entries) - 1)
        own = np.where(self.entries[place] == wanted, self.counts[place], 0)
        return np.stack([at, count[at], types[at], own], 1).astype(np.int64)

    def _read(self, songs: Sequence[Ids]) -> tuple[Hashes, Ids]:
        """The state before each token of each song and its end, and that token: `advance`, for all places at once."""
        stream = np.concatenate([part for song in songs for part in ([SONG], song)]).astype(np.int64)
        targets = np.append(stream[1:], SONG)
        return _states(self.codes[stream], self.letters[stream], stream == SONG), targets

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What `from_arrays` reads back: of each level the steps from one context to the next, tokens and counts."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        ends = self.entries.searchsorted(_LEVELS << _TOKEN_BITS)
        for number, (first, end) in enumerate(pairwise([*ends, len(self.entries)])):
            contexts = self.entries[first:end] >> _TOKEN_BITS & _HASH
            arrays[f"contexts{number}"] = narrowest(np.diff(contexts, prepend=np.uint64(0)))
            arrays[f"tokens{number}"] = self._tokens[first:end]
            arrays[f"counts{number}"] = narrowest(self.counts[first:end])
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]], vocabulary: Vocabulary) -> "WordContexts":
        """Raises RunError when the arrays are not those of one model."""
        entries, counts = [], []
        try:
            for number, level in enumerate(_LEVELS):
                contexts = np.cumsum(arrays[f"contexts{number}"], dtype=np.uint64)
                tokens = arrays[f"tokens{number}"].astype(np.uint64)
                counts.append(arrays[f"counts{number}"].astype(np.int32))
                if not 0 < len(contexts) == len(tokens) == len(counts[-1]) or (tokens >= len(vocabulary)).any():
                    raise ValueError(mark("their parts disagree"))
                if contexts.max() > _HASH or (counts[-1] < 1).any():
                    raise ValueError(mark("numbers out of range"))
                entries.append(_entries(contexts | level, tokens))
                if (entries[-1][1:] <= entries[-1][:-1]).any():
                    raise ValueError(mark("they are not in order"))
        except (KeyError, ValueError, TypeError) as error:
            raise RunError(
                "word-contexts-damaged",
                "The word contexts are damaged ({reason}). Train the run again.",
                reason=str(error),
            ) from error
        return cls(*_alphabet(vocabulary), np.concatenate(entries), np.concatenate(counts))


def train_word_contexts(songs: Sequence[Ids], vocabulary: Vocabulary) -> WordContexts:
    """Count the songs (each without its `<song>` border)."""
    empty = WordContexts(*_alphabet(vocabulary), np.empty(0, np.uint64), np.empty(0, np.int32))
    state, targets = empty._read(songs)
    levels = [np.unique(_entries(contexts, targets), return_counts=True) for contexts in _each_contexts_of(state)]
    entries, counts = zip(*levels, strict=True)
    return replace(empty, entries=np.concatenate(entries), counts=np.concatenate(counts).astype(np.int32))


def _entries(contexts: Hashes, tokens: npt.NDArray[np.integer[Any]]) -> Hashes:
    return contexts << _TOKEN_BITS | tokens.astype(np.uint64)


def _alphabet(vocabulary: Vocabulary) -> tuple[Hashes, npt.NDArray[np.bool_]]:
    """`codes` and `letters` of a vocabulary of characters; its other entries follow the code points."""
    words = vocabulary.index2word
    points = [ord(w.lower()[0]) if len(w) == 1 else 0x110000 + number for number, w in enumerate(words)]
    letters = np.array([len(w) == 1 and w.isalpha() for w in words])
    return _scattered(np.array(points, np.uint64)), letters


def _scattered(values: Hashes) -> Hashes:
    """A hash of each number: every bit of it depends on all of the number's (splitmix64; Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _contexts_of(state: Hashes) -> Hashes:
    """The contexts of a state: uint64 (WORDS + 1, batch)."""
    return np.stack(list(_each_contexts_of(state)))


def _each_contexts_of(state: Hashes) -> Iterator[Hashes]:
    """Its rows one after the other."""
    key = state[:, _SPELT].copy()
    words = [word * place for word, place in zip(state[:, _BEFORE].T, _PLACES, strict=True)]
    for level, word in zip(_LEVELS, [np.uint64(0), *words], strict=True):
        key += word
        yield _scattered(key) >> _LEVEL_BITS | level


def _states(codes: Hashes, letter: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_]) -> Hashes:
    """The state after each token of a stream of songs, which each begin with `<song>`.

    The hash of a stretch of tokens is the difference of two running sums: sum(code_j F^(i-j)) over j from the stretch's
    start to i is F^i times sum(code_j F^-j), modulo 2^64.
    """
    places = np.arange(len(codes))
    powers = np.cumprod(np.full(len(codes), _FACTOR)) * _INVERSE  # F^i
    running = np.concatenate(([np.uint64(0)], np.cumsum(codes * (np.cumprod(np.full(len(codes), _INVERSE)) * _FACTOR))))
    sign = np.maximum.accumulate(np.where(letter, 0, places))  # the last place that is no letter
    state = np.zeros((len(codes), 2 + WORDS), np.uint64)
    state[:, _SPELT] = (running[1:] - running[sign]) * powers
    state[:, _LETTERS] = np.where(letter, (running[1:] - running[sign + letter]) * powers, np.uint64(0))
    (ends,) = np.nonzero(letter[:-1] & ~letter[1:])
    words = np.concatenate((_scattered(state[ends, _LETTERS]), [np.uint64(0)]))
    done = np.searchsorted(ends, places)  # words that end before each place
    first = np.maximum.accumulate(np.where(begins, done, 0))  # of them, those of earlier songs
    for back in range(1, WORDS + 1):
        state[:, 1 + back] = words[np.where(done - back >= first, done - back, -1)]
    return state
