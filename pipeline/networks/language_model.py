"""The language model as Keras knows it: what is saved, loaded and compared with. Knows nothing of text or training.

    tokens (batch, time) -> embedding -> dropout -> [rnn | lstm | gru -> dropout] * layers -> logits (batch, time, V)

`tied` uses the embedding matrix once more as the output matrix (Press & Wolf, 2017), after a projection when the
sizes differ: a word model has most of its weights there.
"""

from typing import Any

import keras

from pipeline.cells.replay import NetworkSpec
from pipeline.networks.trained_cells import TRAINED_CELLS


@keras.saving.register_keras_serializable("seize")
class OutputBias(keras.layers.Layer):
    """Adds one bias a token to tied logits (..., V)."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, logits: Any) -> Any:
        return logits + self.bias


def language_model(spec: NetworkSpec, seed: int = 0) -> keras.Model:
    """A fresh network.

    A vector an entry is drawn at N(0, 1), which makes the first layer see its input from the start (an untied network
    learns several times as fast as at 0.1: docs/decisions/training.md), tied at N(0, 0.1), since it also gives logits.

    `get_weights()` lists what `NetworkSpec.shapes` says. Every initial weight follows from `seed`.
    """
    cell, seeds = TRAINED_CELLS[spec.cell], iter(range(seed * 1000, seed * 1000 + 100))
    size, width, rate = spec.vocabulary_size, spec.embedding, spec.dropout
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    vectors = keras.initializers.RandomNormal(0.0, 0.1 if spec.tied else 1.0, next(seeds))
    embedding = keras.layers.ReversibleEmbedding(size, width, embeddings_initializer=vectors, name="embedding")
    x = keras.layers.Dropout(rate, name="dropout")(embedding(tokens))
    for number in range(1, spec.layers + 1):
        layer = cell.layer(spec.units, return_sequences=True, name=f"{spec.cell}_{number}", **cell.initialisers(seeds))
        x = keras.layers.Dropout(rate, name=f"dropout_{number}")(layer(x))
    glorot = keras.initializers.GlorotUniform(next(seeds))
    if not spec.tied:
        return keras.Model(tokens, keras.layers.Dense(size, kernel_initializer=glorot, name="logits")(x))
    if spec.units != width:
        x = keras.layers.Dense(width, use_bias=False, kernel_initializer=glorot, name="projection")(x)
    return keras.Model(tokens, OutputBias(name="logits")(embedding(x, reverse=True)))
