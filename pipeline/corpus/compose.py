"""RawSongs -> SongColumns with tallies and an account: the part of preparing that worker processes do, in batches.

`SongColumns` grow song by song, every line tokenised once, with word ids of their own, so that several workers can each
fill some. What makes frames and the vocabulary of them serves the merged columns of all (`shards`).
"""

import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.core.errors import LimitError, Sentence, SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import EMPTY_SIZE, Account, SongTallies, Tally, TextSize, sum_sizes, text_size
from pipeline.corpus.cleaning import clean_lyrics
from pipeline.corpus.cleaning.metadata import clean_metadata
from pipeline.corpus.facets import MOST_FACETS, Facet, read_facet, unique_facet_name
from pipeline.corpus.languages import set_section_languages
from pipeline.corpus.line_times import set_line_times
from pipeline.corpus.markup import parse_sections
from pipeline.corpus.readers.sources import Source, read_blob
from pipeline.corpus.song import Line, LineTime, RawSong, Section, SkippedItem, Song, count_letters
from pipeline.corpus.table import SECTION_COLUMNS, SONG_COLUMNS
from pipeline.language.tokens import line_tokens, token_spans, token_starts
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.processes.limits import limit_processor_time

_LINE_INTEGER_COLUMNS = ("song", "section", "position", "repeat", "start", "stop")  # as they lie in SongColumns.lines
LINE_TYPES = {
    "song": pa.int32(), "section": pa.int32(), "position": pa.int32(), "repeat": pa.int16(), "start": pa.int64(),
    "stop": pa.int64(), "seconds": pa.float32(), "seconds_end": pa.float32(),
}  # fmt: skip
_UNTIMED = LineTime(math.nan)
_MOST_SECONDS, _MOST_SECONDS_A_MEGABYTE = 60, 60  # of the processor; songs take 1 to 4 a megabyte
_SECTION_TYPES = {
    "song": pa.int32(), "number": pa.int16(), "repeat": pa.int16(), "position": pa.int32(), "inferred": pa.bool_(),
    "certainty": pa.float32(),
}  # fmt: skip
SEARCHED_ARTIST_FACET = "search artist"  # the facet that keeps the artist under whom a song of another was found
_EXTENT_RULES = {
    "inferred": (
        "songs-inferred",
        mark("Files with several songs: their boundaries are inferred, and marked as inferred"),
    ),
    "pseudo": (
        "songs-pseudo",
        mark("Chunks of some 500 words: sections of a file with no song boundaries"),
    ),
}


