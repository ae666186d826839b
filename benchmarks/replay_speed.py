"""Time steps a second of the replayed networks, on one thread: the ceiling of generation.

    OMP_NUM_THREADS=1 python benchmarks/replay_speed.py

Measured on a shared 2-core AMD EPYC (Python 3.11, NumPy 2.4, best of 7):

    character  rnn   1x384, V =   150:   32,870 steps a second
    character  gru   1x384, V =   150:   12,815 steps a second
    character  lstm  1x384, V =   150:   12,319 steps a second
    character  lstm  2x384, V =   150:    3,549 steps a second
    word       lstm  1x256, V =  8000:    4,422 steps a second

A step reads every weight once, so memory decides: the product of the first LSTM (2.4 MB) takes 37 of its 81 µs; two
layers (7 MB) no longer stay in the cache.
"""

import time

import numpy as np

from pipeline.cells.replay import Network, NetworkSpec, network_from_weights

STEPS, REPEATS = 1000, 7
CASES = [  # level, cell, units, layers, embedding, tied, V
    ("character", "rnn", 384, 1, 64, False, 150),
    ("character", "gru", 384, 1, 64, False, 150),
    ("character", "lstm", 384, 1, 64, False, 150),
    ("character", "lstm", 384, 2, 64, False, 150),
    ("word", "lstm", 256, 1, 128, True, 8000),
]


def network(cell: str, units: int, layers: int, embedding: int, tied: bool, vocabulary_size: int) -> Network:
    sizes = {"units": units, "layers": layers, "embedding": embedding, "vocabulary_size": vocabulary_size}
    spec = NetworkSpec(cell=cell, tied=tied, **sizes)
    rng = np.random.default_rng(0)
    return network_from_weights(spec, [rng.normal(0, 0.1, shape) for shape in spec.shapes()])


def steps_a_second(network: Network) -> float:
    """The best of several runs: the others were disturbed."""
    best = float("inf")
    for _ in range(REPEATS):
        state, start = network.initial_state(), time.perf_counter()
        for i in range(STEPS):
            _, state = network.step([i % network.vocabulary_size], state)
        best = min(best, time.perf_counter() - start)
    return STEPS / best


def main() -> None:
    for level, *case in CASES:
        cell, units, layers, *_, vocabulary_size = case
        rate = steps_a_second(network(*case))
        print(f"{level:10} {cell:5} {layers}x{units}, V = {vocabulary_size:5}: {rate:8,.0f} steps a second")


if __name__ == "__main__":
    main()
