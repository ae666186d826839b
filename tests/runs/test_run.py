"""The run folder: whole or refused with one sentence; never pickle, never TensorFlow."""

import json
import subprocess
import sys

import numpy as np
import pytest

from pipeline.core.checksums import with_checksum
from pipeline.core.errors import RunError, SettingError
from pipeline.runs import run as runs
from pipeline.runs.config import FORMAT_VERSION
from pipeline.runs.draft import RunDraft, save_run
from pipeline.runs.run import list_runs, load_run


def test_a_run_says_what_it_is(models):
    run = load_run("lettres")
    assert (run.unit_level, run.kind, list_runs()) == (
        "char",
        "network",
        ["lettres", "lettres-mixed", "mots", "mots-mixed"],
    )
    assert run.network().vocabulary_size == len(run.vocabulary) == run.ngram_model.vocabulary_size
    assert list(run.history().columns) == ["step", "seconds", "train_bits", "valid_bits"]
    assert "Kneser-Ney" in run.card()
    assert set(run.scores) >= {"valid", "test", "baseline"}


def test_unknown_and_impossible_names(models):
    with pytest.raises(RunError, match=r"no model 'autre' \(models: lettres, lettres-mixed, mots, mots-mixed\)"):
        load_run("autre")
    with pytest.raises(SettingError):
        load_run("../etc")


def change_config(models, change=with_checksum, **changes):
    """Give the run `lettres` these entries of config.json, and the checksum that belongs to them."""
    path = models / "lettres" / "config.json"
    path.write_text(json.dumps(change({**json.loads(path.read_text("utf-8")), **changes})))


@pytest.mark.parametrize("file", ["model.keras", "ngrams.npz", "vocabulary.json"])
def test_a_file_cut_short_of_another_run_or_missing_is_refused(models, file):
    path = models / "lettres" / file
    for other in (path.read_bytes()[: path.stat().st_size // 2], (models / "mots" / file).read_bytes()):
        path.write_bytes(other)
        with pytest.raises(RunError, match=r"was cut short, changed .* belongs to another model"):
            load_run("lettres")
    path.unlink()
    with pytest.raises(RunError, match=rf"{file} is missing"):
        load_run("lettres")


def test_a_vocabulary_that_disagrees_with_the_config_is_refused_even_with_its_checksum(models):
    change_config(models, vocabulary_size=7)
    with pytest.raises(RunError, match="vocabulary of the model 'lettres' belongs to another"):
        load_run("lettres")


@pytest.mark.parametrize("content", ["", "[]", "{}", "\x00\x01"])
def test_a_config_that_is_none(models, content):
    (models / "lettres" / "config.json").write_text(content)
    with pytest.raises(RunError):
        load_run("lettres")


@pytest.mark.parametrize("weights", [[0.1, 0.2], [[0.1, 0.2]], "high", {}, 0.5, [None]])
def test_cache_weights_of_another_shape_are_refused(models, weights):
    assert load_run("lettres").cache_weights.shape == (20, 3)
    change_config(models, cache_weights=weights)
    with pytest.raises(RunError, match="damaged"):
        load_run("lettres")


def test_a_run_of_another_version_is_to_be_trained_again(models):
    def without_checksum(config):
        return {key: value for key, value in config.items() if key != "checksum"}

    for change in ({"format": FORMAT_VERSION - 1}, {"format": FORMAT_VERSION, "change": without_checksum}):
        change_config(models, **change)
        with pytest.raises(RunError, match=r"another version of Seize\. Train it again"):
            load_run("lettres")


def test_weights_that_disagree_with_the_config(models):
    change_config(models, network={**load_run("lettres").config["network"], "units": 13})
    with pytest.raises(RunError, match="do not match"):
        load_run("lettres").network()


def test_saving_replaces_as_a_whole_or_not_at_all(models):
    vocabulary = load_run("lettres").vocabulary

    def fail(path):
        raise OSError(28, "No space left on device")

    with pytest.raises(RunError, match="No space left"):
        save_run(RunDraft("lettres", {"kind": "network"}, vocabulary, weights=fail))
    assert load_run("lettres").network().vocabulary_size == len(vocabulary)
    assert len(list_runs()) == 4
    assert not [path for path in models.glob(".*") if path.is_dir()]


def test_pickled_arrays_are_refused(models):
    np.savez(models / "lettres" / "evil.npz", thing=np.array([{"a": 1}], object))
    with pytest.raises(RunError, match="cannot be read"):
        load_run("lettres").read_npz("evil.npz")


def test_opening_and_playing_never_imports_tensorflow(models):
    code = (
        "import sys; from pipeline.runs.run import load_run; from pipeline.training.train import train;"
        "from pipeline.training.evaluate import evaluate_text; r = load_run('lettres'); r.network();"
        "evaluate_text(r, 'la nuit\\n'); assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_float16_rounding_shrinks_the_file(models):
    """Weights are whole float16 numbers, so the deflated file is smaller than four bytes a weight."""
    run = load_run("lettres")
    weights = runs.read_keras_weights(run.folder / "model.keras")
    assert all((w == w.astype(np.float16)).all() for w in weights)
