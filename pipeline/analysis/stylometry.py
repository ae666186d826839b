"""Whom a text sounds like: Burrows' Delta (2002) to every artist of a corpus, and how often that is right.

The most frequent words, mostly function words, are used at rates that a writer hardly controls. Each rate is measured
in standard deviations over the artists; Delta is the mean of the absolute differences, 0 for the same rates. It needs
text: below a few hundred words the rates are chance, which is why the error rate stands beside every answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.analysis.counting import Floats, Ints, word_counts
from pipeline.analysis.intervals import Interval, wilson
from pipeline.analysis.similarity import profiles
from pipeline.corpus.table import Corpus, Layer
from pipeline.errors import SettingError

WORDS = 150  # most frequent words
LEAST_ARTIST = 1000  # words of an artist who is compared with
LEAST_SONG = 150  # words of a song that is guessed


@dataclass(frozen=True)
class Attribution:
    """How often the artist of a song is the nearest once the song is taken out of the artist's words.

    songs guessed, right (of them), share with its 95 % interval (Wilson), baseline: always the artist of most songs.
    """

    songs: int
    right: int
    share: float
    interval: Interval
    baseline: float
    artists: int


def delta_to_artists(
    corpus: Corpus, words: Sequence[str], layer: Layer = "lyrics", *, most: int = WORDS
) -> pd.DataFrame:
    """The artists of a corpus by their Delta to a text given as tokens, the nearest first: artist, delta, words.

    Raises SettingError for a text without a word of the corpus, and for fewer than two artists with enough words.
    """
    table, sizes, labels, chosen = _profiles(corpus, layer, most)
    rates, mean, deviation = _standardised(table, sizes)
    index = corpus.vocabulary.word2index
    own = np.bincount([index[word] for word in words if word in index], minlength=len(index))
    if not own.sum():
        raise SettingError("style-text", "The text holds no word of the corpus: give a few lines of lyrics.")
    text = (own[chosen] / max(len(words), 1) - mean) / deviation
    deltas = np.abs(rates - text).mean(axis=1)
    order = np.argsort(deltas, kind="stable")
    return pd.DataFrame({"artist": labels[order], "delta": deltas[order], "words": sizes[order]})


def attribution(corpus: Corpus, layer: Layer = "lyrics", *, most: int = WORDS, least: int = LEAST_SONG) -> Attribution:
    """Guess the artist of every song of `least` words or more, from the other songs. Raises SettingError as above."""
    table, totals, labels, chosen = _profiles(corpus, layer, most)
    by_song, songs = word_counts(corpus, "song", layer)
    sizes = np.asarray(by_song.sum(axis=1)).ravel()
    artists = pd.Index(labels).get_indexer(corpus.songs.loc[songs, "artist"])
    guessed = np.flatnonzero((sizes >= least) & (artists >= 0))
    if not len(guessed):
        raise SettingError("style-songs", "No song has {least} words or more: there is nothing to guess.", least=least)
    rates, mean, deviation = _standardised(table, totals)
    right = 0
    for song, own in zip(guessed, by_song[guessed][:, chosen].toarray(), strict=True):
        artist = artists[song]
        text = (own / sizes[song] - mean) / deviation
        deltas = np.abs(rates - text).mean(axis=1)
        left = totals[artist] - sizes[song]
        if left > 0:
            rest = ((table[artist] - own) / left - mean) / deviation
            deltas[artist] = np.abs(rest - text).mean()
        else:
            deltas[artist] = np.inf
        right += int(deltas.argmin() == artist)
    n = len(guessed)
    low, high = wilson(right, n)
    common = np.bincount(artists[guessed]).max()
    return Attribution(n, right, right / n, Interval(float(low), float(high)), common / n, len(labels))


def _profiles(corpus: Corpus, layer: Layer, most: int) -> tuple[Ints, Ints, pd.Index, Ints]:
    """(counts int[artists, words] of the most frequent words, all words of each artist, their names, the words)."""
    counts, labels = profiles(corpus, "artist", layer, minimum=LEAST_ARTIST)
    if len(labels) < 2:
        raise SettingError(
            "style-artists",
            "Fewer than two artists have {least} words or more: there is nobody to compare with.",
            least=LEAST_ARTIST,
        )
    totals = np.asarray(counts.sum(axis=0)).ravel()
    chosen = np.argsort(-totals, kind="stable")[:most]
    chosen = chosen[totals[chosen] > 0]
    return counts[:, chosen].toarray(), np.asarray(counts.sum(axis=1)).ravel(), labels, chosen


def _standardised(counts: Ints, totals: Ints) -> tuple[Floats, Floats, Floats]:
    """z of each rate over the artists, the mean rate of each word and its standard deviation (n - 1)."""
    rates = counts / totals[:, None]
    mean, deviation = rates.mean(axis=0), rates.std(axis=0, ddof=1)
    deviation[deviation == 0] = 1.0
    return (rates - mean) / deviation, mean, deviation
