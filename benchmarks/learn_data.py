"""What the Learn pages show of networks that train for minutes: the tables and weights of dashboard/lessons.

    python benchmarks/learn_data.py                    about half an hour on one core
    python benchmarks/learn_data.py brackets           one of story, echo, brackets, quotes, lengths

Story: guess the next of 400 words from windows of 1 to 9 words, with an RNN, an LSTM and an n-gram; perplexity on songs
kept apart, 250 steps of Adam at 0.01 for each network. Echo: how far back an RNN, a GRU and an LSTM of 32 units learn
to look; accuracy by lag on 8 symbols, 30 steps, batches of 32, 400 steps of Adam at 0.01, one random seed.

Brackets: close what was opened 2 to 28 letters before; batches of 32, 2,000 steps of Adam at 0.01, cut at a global norm
of 5, three random seeds; the n-gram counts as many examples. 400 tests a length, of songs kept apart. Quotes: at the
same budget networks of about 10,000 numbers each say after each of 28 letters whether one is inside a quotation, tested
to 56. Lengths: processor milliseconds of reading T letters, and of one letter after them.
"""

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.lessons import brackets, context_windows
from dashboard.lessons.context_windows import HIDDEN, WORDS, WindowNetwork, forward, window_examples
from pipeline.cells.activations import Array, tanh_derivative
from pipeline.cells.bptt import cost_and_gradients, glorot, hidden_states, initial_weights_and_states, logits, one_hot
from pipeline.cells.optimisers import Adam, clip_by_global_norm
from pipeline.cells.output_layer import (
    cross_entropy,
    cross_entropy_backward,
    dense_backward,
    step_losses,
)
from pipeline.cells.registry import CELLS
from pipeline.cells.self_attention import head_step
from pipeline.corpus.prepare import open_corpus
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import PAD, Ids
from pipeline.language_models.kneser_ney import KneserNey, best_kneser_ney

FOLDER = Path(context_windows.__file__).parent
LAGS = (1, 2, 3, 4, 6, 8, 10, 12, 16)
WIDTH, BATCH = 16, 128


def recurrent_perplexity(cell: str, learnt: Sequence[Ids], apart: Sequence[Ids], steps: int = 250) -> float:
    """Return the perplexity, on every word but the first of each line, of a recurrent network of 48 units."""
    rng = np.random.default_rng(0)
    leaves = initial_weights_and_states(cell, WORDS, HIDDEN, WORDS, rng, m=16)
    weights = {q: w for q, w in leaves.items() if q not in ("a0", "c0")}
    optimiser = Adam(0.01)
    state = optimiser.initial_state(weights)
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
    leaves = initial_weights_and_states(cell, symbols, n_a, symbols, rng, m=32)
    weights = {q: w for q, w in leaves.items() if q not in ("a0", "c0")}
    optimiser = Adam(0.01)
    state = optimiser.initial_state(weights)
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


def train_window(lines: Sequence[Ids], k: int, steps: int = 250, words: int = WORDS) -> WindowNetwork:
    """Return the network of k words: Adam on random batches of padded windows, from a fixed seed."""
    rng = np.random.default_rng(0)
    x, y = padded_examples(lines, k)
    weights: dict[str, Array] = {
        "embedding": rng.normal(0, 0.1, (words, WIDTH)),
        "W1": glorot(HIDDEN, k * WIDTH, rng),
        "b1": np.zeros((HIDDEN, 1)),
        "W2": glorot(words, HIDDEN, rng),
        "b2": np.zeros((words, 1)),
    }
    optimiser = Adam(0.01)
    state = optimiser.initial_state(weights)
    for _ in range(steps):
        chosen = rng.integers(len(x), size=BATCH)
        weights, state = optimiser.step(weights, window_gradients(weights, x[chosen], y[chosen]), state)
    return WindowNetwork(**weights)


def window_perplexity(network: WindowNetwork, lines: Sequence[Ids], k: int) -> float:
    """Return the perplexity on every word but the first of each line."""
    x, y = padded_examples(lines, k)
    _, _, z = forward(network._asdict(), x)
    return float(np.exp(step_losses(z, one_hot(y[:, None], len(network.b2))).mean()))


