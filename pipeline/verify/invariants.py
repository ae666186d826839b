"""Claims that hold whatever the weights: carried states, padding, the cost of knowing nothing, known floors."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.bptt import cost, cost_and_gradients, hidden_states, initial_leaves, one_hot
from pipeline.cells.network import Network, NetworkSpec, network_from_weights
from pipeline.cells.optimisers import Adam
from pipeline.cells.registry import CELLS, LABELS
from pipeline.core.translation import mark
from pipeline.verify.check import Claim
from pipeline.verify.examples import example

GROUP = mark("Invariants")
V = 9


def claims() -> Iterator[Claim]:
    for cell in CELLS:
        replay, carried, named = partial(_replay_is_the_cell, cell), partial(_carry_state, cell), {"cell": LABELS[cell]}
        yield Claim(GROUP, "{cell} replay = the article's cell", 1e-13, replay, values=named)
        yield Claim(GROUP, "{cell} carried state = whole prefix", 1e-14, carried, values=named)
    yield Claim(GROUP, "LSTM: dropping c from the carried state shows", 1e-2, _dropped_cell_state, at_least=True)
    yield Claim(GROUP, "an untrained network costs ln n_y a step", 0.2, _untrained_cost)
    yield Claim(GROUP, "padding does not count: J of the padded batch = J of its real steps", 1e-14, _masked_cost)
    for cell in ("rnn", "gru"):
        by_heart, named = partial(_by_heart, cell), {"cell": LABELS[cell]}
        yield Claim(GROUP, "{cell} learns one line by heart: nats a character", 0.05, by_heart, values=named)
    for name, (known, floor) in FLOORS.items():
        error = partial(_floor_error, known, floor)
        yield Claim(GROUP, "time series: floor when {name} is known", 1e-15, error, values={"name": name})


def _network(cell: str, units: int = 5, embedding: int = 4) -> tuple[Network, list[Array]]:
    spec = NetworkSpec(cell=cell, units=units, layers=1, embedding=embedding, tied=False, vocabulary_size=V)
    rng = np.random.default_rng(8)
    weights = [rng.normal(0, 0.6, shape) for shape in spec.shapes()]
    return network_from_weights(spec, weights, np.float64), weights


def _tokens(time: int) -> Array:
    return np.random.default_rng(9).integers(V, size=(2, time))


def _replay_is_the_cell(cell: str) -> Array:
    """The two styles, one in Keras's layout and one in the article's, on the same weights and tokens."""
    network, (embedding, *cell_weights, _, _) = _network(cell)
    tokens = _tokens(7)
    zeros = np.zeros((5, 2))
    leaves = {**CELLS[cell].from_keras(*cell_weights), "a0": zeros, "c0": zeros}
    leaves["x"] = embedding[tokens].transpose(2, 0, 1)  # (n_x, m, Tx)
    a, _ = hidden_states(cell, leaves)
    return network.trace(tokens).layers[0]["hidden"].transpose(2, 0, 1) - a


def _carry_state(cell: str) -> Array:
    network, _ = _network(cell)
    tokens = _tokens(12)
    _, state = network.run(tokens[:, :5])
    return network.run(tokens[:, 5:], state)[0] - network.run(tokens)[0][:, 5:]


def _dropped_cell_state() -> Array:
    network, _ = _network("lstm")
    tokens = _tokens(12)
    _, ((h, c),) = network.run(tokens[:, :5])
    return network.run(tokens[:, 5:], ((h, 0 * c),))[0] - network.run(tokens)[0][:, 5:]


def _untrained_cost() -> float:
    """Relative to ln n_y, n_y = 50, over 20 steps; the weights as a layer starts them."""
    rng = np.random.default_rng(10)
    n, m, T = 50, 4, 20
    ids = rng.integers(n, size=(m, T))
    leaves = {**initial_leaves("lstm", n, 16, n, rng, m=m), "x": one_hot(ids, n)}
    J = cost("lstm", leaves, one_hot(rng.permutation(ids.ravel()).reshape(m, T), n))
    return float(J) / T / np.log(n) - 1


def _masked_cost() -> float:
    """The example ends its second sequence two steps early: its J is that of both sequences at their own length."""
    e = example("lstm")
    batched = ("x", "a0", "c0")
    lengths = e.mask.sum(axis=1).astype(int)
    alone = 0.0
    for i, length in enumerate(lengths):
        leaves = {q: w[:, i : i + 1] if q in batched else w for q, w in e.leaves.items()}
        leaves["x"] = leaves["x"][:, :, :length]
        alone += float(cost("lstm", leaves, e.y[:, i : i + 1, :length]))
    return float(cost("lstm", e.leaves, e.y, e.mask)) - alone / len(lengths)


def _by_heart(cell: str) -> float:
    """Adam, 100 steps, 16 units: what is left of ln 12 = 2.5 nats."""
    text = "j'reviens du seize"
    letters = sorted(set(text))
    ids, n = np.array([[letters.index(letter) for letter in text]]), len(letters)
    leaves = initial_leaves(cell, n, 16, n, np.random.default_rng(0))
    x, y = one_hot(ids[:, :-1], n), one_hot(ids[:, 1:], n)
    weights = {name: leaf for name, leaf in leaves.items() if name != "a0"}
    optimiser = Adam(learning_rate=0.03)
    state = optimiser.start(weights)
    for _ in range(100):
        _, gradients = cost_and_gradients(cell, {**leaves, **weights, "x": x}, y)
        weights, state = optimiser.step(weights, gradients, state)
    return float(cost(cell, {**leaves, **weights, "x": x}, y)) / y.shape[2]


# The two-dependency series: x is a fair coin; P(y⟨t⟩ = 1) = ½ + ½·x⟨t−3⟩ − ¼·x⟨t−8⟩. The least mean nats a step, by
# what is known of the past; published as .66, .52 and .45 (R2RT, "Recurrent neural networks in TensorFlow", 2016).
FLOORS = {
    mark("nothing"): ((), 0.6615632381579821),
    "x⟨t−3⟩": ((3,), 0.5191666997072094),
    "x⟨t−8⟩": ((8,), 0.6277411625893767),
    mark("both"): ((3, 8), 0.45445436744939044),
}


def series_floor(known: tuple[int, ...]) -> float:
    """The entropy of y given the known lags, averaged over the four equally likely pasts."""
    p = np.array([[0.5 + 0.5 * x3 - 0.25 * x8 for x8 in (0, 1)] for x3 in (0, 1)])  # [x⟨t−3⟩, x⟨t−8⟩]
    unknown = tuple(axis for axis, lag in enumerate((3, 8)) if lag not in known)
    p = p.mean(axis=unknown)
    outcomes = np.stack([p, 1 - p])
    surprise = -np.log(np.where(outcomes > 0, outcomes, 1))  # 0·log 0 is 0
    return float((outcomes * surprise).sum(axis=0).mean())


def _floor_error(known: tuple[int, ...], floor: float) -> float:
    return series_floor(known) - floor
