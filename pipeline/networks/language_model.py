"""The language model as Keras knows it: what is saved, loaded and compared with. Knows nothing of text or training.

    tokens (batch, time) -> embedding -> dropout -> [rnn | lstm | gru -> dropout] * layers -> logits (batch, time, V)

`tied` uses the embedding matrix once more as the output matrix (Press & Wolf, 2017), after a projection when the
sizes differ: a word model has most of its weights there.
"""

from collections.abc import Mapping
from typing import Any

import keras

CELLS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


@keras.saving.register_keras_serializable("seize")
class OutputBias(keras.layers.Layer):
    """Adds one bias a token to tied logits (..., V)."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, logits: Any) -> Any:
        return logits + self.bias


def language_model(spec: Mapping[str, Any], seed: int = 0) -> keras.Model:
    """A fresh network for `spec`: cell, units, layers, embedding, tied, vocabulary_size, dropout.

    A vector an entry is drawn at N(0, 1), which makes the first layer see its input from the start (an untied network
    learns several times as fast as at 0.1: docs/decisions/training.md), tied at N(0, 0.1), since it also gives logits.

    `get_weights()` lists: embedding; for each layer kernel, recurrent kernel, bias; then kernel and bias of the
    logits or, tied, the projection (if units differ from embedding) and the bias. Every initial weight follows
    from `seed`.
    """
    seeds = iter(range(seed * 1000, seed * 1000 + 100))
    size, width, rate = spec["vocabulary_size"], spec["embedding"], spec.get("dropout", 0.0)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    vectors = keras.initializers.RandomNormal(0.0, 0.1 if spec["tied"] else 1.0, next(seeds))
    embedding = keras.layers.ReversibleEmbedding(size, width, embeddings_initializer=vectors, name="embedding")
    x = keras.layers.Dropout(rate, name="dropout")(embedding(tokens))
    for number in range(1, spec["layers"] + 1):
        layer = CELLS[spec["cell"]](
            spec["units"],
            return_sequences=True,
            kernel_initializer=keras.initializers.GlorotUniform(next(seeds)),
            recurrent_initializer=keras.initializers.Orthogonal(seed=next(seeds)),
            name=f"{spec['cell']}_{number}",
        )
        x = keras.layers.Dropout(rate, name=f"dropout_{number}")(layer(x))
    glorot = keras.initializers.GlorotUniform(next(seeds))
    if not spec["tied"]:
        return keras.Model(tokens, keras.layers.Dense(size, kernel_initializer=glorot, name="logits")(x))
    if spec["units"] != width:
        x = keras.layers.Dense(width, use_bias=False, kernel_initializer=glorot, name="projection")(x)
    return keras.Model(tokens, OutputBias(name="logits")(embedding(x, reverse=True)))
