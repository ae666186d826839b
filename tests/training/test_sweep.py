"""Sweeps: every combination, each run exactly as alone, failures and what was interrupted as rows."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.cells.keras_file import read_keras_weights
from pipeline.runs.run import load_run
from pipeline.training.sweep import TrainingOutcome, cross_product, outcome_table, sweep
from pipeline.training.train import train
from tests.corpora import save_corpus
from tests.small_corpus import small_settings


@pytest.fixture(autouse=True)
def _places(tmp_path, monkeypatch, small_corpus):
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    save_corpus(small_corpus)


def weights(run):
    return read_keras_weights(run.folder / "model.keras")


def test_every_combination_has_its_name():
    found = cross_product("essai", {"units": [8, 16], "seed": [1, 2, 3]})
    assert [one.name for one in found] == [f"essai-{number}" for number in range(1, 7)]
    assert [(one.units, one.seed) for one in found[:4]] == [(8, 1), (8, 2), (8, 3), (16, 1)]
    assert {one.level for one in found} == {"char"}


@pytest.mark.slow
def test_each_run_is_as_alone_and_a_failure_is_a_row(small_corpus):
    """By processes of their own, as two trainings at a time."""
    wrong = small_settings(name="faux", dropout=2.0)
    settings = [*(small_settings(name=f"s-{seed}", dropout=0.3, seed=seed) for seed in (1, 2)), wrong]
    told = []
    outcomes = sweep("petit", settings, told.append)
    assert [outcome.settings for outcome in outcomes] == settings
    assert sorted(outcome.settings.name for outcome in told) == ["faux", "s-1", "s-2"]
    assert [outcome.reason[:7] for outcome in outcomes] == ["", "", "dropout"]
    alone, swept = train(small_corpus, small_settings(name="seul", dropout=0.3, seed=2)), load_run("s-2")
    assert all(map(np.array_equal, weights(alone), weights(swept)))
    assert alone.scores["valid"]["bits_per_char"] == swept.scores["valid"]["bits_per_char"]
    table = outcome_table(outcomes, ["seed"])
    assert table["run"].iloc[-1] == "faux"
    assert table["valid_bits"].iloc[:2].is_monotonic_increasing
    assert table["updates"].tolist()[:2] == [12, 12]


def test_what_is_finished_stays_when_interrupted():
    def stop(outcome):
        raise KeyboardInterrupt

    settings = [small_settings(name=f"n-{seed}", kind="ngram", seed=seed) for seed in (1, 2, 3)]
    with ThreadPoolExecutor(1) as executor:
        outcomes = sweep("petit", settings, stop, executor=executor)
        executor.shutdown(cancel_futures=True)
    assert [outcome.reason for outcome in outcomes] == ["", "interrupted", "interrupted"]
    assert load_run("n-1").kind == "ngram"


def test_a_worker_that_ends_is_a_reason():
    class Broken(ThreadPoolExecutor):
        def submit(self, *args):
            return super().submit(lambda: (_ for _ in ()).throw(RuntimeError("gone\nfar")))

    (outcome,) = sweep("petit", [small_settings()], executor=Broken(1))
    assert outcome == TrainingOutcome(small_settings(), "RuntimeError: gone")


def test_the_command_prints_a_table(capsys, monkeypatch):
    monkeypatch.setattr("pipeline.processes.executors.os.cpu_count", lambda: 1)
    asked = ["sweep", "petit", "--kind", "ngram"]
    assert main([*asked, "--name", "n", "--level", "char", "word", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted((row["run"], row["level"]) for row in rows) == [("n-1", "char"), ("n-2", "word")]  # no mean of these
    assert main([*asked, "--seed", "1", "2", "--csv"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("run,seed,valid_bits,test_bits,difference,updates")
    assert [line.split(",")[0] for line in lines] == ["sweep-petit-1", "sweep-petit-2"]  # they have no network
    assert len({line.split(",")[2][:12] for line in lines}) == 1  # n-grams know no seed
    assert main([*asked, "--name", "n", "--seed", "1", "2"]) == 0
    assert "A model called 'n-1' exists already" in capsys.readouterr().out


@pytest.mark.slow
def test_the_mean_of_the_best_is_a_run_of_the_table(capsys, monkeypatch):
    monkeypatch.setattr("pipeline.processes.executors.os.cpu_count", lambda: 1)
    asked = ["sweep", "petit", "--kind", "network", "--units", "8", "--embedding", "4", "--steps", "2", "--json"]
    assert main([*asked, "--name", "n", "--seed", "1", "2"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[-1]["run"] == "n-mean"
    assert [member["name"] for member in load_run("n-mean").ensemble_members] == [row["run"] for row in rows[:2]]
    assert rows[-1]["valid_bits"] == load_run("n-mean").scores["valid"]["bits_per_char"]
    shutil.rmtree(load_run("n-1").folder)
    shutil.rmtree(load_run("n-2").folder)
    assert main([*asked, "--name", "n", "--seed", "1", "2"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "A model called 'n-mean' exists already" in rows[-1]["reason"]


def test_a_sweep_of_one_is_refused_and_an_interrupted_one_says_so(capsys, monkeypatch):
    monkeypatch.setattr("pipeline.processes.executors.os.cpu_count", lambda: 1)
    assert main(["sweep", "petit", "--kind", "ngram"]) == 2
    assert "a single training" in capsys.readouterr().err

    def stop(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.training.sweep.train", stop)
    assert main(["sweep", "petit", "--kind", "ngram", "--seed", "1", "2"]) == 130
    assert capsys.readouterr().out.count("interrupted") == 2
