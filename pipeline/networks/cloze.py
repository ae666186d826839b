"""A hidden word from both sides: one GRU reads from the left, one from the right, and neither sees the word itself.

    tokens (batch, T) -> embedding -> left GRU, right GRU -> for t = 2 ... T-1 from left(t-1) and right(t+1):
    logits (batch, T-2, V) of both sides together, and of each alone

So every word of a text is an example, and none has to be blotted out.
"""

from collections.abc import Mapping
from typing import Any

import keras

from pipeline.networks.language_model import OutputBias

Layers = keras.layers


def cloze(spec: Mapping[str, Any], seed: int = 0) -> keras.Model:
    """A fresh network for `spec`: vocabulary_size, embedding, units, dropout, sides ("left", or "left", "right", "both").

    Named layers hold weights: embedding, left, right, and out_<side>, bias_<side> for each of the sides.
    """
    keras.utils.set_random_seed(seed)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    real = keras.ops.not_equal(tokens, 0)
    embedding = Layers.ReversibleEmbedding(spec["vocabulary_size"], spec["embedding"], name="embedding")
    drop = Layers.Dropout(spec["dropout"])
    x = drop(embedding(tokens))
    seen = {"left": Layers.GRU(spec["units"], return_sequences=True, name="left")(x, mask=real)[:, :-2]}
    if "right" in spec["sides"]:
        backward = Layers.GRU(spec["units"], return_sequences=True, go_backwards=True, name="right")(x, mask=real)
        seen["right"] = keras.ops.flip(backward, axis=1)[:, 2:]
        seen["both"] = Layers.Concatenate()([seen["left"], seen["right"]])
    outputs = {}
    for side in spec["sides"]:
        readout = Layers.Dense(spec["embedding"], activation="tanh", name=f"out_{side}")(drop(seen[side]))
        outputs[side] = OutputBias(name=f"bias_{side}")(embedding(readout, reverse=True))
    return keras.Model(tokens, outputs)
