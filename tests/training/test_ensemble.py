"""The mean of the networks of runs is a run, whose probabilities are the mean of theirs."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from pipeline.cells.activations import log_softmax
from pipeline.core.errors import RunError
from pipeline.language_models.splits import split_corpus
from pipeline.runs.run import load_run
from pipeline.training.base import open_base
from pipeline.training.sweep import runs_sharing_vocabulary, save_ensemble


@pytest.fixture
def runs(models, small_corpus, tmp_path, monkeypatch):
    """A network, a mixture of the same tokens, and a run of words, where more can be saved."""
    for name in ("lettres", "lettres-mixed", "mots"):
        shutil.copytree(load_run(name).folder, tmp_path / name)
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))
    return [load_run(name) for name in ("lettres", "lettres-mixed", "mots")]


def test_a_mean_is_a_run(runs, small_corpus):
    one, two, words = runs
    split = split_corpus(small_corpus)
    assert runs_sharing_vocabulary([one, words, two]) == [one, two]
    twice, both = (save_ensemble(name, pair, split) for name, pair in (("twice", [one, one]), ("both", [one, two])))
    own = [load_run(run.name).scores["valid"]["bits_per_char"] for run in (one, twice)]
    assert own[0] == pytest.approx(own[1], abs=1e-6)
    tokens = np.array([[2, 5, 6, 7]])
    each = [log_softmax(run.network_model().run(tokens)[0].astype(float), axis=-1) for run in (one, two)]
    mean = np.exp(both.network_model().run(tokens)[0])
    assert mean == pytest.approx((np.exp(each[0]) + np.exp(each[1])) / 2, abs=1e-6)
    assert [member["name"] for member in both.ensemble_members] == ["lettres", "lettres-mixed"]
    assert both.config["parameters"] == one.config["parameters"] + two.config["parameters"]
    assert "`lettres`" in both.card()
    assert runs_sharing_vocabulary([both, one]) == [one]  # no mean of means
    mixed = save_ensemble("mixed", [two, one], split)
    assert mixed.kind == "mixture"
    assert mixed.scores["valid"]["bits_per_char"] > 0


def test_networks_of_another_vocabulary_are_refused(runs, small_corpus):
    both = save_ensemble("both", runs[:2], split_corpus(small_corpus))
    wrong = {**both.ensemble_members[1], "network": {**both.ensemble_members[1]["network"], "vocabulary_size": 5}}
    with pytest.raises(RunError, match="disagree"):
        replace(both, config={**both.config, "members": [both.ensemble_members[0], wrong]}).network_model()


def test_a_mean_learns_no_more(runs, small_corpus):
    save_ensemble("both", runs[:2], split_corpus(small_corpus))
    with pytest.raises(RunError, match="mean of several networks"):
        open_base("both")
