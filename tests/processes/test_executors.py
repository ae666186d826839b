"""Worker processes: each computes alone, so that several do not wait for each other."""

import importlib
import multiprocessing
import os
import sys
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info

from pipeline.__main__ import main
from pipeline.processes.executors import LocalWorkers, worker_executor


def numpy_threads() -> list[int]:
    """Return how many threads each library of NumPy takes, where this is called."""
    importlib.import_module("numpy")
    return [library["num_threads"] for library in threadpool_info()]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="fewer than two cores")
def test_a_worker_takes_one_thread_for_linear_algebra() -> None:
    with worker_executor(None, worth=True) as pool:
        assert pool is not None
        threads = pool.submit(numpy_threads).result()
    assert threads
    assert set(threads) == {1}


def is_loaded(module: str) -> bool:
    """Whether this process has imported it."""
    return module in sys.modules


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no server to fork from")
def test_workers_have_what_their_server_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.processes.executors._PRELOADED", ("this",))
    with LocalWorkers() as pool:
        assert pool.submit(is_loaded, "this").result()
    assert not is_loaded("this")
    monkeypatch.setattr("pipeline.processes.executors._PRELOADED", ("json",))
    with LocalWorkers() as pool:
        assert not pool.submit(is_loaded, "this").result()


def test_a_song_is_prepared_without_workers_and_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    monkeypatch.setattr(LocalWorkers, "__init__", lambda *given: pytest.fail("workers were made"))
    monkeypatch.setattr("pipeline.language.g2p._load_model", lambda: pytest.fail("the model was loaded"))
    (tmp_path / "un.txt").write_text("Les bagarreurs tchatchent\nSur la ville\n", "utf-8")
    assert main(["prepare", str(tmp_path / "un.txt"), "--name", "un", "--quiet"]) == 0


def test_without_workers_linear_algebra_takes_one_thread_meanwhile() -> None:
    before = [library["num_threads"] for library in threadpool_info()]
    with worker_executor(None, worth=False) as pool:
        assert pool is None
        assert all(library["num_threads"] == 1 for library in threadpool_info())
    assert [library["num_threads"] for library in threadpool_info()] == before
