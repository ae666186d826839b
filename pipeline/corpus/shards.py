"""The shards of a source: composed by any Executor, then merged into one corpus, the same whatever the shards were.

map     the text of a shard goes to files of the work folder; the little that merging needs comes back (`ShardSummary`)
merge   songs, words, counts, fingerprints and a sample of 6-grams of all shards, in their order (`MergedShards`)
finish  the text passes through this process as the corpus is written, a shard at a time

    <work folder>/<shard>/lines.arrow  sections.arrow  tokens.arrow  originals.arrow  grams.arrow
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import compress, count, islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.core.errors import Sentence, SettingError, SourceError
from pipeline.corpus.account import Account, TextSize
from pipeline.corpus.arrow_files import memory_map_table, write_frame, write_table, write_table_atomically
from pipeline.corpus.compose import (
    LINE_TYPES,
    CleaningOutcome,
    SongBatch,
    SongColumns,
    abort_slow_reading,
    build_song_batch,
    build_songs_of_files,
    line_table,
    section_frame,
    section_table,
    song_frame,
    song_table,
    token_table,
    vocabulary_and_word_ids,
)
from pipeline.corpus.duplicates import Duplicates, Hashes, SongNgrams, find_duplicates
from pipeline.corpus.readers.blobs import Blob
from pipeline.corpus.readers.sources import Source, read_blob
from pipeline.corpus.song import RawSong, SkippedItem
from pipeline.corpus.store import WORD_TIMES_FILE, write_corpus_metadata, write_originals
from pipeline.corpus.table import LINE_COLUMNS, SONG_COLUMNS
from pipeline.corpus.tags import fold_accents, letters_and_digits
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.processes.executors import map_in_order

MIN_SHARD_BYTES = 1 << 20
SHARD_SONGS = 512

ReaderItem = RawSong | SkippedItem | Account
Progress = Callable[[float, str], object]  # (share done, what is being done)
LINES, SECTIONS, TOKENS, ORIGINALS, GRAMS = "lines", "sections", "tokens", "originals", "grams"
Mask = npt.NDArray[np.bool_]
_MIN_SPELLING_COUNT = 2  # times that a name is spelled so elsewhere at least
_SHARD_CACHE_SIZE = 16  # shards whose 6-grams are held at a time, some 2 MB each where they are not mapped
_NO_HASHES, _NO_COUNTS = np.empty(0, np.uint64), np.empty(0, np.int64)
_LINE_SCHEMA = pa.schema([(name, LINE_TYPES.get(name, pa.large_string())) for name in LINE_COLUMNS])


@dataclass(frozen=True)
class ShardSummary:
    """The data of a shard that is kept in memory for merging. Its lines, sections and tokens are files in `folder`."""

    folder: Path
    songs: pa.Table  # SONG_COLUMNS
    facets: dict[str, pa.Array]  # a cell a song, as text; short where the last songs have none
    blocks: list[str]
    words: list[str]
    counts: npt.NDArray[np.int64]  # of each word
    grams: npt.NDArray[np.int64]  # distinct 6-grams of each song
    samples: Hashes
    sampled: npt.NDArray[np.int64]  # how many of `samples` are of each song
    sizes: npt.NDArray[np.int64]  # (songs, 4): sections, lines, tokens, and words as the account counts them
    timed: bool  # whether it is known of any word when it begins
    outcome: CleaningOutcome

    def load_table(self, name: str) -> pa.Table:
        """Return one of the shard's tables, memory-mapped from its file."""
        return memory_map_table(self.folder / f"{name}.arrow")


def build_shard_of_files(source: Source, folder: Path) -> ShardSummary:
    """Clean the songs of all files of a source and write them as a shard in `folder`."""
    return write_shard(build_songs_of_files(source), folder)


def build_shard_of_songs(items: Sequence[ReaderItem], folder: Path) -> ShardSummary:
    """Clean a batch of songs of one file and write them as a shard in `folder`."""
    return write_shard(build_song_batch(items), folder)


