"""Encoder and decoder (Sutskever, Vinyals & Le 2014; Cho et al. 2014): the only door between them is one vector.

The decoder starts where the encoder ended, a_dec⟨0⟩ = a_enc⟨Tx⟩, so all that the decoder's errors say to the encoder is
da_enc⟨Tx⟩ = da_dec⟨0⟩. Both are the RNN of `rnn`; Tx and Ty may differ.
"""

from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.rnn import Gradients, Parameters, RNNCache, rnn_backward, rnn_forward


class EncoderDecoderCaches(NamedTuple):
    encoder: list[RNNCache]
    decoder: list[RNNCache]


def encoder_decoder_forward(
    x: Array, decoder_x: Array, a0: Array, encoder: Parameters, decoder: Parameters
) -> tuple[Array, EncoderDecoderCaches]:
    """x `(n_x, m, Tx)` is read → the decoder's states a `(n_a, m, Ty)`.

    decoder_x `(n_y, m, Ty)` holds the targets, one step late (teacher forcing); a0 `(n_a, m)` is the encoder's.
    """
    a_encoder, encoder_caches = rnn_forward(x, a0, encoder)  # (n_a, m, Tx)
    a_decoder, decoder_caches = rnn_forward(decoder_x, a_encoder[:, :, -1], decoder)  # (n_a, m, Ty)
    return a_decoder, EncoderDecoderCaches(encoder_caches, decoder_caches)


def encoder_decoder_backward(da: Array, caches: EncoderDecoderCaches) -> tuple[Gradients, Gradients]:
    """da `(n_a, m, Ty)` of the decoder's states → the encoder's gradients and the decoder's."""
    decoder = rnn_backward(da, caches.decoder)
    da_encoder = np.zeros((*decoder["da0"].shape, len(caches.encoder)), da.dtype)  # (n_a, m, Tx)
    da_encoder[:, :, -1] = decoder["da0"]
    return rnn_backward(da_encoder, caches.encoder), decoder
