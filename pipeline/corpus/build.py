"""Songs -> Corpus: tokenises every line once and lays the whole out as columns."""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from pipeline.corpus.song import Line, Song
from pipeline.corpus.table import LINE_COLUMNS, SECTION_COLUMNS, SONG_COLUMNS, Corpus
from pipeline.errors import SourceError
from pipeline.language.tokens import token_spans, tokenise
from pipeline.language.vocabulary import Ids, Vocabulary

_NARROW = {"song": "int32", "section": "int32", "position": "int32", "repeat": "int16"}


def build_corpus(name: str, songs: Iterable[Song]) -> Corpus:
    """The corpus of `songs`, in their order. Raises SourceError when no song holds a word."""
    builder = _Builder()
    for song in songs:
        builder.add(song)
    if not builder.tokens:
        raise SourceError(f"No lyrics were found for the corpus {name!r}: not one song holds a word.")
    return builder.finish(name)


class _Builder:
    """Columns that grow song by song; word ids are given in order of appearance, then put in final order."""

    def __init__(self) -> None:
        self.songs: list[tuple[Any, ...]] = []
        self.sections: list[tuple[Any, ...]] = []
        self.lines: list[tuple[Any, ...]] = []
        self.tokens = array("i")
        self.adlib = bytearray()
        self.ids: defaultdict[str, int] = defaultdict(count().__next__)

    def add(self, song: Song) -> None:
        position, digest = 0, blake2b(digest_size=8)
        for at, section in enumerate(song.sections):
            for line in section.lines:
                start = len(self.tokens)
                digest.update(" ".join(self._add_tokens(line)).encode())
                stop = len(self.tokens)
                key = (len(self.songs), len(self.sections), position)
                self.lines.append((*key, line.text, line.repeat, start, stop))
                position += 1
            performers = " & ".join(section.performers)
            number = section.number if section.number is not None else pd.NA
            self.sections.append((len(self.songs), section.kind, number, performers, section.repeat, at))
        year = pd.NA if song.year is None else song.year
        featuring = " & ".join(song.featuring)
        fingerprint = digest.hexdigest()  # of the words alone: the split by song must not depend on the rest
        self.songs.append((song.title, song.artist, song.album, year, featuring, song.source, fingerprint, "fr"))

    def _add_tokens(self, line: Line) -> list[str]:
        if not line.adlibs:
            words = tokenise(line.text)
            self.adlib.extend(bytes(len(words)))
        else:
            spans = token_spans(line.text)
            words = [span.token for span in spans]
            self.adlib.extend(any(a <= span.start < b for a, b in line.adlibs) for span in spans)
        self.tokens.extend(map(self.ids.__getitem__, words))
        return words

    def finish(self, name: str) -> Corpus:
        vocabulary, tokens = _in_final_order(list(self.ids), np.frombuffer(self.tokens, np.int32))
        songs = pd.DataFrame(self.songs, columns=list(SONG_COLUMNS)).astype({"year": "Int16"})
        sections = pd.DataFrame(self.sections, columns=list(SECTION_COLUMNS))
        lines = pd.DataFrame(self.lines, columns=list(LINE_COLUMNS))
        return Corpus(
            name=name,
            songs=songs.rename_axis("song"),
            sections=_typed(sections, number="Int16", kind="category").rename_axis("section"),
            lines=_typed(lines).rename_axis("line"),
            tokens=tokens,
            adlib=np.frombuffer(self.adlib, np.bool_),
            vocabulary=vocabulary,
        )


def _typed(frame: pd.DataFrame, **types: str) -> pd.DataFrame:
    narrow = {column: kind for column, kind in _NARROW.items() if column in frame}
    return frame.astype({**narrow, **types})


def _in_final_order(words: list[str], tokens: Ids) -> tuple[Vocabulary, Ids]:
    """The vocabulary in its lawful order, and the tokens renumbered to it."""
    counts = np.bincount(tokens, minlength=len(words))
    vocabulary = Vocabulary.from_counts(dict(zip(words, counts.tolist(), strict=True)), level="word")
    final = np.array([vocabulary.word2index[word] for word in words], np.int32)
    return vocabulary, final[tokens]