@dataclass
class SongColumns:
    """Songs, sections, lines and tokens as growing columns; `words[i]` is the word with id i."""

    songs: list[tuple[Any, ...]] = field(default_factory=list)
    sections: list[tuple[Any, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    lines: "array[int]" = field(default_factory=lambda: array("i"))  # six `_LINE_INTEGER_COLUMNS` a line
    times: "array[float]" = field(default_factory=lambda: array("f"))  # start and end of a line; not a number: unknown
    tokens: "array[int]" = field(default_factory=lambda: array("i"))
    word_times: dict[int, float] = field(default_factory=dict)  # token -> when it begins, where the source says so
    adlib: bytearray = field(default_factory=bytearray)
    words: dict[str, int] = field(default_factory=lambda: defaultdict(count().__next__))
    originals: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)  # the block of each song, empty for most
    facets: dict[str, list[str]] = field(default_factory=dict)  # a cell a song, as text; short where the last have none

    def append_song(self, song: Song) -> None:
        position, digest, languages = 0, blake2b(digest_size=8), Counter[str]()
        for at, section in enumerate(song.sections):
            before = len(self.tokens)
            for line in section.lines:
                start = len(self.tokens)
                digest.update(" ".join(self._add_tokens(line)).encode())
                numbers = (len(self.songs), len(self.sections), position, line.repeat, start, len(self.tokens))
                self.lines.extend(numbers)
                self._add_times(line, start)
                self.texts.append(line.text)
                position += 1
            languages[section.language] += len(self.tokens) - before
            self.sections.append(self._section_row(section, at))
        language = max(languages, key=languages.__getitem__, default="fr")
        # the fingerprint is of the words alone: the split by song must not depend on the rest
        self._add_facets(song.facets)
        self.songs.append(_song_row(song, digest.hexdigest(), language))
        self.originals.append(song.original)
        self.blocks.append(song.block)

    def _add_facets(self, facets: Mapping[str, str]) -> None:
        for name, cell in facets.items():
            if cell:
                cells = self.facets.setdefault(name, [])
                cells.extend([""] * (len(self.songs) - len(cells)))
                cells.append(cell)

    def _section_row(self, section: Section, position: int) -> tuple[Any, ...]:
        performers = " & ".join(section.performers)
        number = pd.NA if section.number is None else section.number
        named = len(self.songs), section.kind, number, performers, section.repeat, position, section.language
        return *named, section.inferred, section.certainty

    def _add_tokens(self, line: Line) -> Sequence[str]:
        words = line_tokens(line.text)
        marks = bytearray(len(words))
        if line.adlibs:
            starts = token_starts(line.text)
            for adlib in line.adlibs:
                first, stop = (bisect_left(starts, at) for at in adlib)
                marks[first:stop] = b"\1" * (stop - first)
        self.adlib.extend(marks)
        self.tokens.extend(map(self.words.__getitem__, words))
        return words

    def _add_times(self, line: Line, first: int) -> None:
        """Append the start and end of a line in seconds, and the times of its words. Its first token is `first`."""
        start, end, words = line.seconds or _UNTIMED
        self.times.extend((start, math.nan if end is None else end))
        times, letters, at = dict(words), 0, 0
        for token, span in enumerate(token_spans(line.text) if times else (), first):
            letters, at = letters + count_letters(line.text[at : span.start]), span.start
            if letters in times:
                self.word_times[token] = times.pop(letters)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "words": dict(self.words)}  # a defaultdict's counter does not travel

    def line_numbers(self) -> npt.NDArray[np.int32]:
        """Return int32[lines, 6]: song, section, position, repeat, start, stop."""
        return np.frombuffer(self.lines, np.int32).reshape(-1, len(_LINE_INTEGER_COLUMNS))

    def token_ids(self) -> Ids:
        """Return int32[tokens]: the id in `words` of each token."""
        return np.frombuffer(self.tokens, np.int32)


def song_table(columns: SongColumns) -> pa.Table:
    """Return an Arrow table of songs, with the columns `SONG_COLUMNS`."""
    return _arrow_table(columns.songs, SONG_COLUMNS, year=pa.int16())


def section_table(columns: SongColumns) -> pa.Table:
    """Return an Arrow table of sections, with kinds and languages as text."""
    return _arrow_table(columns.sections, SECTION_COLUMNS, **_SECTION_TYPES)


def line_table(columns: SongColumns) -> pa.Table:
    """Return an Arrow table of lines: integer columns, start and end in seconds, text."""
    times = np.frombuffer(columns.times, np.float32).reshape(-1, 2)
    numbers = map(np.ascontiguousarray, (*columns.line_numbers().T, *times.T))
    table = dict(zip((*_LINE_INTEGER_COLUMNS, "seconds", "seconds_end"), numbers, strict=True))
    return pa.table({**table, "text": pa.array(columns.texts, pa.large_string())})


def token_table(columns: SongColumns) -> pa.Table:
    """Return an Arrow table of tokens: word id, whether in an ad-lib, and start in seconds if any word has one."""
    table: dict[str, Any] = {"token": columns.token_ids(), "adlib": np.frombuffer(columns.adlib, np.uint8)}
    if columns.word_times:
        seconds = table["seconds"] = np.full(len(columns.tokens), np.nan, np.float32)
        seconds[list(columns.word_times)] = list(columns.word_times.values())
    return pa.table(table)


def _arrow_table(rows: Sequence[tuple[Any, ...]], names: Sequence[str], **types: pa.DataType) -> pa.Table:
    cells = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table(
        {
            name: pa.array([None if cell is pd.NA else cell for cell in column], types.get(name, pa.large_string()))
            for name, column in zip(names, cells, strict=True)
        }
    )