def padded_examples(lines: Sequence[Ids], k: int) -> tuple[Array, Array]:
    """Return the examples for every word but the first of each line, `<pad>` where the window begins before it."""
    wide = [np.concatenate([np.full(k - 1, PAD), line]) for line in lines]
    return window_examples(wide, k)


def window_gradients(weights: dict[str, Array], x: Array, y: Array) -> dict[str, Array]:
    rows, hidden, z = forward(weights, x)
    out = dense_backward(cross_entropy_backward(z, one_hot(y[:, None], len(weights["b2"]))), hidden, weights["W2"])
    inner = dense_backward(out.da * tanh_derivative(hidden), rows, weights["W1"])
    d = np.zeros_like(weights["embedding"])
    np.add.at(d, x, inner.da[:, :, 0].T.reshape(*x.shape, WIDTH))
    return {"dembedding": d, "dW1": inner.dW, "db1": inner.db, "dW2": out.dW, "db2": out.db}


def window_loss(weights: dict[str, Array], x: Array, y: Array) -> Array:
    """Return J, for gradient checks."""
    return cross_entropy(forward(weights, x)[2], one_hot(y[:, None], len(weights["b2"])))


def write_story() -> None:
    """Train the windows, and write their weights in half precision and the perplexity of every model."""
    learnt, apart = context_windows.split_corpus_lines(open_corpus("demo"))
    networks = {k: train_window(learnt, k) for k in range(1, 10)}
    arrays = {f"{q}_{k}": w.astype(np.float16) for k, network in networks.items() for q, w in network._asdict().items()}
    np.savez_compressed(context_windows.SHIPPED_WEIGHTS_PATH, **arrays)
    rows = [(f"window of {k}", k, window_perplexity(network, apart, k)) for k, network in networks.items()]
    rows += [(cell.upper(), 0, recurrent_perplexity(cell, learnt, apart)) for cell in ("rnn", "lstm")]
    counted, valid, scored = ([line.astype(np.int32) for line in lines] for lines in (learnt, apart[:300], apart))
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


SHORTEST = 2  # letters between brackets, at least
SIGN, OUTSIDE, INSIDE = (brackets.ALPHABET.index(symbol) for symbol in "')]")
EQUAL = ("LSTM, gates open", "minGRU", "self-attention")  # of 10,020 to 10,116 numbers each


def bracket_lines(corpus: Corpus) -> tuple[list[str], list[str]]:
    """Return lines long enough to learn from, and those of every fifth song, which are kept apart."""
    texts, songs = map(brackets.normalise_letters, corpus.texts), corpus.lines["song"].to_numpy()
    long = [
        (text, song % 5 > 0)
        for text, song in zip(texts, songs, strict=True)
        if len(text) >= brackets.MAX_LETTERS_BETWEEN
    ]
    return [text for text, learnt in long if learnt], [text for text, learnt in long if not learnt]


def draw_bracketed(rng: np.random.Generator, lines: Sequence[str], lengths: Sequence[int]) -> tuple[Array, Array]:
    """Draw a bracket around so many letters of a random line each: ids `(m, T + 1)`, mask of real targets `(m, T)`."""
    ids, mask = np.zeros((len(lengths), max(lengths) + 2), int), np.zeros((len(lengths), max(lengths) + 1))
    for row, length in enumerate(lengths):
        line = lines[int(rng.integers(len(lines)))]
        start, kind = int(rng.integers(len(line) - length + 1)), int(rng.integers(len(brackets.OPEN)))
        ids[row, : length + 2] = brackets.encode_letters(
            brackets.OPEN[kind] + line[start : start + length] + brackets.CLOSE[kind]
        )
        mask[row, : length + 1] = 1
    return ids, mask


