"""The words before each place of a text as numbers: rolling hashes that `word_contexts` counts.

A state is the hash of the word being spelt with the sign before it, the hash of its letters alone, and those of the
`WORDS` words before it, the last first. The same can be had of a whole stream at once, of a batch, token by token, and
of one row in Python's numbers: arrays of one cost more than what is done with them, and a text is written in one row.
Tests hold the four together. Knows nothing of counts.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
WORDS = 3
# The columns of a state: hash of the word being spelt with the sign before it, hash of its letters alone, and of the
# words before it, the last first (0 where there is none).
SPELT, _LETTERS, _BEFORE = 0, 1, slice(2, 2 + WORDS)
LEVEL_BITS = np.uint64(32)  # of a context: its hash, below the number of words before it
HASH = ~np.uint64(0) >> LEVEL_BITS
LEVELS = np.arange(WORDS + 1, dtype=np.uint64) << LEVEL_BITS
_BLOCK = 1 << 18  # tokens
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd: it has an inverse modulo 2^64
_INVERSE = np.uint64(pow(int(_FACTOR), -1, 2**64))
_PLACES = np.cumprod(np.full(WORDS, 0xD1342543DE82EF95, np.uint64))  # what tells "la nuit" from "nuit la"
_ALL, _PLAIN_FACTOR, _PLAIN_PLACES = 2**64 - 1, int(_FACTOR), _PLACES.tolist()


def advance(state: Hashes, codes: Hashes, letter: npt.NDArray[np.bool_]) -> Hashes:
    """Return the states of a batch, each after a token with this code."""
    word, before = state[:, _LETTERS], state[:, _BEFORE]
    after = np.empty_like(state)
    after[:, SPELT] = np.where(letter, state[:, SPELT] * _FACTOR, np.uint64(0)) + codes
    after[:, _LETTERS] = np.where(letter, word * _FACTOR + codes, np.uint64(0))
    longer = np.concatenate([mix_bits(word)[:, None], before[:, :-1]], 1)
    after[:, _BEFORE] = np.where((~letter & (word != 0))[:, None], longer, before)
    return after


def advance_one(row: Sequence[int], code: int, *, letter: bool) -> list[int]:
    """Return the state of one row after a token with this code."""
    spelt, word, *before = row
    if letter:
        return [spelt * _PLAIN_FACTOR + code & _ALL, word * _PLAIN_FACTOR + code & _ALL, *before]
    return [code, 0, *([_scattered_number(word), *before[:-1]] if word else before)]


def contexts_of(state: Hashes) -> Hashes:
    """Return the contexts of a state: uint64 (WORDS + 1, batch)."""
    return np.stack(list(each_contexts_of(state)))


def each_contexts_of(state: Hashes) -> Iterator[Hashes]:
    """Yield its rows one after the other."""
    key = state[:, SPELT].copy()
    yield mix_bits(key) >> LEVEL_BITS | LEVELS[0]
    for level, word, place in zip(LEVELS[1:], state[:, _BEFORE].T, _PLACES, strict=True):
        key += word * place
        yield mix_bits(key) >> LEVEL_BITS | level


def contexts_of_one(row: Sequence[int]) -> Hashes:
    """Return `contexts_of` a state of one row."""
    key, contexts = row[SPELT], []
    for level, (word, place) in enumerate(zip((0, *row[_BEFORE]), (0, *_PLAIN_PLACES), strict=True)):
        key = key + word * place & _ALL
        contexts.append(_scattered_number(key) >> 32 | level << 32)
    return np.array(contexts, np.uint64)


def states(codes: Hashes, letter: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_]) -> Hashes:
    """Return the state after each token of a stream of songs, which each begin with `<song>`.

    A block of it at a time, from the sign before its last `WORDS` words on: what is between would take three times as
    much memory as the states of five megabytes.
    """
    (ends,) = np.nonzero(letter[:-1] & ~letter[1:])
    state = np.empty((len(codes), 2 + WORDS), np.uint64)
    for start in range(0, len(codes), _BLOCK):
        done = int(np.searchsorted(ends, start))  # words that end before
        first = int(ends[done - WORDS - 1]) + 1 if done > WORDS else 0
        part = slice(first, start + _BLOCK)
        state[start : start + _BLOCK] = _states(codes[part], letter[part], begins[part])[start - first :]
    return state


def _states(codes: Hashes, letter: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_]) -> Hashes:
    """The same of one block.

    The hash of a stretch of tokens is the difference of two running sums: sum(code_j F^(i-j)) over j from the stretch's
    start to i is F^i times sum(code_j F^-j), modulo 2^64.
    """
    places = np.arange(len(codes))
    powers = np.cumprod(np.full(len(codes), _FACTOR)) * _INVERSE  # F^i
    running = np.concatenate(([np.uint64(0)], np.cumsum(codes * (np.cumprod(np.full(len(codes), _INVERSE)) * _FACTOR))))
    sign = np.maximum.accumulate(np.where(letter, 0, places))  # the last place that is no letter
    state = np.zeros((len(codes), 2 + WORDS), np.uint64)
    state[:, SPELT] = (running[1:] - running[sign]) * powers
    state[:, _LETTERS] = np.where(letter, (running[1:] - running[sign + letter]) * powers, np.uint64(0))
    (ends,) = np.nonzero(letter[:-1] & ~letter[1:])
    words = np.concatenate((mix_bits(state[ends, _LETTERS]), [np.uint64(0)]))
    done = np.searchsorted(ends, places)  # words that end before each place
    first = np.maximum.accumulate(np.where(begins, done, 0))  # of them, those of earlier songs
    for back in range(1, WORDS + 1):
        state[:, 1 + back] = words[np.where(done - back >= first, done - back, -1)]
    return state


def mix_bits(values: Hashes) -> Hashes:
    """Return a hash of each number: every bit of it depends on all of the number's (splitmix64; Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _scattered_number(value: int) -> int:
    """Return `mix_bits` of one."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _ALL
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _ALL
    return value ^ value >> 31
