"""Shared runs of words on songs where every run is known, and against the slow way."""

import numpy as np
import pandas as pd
import pytest

from pipeline.analysis.comparison.reuse import NGRAM_SIZE, rank_shared_phrases, reuse_graph, shared_phrases
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.corpora import lines_with_texts, make_corpus


def song(title: str, artist: str, year: int | None, *lines: str) -> Song:
    return Song(title, artist, (Section("couplet", tuple(map(Line, lines))),), year=year)


@pytest.fixture(scope="module")
def quoting() -> Corpus:
    return make_corpus(
        "quoting",
        [
            song("Neuf", "Écho", 2010, "Comme il disait la rue ne dort jamais la nuit", "Rien"),
            song("Vieux", "Source", 1998, "La rue ne dort jamais la nuit ici", "Je suis né dans la poussière"),
            song("Sans date", "Ombre", None, "Oui je suis né dans la poussière", "On est là pour ça"),
            song("Refrain", "Source", 1999, "On est là pour ça", "On est là pour ça"),
            song("Refrain aussi", "Écho", 2011, "On est là pour ça", "On est là pour ça"),
            song("Encore", "Tiers", 2012, "On est là pour ça"),
            song("Toujours", "Quart", 2013, "On est là pour ça"),
        ],
    )


def test_the_longest_run_comes_first_and_the_earlier_song_before_the_later(quoting: Corpus) -> None:
    table = shared_phrases(quoting)
    first = table.iloc[0]
    assert (first["text"], first["words"]) == ("la rue ne dort jamais la nuit", 7)
    assert (first["title"], first["later_title"], first["dated"]) == ("Vieux", "Neuf", True)
    assert quoting.texts[first["line"]] == "La rue ne dort jamais la nuit ici"
    assert quoting.texts[first["later_line"]].startswith("Comme il disait")


def test_without_a_year_the_order_is_not_known(quoting: Corpus) -> None:
    table = shared_phrases(quoting)
    second = table[table["text"] == "je suis né dans la poussière"].iloc[0]
    assert not second["dated"]


def test_of_two_songs_of_one_year_the_first_of_the_corpus_stays_first() -> None:
    line = "La rue ne dort jamais la nuit"
    (run,) = shared_phrases(make_corpus("year", [song(name, name, 2001, line) for name in "BA"])).itertuples()
    assert (run.artist, run.later_artist, run.dated) == ("B", "A", False)


def test_set_phrases_are_put_aside_and_refrains_count_once(quoting: Corpus) -> None:
    assert "on est là pour ça" not in set(shared_phrases(quoting)["text"])  # five artists say it
    table = shared_phrases(quoting, artists=5)
    phrase = table[table["text"] == "on est là pour ça"]
    assert len(phrase) == 10  # every pair of the five songs, however often each says it
    assert not phrase.duplicated(["song", "later_song"]).any()


def test_runs_of_some_lines_are_those_that_stand_first_in_them(quoting: Corpus) -> None:
    table = shared_phrases(quoting)
    of = quoting.texts.str.startswith("La rue").to_numpy()
    kept = table[table["line"].isin(quoting.lines.index[of])].reset_index(drop=True)
    assert len(kept)
    pd.testing.assert_frame_equal(shared_phrases(quoting, of=of), kept)


def test_a_run_does_not_cross_lines() -> None:
    corpus = make_corpus(
        "two", [song("a", "A", 2000, "un deux trois", "quatre cinq"), song("b", "B", 2001, "un deux trois quatre cinq")]
    )
    assert shared_phrases(corpus).empty


def test_the_same_artist_may_repeat(quoting: Corpus) -> None:
    table = shared_phrases(quoting, artists=9)
    assert (table["artist"] != table["later_artist"]).all()


def test_the_graph_adds_up(quoting: Corpus) -> None:
    runs = shared_phrases(quoting)
    graph = reuse_graph(runs)
    assert graph["runs"].sum() == len(runs)
    assert reuse_graph(shared_phrases(quoting, artists=5))["runs"].tolist() == [2, *[1] * 10]  # Source to Écho twice
    assert graph.set_index(["artist", "later_artist"]).loc[("Source", "Écho"), "dated"] == 1


@pytest.mark.parametrize("seed", range(5))
def test_runs_are_those_of_the_slow_way(seed: int) -> None:
    rng = np.random.default_rng(seed)
    songs = [
        song(f"t{n}", f"a{n % 4}", 2000 + n, *(" ".join(rng.choice(["un", "deux", "trois"], 7)) for _ in range(3)))
        for n in range(6)
    ]
    corpus = make_corpus("random", songs)
    found = shared_phrases(corpus, artists=4)
    pairs = set(zip(found["text"], found["song"], found["later_song"], strict=True))
    assert pairs == slow_runs(corpus)


