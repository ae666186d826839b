"""A line as one-hot input and target, and a small character network that reads it.

The network reads every character of the line and guesses the next one; after the last it should guess the end of the
line. Its alphabet is that of the line, so that every number fits on a page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, softmax
from pipeline.cells.bptt import cost, cost_and_gradients, hidden_states, initial_weights_and_states, logits, one_hot
from pipeline.cells.optimisers import Adam, Optimiser, clip_by_global_norm, global_norm
from pipeline.cells.output_layer import dense_forward
from pipeline.cells.registry import LABELS
from pipeline.language_models.subword_units import CAPITAL, CAPITALS

END = "⏎"
SHORTEST, LONGEST = 3, 60  # characters of a line under study: exact Jacobians stay instant
CELL_LABELS = {cell: LABELS[cell] for cell in ("rnn", "lstm", "gru")}  # those that the pages teach
Leaves = dict[str, Array]


def clean_line(text: str) -> str:
    """Return one line without control characters, with single spaces, cut to `LONGEST` characters.

    >>> clean_line("  la\\true\\nest ")
    'la rue est'
    """
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:LONGEST]


@dataclass(frozen=True)
class EncodedLine:
    """A line of text that ends with `END`; `alphabet` holds its characters sorted, and ids are places in it."""

    text: str
    alphabet: tuple[str, ...]

    @property
    def ids(self) -> Array:
        """The ids of the characters and of `END`, int `(T + 1,)`."""
        places = {symbol: place for place, symbol in enumerate(self.alphabet)}
        return np.array([places[c] for c in (*self.text, END)])

    @property
    def inputs(self) -> Array:
        """The character at each step, one-hot `(n_x, 1, T)`."""
        return one_hot(self.ids[None, :-1], len(self.alphabet))

    @property
    def targets(self) -> Array:
        """The next character at each step, one-hot `(n_y, 1, T)`."""
        return one_hot(self.ids[None, 1:], len(self.alphabet))


def encode_line(text: str) -> EncodedLine:
    """Return a line from `clean_line` with its alphabet, which gives each character its id."""
    return EncodedLine(text, tuple(sorted({*text, END})))


def visible_symbol(symbol: str) -> str:
    """Return a symbol as it can be read: a space as ␣, a special token by its sign, a capital to come as ⇧."""
    return {" ": "␣", "<line>": END, "<song>": "¶", "<unk>": "?", "<pad>": "∅", CAPITAL: "⇧", CAPITALS: "⇪"}.get(
        symbol, symbol
    )


class NetworkSetting(NamedTuple):
    """A small network of `n_a` units, trained on the line itself for `trained` steps of Adam (0: untrained).

    `scale` multiplies its state weights and `forget_bias` moves that of an LSTM from 1, both after the training: so a
    slider that turns them trains nothing again.
    """

    cell: str = "rnn"
    n_a: int = 32
    scale: float = 1.0
    forget_bias: float = 1.0
    trained: int = 0
    seed: int = 0


def network_arrays(text: str, setting: NetworkSetting) -> Leaves:
    """Return the weights, first states and one-hot input, read-only, of a network that reads `text`: {"Waa": …}."""
    leaves = _trained_arrays(text, setting._replace(scale=1.0, forget_bias=1.0))
    return scale_state_weights(leaves, setting.scale, setting.forget_bias)


@lru_cache(maxsize=64)  # pages ask for the same network at every move of a slider that shows another step of it
def _trained_arrays(text: str, setting: NetworkSetting) -> Leaves:
    line = encode_line(text)
    n = len(line.alphabet)
    start = initial_weights_and_states(setting.cell, n, setting.n_a, n, np.random.default_rng(setting.seed))
    course = train_by_descent(setting.cell, {**start, "x": line.inputs}, line.targets, Adam(0.02), setting.trained)
    leaves = course.leaves[-1]
    for leaf in leaves.values():
        leaf.flags.writeable = False
    return leaves


def scale_state_weights(leaves: Leaves, scale: float, forget_bias: float) -> Leaves:
    """Return the same network with its state weights multiplied by `scale`. `forget_bias` − 1 is added to the bias of
    Γf or Γz."""
    n_a, moved = leaves["Wya"].shape[1], dict(leaves)
    if scale != 1:
        for name in leaves:
            if name.startswith("W") and name not in ("Wax", "Wya"):
                moved[name] = np.hstack([scale * leaves[name][:, :n_a], leaves[name][:, n_a:]])
    for gate in {"bf", "bz"} & set(leaves) if forget_bias != 1 else ():
        moved[gate] = leaves[gate] + (forget_bias - 1)
    return moved


class Descent(NamedTuple):
    """The record of a training on one line: all arrays and the mean loss in nats, before each step and after the last.

    Numbers that overflow stay infinite or not a number.
    """

    leaves: list[Leaves]
    loss: Array

    @property
    def update_norms(self) -> Array:
        """How far each step moves the weights, ‖Δw‖, `(steps,)`."""
        pairs = pairwise(map(weights_of, self.leaves))
        with np.errstate(all="ignore"):
            return np.array([global_norm([after[q] - before[q] for q in after]) for before, after in pairs])


def weights_of(leaves: Leaves) -> Leaves:
    """Return the arrays that training changes: all but x and the first states."""
    return {name: leaf for name, leaf in leaves.items() if name not in ("a0", "c0", "x")}


def train_by_descent(
    cell: str, start: Leaves, y: Array, optimiser: Optimiser, steps: int, *, limit: float | None = None,
    gradients_of: Callable[..., tuple[float, Leaves]] = cost_and_gradients,
) -> Descent:  # fmt: skip
    """Train a lesson's network on targets `y` for so many steps; `limit` clips the global norm of each gradient."""
    weights, losses = weights_of(start), []
    course, state = [start], optimiser.initial_state(weights)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            J, gradients = gradients_of(cell, course[-1], y)
            losses.append(J)
            gradients = {f"d{q}": gradients[f"d{q}"] for q in weights}
            if limit is not None:
                gradients = clip_by_global_norm(gradients, limit)
            weights, state = optimiser.step(weights, gradients, state)
            course.append({**start, **weights})
        losses.append(float(cost(cell, course[-1], y)))
    return Descent(course, np.array(losses) / y.shape[2])


