"""The cells as Keras builds and trains them: a new one is a function of `scan` and a line here."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from pipeline.networks import scan

Variables = Sequence[Any]


@dataclass(frozen=True)
class TrainedCell:
    """A cell in TensorFlow.

    layer         Keras's layer
    scan          (the input's part of the pre-activations, state, keep, *the rest, products) -> hidden, state: `scan`
    split         the layer's variables -> kernel, the bias that goes with the input, the rest
    initialisers  seeds -> what the layer draws its weights by
    recurrent     the place of the recurrent kernel among its variables, if there is one (it is thinned in training)
    """

    layer: Callable[..., keras.layers.Layer]
    scan: Callable[..., Any]
    split: Callable[[Variables], tuple[Any, Any, Variables]]
    initialisers: Callable[[Iterator[int]], dict[str, Any]]
    recurrent: int | None = 1


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


def _kernels(seeds: Iterator[int]) -> dict[str, Any]:
    return {
        "kernel_initializer": keras.initializers.GlorotUniform(next(seeds)),
        "recurrent_initializer": keras.initializers.Orthogonal(seed=next(seeds)),
    }


def _one_bias(variables: Variables) -> tuple[Any, Any, Variables]:
    kernel, recurrent, bias = variables
    return kernel, bias, [recurrent]


def _two_biases(variables: Variables) -> tuple[Any, Any, Variables]:
    kernel, recurrent, bias = variables
    return kernel, bias[0], [recurrent, bias[1]]


def _kernel(seeds: Iterator[int]) -> dict[str, Any]:
    return {"kernel_initializer": keras.initializers.GlorotUniform(next(seeds))}


def _no_recurrence(variables: Variables) -> tuple[Any, Any, Variables]:
    kernel, bias = variables
    return kernel, bias, []


TRAINED_CELLS: dict[str, TrainedCell] = {
    "rnn": TrainedCell(keras.layers.SimpleRNN, scan.rnn, _one_bias, _kernels),
    "lstm": TrainedCell(keras.layers.LSTM, scan.lstm, _one_bias, _kernels),
    "gru": TrainedCell(keras.layers.GRU, scan.gru, _two_biases, _kernels),
    "mingru": TrainedCell(MinGRU, scan.mingru, _no_recurrence, _kernel, recurrent=None),
}
