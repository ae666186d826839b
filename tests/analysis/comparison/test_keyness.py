from dataclasses import replace

import nltk
import numpy as np
import pytest
from scipy import sparse, stats

from pipeline.analysis.comparison import association as a
from pipeline.analysis.comparison.keyness import (
    design_effects,
    dispersion,
    french_reference_counts,
    keyness,
    keyness_against_french,
    keyness_of_groups,
    song_permutation_p,
)
from pipeline.analysis.counting import count_matrix, word_counts
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


def close(value, **kwargs):
    return pytest.approx(value, **(kwargs or {"rel": 1e-9}))


def test_g2_is_nltks_with_a_sign():
    measure = nltk.collocations.BigramAssocMeasures.likelihood_ratio
    assert a.g2(60, 1000, 20, 1200) == close(measure(60, (1000, 80), 2200))
    assert a.g2(20, 1200, 60, 1000) == close(-measure(20, (1200, 80), 2200))
    assert a.p_value(3.841459) == close(0.05, abs=1e-7)


def test_lrc_of_evert(vectors):
    for case in vectors["keyness"]["lrc_evert_no_bonferroni"]["cases"]:
        cells = case["f1"], case["n1"], case["f2"], case["n2"]
        low, high = a.log_ratio_limits(*cells)
        assert low == close(case["ci"][0] if "ci" in case else case["lower"])
        assert high == close(case["ci"][1] if "ci" in case else np.inf)
        assert a.conservative_log_ratio(*cells) == close(case["score"])
        assert a.conservative_log_ratio(*cells[2:], *cells[:2]) == close(-case["score"])
    assert a.conservative_log_ratio(60, 1e5, 20, 1.2e5, tests=100) < 1.09


def test_lafon_of_robespierre(vectors):
    case = vectors["keyness"]["lafon_specificities_robespierre"]
    parts = np.array(case["part_sizes"])
    for word, counts in case["counts"].items():
        scores = a.specificity(counts, sum(counts), parts, parts.sum())
        for k, (observed, published) in enumerate(zip(scores, case["scores"][word], strict=True)):
            if f"{word}/D{k + 1}" in case["sign_convention_only"]:  # next to the mode, banal either way
                assert abs(observed) < 0.36
                assert abs(published) < 0.62
            else:
                assert observed == close(published, abs=5.1e-5)


def test_lafon_is_scipys_tail_far_from_the_mode_and_at_it():
    for f, total, part, corpus in [(30, 400, 900, 40_000), (0, 400, 9000, 40_000), (90, 400, 9000, 40_000)]:
        law = stats.hypergeom(corpus, total, part)
        mode = (part + 1) * (total + 1) // (corpus + 2)
        tail = -law.logsf(f - 1) if f >= mode else law.logcdf(f)
        assert a.specificity(f, total, part, corpus) == close(tail / np.log(10), rel=1e-7)


def test_dispersion_of_gries(vectors):
    case = vectors["dispersion_gries"]
    parts = [part.split() for part in case["parts"]]
    words = sorted({word for part in parts for word in part})
    ids = np.array([words.index(word) for part in parts for word in part], np.int32)
    groups = np.repeat(np.arange(5), [len(part) for part in parts])
    dp = dispersion(count_matrix(ids, groups, (5, len(words))))
    for word, expected in case["expected"].items():
        assert dp[words.index(word)] == close(expected["dp"], abs=6e-4), word


def test_dispersion_leaves_out_the_parts_without_words():
    counts = sparse.csr_matrix([[0, 0], [2, 1], [0, 0], [0, 3]])
    assert dispersion(counts).tolist() == close([1 / 2, 1 / 4])  # (1 - 1/2), and (1/2 - 1/4 + 3/4 - 1/2) / 2
    assert dispersion(counts[[1, 3]]).tolist() == close([1 / 2, 1 / 4])
    assert np.isnan(dispersion(sparse.csr_matrix([[0, 2], [0, 1]]))[0])


def test_keyness_of_two_artists(corpus):
    aube, brume = corpus.where(artists=["Aube"]), corpus.where(artists=["Brume"])
    table = keyness(aube, brume, minimum=1).set_index("word")
    assert table.loc["la", ["count", "reference_count", "songs", "reference_songs"]].tolist() == [5, 2, 1, 1]
    assert table.loc["la", "g2"] == close(float(a.g2(5, 12, 2, 5)))
    assert table.loc["la", "per_million"] == close(5 / 12 * 1_000_000)
    assert table.loc["la", "reference_per_million"] == 400_000  # 2 of 5 words
    assert table.loc["la", "log_ratio"] > 0 > table.loc["nuit", "log_ratio"]
    assert keyness(brume, aube, minimum=1).set_index("word").loc["la", "g2"] == close(-table.loc["la", "g2"])


