"""The lexicon: its size, the frequency table, and how many characters its words have.

Laws of the whole (Zipf-Mandelbrot, Heaps) are in `laws`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.analysis.counting import document_frequency, song_row_of_each_line, word_counts
from pipeline.analysis.measures import Measure, ReferenceValue
from pipeline.analysis.precomputed import PrecomputedResult
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import tokenise

# Marks of elision, inversion and grouping, not letters: j' has one character, -le two, 10 000 five.
_NON_LETTER_REMOVAL = str.maketrans("", "", "'- ")


@dataclass(frozen=True, slots=True)
class LexiconSize:
    """Size of a lexicon: tokens (running words), types (different words), hapax and dis (types found once, twice)."""

    tokens: int
    types: int
    hapax: int
    dis: int
    hapax_share: float  # of the types; 0 for an empty layer
    characters_per_token: float
    characters_per_type: float


def lexicon_size(corpus: Corpus, layer: Layer = "lyrics") -> LexiconSize:
    """Return the size of the lexicon of a corpus: tokens, types, hapaxes and characters per word.

    Types, hapax and their share depend on length: compare texts of equal length (`diversity` is for unequal ones).
    """
    counts = corpus.word_counts(layer)
    characters = word_characters(corpus)
    tokens, types = int(counts.sum()), int(np.count_nonzero(counts))
    hapax = int(np.count_nonzero(counts == 1))
    return LexiconSize(
        tokens=tokens,
        types=types,
        hapax=hapax,
        dis=int(np.count_nonzero(counts == 2)),
        hapax_share=hapax / max(types, 1),
        characters_per_token=float(characters @ counts) / max(tokens, 1),
        characters_per_type=float(characters[counts > 0].sum()) / max(types, 1),
    )


def frequency_table(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row per word that occurs, most frequent first: word, index, count, songs, share, rank.

    `index` is word2index; `songs` is the number of songs that hold it; `share` is of the tokens; `rank` runs from
    1 without ties, equal counts in the order of the vocabulary.
    """
    matrix, _ = word_counts(corpus, "song", layer)
    counts, songs = corpus.word_counts(layer), document_frequency(matrix)
    order = np.argsort(-counts, kind="stable")
    order = order[: np.count_nonzero(counts)]
    words = np.array(corpus.vocabulary.index2word, dtype=object)[order]
    return pd.DataFrame(
        {
            "word": pd.array(words, dtype="str"),
            "index": order,
            "count": counts[order],
            "songs": songs[order],
            "share": counts[order] / counts.sum(),
            "rank": np.arange(1, len(order) + 1),
        }
    )


def word_characters(corpus: Corpus) -> np.ndarray:
    """Return int[vocabulary]: characters of each word, without apostrophes, hyphens and spaces."""
    return np.array([len(word.translate(_NON_LETTER_REMOVAL)) for word in corpus.vocabulary.index2word], np.int64)


def character_distribution(
    corpus: Corpus, layer: Layer = "lyrics", over: Literal["tokens", "types"] = "tokens"
) -> pd.DataFrame:
    """Return the characters per word, a row per length from 1 to the longest: characters, count, share.

    Over tokens a word counts as often as it occurs, over types once. Apostrophes and hyphens are not characters of
    a word: an elided clitic (j', l', qu') counts with the letters it keeps, as a word of its own.
    """
    counts = corpus.word_counts(layer)
    weights = counts if over == "tokens" else (counts > 0).astype(np.int64)
    lengths = word_characters(corpus)[weights > 0]
    count = np.bincount(lengths, weights[weights > 0], minlength=2).astype(np.int64)[1:]
    characters = np.arange(1, len(count) + 1)
    return pd.DataFrame({"characters": characters, "count": count, "share": count / max(count.sum(), 1)})


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The sizes of a corpus or of a part of it. `lines` counts the lines with at least one word."""

    songs: int
    artists: int  # known ones
    sections: int
    lines: int
    words: int
    types: int
    years: tuple[int, int] | None


def key_figures(corpus: Corpus, layer: Layer = "lyrics") -> KeyFigures:
    """Return the number of songs, artists, sections, lines, words and types of a corpus, and its years."""
    counts = corpus.word_counts(layer)
    return KeyFigures(
        songs=len(corpus.songs),
        artists=corpus.songs["artist"].loc[lambda artist: artist != UNKNOWN_ARTIST].nunique(),
        sections=len(corpus.sections),
        lines=int(np.count_nonzero(corpus.line_lengths(layer))),
        words=int(counts.sum()),
        types=int(np.count_nonzero(counts)),
        years=corpus.year_span,
    )


def songs_per_year(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row per year from the first to the last, empty years included: year, songs, artists, words.

    Songs of unknown year are not in it: they are len(corpus.songs) less the sum of `songs`.
    """
    span = corpus.year_span
    if span is None:
        return pd.DataFrame({"year": [], "songs": [], "artists": [], "words": []}, dtype="int64")
    table = _song_sizes(corpus, layer).dropna(subset="year").astype({"year": "int64"})
    by_year = table.groupby("year").agg(songs=("words", "size"), artists=("artist", "nunique"), words=("words", "sum"))
    years = pd.RangeIndex(span[0], span[1] + 1, name="year")
    return by_year.reindex(years, fill_value=0).reset_index()


def artist_sizes(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row per artist, most songs first: artist, songs, lines, words, first_year, last_year (Int16).

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
    """Return a row per song: artist, year, and its lines and words in lyrics, ad-libs or all (`layer`)."""
    rows, lengths = song_row_of_each_line(corpus), corpus.line_lengths(layer)
    songs = len(corpus.songs)
    lines = np.bincount(rows[lengths > 0], minlength=songs)
    words = np.bincount(rows, lengths, minlength=songs).astype(np.int64)
    return corpus.songs[["artist", "year"]].assign(lines=lines, words=words)


MEASURES = (
    Measure(
        "Words", "Tokens", "Elided words are separate, and so are pronouns after a "
            "hyphen; the rest stays whole.", "", "—",
        ReferenceValue(
            "J'suis dans l'game: j' suis dans l' game", "the project's gold lines", 5,
            lambda: len(tokenise("J'suis dans l'game")),
        ),
    ),
)  # fmt: skip


PRECOMPUTED_RESULTS = (PrecomputedResult("frequencies", frequency_table),)
