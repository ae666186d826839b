"""What the rest has to know of a cell: one record, filled in by the cell's own file and listed in `registry`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.layers import RecurrentLayer

Parameters = Mapping[str, Array]
Shapes = list[tuple[int, ...]]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A recurrent cell in both layouts.

    name, label    in configurations, and for people
    states         what is carried from step to step: the hidden state a, and c for an LSTM
    forward        (x, a0, parameters, *the other first states) -> (a, *the others, caches)
    backward       (da, caches) -> gradients, through all steps
    cell_backward  (da, *what flows back into the other states, cache) -> gradients, through one step
    jacobian       cache -> of all states with respect to those of the step before
    draw           (n_x, n_a, generator, scale of the state weights) -> weights as a layer starts them
    count          (n_x, n_a) -> how many numbers those are
    layer          the same in Keras's layout
    from_keras, to_keras  Keras's variables to `Parameters` and back
    keras_shapes   (n_x, units) -> of Keras's variables, in its order
    double_biases  gates of which Keras keeps two biases that only ever add up
    """

    name: str
    label: str
    states: tuple[str, ...] = ("a",)
    forward: Callable[..., Any]
    backward: Callable[..., dict[str, Array]]
    cell_backward: Callable[..., dict[str, Array]]
    jacobian: Callable[[Any], Array]
    draw: Callable[[int, int, np.random.Generator, float], dict[str, Array]]
    count: Callable[[int, int], int]
    layer: type[RecurrentLayer]
    from_keras: Callable[..., dict[str, Array]]
    to_keras: Callable[[Parameters], tuple[Array, ...]]
    keras_shapes: Callable[[int, int], Shapes]
    double_biases: int = 0

    @property
    def first_states(self) -> tuple[str, ...]:
        """The names of the states before the first step: a0, c0."""
        return tuple(f"{state}0" for state in self.states)
