"""Two series that the embedded corpus holds, words per line and rhyme letters, and a small network that guesses on."""

from collections.abc import Sequence

import numpy as np

from dashboard import cache
from dashboard.components.rhyme_marks import rhymed
from dashboard.lessons import series_play
from pipeline.cells.activations import Array
from pipeline.corpus.table import Corpus
from pipeline.paths import DEMO_NAME

WORDS, RHYMES = "words", "rhymes"
NAMES = {WORDS: "words per line", RHYMES: "rhyme letters"}
LETTERS = ["A", "B", "C", "D", "other"]


def words_of_lines(corpus: Corpus) -> list[Array]:
    """Words per line of each song."""
    lengths = (corpus.lines["stop"] - corpus.lines["start"]).to_numpy()
    songs = corpus.lines.reset_index(drop=True).groupby("song").indices.values()
    return [lengths[rows] for rows in songs if len(rows) > 12]


def letters_of_lines(corpus: Corpus, sections: int = 140) -> list[Array]:
    """Rhyme letters of couplets as classes: A to D, 4 for another letter or none."""
    texts = corpus.lines.groupby("section")["text"].agg(list)
    couplets = corpus.sections.index[corpus.sections["kind"] == "couplet"]
    long = [texts[s][:16] for s in couplets if s in texts.index and len(texts[s]) >= 12]
    return [
        np.array([min("ABCD".find(letter) % 5, 4) for letter in rhymed(lines).letters])
        for lines in long[:: max(1, len(couplets) // sections)]
    ]


def sequences(kind: str) -> list[Array]:
    """The series of this kind, one a song or couplet."""
    corpus = cache.open_corpus(DEMO_NAME)
    return words_of_lines(corpus) if kind == WORDS else letters_of_lines(corpus)


def bins(num_classes: int) -> tuple[Sequence[int], list[str]]:
    """The edges between classes of words per line, and the names of the classes."""
    _, edges = series_play.bin_values(np.concatenate(cache.call(sequences, WORDS)), num_classes)
    return edges.tolist(), series_play.class_names(edges)


def evaluate_next(kind: str, num_classes: int, time_steps: int) -> tuple[series_play.Forecast, list[str]]:
    """What the network reached, and the names of the classes."""
    if kind == RHYMES:
        return series_play.evaluate_forecast(sequences(kind), len(LETTERS), time_steps), LETTERS
    edges, names = bins(num_classes)
    ids = [np.searchsorted(edges, song, side="right") for song in sequences(kind)]
    return series_play.evaluate_forecast(ids, len(names), time_steps), names
