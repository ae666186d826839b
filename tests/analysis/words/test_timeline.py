import numpy as np
import pytest

from pipeline.analysis.words.timeline import (
    adoption_by_artist,
    first_uses,
    query_timeline,
    words_whose_share_moved,
)
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


def test_every_year_has_its_denominators(corpus):
    table = query_timeline(corpus, ["la nuit", "rue"]).set_index(["query", "year"])
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
    assert query_timeline(corpus.where(songs=[2]), ["rue"]).empty  # its year is unknown
    assert query_timeline(corpus, []).empty
    assert adoption_by_artist(corpus, "inconnu").empty


def test_spread_counts_artists(corpus):
    table = adoption_by_artist(corpus, "nuit")
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


def test_words_that_moved_are_tested_and_telling() -> None:
    """Of 60 songs, 30 a half: `drone` comes in 24 late ones, `minitel` in 24 early ones, `ville` stays."""
    songs = []
    for at in range(60):
        late = at >= 30
        mark = ("drone" if late else "minitel") if at % 5 else "ville"
        lines = (Line(f"la ville et le {mark}"), Line("ouais ouais" if late else "hé hé"))
        songs.append(Song(str(at), "Aube", (Section("couplet", lines),), year=1990 + at // 2))
    table = words_whose_share_moved(make_corpus("moved", songs))
    assert table["word"].tolist() == ["drone", "minitel"]
    assert table[["early", "late"]].round(2).values.tolist() == [[0, 0.8], [0.8, 0]]
    assert (table["q"] < 0.05).all()
    assert words_whose_share_moved(make_corpus("undated", [Song("x", "Aube", songs[0].sections)])).empty
