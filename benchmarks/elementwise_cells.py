"""Cells whose recurrence is elementwise, as `equal_budget.py` trains them: QRNN, SRU and minLSTM beside the minGRU.

All products are taken before the recurrence, for all steps at once; what is left keeps a share of each number of the
state and adds to it. `register` makes them cells of this process, with what training asks for and no more: none was
better than the LSTM (docs/decisions/training.md), so none can write.

QRNN (Bradbury et al. 2017, "Quasi-Recurrent Neural Networks": window 2, fo-pooling)
    z, f, o = tanh, σ, σ of W x(t) + V x(t-1) + b,   c(t) = f c(t-1) + (1-f) z,   h = o c
SRU (Lei et al. 2018, "Simple Recurrent Units for Highly Parallelizable Recurrence")
    f = σ(Wf x + vf c(t-1) + bf),   c(t) = f c(t-1) + (1-f) W x
    r = σ(Wr x + vr c(t-1) + br),   h = r c + (1-r) S x
minLSTM (Feng et al. 2024, "Were RNNs all we needed?", section 3.2)
    f, i = σ, σ of W x + b,   h(t) = (f h(t-1) + i (Wh x + bh)) / (f + i)

S x is the paper's highway where a layer is wider than its input; where they are as wide the paper has √3 x, and here S
is learnt from there on. Kernels start at a variance of 1 / n_x (as in the SRU paper), forget gates at a bias of 1 (as
in Keras's LSTM), v at 0. What a QRNN reads of the step before, V x(t-1), is part of its state between two windows.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from pipeline.cells.mingru import MINGRU
from pipeline.cells.registry import CELLS
from pipeline.networks import scan
from pipeline.networks.scan import loop
from pipeline.networks.trained_cells import TRAINED_CELLS, TrainedCell

Tensor = Any
Scanned = tuple[Tensor, list[Tensor]]


def qrnn(z: Tensor, state: Sequence[Tensor], keep: Tensor, products: tf.DType = tf.float32) -> Scanned:
    """z (time, batch, 6 units): blocks z, f, o of W x, then of V x. States: c, and V x of the step before."""
    steps, first = range(z.shape[0]), state[0]

    @tf.custom_gradient
    def run(z: Tensor) -> Any:
        def forward(t: Tensor, c: Tensor, of_before: Tensor) -> Any:
            of_x, of_this = tf.split(z[t], 2, 1)
            new, f, o = tf.split(of_x + of_before * keep[t], 3, 1)
            new, f, o = tf.tanh(new), tf.sigmoid(f), tf.sigmoid(o)
            c = new + f * (c * keep[t] - new)
            return [c, of_this], [o * c, c, tf.concat([new, f, o], 1)]

        (hidden, cell, gates), _ = loop(steps, forward, [first, tf.concat(state[1:], 1)], 3)

        def gradient(dhidden: Tensor, dcell_unused: Tensor) -> Tensor:
            before = _before(cell, first, keep)

            def backward(t: Tensor, dc: Tensor) -> Any:
                new, f, o = tf.split(gates[t], 3, 1)
                dc = dc + dhidden[t] * o
                to_forget, to_output = (before[t] - new) * f * (1 - f), cell[t] * o * (1 - o)
                dz = [dc * (1 - f) * (1 - new * new), dc * to_forget, dhidden[t] * to_output]
                return [dc * f * keep[t]], [tf.concat(dz, 1)]

            (dz,), _ = loop(steps[::-1], backward, [tf.zeros_like(first)], 1)
            return tf.concat([dz, tf.concat([dz[1:] * keep[1:], tf.zeros_like(dz[:1])], 0)], 2)

        return (hidden, cell), gradient

    hidden, cell = run(z)
    return hidden, [tf.stop_gradient(part) for part in (cell[-1], *tf.split(z[-1], 6, 1)[3:])]


def sru(z: Tensor, state: Sequence[Tensor], keep: Tensor, v: Tensor, products: tf.DType = tf.float32) -> Scanned:
    """z (time, batch, 4 units): blocks W x, S x, f, r; v (2 units,): vf, vr."""
    steps, first = range(z.shape[0]), state[0]

    @tf.custom_gradient
    def run(z: Tensor, v: Tensor) -> Any:
        v_forget, v_highway = tf.split(v, 2)

        def forward(t: Tensor, c: Tensor) -> Any:
            new, skip, f, r = tf.split(z[t], 4, 1)
            c = c * keep[t]
            f, r = tf.sigmoid(f + v_forget * c), tf.sigmoid(r + v_highway * c)
            c = new + f * (c - new)
            return [c], [skip + r * (c - skip), c, tf.concat([f, r], 1)]

        (hidden, cell, gates), _ = loop(steps, forward, [first], 3)

        def gradient(dhidden: Tensor, dcell_unused: Tensor) -> tuple[Tensor, Tensor]:
            before = _before(cell, first, keep)

            def backward(t: Tensor, dc: Tensor) -> Any:
                (new, skip), (f, r), dh = tf.split(z[t], 4, 1)[:2], tf.split(gates[t], 2, 1), dhidden[t]
                dc, dr = dc + dh * r, dh * (cell[t] - skip) * r * (1 - r)
                df = dc * (before[t] - new) * f * (1 - f)
                dz = tf.concat([dc * (1 - f), dh * (1 - r), df, dr], 1)
                return [(dc * f + df * v_forget + dr * v_highway) * keep[t]], [dz]

            (dz,), _ = loop(steps[::-1], backward, [tf.zeros_like(first)], 1)
            of_gates = dz[:, :, 2 * before.shape[-1] :]
            return dz, tf.reduce_sum(of_gates * tf.tile(before, (1, 1, 2)), (0, 1))

        return (hidden, cell), gradient

    hidden, cell = run(z, v)
    return hidden, [tf.stop_gradient(cell[-1])]


def _before(cell: Tensor, first: Tensor, keep: Tensor) -> Tensor:
    return tf.concat([first[None], cell[:-1]], 0) * keep


def minlstm(z: Tensor, state: Sequence[Tensor], keep: Tensor, products: tf.DType = tf.float32) -> Scanned:
    """z (time, batch, 3 units): blocks f, i, h. What is new is i / (f + i) of the state: σ(log i - log f)."""
    forget, new, candidate = tf.split(z, 3, 2)
    update = tf.math.softplus(-forget) - tf.math.softplus(-new)
    return scan.mingru(tf.concat([update, candidate], 2), state, keep)


class Weights(keras.layers.Layer):
    """The variables of a cell, which training reads; the layer itself computes nothing."""

    def __init__(self, cell: str, units: int, initialisers: dict[str, Any], return_sequences: bool, name: str) -> None:
        super().__init__(name=name)
        self.cell, self.units, self.initialisers = cell, units, initialisers

    def build(self, shape: tuple[int | None, ...]) -> None:
        shapes = CELLS[self.cell].keras_shapes(shape[-1], self.units)
        for (name, initialiser), own in zip(self.initialisers.items(), shapes, strict=True):
            self.add_weight(shape=own, initializer=initialiser, name=name)

    def call(self, inputs: Tensor) -> Tensor:
        raise NotImplementedError

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*shape[:-1], self.units)


def _initialisers(blocks: int, forget: int, skip: int | None, seeds: Iterator[int]) -> dict[str, Any]:
    """What the variables are drawn by: `forget` and `skip` are the places of these blocks."""
    seed = next(seeds)

    def kernel(shape: tuple[int, int], dtype: Any = None) -> Tensor:
        parts = tf.split(keras.initializers.LecunUniform(seed)(shape), blocks, 1)
        if skip is not None and parts[skip].shape[0] == parts[skip].shape[1]:
            parts[skip] = 3**0.5 * tf.eye(shape[0])
        return tf.concat(parts, 1)

    def bias(shape: tuple[int], dtype: Any = None) -> Tensor:
        return tf.repeat(tf.one_hot(forget, blocks), shape[0] // blocks)

    vectors = {"kernel": kernel, "bias": bias}
    return {"initialisers": vectors if skip is None else {**vectors, "v": "zeros"}}


def _add(name: str, label: str, states: tuple[str, ...], blocks: int, scan: Any, forget: int, skip: int | None) -> None:
    def shapes(n_x: int, units: int) -> list[tuple[int, ...]]:
        return [(n_x, blocks * units), (blocks * units,), *([] if skip is None else [(2 * units,)])]

    CELLS[name] = dataclasses.replace(MINGRU, name=name, label=label, states=states, keras_shapes=shapes)
    TRAINED_CELLS[name] = TrainedCell(
        layer=partial(Weights, name),
        scan=scan,
        split=lambda variables: (variables[0], variables[1], variables[2:]),
        initialisers=partial(_initialisers, blocks, forget, skip),
        recurrent=None,
    )


def register() -> None:
    """Make them cells of this process."""
    _add("qrnn", "QRNN", ("c", "z", "f", "o"), 6, qrnn, forget=1, skip=None)
    _add("sru", "SRU", ("c",), 4, sru, forget=2, skip=1)
    _add("minlstm", "minLSTM", ("a",), 3, minlstm, forget=0, skip=None)
