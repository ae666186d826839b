"""Cosine Delta by hand, on artists who use small words at rates of their own; trees, parts of a song."""

import numpy as np
import pytest

from pipeline.analysis.comparison import stylometry
from pipeline.analysis.comparison.stylometry import attribution_accuracy, delta_to_artists, rolling_delta
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


TEXT = ("je " * 30 + "tu " * 20 + "la " * 50).split()


def test_cosine_delta_is_the_angle_of_z_scores_over_songs(styles: Corpus) -> None:
    table = delta_to_artists(styles, TEXT).set_index("artist")["delta"]
    songs = np.array(
        [[" ".join(styles.texts[styles.lines["song"] == n]).split().count(w) / 200 for w in WORDS] for n in range(24)]
    )
    mean, deviation = songs.mean(axis=0), songs.std(axis=0, ddof=1)
    own = (np.array([TEXT.count(word) / len(TEXT) for word in WORDS]) - mean) / deviation
    for artist in range(3):
        each = (songs[8 * artist : 8 * artist + 8].mean(axis=0) - mean) / deviation
        assert table[f"artist {artist}"] == pytest.approx(1 - own @ each / np.sqrt(own @ own) / np.sqrt(each @ each))


def test_parts_of_a_song_are_nearest_to_who_wrote_them(styles: Corpus) -> None:
    mixed = [Line(text) for song in (9, 17) for text in styles.texts[styles.lines["song"] == song]]
    songs = [
        Song(
            f"{n}", f"artist {n // 8}", (Section("couplet", tuple(map(Line, styles.texts[styles.lines["song"] == n]))),)
        )
        for n in range(24)
    ]
    corpus = make_corpus("mixed", [*songs, Song("mixed", "artist 0", (Section("couplet", tuple(mixed)),))])
    table = rolling_delta(corpus, 24, window=100, step=50)
    assert table.index.is_unique
    nearest = table[table["nearest"]].set_index("start")["artist"]
    assert nearest.loc[[0, 50, 100]].tolist() == ["artist 1"] * 3
    assert nearest.loc[[200, 250, 300]].tolist() == ["artist 2"] * 3
    with pytest.raises(SettingError, match="500"):
        rolling_delta(corpus, 24, window=500)


def test_a_song_is_nearest_to_its_artist(styles: Corpus) -> None:
    words = " ".join(styles.texts[styles.lines["song"] == 9]).split()
    assert delta_to_artists(styles, words)["artist"].iloc[0] == "artist 1"


def test_attribution_leaves_the_song_out_and_says_how_sure_it_is(styles: Corpus) -> None:
    found = attribution_accuracy(styles)
    assert (found.songs, found.artists) == (24, 3)
    assert found.share == found.right / 24
    assert found.baseline == pytest.approx(1 / 3)
    assert found.baseline < found.interval.low < found.share <= found.interval.high


def test_of_many_songs_some_are_guessed(styles: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stylometry, "MAX_ATTRIBUTED_SONGS", 10)
    found = attribution_accuracy(styles)
    assert found.songs == 10
    assert found == attribution_accuracy(styles)


def test_what_cannot_be_compared_is_one_sentence(styles: Corpus, corpus: Corpus) -> None:
    with pytest.raises(SettingError, match="no word of the corpus"):
        delta_to_artists(styles, ["zzz"])
    with pytest.raises(SettingError, match="Fewer than two artists"):
        delta_to_artists(corpus, ["la"])
