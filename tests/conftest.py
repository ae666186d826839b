"""The small corpus, and runs trained on it once for all tests here."""

import os

from pipeline.core.reproducibility import reproducible_environment

os.environ.update(reproducible_environment())  # before NumPy is imported: texts are written as the writers write them

import gc
import resource
import shutil
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

from pipeline.training.train import train
from tests.corpora import make_corpus
from tests.dashboard.browser import CHROMIUM
from tests.once import made_once
from tests.small_corpus import made_song, small_settings
from tests.source_tree import ROOT

Report = pytest.TestReport | pytest.CollectReport
# Why a test may be skipped; for any other reason it fails, as one does that cannot import a library of ours.
NO_CHROMIUM = "no Chromium on this machine"
REASONS = {
    *(() if os.environ.get("CI") else (NO_CHROMIUM,)),
    "no nginx on this machine",
    "no French model of spaCy",
    "no package index within reach",
    "not a git checkout",
    "not on Linux",
    "fewer than two cores",
}
os.environ["LC_ALL"] = "C.UTF-8"  # sentences are looked for in English, whatever this machine speaks
os.environ["STREAMLIT_RUNNER_POST_SCRIPT_GC"] = "false"  # as pages are served
hypothesis.settings.register_profile("seize", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("seize")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """A module of the pipeline without an example has no doctest: it is imported by who needs it."""
    is_module = collection_path.suffix == ".py" and (ROOT / "pipeline") in collection_path.parents
    return True if is_module and ">>>" not in collection_path.read_text("utf-8") else None


@pytest.hookimpl(tryfirst=True)  # before slow tests are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the cases of a test that is `sampled(n)`, the first and every nth after it stay; the others are slow. Files
    with a browser, which are long, come first: two workers that take a file at a time end together. What both would
    wait for (`made_once`) is begun by one each: the corpus of the pages, and the trained runs.
    """
    with_browser = {item.path for item in items if item.get_closest_marker("browser")}
    begin = ("test_browser.py", "test_control_tokens.py")
    items.sort(key=lambda item: (item.path.name not in begin, item.path not in with_browser))
    cases = Counter[str]()
    for item in items:
        if marker := item.get_closest_marker("sampled"):
            name = item.nodeid.partition("[")[0]
            if cases[name] % marker.args[0]:
                item.add_marker(pytest.mark.slow)
            cases[name] += 1


def pytest_collection_finish() -> None:
    """What is imported and collected stays until the end: no collection of garbage need look at it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not CHROMIUM:
        pytest.skip(NO_CHROMIUM)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Report, Report]:
    return _refuse_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Report, Report]:
    return _refuse_skips((yield))


def _refuse_skips(report: Report) -> Report:
    """Make a failure of a report that skips for a reason that is none of ours."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        if reason not in REASONS:
            report.outcome, report.longrepr = "failed", f"Skipped, and tests/conftest.py allows no skip for: {reason}"
    return report


@pytest.fixture(autouse=True)
def _main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that a test runs is the main module from then on, which each process that is spawned would run again."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session", autouse=True)
def _notebook_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No draft of a test stands in the notebook of who runs it."""
    os.environ["SEIZE_NOTEBOOKS"] = str(tmp_path_factory.mktemp("notebooks"))


@pytest.fixture(scope="session")
def small_corpus():
    return make_corpus("petit", [made_song(number) for number in range(40)])


@pytest.fixture(scope="session")
def trained(small_corpus, tmp_path_factory):
    """The folder that holds the runs `lettres` and `mots`, and the same as mixtures."""

    def train_all(folder):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SEIZE_MODELS", str(folder))
            train(small_corpus, small_settings(name="lettres", kind="network"))
            train(small_corpus, small_settings(name="mots", level="word", kind="network"))
            train(small_corpus, small_settings(name="lettres-mixed"))
            train(small_corpus, small_settings(name="mots-mixed", level="word"))

    return made_once(tmp_path_factory, "models", train_all)


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
