"""Characters against words: sizes, and the time of one step, measured here."""

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.initial import parameter_count

BATCH, STEPS = 32, 40


class Cost(NamedTuple):
    """One way to feed a network: vocabulary, parameters, bytes of one input batch, milliseconds of one input product."""

    name: str
    vocabulary: int
    parameters: int
    bytes: int
    milliseconds: float


def costs(characters: int, words: int, n_a: int, width: int) -> list[Cost]:
    """Character one-hot, word one-hot, word embedding, for a batch of 32 × 40 float32 inputs and an RNN of n_a units."""
    rng = np.random.default_rng(0)
    ids = {"c": rng.integers(characters, size=(BATCH, STEPS)), "w": rng.integers(words, size=(BATCH, STEPS))}
    table = rng.normal(size=(words, width)).astype(np.float32)
    kernels = {n: rng.normal(size=(n, n_a)).astype(np.float32) for n in {characters, words, width}}
    float_size = 4
    return [
        Cost("characters, one-hot", characters, parameter_count("rnn", characters, n_a, characters), BATCH * STEPS * characters * float_size, _timed(lambda: dense(ids["c"], kernels[characters]))),
        Cost("words, one-hot", words, parameter_count("rnn", words, n_a, words), BATCH * STEPS * words * float_size, _timed(lambda: dense(ids["w"], kernels[words]))),
        Cost(f"words, embedding of {width}", words, words * width + parameter_count("rnn", width, n_a, words), BATCH * STEPS * float_size, _timed(lambda: table[ids["w"][:, 0]] @ kernels[width])),
    ]  # fmt: skip


def dense(ids: Array, kernel: Array) -> Array:
    """One step of the batch as a dense one-hot product `(batch, n) · (n, n_a)`: what an embedding spares."""
    hot = np.zeros((len(ids), len(kernel)), np.float32)
    hot[np.arange(len(ids)), ids[:, 0]] = 1
    return hot @ kernel


def _timed(work: Callable[[], object], repeats: int = 5) -> float:
    """The median of a few runs, in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times))


def one_hot_sentence(ids: Array) -> tuple[Array, Array]:
    """The words of a sentence × the different words in it `(T, kinds)`, one 1 a row; and the ids of the columns."""
    kinds = np.unique(ids)
    return (ids[:, None] == kinds).astype(float), kinds
