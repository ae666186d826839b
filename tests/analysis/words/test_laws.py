import numpy as np
import pytest

from pipeline.analysis.words.laws import (
    fit_zipf,
    rank_frequency,
    vocabulary_growth,
)


def test_zipf_mandelbrot_finds_its_own_parameters():
    ranks = np.arange(1, 5001)
    counts = np.round(1e7 * (ranks + 2.7) ** -1.15).astype(int)
    fit = fit_zipf(counts)
    assert fit.a == pytest.approx(1.15, abs=2e-3)
    assert fit.b == pytest.approx(2.7, abs=2e-2)
    assert fit.scale == pytest.approx(1e7, rel=0.02)
    assert fit.expected(ranks).sum() == pytest.approx(counts.sum())


def test_zipf_needs_three_types():
    assert fit_zipf(np.array([5, 2, 0])) is None


def test_rank_frequency_keeps_both_ends():
    counts = np.arange(3000)
    table = rank_frequency(counts, points=50)
    assert table["rank"].iloc[[0, -1]].tolist() == [1, 2999]
    assert table["count"].iloc[[0, -1]].tolist() == [2999, 1]
    assert len(table) <= 50


def test_growth_ends_at_the_whole(corpus):
    curve = vocabulary_growth(corpus, np.random.default_rng(1), shuffles=50, points=17)
    assert curve.iloc[0].tolist() == [0, 0, 0, 0, 0]
    assert curve.iloc[-1].tolist() == [17, 5, 5, 5, 3]
    assert (curve["low"] <= curve["types"]).all()
    assert (curve["types"] <= curve["high"]).all()
    again = vocabulary_growth(corpus, np.random.default_rng(1), shuffles=50, points=17)
    assert curve.equals(again)


def test_growth_is_that_of_a_set_of_words(corpus):
    order = np.random.default_rng(7).permutation(3)
    seen, tokens, types = set(), [0], [0]
    words, rows = corpus.token_table()
    for song in corpus.songs.index[order]:
        own = words[corpus.lines["song"].to_numpy()[rows] == song].tolist()
        seen |= set(own)
        tokens.append(tokens[-1] + len(own))
        types.append(len(seen))
    curve = vocabulary_growth(corpus, np.random.default_rng(7), shuffles=1, points=17)
    assert curve["types"].tolist() == pytest.approx(np.interp(curve["tokens"], tokens, types).tolist())


def test_growth_of_nothing(corpus):
    nothing = corpus.where(years=(1900, 1901))
    curve = vocabulary_growth(nothing, np.random.default_rng(1))
    assert curve["types"].tolist() == [0]
