"""Each Keras network of the six architectures equals its NumPy replay: fresh random weights, padded batches."""

import numpy as np
import pytest
import tensorflow as tf

from pipeline.cells.bptt import one_hot
from pipeline.cells.registry import CELLS
from pipeline.learn import one_to_many, series
from pipeline.learn import seq2seq as reply_replay
from pipeline.learn.architecture import SavedArchitecture
from pipeline.learn.cloze import open_bidirectional, open_left_to_right
from pipeline.learn.keras_fit import layer_weights
from pipeline.learn.many_to_one import classifier_of
from pipeline.networks.teaching_networks import (
    ClassifierSpec,
    ClozeSpec,
    ConditionalSpec,
    OneHotRNN,
    Seq2SeqSpec,
    Trainer,
    classifier,
    cloze,
    label_conditioned_network,
    seq2seq,
)

V = 30
TOLERANCE = 5e-6  # float32
SPEC = {"vocabulary_size": V, "embedding": 8, "units": 6, "dropout": 0.3}


@pytest.fixture
def words() -> np.ndarray:
    """int32 (4, 7): rows of 7, 5, 3 and 1 words, padded on the right."""
    ids = np.random.default_rng(0).integers(2, V, (4, 7)).astype(np.int32)
    ids[np.arange(7) >= np.array([[7], [5], [3], [1]])] = 0
    return ids


def saved(model, prefix: str = "") -> SavedArchitecture:
    """A model's weights as a run would give them back, without the rounding; biases and all made random."""
    generator = np.random.default_rng(1)
    model.set_weights([w + 0.3 * generator.standard_normal(w.shape) for w in model.get_weights()])
    return SavedArchitecture(None, layer_weights(model, prefix=prefix))


@pytest.mark.parametrize("door", ["none", "vector", "attention"])
def test_seq2seq(words, door):
    model = seq2seq(Seq2SeqSpec(**SPEC, door=door))
    network = reply_replay.open_seq2seq(saved(model, "x/"), "x/")
    late = reply_replay.shift_right(words)
    ours, weights = network.decode(network.encode(words), late)
    np.testing.assert_allclose(ours, model([words, late]), atol=TOLERANCE)
    if door == "attention":
        np.testing.assert_allclose(weights.sum(2), 1, atol=1e-6)
        assert (weights[np.broadcast_to((words == 0)[:, None], weights.shape)] == 0).all()


def test_classifier(words):
    model = classifier(ClassifierSpec(**SPEC, labels={"voice": 5, "kind": 3}))
    parts = saved(model).parts
    network = classifier_of(parts, {"voice": list("abcde"), "kind": list("xyz")}, None)
    for label, logits in model(words).items():
        ours = network.running_means(words) @ parts[label][0] + parts[label][1]
        np.testing.assert_allclose(ours, logits, atol=TOLERANCE)


@pytest.mark.parametrize("bidirectional", [True, False])
def test_cloze(words, bidirectional):
    model = cloze(ClozeSpec(**SPEC, bidirectional=bidirectional))
    open_network = open_bidirectional if bidirectional else open_left_to_right
    ours = open_network(saved(model)).logits(words)
    np.testing.assert_allclose(ours["both" if bidirectional else "left"], model(words), atol=TOLERANCE)


def test_conditional(words):
    model = label_conditioned_network(ConditionalSpec(**SPEC, labels=3, label_embedding=4))
    run, labels = saved(model), np.array([0, 2, 1, 1], np.int32)
    parts = (run["label_vector"][0], run.layer("writer"), run["readout"], run["logits"][0])
    network = one_to_many.VerseWriter(run["embedding"][0], *parts, (), None, None, run)
    state, ours = network.writer.initial_state(4), []
    for t in range(words.shape[1]):
        logits, state = network.next_word_logits(words[:, t], network.labels[labels], state)
        ours.append(logits)
    np.testing.assert_allclose(np.stack(ours, 1), model([labels, words]), atol=TOLERANCE)


def test_rnn_by_hand_in_tensorflow_is_numpys():
    network = OneHotRNN(2, 5, np.random.default_rng(0), tf.float64)
    batch_x = np.random.default_rng(1).integers(0, 2, (3, 9))
    theirs, last = network.forward(batch_x, tf.zeros((3, 5), tf.float64))
    arrays = network.keras_arrays()
    layer = CELLS["rnn"].layer.from_keras(*arrays["reader"])
    states, _ = layer.run(layer.project(one_hot(batch_x, 2).transpose(2, 1, 0)), layer.initial_state(3))
    kernel, bias = arrays["logits"]
    np.testing.assert_allclose(states.swapaxes(0, 1) @ kernel + bias, theirs, atol=1e-12)
    np.testing.assert_allclose(states[-1], last, atol=1e-12)


def test_training_by_hand_passes_the_first_floor():
    """A quarter of an epoch: below what is possible without lag 3 (0.6616 nats), above the least there is."""
    drawn = series.sample_series(100_000, np.random.default_rng(1))
    trainer = Trainer(OneHotRNN(2, 16, np.random.default_rng(1)))
    state, losses = trainer.zero_state(100), []
    for batch_x, batch_y in zip(*series.cut_batches(drawn.x, drawn.y, 100, 10), strict=True):
        loss, state = trainer.step(batch_x, batch_y, state)
        losses.append(float(loss))
    assert series.LOSS_FLOORS["both"] - 0.02 < np.mean(losses[-10:]) < 0.6
