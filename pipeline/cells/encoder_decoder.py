"""What is built of cells, forward and back: bidirectional, encoder and decoder, additive attention.

Bidirectional (Schuster & Paliwal 1997): one chain reads forward, one backward, the output sees both: a
`(2·n_a, m, Tx)`, forward above backward as in Keras's `concat`. Each direction has its own weights; nothing flows
between them but through the output.

Encoder and decoder (Sutskever, Vinyals & Le 2014; Cho et al. 2014): the only door between them is one vector. The
decoder starts where the encoder ended, a_dec⟨0⟩ = a_enc⟨Tx⟩, so all that the decoder's errors say to the encoder is
da_enc⟨Tx⟩ = da_dec⟨0⟩. Both are RNNs; Tx and Ty may differ.

Attention (Bahdanau, Cho & Bengio 2015): which encoder states to look at. Decoder state s `(n_s, m)`, encoder states h
`(n_h, m, Tx)`; Ws `(n_e, n_s)`, Wh `(n_e, n_h)`, be `(n_e, 1)`, v `(n_e, 1)`. Keras's `AdditiveAttention` is
v·tanh(q + k) without Ws, Wh, be: put dense layers before it.
"""

from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, softmax, tanh_derivative
from pipeline.cells.cell import Gradients, Parameters
from pipeline.cells.rnn import RNN, RNNCache


class BidirectionalCaches(NamedTuple):
    """The caches of each direction, in its own order of reading."""

    forward: list[RNNCache]
    backward: list[RNNCache]


def bidirectional_forward(
    x: Array, a0: tuple[Array, Array], forward: Parameters, backward: Parameters
) -> tuple[Array, BidirectionalCaches]:
    """x and the two first states `(n_a, m)` → a `(2·n_a, m, Tx)`: column t has read 1…t and Tx…t."""
    (a_forward,), forward_caches = RNN.forward(x, forward, a0[0])  # (n_a, m, Tx)
    (a_backward,), backward_caches = RNN.forward(x[:, :, ::-1], backward, a0[1])  # (n_a, m, Tx), from the end
    a = np.concatenate([a_forward, a_backward[:, :, ::-1]])  # (2·n_a, m, Tx)
    return a, BidirectionalCaches(forward_caches, backward_caches)


def bidirectional_backward(da: Array, caches: BidirectionalCaches) -> tuple[Array, Gradients, Gradients]:
    """da `(2·n_a, m, Tx)` → dx `(n_x, m, Tx)` and each direction's gradients.

    The upper n_a rows feed the usual recursion, from Tx down; the lower ones the same recursion run from 1 up.
    """
    n_a = len(da) // 2
    forward = RNN.backward(da[:n_a], caches.forward)
    backward = RNN.backward(da[n_a:, :, ::-1], caches.backward)
    dx = forward.pop("dx") + backward.pop("dx")[:, :, ::-1]
    return dx, forward, backward


class EncoderDecoderCaches(NamedTuple):
    encoder: list[RNNCache]
    decoder: list[RNNCache]


def encoder_decoder_forward(
    x: Array, decoder_x: Array, a0: Array, encoder: Parameters, decoder: Parameters
) -> tuple[Array, EncoderDecoderCaches]:
    """x `(n_x, m, Tx)` is read → the decoder's states a `(n_a, m, Ty)`.

    decoder_x `(n_y, m, Ty)` holds the targets, one step late (teacher forcing); a0 `(n_a, m)` is the encoder's.
    """
    (a_encoder,), encoder_caches = RNN.forward(x, encoder, a0)  # (n_a, m, Tx)
    (a_decoder,), decoder_caches = RNN.forward(decoder_x, decoder, a_encoder[:, :, -1])  # (n_a, m, Ty)
    return a_decoder, EncoderDecoderCaches(encoder_caches, decoder_caches)


def encoder_decoder_backward(da: Array, caches: EncoderDecoderCaches) -> tuple[Gradients, Gradients]:
    """da `(n_a, m, Ty)` of the decoder's states → the encoder's gradients and the decoder's."""
    decoder = RNN.backward(da, caches.decoder)
    da_encoder = np.zeros((*decoder["da0"].shape, len(caches.encoder)), da.dtype)  # (n_a, m, Tx)
    da_encoder[:, :, -1] = decoder["da0"]
    return RNN.backward(da_encoder, caches.encoder), decoder


MASKED_SCORE = -1e9  # the score of padding: its weight is then exactly 0


class AttentionCache(NamedTuple):
    """What the way back needs."""

    alpha: Array  # (m, Tx)
    u: Array  # (n_e, m, Tx)
    s: Array  # (n_s, m)
    h: Array  # (n_h, m, Tx)
    parameters: Parameters


def attention_forward(
    s: Array, h: Array, parameters: Parameters, mask: Array | None = None
) -> tuple[Array, Array, AttentionCache]:
    """The context `(n_h, m)` and the weights α `(m, Tx)`: each row sums to 1 and is 0 where mask `(m, Tx)` is 0."""
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
    """From ∂J/∂context `(n_h, m)` to s, h and the four weights."""
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
