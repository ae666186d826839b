"""From Keras's layout to the article's and back: the same numbers, transposed and renamed.

| article | Keras |
|---|---|
| x `(n_x, m, T)` | inputs `(m, T, n_x)` |
| Waxᵀ, Waaᵀ, ba | kernel, recurrent_kernel, bias of `SimpleRNN` |
| Wq = [Wqa, Wqx], q = i, f, c, o | column blocks of recurrent_kernel and kernel of `LSTM`, in the order i, f, c, o |
| Wz, Wr and Waa, Wax, ba, bx | blocks z, r, h of `GRU`; the two biases of z and of r only ever add up |

Gradients convert the same way: name them without their d.
"""

from collections.abc import Mapping

from pipeline.cells.activations import Array
from pipeline.cells.layers import RecurrentLayer
from pipeline.cells.registry import CELLS


def from_keras(cell: str, *arrays: Array) -> dict[str, Array]:
    """The cell's parameters in the article's notation, in float64 so that they can be checked."""
    return CELLS[cell].from_keras(*arrays)


def to_keras(cell: str, parameters: Mapping[str, Array]) -> tuple[Array, ...]:
    """Keras's variables, in its order: kernel, recurrent_kernel and bias of those that it has."""
    return CELLS[cell].to_keras(parameters)


def layer_from_keras(cell: str, *arrays: Array) -> RecurrentLayer:
    """The layer of a cell's name, from its Keras variables."""
    return CELLS[cell].layer.from_keras(*arrays)
