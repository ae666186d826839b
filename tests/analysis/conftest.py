"""A corpus small enough to count by hand, and the reference values of the field."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.analysis.planted_worlds import WORLDS
from tests.corpora import make_corpus

VECTORS = Path(__file__).parents[1] / "data" / "analysis_vectors.json"


@pytest.fixture(scope="session")
def vectors() -> dict:
    """Published or recomputed reference values; each states its source."""
    return json.loads(VECTORS.read_text("utf-8"))


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """Two artists, three songs, one of unknown year.

    lyrics layer: j' suis la rue (4) | la nuit la nuit (4) | la rue, la nuit (4) | la nuit la nuit (4) | rue (1)
    ad-libs: ouais ouais in the second line, skrrt alone in the last.
    """
    return make_corpus(
        "small",
        [
            Song(
                "Une",
                "Aube",
                (
                    Section("couplet", (Line("J'suis la rue"), Line("La nuit, la nuit (ouais ouais)", ((17, 30),)))),
                    Section("refrain", (Line("La rue, la nuit"),)),
                ),
                year=2001,
            ),
            Song("Deux", "Brume", (Section("couplet", (Line("La nuit la nuit"),)),), year=2003),
            Song("Trois", "Brume", (Section("outro", (Line("Rue"), Line("(Skrrt)", ((0, 7),)))),)),
        ],
    )


@pytest.fixture(scope="session")
def planted() -> Corpus:
    """Thirty songs, ten of each world, of two couplets of eight lines; the artist is the world."""
    rng = np.random.default_rng(16)
    songs = []
    for number in range(30):
        artist = list(WORLDS)[number % 3]
        lines = [Line(" ".join(["je", "vois", *rng.choice(WORLDS[artist], 3, replace=False)])) for _ in range(16)]
        sections = (Section("couplet", tuple(lines[:8])), Section("couplet", tuple(lines[8:]), number=2))
        songs.append(Song(f"t{number}", artist, sections, year=2000 + number % 5))
    return make_corpus("planted", songs)
