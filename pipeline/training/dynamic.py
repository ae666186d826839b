"""Dynamic evaluation: a network that goes on learning from the text it is scored on (Krause et al. 2018).

Each segment is scored before it is learnt from, so what a token costs still depends on nothing but what came before.
The step is RMSprop's, every song from the trained weights again. TensorFlow is imported here: gradients are needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.cells.activations import Array
from pipeline.cells.replay import NetworkSpec
from pipeline.language.vocabulary import SONG, Ids
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.protocol import SongScores
from pipeline.networks.forward import forward, zero_state
from pipeline.runs.run import Run, check_is_no_ensemble

SEGMENT_TOKENS = 50  # tokens between two steps
RATE = 3e-4
_DECAY, _EPSILON = 0.99, 1e-8  # of the running mean of squared gradients


@dataclass(frozen=True, eq=False, kw_only=True)
class LearningNetwork(NetworkModel):
    """A network that learns from each song that it scores, as far as it has read; it steps and writes as trained."""

    spec: NetworkSpec
    weights: Sequence[Array]
    rate: float = RATE

    @classmethod
    def from_run(cls, run: Run) -> "LearningNetwork":
        """That of a run. Raises RunError."""
        check_is_no_ensemble(run)
        return cls(network=run.network(), controls=len(run.control_token_names), spec=run.spec, weights=run.weights())

    def score_with_confidence(self, songs: Sequence[Ids]) -> list[SongScores]:
        learner = _Learner(self.spec, self.weights, self.rate)
        return [learner.score_and_learn(song) for song in songs]


class _Learner:
    """The trained weights, and those of now."""

    def __init__(self, spec: NetworkSpec, weights: Sequence[Array], rate: float) -> None:
        self.spec, self.trained, self.rate = spec, weights, rate
        self.weights = [tf.Variable(weight) for weight in weights]
        self.squares = [tf.Variable(tf.zeros_like(weight)) for weight in weights]

    def score_and_learn(self, song: Ids) -> SongScores:
        """Score a song and learn from it on the way."""
        for variable, value in zip(self.weights, self.trained, strict=True):
            variable.assign(value)
        for square in self.squares:
            square.assign(tf.zeros_like(square))
        count = len(song) + 1
        tokens = np.full(
            -(-count // SEGMENT_TOKENS) * SEGMENT_TOKENS + 1, SONG, np.int32
        )  # the last segment is filled up
        tokens[1:count] = song
        state = zero_state(self.spec, 1)
        own, top = [], []
        for step, start in enumerate(range(0, count, SEGMENT_TOKENS), 1):
            segment = tokens[None, start : start + SEGMENT_TOKENS + 1]
            real = np.arange(start, start + SEGMENT_TOKENS) < count
            scores, likeliest, state = self._adapt_to_segment(segment, real, state, np.float32(1 - _DECAY**step))
            own.append(scores)
            top.append(likeliest)
        scores, likeliest = (np.concatenate(part)[:count].astype(np.float64) for part in (own, top))
        return scores, likeliest

    @tf.function
    def _adapt_to_segment(self, tokens: Any, real: Any, state: Any, seen: Any) -> Any:
        with tf.GradientTape() as tape:
            logits, state = forward(self.spec, self.weights, tokens[:, :-1], state)
            log_p = tf.nn.log_softmax(logits[:, 0])
            own = tf.gather(log_p, tokens[0, 1:], batch_dims=1)
            loss = -tf.reduce_mean(tf.boolean_mask(own, real))
        for weight, square, gradient in zip(self.weights, self.squares, tape.gradient(loss, self.weights), strict=True):
            gradient = tf.convert_to_tensor(gradient)
            square.assign(_DECAY * square + (1 - _DECAY) * tf.square(gradient))
            weight.assign_sub(self.rate * gradient / (tf.sqrt(square / seen) + _EPSILON))
        return own, tf.exp(tf.reduce_max(log_p, 1)), state
