"""Recurrent layers over time with backpropagation through time written out, for training on a processor.

Keras's layers leave the way back to automatic differentiation, which stacks every intermediate of every step and
sums each step's small weight gradient. Here the way back is the equations' own (`pipeline.cells` explains them): only
h, c and the gates are kept, the elementwise factors are computed for all steps at once, and the gradient of the
recurrent kernel is one product over all steps. benchmarks/speed.py training measures what that gives.

Each function takes the input's part of the pre-activations z (time, batch, g*units), the state before the first
step, the recurrent kernel (and, for a GRU, its recurrent bias), and `keep` (time, batch, 1): 0 where a song begins,
which puts the state back to zero, else 1. It returns the hidden states (time, batch, units) and the state after the
last step. No gradient flows into the state: that is the truncation.

`matmul_dtype` is the type that matrix products are computed in, sums and everything else being float32: bfloat16 where
`fast_matmul_dtype` says that the processor has instructions for it (then three times as fast), else float32.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

Tensor = Any


def fast_matmul_dtype(cpuinfo: Path = Path("/proc/cpuinfo")) -> tf.DType:
    """Return bfloat16 on a processor with AMX or AVX-512 BF16 instructions (as Linux lists them), else float32."""
    flags = cpuinfo.read_text().split() if cpuinfo.is_file() else []
    return tf.bfloat16 if {"amx_bf16", "avx512_bf16"} & set(flags) else tf.float32


def matmul_as(a: Tensor, b: Tensor, matmul_dtype: tf.DType, **transposed: bool) -> Tensor:
    """Return the matrix product a b in float32, computed in `matmul_dtype`."""
    return tf.cast(tf.matmul(tf.cast(a, matmul_dtype), tf.cast(b, matmul_dtype), **transposed), tf.float32)


def run_steps(steps: Sequence[int] | range, body: Callable[..., Any], state: Sequence[Tensor], outputs: int) -> Any:
    """Run `body(t, *state) -> (state, outputs)` for t in steps.

    Return the outputs stacked in order of t, and the last state.
    """
    time, first, stride = len(steps), steps[0], (1 if len(steps) < 2 else steps[1] - steps[0])
    arrays = [tf.TensorArray(tf.float32, time) for _ in range(outputs)]

    def advance(n: Tensor, state: Any, arrays: Any) -> Any:
        t = first + stride * n
        state, values = body(t, *state)
        return n + 1, state, [array.write(t, value) for array, value in zip(arrays, values, strict=True)]

    _, state, arrays = tf.while_loop(lambda n, *_: n < time, advance, (0, list(state), arrays))
    return [array.stack() for array in arrays], state


def _previous_states(states: Tensor, first: Tensor, keep: Tensor) -> Tensor:
    """Return the state before each step, (time, batch, units)."""
    return tf.concat([first[None], states[:-1]], 0) * keep


def _weight_gradient(before: Tensor, dz: Tensor, matmul_dtype: tf.DType) -> Tensor:
    """Return the sum over all steps and examples of h(t-1) (outer) dz(t): one product, (units, g*units)."""
    rows = tf.reshape(before, (-1, before.shape[-1]))
    return matmul_as(rows, tf.reshape(dz, (-1, dz.shape[-1])), matmul_dtype, transpose_a=True)


def scan_rnn(
    z: Tensor, state: Sequence[Tensor], keep: Tensor, kernel: Tensor, matmul_dtype: tf.DType = tf.float32
) -> tuple[Tensor, list[Tensor]]:
    """Run a SimpleRNN over time: a(t) = tanh(z(t) + a(t-1) U)."""
    steps = range(z.shape[0])

    @tf.custom_gradient
    def run_with_gradient(z: Tensor, kernel: Tensor) -> Any:
        low = tf.cast(kernel, matmul_dtype)

        def forward(t: Tensor, h: Tensor) -> Any:
            h = tf.tanh(z[t] + matmul_as(h * keep[t], low, matmul_dtype))
            return [h], [h]

        (hidden,), _ = run_steps(steps, forward, [state[0]], 1)

        def gradient(dhidden: Tensor) -> Any:
            factor = 1 - hidden * hidden

            def backward(t: Tensor, dh: Tensor) -> Any:
                dz = (dh + dhidden[t]) * factor[t]
                return [matmul_as(dz, low, matmul_dtype, transpose_b=True) * keep[t]], [dz]

            (dz,), _ = run_steps(steps[::-1], backward, [tf.zeros_like(state[0])], 1)
            return dz, _weight_gradient(_previous_states(hidden, state[0], keep), dz, matmul_dtype)

        return hidden, gradient

    hidden = run_with_gradient(z, kernel)
    return hidden, [tf.stop_gradient(hidden[-1])]


def scan_lstm(
    z: Tensor, state: Sequence[Tensor], keep: Tensor, kernel: Tensor, matmul_dtype: tf.DType = tf.float32
) -> tuple[Tensor, list[Tensor]]:
    """Run an LSTM over time, gates in Keras's order i, f, g, o: c(t) = f c(t-1) + i g; h(t) = o tanh c(t)."""
    steps = range(z.shape[0])

    @tf.custom_gradient
    def run_with_gradient(z: Tensor, kernel: Tensor) -> Any:
        low = tf.cast(kernel, matmul_dtype)

        def forward(t: Tensor, h: Tensor, c: Tensor) -> Any:
            a = z[t] + matmul_as(h * keep[t], low, matmul_dtype)
            i, f, g, o = tf.split(a, 4, 1)
            i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
            c = f * (c * keep[t]) + i * g
            h = o * tf.tanh(c)
            return [h, c], [h, c, tf.concat([i, f, g, o], 1)]

        (hidden, cell, gates), _ = run_steps(steps, forward, state, 3)

        def gradient(dhidden: Tensor, dcell_unused: Tensor) -> Any:
            i, f, g, o = tf.split(gates, 4, 2)
            tanh_c = tf.tanh(cell)
            to_cell, to_output = o * (1 - tanh_c * tanh_c), tanh_c * o * (1 - o)
            before = _previous_states(cell, state[1], keep)
            to_gates = tf.concat([g * i * (1 - i), before * f * (1 - f), i * (1 - g * g)], 2)
            forget = f * keep

            def backward(t: Tensor, dh: Tensor, dc: Tensor) -> Any:
                dh = dh + dhidden[t]
                dc = dc + dh * to_cell[t]
                dz = tf.concat([tf.tile(dc, (1, 3)) * to_gates[t], dh * to_output[t]], 1)
                return [matmul_as(dz, low, matmul_dtype, transpose_b=True) * keep[t], dc * forget[t]], [dz]

            (dz,), _ = run_steps(steps[::-1], backward, [tf.zeros_like(s) for s in state], 1)
            return dz, _weight_gradient(_previous_states(hidden, state[0], keep), dz, matmul_dtype)

        return (hidden, cell), gradient

    hidden, cell = run_with_gradient(z, kernel)
    return hidden, [tf.stop_gradient(hidden[-1]), tf.stop_gradient(cell[-1])]


