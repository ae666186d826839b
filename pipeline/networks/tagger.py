"""A tag for each line of a song, knowing the lines before it and, bidirectional, those after it.

words (batch, lines, W) -> embedding -> mean over the words -> GRU from the left [, GRU from the right]
-> logits (batch, lines, tags)
"""

from dataclasses import dataclass

import keras

from pipeline.networks.shared_embedding import LessonSpec

Layers = keras.layers


@dataclass(frozen=True, kw_only=True)
class TaggerSpec(LessonSpec):
    """How many tags there are, and whether a second GRU reads from the right."""

    tags: int
    bidirectional: bool


def tagger(spec: TaggerSpec, seed: int = 0) -> keras.Model:
    """A fresh network. Named layers hold weights: embedding, left, right, tags."""
    keras.utils.set_random_seed(seed)
    words = keras.Input((None, None), dtype="int32", name="words")
    real = keras.ops.cast(keras.ops.not_equal(words, 0), "float32")  # (batch, lines, W)
    count = keras.ops.sum(real, axis=2)  # (batch, lines)
    x = Layers.Embedding(spec.vocabulary_size, spec.embedding, name="embedding")(words)
    line = keras.ops.sum(x * real[..., None], axis=2) / keras.ops.maximum(count, 1.0)[..., None]
    line = Layers.Dropout(spec.dropout)(line)
    written = count > 0
    states = Layers.GRU(spec.units, return_sequences=True, name="left")(line, mask=written)
    if spec.bidirectional:
        right = Layers.GRU(spec.units, return_sequences=True, go_backwards=True, name="right")(line, mask=written)
        states = Layers.Concatenate()([states, keras.ops.flip(right, axis=1)])
    return keras.Model(words, Layers.Dense(spec.tags, name="tags")(Layers.Dropout(spec.dropout)(states)))
