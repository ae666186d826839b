"""The mean of the probabilities of runs: of one and the same its own bits, of two no more than theirs on average."""

import pytest

from pipeline.evaluation.ensemble import ensemble_bits, same_tokens
from pipeline.evaluation.evaluate import score_texts
from pipeline.language_models.splits import split_corpus
from pipeline.runs.run import load_run


def test_bits_of_the_mean(models, small_corpus):
    split = split_corpus(small_corpus)
    one, two, words = map(load_run, ("lettres", "lettres-mixed", "mots"))
    own = [score_texts(run.text_model(), split.valid, ends=True).bits_per_char for run in (one, two)]
    assert ensemble_bits([one, one], split)["valid"] == pytest.approx(own[0], abs=1e-9)
    assert min(own) - 1 < ensemble_bits([one, two], split)["valid"] <= sum(own) / 2
    assert one in same_tokens([one, words, two])
    assert words not in same_tokens([one, words, two])
