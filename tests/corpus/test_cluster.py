"""Preparing through a Dask cluster: the same bytes as here, a worker that dies costs its shard."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import distributed
import pytest

from pipeline.__main__ import main
from pipeline.corpus import shards
from pipeline.corpus.prepare import prepare
from pipeline.processes.executors import dask_executor
from tests.corpus.files import corpus_files
from tests.worlds import make_world

pytestmark = pytest.mark.filterwarnings("ignore")  # of Dask's own event loop and ports


@pytest.fixture(scope="module")
def threads() -> object:
    """A cluster of two workers that are threads of this process: it starts in a second."""
    with distributed.LocalCluster(2, threads_per_worker=1, processes=False, dashboard_address=None) as local:
        yield local.scheduler_address


@pytest.mark.parametrize("shape", ["K", "L"])
def test_a_cluster_writes_the_same_corpus(
    shape: str, threads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_world(shape, tmp_path, megabytes=0.1).source
    monkeypatch.setattr(shards, "SHARD_SONGS", 5)
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "here"))
    prepare(source, "mine")
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "there"))
    with dask_executor(threads) as executor:
        prepare(source, "mine", executor=executor, work=tmp_path)
    assert corpus_files(tmp_path / "there" / "mine") == corpus_files(tmp_path / "here" / "mine")


def test_what_is_wrong_with_a_cluster_is_a_sentence(
    write: Callable[..., Path], prepared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.processes.executors._SCHEDULER_TIMEOUT_SECONDS", 1)
    source = write({"une.txt": "La mer"})
    for address in ("tcp://127.0.0.1:9", "nowhere"):
        assert main(["prepare", str(source), "--name", "mine", "--scheduler", address]) == 2
        error = capsys.readouterr().err
        assert "There is no Dask scheduler at" in error
        assert "Traceback" not in error


@pytest.mark.slow
def test_killed_workers_cost_their_shards_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make_world("K", tmp_path, megabytes=2).source
    monkeypatch.setattr(shards, "MIN_SHARD_BYTES", 100_000)
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "here"))
    prepare(source, "mine")
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "there"))
    killed = list[int]()
    with distributed.LocalCluster(3, threads_per_worker=1, processes=True, dashboard_address=None) as local:

        def kill(share: float, doing: str) -> None:
            if len(killed) < 2 and share > 0.1 * (len(killed) + 1):
                killed.append(max(worker.process.pid for worker in local.workers.values() if worker.process))
                os.kill(killed[-1], signal.SIGKILL)

        with dask_executor(local.scheduler_address) as executor:
            prepare(source, "mine", executor=executor, work=tmp_path, on_progress=kill)
    assert len(killed) == 2
    assert corpus_files(tmp_path / "there" / "mine") == corpus_files(tmp_path / "here" / "mine")
