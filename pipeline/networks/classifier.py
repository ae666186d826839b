"""Many-to-one: the classes of what was read, after every word.

    words (batch, T) -> embedding x -> GRU h -> the mean so far of [h; x] (batch, T, units + embedding) -> one logits
    (batch, T, classes) a label

The mean keeps what the first words said, where a last state forgets; the embeddings in it are a bag of words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import keras

from pipeline.networks.shared_embedding import LessonSpec

Layers = keras.layers


@dataclass(frozen=True, kw_only=True)
class ClassifierSpec(LessonSpec):
    """`labels` says how many classes each label has."""

    labels: Mapping[str, int]


def classifier(spec: ClassifierSpec, seed: int = 0) -> keras.Model:
    """A fresh network. Named layers hold weights: embedding, reader, and one a label."""
    keras.utils.set_random_seed(seed)
    words = keras.Input((None,), dtype="int32", name="words")
    real = keras.ops.not_equal(words, 0)  # (batch, T)
    embedded = Layers.Embedding(spec.vocabulary_size, spec.embedding, name="embedding")(words)
    embedded = Layers.Dropout(spec.dropout, noise_shape=(None, None, 1))(embedded)  # whole words go missing
    hidden = Layers.GRU(spec.units, return_sequences=True, name="reader")(embedded, mask=real)
    both = Layers.Concatenate()([hidden, embedded]) * keras.ops.cast(real, "float32")[:, :, None]
    count = keras.ops.cumsum(keras.ops.cast(real, "float32"), axis=1)[:, :, None]
    mean = keras.ops.cumsum(both, axis=1) / keras.ops.maximum(count, 1.0)
    mean = Layers.Dropout(spec.dropout)(mean)
    return keras.Model(words, {name: Layers.Dense(size, name=name)(mean) for name, size in spec.labels.items()})
