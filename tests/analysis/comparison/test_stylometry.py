"""Burrows' Delta by hand, and on artists who use small words at rates of their own."""

import numpy as np
import pytest

from pipeline.analysis.comparison import stylometry
from pipeline.analysis.comparison.stylometry import attribution, delta_to_artists
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.corpora import make_corpus

WORDS = ["je", "tu", "la", "le", "de", "et", "un", "dans", "pour", "pas"]


@pytest.fixture(scope="module")
def styles() -> Corpus:
    """Three artists of eight songs of 200 words; each draws the same ten words at other rates."""
    rng = np.random.default_rng(16)
    rates = rng.dirichlet(np.full(len(WORDS), 20.0), 3)
    songs = []
    for artist in range(3):
        for number in range(8):
            lines = [Line(" ".join(rng.choice(WORDS, 10, p=rates[artist]))) for _ in range(20)]
            songs.append(Song(f"{artist}-{number}", f"artist {artist}", (Section("couplet", tuple(lines)),)))
    return make_corpus("styles", songs)


def test_delta_is_the_mean_difference_of_z_scores(styles: Corpus) -> None:
    text = ("je " * 30 + "tu " * 20 + "la " * 50).split()
    table = delta_to_artists(styles, text).set_index("artist")["delta"]
    artists = styles.songs.loc[styles.lines["song"], "artist"].to_numpy()
    rates = np.zeros((3, len(WORDS)))
    for artist, line in zip(artists, styles.texts, strict=True):
        for word in line.split():
            rates[int(artist[-1]), WORDS.index(word)] += 1 / 1600
    mean, deviation = rates.mean(axis=0), rates.std(axis=0, ddof=1)
    own = np.array([text.count(word) / len(text) for word in WORDS])
    expected = np.abs((rates - mean) / deviation - (own - mean) / deviation).mean(axis=1)
    for artist in range(3):
        assert table[f"artist {artist}"] == pytest.approx(expected[artist])


def test_a_song_is_nearest_to_its_artist(styles: Corpus) -> None:
    words = " ".join(styles.texts[styles.lines["song"] == 9]).split()
    assert delta_to_artists(styles, words)["artist"].iloc[0] == "artist 1"


def test_attribution_leaves_the_song_out_and_says_how_sure_it_is(styles: Corpus) -> None:
    found = attribution(styles)
    assert (found.songs, found.artists) == (24, 3)
    assert found.share == found.right / 24
    assert found.baseline == pytest.approx(1 / 3)
    assert found.baseline < found.interval.low < found.share <= found.interval.high


def test_of_many_songs_some_are_guessed(styles: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stylometry, "MOST_SONGS", 10)
    found = attribution(styles)
    assert found.songs == 10
    assert found == attribution(styles)


def test_what_cannot_be_compared_is_one_sentence(styles: Corpus, corpus: Corpus) -> None:
    with pytest.raises(SettingError, match="no word of the corpus"):
        delta_to_artists(styles, ["zzz"])
    with pytest.raises(SettingError, match="Fewer than two artists"):
        delta_to_artists(corpus, ["la"])
