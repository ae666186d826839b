import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.words.laws import (
    fit_heaps,
    fit_zipf,
    lines_with_new_words,
    log_log_line,
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


def test_zipf_errors_are_those_of_repeated_draws():
    rng, ranks = np.random.default_rng(3), np.arange(1, 201)
    p = (ranks + 1.5) ** -1.2
    fits = [fit_zipf(rng.multinomial(20_000, p / p.sum())) for _ in range(60)]
    spread = np.std([fit.a for fit in fits])
    assert np.mean([fit.a_error for fit in fits]) == pytest.approx(spread, rel=0.35)


def test_zipf_needs_three_types():
    assert fit_zipf(np.array([5, 2, 0])) is None


def test_rank_frequency_keeps_both_ends():
    counts = np.arange(3000)
    table = rank_frequency(counts, points=50)
    assert table["rank"].iloc[[0, -1]].tolist() == [1, 2999]
    assert table["count"].iloc[[0, -1]].tolist() == [2999, 1]
    assert len(table) <= 50


def test_lines_of_the_poem(vectors):
    poem = vectors["diversity"]["harmonie_du_soir"]
    _, counts = np.unique(poem["tokens"], return_counts=True)
    ordered = np.sort(counts)[::-1]
    slope, _ = log_log_line(np.arange(1, len(ordered) + 1), ordered)
    assert slope == pytest.approx(poem["zipf_loglog_ols_slope"], rel=1e-9)
    types = [len(set(poem["tokens"][:n])) for n in range(1, 141)]
    heaps = fit_heaps(np.arange(1, 141), types)
    assert heaps.beta == pytest.approx(poem["heaps_ols"]["beta"], rel=1e-9)
    assert heaps.k == pytest.approx(poem["heaps_ols"]["K"], rel=1e-9)
    for n, v in poem["vocab_growth"].items():
        assert types[int(n) - 1] == v


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
    assert fit_heaps(curve["tokens"], curve["types"]) is None


def words(table):
    return [text[a:b] for text, spans in zip(table["text"], table["spans"], strict=True) for a, b in spans]


def test_the_first_song_brings_all_its_words_once(corpus):
    found = lines_with_new_words(corpus, np.array([0, 1, 2]), tokens=1)
    assert words(found) == ["J'", "suis", "la", "rue", "nuit"]
    assert found["title"].unique().tolist() == ["Une"]


def test_a_later_song_brings_what_the_others_had_not(corpus):
    # songs of 12, 4 and 1 words, read as Deux, Trois, Une: 4 words read is still in Deux, 5 in Trois, 6 in Une
    order = np.array([1, 2, 0])
    assert words(lines_with_new_words(corpus, order, tokens=4)) == ["La", "nuit"]
    assert words(lines_with_new_words(corpus, order, tokens=5)) == ["Rue"]
    assert words(lines_with_new_words(corpus, order, tokens=6)) == ["J'", "suis"]
    assert words(lines_with_new_words(corpus, order, tokens=999)) == ["J'", "suis"], "past the end is the last song"


def test_a_song_may_bring_nothing_new(corpus):
    assert lines_with_new_words(corpus, np.array([0, 1, 2]), tokens=14).empty


def test_adlibs_are_a_text_of_their_own(corpus):
    assert words(lines_with_new_words(corpus, np.array([0, 1, 2]), tokens=1, layer="adlibs")) == ["ouais"]


def test_nothing_selected_brings_nothing(corpus):
    assert lines_with_new_words(corpus.where(years=(1900, 1901)), np.array([], int), tokens=0).empty


@given(st.floats(0.5, 60), st.floats(0.2, 1.2), st.lists(st.integers(1, 10**7), min_size=2, max_size=8, unique=True))
def test_heaps_finds_its_own_law_and_gives_its_types(k: float, beta: float, tokens: list[int]) -> None:
    """Read what was written: the fit of a curve of the law is the law, whose types are those of the curve."""
    curve = k * np.array(tokens, float) ** beta
    law = fit_heaps(tokens, curve)
    assert law is not None
    assert law.beta == pytest.approx(beta, abs=1e-6)
    assert law.expected(tokens) == pytest.approx(curve, rel=1e-6)
    doubled = law.expected(2 * np.array(tokens)) / law.expected(tokens)
    assert doubled == pytest.approx(np.full(len(tokens), 2**beta), rel=1e-6)
    assert fit_heaps(tokens[:1], curve[:1]) is None