def song_frame(table: pa.Table, cells: Mapping[str, Sequence[str]]) -> tuple[pd.DataFrame, tuple[Facet, ...]]:
    """Return (a data frame of songs with their facets, the descriptions of the facets) from a table and facet cells."""
    facets, frame = list[Facet](), dict[str, Any]()
    for column in list(cells)[:MOST_FACETS]:
        name = unique_facet_name(column, {*SONG_COLUMNS, "song", *frame})
        facet, values = read_facet(name, [*cells[column], *[""] * (len(table) - len(cells[column]))])
        if facet.known and not facet.is_identifier:
            facets.append(facet)
            frame[name] = values
    songs = _typed_frame(table, nullable="year", categories=("language", "extent", "artist_origin"))
    described = pd.DataFrame(frame, index=songs.index)
    return pd.concat([songs, described], axis=1).rename_axis("song"), tuple(facets)


def section_frame(table: pa.Table) -> pd.DataFrame:
    """Return the sections of an Arrow table as a data frame."""
    return _typed_frame(table, nullable="number", categories=("kind", "language")).rename_axis("section")


def _typed_frame(table: pa.Table, nullable: str, categories: Sequence[str]) -> pd.DataFrame:
    columns = {
        name: pd.Int16Dtype().__from_arrow__(table[name]) if name == nullable else table[name].to_pandas()
        for name in table.column_names
    }
    return pd.DataFrame(columns).astype(dict.fromkeys(categories, "category"))


def vocabulary_and_word_ids(words: Sequence[str], counts: npt.NDArray[np.integer[Any]]) -> tuple[Vocabulary, Ids]:
    """Return (the vocabulary in its canonical order, int32[words]: the index of each word in the vocabulary)."""
    vocabulary = Vocabulary.from_counts(dict(zip(words, counts.tolist(), strict=True)), level="word")
    final = np.array([vocabulary.word2index.get(word, 0) for word in words], np.int32)
    return vocabulary, final


def _song_row(song: Song, fingerprint: str, language: str) -> tuple[Any, ...]:
    year = pd.NA if song.year is None else song.year
    featuring = " & ".join(song.featuring)
    named = song.title, song.artist, song.album, year, featuring, song.source, fingerprint, language
    return *named, song.extent, song.artist_origin


@dataclass
class CleaningOutcome:
    """The outcome of reading and cleaning a source or a batch: rule counts, account, skipped files."""

    tallies: SongTallies = field(default_factory=SongTallies)  # of the songs that hold a line, in their order
    read: list[TextSize] = field(default_factory=list)  # what readers gave for each of them
    account: Account = field(default_factory=Account)  # of the files, and of songs that hold no line
    skipped: list[SkippedItem] = field(default_factory=list)
    files: int = 0
    unusable: int = 0  # files of which no song came

    def add_batch(self, batch: "CleaningOutcome") -> None:
        """Add the outcome of the next batch of songs."""
        self.tallies.extend(batch.tallies)
        self.read += batch.read
        self.skipped += batch.skipped
        self.files += batch.files
        self.unusable += batch.unusable
        self.account.add(batch.account)

    def complete_account(self, keep: npt.NDArray[np.bool_], kept: TextSize) -> Tally:
        """Add duplicates and kept text to the account. Return the rule counts of the songs where `keep` is true."""
        left = [size for size, stays in zip(self.read, keep, strict=True) if not stays]
        self.account.add_dropped("duplicates", mark("Duplicate songs"), sum_sizes(left), len(left))
        tally = self.tallies.sum_tallies(keep)
        tally.record_drops(self.account)
        self.account.kept = kept
        return tally


@dataclass
class SongBatch:
    """A batch of cleaned songs as columns, and the outcome of reading and cleaning it."""

    columns: SongColumns = field(default_factory=SongColumns)
    outcome: CleaningOutcome = field(default_factory=CleaningOutcome)
    given: TextSize = EMPTY_SIZE  # by the reader of the file at hand, whose account is still to come