def slow_runs(corpus: Corpus) -> set[tuple[str, int, int]]:
    """Every pair of lines of different artists, every pair of places in them, as long as the words agree."""
    texts = [(int(row.song), row.text.lower().split()) for row in lines_with_texts(corpus).itertuples()]
    artists = corpus.songs["artist"]
    found = set()
    for one, a in texts:
        for other, b in texts:
            if one >= other or artists[one] == artists[other]:
                continue
            for i in range(len(a)):
                for j in range(len(b)):
                    if i and j and a[i - 1] == b[j - 1]:
                        continue  # part of a longer one
                    n = 0
                    while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
                        n += 1
                    if n >= NGRAM_SIZE:
                        found.add((" ".join(a[i : i + n]), one, other))
    return found


def test_rare_runs_come_first_and_variants_of_one_source_are_together() -> None:
    common = "on est dans la ville ce soir"
    songs = [song(f"t{n}", f"a{n}", 2000 + n, f"et {common} oui", "encore un soir dans la ville") for n in range(2)]
    songs += [song(f"u{n}", f"b{n}", 2010 + n, "la ville ce soir", f"encore un mot{n} dans") for n in range(6)]
    rare = "le cyclope borgne épluche ses mandarines"
    songs += [
        song("Un", "x", 1999, rare),
        song("Deux", "y", 2005, f"{rare} demain"),
        song("Trois", "z", 2006, rare[3:]),
    ]
    songs += [song(f"v{n}", f"c{n}", 2020 + n, "ouais ouais ouais je suis là dans le") for n in range(2)]
    corpus = make_corpus("rares", songs)
    ranked = rank_shared_phrases(shared_phrases(corpus), corpus)
    first = ranked[ranked["cluster"] == 1]
    assert set(first["text"]) == {rare, rare[3:]}
    assert len(first) == 3  # three pairs of songs
    assert first.iloc[0]["text"] == rare
    assert ranked["cluster"].is_monotonic_increasing
    assert not ranked["text"].str.contains("ouais").any()  # boilerplate
    assert (ranked["words"] >= 5).all()
    in_songs = [4, 3, 3, 3, 3, 3]  # le, which boilerplate has too; cyclope, borgne, épluche, ses, mandarines
    assert first.iloc[0]["rarity"] == pytest.approx(np.log2(len(songs) / np.array(in_songs)).sum())
    assert rank_shared_phrases(shared_phrases(corpus).head(0), corpus).empty


def test_a_line_taken_over_comes_before_a_turn_of_phrase_of_rarer_words() -> None:
    taken, turn = "la lampe du grand quai vacille sous la pluie", "le hibou grelotte sans manteau"
    longer = f"hier encore il nous disait tout bas {turn} comme autrefois quand venait octobre"  # 17 words
    songs = [
        song("Un", "x", 1999, taken, longer),
        song("Deux", "y", 2005, taken.replace("la lampe", "ta lampe"), f"{turn} mais personne ne rit"),
        *(song(f"t{n}", f"a{n}", 2000 + n, *(taken.split() if n < 2 else "non")) for n in range(4)),
    ]
    corpus = make_corpus("entre", songs)
    ranked = rank_shared_phrases(shared_phrases(corpus), corpus)
    assert ranked["text"].tolist() == ["lampe du grand quai vacille sous la pluie", turn]
    assert ranked["rarity"].is_monotonic_increasing  # the turn of phrase has the rarer words
    assert ranked["coverage"].tolist() == pytest.approx([8 / 9, 5 / 17])


def test_one_song_under_two_titles_is_no_borrowing() -> None:
    rng = np.random.default_rng(2)
    words = [f"{a}{b}" for a in ("ba", "ko", "li", "tu", "ra", "mé") for b in ("na", "so", "vi", "du", "pe", "chou")]
    lines = [" ".join(rng.choice(words, 8)) for _ in range(40)]
    corpus = make_corpus(
        "twice",
        [
            song("Nuit", "A", 2000, *lines[:12]),
            song("Nuit (version)", "B", 2004, *lines[:11], *lines[12:14]),
            song("Autre", "C", 2005, *lines[20:32], lines[3]),
        ],
    )
    runs = shared_phrases(corpus)
    same = runs.set_index(["title", "later_title"])["same_song"].groupby(level=[0, 1]).all().to_dict()
    assert same == {("Nuit", "Nuit (version)"): True, ("Nuit", "Autre"): False, ("Nuit (version)", "Autre"): False}
    ranked = rank_shared_phrases(runs, corpus)
    assert set(ranked["later_title"]) == {"Autre"}