def batches_of_songs(source: Source, batch_size: int) -> Iterator[list[ReaderItem]]:
    """Yield the songs of a source's only file in batches of `batch_size`. Raises SourceError, LimitError."""
    (blob,) = source.blobs
    items = read_blob(source, blob)
    while True:
        with abort_slow_reading(blob.name, blob.size):
            batch = list(islice(items, batch_size))
        if not batch:
            return
        yield batch


def write_shard(batch: SongBatch, folder: Path) -> ShardSummary:
    """Write a batch of cleaned songs to the files of a shard; return its summary."""
    columns = batch.columns
    sizes = _song_sizes(columns)
    hashes = word_hashes(list(columns.words))[columns.token_ids()] if columns.tokens else np.empty(0, np.uint64)
    bounds = np.cumsum(sizes[:, 2])[:-1]
    grams = SongNgrams.from_word_hashes(np.split(hashes, bounds) if len(sizes) else [])
    each = [np.empty(0, np.uint64), *map(grams.load, range(len(grams.sizes)))]
    tables = {
        LINES: line_table(columns),
        SECTIONS: section_table(columns),
        TOKENS: token_table(columns),
        ORIGINALS: pa.table({"text": encode_texts(columns.originals)}),
        GRAMS: pa.table({"hash": np.concatenate(each)}),
    }
    for name, table in tables.items():
        write_table_atomically(table, folder / f"{name}.arrow")
    return ShardSummary(
        folder,
        song_table(columns),
        {name: encode_texts(cells) for name, cells in columns.facets.items()},
        columns.blocks,
        list(columns.words),
        np.bincount(columns.token_ids(), minlength=len(columns.words)).astype(np.int64),
        grams.sizes,
        grams.samples,
        grams.sampled,
        sizes,
        bool(columns.word_times),
        batch.outcome,
    )


def word_hashes(words: Sequence[str]) -> Hashes:
    """Return uint64[words]: a hash of each word, the same on every machine."""
    digests = (blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest() for word in words)
    return np.frombuffer(b"".join(digests), np.uint64)


def encode_texts(texts: Sequence[str]) -> pa.Array:
    """Return texts as an Arrow array. Lone surrogates, which cannot be written, become question marks."""
    return pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.large_string())


def _song_sizes(columns: SongColumns) -> npt.NDArray[np.int64]:
    """Return int64[songs, 4]: sections, lines, tokens and words separated by spaces of each song."""
    numbers = columns.line_numbers()
    songs = len(columns.songs)
    sizes = np.zeros((songs, 4), np.int64)
    sizes[:, 0] = np.bincount(np.array([row[0] for row in columns.sections], np.int64), minlength=songs)
    sizes[:, 1] = np.bincount(numbers[:, 0], minlength=songs)
    np.add.at(sizes[:, 2], numbers[:, 0], numbers[:, 5] - numbers[:, 4])
    np.add.at(sizes[:, 3], numbers[:, 0], [len(text.split()) for text in columns.texts])
    return sizes


def total_size(sizes: npt.NDArray[Any]) -> TextSize:
    """Return the lines and words of several songs, summed. `sizes` is int64[songs, 4], as `_song_sizes` returns it."""
    _, lines, _, words = sizes.sum(axis=0, dtype=np.int64)
    return TextSize(int(lines), int(words))


def map_shards(source: Source, pool: Executor | None, work: Path, on_progress: Progress) -> Iterator[ShardSummary]:
    """Build the shards of a source on `pool`, and yield their summaries. Raise SourceError when memory runs out."""
    shards = _song_shards if len(source.blobs) == 1 else _file_shards
    try:
        yield from shards(source, pool, work, on_progress)
    except (BrokenExecutor, MemoryError) as error:
        raise SourceError(
            "Reading {source} ran out of memory: a file in it is damaged, or far larger than it looks. Remove it, or "
            "split it.",
            source=source.path,
        ) from error


def _original_texts_of_shard(summary: ShardSummary) -> pa.Table:
    """Return the original texts of a shard. Raises SettingError when the worker's files cannot be reached."""
    try:
        return summary.load_table(ORIGINALS)
    except OSError as error:
        raise SettingError(
            "This process cannot see what the workers wrote to {folder}: give a folder that all of them can "
            "reach, with --work.",
            folder=summary.folder.parent,
        ) from error


