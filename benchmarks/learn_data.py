"""What the Learn pages show of networks that train for minutes: story.csv, story.npz, echo.csv of dashboard/lessons.

    python benchmarks/learn_data.py       about ten minutes on one core

Story: guess the next of 400 words from windows of 1 to 9 words, with an RNN, an LSTM and an n-gram; perplexity on songs
kept apart, 250 steps of Adam at 0.01 for each network. Echo: how far back an RNN, a GRU and an LSTM of 32 units learn
to look; accuracy by lag on 8 symbols, 30 steps, batches of 32, 400 steps of Adam at 0.01, one random seed.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.lessons import context_windows
from dashboard.lessons.context_windows import HIDDEN, WORDS
from pipeline.cells.activations import Array
from pipeline.cells.bptt import cost_and_gradients, initial_leaves, logits, one_hot
from pipeline.cells.optimisers import Adam
from pipeline.cells.output_layer import step_losses
from pipeline.corpus.prepare import load
from pipeline.language.vocabulary import PAD, Ids
from pipeline.language_models.kneser_ney import best_kneser_ney

FOLDER = Path(context_windows.__file__).parent
LAGS = (1, 2, 3, 4, 6, 8, 10, 12, 16)


def recurrent_perplexity(cell: str, learnt: Sequence[Ids], apart: Sequence[Ids], steps: int = 250) -> float:
    """Return the perplexity, on every word but the first of each line, of a recurrent network of 48 units."""
    rng = np.random.default_rng(0)
    leaves = initial_leaves(cell, WORDS, HIDDEN, WORDS, rng, m=16)
    weights = {q: w for q, w in leaves.items() if q not in ("a0", "c0")}
    optimiser = Adam(0.01)
    state = optimiser.start(weights)
    for _ in range(steps):
        batch, mask = _padded_batch([learnt[i] for i in rng.integers(len(learnt), size=16)])
        x, y = one_hot(batch[:, :-1], WORDS), one_hot(batch[:, 1:], WORDS)
        _, gradients = cost_and_gradients(cell, {**leaves, **weights, "x": x}, y, mask)
        weights, state = optimiser.step(weights, gradients, state)
    total, n = 0.0, 0.0
    for start in range(0, len(apart), 200):
        batch, mask = _padded_batch(apart[start : start + 200])
        zero: dict[str, Array] = {name: np.zeros((HIDDEN, len(batch))) for name in ("a0", "c0") if name in leaves}
        z = logits(cell, {**weights, **zero, "x": one_hot(batch[:, :-1], WORDS)})
        total += float((step_losses(z, one_hot(batch[:, 1:], WORDS)) * mask).sum())
        n += float(mask.sum())
    return float(np.exp(total / n))


def _padded_batch(lines: Sequence[Ids]) -> tuple[Array, Array]:
    """Lines side by side `(m, T + 1)`, and the mask of their real targets `(m, T)`."""
    batch = np.full((len(lines), max(map(len, lines))), PAD)
    for row, line in zip(batch, lines, strict=True):
        row[: len(line)] = line
    return batch, (batch[:, 1:] != PAD).astype(float)


def echo_accuracy(cell: str, lag: int, *, steps: int = 400, n_a: int = 32, symbols: int = 8, T: int = 30) -> float:
    """Return the accuracy of repeating the symbol read `lag` steps before; chance is 1/symbols."""
    rng = np.random.default_rng(0)
    leaves = initial_leaves(cell, symbols, n_a, symbols, rng, m=32)
    weights = {q: w for q, w in leaves.items() if q not in ("a0", "c0")}
    optimiser = Adam(0.01)
    state = optimiser.start(weights)
    for _ in range(steps):
        x, y, mask = _echo_batch(rng, symbols, T, lag)
        _, gradients = cost_and_gradients(cell, {**leaves, **weights, "x": x}, y, mask)
        weights, state = optimiser.step(weights, gradients, state)
    x, y, mask = _echo_batch(rng, symbols, T, lag)
    right = logits(cell, {**leaves, **weights, "x": x}).argmax(axis=0) == y.argmax(axis=0)
    return float(right[mask > 0].mean())


def _echo_batch(rng: np.random.Generator, symbols: int, T: int, lag: int) -> tuple[Array, Array, Array]:
    ids = rng.integers(symbols, size=(32, T))
    shifted = np.roll(ids, lag, axis=1)
    mask = np.ones(ids.shape)
    mask[:, :lag] = 0
    return one_hot(ids, symbols), one_hot(shifted, symbols), mask


def write_story() -> None:
    """Train the windows, and write their weights in half precision and the perplexity of every model."""
    learnt, apart = context_windows.lines_of(load("demo", languages=()))
    networks = {k: context_windows.train(learnt, k) for k in range(1, 10)}
    arrays = {f"{name}_{k}": np.float16(w) for k, network in networks.items() for name, w in network._asdict().items()}
    np.savez_compressed(context_windows.SHIPPED, **arrays)
    rows = [(f"window of {k}", k, context_windows.perplexity(network, apart, k)) for k, network in networks.items()]
    rows += [(cell.upper(), 0, recurrent_perplexity(cell, learnt, apart)) for cell in ("rnn", "lstm")]
    counted, valid, scored = ([np.int32(line) for line in lines] for lines in (learnt, apart[:300], apart))
    model = best_kneser_ney(counted, valid, WORDS, range(2, 5))
    scores = zip(model.score(scored), apart, strict=True)
    nats = -np.concatenate([score[1 : len(line)] for score, line in scores]).mean()
    rows.append((f"n-gram of order {model.order}", 0, float(np.exp(nats))))
    table = pd.DataFrame(rows, columns=["model", "k", "perplexity"]).round({"perplexity": 2})
    table.to_csv(FOLDER / "story.csv", index=False)


def write_echo() -> None:
    """Write the accuracy of each cell at each lag."""
    rows = [(cell, lag, round(echo_accuracy(cell, lag), 4)) for cell in ("rnn", "gru", "lstm") for lag in LAGS]
    pd.DataFrame(rows, columns=["cell", "lag", "accuracy"]).to_csv(FOLDER / "echo.csv", index=False)


if __name__ == "__main__":
    write_story()
    write_echo()
