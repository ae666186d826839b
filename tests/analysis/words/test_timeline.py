import numpy as np
import pytest

from pipeline.analysis.words.timeline import (
    first_uses,
    moved_words,
    neighbour_clusters,
    period_partitions,
    spread_by_artist,
    timeline,
)
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


def test_every_year_has_its_denominators(corpus):
    table = timeline(corpus, ["la nuit", "rue"]).set_index(["query", "year"])
    first = table.loc["la nuit", 2001]
    assert first[["count", "words", "songs_with", "songs", "share", "artists"]].tolist() == [3, 12, 1, 1, 1, 1]
    assert first["per_million"] == pytest.approx(3 / 12 * 1e6)
    # Wilson for 1 of 1: 1 / (1 + 1.96²) to 1
    assert (first["low"], first["high"]) == (pytest.approx(1 / (1 + 3.841459)), 1)
    empty = table.loc["la nuit", 2002]
    assert empty[["count", "songs"]].tolist() == [0, 0]
    assert np.isnan(empty[["share", "low", "high", "per_million"]].to_numpy(float)).all()
    assert table.loc["rue", 2003]["share"] == 0
    assert table.loc["rue", 2003]["high"] == pytest.approx(3.841459 / (1 + 3.841459))


def test_nothing(corpus):
    assert timeline(corpus.where(songs=[2]), ["rue"]).empty  # its year is unknown
    assert timeline(corpus, []).empty
    assert spread_by_artist(corpus, "inconnu").empty


def test_spread_counts_artists(corpus):
    table = spread_by_artist(corpus, "nuit")
    assert table["artist"].tolist() == ["Aube", "Brume"]
    assert table["first_year"].tolist() == [2001, 2003]
    assert table["title"].tolist() == ["Une", "Deux"]
    assert table["count"].tolist() == [3, 2]
    assert table["artists"].tolist() == [1, 2]


def test_first_uses(corpus):
    table = first_uses(corpus, minimum_artists=1).set_index("word")
    assert table["first_year"].to_dict() == {"la": 2001, "nuit": 2001, "rue": 2001, "j'": 2001, "suis": 2001}
    assert table.loc["nuit", ["artists", "songs", "count"]].tolist() == [2, 2, 5]
    assert first_uses(corpus)["word"].tolist() == ["la", "nuit"]


def test_neighbours_that_differ_least_are_put_together_first():
    # Gries & Hilpert 2008 by hand: 1 2 differ by .71, 9 10 by .71, 2 9 by 4.9; then {1, 2} and {9, 10} by 4.65
    merges = neighbour_clusters(np.array([[1.0], [2.0], [9.0], [10.0]]), np.full(4, 7))
    assert [first for first, _ in merges] == [1, 3, 2]
    assert [distance for _, distance in merges] == pytest.approx([0.70711, 0.70711, 4.65475], abs=1e-5)
    profiles = np.array([[1.0, 2, 3], [1, 2, 3.1], [3, 2, 1]])
    assert [first for first, _ in neighbour_clusters(profiles, np.full(3, 7))] == [1, 2]


def test_periods_begin_where_the_words_change():
    songs = []
    for year in range(2000, 2010):
        words = "la nuit tombe sur la ville" if year < 2006 else "le soleil brille dans le ciel"
        lines = (Line(words), Line(f"mot{year % 3}"))
        songs.append(Song(f"{year}", "Aube", (Section("couplet", lines),), year=year))
    songs.append(Song("ad-libs alone", "Aube", (Section("intro", (Line("(ouais)", ((0, 7),)),)),), year=2020))
    corpus = make_corpus("periods", songs)
    for table in (period_partitions(corpus), period_partitions(corpus, "nuit")):
        assert table.loc[table["proposed"], ["periods", "starts"]].to_numpy().tolist() == [[2, "2000, 2006"]]
    with pytest.raises(SettingError, match="three years"):
        period_partitions(corpus.where(years=(2000, 2001)))


def test_a_year_of_one_song_begins_no_period():
    """Weighed as one year among others, 2003 stands alone and 2006, where the words change, is no border."""
    songs = []
    for year in range(2000, 2012):
        words = "la nuit tombe sur la ville" if year < 2006 else "le soleil brille sur la ville"
        for number in range(1 if year == 2003 else 20):
            text = "personne ne danse quand je chante" if year == 2003 else words
            lines = (Line(text), Line(f"mot{number % 3} dans la rue de la nuit"))
            songs.append(Song(f"{year} {number}", "Aube", (Section("couplet", lines),), year=year))
    corpus = make_corpus("one song", songs)
    for query in ("", "nuit tombe"):
        assert period_partitions(corpus, query).iloc[0]["starts"] == "2000, 2006", query


def test_words_that_moved_are_tested_and_telling() -> None:
    """Of 60 songs, 30 a half: `drone` comes in 24 late ones, `minitel` in 24 early ones, `ville` stays."""
    songs = []
    for at in range(60):
        late = at >= 30
        mark = ("drone" if late else "minitel") if at % 5 else "ville"
        lines = (Line(f"la ville et le {mark}"), Line("ouais ouais" if late else "hé hé"))
        songs.append(Song(str(at), "Aube", (Section("couplet", lines),), year=1990 + at // 2))
    table = moved_words(make_corpus("moved", songs))
    assert table["word"].tolist() == ["drone", "minitel"]
    assert table[["early", "late"]].round(2).values.tolist() == [[0, 0.8], [0.8, 0]]
    assert (table["q"] < 0.05).all()
    assert moved_words(make_corpus("undated", [Song("x", "Aube", songs[0].sections)])).empty