def _file_shards(source: Source, pool: Executor | None, work: Path, on_progress: Progress) -> Iterator[ShardSummary]:
    parts = list(_file_batches(source))
    folders = [work / f"{at:06}" for at in range(len(parts))]
    total, done = sum(blob.size for blob in source.blobs), 0
    for part, summary in zip(parts, map_in_order(pool, build_shard_of_files, parts, folders), strict=True):
        _original_texts_of_shard(summary)
        done += sum(blob.size for blob in part.blobs)
        on_progress(done / max(total, 1), Sentence("reading {file}", file=part.blobs[-1].name))
        yield summary


def _song_shards(source: Source, pool: Executor | None, work: Path, on_progress: Progress) -> Iterator[ShardSummary]:
    total, done, songs = source.blobs[0].size, 0, 0
    folders = (work / f"{at:06}" for at in count())
    for summary in map_in_order(pool, build_shard_of_songs, batches_of_songs(source, SHARD_SONGS), folders):
        songs += len(summary.songs)
        done += _original_texts_of_shard(summary).nbytes
        on_progress(min(done / max(total, 1), 1.0), Sentence("{songs:,} songs read", songs=songs))
        yield summary


def _file_batches(source: Source) -> Iterator[Source]:
    blobs: list[Blob] = []
    size = 0
    for blob in source.blobs:
        blobs.append(blob)
        size += blob.size
        if size >= MIN_SHARD_BYTES or len(blobs) >= SHARD_SONGS:
            yield source.restrict_to_files(blobs)
            blobs, size = [], 0
    if blobs:
        yield source.restrict_to_files(blobs)


@dataclass
class MergedShards:
    """The songs of all shards of a source, with duplicates. `ids[shard]` are indices of its words in `words`."""

    partials: list[ShardSummary] = field(default_factory=list)
    ids: list[Ids] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=lambda: defaultdict(count().__next__))
    outcome: CleaningOutcome = field(default_factory=CleaningOutcome)

    def add_shard(self, summary: ShardSummary) -> None:
        self.ids.append(np.fromiter(map(self.words.__getitem__, summary.words), np.int32, len(summary.words)))
        self.outcome.add_batch(summary.outcome)
        self.partials.append(replace(summary, words=[], outcome=CleaningOutcome()))

    @cached_property
    def songs(self) -> pa.Table:
        """The table of all songs, with SONG_COLUMNS."""
        return pa.concat_tables(summary.songs for summary in self.partials)

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """int64[songs, 4]: sections, lines, tokens and words of each song."""
        return np.concatenate([np.empty((0, 4), np.int64), *(summary.sizes for summary in self.partials)])

    @cached_property
    def shard_starts(self) -> npt.NDArray[np.int64]:
        """int64[shards + 1]: the index of the first song of each shard."""
        return np.cumsum([0, *(len(summary.songs) for summary in self.partials)])

    def facets(self, keep: Mask) -> dict[str, list[str]]:
        """Return the values of each facet for the songs where `keep` is true."""
        names = dict.fromkeys(name for summary in self.partials for name in summary.facets)
        return {name: list(compress(self._facet_values(name), keep)) for name in names}

    def _facet_values(self, name: str) -> Iterator[str]:
        for summary in self.partials:
            cells = summary.facets[name].to_pylist() if name in summary.facets else []
            yield from cells
            yield from [""] * (len(summary.songs) - len(cells))

    def duplicates(self, worth: Sequence[float]) -> Duplicates:
        """Return the songs to drop as duplicates (the copies of less `worth`), and the groups of related songs."""
        sizes, samples, sampled = (
            np.concatenate([empty, *(getattr(summary, name) for summary in self.partials)])
            for name, empty in (("grams", _NO_COUNTS), ("samples", _NO_HASHES), ("sampled", _NO_COUNTS))
        )
        blocks = [block for summary in self.partials for block in summary.blocks]
        prints = self.songs["fingerprint"].to_pylist()
        return find_duplicates(SongNgrams(self._load_song_ngrams, sizes, samples, sampled), prints, worth, blocks)

    def _load_song_ngrams(self, song: int) -> Hashes:
        shard = int(np.searchsorted(self.shard_starts, song, "right")) - 1
        summary, at = self.partials[shard], song - int(self.shard_starts[shard])
        start, size = int(summary.grams[:at].sum()), int(summary.grams[at])
        return self._load_shard_ngrams(shard)[start : start + size]

    @cached_property
    def _load_shard_ngrams(self) -> Callable[[int], Hashes]:
        """A function from a shard number to the word 6-grams of its songs, cached for the last few shards."""
        return lru_cache(_SHARD_CACHE_SIZE)(lambda shard: self.partials[shard].load_table(GRAMS)["hash"].to_numpy())

    def vocabulary(self, keep: Mask) -> tuple[Vocabulary, list[Ids]]:
        """Return (the vocabulary of the kept songs, for each shard int32[words]: the index of each word in it)."""
        counts = np.zeros(len(self.words), np.int64)
        for summary, ids, mask in zip(self.partials, self.ids, self.split_mask(keep), strict=True):
            np.add.at(counts, ids, summary.counts if mask.all() else _count_words(summary, mask))
        vocabulary, final = vocabulary_and_word_ids(list(self.words), counts)
        return vocabulary, [final[ids] for ids in self.ids]

    def split_mask(self, keep: Mask) -> list[Mask]:
        """Split a mask of all songs (bool[songs]) into one mask for each shard."""
        return np.split(keep, self.shard_starts[1:-1])


