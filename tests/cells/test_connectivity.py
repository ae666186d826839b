"""Against central differences on the replayed network itself."""

import dataclasses

import numpy as np
import pytest

from pipeline.cells.connectivity import connectivity
from pipeline.cells.registry import CELLS
from pipeline.cells.replay import network_from_weights
from pipeline.cells.spec import NetworkSpec

V, TOKENS, TARGET = 7, np.array([0, 3, 5, 1, 2]), 4  # every token once: moving a row of the embedding moves one step


def network(cell, layers, tied):
    spec = NetworkSpec(cell=cell, units=4, layers=layers, embedding=3, tied=tied, vocabulary_size=V)
    rng = np.random.default_rng(0)
    return network_from_weights(spec, [rng.normal(0, 0.6, s) for s in spec.shapes()], np.float64)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("layers", "tied"), [(1, False), (2, True)])
def test_equals_central_differences(cell, layers, tied):
    trained, h = network(cell, layers, tied), 1e-5

    def logit(embedding):
        moved = dataclasses.replace(trained, embedding=embedding, table=None)  # the output keeps its own matrix
        return moved.run(TOKENS[None])[0][0, -1, TARGET]

    slopes = np.empty((len(TOKENS), 3))
    for t, token in enumerate(TOKENS):
        for e in range(3):
            step = np.zeros((V, 3))
            step[token, e] = h
            slopes[t, e] = (logit(trained.embedding + step) - logit(trained.embedding - step)) / (2 * h)
    np.testing.assert_allclose(connectivity(trained, TOKENS, TARGET), np.linalg.norm(slopes, axis=1), rtol=1e-7)