class NetworkOutput(NamedTuple):
    """What a network computes for each of T characters: states a `(n_a, T)`, ŷ `(n_y, T)`, surprisal `(T,)` in nats."""

    a: Array
    y_hat: Array
    surprisal: Array


def run_network(text: str, setting: NetworkSetting) -> NetworkOutput:
    """Return the states, predictions and surprisal of the network of these settings as it reads `text`."""
    line, leaves = encode_line(text), network_arrays(text, setting)
    a, _ = hidden_states(setting.cell, leaves)
    y_hat = softmax(dense_forward(a, leaves["Wya"], leaves["by"]))[:, 0]  # (n_y, T)
    surprisal = -np.log(y_hat[line.ids[1:], np.arange(len(text))])
    return NetworkOutput(a[:, 0], y_hat, surprisal)


def likeliest(y_hat: Array, symbols: Sequence[str], count: int = 5) -> tuple[list[list[str]], Array]:
    """Return the likeliest symbols of each step, best first, and their probabilities `(T, count)`; ŷ is `(T, V)`."""
    order = np.argsort(-y_hat, axis=1, kind="stable")[:, :count]
    return [[visible_symbol(symbols[i]) for i in row] for row in order.tolist()], np.take_along_axis(y_hat, order, 1)


def pre_activations(text: str, setting: NetworkSetting) -> dict[str, Array]:
    """Return z of every gate of an LSTM, or of the state of an RNN, at every step, flat: the arguments of σ and tanh."""
    leaves = network_arrays(text, setting)
    _, caches = hidden_states(setting.cell, leaves)
    if setting.cell == "rnn":
        return {"a": np.concatenate([np.arctanh(c.a.clip(-1 + 1e-15, 1 - 1e-15)).ravel() for c in caches])}
    gates = {"Γi": "i", "Γf": "f", "c̃": "c", "Γo": "o"}
    stacked = [np.concatenate([c.a_prev, c.xt]) for c in caches]
    return {
        name: np.concatenate([(leaves[f"W{q}"] @ both + leaves[f"b{q}"]).ravel() for both in stacked])
        for name, q in gates.items()
    }


def last_logits(text: str, setting: NetworkSetting) -> Array:
    """Return the logits z `(n_y, T)` of a network on the line."""
    return logits(setting.cell, network_arrays(text, setting))[:, 0]
