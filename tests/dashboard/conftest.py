"""The dashboard on a freshly prepared embedded corpus and a run that needs no training."""

import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest

from pipeline.cells.replay import NetworkSpec
from pipeline.language.vocabulary import Level, Vocabulary
from pipeline.runs.draft import Draft, save_run

sys.path.insert(0, str(Path(__file__).parent))  # for dashboard_browser, which stands beside

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "dashboard" / "app.py"
ALPHABET = dict.fromkeys("abcdefghijklmnopqrstuvwxyzéèàçù'J ", 1)


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with folders of this session; among the models are the run `tiny` and the teaching models."""
    home = tmp_path_factory.mktemp("seize")
    folders = {f"SEIZE_{name}": str(home / name.lower()) for name in ("PREPARED", "MODELS", "JOBS", "NOTEBOOKS")}
    with pytest.MonkeyPatch.context() as patch:  # closed again: other tests of this process have their own places
        for name, folder in folders.items():
            patch.setenv(name, folder)
        save_tiny_run()
    for shipped in (ROOT / "models").glob("learn-*"):
        (home / "models" / shipped.name).symlink_to(shipped)
    return {**os.environ, **folders}


@pytest.fixture(autouse=True)
def _at_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The visitor is the operator, unless a test says otherwise: there is no browser whose headers say it."""
    monkeypatch.setattr("dashboard.cache.session_visitor._is_local", lambda: True)


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
    return AppTest.from_file(str(APP), default_timeout=60)


def save_tiny_run(
    name: str = "tiny",
    *,
    counts: dict[str, int] = ALPHABET,
    level: Level = "char",
    card: str = "Random weights, for tests.",
    **config: Any,
) -> None:
    """A GRU of 8 units with random weights, written as Keras writes it but without Keras."""
    vocabulary = Vocabulary.from_counts(counts, level=level)
    spec = NetworkSpec(cell="gru", units=8, layers=1, embedding=8, tied=False, vocabulary_size=len(vocabulary))
    rng = np.random.default_rng(0)
    arrays = [rng.normal(0, 0.3, shape).astype(np.float32) for shape in spec.shapes()]
    layers = {"embedding": arrays[:1], "gru": arrays[1:4], "dense": arrays[4:]}
    save_run(
        Draft(
            name,
            {"kind": "network", "network": spec.to_json(), **config},
            vocabulary,
            weights=lambda path: _write_keras(path, layers),
            card=card,
        )
    )


def _write_keras(path: Path, layers: dict[str, list[np.ndarray]]) -> None:
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        for name, arrays in layers.items():
            group = file.create_group(f"layers/{name}/vars")
            group.attrs["name"] = name
            for number, array in enumerate(arrays):
                group.create_dataset(str(number), data=array)
    config = {"config": {"layers": [{"class_name": "Layer", "config": {"name": name}} for name in layers]}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights.getvalue())
