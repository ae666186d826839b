"""map: the shards of a source -> `Partial`s, composed here, by processes of this machine, or by any other Executor.

The text of a shard goes to files of the work folder. The little that merging needs comes back: songs, words, counts,
fingerprints.

    <work folder>/<shard>/lines.arrow  sections.arrow  tokens.arrow  originals.arrow  grams.arrow
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.core.errors import Sentence, SettingError, SourceError, from_plain, to_plain
from pipeline.corpus.account import Aside, FileAccount, Size
from pipeline.corpus.arrow_files import get_table, put_table
from pipeline.corpus.build import Columns, line_table, section_table, song_table
from pipeline.corpus.compose import ComposedSongs, SourceOutcome, compose_files, compose_songs
from pipeline.corpus.duplicates import Grams, Hashes
from pipeline.corpus.readers.blobs import Blob
from pipeline.corpus.readers.sources import Source, read_blob
from pipeline.corpus.song import Items, RawSong, Skip
from pipeline.processes.executors import map_in_order, shares_memory

SHARD_BYTES = 1 << 20
SHARD_SONGS = 512

Item = RawSong | Skip | FileAccount
Progress = Callable[[float, str], object]  # (share done, what is being done)
LINES, SECTIONS, TOKENS, ORIGINALS, GRAMS = "lines", "sections", "tokens", "originals", "grams"
_KINDS = {kind.__name__: kind for kind in (RawSong, Skip, FileAccount)}


@dataclass(frozen=True)
class Partial:
    """What merging knows of a shard, its songs and words in their order."""

    address: str
    songs: pa.Table  # SONG_COLUMNS
    facets: dict[str, pa.Array]  # a cell a song, as text; short where the last songs have none
    blocks: list[str]
    words: list[str]
    counts: npt.NDArray[np.int64]  # of each word
    grams: npt.NDArray[np.int64]  # distinct 6-grams of each song
    samples: Hashes
    sampled: npt.NDArray[np.int64]  # how many of `samples` are of each song
    sizes: npt.NDArray[np.int64]  # (songs, 4): sections, lines, tokens, and words as the account counts them
    outcome: SourceOutcome

    def table(self, name: str) -> pa.Table:
        """Return one of the tables of the shard's files."""
        return get_table(f"{self.address}/{name}.arrow")


def compose_shard_of_files(source: Source, address: str) -> Partial:
    """Compose the files of (a part of) a source."""
    return leave_shard(compose_files(source), address)


def compose_shard_of_songs(items: Iterable[Item], address: str) -> Partial:
    """Compose a batch of songs of one file."""
    return leave_shard(compose_songs(items), address)


def compose_shard_of_batch(batch: str, address: str) -> Partial:
    """Compose a batch that `split_file` left."""
    return compose_shard_of_songs(_read_batch(batch), address)


def split_file(source: Source, together: int, address: str) -> list[str]:
    """Read a file of many songs on a worker and leave them in batches of files; return where."""
    batches = list[str]()
    for batch in batches_of_songs(read_blob(source, source.blobs[0]), together):
        batches.append(f"{address}/{len(batches):06}.arrow")
        rows = [json.dumps([type(item).__name__, _plain(item)]) for item in batch]
        put_table(pa.table({"item": pa.array(rows, pa.large_string())}), batches[-1])
    return batches


