"""The bidirectional RNN (Schuster & Paliwal 1997): one chain reads forward, one backward, the output sees both.

Shapes: x `(n_x, m, Tx)`, both states together a `(2·n_a, m, Tx)`, forward above backward as in Keras's `concat`.
Each direction has its own weights; nothing flows between them but through the output.
"""

from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.rnn import Gradients, Parameters, RNNCache, rnn_backward, rnn_forward


class BidirectionalCaches(NamedTuple):
    """The caches of each direction, in its own order of reading."""

    forward: list[RNNCache]
    backward: list[RNNCache]


def bidirectional_forward(
    x: Array, a0: tuple[Array, Array], forward: Parameters, backward: Parameters
) -> tuple[Array, BidirectionalCaches]:
    """x and the two first states `(n_a, m)` → a `(2·n_a, m, Tx)`: column t has read 1…t and Tx…t."""
    a_forward, forward_caches = rnn_forward(x, a0[0], forward)  # (n_a, m, Tx)
    a_backward, backward_caches = rnn_forward(x[:, :, ::-1], a0[1], backward)  # (n_a, m, Tx), from the end
    a = np.concatenate([a_forward, a_backward[:, :, ::-1]])  # (2·n_a, m, Tx)
    return a, BidirectionalCaches(forward_caches, backward_caches)


def bidirectional_backward(da: Array, caches: BidirectionalCaches) -> tuple[Array, Gradients, Gradients]:
    """da `(2·n_a, m, Tx)` → dx `(n_x, m, Tx)` and each direction's gradients.

    The upper n_a rows feed the usual recursion, from Tx down; the lower ones the same recursion run from 1 up.
    """
    n_a = len(da) // 2
    forward = rnn_backward(da[:n_a], caches.forward)
    backward = rnn_backward(da[n_a:, :, ::-1], caches.backward)
    dx = forward.pop("dx") + backward.pop("dx")[:, :, ::-1]
    return dx, forward, backward
