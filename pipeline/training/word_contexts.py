"""What followed the same words in the songs learnt from: contexts of a character model that begin where words do.

A network and an n-gram of characters see the last letters; these see the word being spelt, with none to `WORDS` whole
words before it, however long those are (the word model of PAQ; Mahoney 2005). A word is a run of letters, whatever
stands between, capitals put aside. Their counts are the levels of `training.interpolation`, and below them stands what
the other models say. Nothing in them changes once they are counted: scores with them are static.

A context is known by 32 bits of a hash: one in a thousand unknown contexts of the largest corpora is taken for another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.errors import RunError
from pipeline.language.vocabulary import SONG, Ids, Vocabulary
from pipeline.training.interpolation import Floats, Ints, shares
from pipeline.training.ngrams import narrowest

Hashes = npt.NDArray[np.uint64]
WORDS = 3
# The columns of a state: hash of the word being spelt with the sign before it, hash of its letters alone, and of the
# words before it, the last first (0 where there is none).
_SPELT, _LETTERS, _BEFORE = 0, 1, slice(2, 2 + WORDS)
_TOKEN_BITS = np.uint64(16)  # of an entry, below the 32 of its context
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd: it has an inverse modulo 2^64
_INVERSE = np.uint64(pow(int(_FACTOR), -1, 2**64))
_PLACES = np.cumprod(np.full(WORDS, 0xD1342543DE82EF95, np.uint64))  # what tells "la nuit" from "nuit la"


@dataclass(frozen=True)
class _Level:
    """`entries`, sorted: the context's hash and, in the low bits, a token that followed it; `counts`: how often."""

    entries: Hashes
    counts: npt.NDArray[np.int32]

    @cached_property
    def below(self) -> Ints:
        """How many tokens the entries before each count together, and all of them."""
        return np.concatenate(([0], np.cumsum(self.counts, dtype=np.int64)))

    @cached_property
    def tokens(self) -> npt.NDArray[np.uint16]:
        """Of the entries."""
        return self.entries.astype(np.uint16)

    @cached_property
    def contexts(self) -> tuple[npt.NDArray[np.uint32], Ints]:
        """The hash of each context, rising, and where its entries begin; both end with one that is none."""
        each = (self.entries >> _TOKEN_BITS).astype(np.uint32)
        first = np.flatnonzero(np.append(True, each[1:] != each[:-1]))
        return np.append(each[first], np.uint32(2**32 - 1)), np.append(first, [len(each), len(each)])

    def find(self, keys: Hashes) -> tuple[Ints, Ints]:
        """Where the entries of each context begin and end."""
        hashes, first = self.contexts
        wanted = (keys >> np.uint64(32)).astype(np.uint32)
        at = hashes.searchsorted(wanted)
        return first[at], np.where(hashes[at] == wanted, first[at + 1], first[at])


