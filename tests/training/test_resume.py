"""A training killed with SIGKILL, between two checkpoints or while one is written, goes on as if it never stopped."""

import signal
import subprocess
import sys

import numpy as np
import pytest

from pipeline.cells.keras_file import read_keras_weights
from pipeline.core.errors import RunError
from pipeline.core.folders import DRAFT_PREFIX
from pipeline.runs.run import checkpoint_path, list_runs, load_run
from pipeline.training.checkpoint import load_checkpoint
from pipeline.training.settings import TrainSettings
from pipeline.training.train import train
from tests.corpora import save_corpus

# 120 steps, checkpoints at 40, 80 and 120; progress is told at those and every 50 steps.
SETTINGS = {"steps": 120, "units": 12, "embedding": 6, "batch": 4, "time": 20, "validations": 3, "dropout": 0.3}
VICTIM = """
import os, signal, sys
import numpy as np
from pipeline.corpus.store import load_corpus
from pipeline.training.settings import TrainSettings
from pipeline.training.train import train

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def between(progress):
    if progress.step == 50:
        die()

savez, saves = np.savez, []
def half_written(file, **arrays):
    saves.append(file)
    if len(saves) < 2:
        return savez(file, **arrays)
    file.write(b"PK half of a checkpoint")
    file.flush()
    die()

np.savez = half_written
moment = {"between": between, "writing": lambda progress: None}[sys.argv[1]]
train(load_corpus("petit"), TrainSettings(name=sys.argv[1], **SETTINGS), moment)
"""


@pytest.fixture(scope="module", autouse=True)
def _place(small_corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("resume")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZE_MODELS", str(folder / "models"))
        patch.setenv("SEIZE_PREPARED", str(folder / "prepared"))
        save_corpus(small_corpus)
        yield


@pytest.fixture(scope="module")
def unbroken(small_corpus):
    train(small_corpus, TrainSettings(name="entier", **SETTINGS))
    return everything("entier")


def everything(name):
    """The weights kept, and all that the last checkpoint holds: weights and moments of the last step, state, best."""
    last = load_checkpoint(checkpoint_path(name))[0]
    assert last.position.step == SETTINGS["steps"]
    kept = read_keras_weights(load_run(name).folder / "model.keras")
    return [*kept, *last.weights, *last.optimiser, *last.state, *last.best]


@pytest.mark.parametrize("moment", ["between", "writing"])
@pytest.mark.slow
def test_a_killed_training_resumes_to_the_same_weights(small_corpus, unbroken, moment):
    script = VICTIM.replace("SETTINGS)", f"{SETTINGS!r})")
    killed = subprocess.run([sys.executable, "-c", script, moment], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()

    path = checkpoint_path(moment)
    assert load_checkpoint(path)[0].position.step == 40
    assert len(list(path.parent.glob(f"{DRAFT_PREFIX}*"))) == (moment == "writing")  # the draft that was being written
    assert moment not in list_runs()
    with pytest.raises(RunError, match="There is no model"):
        load_run(moment)

    train(small_corpus, TrainSettings(name=moment, **SETTINGS), resume=True)
    assert not list(path.parent.glob(f"{DRAFT_PREFIX}*"))
    for resumed, whole in zip(everything(moment), unbroken, strict=True):
        np.testing.assert_array_equal(resumed, whole)
