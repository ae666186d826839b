"""The pool with writers of our own, and with real processes that write with a shipped run."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.core.errors import RunError, SettingError, WriterError
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.writing import write_lyric
from pipeline.processes.worker import WorkerDied
from pipeline.runs.run import load_run
from pipeline.writers.desk import RequestHandler
from pipeline.writers.pool import WriterPool, process_count
from pipeline.writers.requested_text import RequestedText
from pipeline.writers.requests import WriteRequest

ROOT = Path(__file__).resolve().parents[2]
REQUEST = WriteRequest("demo-rnn", "On a monté", 3, LyricSettings(lines=4))


def workers() -> list[psutil.Process]:
    """The processes that write for this one."""
    found = psutil.Process().children()
    running = [process for process in found if process.status() != psutil.STATUS_ZOMBIE]  # of tests before
    return [process for process in running if "pipeline.processes.worker" in process.cmdline()]


@pytest.fixture(scope="module")
def pool() -> Iterator[WriterPool]:
    before, pool = workers(), WriterPool(2)
    yield pool
    pool.close()
    assert not set(workers()) - set(before)  # other tests of this process have writers of their own


@pytest.fixture
def text(pool: WriterPool) -> RequestedText:
    return RequestedText(pool, "a visitor", REQUEST)


def read_whole(text: RequestedText) -> str:
    while not text.done:
        text.read(60)
    return text.written


def test_processes_write_what_the_pipeline_writes(text: RequestedText) -> None:
    assert read_whole(text)
    assert text.as_lyric() == write_lyric(load_run("demo-rnn"), REQUEST.seed, REQUEST.settings, REQUEST.random_seed)


def test_no_process_is_started_before_something_is_asked() -> None:
    before = len(workers())
    WriterPool(2).close()
    assert len(workers()) == before


@pytest.mark.slow
def test_a_text_that_is_stopped_goes_on_to_the_same_end(pool: WriterPool) -> None:
    request = WriteRequest("demo-rnn", "La nuit", 5, LyricSettings(lines=100))
    stopped = RequestedText(pool, "a visitor", request)
    while not stopped.lines:
        stopped.read(1)
    stopped.stop()
    assert not stopped.done
    assert stopped.queue_position == 0
    read_whole(stopped)
    assert stopped.as_lyric() == write_lyric(load_run("demo-rnn"), "La nuit", request.settings, 5)


def test_who_cannot_be_served_hears_why(pool: WriterPool) -> None:
    with pytest.raises(RunError, match="There is no model 'gone'"):
        RequestedText(pool, "a visitor", WriteRequest("gone", "", 0, LyricSettings())).read(60)
    with pytest.raises(SettingError, match="random seed"):
        RequestedText(pool, "a visitor", WriteRequest("demo-rnn", "", -1, LyricSettings())).read(60)


@pytest.mark.slow
def test_a_process_that_dies_is_replaced_and_the_text_goes_on(pool: WriterPool) -> None:
    request = WriteRequest("demo-rnn", "Le soir", 7, LyricSettings(lines=40))
    text = RequestedText(pool, "a visitor", request)
    while not text.lines:
        text.read(1)
    for process in workers():
        process.kill()
        process.wait(5)
    with pytest.raises(WriterError, match="process stopped"):
        read_whole(text)
    read_whole(text)
    assert text.as_lyric() == write_lyric(load_run("demo-rnn"), "Le soir", request.settings, 7)


@pytest.mark.slow
def test_the_processes_end_with_the_server_however_it_ends() -> None:
    server = """
import sys, time
from pipeline.generation.lyric import LyricSettings
from pipeline.writers.pool import WriterPool
from pipeline.writers.requests import WriteRequest
from pipeline.writers.requested_text import RequestedText
RequestedText(WriterPool(1), "v", WriteRequest("demo-rnn", "", 0, LyricSettings(lines=1000))).read(60)
print("writing", flush=True)
time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", server], stdout=subprocess.PIPE, cwd=ROOT, env=os.environ)
    assert process.stdout
    assert process.stdout.readline() == b"writing\n"
    children = psutil.Process(process.pid).children()
    assert len(children) == 1
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


class Echo:
    """A writer who answers with what it is told, and dies of "die"."""

    def answer(self, message):
        if message["say"] == "die":
            raise WorkerDied(-9, late=False)
        return message["say"]

    def close(self) -> None:
        pass


def test_a_problem_of_one_visitor_is_not_that_of_the_next() -> None:
    pool = WriterPool(1, Echo)
    asks = [pool.ask(str(n), {"say": say}) for n, say in enumerate(["a", "die", "b"])]
    assert asks[0].wait(5) == "a"
    with pytest.raises(WriterError, match="process stopped"):
        asks[1].wait(5)
    assert asks[2].wait(5) == "b"
    pool.close()
    with pytest.raises(WriterError, match="server is shutting down"):
        pool.ask("late", {"say": "c"})


@pytest.mark.parametrize(("asked", "count"), [("0", 0), ("3", 3), ("many", None), ("", None)])
def test_the_environment_says_how_many_write(asked: str, count: int | None, monkeypatch) -> None:
    monkeypatch.setenv("SEIZE_WRITERS", asked)
    assert process_count() == (min(os.cpu_count() or 1, 2) if count is None else count)


def test_the_same_request_is_written_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = WriterPool(1, RequestHandler)
    first, second = (RequestedText(pool, visitor, REQUEST) for visitor in ("ana", "ben"))
    read_whole(first)
    monkeypatch.setattr("pipeline.writers.desk.write", None)
    assert read_whole(second) == first.written
    pool.close()
