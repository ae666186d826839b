"""Encoder and decoder, with and without additive attention (Cho et al. 2014; Bahdanau, Cho & Bengio 2015).

    source (batch, Tx) -> embedding -> GRU h (batch, Tx, units) -> the decoder's first state
    target, one step late (batch, Ty) -> embedding -> GRU s (batch, Ty, units) -> [s; context] -> logits (batch, Ty, V)

Without attention the last encoder state is all that passes. Without a source it is an unconditional language model: the
baseline. The embedding is shared, and used once more as the output matrix.
"""

from collections.abc import Mapping
from typing import Any

import keras

from pipeline.networks.language_model import OutputBias

Layers = keras.layers
# Smaller, and training sits on a plateau: what goes in and what comes out are both products with it.
EMBEDDING_SCALE = 0.3


def seq2seq(spec: Mapping[str, Any], seed: int = 0) -> keras.Model:
    """A fresh network for `spec`: vocabulary_size, embedding, units, dropout, `door` ("vector", "attention", "none").

    Named layers hold weights: embedding, encoder, decoder, query, key, attention, readout, logits.
    """
    keras.utils.set_random_seed(seed)
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    embedding = Layers.ReversibleEmbedding(
        spec["vocabulary_size"],
        spec["embedding"],
        embeddings_initializer=keras.initializers.RandomNormal(0.0, EMBEDDING_SCALE),
        name="embedding",
    )
    drop = Layers.Dropout(spec["dropout"])
    real = keras.ops.not_equal(source, 0)  # (batch, Tx)
    last = None
    if spec["door"] != "none":
        encoder = Layers.GRU(spec["units"], return_sequences=True, return_state=True, name="encoder")
        hidden, last = encoder(drop(embedding(source)), mask=real)
    decoder = Layers.GRU(spec["units"], return_sequences=True, name="decoder")
    states = decoder(drop(embedding(target)), initial_state=last)  # (batch, Ty, units)
    if spec["door"] == "attention":
        query = Layers.Dense(spec["units"], name="query")(states)  # Ws s + be
        key = Layers.Dense(spec["units"], use_bias=False, name="key")(hidden)  # Wh h
        look = Layers.AdditiveAttention(name="attention")  # its scale is v
        states = Layers.Concatenate()([states, look([query, hidden, key], mask=[None, real])])
    readout = Layers.Dense(spec["embedding"], activation="tanh", name="readout")(drop(states))
    logits = OutputBias(name="logits")(embedding(drop(readout), reverse=True))
    return keras.Model([source, target], logits)
