"""A small corpus with something to learn in it, and runs trained on it once for all tests here."""

import os

from pipeline.core.same_sums import same_sums

os.environ.update(same_sums())  # before NumPy is imported: texts are written as the writers write them

import resource
import shutil

import hypothesis
import numpy as np
import pytest

from pipeline.corpus.build import build_corpus
from pipeline.corpus.song import Line, Section, Song
from pipeline.training.settings import TrainSettings
from pipeline.training.train import train

os.environ["LC_ALL"] = "C.UTF-8"  # sentences are looked for in English, whatever this machine speaks
os.environ["STREAMLIT_RUNNER_POST_SCRIPT_GC"] = "false"  # as pages are served
hypothesis.settings.register_profile("seize", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("seize")


@pytest.fixture(scope="session", autouse=True)
def _notebook_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No draft of a test stands in the notebook of who runs it."""
    os.environ["SEIZE_NOTEBOOKS"] = str(tmp_path_factory.mktemp("notebooks"))


WORDS = ("je", "tu", "la", "nuit", "rue", "ville", "dans", "sur", "pour", "l'or", "d'ici", "Paris", "encore", "jamais")


def made_song(number: int, kinds: tuple[str, str] = ("couplet", "refrain")) -> Song:
    rng = np.random.default_rng(number)
    lines = []
    for _ in range(12):
        at = int(rng.integers(len(WORDS)))
        words = [WORDS[(at + step * step) % len(WORDS)] for step in range(5)]
        lines.append(Line(" ".join([words[0].capitalize(), *words[1:]]) + (" (ouais)" if at % 3 == 0 else "")))
    sections = (Section(kinds[0], tuple(lines[:8])), Section(kinds[1], tuple(lines[8:])))
    return Song(f"t{number}", "a", sections)


@pytest.fixture(scope="session")
def small_corpus():
    return build_corpus("petit", [made_song(number) for number in range(40)])


def line_words(corpus, line):
    """The words of the line with this id, ad-libs included."""
    start, stop = corpus.lines.loc[line, ["start", "stop"]]
    return corpus.vocabulary.decode(corpus.tokens[start:stop])


def small_settings(**changes):
    values = {"name": "essai", "steps": 12, "units": 12, "embedding": 6, "batch": 4, "time": 20, "validations": 3}
    return TrainSettings(**{**values, **changes})


@pytest.fixture(scope="session")
def trained(small_corpus, tmp_path_factory):
    """The folder that holds the runs `lettres` and `mots`, and the same as mixtures."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZE_MODELS", str(folder))
        train(small_corpus, small_settings(name="lettres", kind="network"))
        train(small_corpus, small_settings(name="mots", level="word", kind="network"))
        train(small_corpus, small_settings(name="lettres-mixed"))
        train(small_corpus, small_settings(name="mots-mixed", level="word"))
    return folder


@pytest.fixture
def models(trained, tmp_path, monkeypatch):
    """A copy of that folder for one test, as the place where runs live."""
    shutil.copytree(trained, tmp_path / "models")
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def full_disk():
    """No file may grow beyond 512 bytes: what a full disk does, in the middle of a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
