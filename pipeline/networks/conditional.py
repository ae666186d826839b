"""One-to-many: a label -> a verse. The label's vector stands beside every word that is read.

label (batch,), words (batch, T) -> [embedding of the word; of the label] -> GRU -> logits (batch, T, V)
"""

from dataclasses import dataclass

import keras

from pipeline.networks.shared_embedding import LessonSpec, SharedEmbedding

Layers = keras.layers


@dataclass(frozen=True, kw_only=True)
class ConditionalSpec(LessonSpec):
    """How many labels there are, and how long the vector of each is."""

    labels: int
    label_embedding: int


def conditional(spec: ConditionalSpec, seed: int = 0) -> keras.Model:
    """A fresh network. Named layers hold weights: embedding, label_vector, writer, readout, logits."""
    keras.utils.set_random_seed(seed)
    label = keras.Input((), dtype="int32", name="label")
    words = keras.Input((None,), dtype="int32", name="words")
    embedding = SharedEmbedding(spec)
    drop = Layers.Dropout(spec.dropout)
    x = drop(embedding(words))
    who = Layers.Embedding(spec.labels, spec.label_embedding, name="label_vector")(label)[:, None, :]
    everywhere = keras.ops.zeros_like(x[:, :, :1]) + who  # (batch, T, label_embedding)
    states = Layers.GRU(spec.units, return_sequences=True, name="writer")(Layers.Concatenate()([x, everywhere]))
    # The label speaks to the output as well: which words a voice uses is most of what it is.
    readout = embedding.read_out(Layers.Concatenate()([drop(states), everywhere]))
    return keras.Model([label, words], embedding.logits(drop(readout)))
