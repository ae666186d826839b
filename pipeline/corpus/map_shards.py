"""Cuts a source into shards and has them composed, here, by processes of this machine, or by any other Executor."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor

import pyarrow as pa

from pipeline.core.errors import Sentence, SettingError, SourceError
from pipeline.corpus.readers.blobs import Blob
from pipeline.corpus.readers.formats import Source, read_blob
from pipeline.corpus.shards import (
    ORIGINALS,
    Partial,
    batches_of_songs,
    compose_shard_of_batch,
    compose_shard_of_files,
    compose_shard_of_songs,
    split_file,
)
from pipeline.corpus.workers import map_in_order, shares_memory

SHARD_BYTES = 1 << 20
SHARD_SONGS = 512

Told = Callable[[float, str], object]


def map_shards(source: Source, pool: Executor | None, work: str, tell: Told) -> Iterator[Partial]:
    """Compose the shards of a source; return them in its order. Raises SourceError when a worker runs out of memory."""
    shards = _map_songs if len(source.blobs) == 1 else _map_files
    try:
        yield from shards(source, pool, work, tell)
    except (BrokenExecutor, MemoryError) as error:
        raise SourceError(
            "Reading {source} was cut short for lack of memory: a file in it is damaged, or far larger than it "
            "looks. Take it out, or split it.",
            source=source.path,
        ) from error


def _originals(partial: Partial) -> pa.Table:
    """The texts that a worker wrote. Raises SettingError when this process does not reach them."""
    try:
        return partial.table(ORIGINALS)
    except OSError as error:
        raise SettingError(
            "What the workers wrote to {folder} is not there for this process: give a folder or an address that all "
            "reach, with --work.",
            folder=partial.address.rpartition("/")[0],
        ) from error


def _map_files(source: Source, pool: Executor | None, work: str, tell: Told) -> Iterator[Partial]:
    parts = list(_parts(source))
    addresses = [f"{work}/{at:06}" for at in range(len(parts))]
    total, done = sum(blob.size for blob in source.blobs), 0
    for part, partial in zip(parts, map_in_order(pool, compose_shard_of_files, parts, addresses), strict=True):
        _originals(partial)
        done += sum(blob.size for blob in part.blobs)
        tell(done / max(total, 1), Sentence("reading {file}", file=part.blobs[-1].name))
        yield partial


def _map_songs(source: Source, pool: Executor | None, work: str, tell: Told) -> Iterator[Partial]:
    """A file of many songs: read here as shards are taken, or on a worker where they do not share our memory."""
    total, done, songs = source.blobs[0].size, 0, 0
    for partial in _shards_of_songs(source, pool, work, tell):
        songs += len(partial.songs)
        done += _originals(partial).nbytes
        tell(min(done / max(total, 1), 1.0), Sentence("{songs:,} songs read", songs=songs))
        yield partial


def _shards_of_songs(source: Source, pool: Executor | None, work: str, tell: Told) -> Iterator[Partial]:
    if pool is None or shares_memory(pool):
        batches = batches_of_songs(read_blob(source, source.blobs[0]), SHARD_SONGS)
        addresses = (f"{work}/{at:06}" for at in range(1 << 30))
        return map_in_order(pool, compose_shard_of_songs, batches, addresses)
    tell(0.0, Sentence("cutting {file}", file=source.blobs[0].name))
    names = pool.submit(split_file, source, SHARD_SONGS, f"{work}/batches").result()
    return map_in_order(pool, compose_shard_of_batch, names, [f"{work}/{at:06}" for at in range(len(names))])


def _parts(source: Source) -> Iterator[Source]:
    blobs: list[Blob] = []
    size = 0
    for blob in source.blobs:
        blobs.append(blob)
        size += blob.size
        if size >= SHARD_BYTES or len(blobs) >= SHARD_SONGS:
            yield source.part(blobs)
            blobs, size = [], 0
    if blobs:
        yield source.part(blobs)