def build_song(raw: RawSong, tally: Tally) -> Song:
    """Clean a raw song, split it into sections and detect their languages. The song may have no section."""
    metadata = clean_metadata(raw, tally)
    if raw.encoding != "utf-8":
        what = Sentence("Files in {encoding}", encoding=raw.encoding)
        tally.count_edit(f"encoding-{raw.encoding}", what, lines=raw.text.count("\n") + 1)
    if raw.extent != "given":
        tally.count_edit(
            *_EXTENT_RULES[raw.extent], characters=0, before=raw.text.split("\n", 1)[0], after=metadata.title
        )
    sections = parse_sections(clean_lyrics(raw.text, tally), tally)
    origin = "source" if metadata.in_title and raw.artist_origin != "sidecar" else raw.artist_origin
    song = Song(
        title=metadata.title,
        artist=metadata.artist,
        sections=set_line_times(sections, raw.text, raw.times) if raw.times else sections,
        album=metadata.album,
        year=metadata.year,
        featuring=metadata.featuring,
        source=raw.source,
        original=raw.text,
        extent=raw.extent,
        block=raw.block,
        facets=raw.facets if not metadata.searched else {**raw.facets, SEARCHED_ARTIST_FACET: metadata.searched},
        artist_origin=origin,
    )
    return set_section_languages(song, tally)


def build_songs_of_files(source: Source) -> SongBatch:
    """Return the cleaned songs of all files of a source. A file that cannot be read is skipped. Raises LimitError."""
    batch = SongBatch()
    outcome = batch.outcome
    for blob in source.blobs:
        outcome.files += 1
        before, batch.given = len(batch.columns.songs), TextSize()
        try:
            with abort_slow_reading(blob.name, blob.size):
                songs = _add_items_to_batch(read_blob(source, blob), batch)
            if not songs:
                outcome.skipped.append(SkippedItem(blob.name, Sentence("{file} contains no song.", file=blob.name)))
        except SourceError as error:  # perhaps after some songs, and before the account of the file
            outcome.skipped.append(SkippedItem(blob.name, error.as_sentence))
            outcome.account.read += batch.given
        outcome.unusable += len(batch.columns.songs) == before
    return batch


def build_song_batch(items: Sequence[RawSong | SkippedItem | Account]) -> SongBatch:
    """Clean songs of one file and split them into sections. Raises LimitError if this takes too long."""
    batch = SongBatch()
    songs = [item for item in items if isinstance(item, RawSong)]
    with abort_slow_reading(songs[0].source if songs else "", sum(len(song.text) for song in songs)):
        _add_items_to_batch(items, batch)
    return batch


def abort_slow_reading(file: str, size: int) -> AbstractContextManager[None]:
    """Return a context that raises LimitError if its block takes far more processor time than `size` bytes need."""
    seconds = _MOST_SECONDS + _MOST_SECONDS_A_MEGABYTE * size // 1_000_000
    return limit_processor_time(
        seconds,
        LimitError(
            "Reading {file} takes more than {seconds:,} seconds of processor time: it is damaged, or does not contain "
            "songs. Remove it, or split it.",
            file=file,
            seconds=seconds,
        ),
    )


def _add_items_to_batch(items: Iterable[RawSong | SkippedItem | Account], batch: SongBatch) -> int:
    """Clean the songs of a reader and add them to a batch. Return their number, with skipped ones."""
    count, outcome = 0, batch.outcome
    for item in items:
        if isinstance(item, Account):
            outcome.account.add(item)
            batch.given = EMPTY_SIZE
            continue
        count += 1
        read = item.size if isinstance(item, SkippedItem) else text_size(item.text)
        batch.given += read
        if isinstance(item, SkippedItem):
            outcome.skipped.append(item)
            outcome.account.add_dropped("unreadable", mark("Rows and songs that could not be read"), read)
        else:
            _add_song_to_batch(item, read, batch)
    return count


def _add_song_to_batch(raw: RawSong, read: TextSize, batch: SongBatch) -> None:
    """Clean a raw song and add it to a batch, or count it as without lyrics. `read` is its size in lines and words."""
    tally, outcome = Tally(), batch.outcome
    song = build_song(raw, tally)
    tally.end_song(raw.source)
    if any(line_tokens(line.text) for line in song.lines()):
        batch.columns.append_song(song)
        outcome.tallies.add(tally)
        outcome.read.append(read)
    else:
        outcome.skipped.append(SkippedItem(raw.source, Sentence("{file} contains no lyrics.", file=raw.source), read))
        outcome.account.add_dropped("no-lyrics", mark("Songs without lyrics"), read)
