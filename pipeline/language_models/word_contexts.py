"""Counts of what followed the same words in the training songs: contexts that begin where words do.

A network and an n-gram of characters see the last letters; these contexts are the word being spelt with none to
`MAX_CONTEXT_WORDS` whole words before it, however long those are (the word model of PAQ; Mahoney 2005). A word is a run
of letters, whatever is between words, in lower case. The counts are levels of `interpolation` above what the other
models predict. They do not change once they are counted: scores with them are static.

Contexts are rolling hashes in sorted arrays, since the largest corpora have tens of millions of them; a test compares
them with the words themselves. A context is known by 32 bits of a hash: one in a thousand unknown contexts of the
largest corpora is taken for another. They are computed for a whole stream, for a batch token by token, and for one row
in Python's numbers: arrays of one element cost more than the work on them, and a text is written in one row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.core.errors import RunError
from pipeline.core.translation import mark
from pipeline.language.vocabulary import SONG, Ids, Vocabulary
from pipeline.language_models.interpolation import Floats, Ints, cached_interpolation_weight, interpolation_weights
from pipeline.language_models.ngram_trie import narrowest_unsigned

Hashes = npt.NDArray[np.uint64]
MAX_CONTEXT_WORDS = 3
# The columns of a state: hash of the word being spelt with the sign before it, hash of its letters alone, and of the
# words before it, the last first (0 where there is none).
SPELT, _LETTERS, _BEFORE = 0, 1, slice(2, 2 + MAX_CONTEXT_WORDS)
LEVEL_BITS = np.uint64(32)  # of a context: its hash, below the number of words before it
CONTEXT_HASH_MASK = ~np.uint64(0) >> LEVEL_BITS
LEVEL_PREFIXES = np.arange(MAX_CONTEXT_WORDS + 1, dtype=np.uint64) << LEVEL_BITS
_TOKENS_PER_BLOCK = 1 << 18  # tokens
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd: it has an inverse modulo 2^64
_INVERSE = np.uint64(pow(int(_FACTOR), -1, 2**64))
_WORD_PLACE_FACTORS = np.cumprod(
    np.full(MAX_CONTEXT_WORDS, 0xD1342543DE82EF95, np.uint64)
)  # what tells "la nuit" from "nuit la"
_ALL, _PLAIN_FACTOR, _PLAIN_PLACES = 2**64 - 1, int(_FACTOR), _WORD_PLACE_FACTORS.tolist()


def advance_states(state: Hashes, codes: Hashes, letter: npt.NDArray[np.bool_]) -> Hashes:
    """Return the context states of a batch after one token a row, given its code and whether it is a letter."""
    word, before = state[:, _LETTERS], state[:, _BEFORE]
    after = np.empty_like(state)
    after[:, SPELT] = np.where(letter, state[:, SPELT] * _FACTOR, np.uint64(0)) + codes
    after[:, _LETTERS] = np.where(letter, word * _FACTOR + codes, np.uint64(0))
    longer = np.concatenate([hash_numbers(word)[:, None], before[:, :-1]], 1)
    after[:, _BEFORE] = np.where((~letter & (word != 0))[:, None], longer, before)
    return after


def advance_row(row: Sequence[int], code: int, *, letter: bool) -> list[int]:
    """Return the context state of one row after a token, given its code and whether it is a letter."""
    spelt, word, *before = row
    if letter:
        return [spelt * _PLAIN_FACTOR + code & _ALL, word * _PLAIN_FACTOR + code & _ALL, *before]
    return [code, 0, *([_hash_number(word), *before[:-1]] if word else before)]


def context_hashes(state: Hashes) -> Hashes:
    """Return uint64 (words + 1, batch): the hash of each context of a state, of 0 to MAX_CONTEXT_WORDS words."""
    return np.stack(list(iterate_context_hashes(state)))


def iterate_context_hashes(state: Hashes) -> Iterator[Hashes]:
    """Yield the rows of `context_hashes` one after the other, which takes less memory."""
    key = state[:, SPELT].copy()
    yield hash_numbers(key) >> LEVEL_BITS | LEVEL_PREFIXES[0]
    for level, word, place in zip(LEVEL_PREFIXES[1:], state[:, _BEFORE].T, _WORD_PLACE_FACTORS, strict=True):
        key += word * place
        yield hash_numbers(key) >> LEVEL_BITS | level


def context_hashes_of_row(row: Sequence[int]) -> Hashes:
    """Return the context hashes of one row's state: uint64 (words + 1,)."""
    key, contexts = row[SPELT], []
    for level, (word, place) in enumerate(zip((0, *row[_BEFORE]), (0, *_PLAIN_PLACES), strict=True)):
        key = key + word * place & _ALL
        contexts.append(_hash_number(key) >> 32 | level << 32)
    return np.array(contexts, np.uint64)