def scan_gru(
    z: Tensor, state: Sequence[Tensor], keep: Tensor, kernel: Tensor, bias: Tensor, matmul_dtype: tf.DType = tf.float32
) -> tuple[Tensor, list[Tensor]]:
    """Run a GRU (Keras's, with reset_after) over time; gates are in the order z, r, n, and `bias` is recurrent."""
    steps = range(z.shape[0])

    @tf.custom_gradient
    def run_with_gradient(z: Tensor, kernel: Tensor, bias: Tensor) -> Any:
        low = tf.cast(kernel, matmul_dtype)

        def forward(t: Tensor, h: Tensor) -> Any:
            h = h * keep[t]
            inner = matmul_as(h, low, matmul_dtype) + bias
            zu, zr, zn = tf.split(z[t], 3, 1)
            iu, ir, inn = tf.split(inner, 3, 1)
            u, r = tf.sigmoid(zu + iu), tf.sigmoid(zr + ir)
            n = tf.tanh(zn + r * inn)
            h = u * h + (1 - u) * n
            return [h], [h, tf.concat([u, r, n, inn], 1)]

        (hidden, gates), _ = run_steps(steps, forward, state, 2)

        def gradient(dhidden: Tensor) -> Any:
            u, r, n, inner = tf.split(gates, 4, 2)
            before = _previous_states(hidden, state[0], keep)
            to_new = (1 - u) * (1 - n * n)
            to_inner = tf.concat([(before - n) * u * (1 - u), to_new * inner * r * (1 - r), to_new * r], 2)
            update = u * keep

            def backward(t: Tensor, dh: Tensor) -> Any:
                dh = dh + dhidden[t]
                dinner = tf.tile(dh, (1, 3)) * to_inner[t]
                return [dh * update[t] + matmul_as(dinner, low, matmul_dtype, transpose_b=True) * keep[t]], [dinner, dh]

            (dinner, dh), _ = run_steps(steps[::-1], backward, [tf.zeros_like(state[0])], 2)
            dz = tf.concat([dinner[:, :, : 2 * kernel.shape[0]], dh * to_new], 2)
            return dz, _weight_gradient(before, dinner, matmul_dtype), tf.reduce_sum(dinner, (0, 1))

        return hidden, gradient

    hidden = run_with_gradient(z, kernel, bias)
    return hidden, [tf.stop_gradient(hidden[-1])]


def linear_recurrence(a: Tensor, b: Tensor) -> Tensor:
    """Return h(t) = a(t) h(t-1) + b(t) with h(-1) = 0, along the first axis: a, b (time, ...).

    Two steps are one of the same kind: (a, b) then (a', b') is (a' a, a' b + b'), so log2(time) passes over the whole
    sequence could give every state (Hillis & Steele 1986). On a processor with few cores the steps one after another
    take a third of that time, since each state stays in the cache. The way back is the same recurrence read from the
    end.
    """

    def advance(t: Tensor, h: Tensor) -> Any:
        h = a[t] * h + b[t]
        return [h], [h]

    (states,), _ = run_steps(range(a.shape[0]), advance, [tf.zeros_like(b[0])], 1)
    return states


@tf.custom_gradient
def _linear_states(a: Tensor, b: Tensor) -> Any:
    hidden = linear_recurrence(a, b)

    def gradient(dhidden: Tensor) -> tuple[Tensor, Tensor]:
        following = tf.concat([a[1:], tf.zeros_like(a[:1])], 0)
        db = tf.reverse(linear_recurrence(tf.reverse(following, [0]), tf.reverse(dhidden, [0])), [0])
        return db * tf.concat([tf.zeros_like(hidden[:1]), hidden[:-1]], 0), db

    return hidden, gradient


def scan_mingru(
    z: Tensor, state: Sequence[Tensor], keep: Tensor, matmul_dtype: tf.DType = tf.float32
) -> tuple[Tensor, list[Tensor]]:
    """Run a minGRU over time: h(t) = (1 - σ(z)) h(t-1) + σ(z) n, gates z, n in z (time, batch, 2 units).

    It has no product that `matmul_dtype` could concern.
    """
    update, candidate = tf.split(z, 2, 2)
    update = tf.sigmoid(update)
    a, b = (1 - update) * keep, update * candidate
    b = tf.concat([b[:1] + a[:1] * state[0], b[1:]], 0)
    hidden = _linear_states(a, b)
    return hidden, [tf.stop_gradient(hidden[-1])]
