"""One corpus whatever its shards and workers were: map -> merge -> finish."""

import random
import shutil
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipeline.corpus import shards
from pipeline.corpus.account import TextSize
from pipeline.corpus.prepare import prepare
from tests.corpus.files import corpus_files
from tests.worlds import make_world


class Shuffled(Executor):
    """A pool that finishes what it was asked for in another order."""

    def __init__(self, seed: int) -> None:
        self._random, self._waiting = random.Random(seed), list[tuple[Future[Any], Callable[[], Any]]]()

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        future = Future[Any]()
        future.result = lambda timeout=None: self._finish(future)  # type: ignore[method-assign]
        self._waiting.append((future, lambda: function(*args, **options)))
        return future

    def _finish(self, wanted: Future[Any]) -> Any:
        self._random.shuffle(self._waiting)
        while self._waiting:
            future, work = self._waiting.pop()
            future.set_result(work())
        return Future.result(wanted)


def prepared_in(
    source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, executor: Executor | None, songs: int, size: int
) -> dict[str, bytes]:
    monkeypatch.setattr(shards, "SHARD_SONGS", songs)
    monkeypatch.setattr(shards, "MIN_SHARD_BYTES", size)
    monkeypatch.setattr("pipeline.corpus.prepare.MAX_LAZY_VOCABULARY", 0)  # words are transcribed, however few
    monkeypatch.setenv("SEIZE_PREPARED", str(folder))
    prepare(source, "mine", executor=executor)
    return corpus_files(folder / "mine")


@pytest.mark.parametrize("shape", ["K", *(pytest.param(shape, marks=pytest.mark.slow) for shape in "FL")])
def test_the_same_bytes_whatever_the_shards_and_the_order(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_world(shape, tmp_path, megabytes=0.12).source
    if source.is_dir():  # songs that are there twice, in shards of their own
        for path in [path for path in sorted(source.rglob("*")) if path.is_file()][:3]:
            shutil.copy(path, source / f"zz{path.name}")
    whole = prepared_in(source, tmp_path / "one", monkeypatch, None, 1 << 30, 1 << 30)
    assert {"songs.arrow", "lines.arrow", "tokens.arrow", "originals.parquet", "pronunciations.parquet"} <= set(whole)
    for seed, songs, size in ((1, 40, 60_000), (2, 7, 25_000)):
        parts = prepared_in(source, tmp_path / str(seed), monkeypatch, Shuffled(seed), songs, size)
        assert parts.keys() == whole.keys()
        assert [name for name, data in whole.items() if parts[name] != data] == []
    with ThreadPoolExecutor(2) as threads:
        assert prepared_in(source, tmp_path / "threads", monkeypatch, threads, 20, 30_000) == whole


def test_duplicates_in_other_shards_leave_with_their_words(
    prepared: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "SHARD_SONGS", 1)
    song = "\n".join(f"la rue numéro {n} est longue ce soir" for n in range(12))
    source = write({"a.txt": song, "b.txt": "Un autre texte\nla mer", "c.txt": song, "d.txt": "encore\nun seul"})
    corpus, report = prepare(source, "mine", executor=Shuffled(3))
    assert corpus.songs["source"].tolist() == ["a.txt", "b.txt", "d.txt"]
    assert corpus.sections["song"].is_monotonic_increasing
    assert corpus.texts.tolist()[-2:] == ["encore", "un seul"]
    starts, stops = corpus.lines["start"].to_numpy(), corpus.lines["stop"].to_numpy()
    assert (starts[1:] == stops[:-1]).all()
    assert stops[-1] == len(corpus.tokens)
    assert corpus.vocabulary.counts[corpus.vocabulary.word2index["longue"]] == 12
    assert corpus.vocabulary.decode(corpus.tokens[starts[-1] : stops[-1]]) == ["un", "seul"]
    assert report.account.unaccounted_size == TextSize()
