"""How much a prediction depends on each symbol read before it (Madsen 2019, "Visualizing memorization in RNNs").

A trained network's layers are differentiated in the article's notation: what comes back to a layer's input is what the
layer below receives on its states.
"""

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.bptt import hidden_states
from pipeline.cells.registry import CELLS
from pipeline.cells.replay import Network


def connectivity(network: Network, tokens: Array, target: int) -> Array:
    """‖∂z_target⟨T⟩/∂x⟨t⟩‖₂ for t = 1…T, `(T,)`: z_target is the last step's logit of `target`, x⟨t⟩ the embedding.

    tokens is int `(T,)`. Relative sizes matter, not the scale: divide by the largest to colour a text.
    """
    x = network.embedding[np.asarray(tokens)].astype(float).T[:, None, :]  # (n_x, 1, T)
    all_caches = []
    for layer in network.layers:
        zero = np.zeros((layer.units, 1))  # (n_a, 1)
        first = dict.fromkeys(CELLS[layer.cell].first_states, zero)
        x, caches = hidden_states(layer.cell, {**layer.parameters(), **first, "x": x})
        all_caches.append(caches)
    dx = np.zeros_like(x)  # (n_a, 1, T): of the last layer's states
    dx[:, 0, -1] = _logit_weights(network, target)
    for layer, caches in zip(reversed(network.layers), reversed(all_caches), strict=True):
        dx = CELLS[layer.cell].backward(dx, caches)["dx"]
    return np.linalg.norm(dx[:, 0], axis=0)


def _logit_weights(network: Network, target: int) -> Array:
    """∂z_target/∂a `(n_a,)`."""
    column = network.output_kernel[:, target].astype(float)
    return column if network.projection is None else network.projection.astype(float) @ column