@dataclass(frozen=True)
class WordContexts:
    """A model counted. Steps as a network does, but that what it says changes what another model says (`raised`).

    codes    uint64 (V,), a number for each token that is the same for a letter and its capital
    letters  bool (V,), which tokens are letters
    """

    codes: Hashes
    letters: npt.NDArray[np.bool_]
    levels: tuple[_Level, ...]

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

    def raised(self, p: Floats, state: Hashes, trust: Floats) -> Floats:
        """p (batch, V) of another model with the contexts of the state above it; trust (WORDS + 1, 3)."""
        p, keys_each = p.copy(), _keys(state).T
        if len(p) == 1:  # a text being written: half of the time
            self._raise(p[0], keys_each[:, 0], trust)
            return p
        for level, keys, weights in zip(self.levels, keys_each, trust, strict=True):
            first, end = level.find(keys)
            types = end - first
            rows = np.flatnonzero(types)
            if not len(rows):  # an unknown context: with more words before it, it is unknown as well
                break
            count = (level.below[end] - level.below[first])[rows]
            share = shares(count, types[rows], weights)
            p[rows] *= 1 - share[:, None]
            ends = np.cumsum(types[rows])
            at = np.arange(ends[-1]) + np.repeat(first[rows] - ends + types[rows], types[rows])
            p[np.repeat(rows, types[rows]), level.tokens[at]] += (
                np.repeat(share / count, types[rows]) * level.counts[at]
            )
        return p

    def _raise(self, p: Floats, keys: Hashes, trust: Floats) -> None:
        cuts, counts = [], []
        for level, key in zip(self.levels, keys, strict=True):
            first, end = map(int, level.find(key))
            if first == end:
                break
            cuts.append(slice(first, end))
            counts.append(int(level.below[end] - level.below[first]))
        if not cuts:
            return
        each = shares(counts, [cut.stop - cut.start for cut in cuts], trust[: len(cuts)])
        for level, cut, count, share in zip(self.levels, cuts, counts, each.tolist(), strict=False):
            p *= 1 - share
            p[level.tokens[cut]] += share / count * level.counts[cut]

    def trace(self, songs: Sequence[Ids]) -> list[Ints]:
        """The levels of `training.interpolation`, for every token of each song and the `<song>` that ends it, numbered
        through all songs."""
        state, targets = self._read(songs)
        return [self._known(level, keys, targets) for level, keys in zip(self.levels, _keys_each(state), strict=True)]

    def _known(self, level: _Level, keys: Hashes, targets: Ids) -> Ints:
        first, end = level.find(keys)
        (at,) = np.nonzero(end > first)
        wanted = (keys[at] >> np.uint64(32) << _TOKEN_BITS) | targets[at].astype(np.uint64)
        place = np.minimum(level.entries.searchsorted(wanted), len(level.entries) - 1)
        own = np.where(level.entries[place] == wanted, level.counts[place], 0)
        return np.stack([at, (level.below[end] - level.below[first])[at], (end - first)[at], own], 1).astype(np.int64)

    def _read(self, songs: Sequence[Ids]) -> tuple[Hashes, Ids]:
        """The state before each token of each song and its end, and that token: `advance`, for all places at once."""
        stream = np.concatenate([part for song in songs for part in ([SONG], song)]).astype(np.int64)
        targets = np.append(stream[1:], SONG)
        return _states(self.codes[stream], self.letters[stream], stream == SONG), targets

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What `from_arrays` reads back: of each level the steps from one context to the next, tokens and counts."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for number, level in enumerate(self.levels):
            arrays[f"contexts{number}"] = narrowest(np.diff(level.entries >> _TOKEN_BITS, prepend=np.uint64(0)))
            arrays[f"tokens{number}"] = level.tokens
            arrays[f"counts{number}"] = narrowest(level.counts)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]], vocabulary: Vocabulary) -> "WordContexts":
        """Raises RunError when the arrays are not those of one model."""
        levels = []
        try:
            for number in range(WORDS + 1):
                contexts = np.cumsum(arrays[f"contexts{number}"].astype(np.uint64))
                tokens = arrays[f"tokens{number}"].astype(np.uint64)
                entries, counts = contexts << _TOKEN_BITS | tokens, arrays[f"counts{number}"].astype(np.int32)
                if not 0 < len(entries) == len(counts) or (tokens >= len(vocabulary)).any() or (counts < 1).any():
                    raise ValueError("their parts disagree")
                if (entries[1:] <= entries[:-1]).any():
                    raise ValueError("they are not in order")
                levels.append(_Level(entries, counts))
        except (KeyError, ValueError) as error:
            raise RunError(f"The word contexts are damaged ({error}). Train the run again.") from error
        return cls(*_alphabet(vocabulary), tuple(levels))


def train_word_contexts(songs: Sequence[Ids], vocabulary: Vocabulary) -> WordContexts:
    """Count the songs (each without its `<song>` border)."""
    empty = WordContexts(*_alphabet(vocabulary), ())
    state, targets = empty._read(songs)
    levels = []
    for keys in _keys_each(state):
        entries = (keys >> np.uint64(32) << _TOKEN_BITS) | targets.astype(np.uint64)
        unique, counts = np.unique(entries, return_counts=True)
        levels.append(_Level(unique, counts.astype(np.int32)))
    return WordContexts(empty.codes, empty.letters, tuple(levels))


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


def _keys(state: Hashes) -> Hashes:
    """The contexts of a state: uint64 (batch, WORDS + 1)."""
    return np.stack(list(_keys_each(state)), 1)


def _keys_each(state: Hashes) -> Iterator[Hashes]:
    """The same one after the other."""
    key = state[:, _SPELT].copy()
    yield _scattered(key)
    for word, place in zip(state[:, _BEFORE].T, _PLACES, strict=True):
        key += word * place
        yield _scattered(key)


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
