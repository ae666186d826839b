"""Training: reproducible, resumed exactly, interrupted without loss, within its budget, refused with a sentence."""

import dataclasses
import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.cells.keras_file import read_keras_weights
from pipeline.core.errors import RunError, SettingError
from pipeline.core.folders import DRAFT_PREFIX
from pipeline.runs.run import checkpoint_path, load_run
from pipeline.training import checkpoint as checkpoints
from pipeline.training.checkpoint import load_checkpoint, save_checkpoint
from pipeline.training.evaluate import evaluate_text
from pipeline.training.settings import TrainSettings
from pipeline.training.train import train, train_on_text
from tests.small_corpus import WORDS, small_settings


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))


def weights(run):
    return read_keras_weights(run.folder / "model.keras")


def stop_after(step):
    def on_progress(progress):
        if progress.step >= step:
            raise KeyboardInterrupt

    return on_progress


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"dropout": 0.3},
        {"averaging": 0.9},
        pytest.param({"level": "word", "cell": "gru"}, marks=pytest.mark.slow),
        pytest.param({"level": "subword"}, marks=pytest.mark.slow),
    ],
    ids=["char", "averaged", "word", "subword"],
)
def test_a_resumed_run_ends_where_an_unbroken_one_does(small_corpus, changes):
    unbroken = train(small_corpus, small_settings(name="entier", **changes))
    stopped = train(small_corpus, small_settings(name="coupe", **changes), stop_after(4))
    assert len(stopped.history()) == 1
    assert load_checkpoint(checkpoint_path("coupe"))[0].position.step == 4
    resumed = train(small_corpus, small_settings(name="coupe", **changes), resume=True)
    for a, b in zip(weights(unbroken), weights(resumed), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_average_of_the_weights_is_judged_and_kept(small_corpus, monkeypatch):
    """Update t leaves t / (9 + t) of the average, 0.2 at most; training goes on from the weights."""
    seen = []
    monkeypatch.setattr(
        "pipeline.training.train.save_checkpoint",
        lambda path, checkpoint, about: seen.append(([np.array(w) for w in checkpoint.weights], checkpoint.best)),
    )
    settings = small_settings(steps=6, validations=6, averaging=0.2, learning_rate=0.02, dropout=0.0)
    run = train(small_corpus, settings)
    assert len(seen) == 6
    averages = seen[0][0]
    for step, (raw, best) in enumerate(seen):
        share = min(0.2, step / (9 + step))
        averages = [share * mean + (1 - share) * new for mean, new in zip(averages, raw, strict=True)]
        if run.history()["valid_bits"][: step + 1].idxmin() == step:
            for mean, kept in zip(averages, best, strict=True):
                np.testing.assert_allclose(kept, mean, atol=1e-6)
    plain = train(small_corpus, dataclasses.replace(settings, averaging=0.0, name="sans"))
    for raw, same in zip(seen[5][0], seen[-1][0], strict=True):  # the same updates, whatever is validated
        np.testing.assert_allclose(raw, same, atol=1e-6)
    assert run.history()["valid_bits"].tolist() != plain.history()["valid_bits"].tolist()


def test_training_learns(small_corpus):
    run = train(small_corpus, small_settings(steps=150, learning_rate=0.02, dropout=0.0))
    history = run.history()
    assert history["valid_bits"].min() < history["valid_bits"].iloc[0] - 0.4
    best = run.config["training"]["best_bits"]
    assert best == pytest.approx(history["valid_bits"].min())
    assert run.scores["network"]["valid"] == pytest.approx(best, rel=0.05)  # windows drop a few tokens


@pytest.mark.slow
def test_validations_take_a_tenth_of_the_time(small_corpus, monkeypatch):
    import pipeline.training.fit as fit

    monkeypatch.setattr(fit, "_QUICK_VALIDATION_TOKENS", 0)
    seen = []
    settings = small_settings(steps=300, validations=150, kind="network")
    run = train(small_corpus, settings, lambda step: seen.append(step.step) if step.valid_bits else None)
    size = run.config["corpus"]["split"]["valid"]["characters"]
    apart = np.diff([0, *seen[:-1]]) * settings.batch * settings.time
    assert len(seen) > 2
    assert apart.min() >= 4 * size  # the last window of the validation songs is not full
    assert seen[-1] == 300  # the last update is always looked at


@pytest.mark.slow
def test_minutes_are_kept(small_corpus, monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(checkpoints, "time", SimpleNamespace(monotonic=lambda: next(ticks) / 20))  # as a clock goes
    run = train(small_corpus, small_settings(steps=None, minutes=0.05))
    assert 3 <= run.config["training"]["seconds"] < 3.5
    assert next(ticks) < 20 * 10, "nothing learns on after the minutes"


def test_interrupted_before_anything_was_learnt_leaves_no_run(small_corpus, monkeypatch):
    import pipeline.training.fit as fit

    def interrupted(self, *args):
        raise KeyboardInterrupt

    monkeypatch.setattr(fit._Trainer, "_validate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(small_corpus, small_settings(name="rien"))
    with pytest.raises(RunError):
        load_run("rien")


@pytest.mark.slow
def test_more_minutes_go_on_with_the_same_network(small_corpus):
    train(small_corpus, small_settings(minutes=0.001))
    run = train(small_corpus, small_settings(minutes=300, steps=20), resume=True)  # afresh: more dropout
    assert run.config["training"]["steps"] == 20
    assert (
        TrainSettings(name="x", minutes=1).with_defaults().units == 256 < TrainSettings(name="x").with_defaults().units
    )


@pytest.mark.slow
def test_windows_follow_how_often_the_budget_reads_the_text_and_stay_when_resumed(small_corpus):
    assert (
        TrainSettings(name="x").with_defaults(5_000_000).time
        == 25
        < TrainSettings(name="x").with_defaults(1_000_000).time
    )
    train(small_corpus, small_settings(steps=None, minutes=0.001, time=None))
    run = train(small_corpus, small_settings(steps=20, time=None), resume=True)
    assert run.config["settings"]["time"] == 25


def test_nothing_or_something_else_to_resume(small_corpus):
    with pytest.raises(RunError, match="nothing to resume"):
        train(small_corpus, small_settings(name="neuf"), resume=True)
    train(small_corpus, small_settings(name="neuf"))
    with pytest.raises(RunError, match="another network"):
        train(small_corpus, small_settings(name="neuf", units=13), resume=True)


@pytest.mark.slow
def test_a_damaged_checkpoint_and_a_full_disk(small_corpus, monkeypatch):
    train(small_corpus, small_settings())
    path = checkpoint_path("essai")
    checkpoint, about = load_checkpoint(path)
    good = path.read_bytes()
    monkeypatch.setattr(np, "savez", lambda *a, **k: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(RunError, match="No space left"):
        save_checkpoint(path, checkpoint, about)
    assert path.read_bytes() == good
    assert not list(path.parent.glob(f"{DRAFT_PREFIX}*"))
    path.write_bytes(good[: len(good) // 2])
    with pytest.raises(RunError, match="damaged"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    "changes",
    [{"cell": "mlp"}, {"units": 0}, {"minutes": -1}, {"dropout": 1.0}, {"steps": 0}, {"name": "../x"}, {"batch": 0}],
    ids=str,
)
def test_settings_outside_their_range(changes):
    with pytest.raises(SettingError):
        TrainSettings(**{"name": "x", **changes}).with_defaults()


@pytest.mark.slow
def test_a_plain_text_is_learnt_whole_in_the_end():
    """Without a test part the run, once judged, learns from the validation text too."""
    rows = [" ".join(WORDS[(n * n + k) % len(WORDS)] for k in range(5)) for n in range(160)]
    text, valid = "\n".join(rows[:130]), "\n".join(["quetzal xylophone"] * 8 + rows[130:])
    run = train_on_text(text, valid, small_settings(name="brut", steps=40), "brut.txt")
    assert run.config["fine_tuned"]
    assert run.config["corpus"]["text"]
    assert run.training_texts == (text, valid)
    assert run.training_corpora == ()
    assert "test" not in run.scores
    assert run.card().startswith("# brut")
    assert load_run("brut").kind == "mixture"
    before = run.scores["valid"]["bits_per_char"]
    assert evaluate_text(run, valid).bits_per_char < before - 0.1
