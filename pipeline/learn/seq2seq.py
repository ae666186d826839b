"""Encoder and decoder, replayed in NumPy: the vector between them, the weights of attention, replies.

Knows tokens, no words. Shapes are Keras's: a batch is rows. Equal to Keras within 5e-6 in float32.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.cells.activations import Array, log_softmax, softmax
from pipeline.cells.attention import MASKED_SCORE
from pipeline.cells.cell import LayerState, RecurrentLayer
from pipeline.core.errors import RunError
from pipeline.language.vocabulary import LINE, PAD, SONG, UNK, Ids
from pipeline.learn.architecture import SavedArchitecture


@dataclass(frozen=True)
class EncoderOutput:
    """The states of an encoder (batch, Tx, units), the last state (batch, units), and a mask: False on padding."""

    hidden: Array
    vector: Array
    real: Array  # bool (batch, Tx)


@dataclass(frozen=True)
class Attention:
    """Additive attention: the weights of `cells.attention`, transposed."""

    Ws: Array
    be: Array
    Wh: Array
    v: Array

    def attention_weights(self, states: Array, encoded: EncoderOutput) -> Array:
        """Return α = softmax(v·tanh(Ws s + be + Wh h)) (batch, Ty, Tx): rows sum to 1 and are exactly 0 on padding."""
        query, key = states @ self.Ws + self.be, encoded.hidden @ self.Wh
        score = np.tanh(query[:, :, None] + key[:, None]) @ self.v
        return softmax(np.where(encoded.real[:, None], score, MASKED_SCORE), axis=2)


@dataclass(frozen=True)
class Seq2Seq:
    """An encoder and a decoder, with attention or without: embedding (V, E), output bias (V,)."""

    embedding: Array
    encoder: RecurrentLayer | None
    decoder: RecurrentLayer
    attention: Attention | None
    readout: list[Array]
    bias: Array

    def encode(self, source: Ids) -> EncoderOutput:
        """Return the encoder's states for a source, int (batch, Tx) with `PAD` on the right."""
        real = source != PAD
        if self.encoder is None:
            vector = np.zeros((len(source), self.decoder.units), np.float32)
            return EncoderOutput(np.zeros((*source.shape, self.decoder.units), np.float32), vector, real)
        projected = self.encoder.project(self.embedding[source.T])  # (Tx, batch, 3·units)
        hidden, (vector,) = self.encoder.run(projected, self.encoder.initial_state(len(source)), real.T)
        return EncoderOutput(hidden.swapaxes(0, 1), vector, real)

    def decode(self, encoded: EncoderOutput, target: Ids) -> tuple[Array, Array | None]:
        """Return logits (batch, Ty, V) and weights (batch, Ty, Tx) or None, for a target (batch, Ty) shifted right."""
        return self._logits_and_weights(self._decoder_states(encoded, target), encoded)

    def attend(self, encoded: EncoderOutput, target: Ids) -> Array:
        """Return the attention weights alone. Raise RunError when the network has no attention."""
        if self.attention is None:
            raise RunError("This network has no attention, so it has no weights to show.")
        return self.attention.attention_weights(self._decoder_states(encoded, target), encoded)

    def _decoder_states(self, encoded: EncoderOutput, target: Ids) -> Array:
        states, _ = self.decoder.run(self.decoder.project(self.embedding[target.T]), (encoded.vector,))
        return states.swapaxes(0, 1)

    def _logits_and_weights(self, states: Array, encoded: EncoderOutput) -> tuple[Array, Array | None]:
        """Return logits and attention weights from decoder states (batch, Ty, units)."""
        weights = None
        if self.attention is not None:
            weights = self.attention.attention_weights(states, encoded)
            states = np.concatenate([states, weights @ encoded.hidden], axis=2)
        kernel, bias = self.readout
        return np.tanh(states @ kernel + bias) @ self.embedding.T + self.bias, weights

    def reply(
        self,
        encoded: EncoderOutput,
        length: int,
        generator: np.random.Generator | None = None,
        temperature: float = 1.0,
    ) -> Ids:
        """Return a reply, int (batch, length): the likeliest token at each step, or a drawn one; `PAD` after
        `<line>`."""
        batch = len(encoded.vector)
        token = np.full(batch, SONG, np.int32)
        state: LayerState = (encoded.vector,)
        out, done = np.full((batch, length), PAD, np.int32), np.zeros(batch, bool)
        for t in range(length):
            state, _ = self.decoder.step(self.decoder.project(self.embedding[token]), state)
            logits = self._logits_and_weights(state[0][:, None], encoded)[0][:, 0]
            logits[:, [PAD, UNK, SONG]] = -np.inf
            if generator is not None:  # the largest of logits / T plus Gumbel noise is a draw from the softmax
                logits = logits / temperature + generator.gumbel(size=logits.shape)
            token = logits.argmax(1).astype(np.int32)
            out[:, t] = np.where(done, PAD, token)
            done |= token == LINE
            if done.all():
                break
        return out


def open_seq2seq(saved: SavedArchitecture, prefix: str) -> Seq2Seq:
    """Return the network whose parts are saved as `prefix`encoder, `prefix`decoder, …"""
    parts = saved.parts
    attention = None
    if f"{prefix}attention" in parts:
        Ws, be = saved[f"{prefix}query"]
        attention = Attention(Ws, be, saved[f"{prefix}key"][0], saved[f"{prefix}attention"][0])
    encoder = saved.layer(f"{prefix}encoder") if f"{prefix}encoder" in parts else None
    return Seq2Seq(
        saved[f"{prefix}embedding"][0],
        encoder,
        saved.layer(f"{prefix}decoder"),
        attention,
        saved[f"{prefix}readout"],
        saved[f"{prefix}logits"][0],
    )


def shift_right(target: Ids) -> Ids:
    """Return the decoder's input: the target one step later, `<song>` first."""
    return np.concatenate([np.full((len(target), 1), SONG, np.int32), target[:, :-1]], axis=1)


def target_log_p(network: Seq2Seq, source: Ids, target: Ids) -> Array:
    """Return log p (natural) of each target token (batch, Ty), 0 on padding."""
    out = np.zeros(target.shape)
    for at in range(0, len(source), 128):
        rows = slice(at, at + 128)
        logits, _ = network.decode(network.encode(source[rows]), shift_right(target[rows]))
        scores = np.take_along_axis(log_softmax(logits, axis=2), target[rows][..., None], 2)[..., 0]
        out[rows] = np.where(target[rows] != PAD, scores, 0)
    return out
