"""A hidden word from both sides: one GRU reads from the left, one from the right, and neither sees the word itself.

    tokens (batch, T) -> embedding -> left GRU, right GRU -> for t = 2 ... T-1 from left(t-1) and right(t+1):
    logits (batch, T-2, V)

So every word of a text is an example, and none has to be blotted out. In training a text sometimes loses one side, so
that the network also answers for each side alone: the other one's states are then 0.
"""

from collections.abc import Mapping
from typing import Any

import keras

from pipeline.networks.language_model import OutputBias

Layers = keras.layers
# Smaller, and training sits on a plateau: what goes in and what comes out are both products with it.
EMBEDDING_SCALE = 0.3
ONE_SIDE_LOST = 0.2


def cloze(spec: Mapping[str, Any], seed: int = 0) -> keras.Model:
    """A fresh network for `spec`: vocabulary_size, embedding, units, dropout, `bidirectional`.

    Named layers hold weights: embedding, left, right, readout, logits.
    """
    keras.utils.set_random_seed(seed)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    real = keras.ops.not_equal(tokens, 0)
    embedding = Layers.ReversibleEmbedding(
        spec["vocabulary_size"],
        spec["embedding"],
        embeddings_initializer=keras.initializers.RandomNormal(0.0, EMBEDDING_SCALE),
        name="embedding",
    )
    drop = Layers.Dropout(spec["dropout"])
    x = drop(embedding(tokens))
    seen = Layers.GRU(spec["units"], return_sequences=True, name="left")(x, mask=real)[:, :-2]
    if spec["bidirectional"]:
        backward = Layers.GRU(spec["units"], return_sequences=True, go_backwards=True, name="right")(x, mask=real)
        after = keras.ops.flip(backward, axis=1)[:, 2:]
        sides = [Layers.Dropout(ONE_SIDE_LOST, noise_shape=(None, 1, 1))(side) for side in (seen, after)]
        seen = Layers.Concatenate()(sides)
    readout = Layers.Dense(spec["embedding"], activation="tanh", name="readout")(drop(seen))
    return keras.Model(tokens, OutputBias(name="logits")(embedding(readout, reverse=True)))
