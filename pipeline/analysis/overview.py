"""What the corpus is made of: key figures, songs a year, voices."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.analysis.counting import song_rows
from pipeline.analysis.lines import line_lengths
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import Corpus, Layer


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Sizes of a corpus or of a part of it. `lines` are those that hold a word of the layer."""

    songs: int
    artists: int  # known ones
    sections: int
    lines: int
    words: int
    types: int
    years: tuple[int, int] | None


def key_figures(corpus: Corpus, layer: Layer = "lyrics") -> KeyFigures:
    """Return the sizes that a first page shows."""
    counts = corpus.counts(layer)
    return KeyFigures(
        songs=len(corpus.songs),
        artists=corpus.songs["artist"].loc[lambda artist: artist != UNKNOWN_ARTIST].nunique(),
        sections=len(corpus.sections),
        lines=int(np.count_nonzero(line_lengths(corpus, layer))),
        words=int(counts.sum()),
        types=int(np.count_nonzero(counts)),
        years=corpus.year_span,
    )


def songs_per_year(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row a year of the span, empty years included: year, songs, artists, words.

    Songs of unknown year are not in it: they are len(corpus.songs) less the sum of `songs`.
    """
    span = corpus.year_span
    if span is None:
        return pd.DataFrame({"year": [], "songs": [], "artists": [], "words": []}, dtype="int64")
    table = _song_sizes(corpus, layer).dropna(subset="year").astype({"year": "int64"})
    by_year = table.groupby("year").agg(songs=("words", "size"), artists=("artist", "nunique"), words=("words", "sum"))
    years = pd.RangeIndex(span[0], span[1] + 1, name="year")
    return by_year.reindex(years, fill_value=0).reset_index()


def voices(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row an artist, most songs first: artist, songs, lines, words, first_year, last_year (Int16).

    Songs whose artist is unknown are excluded.
    """
    table = _song_sizes(corpus, layer).loc[lambda songs: songs["artist"] != UNKNOWN_ARTIST]
    by_artist = table.groupby("artist").agg(
        songs=("words", "size"),
        lines=("lines", "sum"),
        words=("words", "sum"),
        first_year=("year", "min"),
        last_year=("year", "max"),
    )
    return by_artist.sort_values(["songs", "words"], ascending=False, kind="stable").reset_index()


def _song_sizes(corpus: Corpus, layer: Layer) -> pd.DataFrame:
    """Return the songs with the lines and words of each."""
    rows, lengths = song_rows(corpus), line_lengths(corpus, layer)
    songs = len(corpus.songs)
    lines = np.bincount(rows[lengths > 0], minlength=songs)
    words = np.bincount(rows, lengths, minlength=songs).astype(np.int64)
    return corpus.songs[["artist", "year"]].assign(lines=lines, words=words)
