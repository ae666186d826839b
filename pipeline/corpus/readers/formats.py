"""Recognises what a source is, and reads it file by file, so that a broken file costs only itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from pipeline.core.errors import Sentence, SettingError, SourceError
from pipeline.corpus.readers import glued, nested, saved_pages, sidecar, song_lines, tabular, text, timed
from pipeline.corpus.readers.blobs import (
    SONG_SUFFIXES,
    SPREADSHEET_SUFFIXES,
    TABLE_SUFFIXES,
    TEXT_SUFFIXES,
    Blob,
    list_blobs,
    open_source,
)
from pipeline.corpus.readers.names import Names, describe_names
from pipeline.corpus.readers.sidecar import Sidecar
from pipeline.corpus.readers.text import decode, is_binary
from pipeline.corpus.song import Items, RawSong, Skip

FORMATS = ("text", "artists", "csv", "parquet", "json", "jsonl", "lines", "spreadsheet", "arrow", "page", "timed")
_TABULAR = ("csv", "parquet", "spreadsheet", "arrow")
_OF_A_DATASET = ("dataset_info.json", "dataset_dict.json", "state.json")  # beside the Arrow files of `datasets`
_BY_SUFFIX = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".arrow": "arrow",
    ".feather": "arrow",
    **dict.fromkeys(SPREADSHEET_SUFFIXES, "spreadsheet"),
}
_BY_SONG_SUFFIX = {
    ".html": "page", ".htm": "page", ".xhtml": "page", ".lrc": "timed", ".srt": "timed", ".vtt": "timed",
}  # fmt: skip
_NO_SONG = 20_000  # bytes from which a text is more than a song, if it shows the signs of several
_LOOKED_AT = 12  # files, spread over a folder, that tell one song a file from one artist a file


@dataclass(frozen=True)
class Source:
    """A recognised source. `columns` is what the user said, `beside` what tables beside text files say of them."""

    path: Path | str
    format: str
    blobs: list[Blob]
    columns: Mapping[str, str]
    forced: bool = False
    names: Mapping[str, Names] = field(default_factory=dict)  # what the name of each text file says
    beside: Sidecar = field(default_factory=Sidecar)
    skipped: list[Skip] = field(default_factory=list)
    unmatched: list[Skip] = field(default_factory=list)  # rows of metadata without a file, files without a row

    def part(self, blobs: list[Blob]) -> "Source":
        """Some of the files, to be read elsewhere."""
        files = {blob.name for blob in blobs}
        names = {name: known for name, known in self.names.items() if name in files}
        songs = {name: known for name, known in self.beside.songs.items() if name in files}
        return replace(self, blobs=blobs, names=names, beside=Sidecar(songs=songs), skipped=[], unmatched=[])


def recognise(path: Path | str, format: str | None = None, columns: Mapping[str, str] | None = None) -> Source:
    """What there is at `path`, or at an address that fsspec knows; `format` forces how it is read.

    Raises SourceError when there is nothing to read, SettingError for an unknown format.
    """
    if format is not None and format not in FORMATS:
        raise SettingError(
            "There is no format {format!r}: choose among {known}.", format=format,
            known=", ".join(FORMATS)
        )  # fmt: skip
    blobs, skipped = open_source(path) if isinstance(path, Path) else (list_blobs(path), [])
    texts = [blob for blob in blobs if blob.suffix in TEXT_SUFFIXES + SONG_SUFFIXES]
    tables = [blob for blob in blobs if blob.suffix in TABLE_SUFFIXES]
    if any(blob.suffix == ".arrow" for blob in tables):
        tables = [blob for blob in tables if PurePosixPath(blob.name).name not in _OF_A_DATASET]
    if len(blobs) == 1 and not texts and not tables:
        texts = blobs  # one file of another suffix: its contents decide
    chosen = texts if format in ("text", "artists") or (format is None and texts) else tables
    if format is not None and not chosen:
        chosen = blobs
    if not chosen:
        raise SourceError(
            "{path} holds no text file (*.txt) and no table of songs ({kinds}). Give a folder of lyrics, one table, or "
            "a zip of them.",
            path=path, kinds=", ".join(TABLE_SUFFIXES)
        )  # fmt: skip
    beside = [blob for blob in tables if _BY_SUFFIX[blob.suffix] in _TABULAR] if chosen is texts else []
    names = describe_names([blob.name for blob in texts]) if chosen is texts else {}
    if chosen is texts and columns and not beside:
        raise SourceError("{path} has no table whose columns could be chosen: leave out --column.", path=path)
    matched = sidecar.match_rows(beside, texts, names, columns)
    known = {id(blob) for blob in [*chosen, *beside]}
    kind, texts_only = Sentence("not a kind of file that is read here"), Sentence("read are the text files")
    why = kind if chosen is not texts else texts_only
    others = [Skip(blob.name, why) for blob in blobs if id(blob) not in known]
    found = format or (_kind_of_text(texts) if chosen is texts else _kind_of_tables(tables))
    skips = skipped + others
    return Source(
        path, found, chosen, dict(columns or {}), format is not None, names, matched, skips, matched.unmatched
    )


def read_blob(source: Source, blob: Blob) -> Items:
    """The songs of one file of a source, then its account. Raises SourceError when the file cannot be read at all."""
    data = blob.load()
    mixed = not source.forced and source.format not in ("text", "artists")  # a folder may mix tables
    kind = _BY_SUFFIX.get(blob.suffix, source.format) if mixed else source.format
    if not source.forced and blob.suffix in _BY_SONG_SUFFIX:
        kind = _BY_SONG_SUFFIX[blob.suffix]
    if kind in ("page", "timed"):
        yield from _read_song_file(source, blob, kind, data)
    elif kind in _TABULAR:
        yield from tabular.read(data, blob.name, source.columns)
    elif kind == "json":
        yield from nested.read(data, blob.name, source.columns)
    elif kind == "jsonl":
        yield from nested.read_lines(data, blob.name, source.columns)
    elif kind == "lines":
        yield from song_lines.read(data, blob.name)
    elif kind == "artists" or (kind == "text" and not source.forced and _is_large_and_glued(data, blob.name)):
        yield from glued.read(data, blob.name)
    else:
        row = source.beside.songs.get(blob.name, Names({}, {}))
        for item in text.read(data, blob.name, source.names.get(blob.name)):
            yield item.described(row.fields, row.facets) if isinstance(item, RawSong) else item


def _read_song_file(source: Source, blob: Blob, kind: str, data: bytes) -> Items:
    known = source.names.get(blob.name, Names({}, {}))
    row = source.beside.songs.get(blob.name, Names({}, {}))
    for item in (saved_pages if kind == "page" else timed).read(data, blob.name, known):
        yield item.described(row.fields, row.facets) if isinstance(item, RawSong) else item


def mapping(source: Source) -> tuple[list[str], dict[str, str]]:
    """(columns, field -> column) of the first table of a source, one beside text files included; both empty without."""
    if source.beside.columns:
        return source.beside.columns, source.beside.mapping
    if source.format not in _TABULAR:
        return [], {}
    blob = source.blobs[0]
    return tabular.mapping_of(blob.load(), blob.name, source.columns)


def _kind_of_text(texts: Sequence[Blob]) -> str:
    """One song a file or one artist a file; a single file may also be a table under another name."""
    plain = [blob for blob in texts if blob.suffix not in _BY_SONG_SUFFIX]
    if not plain:
        return Counter(_BY_SONG_SUFFIX[blob.suffix] for blob in texts).most_common(1)[0][0]
    texts = plain
    step = max(1, len(texts) // _LOOKED_AT)
    contents = []
    for blob in texts[::step][:_LOOKED_AT]:
        try:
            data = blob.load()
        except SourceError:
            continue  # reading it will say so
        if len(texts) == 1 and (kind := _by_content(data)):
            return kind
        if len(texts) == 1 and song_lines.holds_song_lines(data, blob.name):
            return "lines"
        if data and not is_binary(data):
            contents.append(glued.is_glued(decode(data, blob.name).text, blob.name))
    return "artists" if sum(contents) * 2 > len(contents) else "text"


def _is_large_and_glued(data: bytes, name: str) -> bool:
    """Whether one file among others of a song each is of many songs: far larger than any song, and it shows."""
    return len(data) >= _NO_SONG and not is_binary(data) and glued.is_glued(decode(data, name).text, name)


def _by_content(data: bytes) -> str | None:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"ARROW1"):
        return "arrow"
    if head.startswith((b'{"', b'[{"', b"[\n", b"{\n")):
        return "json" if head.startswith(b"[") or b"\n{" not in data[:1_000_000] else "jsonl"
    return None


def _kind_of_tables(tables: Sequence[Blob]) -> str:
    kind = Counter(_BY_SUFFIX[blob.suffix] for blob in tables).most_common(1)[0][0]
    if kind == "csv" and len(tables) == 1 and _is_song_lines(tables[0]):
        return "lines"
    return kind


def _is_song_lines(blob: Blob) -> bool:
    try:
        data = blob.load()
    except SourceError:
        return False  # reading it will say so
    return song_lines.holds_song_lines(data, blob.name)
