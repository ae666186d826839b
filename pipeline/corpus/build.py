"""Songs -> Corpus: tokenises every line once and lays the whole out as columns.

`Columns` grow song by song with word ids of their own, so that several workers can each fill some; `finish` puts the
vocabulary in its lawful order. What it is made of serves the columns of many workers as well: see `merge`.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.corpus.facets import MOST_FACETS, Facet, facet_name, read_facet
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import SECTION_COLUMNS, SONG_COLUMNS
from pipeline.language.tokens import line_tokens, token_spans
from pipeline.language.vocabulary import Ids, Vocabulary

_NUMBERS = ("song", "section", "position", "repeat", "start", "stop")  # of a line, as they lie in Columns.lines
LINE_TYPES = {
    "song": "int32", "section": "int32", "position": "int32", "repeat": "int16", "start": "int64", "stop": "int64",
    "seconds": "float32", "seconds_end": "float32",
}  # fmt: skip
_UNTIMED = (math.nan, math.nan)
_SECTION_TYPES = {
    "song": pa.int32(), "number": pa.int16(), "repeat": pa.int16(), "position": pa.int32(), "inferred": pa.bool_(),
    "certainty": pa.float32(),
}  # fmt: skip


@dataclass
class Columns:
    """Songs, sections, lines and tokens as growing columns; `words[i]` is the word whose id is i."""

    songs: list[tuple[Any, ...]] = field(default_factory=list)
    sections: list[tuple[Any, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    lines: "array[int]" = field(default_factory=lambda: array("i"))  # six `_NUMBERS` a line
    times: "array[float]" = field(default_factory=lambda: array("f"))  # start and end of a line; not a number: unknown
    tokens: "array[int]" = field(default_factory=lambda: array("i"))
    adlib: bytearray = field(default_factory=bytearray)
    words: dict[str, int] = field(default_factory=lambda: defaultdict(count().__next__))
    originals: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)  # the block of each song, empty for most
    facets: dict[str, list[str]] = field(default_factory=dict)  # a cell a song, as text; short where the last have none

    def add(self, song: Song) -> None:
        """Append a song."""
        position, digest, languages = 0, blake2b(digest_size=8), Counter[str]()
        for at, section in enumerate(song.sections):
            before = len(self.tokens)
            for line in section.lines:
                start = len(self.tokens)
                digest.update(" ".join(self._add_tokens(line)).encode())
                numbers = (len(self.songs), len(self.sections), position, line.repeat, start, len(self.tokens))
                self.lines.extend(numbers)
                self.times.extend(_seconds(line))
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
        words: Sequence[str]
        if not line.adlibs:
            words = line_tokens(line.text)
            self.adlib.extend(bytes(len(words)))
        else:
            spans = token_spans(line.text)
            words = [span.token for span in spans]
            self.adlib.extend(any(a <= span.start < b for a, b in line.adlibs) for span in spans)
        self.tokens.extend(map(self.words.__getitem__, words))
        return words

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "words": dict(self.words)}  # a defaultdict's counter does not travel

    def line_numbers(self) -> npt.NDArray[np.int32]:
        """int32[lines, 6]: song, section, position, repeat, start, stop."""
        return np.frombuffer(self.lines, np.int32).reshape(-1, len(_NUMBERS))

    def token_ids(self) -> Ids:
        """int32[tokens]: the id in `words` of each token."""
        return np.frombuffer(self.tokens, np.int32)


def song_table(columns: Columns) -> pa.Table:
    """The songs as text columns, and their year."""
    return _table(columns.songs, SONG_COLUMNS, year=pa.int16(), artist_inferred=pa.bool_(), respaced=pa.bool_())


def section_table(columns: Columns) -> pa.Table:
    """The sections, kinds and languages as text."""
    return _table(columns.sections, SECTION_COLUMNS, **_SECTION_TYPES)


def line_table(columns: Columns) -> pa.Table:
    """The lines: `_NUMBERS` as they lie in `Columns.lines`, when each is sung, and the text."""
    numbers = {name: np.ascontiguousarray(column) for name, column in _line_numbers(columns).items()}
    return pa.table({**numbers, "text": pa.array(columns.texts, pa.large_string())})


def _line_numbers(columns: Columns) -> dict[str, npt.NDArray[Any]]:
    times = np.frombuffer(columns.times, np.float32).reshape(-1, 2)
    return dict(zip((*_NUMBERS, "seconds", "seconds_end"), (*columns.line_numbers().T, *times.T), strict=True))


def _seconds(line: Line) -> tuple[float, float]:
    if line.seconds is None:
        return _UNTIMED
    start, end = line.seconds
    return start, math.nan if end is None else end


def _table(rows: Sequence[tuple[Any, ...]], names: Sequence[str], **types: pa.DataType) -> pa.Table:
    cells = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table(
        {
            name: pa.array([None if cell is pd.NA else cell for cell in column], types.get(name, pa.large_string()))
            for name, column in zip(names, cells, strict=True)
        }
    )


def song_frame(table: pa.Table, cells: Mapping[str, Sequence[str]]) -> tuple[pd.DataFrame, tuple[Facet, ...]]:
    """(songs with their facets, the description of these). `cells` are short where the last songs have none."""
    facets, frame = list[Facet](), dict[str, Any]()
    for column in list(cells)[:MOST_FACETS]:
        name = facet_name(column, {*SONG_COLUMNS, "song", *frame})
        facet, values = read_facet(name, [*cells[column], *[""] * (len(table) - len(cells[column]))])
        if facet.known and not facet.is_key:
            facets.append(facet)
            frame[name] = values
    songs = _frame(table, nullable="year", categories=("language", "extent"))
    described = pd.DataFrame(frame, index=songs.index)
    return pd.concat([songs, described], axis=1).rename_axis("song"), tuple(facets)


def section_frame(table: pa.Table) -> pd.DataFrame:
    """The sections as a frame."""
    return _frame(table, nullable="number", categories=("kind", "language")).rename_axis("section")


def _frame(table: pa.Table, nullable: str, categories: Sequence[str]) -> pd.DataFrame:
    columns = {
        name: pd.Int16Dtype().__from_arrow__(table[name]) if name == nullable else table[name].to_pandas()
        for name in table.column_names
    }
    return pd.DataFrame(columns).astype(dict.fromkeys(categories, "category"))


def order_words(words: Sequence[str], counts: npt.NDArray[np.integer[Any]]) -> tuple[Vocabulary, Ids]:
    """(the vocabulary in its lawful order, the index in it of each word). Words that no song holds are left out."""
    vocabulary = Vocabulary.from_counts(dict(zip(words, counts.tolist(), strict=True)), level="word")
    final = np.array([vocabulary.word2index.get(word, 0) for word in words], np.int32)
    return vocabulary, final


def _song_row(song: Song, fingerprint: str, language: str) -> tuple[Any, ...]:
    year = pd.NA if song.year is None else song.year
    featuring = " & ".join(song.featuring)
    named = song.title, song.artist, song.album, year, featuring, song.source, fingerprint, language
    return *named, song.extent, song.artist_inferred, song.respaced
