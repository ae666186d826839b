"""What the networks of the lessons have in common: the sizes that each has, and an embedding used twice."""

from dataclasses import dataclass
from typing import Any

import keras

from pipeline.networks.language_model import OutputBias

# Smaller, and training sits on a plateau: what goes in and what comes out are both products with it.
EMBEDDING_SCALE = 0.3


@dataclass(frozen=True, kw_only=True)
class LessonSpec:
    """Sizes of the vocabulary, the embedding and the states; the share of numbers that dropout leaves out."""

    vocabulary_size: int
    embedding: int
    units: int
    dropout: float


class SharedEmbedding:
    """An embedding that reads words, and once more as the output matrix gives their logits (Press & Wolf 2017)."""

    def __init__(self, spec: LessonSpec) -> None:
        self.width = spec.embedding
        self.layer = keras.layers.ReversibleEmbedding(
            spec.vocabulary_size,
            spec.embedding,
            embeddings_initializer=keras.initializers.RandomNormal(0.0, EMBEDDING_SCALE),
            name="embedding",
        )

    def __call__(self, words: Any) -> Any:
        """words (batch, T) -> vectors (batch, T, embedding)."""
        return self.layer(words)

    def read_out(self, states: Any) -> Any:
        """states (batch, T, n) -> what is looked for among the words (batch, T, embedding)."""
        return keras.layers.Dense(self.width, activation="tanh", name="readout")(states)

    def logits(self, readout: Any) -> Any:
        """readout (batch, T, embedding) -> logits (batch, T, V)."""
        return OutputBias(name="logits")(self.layer(readout, reverse=True))
