"""Songs -> Corpus: tokenises every line once and lays the whole out as columns.

`Columns` grow song by song with word ids of their own, so that several workers can each fill some; `join` makes
one of them, `select` drops songs, `finish` puts the vocabulary in its lawful order.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.corpus.facets import MOST_FACETS, Facet, facet_name, read_facet
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import LINE_COLUMNS, SECTION_COLUMNS, SONG_COLUMNS, Corpus
from pipeline.errors import SourceError
from pipeline.language.tokens import token_spans, tokenise
from pipeline.language.vocabulary import Ids, Vocabulary

_NUMBERS = ("song", "section", "position", "repeat", "start", "stop")  # of a line, as they lie in Columns.lines
_NARROW = {
    "song": "int32",
    "section": "int32",
    "position": "int32",
    "repeat": "int16",
    "start": "int64",
    "stop": "int64",
}
_FINGERPRINT = SONG_COLUMNS.index("fingerprint")


def build_corpus(name: str, songs: Iterable[Song]) -> Corpus:
    """The corpus of `songs`, in their order. Raises SourceError when no song holds a word."""
    columns = Columns()
    for song in songs:
        columns.add(song)
    return finish(columns, name)


@dataclass
class Columns:
    """Songs, sections, lines and tokens as growing columns; `words[i]` is the word whose id is i."""

    songs: list[tuple[Any, ...]] = field(default_factory=list)
    sections: list[tuple[Any, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    lines: "array[int]" = field(default_factory=lambda: array("i"))  # six `_NUMBERS` a line
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
            if cell and (name in self.facets or len(self.facets) < MOST_FACETS):
                cells = self.facets.setdefault(name, [])
                cells.extend([""] * (len(self.songs) - len(cells)))
                cells.append(cell)

    def _section_row(self, section: Section, position: int) -> tuple[Any, ...]:
        performers = " & ".join(section.performers)
        number = pd.NA if section.number is None else section.number
        named = len(self.songs), section.kind, number, performers, section.repeat, position, section.language
        return *named, section.inferred, section.certainty

    def _add_tokens(self, line: Line) -> list[str]:
        if not line.adlibs:
            words = tokenise(line.text)
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


def join(pieces: Iterable[Columns]) -> Columns:
    """One Columns with the songs of all pieces, in their order."""
    whole = Columns()
    for piece in pieces:
        songs, sections, tokens = len(whole.songs), len(whole.sections), len(whole.tokens)
        whole.songs += piece.songs
        whole.sections += [(row[0] + songs, *row[1:]) for row in piece.sections]
        whole.texts += piece.texts
        shift = np.array([songs, sections, 0, 0, tokens, tokens], np.int32)
        whole.lines.frombytes((piece.line_numbers() + shift).astype(np.int32).tobytes())
        ids = np.array([whole.words[word] for word in piece.words], np.int32)
        whole.tokens.frombytes((ids[piece.token_ids()] if len(ids) else ids).tobytes())
        whole.adlib += piece.adlib
        whole.originals += piece.originals
        whole.blocks += piece.blocks
        for name, cells in piece.facets.items():
            mine = whole.facets.setdefault(name, [])
            mine.extend([""] * (songs - len(mine)))
            mine += cells
    return whole


def select(columns: Columns, keep: npt.NDArray[np.bool_]) -> Columns:
    """The songs that `keep` (bool[songs]) names, renumbered."""
    if keep.all():
        return columns
    numbers = columns.line_numbers()
    kept_lines = keep[numbers[:, 0]]
    kept_sections = np.array([keep[row[0]] for row in columns.sections], bool)
    kept_tokens = np.repeat(kept_lines, numbers[:, 5] - numbers[:, 4])
    song, section, token = (np.cumsum(mask) - mask for mask in (keep, kept_sections, kept_tokens))
    chosen = numbers[kept_lines]
    length = chosen[:, 5] - chosen[:, 4]
    start = token[np.minimum(chosen[:, 4], max(len(token) - 1, 0))] if len(token) else chosen[:, 4]
    renumbered = [song[chosen[:, 0]], section[chosen[:, 1]], chosen[:, 2], chosen[:, 3], start, start + length]
    part = Columns(
        songs=[row for row, kept in zip(columns.songs, keep, strict=True) if kept],
        sections=[
            (int(song[row[0]]), *row[1:]) for row, kept in zip(columns.sections, kept_sections, strict=True) if kept
        ],
        texts=[text for text, kept in zip(columns.texts, kept_lines, strict=True) if kept],
        adlib=bytearray(np.frombuffer(columns.adlib, np.uint8)[kept_tokens].tobytes()),
        words=columns.words,
        originals=[text for text, kept in zip(columns.originals, keep, strict=True) if kept],
        blocks=[block for block, kept in zip(columns.blocks, keep, strict=True) if kept],
        facets={
            name: [cell for cell, kept in zip(cells, keep, strict=False) if kept]
            for name, cells in columns.facets.items()
        },
    )
    part.lines.frombytes(np.stack(renumbered, axis=1).astype(np.int32).tobytes())
    part.tokens.frombytes(columns.token_ids()[kept_tokens].tobytes())
    return part


def with_fingerprints(columns: Columns, fingerprints: Sequence[str]) -> None:
    """Give each song a fingerprint, in place."""
    columns.songs = [
        (*row[:_FINGERPRINT], fingerprint, *row[_FINGERPRINT + 1 :])
        for row, fingerprint in zip(columns.songs, fingerprints, strict=True)
    ]


def fingerprints(columns: Columns) -> list[str]:
    """The fingerprint of each song: a hash of its words."""
    return [row[_FINGERPRINT] for row in columns.songs]


def finish(columns: Columns, name: str) -> Corpus:
    """The corpus of these columns. Raises SourceError when they hold no word."""
    if not columns.tokens:
        raise SourceError(
            "corpus-without-lyrics",
            "No lyrics were found for the corpus {name!r}: not one song holds a word.",
            name=name,
        )
    vocabulary, tokens = _in_final_order(list(columns.words), columns.token_ids())
    songs = pd.DataFrame(columns.songs, columns=list(SONG_COLUMNS)).astype(
        {"year": "Int16", "language": "category", "extent": "category"}
    )
    facets, described = _facet_columns(columns)
    songs = pd.concat([songs, described], axis=1)
    sections = pd.DataFrame(columns.sections, columns=list(SECTION_COLUMNS))
    numbers = dict(zip(_NUMBERS, columns.line_numbers().T, strict=True))
    lines = pd.DataFrame({**numbers, "text": columns.texts})[list(LINE_COLUMNS)]
    return Corpus(
        name=name,
        songs=songs.rename_axis("song"),
        sections=_typed(
            sections, number="Int16", kind="category", language="category", certainty="float32"
        ).rename_axis("section"),
        lines=_typed(lines).rename_axis("line"),
        tokens=tokens,
        adlib=np.frombuffer(columns.adlib, np.bool_),
        vocabulary=vocabulary,
        facets=facets,
    )


def _facet_columns(columns: Columns) -> tuple[tuple[Facet, ...], pd.DataFrame]:
    """The facets that a song has a value of, described and typed."""
    facets, frame = list[Facet](), dict[str, "pd.Series[Any]"]()
    for column, cells in columns.facets.items():
        name = facet_name(column, {*SONG_COLUMNS, "song", *frame})
        facet, values = read_facet(name, cells + [""] * (len(columns.songs) - len(cells)))
        if facet.known:
            facets.append(facet)
            frame[name] = values
    return tuple(facets), pd.DataFrame(frame, index=range(len(columns.songs)))


def _song_row(song: Song, fingerprint: str, language: str) -> tuple[Any, ...]:
    year = pd.NA if song.year is None else song.year
    featuring = " & ".join(song.featuring)
    return song.title, song.artist, song.album, year, featuring, song.source, fingerprint, language, song.extent


def _typed(frame: pd.DataFrame, **types: str) -> pd.DataFrame:
    narrow = {column: kind for column, kind in _NARROW.items() if column in frame}
    return frame.astype({**narrow, **types})


def _in_final_order(words: list[str], tokens: Ids) -> tuple[Vocabulary, Ids]:
    """The vocabulary in its lawful order, and the tokens renumbered to it. Words that no song holds are left out."""
    counts = np.bincount(tokens, minlength=len(words)).tolist()
    vocabulary = Vocabulary.from_counts(dict(zip(words, counts, strict=True)), level="word")
    final = np.array([vocabulary.word2index.get(word, 0) for word in words], np.int32)
    return vocabulary, final[tokens]
