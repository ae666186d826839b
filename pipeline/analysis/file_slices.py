"""Slices of a prepared corpus that need not fit in memory: whole songs, read from its mapped files on any worker."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from pipeline.analysis.counting import Ints, Mask
from pipeline.corpus.store import load_corpus, map_lines, map_tokens
from pipeline.corpus.table import Layer
from pipeline.language.vocabulary import Ids

TOGETHER = 1 << 24  # tokens of a slice: 80 MB of the file


class Slice(NamedTuple):
    """Lines `first` to `stop` of a corpus, and of which of its songs they are looked at: bool[songs], None for all."""

    name: str
    first: int
    stop: int
    songs: Mask | None


class SliceTokens(NamedTuple):
    """The tokens of a slice that are looked at: word, line, song, and place in the file of each, in order."""

    words: Ids
    lines: Ints
    songs: Ints
    places: Ints


def slices_of(
    name: str, together: int = TOGETHER, artists: Collection[str] = (), years: tuple[int, int] | None = None
) -> list[Slice]:
    """Return slices of about `together` tokens that make up a corpus, or its part by these artists and of these years.

    Raises CorpusError.
    """
    songs = load_corpus(name).chosen_songs(artists=artists, years=years) if artists or years else None
    song, _, stop = map_lines(name)
    starts = np.flatnonzero(np.diff(song, prepend=-1))  # the first line of each song
    before = np.append(0, stop[starts[1:] - 1])  # tokens before it
    bounds = starts[np.flatnonzero(np.diff(before // together, prepend=-1))]
    return [Slice(name, a, b, songs) for a, b in zip(bounds.tolist(), [*bounds[1:].tolist(), len(song)], strict=True)]


def read_slice(part: Slice, layer: Layer) -> SliceTokens:
    """Read the tokens of one layer of a slice."""
    song, start, stop = (column[part.first : part.stop] for column in map_lines(part.name))
    a, b = int(start[0]), int(stop[-1])
    tokens, adlib = map_tokens(part.name)
    tokens, adlib = tokens[a:b], adlib[a:b]
    lines = np.repeat(np.arange(len(song)), stop - start)
    keep = np.ones(len(tokens), bool) if layer == "all" else adlib == (layer == "adlibs")
    if part.songs is not None:
        keep &= part.songs[song][lines]
    places = np.flatnonzero(keep)
    return SliceTokens(tokens[places], lines[places], song[lines[places]], places + a)
