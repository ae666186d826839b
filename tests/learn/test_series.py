"""The least loss of the series, from its definition: x is a fair coin; P(y = 1) = ½ + ½·x⟨t−3⟩ − ¼·x⟨t−8⟩."""

import json

import numpy as np
import pytest

from pipeline.learn.series import LOSS_FLOORS
from tests.source_tree import ROOT

ON_FILE = json.loads((ROOT / "tests" / "data" / "rnn_test_vectors.json").read_text("utf-8"))["time_series_floors"]


@pytest.mark.parametrize(("name", "known"), [("none", ()), ("t-3", (3,)), ("t-8", (8,)), ("both", (3, 8))])
def test_floors(name, known):
    p = np.array([[0.5 + 0.5 * x3 - 0.25 * x8 for x8 in (0, 1)] for x3 in (0, 1)])  # [x⟨t−3⟩, x⟨t−8⟩]
    p = p.mean(axis=tuple(axis for axis, lag in enumerate((3, 8)) if lag not in known))
    outcomes = np.stack([p, 1 - p])
    floor = (outcomes * -np.log(np.where(outcomes > 0, outcomes, 1))).sum(axis=0).mean()  # 0·log 0 is 0
    assert floor == pytest.approx(ON_FILE[name], abs=1e-15)
    if (ours := "nothing" if name == "none" else name) in LOSS_FLOORS:
        assert pytest.approx(ON_FILE[name], abs=1e-15) == LOSS_FLOORS[ours]
