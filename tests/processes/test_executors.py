"""Worker processes: each computes alone, so that several do not wait for each other."""

import importlib
import os
import sys
from types import ModuleType

import pytest
from threadpoolctl import threadpool_info

from pipeline.processes.executors import workers


def numpy_threads() -> list[int]:
    """Return how many threads each library of NumPy takes, where this is called."""
    importlib.import_module("numpy")
    return [library["num_threads"] for library in threadpool_info()]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="fewer than two cores")
def test_a_worker_takes_one_thread_for_linear_algebra(monkeypatch: pytest.MonkeyPatch) -> None:
    # a page that was run in this process is its main module by now, which a spawned one would run again
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    with workers(None, worth=True) as pool:
        assert pool is not None
        threads = pool.submit(numpy_threads).result()
    assert threads
    assert set(threads) == {1}


def test_without_workers_linear_algebra_takes_one_thread_meanwhile() -> None:
    before = [library["num_threads"] for library in threadpool_info()]
    with workers(None, worth=False) as pool:
        assert pool is None
        assert all(library["num_threads"] == 1 for library in threadpool_info())
    assert [library["num_threads"] for library in threadpool_info()] == before