def draw_quotations(rng: np.random.Generator, lines: Sequence[str], m: int, T: int) -> tuple[Array, Array]:
    """Draw letters of m lines, a sign in place of one in four: ids `(m, T)`, and after each whether one is inside,
    as the id of the symbol to predict, `(m, T)`."""
    rows = [lines[int(i)].replace("'", " ") for i in rng.integers(len(lines), size=m)]
    ids = np.stack([brackets.encode_letters((row * (T // len(row) + 1))[:T]) for row in rows])
    ids[rng.random(ids.shape) < 0.25] = SIGN
    return ids, np.where((ids == SIGN).cumsum(axis=1) % 2, INSIDE, OUTSIDE)


def is_closed_right(y_hat: Array, ids: Array) -> Array:
    """Return whether the likeliest of the four closing brackets after the last letter is the right one, bool `(m,)`.

    y_hat `(V, m, T)` after texts whose first symbol is the bracket that opened.
    """
    first = brackets.ALPHABET.index(brackets.CLOSE[0])
    return y_hat[first : first + len(brackets.CLOSE), :, -1].argmax(axis=0) == ids[:, 0] - brackets.ALPHABET.index(
        brackets.OPEN[0]
    )


Drawer = Callable[[np.random.Generator], tuple[Array, Array, Array]]  # x ids, y ids, mask of a batch: each (m, T)


def draw_brackets(lines: Sequence[str], rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Draw a batch of letters between brackets, each to be foretold."""
    lengths = rng.integers(SHORTEST, brackets.MAX_LETTERS_BETWEEN + 1, 32).tolist()
    ids, mask = draw_bracketed(rng, lines, lengths)
    return ids[:, :-1], ids[:, 1:], mask


def draw_quotes(lines: Sequence[str], rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Draw a batch of letters and signs, after each of which is to be told whether one is inside."""
    ids, inside = draw_quotations(rng, lines, 32, brackets.MAX_LETTERS_BETWEEN)
    return ids, inside, np.ones(ids.shape)


def train(name: str, draw: Drawer, seed: int, steps: int = 2000) -> dict[str, Array]:
    """Return the weights of a network that learnt what is drawn."""
    (cell, n_a, bias), rng, size = brackets.NETWORKS[name], np.random.default_rng(seed), len(brackets.ALPHABET)
    leaves = initial_weights_and_states(cell, size, n_a, size, rng, m=32, forget_bias=bias)
    weights = {q: w for q, w in leaves.items() if q not in ("a0", "c0")}
    optimiser = Adam(0.01)
    state = optimiser.initial_state(weights)
    for _ in range(steps):
        x, y, mask = draw(rng)
        at = {**leaves, **weights, "x": one_hot(x, size)}
        _, gradients = cost_and_gradients(cell, at, one_hot(y, size), mask)
        own = clip_by_global_norm({f"d{q}": gradients[f"d{q}"] for q in weights}, 5.0)
        weights, state = optimiser.step(weights, own, state)
    return weights


def count_brackets(lines: Sequence[str], seed: int, examples: int = 64_000) -> tuple[str, KneserNey]:
    """Return the best n-gram of as many examples as the networks learn from, under its name."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(SHORTEST, brackets.MAX_LETTERS_BETWEEN + 1, examples).tolist()
    ids, mask = draw_bracketed(rng, lines, lengths)
    texts = _as_songs(ids, mask.sum(axis=1).astype(int) + 1)
    model = best_kneser_ney(texts[2000:], texts[:2000], len(brackets.ALPHABET) + SPECIALS, range(3, 8))
    return f"n-gram of order {model.order}", model


SPECIALS, TESTS, LENGTHS = 4, 400, (2, 4, 8, 12, 16, 20, 24, 28)


def _as_songs(ids: Array, lengths: Array) -> list[Ids]:
    return [(row[:length] + SPECIALS).astype(np.int32) for row, length in zip(ids, lengths, strict=True)]


def ngram_scores(model: KneserNey, ids: Array) -> tuple[float, float]:
    """Return how often the right bracket is the likeliest of the four, and the mean nats of the letters before it."""
    first, kinds = brackets.ALPHABET.index(brackets.CLOSE[0]), range(len(brackets.CLOSE))
    scores = []
    for kind in kinds:
        closed = ids.copy()
        closed[:, -1] = first + kind
        scores.append(np.array([song[:-1] for song in model.score(_as_songs(closed, np.full(len(ids), ids.shape[1])))]))
    right = np.argmax([score[:, -1] for score in scores], axis=0) == ids[:, -1] - first
    return float(right.mean()), -float(scores[0][:, 1:-1].mean())


def network_scores(name: str, weights: dict[str, Array], ids: Array) -> tuple[float, float]:
    """Return the same of a network."""
    y_hat = brackets.predict(name, weights, ids[:, :-1])
    given = np.take_along_axis(y_hat, ids[None, :, 1:], 0)[0]  # (m, T)
    return float(is_closed_right(y_hat, ids).mean()), -float(np.log(given[:, :-1]).mean())


def write_brackets() -> None:
    """Write how often each model closes right and what the letters cost it, and the networks of the first seed."""
    learnt, apart = bracket_lines(open_corpus("demo"))
    rows = []
    arrays: dict[str, Array] = {}
    for seed in range(3):
        tests = [draw_bracketed(np.random.default_rng(100 + seed), apart, [n] * TESTS)[0] for n in LENGTHS]
        name, counted = count_brackets(learnt, seed)
        scores = {name: [ngram_scores(counted, ids) for ids in tests]}
        for network in brackets.NETWORKS:
            weights = train(network, partial(draw_brackets, learnt), seed)
            scores[network] = [network_scores(network, weights, ids) for ids in tests]
            if seed == 0:
                arrays |= {f"{network}/{q}": w.astype(np.float16) for q, w in weights.items()}
            print(seed, network, scores[network], flush=True)
        rows += [
            (model, seed, length, TESTS, round(right, 4), round(nats, 4))
            for model, pairs in scores.items()
            for length, (right, nats) in zip(LENGTHS, pairs, strict=True)
        ]
    np.savez_compressed(brackets.SHIPPED, allow_pickle=False, **arrays)
    table = pd.DataFrame(rows, columns=["model", "seed", "length", "n", "closed_right", "nats_inside"])
    table.to_csv(brackets.SCORES, index=False)


def write_quotes() -> None:
    """Write how often each network knows, after so many letters, whether it is inside a quotation."""
    learnt, apart = bracket_lines(open_corpus("demo"))
    rows = []
    for seed in range(3):
        x, y = draw_quotations(np.random.default_rng(100 + seed), apart, TESTS, 2 * brackets.MAX_LETTERS_BETWEEN)
        for network in EQUAL:
            y_hat = brackets.predict(network, train(network, partial(draw_quotes, learnt), seed), x)
            inside = y_hat[INSIDE] > y_hat[OUTSIDE]
            right = (inside == (y == INSIDE)).mean(axis=0)
            rows += [(network, seed, n, TESTS, round(float(right[n - 1]), 4)) for n in (20, 28, 40, 56)]
            print(rows[-4:], flush=True)
    table = pd.DataFrame(rows, columns=["model", "seed", "letters", "n", "right"])
    table.to_csv(brackets.QUOTE_SCORES_PATH, index=False)


def write_lengths() -> None:
    """Write processor seconds of reading a line of T letters at once, and of the letter after it: 64 units, the best
    of several."""
    rng, size, n_a = np.random.default_rng(0), len(brackets.ALPHABET), 64
    rows = []
    for cell in ("rnn", "lstm", "mingru", "attention"):
        leaves = initial_weights_and_states(cell, size, n_a, size, rng)
        for T in (16, 32, 64, 128, 256, 512, 1024, 2048):
            at = {**leaves, "x": one_hot(rng.integers(size, size=(1, T)), size)}
            last = at["x"][:, :, -1]
            if cell == "attention":
                keys, values = rng.normal(size=(2, n_a, 1, T))
                step = partial(head_step, last, keys, values, leaves)
            else:
                states = [leaves[name] for name in CELLS[cell].initial_state_names]
                step = partial(CELLS[cell].cell_forward, last, *states, leaves)
            read, wrote = (best_seconds(task) for task in (partial(hidden_states, cell, at), step))
            rows.append((cell, T, round(1e3 * read, 4), round(1e3 * wrote, 5)))
    pd.DataFrame(rows, columns=["cell", "T", "read", "write"]).to_csv(FOLDER / "lengths.csv", index=False)


def best_seconds(task: Callable[[], object], least: float = 0.2) -> float:
    """Return the processor seconds of one call: the best of five rounds of at least so long."""
    calls = 1
    while True:
        start = time.process_time()
        for _ in range(calls):
            task()
        took = time.process_time() - start
        if took >= least / 5:
            break
        calls *= 2
    rounds = [took]
    for _ in range(4):
        start = time.process_time()
        for _ in range(calls):
            task()
        rounds.append(time.process_time() - start)
    return min(rounds) / calls


if __name__ == "__main__":
    writers = {
        "story": write_story, "echo": write_echo, "brackets": write_brackets, "quotes": write_quotes,
        "lengths": write_lengths,
    }  # fmt: skip
    for chosen in sys.argv[1:] or writers:
        writers[chosen]()
