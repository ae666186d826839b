"""Encoder and decoder, with and without additive attention (Cho et al. 2014; Bahdanau, Cho & Bengio 2015).

    source (batch, Tx) -> embedding -> GRU h (batch, Tx, units) -> the decoder's first state
    target, one step late (batch, Ty) -> embedding -> GRU s (batch, Ty, units) -> [s; context] -> logits (batch, Ty, V)

Without attention the last encoder state is all that passes. Without a source it is an unconditional language model: the
baseline. The embedding is shared, and used once more as the output matrix.
"""

from dataclasses import dataclass
from typing import Literal

import keras

from pipeline.networks.shared_embedding import LessonSpec, SharedEmbedding

Layers = keras.layers


@dataclass(frozen=True, kw_only=True)
class Seq2SeqSpec(LessonSpec):
    """`door` is what the decoder is given of the source: nothing, one vector, or all states through attention."""

    door: Literal["none", "vector", "attention"]


def seq2seq(spec: Seq2SeqSpec, seed: int = 0) -> keras.Model:
    """A fresh network. Its named layers: embedding, encoder, decoder, query, key, attention, readout, logits."""
    keras.utils.set_random_seed(seed)
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    embedding = SharedEmbedding(spec)
    drop = Layers.Dropout(spec.dropout)
    real = keras.ops.not_equal(source, 0)  # (batch, Tx)
    last = None
    if spec.door != "none":
        encoder = Layers.GRU(spec.units, return_sequences=True, return_state=True, name="encoder")
        hidden, last = encoder(drop(embedding(source)), mask=real)
    decoder = Layers.GRU(spec.units, return_sequences=True, name="decoder")
    states = decoder(drop(embedding(target)), initial_state=last)  # (batch, Ty, units)
    if spec.door == "attention":
        query = Layers.Dense(spec.units, name="query")(states)  # Ws s + be
        key = Layers.Dense(spec.units, use_bias=False, name="key")(hidden)  # Wh h
        look = Layers.AdditiveAttention(name="attention")  # its scale is v
        states = Layers.Concatenate()([states, look([query, hidden, key], mask=[None, real])])
    return keras.Model([source, target], embedding.logits(drop(embedding.read_out(drop(states)))))