def merge_shards(partials: Iterable[ShardSummary]) -> MergedShards:
    """Return all shards merged, in their order."""
    whole = MergedShards()
    for summary in partials:
        whole.add_shard(summary)
    return whole


def kept_token_mask(summary: ShardSummary, keep: Mask) -> Mask:
    """Return bool[tokens of the shard]: whether the token is in a song that is kept."""
    return np.repeat(keep, summary.sizes[:, 2])


def sections_of_kept_songs(merged: MergedShards, keep: Mask) -> pa.Table:
    """Return the sections of the songs where `keep` is true, with songs renumbered."""
    numbers = np.cumsum(keep) - 1
    tables = []
    for summary, mask, first in zip(merged.partials, merged.split_mask(keep), merged.shard_starts, strict=False):
        table = summary.load_table(SECTIONS)
        if not mask.all():
            table = table.filter(pa.array(np.repeat(mask, summary.sizes[:, 0])))
        songs = numbers[first + table["song"].to_numpy()].astype(np.int32) if len(table) else np.empty(0, np.int32)
        tables.append(table.set_column(0, "song", pa.array(songs)))
    return pa.concat_tables(tables)


def line_tables_of_kept_songs(merged: MergedShards, keep: Mask) -> Iterator[pa.Table]:
    """Yield the lines of the kept songs, one table per shard. Songs, sections and tokens are renumbered."""
    song = section = token = 0
    for summary, mask in zip(merged.partials, merged.split_mask(keep), strict=True):
        table, sizes = summary.load_table(LINES), summary.sizes
        chosen = np.repeat(mask, sizes[:, 1])
        if not chosen.all():
            table = table.filter(pa.array(chosen))
        columns = {name: table[name].to_numpy() for name in table.column_names if name != "text"}
        columns["song"] = (np.cumsum(mask) - 1)[columns["song"]] + song
        columns["section"] = (np.cumsum(np.repeat(mask, sizes[:, 0])) - 1)[columns["section"]] + section
        length = columns["stop"] - columns["start"]
        columns["stop"] = np.cumsum(length, dtype=np.int64) + token
        columns["start"] = columns["stop"] - length
        columns["text"] = table["text"]
        yield pa.table({name: columns[name] for name in LINE_COLUMNS}).cast(_LINE_SCHEMA)
        sections, _, tokens, _ = sizes[mask].sum(axis=0).tolist()
        song, section, token = song + int(mask.sum()), section + sections, token + tokens


def token_tables_of_kept_songs(merged: MergedShards, keep: Mask, vocabulary_ids: Sequence[Ids]) -> Iterator[pa.Table]:
    """Yield the tokens of the kept songs, one table per shard: vocabulary index, and whether in an ad-lib."""
    for summary, mask, ids in zip(merged.partials, merged.split_mask(keep), vocabulary_ids, strict=True):
        table, chosen = summary.load_table(TOKENS), kept_token_mask(summary, mask)
        yield pa.table({"token": ids[table["token"].to_numpy()[chosen]], "adlib": table["adlib"].to_numpy()[chosen]})


