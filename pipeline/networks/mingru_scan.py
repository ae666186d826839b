"""minGRU for Keras and for training: one product for all steps, then an elementwise recurrence.

    h(t) = a(t) h(t-1) + b(t),  a = 1 - σ(z),  b = σ(z) n

Two steps are one of the same kind: (a, b) then (a', b') is (a' a, a' b + b'), so log2(time) passes over the whole
sequence could give every state (Hillis & Steele 1986). On a processor with few cores the steps one after another take a
third of that time, since each state stays in the cache. The way back is the same recurrence read from the end.
`cells.mingru` explains the equations.
"""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from pipeline.networks.scan import loop

Tensor = Any


def linear_recurrence(a: Tensor, b: Tensor) -> Tensor:
    """h(t) = a(t) h(t-1) + b(t) with h(-1) = 0, along the first axis: a, b (time, ...)."""

    def advance(t: Tensor, h: Tensor) -> Any:
        h = a[t] * h + b[t]
        return [h], [h]

    (states,), _ = loop(range(a.shape[0]), advance, [tf.zeros_like(b[0])], 1)
    return states


@tf.custom_gradient
def _states(a: Tensor, b: Tensor) -> Any:
    hidden = linear_recurrence(a, b)

    def gradient(dhidden: Tensor) -> tuple[Tensor, Tensor]:
        following = tf.concat([a[1:], tf.zeros_like(a[:1])], 0)
        db = tf.reverse(linear_recurrence(tf.reverse(following, [0]), tf.reverse(dhidden, [0])), [0])
        return db * tf.concat([tf.zeros_like(hidden[:1]), hidden[:-1]], 0), db

    return hidden, gradient


def scan(
    z: Tensor, state: Sequence[Tensor], keep: Tensor, products: tf.DType = tf.float32
) -> tuple[Tensor, list[Tensor]]:
    """As the functions of `networks.scan`: z (time, batch, 2 units); there is no product to compute in `products`."""
    update, candidate = tf.split(z, 2, 2)
    update = tf.sigmoid(update)
    a, b = (1 - update) * keep, update * candidate
    b = tf.concat([b[:1] + a[:1] * state[0], b[1:]], 0)
    hidden = _states(a, b)
    return hidden, [tf.stop_gradient(hidden[-1])]


@keras.saving.register_keras_serializable("seize")
class MinGRU(keras.layers.Layer):
    """The layer that Keras saves: kernel (n_x, 2 units), bias (2 units,), blocks z, h. A mask holds the state."""

    def __init__(
        self, units: int, return_sequences: bool = False, kernel_initializer: Any = "glorot_uniform", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.return_sequences = units, return_sequences
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.kernel = self.add_weight(
            shape=(shape[-1], 2 * self.units), initializer=self.kernel_initializer, name="kernel"
        )
        self.bias = self.add_weight(shape=(2 * self.units,), initializer="zeros", name="bias")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        z = keras.ops.matmul(inputs, self.kernel) + self.bias  # (batch, time, 2 units)
        update, candidate = keras.ops.sigmoid(z[..., : self.units]), z[..., self.units :]
        if mask is not None:
            update = update * keras.ops.cast(mask, update.dtype)[..., None]

        def two_steps(first: Any, second: Any) -> tuple[Any, Any]:
            return second[0] * first[0], second[0] * first[1] + second[1]

        _, hidden = keras.ops.associative_scan(two_steps, (1 - update, update * candidate), axis=1)
        return hidden if self.return_sequences else hidden[:, -1]

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*shape[:-1], self.units) if self.return_sequences else (shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units, "return_sequences": self.return_sequences}
        return {
            **super().get_config(),
            **own,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
