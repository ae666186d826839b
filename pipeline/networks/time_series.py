"""The article's TensorFlow example by hand: an RNN as raw matrix products under a GradientTape, no Keras layer.

    batch_x int (batch, time_steps) -> one-hot (batch, time_steps, num_classes) -> a(t) = tanh([x(t), a(t-1)] W + b)
    -> logits (batch, time_steps, num_classes)

What were placeholders and a session in TensorFlow 1 are a `tf.Module`, a function and eager tensors here.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.cells.activations import Array

Tensor = Any


class OneHotRNN(tf.Module):
    """W (num_classes + state_size, state_size), b (state_size,), V (state_size, num_classes), c (num_classes,)."""

    def __init__(
        self, num_classes: int, state_size: int, generator: np.random.Generator, dtype: Any = tf.float32
    ) -> None:
        super().__init__()
        self.num_classes, self.state_size = num_classes, state_size

        def glorot(rows: int, columns: int) -> Tensor:
            limit = np.sqrt(6 / (rows + columns))
            return tf.Variable(generator.uniform(-limit, limit, (rows, columns)), dtype=dtype)

        self.W, self.b = glorot(num_classes + state_size, state_size), tf.Variable(tf.zeros(state_size, dtype))
        self.V, self.c = glorot(state_size, num_classes), tf.Variable(tf.zeros(num_classes, dtype))

    def forward(self, batch_x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """logits (batch, time_steps, num_classes) and the last state (batch, state_size)."""
        one_hot = tf.one_hot(batch_x, self.num_classes, dtype=self.W.dtype)  # (batch, time_steps, num_classes)
        states = []
        for x in tf.unstack(one_hot, axis=1):  # unrolled: x (batch, num_classes)
            state = tf.tanh(tf.matmul(tf.concat([x, state], 1), self.W) + self.b)
            states.append(state)
        return tf.einsum("bta,an->btn", tf.stack(states, 1), self.V) + self.c, state

    def loss(self, batch_x: Tensor, batch_y: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Mean cross-entropy in nats, and the state after."""
        logits, state = self.forward(batch_x, state)
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(batch_y, logits)), state

    def keras_arrays(self) -> dict[str, list[Array]]:
        """The weights as `cells.layers` reads them: kernel, recurrent kernel, bias; and kernel, bias of the logits."""
        W = self.W.numpy()
        n = self.num_classes
        return {"reader": [W[:n], W[n:], self.b.numpy()], "logits": [self.V.numpy(), self.c.numpy()]}


class AdamStep(tf.Module):
    """Kingma & Ba 2015, written out."""

    def __init__(self, variables: Any, rate: float) -> None:
        super().__init__()
        self.rate, self.t = rate, tf.Variable(0.0)
        self.v = [tf.Variable(tf.zeros_like(w)) for w in variables]
        self.s = [tf.Variable(tf.zeros_like(w)) for w in variables]

    def apply(self, gradients: Any, variables: Any) -> None:
        """w <- w - rate * v / (1 - 0.9^t) / (sqrt(s / (1 - 0.999^t)) + 1e-8)."""
        self.t.assign_add(1.0)
        for g, w, v, s in zip(gradients, variables, self.v, self.s, strict=True):
            v.assign(0.9 * v + 0.1 * g)
            s.assign(0.999 * s + 0.001 * g * g)
            w.assign_sub(self.rate * v / (1 - 0.9**self.t) / (tf.sqrt(s / (1 - 0.999**self.t)) + 1e-8))


class Trainer:
    """One compiled update of backpropagation through the window; the state is carried from window to window."""

    def __init__(self, network: OneHotRNN, rate: float = 0.01) -> None:
        self.network, self.adam = network, AdamStep(network.trainable_variables, rate)

    @tf.function(reduce_retracing=True)
    def step(self, batch_x: Tensor, batch_y: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """The loss before the update, and the state after the window."""
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            loss, state = self.network.loss(batch_x, batch_y, state)
        self.adam.apply(tape.gradient(loss, variables), variables)
        return loss, state

    def zero_state(self, batch: int) -> Tensor:
        return tf.zeros((batch, self.network.state_size))
