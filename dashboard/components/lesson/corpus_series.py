"""Two series that the embedded corpus holds, words per line and rhyme letters, and a small network that guesses on."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from dashboard import cache
from dashboard.components.corpus.rhyme_marks import mark_rhymes
from dashboard.lessons import series_play
from pipeline.cells.activations import Array
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import mark, t
from pipeline.corpus.table import Corpus

WORDS, RHYMES = "words", "rhymes"
NAMES = {WORDS: mark("words per line"), RHYMES: mark("rhyme letters")}
LETTERS = ("A", "B", "C", "D", mark("other"))


def words_per_line(corpus: Corpus) -> list[Array]:
    """Words per line of each song."""
    lengths = (corpus.lines["stop"] - corpus.lines["start"]).to_numpy()
    songs = corpus.lines.reset_index(drop=True).groupby("song").indices.values()
    return [lengths[rows] for rows in songs if len(rows) > 12]


def rhyme_letter_series(corpus: Corpus) -> list[Array]:
    """Rhyme letters of couplets as classes: A to D, 4 for another letter or none."""
    texts = corpus.texts.groupby(corpus.lines["section"]).agg(list)
    couplets = corpus.sections.index[corpus.sections["kind"] == "couplet"]
    long = [texts[s][:16] for s in couplets if s in texts.index and len(texts[s]) >= 12]
    return [
        np.array([min("ABCD".find(letter) % 5, 4) for letter in mark_rhymes(lines).letters])
        for lines in long[:: max(1, len(couplets) // 140)]
    ]


def sequences(kind: str) -> list[Array]:
    """The series of this kind, one a song or couplet."""
    corpus = cache.open_corpus(DEMO_NAME)
    return words_per_line(corpus) if kind == WORDS else rhyme_letter_series(corpus)


def bin_edges(num_classes: int) -> Sequence[int]:
    """The edges between classes of words per line."""
    _, edges = series_play.bin_values(np.concatenate(cache.call(sequences, WORDS)), num_classes)
    return list(edges.tolist())


def letters() -> list[str]:
    """The names of the classes of rhymes."""
    return [t(letter) for letter in LETTERS]


def class_names(kind: str, num_classes: int) -> list[str]:
    """The names of the classes of a series."""
    return letters() if kind == RHYMES else series_play.class_names(bin_edges(num_classes))


def network_forecast(kind: str, num_classes: int, time_steps: int) -> series_play.Forecast:
    """What the network reached."""
    if kind == RHYMES:
        return series_play.evaluate_forecast(cache.call(sequences, kind), len(LETTERS), time_steps)
    edges = bin_edges(num_classes)
    ids = [np.searchsorted(edges, song, side="right") for song in cache.call(sequences, kind)]
    return series_play.evaluate_forecast(ids, len(edges) + 1, time_steps)


def system() -> str:
    """What a training in TensorFlow runs on here, in one line."""
    names = ("numpy", "tensorflow", "keras")
    versions = [f"Python {platform.python_version()}", *(f"{name} {installed_version(name)}" for name in names)]
    card = t("graphics card") if Path("/dev/nvidia0").exists() else t("no graphics card")
    return ", ".join([*versions, t("{n} processors", n=os.cpu_count() or 1), card, t("random seed 1")])


def installed_version(name: str) -> str:
    """The version of a package, or that it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return t("not installed")