def test_keyness_says_what_cannot_be_compared(corpus):
    with pytest.raises(SettingError, match="contains no words"):
        keyness(corpus, corpus.where(years=(1900, 1901)))


def test_artists_are_compared_as_parts(corpus):
    ours, rest = corpus.where(artists=["Aube"]), corpus.where(artists=["Brume"])
    expected = keyness(ours, rest, minimum=1)
    assert keyness_of_groups(corpus, "artist", ["Aube"], minimum=1).equals(expected)
    assert keyness_of_groups(corpus, "artist", ["Aube"], ["Brume"], minimum=1).equals(expected)
    with pytest.raises(SettingError, match="has artist 'nobody'"):
        keyness_of_groups(corpus, "artist", ["nobody"])


def test_a_group_that_is_none_is_named_and_unknown_years_are_on_neither_side(corpus):
    with pytest.raises(SettingError, match="has artist 'Personne'"):
        keyness_of_groups(corpus, "artist", ["Personne"])
    with pytest.raises(SettingError, match="has kind 'hymne'"):
        keyness_of_groups(corpus, "kind", ["hymne"])
    songs = corpus.songs.assign(year=[2001, 1995, *[None] * (len(corpus.songs) - 2)]).astype({"year": "Int16"})
    dated = replace(corpus, songs=songs)
    table = keyness_of_groups(dated, "decade", ["2000"], minimum=1)
    words, _ = word_counts(dated, "song")
    assert table["reference_count"].sum() == words[1].sum()


def test_kinds_and_decades_are_groups(corpus):
    expected = keyness(corpus.where(kinds=["refrain"]), corpus.where(kinds=["couplet"]), minimum=1)
    assert keyness_of_groups(corpus, "kind", ["refrain"], ["couplet"], minimum=1).equals(expected)
    years = [2001, *[1995] * (len(corpus.songs) - 1)]
    dated = replace(corpus, songs=corpus.songs.assign(year=years).astype({"year": "Int16"}))
    expected = keyness(dated.where(years=(2001, 2001)), dated.where(years=(1995, 1995)), minimum=1)
    assert keyness_of_groups(dated, "decade", ["2000"], minimum=1).equals(expected)


def test_keyness_to_french_is_against_ten_million_words(corpus):
    table = keyness_against_french(corpus, minimum=1).set_index("word")
    assert table.loc["nuit", "count"] == 5
    counts = table.loc["nuit", "reference_count"]
    assert counts == pytest.approx(4255, rel=0.1)  # as french_words.zip has it, of the same texts cut otherwise
    assert table.loc["nuit", "log_ratio"] == close(np.log2(5 / 17 / (counts / 10_055_471)))
    assert table.loc["la", "log_ratio"] > 0
    assert table["reference_songs"].isna().all()
    everyday = keyness_against_french(corpus, "everyday", minimum=1).set_index("word")
    assert everyday.loc["nuit", "reference_count"] < counts
    with pytest.raises(SettingError, match="general or everyday"):
        keyness_against_french(corpus, "written")


def songs_of_chance(rng: np.random.Generator, songs: int, words: int) -> np.ndarray:
    """Counts of songs x words of one law for all songs, which repeat the words that they have."""
    once = rng.poisson(rng.gamma(0.3, 1.0, words) * rng.uniform(0.5, 2, (songs, 1)))
    return once * rng.choice([1, 1, 2, 8], (songs, words))


