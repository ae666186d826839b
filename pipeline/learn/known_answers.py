"""Tasks with a known answer that the cells learn by themselves, in NumPy, while one waits (a few seconds each).

Each says beforehand what must come out; a network that misses it is wrong, whatever it scores on lyrics.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.cells.bptt import Gradients, cost_and_gradients, initial_leaves, logits, one_hot
from pipeline.cells.cell import glorot, orthogonal
from pipeline.cells.encoder_decoder import bidirectional_backward, bidirectional_forward
from pipeline.cells.optimisers import Adam, clip_by_global_norm
from pipeline.cells.output_layer import cross_entropy_backward, dense_backward, dense_forward

_STATES = ("a0", "c0")
SYMBOL_COUNT = 4  # different ones in random texts: chance is ¼


def overfit(cell: str, text: str, generator: np.random.Generator, steps: int = 200) -> pd.DataFrame:
    """Learn one line by heart: columns step, nats (a character). Must fall from about ln V to nearly 0."""
    names = sorted(set(text))
    ids = np.array([[names.index(character) for character in f"{text[-1]}{text}"]])
    n = len(names)
    x, y = one_hot(ids[:, :-1], n), one_hot(ids[:, 1:], n)
    losses, _ = _learn(cell, initial_leaves(cell, n, 32, n, generator), [(x, y, None)] * steps, rate=0.02)
    return pd.DataFrame({"step": np.arange(steps), "nats": np.array(losses) / y.shape[2]})


def first_token(generator: np.random.Generator) -> pd.DataFrame:
    """The class is the first symbol, T − 1 random ones follow: columns cell, length, accuracy (chance ¼), after the
    last. What is asked is memory: long T separates the LSTM (its forget gates start open, bias 3) from the RNN."""
    rows = []
    for cell in ("rnn", "lstm"):
        for length in (10, 20, 30):

            def draw_batch(m: int, length: int = length) -> tuple[Array, Array, Array]:
                ids = generator.integers(SYMBOL_COUNT, size=(m, length))
                mask = np.zeros((m, length))
                mask[:, -1] = 1
                return one_hot(ids, SYMBOL_COUNT), one_hot(np.repeat(ids[:, :1], length, 1), SYMBOL_COUNT), mask

            leaves = initial_leaves(cell, SYMBOL_COUNT, 16, SYMBOL_COUNT, generator, m=32, forget_bias=3.0)
            _, leaves = _learn(cell, leaves, (draw_batch(32) for _ in range(300)), rate=0.02)
            x, y, _ = draw_batch(500)
            guess = logits(cell, _with_zero_states(leaves, 500) | {"x": x})[:, :, -1].argmax(0)
            accuracy = float((guess == y[:, :, -1].argmax(0)).mean())
            rows.append({"cell": cell, "length": length, "accuracy": accuracy})
    return pd.DataFrame(rows)


def fixed_strings(generator: np.random.Generator) -> pd.DataFrame:
    """One-to-many: each label, given once, must be answered by its string: columns label, wanted, written."""
    strings = ("refrain", "couplet")
    names = sorted(set("".join(strings)) | {"."})
    longest = max(map(len, strings))
    targets = [string.ljust(longest, ".") for string in strings]
    n, count = len(names), len(strings)
    y = one_hot(np.array([[names.index(c) for c in target] for target in targets]), n)
    x = np.zeros((count, count, longest))
    x[:, :, 0] = np.eye(count)  # the label at the first step, nothing after
    leaves = initial_leaves("lstm", count, 24, n, generator, m=count)
    _, leaves = _learn("lstm", leaves, [(x, y, None)] * 250, rate=0.03)
    written = logits("lstm", {**leaves, "x": x}).argmax(0)  # (m, T)
    answers = ["".join(names[i] for i in row).rstrip(".") for row in written]
    return pd.DataFrame({"label": np.arange(count), "wanted": strings, "written": answers})


def next_symbol(generator: np.random.Generator) -> pd.DataFrame:
    """The target is the symbol that comes next in a random text: columns network, accuracy.

    From the left it cannot be known (chance, ¼); from both sides it is read off: 100 %.
    """
    rows = []
    for name, both in (("left to right", False), ("bidirectional", True)):
        weights = _two_chains(SYMBOL_COUNT, 12, generator)
        optimiser = Adam(0.03)
        state = optimiser.start(weights)
        for _ in range(200):
            x, y, mask = _next_batch(64, generator)
            weights, state = optimiser.step(weights, _two_chain_gradients(weights, x, y, mask, both), state)
        x, y, mask = _next_batch(500, generator)
        a, _ = _two_chain_states(weights, x, both)
        right = dense_forward(a, weights["Wya"], weights["by"]).argmax(0) == y.argmax(0)
        rows.append({"network": name, "accuracy": float(right[mask > 0].mean())})
    return pd.DataFrame(rows)


def _learn(
    cell: str, leaves: Mapping[str, Array], batches: object, rate: float
) -> tuple[list[float], dict[str, Array]]:
    """Adam over (x, y, mask) batches, gradients clipped by their global norm: the losses and the leaves after."""
    weights = {name: leaf for name, leaf in leaves.items() if name not in _STATES}
    optimiser, losses = Adam(rate), []
    state = optimiser.start(weights)
    for x, y, mask in batches:  # type: ignore[attr-defined]
        at = {**_with_zero_states(leaves, x.shape[1]), **weights, "x": x}
        J, gradients = cost_and_gradients(cell, at, y, mask)
        clipped = clip_by_global_norm({f"d{q}": gradients[f"d{q}"] for q in weights}, 1.0)
        weights, state = optimiser.step(weights, clipped, state)
        losses.append(J)
    return losses, {**_with_zero_states(leaves, 1), **leaves, **weights}


def _with_zero_states(leaves: Mapping[str, Array], m: int) -> dict[str, Array]:
    """The leaves with zero states for m examples."""
    return {**leaves, **{q: np.zeros((len(leaves[q]), m)) for q in _STATES if q in leaves}}


def _two_chains(n: int, units: int, generator: np.random.Generator) -> dict[str, Array]:
    """Both directions' weights, named f… and b…, and the output's."""
    weights = {"Wya": glorot(n, 2 * units, generator), "by": np.zeros((n, 1))}
    for side in "fb":
        weights |= {f"{side}Waa": orthogonal(units, generator), f"{side}Wax": glorot(units, n, generator)}
        weights[f"{side}ba"] = np.zeros((units, 1))
    return weights


def _next_batch(m: int, generator: np.random.Generator) -> tuple[Array, Array, Array]:
    ids = generator.integers(SYMBOL_COUNT, size=(m, 8))
    mask = np.ones(ids.shape)
    mask[:, -1] = 0  # nothing comes after the last
    return one_hot(ids, SYMBOL_COUNT), one_hot(np.roll(ids, -1, 1), SYMBOL_COUNT), mask


def _two_chain_states(weights: Mapping[str, Array], x: Array, is_bidirectional: bool) -> tuple[Array, object]:
    """a (2·n_a, m, T); the lower half is blotted out for the network that reads from the left only."""
    sides = [{q: weights[f"{side}{q}"] for q in ("Waa", "Wax", "ba")} for side in "fb"]
    start = np.zeros((len(weights["fba"]), x.shape[1]))
    a, caches = bidirectional_forward(x, (start, start), *sides)
    if not is_bidirectional:
        a[len(start) :] = 0
    return a, caches


def _two_chain_gradients(
    weights: Mapping[str, Array], x: Array, y: Array, mask: Array, is_bidirectional: bool
) -> Gradients:
    a, caches = _two_chain_states(weights, x, is_bidirectional)
    dz = cross_entropy_backward(dense_forward(a, weights["Wya"], weights["by"]), y, mask)
    dense = dense_backward(dz, a, weights["Wya"])
    if not is_bidirectional:
        dense.da[len(a) // 2 :] = 0
    _, forward, backward = bidirectional_backward(dense.da, caches)  # type: ignore[arg-type]
    named = {f"d{side}{q[1:]}": g for side, own in (("f", forward), ("b", backward)) for q, g in own.items()}
    return {**named, "dWya": dense.dW, "dby": dense.db}