def states_after_tokens(codes: Hashes, letter: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_]) -> Hashes:
    """Return the state after each token of a stream of songs, which each begin with `<song>`.

    A block of it at a time, from the sign before its last `MAX_CONTEXT_WORDS` words on: what is between would take
    three times as much memory as the states of five megabytes.
    """
    (ends,) = np.nonzero(letter[:-1] & ~letter[1:])
    state = np.empty((len(codes), 2 + MAX_CONTEXT_WORDS), np.uint64)
    for start in range(0, len(codes), _TOKENS_PER_BLOCK):
        done = int(np.searchsorted(ends, start))  # words that end before
        first = int(ends[done - MAX_CONTEXT_WORDS - 1]) + 1 if done > MAX_CONTEXT_WORDS else 0
        part = slice(first, start + _TOKENS_PER_BLOCK)
        state[start : start + _TOKENS_PER_BLOCK] = _context_states(codes[part], letter[part], begins[part])[
            start - first :
        ]
    return state


def _context_states(codes: Hashes, letter: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_]) -> Hashes:
    """Return the state (hashes of the word so far and of the words before) after each token of a run of songs.

    The hash of a stretch of tokens is the difference of two running sums: sum(code_j F^(i-j)) over j from the stretch's
    start to i is F^i times sum(code_j F^-j), modulo 2^64.
    """
    positions = np.arange(len(codes))
    powers = np.cumprod(np.full(len(codes), _FACTOR)) * _INVERSE  # F^i
    running = np.concatenate(([np.uint64(0)], np.cumsum(codes * (np.cumprod(np.full(len(codes), _INVERSE)) * _FACTOR))))
    sign = np.maximum.accumulate(np.where(letter, 0, positions))  # the last place that is no letter
    state = np.zeros((len(codes), 2 + MAX_CONTEXT_WORDS), np.uint64)
    state[:, SPELT] = (running[1:] - running[sign]) * powers
    state[:, _LETTERS] = np.where(letter, (running[1:] - running[sign + letter]) * powers, np.uint64(0))
    (ends,) = np.nonzero(letter[:-1] & ~letter[1:])
    words = np.concatenate((hash_numbers(state[ends, _LETTERS]), [np.uint64(0)]))
    done = np.searchsorted(ends, positions)  # words that end before each place
    first = np.maximum.accumulate(np.where(begins, done, 0))  # of them, those of earlier songs
    for back in range(1, MAX_CONTEXT_WORDS + 1):
        state[:, 1 + back] = words[np.where(done - back >= first, done - back, -1)]
    return state


def hash_numbers(values: Hashes) -> Hashes:
    """Return a 64-bit hash of each number (the finaliser of splitmix64; Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _hash_number(value: int) -> int:
    """Return the same hash of one number as `hash_numbers`."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _ALL
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _ALL
    return value ^ value >> 31


_TOKEN_BITS = np.uint64(16)  # of an entry, below its context


