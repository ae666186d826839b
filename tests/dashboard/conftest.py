"""The dashboard on a freshly prepared embedded corpus and a run that needs no training."""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest

from pipeline.corpus.prepare import ensure_demo
from tests.dashboard.browser import server
from tests.dashboard.pages import APP
from tests.dashboard.tiny_run import save_tiny_run
from tests.once import made_once
from tests.source_tree import ROOT


def prepare_demo(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZE_PREPARED", str(folder))
        ensure_demo()


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with folders of this session; among the models are the run `tiny` and the teaching models."""
    home = tmp_path_factory.mktemp("seize")
    folders = {f"SEIZE_{name}": str(home / name.lower()) for name in ("PREPARED", "MODELS", "JOBS", "NOTEBOOKS")}
    shutil.copytree(made_once(tmp_path_factory, "prepared", prepare_demo), folders["SEIZE_PREPARED"])
    with pytest.MonkeyPatch.context() as patch:  # closed again: other tests of this process have their own places
        patch.setenv("SEIZE_MODELS", folders["SEIZE_MODELS"])
        save_tiny_run()
    for shipped in (ROOT / "models").glob("learn-*"):
        (home / "models" / shipped.name).symlink_to(shipped)
    return {**os.environ, **folders}


@pytest.fixture(scope="session")
def address(places: dict[str, str]) -> Iterator[str]:
    """Of a server in those places, for all tests of this process that change nothing about it."""
    with server(places) as url:
        yield url


@pytest.fixture(autouse=True)
def _at_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The visitor is the operator, unless a test says otherwise: there is no browser whose headers say it."""
    monkeypatch.setattr("dashboard.cache.corpus_cache._is_local_session", lambda: True)


@pytest.fixture(autouse=True, scope="session")
def _as_in_a_server() -> Iterator[None]:
    """What a server does once or never is not done again by every `AppTest` and every run of a page.

    Each `AppTest` reads the metadata of all installed packages, looking for components (0.15 s); a server reads them as
    it starts. Each run of a page clears Keras, a full collection, where it was imported; a server never imports it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        scripts = ScriptCache()
        patch.setattr("streamlit.testing.v1.local_script_runner.ScriptCache", lambda: scripts)
        patch.setattr("streamlit.runtime.scriptrunner.script_runner._clean_problem_modules", lambda: None)
        yield


@pytest.fixture
def app(places: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> AppTest:
    """The app before its first run, in those places."""
    for name in ("SEIZE_PREPARED", "SEIZE_MODELS", "SEIZE_JOBS"):
        monkeypatch.setenv(name, places[name])
    monkeypatch.setenv("SEIZE_NOTEBOOKS", str(tmp_path_factory.mktemp("notebooks")))  # a notebook a test
    monkeypatch.setenv("SEIZE_WRITERS", "0")  # writes here; tests/dashboard/test_writers.py has processes
    monkeypatch.setenv("SEIZE_IMPORT_ROOTS", os.sep)
    return AppTest.from_file(str(APP), default_timeout=300)  # seconds, where others work too
