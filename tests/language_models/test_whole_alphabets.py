"""Every shipped mixture is a distribution over its whole alphabet after any context: it sums to one."""

import numpy as np
import pytest

from pipeline.language.vocabulary import SONG
from pipeline.runs.run import load_run

CONTEXTS, LENGTH = 24, 12


@pytest.mark.parametrize("name", ["demo-char", "demo-word"])
@pytest.mark.parametrize("cached", [False, True])
def test_a_shipped_mixture_sums_to_one(name, cached):
    """After contexts of tokens drawn by chance: what hashes take for known, and what nothing knows."""
    model, rng = load_run(name).language_model(), np.random.default_rng(1)
    words = model.vocabulary_size - model.control_token_count
    tokens = np.column_stack([np.full(CONTEXTS, SONG), rng.integers(2, words, (CONTEXTS, LENGTH))])
    tokens[::2, LENGTH // 2 :] = tokens[::2, 1 : LENGTH - LENGTH // 2 + 2]  # of every second one a part comes back
    model = model.with_cache(tokens[0]) if cached else model
    scores, _ = model.run(tokens)
    assert np.abs(np.exp(scores).sum(-1) - 1).max() < 1e-9