def test_the_p_of_songs_is_that_of_drawing_them():
    """Against the share of draws, on words of every frequency, bursts among them."""
    rng = np.random.default_rng(5)
    counts = songs_of_chance(rng, 120, 60)
    words = np.flatnonzero((counts > 0).sum(axis=0) >= 4)
    sizes = counts.sum(axis=1)
    expected = np.outer(sizes, counts.sum(axis=0) / sizes.sum())
    bounded = np.minimum(counts, expected + 3 * np.maximum(np.sqrt(expected), 1))
    gap = (bounded - np.outer(sizes, bounded.sum(axis=0) / sizes.sum()))[:, words]
    draws = np.array([gap[rng.permutation(120)[:15]].sum(axis=0) for _ in range(4000)])
    found, drawn = [], []
    for _ in range(20):
        target = np.sort(rng.permutation(120)[:15])
        found.append(song_permutation_p(sparse.csr_matrix(counts), target, words))
        observed = gap[target].sum(axis=0)
        tails = np.where(observed > 0, draws >= observed - 1e-9, draws <= observed + 1e-9).mean(axis=0)
        drawn.append(np.minimum(2 * tails, 1))
    found, drawn = np.concatenate(found), np.concatenate(drawn)
    small = drawn < 0.1
    assert small.sum() > 60
    assert (found[small] > drawn[small] / 2 - 0.005).all()  # it promises no more than the draws do
    assert np.abs(found - drawn)[small].mean() < 0.08
    assert found[drawn > 0.3].min() > 0.15


def test_songs_drawn_at_random_have_no_words_of_their_own():
    """G2 of words that are taken for independent finds some in each draw; the test by song in hardly any."""
    rng = np.random.default_rng(6)
    songs = [
        Song(f"{number}", "tous", (Section("couplet", tuple(Line(f"mot{word} " * times) for word, times in row)),))
        for number, row in enumerate([(w, c) for w, c in enumerate(row) if c] for row in songs_of_chance(rng, 150, 90))
    ]
    corpus = make_corpus("chance", songs)
    found, tokens = [], []
    for _ in range(10):
        chosen = rng.permutation(150)[:20]
        side = corpus.songs.index[np.sort(chosen)]
        table = keyness(corpus.where(songs=side), corpus.where(songs=corpus.songs.index.difference(side)))
        found.append((table["q"] < 0.05).sum())
        tokens.append((stats.false_discovery_control(a.p_value(table["g2"])) < 0.05).sum())
    assert np.median(tokens) >= 10
    assert np.median(found) == 0
    assert sum(found) <= 3


def test_what_an_artist_says_in_many_songs_is_found_and_what_one_song_repeats_is_not():
    def song(artist: str, number: int, *lines: str) -> Song:
        return Song(f"{artist} {number}", artist, (Section("couplet", tuple(map(Line, lines))),))

    common = "je marche la nuit dans la ville et la ville dort"
    songs = [song("autre", number, common, common) for number in range(60)]
    songs += [song("chef", number, common, "le tournevis du garage") for number in range(8)]
    songs += [song("chef", 8, common, *["bulots bulots bulots"] * 20)]
    corpus = make_corpus("garage", songs)
    table = keyness_of_groups(corpus, "artist", ["chef"]).set_index("word")
    assert (table.loc[["tournevis", "garage"], "q"] < 0.001).all()
    assert set(table.index[:4]) == {"tournevis", "garage", "le", "du"}
    assert np.isnan(table.loc["bulots", "q"])
    assert table.loc["bulots", "lrc"] == 0
    assert table.loc["bulots", "g2"] > table.loc["tournevis", "g2"]
    french = keyness_against_french(corpus.where(artists=["chef"])).set_index("word")
    assert french.loc["tournevis", "q"] < 0.001
    assert np.isnan(french.loc["bulots", "q"])


def test_the_design_effect_is_that_of_bursts():
    even = np.full((40, 2), 5)
    assert design_effects(sparse.csr_matrix(even), np.array([0])) == close([1])
    burst = np.column_stack([np.r_[40, np.zeros(39, int)], np.full(40, 20)])
    rate = 40 / 840
    gaps = burst[:, 0] - rate * burst.sum(axis=1)
    assert design_effects(sparse.csr_matrix(burst), np.array([0])) == close([(gaps**2).sum() / (40 * (1 - rate))])


def test_everyday_french_swears_and_neither_french_has_spellings_of_speech():
    french = french_reference_counts().set_index("word")
    rates = french / french.sum()
    assert (
        rates.loc[["mec", "merde", "ouais", "copain"], "everyday"]
        > rates.loc[["mec", "merde", "ouais", "copain"], "general"]
    ).all()
    lines = ("y'a la p'tite", "r'garde aujourd'hui", "quelqu'un l'a dit", "dis-moi")
    corpus = make_corpus("spelt", [Song("t", "a", (Section("couplet", tuple(map(Line, lines))),))])
    for register in ("general", "everyday"):
        words = set(keyness_against_french(corpus, register, minimum=1)["word"])
        assert {"la", "aujourd'hui", "quelqu'un", "l'", "-moi"} <= words
        assert not words & {"y'", "p'tite", "r'garde"}
