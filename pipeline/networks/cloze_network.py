"""A hidden word from both sides: one GRU reads from the left, one from the right, and neither sees the word itself.

    tokens (batch, T) -> embedding -> left GRU, right GRU -> for t = 2 ... T-1 from left(t-1) and right(t+1):
    logits (batch, T-2, V)

So every word of a text is an example, and none has to be blotted out. In training a text sometimes loses one side, so
that the network also answers for each side alone: the other one's states are then 0.
"""

from dataclasses import dataclass

import keras

from pipeline.networks.shared_embedding import LessonSpec, SharedEmbedding

Layers = keras.layers
ONE_SIDE_LOST = 0.2


@dataclass(frozen=True, kw_only=True)
class ClozeSpec(LessonSpec):
    """Whether a second GRU reads from the right."""

    bidirectional: bool


def cloze(spec: ClozeSpec, seed: int = 0) -> keras.Model:
    """A fresh network. Named layers hold weights: embedding, left, right, readout, logits."""
    keras.utils.set_random_seed(seed)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    real = keras.ops.not_equal(tokens, 0)
    embedding = SharedEmbedding(spec)
    drop = Layers.Dropout(spec.dropout)
    x = drop(embedding(tokens))
    seen = Layers.GRU(spec.units, return_sequences=True, name="left")(x, mask=real)[:, :-2]
    if spec.bidirectional:
        backward = Layers.GRU(spec.units, return_sequences=True, go_backwards=True, name="right")(x, mask=real)
        after = keras.ops.flip(backward, axis=1)[:, 2:]
        sides = [Layers.Dropout(ONE_SIDE_LOST, noise_shape=(None, 1, 1))(side) for side in (seen, after)]
        seen = Layers.Concatenate()(sides)
    return keras.Model(tokens, embedding.logits(embedding.read_out(drop(seen))))
