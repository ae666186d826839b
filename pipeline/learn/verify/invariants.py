"""Claims about the architectures, what changes in their gradients; and claims that hold whatever the weights: carried
states, padding, the cost of knowing nothing, known floors.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.bptt import cost, cost_and_gradients, hidden_states, initial_leaves, one_hot
from pipeline.cells.encoder_decoder import (
    attention_backward,
    attention_forward,
    bidirectional_backward,
    bidirectional_forward,
    encoder_decoder_backward,
    encoder_decoder_forward,
)
from pipeline.cells.gradient_checks import complex_step, scaled_error
from pipeline.cells.optimisers import Adam
from pipeline.cells.registry import CELLS, LABELS
from pipeline.cells.replay import Network, NetworkSpec, network_from_weights
from pipeline.cells.self_attention import head_forward, head_step
from pipeline.core.translation import mark
from pipeline.learn.verify.check import Claim, example

ARCHITECTURES_GROUP_NAME = mark("Architectures")
Leaves = Mapping[str, Array]
n_x, n_a, m, Tx, Ty = 4, 5, 2, 6, 4


def architecture_claims() -> Iterator[Claim]:
    for cell in CELLS:
        loss, named = partial(_many_to_one_error, cell), {"cell": LABELS[cell]}
        yield Claim(ARCHITECTURES_GROUP_NAME, "many-to-one {cell}: loss at the last step", 1e-12, loss, values=named)
    yield Claim(ARCHITECTURES_GROUP_NAME, "bidirectional RNN, all weights and x", 1e-12, _bidirectional_error)
    yield Claim(
        ARCHITECTURES_GROUP_NAME,
        "encoder/decoder: all gradients through a_dec⟨0⟩ = a_enc⟨Tx⟩",
        1e-12,
        _encoder_decoder_error,
    )
    for name in ("s", "h", "Ws", "Wh", "be", "v"):
        yield Claim(
            ARCHITECTURES_GROUP_NAME,
            "additive attention ∂J/∂{name}",
            1e-12,
            partial(_attention_gradient_error, name),
            values={"name": name},
        )
    yield Claim(
        ARCHITECTURES_GROUP_NAME, "attention weights sum to 1", 1e-15, lambda: _attention_weights().sum(axis=1) - 1
    )
    yield Claim(
        ARCHITECTURES_GROUP_NAME, "attention weights are exactly 0 on padding", 0, lambda: _attention_weights()[1, 4:]
    )
    yield Claim(ARCHITECTURES_GROUP_NAME, "self-attention looks at nothing that comes later", 0, _future_weights)
    yield Claim(
        ARCHITECTURES_GROUP_NAME, "self-attention, carried keys and values = whole line", 1e-13, _carried_keys_error
    )
    unordered, ordered = partial(_order_effect, 0.0), partial(_order_effect, 1.0)
    yield Claim(
        ARCHITECTURES_GROUP_NAME,
        "self-attention without positions sees a set: order makes no difference",
        1e-14,
        unordered,
    )
    yield Claim(
        ARCHITECTURES_GROUP_NAME,
        "self-attention with positions: order makes a difference",
        1e-2,
        ordered,
        at_least=True,
    )


def _normal_arrays(**shapes: tuple[int, ...]) -> dict[str, Array]:
    rng = np.random.default_rng(3)
    return {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}


def _worst_gradient_error(function: Callable[[Leaves], Array], leaves: Leaves, ours: Leaves) -> float:
    return max(scaled_error(ours[name], complex_step(function, leaves, name)) for name in ours)


def _many_to_one_error(cell: str) -> float:
    e = example(cell)
    last = np.zeros_like(e.mask)
    last[0, -1] = last[1, -3] = 1  # each example ends at its own step
    _, ours = cost_and_gradients(cell, e.leaves, e.y, last)
    gradients = {name: ours[f"d{name}"] for name in e.leaves}
    return _worst_gradient_error(lambda moved: cost(cell, moved, e.y, last), e.leaves, gradients)


def _rnn_shapes(prefix: str, inputs: int) -> dict[str, tuple[int, ...]]:
    return {f"{prefix}Waa": (n_a, n_a), f"{prefix}Wax": (n_a, inputs), f"{prefix}ba": (n_a, 1)}


def _leaves_with_prefix(leaves: Leaves, prefix: str) -> dict[str, Array]:
    return {name.removeprefix(prefix): leaf for name, leaf in leaves.items() if name.startswith(prefix)}


def _bidirectional_error() -> float:
    leaves = _normal_arrays(
        x=(n_x, m, Tx), fa0=(n_a, m), ba0=(n_a, m), **_rnn_shapes("f", n_x), **_rnn_shapes("b", n_x)
    )
    da = np.random.default_rng(4).standard_normal((2 * n_a, m, Tx))

    def forward(moved: Leaves) -> tuple[Array, object]:
        f, b = _leaves_with_prefix(moved, "f"), _leaves_with_prefix(moved, "b")
        return bidirectional_forward(moved["x"], (f["a0"], b["a0"]), f, b)

    dx, f, b = bidirectional_backward(da, forward(leaves)[1])  # type: ignore[arg-type]
    ours = {"x": dx} | {f"f{q[1:]}": g for q, g in f.items()} | {f"b{q[1:]}": g for q, g in b.items()}
    return _worst_gradient_error(lambda moved: (forward(moved)[0] * da).sum(), leaves, ours)


def _encoder_decoder_error() -> float:
    leaves = _normal_arrays(
        ex=(n_x, m, Tx), ea0=(n_a, m), dx=(3, m, Ty), **_rnn_shapes("e", n_x), **_rnn_shapes("d", 3)
    )
    da = np.random.default_rng(4).standard_normal((n_a, m, Ty))

    def forward(moved: Leaves) -> tuple[Array, object]:
        e, d = _leaves_with_prefix(moved, "e"), _leaves_with_prefix(moved, "d")
        return encoder_decoder_forward(e["x"], d["x"], e["a0"], e, d)

    e, d = encoder_decoder_backward(da, forward(leaves)[1])  # type: ignore[arg-type]
    d.pop("da0")  # no leaf: it is the encoder's last state
    ours = {f"e{q[1:]}": g for q, g in e.items()} | {f"d{q[1:]}": g for q, g in d.items()}
    return _worst_gradient_error(lambda moved: (forward(moved)[0] * da).sum(), leaves, ours)


_ATTENTION_SHAPES = {"s": (3, m), "h": (n_x, m, Tx), "Ws": (n_a, 3), "Wh": (n_a, n_x), "be": (n_a, 1), "v": (n_a, 1)}
_MASK = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]], bool)


def _attention_weights() -> Array:
    leaves = _normal_arrays(**_ATTENTION_SHAPES)
    return attention_forward(leaves["s"], leaves["h"], leaves, _MASK)[1]


def _attention_gradient_error(name: str) -> float:
    leaves = _normal_arrays(**_ATTENTION_SHAPES)
    dcontext = np.random.default_rng(4).standard_normal((n_x, m))
    *_, cache = attention_forward(leaves["s"], leaves["h"], leaves, _MASK)

    def inner(moved: Leaves) -> Array:
        return (attention_forward(moved["s"], moved["h"], moved, _MASK)[0] * dcontext).sum()

    return scaled_error(attention_backward(dcontext, cache)[f"d{name}"], complex_step(inner, leaves, name))


def _future_weights() -> Array:
    _, (cache,) = hidden_states("attention", example("attention").leaves)
    return np.triu(cache.alpha, 1)


def _carried_keys_error() -> float:
    leaves = example("attention").leaves
    a, _ = hidden_states("attention", leaves)
    keys = values = np.zeros((*a.shape[:2], 0))
    steps = []
    for t in range(a.shape[2]):
        at, keys, values = head_step(leaves["x"][:, :, t], keys, values, leaves)
        steps.append(at)
    return scaled_error(np.stack(steps, axis=2), a)


def _order_effect(waves: float) -> float:
    """How far the last step moves when those before it change places."""
    leaves = example("attention").leaves
    (a,), _ = head_forward(leaves["x"], leaves, waves=waves)
    (b,), _ = head_forward(leaves["x"][:, :, [2, 0, 3, 1, 4, 5]], leaves, waves=waves)
    return scaled_error(b[:, :, -1], a[:, :, -1])


GROUP = mark("Invariants")
VOCABULARY_SIZE = 9


def claims() -> Iterator[Claim]:
    for cell in CELLS:
        replay, carried, named = partial(_replay_is_the_cell, cell), partial(_carry_state, cell), {"cell": LABELS[cell]}
        yield Claim(GROUP, "{cell} replay = the article's cell", 1e-13, replay, values=named)
        yield Claim(GROUP, "{cell} carried state = whole prefix", 1e-14, carried, values=named)
    yield Claim(
        GROUP, "LSTM: dropping c from the carried state makes a difference", 1e-2, _dropped_cell_state, at_least=True
    )
    yield Claim(GROUP, "an untrained network costs ln n_y per step", 0.2, _untrained_cost)
    yield Claim(GROUP, "padding does not count: J of the padded batch = J of its real steps", 1e-14, _masked_cost)
    for cell in ("rnn", "gru"):
        by_heart, named = partial(_memorised_cost, cell), {"cell": LABELS[cell]}
        yield Claim(GROUP, "{cell} memorises one line: nats per character", 0.05, by_heart, values=named)
    for name, (known, floor) in SERIES_FLOORS.items():
        error = series_floor(known) - floor
        yield Claim(
            GROUP, "time series: floor when {name} is known", 1e-15, partial(float, error), values={"name": name}
        )


def _network(cell: str, units: int = 5, embedding: int = 4) -> tuple[Network, list[Array]]:
    spec = NetworkSpec(
        cell=cell, units=units, layers=1, embedding=embedding, tied=False, vocabulary_size=VOCABULARY_SIZE
    )
    rng = np.random.default_rng(8)
    weights = [rng.normal(0, 0.6, shape) for shape in spec.shapes()]
    return network_from_weights(spec, weights, np.float64), weights


def _tokens(time: int) -> Array:
    return np.random.default_rng(9).integers(VOCABULARY_SIZE, size=(2, time))


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


def _memorised_cost(cell: str) -> float:
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
SERIES_FLOORS = {
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