def word_times_of_kept_songs(merged: MergedShards, keep: Mask) -> pa.Table:
    """Return a table of when words of the kept songs begin: renumbered token and seconds."""
    tables, first = [pa.table({"token": np.empty(0, np.int64), "seconds": np.empty(0, np.float32)})], 0
    for summary, mask in zip(merged.partials, merged.split_mask(keep), strict=True):
        if summary.timed:
            seconds = summary.load_table(TOKENS)["seconds"].to_numpy()[kept_token_mask(summary, mask)]
            timed = np.flatnonzero(~np.isnan(seconds))
            tables.append(pa.table({"token": timed + first, "seconds": seconds[timed]}))
        first += int(summary.sizes[mask, 2].sum())
    return pa.concat_tables(tables)


def _count_words(summary: ShardSummary, keep: Mask) -> npt.NDArray[np.int64]:
    tokens = summary.load_table(TOKENS)["token"].to_numpy()[kept_token_mask(summary, keep)]
    return np.bincount(tokens, minlength=len(summary.counts)).astype(np.int64)


def normalise_artist_spelling(songs: pd.DataFrame, performers: "pd.Series[str]") -> "pd.Series[str]":
    """Return the artist of each song. A name from a path gets the capitals and accents usual elsewhere."""
    artists = songs["artist"]
    files = songs["source"].str.rpartition("#")[0].where(songs["source"].str.contains("#"), songs["source"])
    letters = lru_cache(1 << 16)(letters_and_digits)
    of_path = np.array([letters(name) in letters(file) for name, file in zip(artists, files, strict=True)], bool)
    named = pd.concat([artists[~of_path], songs["featuring"], performers]).str.split(" & ").explode()
    spellings = named[named != ""].value_counts()
    usual = dict[str, str]()
    for name, times in spellings.items():  # the commonest first
        if times >= _MIN_SPELLING_COUNT:
            usual.setdefault(fold_accents(str(name)), str(name))
    return artists.where(~of_path, artists.map(lambda name: usual.get(fold_accents(name), name)))


def write_corpus(merged: MergedShards, keep: Mask, fingerprints: Sequence[str], name: str, folder: Path) -> None:
    """Write the songs where `keep` (bool[songs]) is true as the corpus `name` in `folder`."""
    at = SONG_COLUMNS.index("fingerprint")
    table = merged.songs.set_column(at, "fingerprint", pa.array(fingerprints, pa.large_string()))
    songs, facets = song_frame(table.filter(pa.array(keep)), merged.facets(keep))
    sections = section_frame(sections_of_kept_songs(merged, keep))
    songs["artist"] = normalise_artist_spelling(songs, sections["performers"])
    vocabulary, final = merged.vocabulary(keep)
    write_frame(songs, folder / "songs.arrow")
    write_frame(sections, folder / "sections.arrow")
    lines = _write_concatenated(line_tables_of_kept_songs(merged, keep), folder / "lines.arrow")
    tokens = _write_concatenated(token_tables_of_kept_songs(merged, keep, final), folder / "tokens.arrow")
    if len(times := word_times_of_kept_songs(merged, keep)):
        write_table(times, folder / WORD_TIMES_FILE)
    write_originals(_original_texts_of_kept_songs(merged, keep), folder)
    sizes = {"songs": len(songs), "sections": len(sections), "lines": lines, "tokens": tokens}
    write_corpus_metadata(folder, name, sizes, vocabulary, facets)


def _write_concatenated(pieces: Iterator[pa.Table], path: Path) -> int:
    table = pa.concat_tables(pieces).combine_chunks()
    write_table(table, path)
    return len(table)


def _original_texts_of_kept_songs(merged: MergedShards, keep: Mask) -> Iterator[str]:
    for summary, mask in zip(merged.partials, merged.split_mask(keep), strict=True):
        for text in summary.load_table(ORIGINALS)["text"].filter(pa.array(mask)):
            yield text.as_py()
