"""One-to-many: a label -> a verse. The label's vector stands beside every word that is read.

label (batch,), words (batch, T) -> [embedding of the word; of the label] -> GRU -> logits (batch, T, V)
"""

from collections.abc import Mapping
from typing import Any

import keras

from pipeline.networks.language_model import OutputBias

Layers = keras.layers
# Smaller, and training sits on a plateau: what goes in and what comes out are both products with it.
EMBEDDING_SCALE = 0.3


def conditional(spec: Mapping[str, Any], seed: int = 0) -> keras.Model:
    """A fresh network for `spec`: vocabulary_size, embedding, units, dropout, labels (how many), label_embedding.

    Named layers hold weights: embedding, label_vector, writer, readout, logits.
    """
    keras.utils.set_random_seed(seed)
    label = keras.Input((), dtype="int32", name="label")
    words = keras.Input((None,), dtype="int32", name="words")
    embedding = Layers.ReversibleEmbedding(
        spec["vocabulary_size"],
        spec["embedding"],
        embeddings_initializer=keras.initializers.RandomNormal(0.0, EMBEDDING_SCALE),
        name="embedding",
    )
    drop = Layers.Dropout(spec["dropout"])
    x = drop(embedding(words))
    who = Layers.Embedding(spec["labels"], spec["label_embedding"], name="label_vector")(label)[:, None, :]
    everywhere = keras.ops.zeros_like(x[:, :, :1]) + who  # (batch, T, label_embedding)
    states = Layers.GRU(spec["units"], return_sequences=True, name="writer")(Layers.Concatenate()([x, everywhere]))
    # The label speaks to the output as well: which words a voice uses is most of what it is.
    readout = Layers.Dense(spec["embedding"], activation="tanh", name="readout")(
        Layers.Concatenate()([drop(states), everywhere])
    )
    return keras.Model([label, words], OutputBias(name="logits")(embedding(drop(readout), reverse=True)))
