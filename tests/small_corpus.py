"""A small corpus with something to learn in it, and the settings of short trainings on it."""

from typing import Any

import numpy as np

from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.training.settings import TrainSettings

WORDS = ("je", "tu", "la", "nuit", "rue", "ville", "dans", "sur", "pour", "l'or", "d'ici", "Paris", "encore", "jamais")


def made_song(number: int, kinds: tuple[str, str] = ("couplet", "refrain")) -> Song:
    rng = np.random.default_rng(number)
    lines = []
    for _ in range(12):
        at = int(rng.integers(len(WORDS)))
        words = [WORDS[(at + step * step) % len(WORDS)] for step in range(5)]
        lines.append(Line(" ".join([words[0].capitalize(), *words[1:]]) + (" (ouais)" if at % 3 == 0 else "")))
    sections = (Section(kinds[0], tuple(lines[:8])), Section(kinds[1], tuple(lines[8:])))
    return Song(f"t{number}", "a", sections)


def line_words(corpus: Corpus, line: int) -> list[str]:
    """The words of the line with this id, ad-libs included."""
    start, stop = corpus.lines.loc[line, ["start", "stop"]]
    return corpus.vocabulary.decode(corpus.tokens[start:stop])


def small_settings(**changes: Any) -> TrainSettings:
    values = {"name": "essai", "steps": 12, "units": 12, "embedding": 6, "batch": 4, "time": 20, "validations": 3}
    return TrainSettings(**{**values, **changes})
