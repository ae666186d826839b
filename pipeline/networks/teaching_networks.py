"""The networks of the teaching architectures in Keras: classes, hidden words, verses, replies.

All read tokens with one embedding; named layers hold the weights that `pipeline.learn` replays.

    classifier   words (batch, T) -> embedding x -> GRU h -> the mean so far of [h; x] -> one logits (batch, T, classes)
                 a label: what many-to-one believes after every word. The mean keeps what the first words said, where a
                 last state forgets; the embeddings in it are a bag of words
    cloze        tokens (batch, T) -> embedding -> left GRU, right GRU -> for t = 2 ... T-1 from left(t-1) and
                 right(t+1): logits (batch, T-2, V). So every word of a text is an example, and none has to be blotted
                 out. In training a text sometimes loses one side, so that the network also answers for each side alone:
                 the other one's states are then 0
    conditional  label (batch,), words (batch, T) -> [embedding of the word; of the label] -> GRU -> logits
                 (batch, T, V)
    seq2seq      source (batch, Tx) -> embedding -> GRU h (batch, Tx, units) -> the decoder's first state; target, one
                 step late (batch, Ty) -> embedding -> GRU s -> [s; context] -> logits (batch, Ty, V), with and without
                 additive attention (Cho et al. 2014; Bahdanau, Cho & Bengio 2015). Without attention the last encoder
                 state is all that passes; without a source it is an unconditional language model: the baseline
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf

from pipeline.cells.activations import Array
from pipeline.networks.language_model import OutputBias

Layers = keras.layers
# Smaller, and training sits on a plateau: what goes in and what comes out are both products with it.
EMBEDDING_SCALE = 0.3


@dataclass(frozen=True, kw_only=True)
class TeachingNetworkSpec:
    """Sizes of the vocabulary, embedding and states, and the dropout rate."""

    vocabulary_size: int
    embedding: int
    units: int
    dropout: float


class SharedEmbedding:
    """An embedding of words whose matrix is also the output weights for their logits (Press & Wolf 2017)."""

    def __init__(self, spec: TeachingNetworkSpec) -> None:
        self.width = spec.embedding
        self.layer = keras.layers.ReversibleEmbedding(
            spec.vocabulary_size,
            spec.embedding,
            embeddings_initializer=keras.initializers.RandomNormal(0.0, EMBEDDING_SCALE),
            name="embedding",
        )

    def __call__(self, words: Any) -> Any:
        """Return vectors (batch, T, embedding) of words (batch, T)."""
        return self.layer(words)

    def project_to_embedding(self, states: Any) -> Any:
        """Return vectors (batch, T, embedding) from states (batch, T, n), as wide as those of words."""
        return keras.layers.Dense(self.width, activation="tanh", name="readout")(states)

    def logits(self, readout: Any) -> Any:
        """Return logits (batch, T, V) from vectors (batch, T, embedding)."""
        return OutputBias(name="logits")(self.layer(readout, reverse=True))


@dataclass(frozen=True, kw_only=True)
class ClassifierSpec(TeachingNetworkSpec):
    """The sizes of a classifier; `labels` maps each label to its number of classes."""

    labels: Mapping[str, int]


def classifier(spec: ClassifierSpec) -> keras.Model:
    """Return a fresh classifier. Its named layers hold weights: embedding, reader, and one for each label."""
    keras.utils.set_random_seed(1)
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


SIDE_DROPOUT = 0.2


@dataclass(frozen=True, kw_only=True)
class ClozeSpec(TeachingNetworkSpec):
    """The sizes of a network that fills a gap, and whether a second GRU reads from the right."""

    bidirectional: bool


def cloze(spec: ClozeSpec) -> keras.Model:
    """Return a fresh network that fills a gap. Its named layers: embedding, left, right, readout, logits."""
    keras.utils.set_random_seed(1)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    real = keras.ops.not_equal(tokens, 0)
    embedding = SharedEmbedding(spec)
    drop = Layers.Dropout(spec.dropout)
    x = drop(embedding(tokens))
    seen = Layers.GRU(spec.units, return_sequences=True, name="left")(x, mask=real)[:, :-2]
    if spec.bidirectional:
        backward = Layers.GRU(spec.units, return_sequences=True, go_backwards=True, name="right")(x, mask=real)
        after = keras.ops.flip(backward, axis=1)[:, 2:]
        sides = [Layers.Dropout(SIDE_DROPOUT, noise_shape=(None, 1, 1))(side) for side in (seen, after)]
        seen = Layers.Concatenate()(sides)
    return keras.Model(tokens, embedding.logits(embedding.project_to_embedding(drop(seen))))


@dataclass(frozen=True, kw_only=True)
class ConditionalSpec(TeachingNetworkSpec):
    """The sizes of a network conditioned on a label: how many labels, and the length of the vector of each."""

    labels: int
    label_embedding: int


def label_conditioned_network(spec: ConditionalSpec) -> keras.Model:
    """Return a fresh network conditioned on a label.

    Its named layers: embedding, label_vector, writer, readout, logits.
    """
    keras.utils.set_random_seed(1)
    label = keras.Input((), dtype="int32", name="label")
    words = keras.Input((None,), dtype="int32", name="words")
    embedding = SharedEmbedding(spec)
    drop = Layers.Dropout(spec.dropout)
    x = drop(embedding(words))
    who = Layers.Embedding(spec.labels, spec.label_embedding, name="label_vector")(label)[:, None, :]
    everywhere = keras.ops.zeros_like(x[:, :, :1]) + who  # (batch, T, label_embedding)
    states = Layers.GRU(spec.units, return_sequences=True, name="writer")(Layers.Concatenate()([x, everywhere]))
    # The label speaks to the output as well: which words a voice uses is most of what it is.
    readout = embedding.project_to_embedding(Layers.Concatenate()([drop(states), everywhere]))
    return keras.Model([label, words], embedding.logits(drop(readout)))


@dataclass(frozen=True, kw_only=True)
class Seq2SeqSpec(TeachingNetworkSpec):
    """The sizes of an encoder and decoder. `door` is how the decoder sees the source.

    That is nothing, one vector, or all states through attention.
    """

    door: Literal["none", "vector", "attention"]


def seq2seq(spec: Seq2SeqSpec) -> keras.Model:
    """Return a fresh encoder and decoder.

    Its named layers: embedding, encoder, decoder, query, key, attention, readout, logits.
    """
    keras.utils.set_random_seed(1)
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    embedding = SharedEmbedding(spec)
    drop = Layers.Dropout(spec.dropout)
    real = keras.ops.not_equal(source, 0)  # (batch, Tx)
    last = None
    if spec.door != "none":
        encoder = Layers.GRU(spec.units, return_sequences=True, return_state=True, name="encoder")
        hidden, last = encoder(drop(embedding(source)), mask=real)
    decoder = Layers.GRU(spec.units, return_sequences=True, name="decoder")
    states = decoder(drop(embedding(target)), initial_state=last)  # (batch, Ty, units)
    if spec.door == "attention":
        query = Layers.Dense(spec.units, name="query")(states)  # Ws s + be
        key = Layers.Dense(spec.units, use_bias=False, name="key")(hidden)  # Wh h
        look = Layers.AdditiveAttention(name="attention")  # its scale is v
        states = Layers.Concatenate()([states, look([query, hidden, key], mask=[None, real])])
    return keras.Model([source, target], embedding.logits(drop(embedding.project_to_embedding(drop(states)))))


Tensor = Any


class OneHotRNN(tf.Module):
    """An RNN by raw matrix products. W (num_classes + state_size, state_size), b, V (state_size, num_classes), c."""

    def __init__(
        self, num_classes: int, state_size: int, generator: np.random.Generator, dtype: Any = tf.float32
    ) -> None:
        super().__init__()
        self.num_classes, self.state_size = num_classes, state_size

        def glorot(rows: int, columns: int) -> Tensor:
            limit = np.sqrt(6 / (rows + columns))
            return tf.Variable(generator.uniform(-limit, limit, (rows, columns)), dtype=dtype)

        self.W, self.b = glorot(num_classes + state_size, state_size), tf.Variable(tf.zeros(state_size, dtype))
        self.V, self.c = glorot(state_size, num_classes), tf.Variable(tf.zeros(num_classes, dtype))

    def forward(self, batch_x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (batch, time_steps, num_classes) and the last state (batch, state_size)."""
        one_hot = tf.one_hot(batch_x, self.num_classes, dtype=self.W.dtype)  # (batch, time_steps, num_classes)
        states = []
        for x in tf.unstack(one_hot, axis=1):  # unrolled: x (batch, num_classes)
            state = tf.tanh(tf.matmul(tf.concat([x, state], 1), self.W) + self.b)
            states.append(state)
        return tf.einsum("bta,an->btn", tf.stack(states, 1), self.V) + self.c, state

    def loss(self, batch_x: Tensor, batch_y: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mean cross-entropy in nats, and the state after."""
        logits, state = self.forward(batch_x, state)
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(batch_y, logits)), state

    def keras_arrays(self) -> dict[str, list[Array]]:
        """Return the weights in Keras's layout: kernel, recurrent kernel, bias; and kernel, bias of the logits."""
        W = self.W.numpy()
        n = self.num_classes
        return {"reader": [W[:n], W[n:], self.b.numpy()], "logits": [self.V.numpy(), self.c.numpy()]}


class AdamStep(tf.Module):
    """The Adam optimiser (Kingma & Ba 2015), written out."""

    def __init__(self, variables: Any, rate: float) -> None:
        super().__init__()
        self.rate, self.t = rate, tf.Variable(0.0)
        self.v = [tf.Variable(tf.zeros_like(w)) for w in variables]
        self.s = [tf.Variable(tf.zeros_like(w)) for w in variables]

    def apply_gradients(self, gradients: Any, variables: Any) -> None:
        """Update the variables: w <- w - rate * v / (1 - 0.9^t) / (sqrt(s / (1 - 0.999^t)) + 1e-8)."""
        self.t.assign_add(1.0)
        for g, w, v, s in zip(gradients, variables, self.v, self.s, strict=True):
            v.assign(0.9 * v + 0.1 * g)
            s.assign(0.999 * s + 0.001 * g * g)
            w.assign_sub(self.rate * v / (1 - 0.9**self.t) / (tf.sqrt(s / (1 - 0.999**self.t)) + 1e-8))


class Trainer:
    """Training by truncated backpropagation through time; the state is carried from window to window."""

    def __init__(self, network: OneHotRNN, rate: float = 0.01) -> None:
        self.network, self.adam = network, AdamStep(network.trainable_variables, rate)

    @tf.function(reduce_retracing=True)
    def step(self, batch_x: Tensor, batch_y: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Update the weights on one window; return the loss before the update, and the state after the window."""
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            loss, state = self.network.loss(batch_x, batch_y, state)
        self.adam.apply_gradients(tape.gradient(loss, variables), variables)
        return loss, state

    def zero_state(self, batch: int) -> Tensor:
        return tf.zeros((batch, self.network.state_size))
