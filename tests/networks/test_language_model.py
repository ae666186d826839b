"""The Keras model: its weights in the order that the NumPy replay reads, the same logits, saved and loaded safely."""

import keras
import numpy as np
import pytest

from pipeline.cells.keras_file import read_keras_weights
from pipeline.cells.registry import CELLS
from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.networks.language_model import language_model


def spec(cell="lstm", layers=1, tied=False, units=6, embedding=4):
    sizes = {"units": units, "layers": layers, "embedding": embedding, "vocabulary_size": 9}
    return NetworkSpec(cell=cell, tied=tied, dropout=0.3, **sizes)


SPECS = [spec(cell, layers) for cell in CELLS for layers in (1, 2)] + [
    spec(tied=True),  # 6 units, embedding 4: a projection between
    spec(tied=True, embedding=6),
    spec("mingru", 2, tied=True),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_replay_equals_keras_after_a_round_trip_through_the_file(spec, tmp_path):
    model = language_model(spec, seed=3)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    tokens = np.random.default_rng(0).integers(0, 9, (2, 11))
    weights = read_keras_weights(tmp_path / "model.keras")
    assert [w.shape for w in weights] == [w.shape for w in model.get_weights()] == spec.weight_shapes()
    logits, _ = network_from_weights(spec, weights).run(tokens)
    np.testing.assert_allclose(logits, loaded(tokens), atol=5e-6)


def test_the_seed_alone_decides_the_weights():
    first, again, other = (language_model(spec(), seed).get_weights() for seed in (1, 1, 2))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any((a != b).any() for a, b in zip(first, other, strict=True))
