"""The cells as Keras builds and trains them: a new one is its own file and a line here (and in `cells.registry`)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from pipeline.networks import mingru_scan, scan

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
    "mingru": TrainedCell(mingru_scan.MinGRU, mingru_scan.scan, _no_recurrence, _kernel, recurrent=None),
}
