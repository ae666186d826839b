"""The language model as Keras knows it: what is saved, loaded and compared with. Knows nothing of text or training.

    tokens (batch, time) -> embedding -> dropout -> [rnn | lstm | gru -> dropout] * layers -> logits (batch, time, V)

`tied` uses the embedding matrix once more as the output matrix (Press & Wolf, 2017), after a projection when the
sizes differ: a word model has most of its weights there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from pipeline.cells.replay import NetworkSpec
from pipeline.networks import scan

Variables = Sequence[Any]


@dataclass(frozen=True)
class TrainedCell:
    """A cell that TensorFlow trains: Keras's layer and the function of `scan` that runs it over a sequence.

    layer      Keras's layer
    scan       (the input's part of the pre-activations, state, keep, *the rest, products) -> hidden, state: `scan`
    recurrent  the place of the recurrent kernel among its variables, if there is one (it is thinned in training)
    """

    layer: Callable[..., keras.layers.Layer]
    scan: Callable[..., Any]
    recurrent: int | None = 1

    def kernel_and_bias(self, variables: Variables) -> tuple[Any, Any, Variables]:
        """Return the layer's input kernel and input bias, and its other variables in a list."""
        kernel, *recurrent, bias = variables
        return (kernel, bias, recurrent) if len(bias.shape) == 1 else (kernel, bias[0], [*recurrent, bias[1]])

    def initialisers(self, seeds: Iterator[int]) -> dict[str, Any]:
        """Return the initialisers of the layer's weights, each with its own seed."""
        kernel = {"kernel_initializer": keras.initializers.GlorotUniform(next(seeds))}
        if self.recurrent is None:
            return kernel
        return {**kernel, "recurrent_initializer": keras.initializers.Orthogonal(seed=next(seeds))}


@keras.saving.register_keras_serializable("seize")
class MinGRU(keras.layers.Layer):
    """A minGRU layer for Keras: kernel (n_x, 2 units), bias (2 units,), blocks z, h. A mask of 0 holds the state."""

    def __init__(
        self, units: int, return_sequences: bool = False, kernel_initializer: Any = "glorot_uniform", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.return_sequences = units, return_sequences
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True

    def build(self, shape: tuple[int | None, ...]) -> None:
        size = (shape[-1], 2 * self.units)
        self.kernel = self.add_weight(shape=size, initializer=self.kernel_initializer, name="kernel")
        self.bias = self.add_weight(shape=(2 * self.units,), initializer="zeros", name="bias")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        z = keras.ops.matmul(inputs, self.kernel) + self.bias  # (batch, time, 2 units)
        update, candidate = keras.ops.sigmoid(z[..., : self.units]), z[..., self.units :]
        if mask is not None:
            update = update * keras.ops.cast(mask, update.dtype)[..., None]

        def compose_steps(first: Any, second: Any) -> tuple[Any, Any]:
            return second[0] * first[0], second[0] * first[1] + second[1]

        _, hidden = keras.ops.associative_scan(compose_steps, (1 - update, update * candidate), axis=1)
        return hidden if self.return_sequences else hidden[:, -1]

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*shape[:-1], self.units) if self.return_sequences else (shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        kernel = keras.initializers.serialize(self.kernel_initializer)
        own = {"units": self.units, "return_sequences": self.return_sequences, "kernel_initializer": kernel}
        return {**super().get_config(), **own}


TRAINED_CELLS: dict[str, TrainedCell] = {
    "rnn": TrainedCell(keras.layers.SimpleRNN, scan.scan_rnn),
    "lstm": TrainedCell(keras.layers.LSTM, scan.scan_lstm),
    "gru": TrainedCell(keras.layers.GRU, scan.scan_gru),
    "mingru": TrainedCell(MinGRU, scan.scan_mingru, recurrent=None),
}


@keras.saving.register_keras_serializable("seize")
class OutputBias(keras.layers.Layer):
    """A layer that adds a trained bias for each token to logits (..., V), which an embedding used as output lacks."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, logits: Any) -> Any:
        return logits + self.bias


def language_model(spec: NetworkSpec, seed: int = 0) -> keras.Model:
    """Return a fresh network.

    The embedding is drawn at N(0, 1), so that the first layer sees its input from the start (an untied network learns
    several times as fast as at 0.1: docs/decisions/training.md), tied at N(0, 0.1), since it also gives logits.

    `get_weights()` lists what `NetworkSpec.weight_shapes` says. Every initial weight follows from `seed`.
    """
    cell, seeds = TRAINED_CELLS[spec.cell], iter(range(seed * 1000, seed * 1000 + 100))
    size, width, rate = spec.vocabulary_size, spec.embedding, spec.dropout
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    vectors = keras.initializers.RandomNormal(0.0, 0.1 if spec.tied else 1.0, next(seeds))
    embedding = keras.layers.ReversibleEmbedding(size, width, embeddings_initializer=vectors, name="embedding")
    x = keras.layers.Dropout(rate, name="dropout")(embedding(tokens))
    for number in range(1, spec.layers + 1):
        layer = cell.layer(spec.units, return_sequences=True, name=f"{spec.cell}_{number}", **cell.initialisers(seeds))
        x = keras.layers.Dropout(rate, name=f"dropout_{number}")(layer(x))
    glorot = keras.initializers.GlorotUniform(next(seeds))
    if not spec.tied:
        return keras.Model(tokens, keras.layers.Dense(size, kernel_initializer=glorot, name="logits")(x))
    if spec.units != width:
        x = keras.layers.Dense(width, use_bias=False, kernel_initializer=glorot, name="projection")(x)
    return keras.Model(tokens, OutputBias(name="logits")(embedding(x, reverse=True)))
