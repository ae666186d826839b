"""Additive attention (Bahdanau, Cho & Bengio 2015): which states of an encoder a decoder looks at, forward and back.

Decoder state s `(n_s, m)`, encoder states h `(n_h, m, Tx)`; Ws `(n_e, n_s)`, Wh `(n_e, n_h)`, be `(n_e, 1)`,
v `(n_e, 1)`. Keras's `AdditiveAttention` is v·tanh(q + k) without Ws, Wh, be: put dense layers before it.
"""

from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, softmax, tanh_derivative
from pipeline.cells.cell import Gradients, Parameters

MASKED_SCORE = -1e9  # the score of padding: its weight is then exactly 0


class AttentionCache(NamedTuple):
    """The numbers of a forward pass that the backward pass needs."""

    alpha: Array  # (m, Tx)
    u: Array  # (n_e, m, Tx)
    s: Array  # (n_s, m)
    h: Array  # (n_h, m, Tx)
    parameters: Parameters


def attention_forward(
    s: Array, h: Array, parameters: Parameters, mask: Array | None = None
) -> tuple[Array, Array, AttentionCache]:
    """Return the context `(n_h, m)`, the weights α `(m, Tx)` and the cache; α is 0 where mask `(m, Tx)` is 0."""
    Ws, Wh, be, v = (parameters[name] for name in ("Ws", "Wh", "be", "v"))
    from_decoder = np.matmul(Ws, s) + be  # (n_e, m)
    u = np.tanh(from_decoder[:, :, None] + np.tensordot(Wh, h, axes=1))  # (n_e, m, Tx)
    e = np.einsum("eo,emt->mt", v, u)  # (m, Tx)
    if mask is not None:
        e = np.where(mask, e, MASKED_SCORE)
    alpha = softmax(e, axis=1)  # (m, Tx)
    context = np.einsum("mt,hmt->hm", alpha, h)  # (n_h, m)
    return context, alpha, AttentionCache(alpha, u, s, h, parameters)


def attention_backward(dcontext: Array, cache: AttentionCache) -> Gradients:
    """Return the gradients of s, h and the four weights, from ∂J/∂context `(n_h, m)`."""
    alpha, u, s, h, parameters = cache
    dalpha = np.einsum("hmt,hm->mt", h, dcontext)  # (m, Tx)
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=1, keepdims=True))  # (m, Tx): the softmax's Jacobian
    dp = de * parameters["v"][:, :, None] * tanh_derivative(u)  # (n_e, m, Tx): of tanh's argument
    dp_sum = dp.sum(axis=2)  # (n_e, m): s is used at every t′
    return {
        "ds": np.matmul(parameters["Ws"].T, dp_sum),  # (n_s, m)
        "dh": dcontext[:, :, None] * alpha + np.tensordot(parameters["Wh"].T, dp, axes=1),  # (n_h, m, Tx)
        "dWs": np.matmul(dp_sum, s.T),  # (n_e, n_s)
        "dWh": np.tensordot(dp, h, axes=((1, 2), (1, 2))),  # (n_e, n_h)
        "dbe": dp_sum.sum(axis=1, keepdims=True),  # (n_e, 1)
        "dv": np.einsum("mt,emt->e", de, u)[:, None],  # (n_e, 1)
    }