@dataclass(frozen=True)
class WordContexts:
    """Counts of the tokens that followed the last words in training songs, to interpolate with a model's predictions.

    codes    uint64 (V,), a number for each token that is the same for a letter and its capital
    letters  bool (V,), which tokens are letters
    entries  uint64, rising: the words before it (0 to `MAX_CONTEXT_WORDS`), the hash of a context, a token that
    followed it counts   int32, how often it did
    """

    codes: Hashes
    letters: npt.NDArray[np.bool_]
    entries: Hashes
    counts: npt.NDArray[np.int32]

    @cached_property
    def _tokens(self) -> npt.NDArray[np.uint16]:
        """The token id in each of `entries`."""
        return self.entries.astype(np.uint16)

    @cached_property
    def _context_table(self) -> tuple[Hashes, Ints, Ints]:
        """Sorted context hashes, the index of each one's first entry, its total count; the last row is a sentinel."""
        each = self.entries >> _TOKEN_BITS
        first = np.flatnonzero(np.append(True, each[1:] != each[:-1]))
        context_totals = np.add.reduceat(self.counts, first, dtype=np.int64)
        end = [len(each), len(each)]
        return np.append(each[first], ~np.uint64(0)), np.append(first, end), np.append(context_totals, 1)

    def find_contexts(self, contexts: Hashes) -> tuple[Ints, Ints, Ints]:
        """Return for each context the index of its first entry, number of entries (0 if unknown) and total count."""
        each, first, context_totals = self._context_table
        at = each.searchsorted(contexts)
        at[each[at] != contexts] = len(each) - 1
        begin = first[at]
        return begin, first[at + 1] - begin, context_totals[at]

    def initial_state(self, batch: int = 1) -> Hashes:
        """Return the state at the beginning of a song: uint64 (batch, 2 + MAX_CONTEXT_WORDS)."""
        state = np.zeros((batch, 2 + MAX_CONTEXT_WORDS), np.uint64)
        state[:, SPELT] = self.codes[SONG]
        return state

    def next_state(self, tokens: npt.ArrayLike, state: Hashes) -> Hashes:
        """Return the state after reading one token a row, tokens (batch,); `<song>` begins a new song."""
        tokens = np.asarray(tokens)
        if len(state) == 1 and tokens[0] != SONG:  # a text being written
            code, letter = self._token_hashes_and_letter_flags[int(tokens[0])]
            return np.array([advance_row(state[0].tolist(), code, letter=letter)], np.uint64)
        after = advance_states(state, self.codes[tokens], self.letters[tokens])
        after[tokens == SONG] = self.initial_state()
        return after

    @cached_property
    def _token_hashes_and_letter_flags(self) -> list[tuple[int, bool]]:
        """The hash code of each token, and whether it is a letter."""
        return list(zip(self.codes.tolist(), self.letters.tolist(), strict=True))

    def interpolated_with(self, p: Floats, state: Hashes, weights: Floats) -> Floats:
        """Return p (batch, V) of another model interpolated with the contexts of a state; weights (levels, 3)."""
        if len(state) == 1:  # a text being written
            return self._interpolate_one_row(p, state[0].tolist(), weights)
        begin, types, count = self.find_contexts(context_hashes(state))
        share = interpolation_weights(count, np.maximum(types, 1), weights[:, None])
        share *= types > 0
        left = np.cumprod(1 - share[::-1], 0)[::-1]  # to a level and those below it by the levels above: one row on
        share[:-1] *= left[1:]
        entries = types.ravel()
        each = np.repeat(np.arange(len(entries)), entries)
        at = np.arange(len(each)) + (begin.ravel() - np.cumsum(entries) + entries)[each]
        place = (each % len(p)) * p.shape[1] + self._tokens[at]
        above = np.bincount(place, (share / count).ravel()[each] * self.counts[at], p.size)
        both: Floats = p * left[0][:, None] + above.reshape(p.shape)
        return both

    def _interpolate_one_row(self, p: Floats, state: Sequence[int], weights: Floats) -> Floats:
        """Return `interpolated_with` for one row in plain Python numbers: faster for a text being generated."""
        left, cuts = 1.0, []
        levels = zip(
            *(part.tolist() for part in self.find_contexts(context_hashes_of_row(state))), weights.tolist(), strict=True
        )
        for begin, types, count, row in reversed(list(levels)):
            if types:
                share = cached_interpolation_weight(count, types, tuple(row))
                cuts.append((slice(begin, begin + types), share * left / count))
                left *= 1 - share
        if not cuts:
            return p.copy()
        tokens = np.concatenate([self._tokens[cut] for cut, _ in reversed(cuts)])
        counts = np.concatenate([each * self.counts[cut] for cut, each in reversed(cuts)])
        both: Floats = p * left + np.bincount(tokens, counts, p.size)
        return both

    def counts_by_context_length(self, songs: Sequence[Ids]) -> list[Ints]:
        """Return the table of counts that `interpolation` needs for each context length, over all tokens of songs."""
        state, targets = self._states_and_targets(songs)
        return [self._counts_of_contexts(contexts, targets) for contexts in iterate_context_hashes(state)]

    def _counts_of_contexts(self, contexts: Hashes, targets: Ids) -> Ints:
        _, types, count = self.find_contexts(contexts)
        (at,) = np.nonzero(types)
        entries = _pack_entries(contexts[at], targets[at])
        place = np.minimum(self.entries.searchsorted(entries), len(self.entries) - 1)
        own = np.where(self.entries[place] == entries, self.counts[place], 0)
        return np.stack([at, count[at], types[at], own], 1).astype(np.int64)

    def _states_and_targets(self, songs: Sequence[Ids]) -> tuple[Hashes, Ids]:
        """Return the state before each token of songs and each final `<song>`, and the ids of these tokens."""
        stream = np.concatenate([part for song in songs for part in ([SONG], song)]).astype(np.int64)
        targets = np.append(stream[1:], SONG)
        return states_after_tokens(self.codes[stream], self.letters[stream], stream == SONG), targets

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return arrays to save, for each context length: differences of sorted context hashes, tokens and counts."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        ends = self.entries.searchsorted(LEVEL_PREFIXES << _TOKEN_BITS)
        for number, (first, end) in enumerate(pairwise([*ends, len(self.entries)])):
            contexts = self.entries[first:end] >> _TOKEN_BITS & CONTEXT_HASH_MASK
            arrays[f"contexts{number}"] = narrowest_unsigned(np.diff(contexts, prepend=np.uint64(0)))
            arrays[f"tokens{number}"] = self._tokens[first:end]
            arrays[f"counts{number}"] = narrowest_unsigned(self.counts[first:end])
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]], vocabulary: Vocabulary) -> "WordContexts":
        """Return the object whose `to_arrays` gave these arrays. Raise RunError if they are damaged."""
        entries, counts = [], []
        try:
            for number, level in enumerate(LEVEL_PREFIXES):
                contexts = np.cumsum(arrays[f"contexts{number}"], dtype=np.uint64)
                tokens = arrays[f"tokens{number}"].astype(np.uint64)
                counts.append(arrays[f"counts{number}"].astype(np.int32))
                if not 0 < len(contexts) == len(tokens) == len(counts[-1]) or (tokens >= len(vocabulary)).any():
                    raise ValueError(mark("their parts do not match"))
                if contexts.max() > CONTEXT_HASH_MASK or (counts[-1] < 1).any():
                    raise ValueError(mark("numbers out of range"))
                entries.append(_pack_entries(contexts | level, tokens))
                if (entries[-1][1:] <= entries[-1][:-1]).any():
                    raise ValueError(mark("they are not in order"))
        except (KeyError, ValueError, TypeError) as error:
            raise RunError(
                "The word contexts are damaged ({reason}). Train the model again.", reason=str(error)
            ) from error
        return cls(*_character_codes_and_letter_mask(vocabulary), np.concatenate(entries), np.concatenate(counts))


