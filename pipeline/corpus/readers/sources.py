"""Recognises what a source is, and reads it file by file, so that a broken file costs only itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from pipeline.core.errors import Sentence, SourceError
from pipeline.corpus.readers import (
    Reader,
    ReadingHints,
    Table,
    reader_for_contents,
    reader_for_suffix,
    reader_named,
    table_suffixes,
)
from pipeline.corpus.readers.arrow import PARQUET_READER
from pipeline.corpus.readers.blobs import MAX_FILE_BYTES, Blob, open_source
from pipeline.corpus.readers.columns import check_column
from pipeline.corpus.readers.delimited import CSV_READER
from pipeline.corpus.readers.glued import ARTIST_FILE_READER
from pipeline.corpus.readers.names import (
    FileMetadata,
    file_metadata_by_path,
    file_metadata_from_path,
    is_artist_guessed,
)
from pipeline.corpus.readers.sidecar import Sidecar, match_metadata_rows
from pipeline.corpus.readers.song_tables import columns_and_guess, open_table, read_song_rows, row_has_values
from pipeline.corpus.readers.text import MARKDOWN_SUFFIXES, TEXT_READER, is_binary
from pipeline.corpus.song import RawSong, ReaderItems, SkippedItem

_MIN_MULTI_SONG_BYTES = 20_000  # bytes from which a text is more than a song, if it shows the signs of several
_SAMPLE_FILE_COUNT = 12  # files, spread over a folder, that tell one song a file from one artist a file


@dataclass(frozen=True)
class Source:
    """A recognised source: its files, how they are read, and the metadata of tables beside text files."""

    path: Path
    format: str
    blobs: list[Blob]
    columns: Mapping[str, str]
    forced: bool = False
    names: Mapping[str, FileMetadata] = field(default_factory=dict)  # what the name of each text file says
    beside: Sidecar = field(default_factory=Sidecar)
    skipped: list[SkippedItem] = field(default_factory=list)
    only: Mapping[str, str] = field(default_factory=dict)  # column -> the value that rows of tables must have there
    unmatched: list[SkippedItem] = field(default_factory=list)  # rows of metadata without a file, files without a row
    alone: bool = False  # whether it is one text file: its name may be an artist's or a title

    def restrict_to_files(self, blobs: list[Blob]) -> "Source":
        """Return the source with only some of its files, for another process to read."""
        files = {blob.name for blob in blobs}
        names = {name: own for name, own in self.names.items() if name in files}
        songs = {name: own for name, own in self.beside.songs.items() if name in files}
        siblings = {name: artist for name, artist in self.beside.siblings.items() if name in files}
        beside = Sidecar(songs=songs, siblings=siblings)
        return replace(self, blobs=blobs, names=names, beside=beside, skipped=[], unmatched=[])


def recognise_source(
    path: Path,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    only: Mapping[str, str] | None = None,
) -> Source:
    """Return the source at `path`: its files, and how each is read. `format` names a reader to use.

    Raises SourceError when there is nothing to read, SettingError for an unknown format."""
    forced = None if format is None else reader_named(format)
    blobs, skipped = open_source(path)
    texts, tables = _split_song_files_and_tables(blobs)
    wants_texts = bool(texts) if forced is None else forced.one_song or forced is ARTIST_FILE_READER
    chosen = (texts if wants_texts else tables) or (blobs if forced else [])
    if not chosen:
        raise SourceError(
            "{path} contains no text file (*.txt) and no table of songs ({kinds}). Give a folder of lyrics, one table, "
            "or a zip of them.",
            path=path, kinds=", ".join(table_suffixes())
        )  # fmt: skip
    beside = [blob for blob in tables if _reader_by_suffix(blob).open_table] if chosen is texts else []
    names = file_metadata_by_path([blob.name for blob in texts]) if chosen is texts else {}
    if chosen is texts and columns and not beside:
        raise SourceError("{path} has no table with columns to choose: leave out --column.", path=path)
    matched = match_metadata_rows(beside, texts, names, columns)
    used = {id(blob) for blob in [*chosen, *beside]}
    kind, texts_only = Sentence("this file type is not supported"), Sentence("only the text files are read")
    why = kind if chosen is not texts else texts_only
    skips = skipped + [SkippedItem(blob.name, why) for blob in blobs if id(blob) not in used]
    reader = forced or (_reader_of_texts(texts) if chosen is texts else _reader_of_tables(tables))
    if only and reader.open_table is None:
        raise SourceError("{path} is not a table, so there are no rows to choose: leave out --only.", path=path)
    return Source(
        path, reader.name, chosen, dict(columns or {}), forced is not None, names, matched, skips, dict(only or {}),
        matched.unmatched, alone=chosen is texts and len(texts) == 1 and forced is None,
    )  # fmt: skip


def read_blob(source: Source, blob: Blob) -> ReaderItems:
    """Yield the songs and skipped items of one file of a source, then the `Account` of what was read and dropped. Raise
    SourceError when the file cannot be read at all."""
    if source.only and (table := open_large_table(blob)):
        yield from read_song_rows(table, blob.name, ReadingHints(source.columns, only=source.only))
        return
    data = blob.load()
    reader = _reader_of_blob(source, blob, data)
    names = source.names.get(blob.name) or file_metadata_from_path(blob.name)
    row = source.beside.songs.get(blob.name, FileMetadata({}, {}))
    for item in reader.read(data, blob.name, ReadingHints(source.columns, names, source.only)):
        if isinstance(item, RawSong):
            item = _with_artist(item, source, blob.name, names.fields.get("artist", ""), reader)
            if reader.one_song:
                item = item.with_metadata(row.fields, row.facets)
                item = replace(item, artist_origin="sidecar") if row.fields.get("artist") else item
        yield item


def open_large_table(blob: Blob) -> Table | None:
    """Return a table that is too large for memory, with rows to read lazily. Return None for other files."""
    reader = reader_for_suffix(blob.suffix)
    is_large = bool(blob.path) and blob.size > MAX_FILE_BYTES
    return reader.open_path(blob.path, blob.name) if reader and reader.open_path and is_large else None


def count_matching_rows(source: Source) -> tuple[int, int]:
    """Return (number of rows that match `only`, number of all rows) of a source's tables. Raises SourceError."""
    if reader_named(source.format).open_table is None:
        raise SourceError("{path} is not a table, so there are no rows to count: leave out --count.", path=source.path)
    wanted = rows = 0
    for blob in source.blobs:
        table = open_large_table(blob) or open_table(blob.load(), blob.name)
        for column in source.only:
            check_column(column, table.columns)
        for item in table.rows:
            rows += 1
            wanted += not isinstance(item, SkippedItem) and row_has_values(item[1], source.only)
    return wanted, rows


