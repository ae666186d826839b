"""Claims about the architectures: what changes in the gradient."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.architectures import (
    attention_backward,
    attention_forward,
    bidirectional_backward,
    bidirectional_forward,
    encoder_decoder_backward,
    encoder_decoder_forward,
)
from pipeline.cells.bptt import cost, cost_and_gradients
from pipeline.cells.gradient_checks import complex_step, scaled_error
from pipeline.cells.registry import CELLS, LABELS
from pipeline.core.translation import mark
from pipeline.verify.check import Claim
from pipeline.verify.examples import example

GROUP = mark("Architectures")
Leaves = Mapping[str, Array]
n_x, n_a, m, Tx, Ty = 4, 5, 2, 6, 4


def claims() -> Iterator[Claim]:
    for cell in CELLS:
        loss, named = partial(_many_to_one, cell), {"cell": LABELS[cell]}
        yield Claim(GROUP, "many-to-one {cell}: loss at the last step", 1e-12, loss, values=named)
    yield Claim(GROUP, "bidirectional RNN, all weights and x", 1e-12, _bidirectional)
    yield Claim(GROUP, "encoder/decoder: all gradients through a_dec⟨0⟩ = a_enc⟨Tx⟩", 1e-12, _encoder_decoder)
    for name in ("s", "h", "Ws", "Wh", "be", "v"):
        yield Claim(GROUP, "additive attention ∂J/∂{name}", 1e-12, partial(_attention, name), values={"name": name})
    yield Claim(GROUP, "attention weights sum to 1", 1e-15, lambda: _alpha().sum(axis=1) - 1)
    yield Claim(GROUP, "attention weights are exactly 0 on padding", 0, lambda: _alpha()[1, 4:])


def _normal(**shapes: tuple[int, ...]) -> dict[str, Array]:
    rng = np.random.default_rng(3)
    return {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}


def _worst(function: Callable[[Leaves], Array], leaves: Leaves, ours: Leaves) -> float:
    return max(scaled_error(ours[name], complex_step(function, leaves, name)) for name in ours)


def _many_to_one(cell: str) -> float:
    e = example(cell)
    last = np.zeros_like(e.mask)
    last[0, -1] = last[1, -3] = 1  # each example ends at its own step
    _, ours = cost_and_gradients(cell, e.leaves, e.y, last)
    gradients = {name: ours[f"d{name}"] for name in e.leaves}
    return _worst(lambda moved: cost(cell, moved, e.y, last), e.leaves, gradients)


def _rnn_shapes(prefix: str, inputs: int) -> dict[str, tuple[int, ...]]:
    return {f"{prefix}Waa": (n_a, n_a), f"{prefix}Wax": (n_a, inputs), f"{prefix}ba": (n_a, 1)}


def _part(leaves: Leaves, prefix: str) -> dict[str, Array]:
    return {name.removeprefix(prefix): leaf for name, leaf in leaves.items() if name.startswith(prefix)}


def _bidirectional() -> float:
    leaves = _normal(x=(n_x, m, Tx), fa0=(n_a, m), ba0=(n_a, m), **_rnn_shapes("f", n_x), **_rnn_shapes("b", n_x))
    da = np.random.default_rng(4).standard_normal((2 * n_a, m, Tx))

    def forward(moved: Leaves) -> tuple[Array, object]:
        f, b = _part(moved, "f"), _part(moved, "b")
        return bidirectional_forward(moved["x"], (f["a0"], b["a0"]), f, b)

    dx, f, b = bidirectional_backward(da, forward(leaves)[1])  # type: ignore[arg-type]
    ours = {"x": dx} | {f"f{q[1:]}": g for q, g in f.items()} | {f"b{q[1:]}": g for q, g in b.items()}
    return _worst(lambda moved: (forward(moved)[0] * da).sum(), leaves, ours)


def _encoder_decoder() -> float:
    leaves = _normal(ex=(n_x, m, Tx), ea0=(n_a, m), dx=(3, m, Ty), **_rnn_shapes("e", n_x), **_rnn_shapes("d", 3))
    da = np.random.default_rng(4).standard_normal((n_a, m, Ty))

    def forward(moved: Leaves) -> tuple[Array, object]:
        e, d = _part(moved, "e"), _part(moved, "d")
        return encoder_decoder_forward(e["x"], d["x"], e["a0"], e, d)

    e, d = encoder_decoder_backward(da, forward(leaves)[1])  # type: ignore[arg-type]
    d.pop("da0")  # no leaf: it is the encoder's last state
    ours = {f"e{q[1:]}": g for q, g in e.items()} | {f"d{q[1:]}": g for q, g in d.items()}
    return _worst(lambda moved: (forward(moved)[0] * da).sum(), leaves, ours)


_ATTENTION = {"s": (3, m), "h": (n_x, m, Tx), "Ws": (n_a, 3), "Wh": (n_a, n_x), "be": (n_a, 1), "v": (n_a, 1)}
_MASK = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]], bool)


def _alpha() -> Array:
    leaves = _normal(**_ATTENTION)
    return attention_forward(leaves["s"], leaves["h"], leaves, _MASK)[1]


def _attention(name: str) -> float:
    leaves = _normal(**_ATTENTION)
    dcontext = np.random.default_rng(4).standard_normal((n_x, m))
    *_, cache = attention_forward(leaves["s"], leaves["h"], leaves, _MASK)

    def inner(moved: Leaves) -> Array:
        return (attention_forward(moved["s"], moved["h"], moved, _MASK)[0] * dcontext).sum()

    return scaled_error(attention_backward(dcontext, cache)[f"d{name}"], complex_step(inner, leaves, name))
