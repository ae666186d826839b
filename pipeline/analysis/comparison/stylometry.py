"""Whom a text sounds like: Burrows' Delta (2002) to every artist of a corpus, and how often that is right.

The most frequent words, mostly function words, are used at rates that a writer hardly controls. Each rate is measured
in standard deviations over the artists; Delta is the mean of the absolute differences, 0 for the same rates. It needs
text: below a few hundred words the rates are chance, which is why the error rate stands beside every answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.analysis.comparison.similarity import profiles
from pipeline.analysis.counting import Floats, Ints, word_counts
from pipeline.analysis.intervals import Interval, wilson
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer

WORDS = 150  # most frequent words
LEAST_ARTIST = 1000  # words of an artist who is compared with
LEAST_SONG = 150  # words of a song that is guessed
MOST_SONGS = 1000  # guessed: of more, so many drawn at random


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
    """Return the artists of a corpus by their Delta to a text given as tokens, the nearest first: artist, delta, words.

    Raise SettingError for a text without a word of the corpus, and for fewer than two artists with enough words.
    """
    counts, sizes, labels, chosen = _frequent_words(corpus, layer, most)
    index = corpus.vocabulary.word2index
    own = np.bincount([index[word] for word in words if word in index], minlength=len(index))
    if not own.sum():
        raise SettingError("The text holds no word of the corpus: give a few lines of lyrics.")
    deltas = _deltas(counts / sizes[:, None], own[chosen] / len(words))
    order = np.argsort(deltas, kind="stable")
    return pd.DataFrame({"artist": labels[order], "delta": deltas[order], "words": sizes[order]})


def attribution(corpus: Corpus, layer: Layer = "lyrics", *, most: int = WORDS, least: int = LEAST_SONG) -> Attribution:
    """Guess the artist of each song of `least` words or more from the other songs: of at most `MOST_SONGS`, drawn at
    random, the same ones every time. Raise SettingError as above.
    """
    counts, sizes, labels, chosen = _frequent_words(corpus, layer, most)
    by_song, songs = word_counts(corpus, "song", layer)
    lengths = np.asarray(by_song.sum(axis=1)).ravel()
    artists = pd.Index(labels).get_indexer(corpus.songs.loc[songs, "artist"])
    guessed = np.flatnonzero((lengths >= least) & (artists >= 0))
    if not len(guessed):
        raise SettingError("No song has {least} words or more: there is nothing to guess.", least=least)
    if len(guessed) > MOST_SONGS:
        guessed = np.sort(np.random.default_rng(16).choice(guessed, MOST_SONGS, replace=False))
    rates = counts / sizes[:, None]
    right = 0
    for song, own in zip(guessed, by_song[guessed][:, chosen].toarray(), strict=True):
        artist, left = artists[song], sizes[artists[song]] - lengths[song]
        others = rates.copy()
        others[artist] = (counts[artist] - own) / left if left > 0 else np.inf
        right += int(_deltas(others, own / lengths[song]).argmin() == artist)
    n = len(guessed)
    low, high = wilson(right, n)
    common = np.bincount(artists[guessed]).max()
    return Attribution(n, right, right / n, Interval(float(low), float(high)), common / n, len(labels))


def _frequent_words(corpus: Corpus, layer: Layer, most: int) -> tuple[Ints, Ints, pd.Index, Ints]:
    """Return (counts int[artists, words] of the most frequent words, all words of each artist, their names, the words
    by index)."""
    counts, labels = profiles(corpus, "artist", layer, minimum=LEAST_ARTIST)
    if len(labels) < 2:
        raise SettingError(
            "Fewer than two artists have {least} words or more: there is nobody to compare with.", least=LEAST_ARTIST
        )
    totals = np.asarray(counts.sum(axis=0)).ravel()
    chosen = np.argsort(-totals, kind="stable")[:most]
    chosen = chosen[totals[chosen] > 0]
    return counts[:, chosen].toarray(), np.asarray(counts.sum(axis=1)).ravel(), labels, chosen


def _deltas(rates: Floats, text: Floats) -> Floats:
    """Return Delta of each artist to a text, from the rates of the words: float[artists, words] and float[words].

    The means of z-scores cancel: |z - z'| is the distance of two rates in standard deviations (n - 1) over the artists.
    An artist of infinite rates has no words, and no part in the deviation.
    """
    defined = rates[np.isfinite(rates[:, 0])]
    deviation = defined.std(axis=0, ddof=1) if len(defined) > 1 else np.zeros(len(text))
    deviation[deviation == 0] = 1.0
    return (np.abs(rates - text) / deviation).mean(axis=1)