def _with_artist(song: RawSong, source: Source, file: str, of_path: str, reader: Reader) -> RawSong:
    """Return the song with its artist and the origin of that name, corrected if the file's name misleads.

    A file of many songs among files of a song each is named by a title: the artist is that of the
    folder, or inferred."""
    if is_artist_guessed(file, song.artist):
        return replace(song, artist=source.beside.siblings.get(file, song.artist), artist_origin="inferred")
    if song.artist_origin == "path" and source.alone:
        return replace(song, artist_origin="inferred")
    if song.artist_origin == "path" and source.format != ARTIST_FILE_READER.name:
        return replace(song, artist=of_path) if of_path else replace(song, artist_origin="inferred")
    from_path = reader.one_song and song.artist and song.artist == of_path
    return replace(song, artist_origin="path") if from_path else song


def columns_and_mapping(source: Source) -> tuple[list[str], dict[str, str]]:
    """Return (columns, field -> column) of the first table of a source. Both are empty without a table."""
    if source.beside.columns:
        return source.beside.columns, source.beside.mapping
    if reader_named(source.format).open_table is None:
        return [], {}
    blob = source.blobs[0]
    return columns_and_guess(open_large_table(blob) or open_table(blob.load(), blob.name), source.columns)


def _split_song_files_and_tables(blobs: list[Blob]) -> tuple[list[Blob], list[Blob]]:
    """Return (files of one song each, files of many songs), by their suffixes."""
    readers = [(blob, reader) for blob in blobs if (reader := reader_for_suffix(blob.suffix))]
    companions = {name for _, reader in readers for name in reader.companions}
    texts = [blob for blob, reader in readers if reader.one_song]
    markdown = [blob for blob in texts if blob.suffix in MARKDOWN_SUFFIXES]
    if 2 * len(markdown) < len(readers):  # notes beside songs
        texts = [blob for blob in texts if blob not in markdown]
    tables = [
        blob for blob, reader in readers if not reader.one_song and PurePosixPath(blob.name).name not in companions
    ]
    return (blobs, []) if len(blobs) == 1 and not readers else (texts, tables)


def _reader_by_suffix(blob: Blob) -> Reader:
    """Return the reader for the suffix of a file, by default that of text files."""
    return reader_for_suffix(blob.suffix) or TEXT_READER


def _reader_of_blob(source: Source, blob: Blob, data: bytes) -> Reader:
    """Return the reader of one file of a source. A folder may mix tables, or texts and pages."""
    reader = reader_named(source.format)
    if source.forced:
        return reader
    if (by_suffix := _reader_by_suffix(blob)) is not TEXT_READER:
        poses = by_suffix.name in reader.poses_as and reader.recognise(data, blob.name)
        return reader if poses else by_suffix
    if blob.name in source.beside.songs and source.beside.songs[blob.name].fields.get("title"):
        return TEXT_READER  # however long a song is of which a row says the title
    # one file among others of a song each may be of many songs: far larger than any song, and it shows
    return (
        reader_for_contents(data, blob.name, TEXT_READER)
        if reader is TEXT_READER and len(data) >= _MIN_MULTI_SONG_BYTES
        else reader
    )


def _reader_of_texts(texts: Sequence[Blob]) -> Reader:
    """Return the reader of text files, for one song or one artist per file. A sample of the files decides."""
    plain = [blob for blob in texts if _reader_by_suffix(blob) is TEXT_READER]
    if not plain:
        return _most_common_reader(texts)
    step = max(1, len(plain) // _SAMPLE_FILE_COUNT)
    glued = list[bool]()
    for blob in plain[::step][:_SAMPLE_FILE_COUNT]:
        try:
            data = blob.load()
        except SourceError:
            continue  # reading it will say so
        if len(plain) == 1:
            return reader_for_contents(data, blob.name, TEXT_READER)
        if data and not is_binary(data):
            glued.append(ARTIST_FILE_READER.recognise(data, blob.name))
    return ARTIST_FILE_READER if sum(glued) * 2 > len(glued) else TEXT_READER


def _reader_of_tables(tables: Sequence[Blob]) -> Reader:
    reader = _most_common_reader(tables)
    if reader not in (CSV_READER, PARQUET_READER) or len(tables) > 1:
        return reader
    try:
        return reader_for_contents(tables[0].load(), tables[0].name, reader)
    except SourceError:
        return reader  # reading it will say so


def _most_common_reader(blobs: Sequence[Blob]) -> Reader:
    return Counter(map(_reader_by_suffix, blobs)).most_common(1)[0][0]