def train_word_contexts(songs: Sequence[Ids], vocabulary: Vocabulary) -> WordContexts:
    """Return the word contexts counted in songs (ids without the `<song>` border)."""
    empty = WordContexts(*_character_codes_and_letter_mask(vocabulary), np.empty(0, np.uint64), np.empty(0, np.int32))
    state, targets = empty._states_and_targets(songs)
    levels = [
        np.unique(_pack_entries(contexts, targets), return_counts=True) for contexts in iterate_context_hashes(state)
    ]
    entries, counts = zip(*levels, strict=True)
    return replace(empty, entries=np.concatenate(entries), counts=np.concatenate(counts).astype(np.int32))


def _pack_entries(contexts: Hashes, tokens: npt.NDArray[np.integer[Any]]) -> Hashes:
    return contexts << _TOKEN_BITS | tokens.astype(np.uint64)


def _character_codes_and_letter_mask(vocabulary: Vocabulary) -> tuple[Hashes, npt.NDArray[np.bool_]]:
    """Return the code of each entry of a character vocabulary, one for both cases of a letter, and a letter mask."""
    words = vocabulary.index2word
    points = [ord(w.lower()[0]) if len(w) == 1 else 0x110000 + number for number, w in enumerate(words)]
    letters = np.array([len(w) == 1 and w.isalpha() for w in words])
    return hash_numbers(np.array(points, np.uint64)), letters