def batches_of_songs(items: Items, together: int) -> Iterator[list[Item]]:
    """Return items in batches of songs."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) >= together:
            yield batch
            batch = []
    if batch:
        yield batch


def _plain(item: Item) -> dict[str, Any]:
    """An item as JSON holds it, its sentences with their values."""
    fields = asdict(item)
    if isinstance(item, Skip):
        fields["reason"] = to_plain(item.reason)
    if isinstance(item, FileAccount):
        for rule, aside in item.asides.items():
            fields["asides"][rule]["what"] = to_plain(aside.what)
    return fields


def _read_batch(batch: str) -> Iterator[Item]:
    for row in get_table(batch)["item"]:
        kind, fields = json.loads(row.as_py())
        if "size" in fields:
            fields["size"] = Size(**fields["size"])
        if kind == Skip.__name__:
            fields["reason"] = from_plain(fields["reason"])
        if kind == FileAccount.__name__:
            fields["asides"] = {rule: _aside(**aside) for rule, aside in fields["asides"].items()}
            fields["read"] = Size(**fields["read"])
        yield _KINDS[kind](**fields)


def _aside(what: Any, size: dict[str, int], count: int) -> Aside:
    return Aside(from_plain(what), Size(**size), count)


def leave_shard(batch: ComposedSongs, address: str) -> Partial:
    """Write a batch of composed songs to the files of a shard; return what merging knows of it."""
    columns = batch.columns
    sizes = _sizes(columns)
    hashes = word_hashes(list(columns.words))[columns.token_ids()] if columns.tokens else np.empty(0, np.uint64)
    bounds = np.cumsum(sizes[:, 2])[:-1]
    grams = Grams.of(np.split(hashes, bounds) if len(sizes) else [])
    each = [np.empty(0, np.uint64), *map(grams.load, range(len(grams.sizes)))]
    tables = {
        LINES: line_table(columns),
        SECTIONS: section_table(columns),
        TOKENS: pa.table({"token": columns.token_ids(), "adlib": np.frombuffer(columns.adlib, np.uint8)}),
        ORIGINALS: pa.table({"text": writable_texts(columns.originals)}),
        GRAMS: pa.table({"hash": np.concatenate(each)}),
    }
    for name, table in tables.items():
        put_table(table, f"{address}/{name}.arrow")
    return Partial(
        address,
        song_table(columns),
        {name: writable_texts(cells) for name, cells in columns.facets.items()},
        columns.blocks,
        list(columns.words),
        np.bincount(columns.token_ids(), minlength=len(columns.words)).astype(np.int64),
        grams.sizes,
        grams.samples,
        grams.sampled,
        sizes,
        batch.outcome,
    )


def word_hashes(words: Sequence[str]) -> Hashes:
    """Return a number a word that is the same on every machine."""
    digests = (blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest() for word in words)
    return np.frombuffer(b"".join(digests), np.uint64)


def writable_texts(texts: Sequence[str]) -> pa.Array:
    """Return texts as Arrow holds them: lone surrogates, which JSON can hold, cannot be written."""
    return pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.large_string())


def _sizes(columns: Columns) -> npt.NDArray[np.int64]:
    numbers = columns.line_numbers()
    songs = len(columns.songs)
    sizes = np.zeros((songs, 4), np.int64)
    sizes[:, 0] = np.bincount(np.array([row[0] for row in columns.sections], np.int64), minlength=songs)
    sizes[:, 1] = np.bincount(numbers[:, 0], minlength=songs)
    np.add.at(sizes[:, 2], numbers[:, 0], numbers[:, 5] - numbers[:, 4])
    np.add.at(sizes[:, 3], numbers[:, 0], [len(text.split()) for text in columns.texts])
    return sizes


def total_size(sizes: npt.NDArray[Any]) -> Size:
    """Return the sum of songs' sizes as the account counts them."""
    _, lines, _, words = sizes.sum(axis=0, dtype=np.int64)
    return Size(int(lines), int(words))


def map_shards(source: Source, pool: Executor | None, work: str, on_progress: Progress) -> Iterator[Partial]:
    """Compose the shards of a source; return them in its order. Raises SourceError when a worker runs out of memory."""
    shards = _map_songs if len(source.blobs) == 1 else _map_files
    try:
        yield from shards(source, pool, work, on_progress)
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


def _map_files(source: Source, pool: Executor | None, work: str, on_progress: Progress) -> Iterator[Partial]:
    parts = list(_parts(source))
    addresses = [f"{work}/{at:06}" for at in range(len(parts))]
    total, done = sum(blob.size for blob in source.blobs), 0
    for part, partial in zip(parts, map_in_order(pool, compose_shard_of_files, parts, addresses), strict=True):
        _originals(partial)
        done += sum(blob.size for blob in part.blobs)
        on_progress(done / max(total, 1), Sentence("reading {file}", file=part.blobs[-1].name))
        yield partial


def _map_songs(source: Source, pool: Executor | None, work: str, on_progress: Progress) -> Iterator[Partial]:
    """A file of many songs: read here as shards are taken, or on a worker where they do not share our memory."""
    total, done, songs = source.blobs[0].size, 0, 0
    for partial in _shards_of_songs(source, pool, work, on_progress):
        songs += len(partial.songs)
        done += _originals(partial).nbytes
        on_progress(min(done / max(total, 1), 1.0), Sentence("{songs:,} songs read", songs=songs))
        yield partial


def _shards_of_songs(source: Source, pool: Executor | None, work: str, on_progress: Progress) -> Iterator[Partial]:
    if pool is None or shares_memory(pool):
        batches = batches_of_songs(read_blob(source, source.blobs[0]), SHARD_SONGS)
        addresses = (f"{work}/{at:06}" for at in range(1 << 30))
        return map_in_order(pool, compose_shard_of_songs, batches, addresses)
    on_progress(0.0, Sentence("cutting {file}", file=source.blobs[0].name))
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
