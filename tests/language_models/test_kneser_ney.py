"""Kneser-Ney: probabilities that sum to one, a bigram by hand, stepping equal to scoring, arrays there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import RunError
from pipeline.language.vocabulary import SONG
from pipeline.language_models.kneser_ney import KneserNey, best_kneser_ney, train_kneser_ney
from pipeline.language_models.ngram_trie import estimate_discounts

A, B, C = 4, 5, 6
SIZE = 8


def song(*tokens):
    return np.array(tokens, np.int32)


def test_a_bigram_by_hand():
    """Songs "a b" and "a c": bigrams <song>a 2, ab 1, ac 1, b<song> 1, c<song> 1.

    Too few counts of counts to estimate discounts: D(1) = 3/4, D(2) = 1. Unigram counts are left contexts:
    a 1 (<song>), b 1, c 1, <song> 2 (b and c); total 5, discounted by 3/4 * 3 + 1 = 3.25, each share of which is
    spread over V = 8. p1(b) = (1 - 3/4) / 5 + 3.25 / 5 / 8 = 0.05 + 0.08125 = 0.13125.
    p(b | a) = (1 - 3/4) / 2 + (3/4 + 3/4) / 2 * p1(b) = 0.125 + 0.75 * 0.13125 = 0.2234375.
    """
    model = train_kneser_ney([song(A, B), song(A, C)], SIZE, order=2)
    after_a = model.next_state([A], model.initial_state())
    assert model.probabilities(after_a)[0, B] == pytest.approx(0.2234375)
    # p(a | <song>) = (2 - 1) / 2 + 1 / 2 * p1(a), p1(a) = p1(b)
    assert model.probabilities(model.initial_state())[0, A] == pytest.approx(0.5 + 0.5 * 0.13125)


songs = st.lists(st.lists(st.integers(4, SIZE - 1), max_size=12).map(lambda t: song(*t)), min_size=1, max_size=4)


@given(songs, songs, st.integers(1, 6))
def test_probabilities_sum_to_one_and_score_is_their_product(train, read, order):
    model = train_kneser_ney(train, SIZE, order)
    for tokens, scores in zip(read, model.score(read), strict=True):
        state, walked = model.initial_state(), []
        for token in [*tokens.tolist(), SONG]:
            p = model.probabilities(state)
            assert p.sum() == pytest.approx(1, abs=1e-9)
            assert p.min() > 0
            walked.append(np.log(p[0, token]))
            state = model.next_state([token], state)
        np.testing.assert_allclose(scores, walked, atol=1e-12)


def test_normalised_on_real_counts():
    """With enough text for all three discounts to be estimated, to 1e-9."""
    rng = np.random.default_rng(0)
    text = [rng.zipf(1.5, 3000).clip(1, 40).astype(np.int32) + 3 for _ in range(3)]
    model = train_kneser_ney(text, 50, 5)
    state = model.initial_state(64)
    for _ in range(20):
        assert np.abs(model.probabilities(state).sum(1) - 1).max() < 1e-9
        state = model.next_state(rng.choice(text[0], 64), state)


def test_discounts_by_hand():
    """n1 = 4, n2 = 3, n3 = 2, n4 = 1: y = 4 / (4 + 2 · 3) = 0.4, D(c) = c - (c + 1) y n(c + 1) / n(c)."""
    counts = np.repeat([1, 2, 3, 4], [4, 3, 2, 1])
    np.testing.assert_allclose(estimate_discounts(counts), [0, 1 - 0.8 * 3 / 4, 2 - 1.2 * 2 / 3, 3 - 1.6 / 2])


def test_no_context_reaches_into_the_song_before():
    model = train_kneser_ney([song(A, B, C, A), song(B, A)], SIZE, 4)
    one, two = model.score([song(A, B), song(C, A)])
    np.testing.assert_array_equal(two, model.score([song(C, A)])[0])
    np.testing.assert_array_equal(one, model.score([song(A, B)])[0])


def test_a_text_being_written_is_read_as_a_row_of_a_batch(monkeypatch):
    """Its short contexts are cached, here three of them at a time."""
    monkeypatch.setattr("pipeline.language_models.kneser_ney._MAX_CACHED_PROBABILITIES", 2 * 8)
    song = np.random.default_rng(5).integers(SONG + 1, 8, 300)
    model = train_kneser_ney([song[:200]], 8, 6)
    one, two = model.initial_state(), model.initial_state(2)
    for token in song:
        one, two = model.next_state([token], one), model.next_state([token, token], two)
        np.testing.assert_allclose(model.probabilities(one)[0], model.probabilities(two)[1], rtol=1e-12)
    assert 0 < len(model._short_context_cache) <= 3


def test_arrays_there_and_back():
    model = train_kneser_ney([song(A, B, C, A, B, A)], SIZE, 4)
    again = KneserNey.from_arrays(model.to_arrays())
    read = [song(A, B, B, C)]
    np.testing.assert_array_equal(model.score(read)[0], again.score(read)[0])


def test_damaged_arrays_are_one_clear_error():
    arrays = train_kneser_ney([song(A, B)], SIZE, 2).to_arrays()
    with pytest.raises(RunError, match="damaged"):
        KneserNey.from_arrays({**arrays, "counts2": arrays["counts2"][:-1]})
    with pytest.raises(RunError, match="damaged"):
        KneserNey.from_arrays({})


def test_the_order_is_chosen_on_validation():
    text = [song(*[A, B, C] * 20)]
    assert best_kneser_ney(text, text, SIZE, range(1, 6)).order > 1


def naive_probability(songs, size, order, context, token):
    """The recursion of the docstring over plain counts; discounts are those for too few counts of counts."""
    grams = {}
    for length in range(1, order + 1):
        counted = grams.setdefault(length, {})
        for tokens in songs:
            padded = [SONG] * (order - 1) + tokens.tolist() + [SONG]
            for end in range(order - 1, len(padded)):
                gram, left = tuple(padded[end - length + 1 : end + 1]), padded[end - length] if length < order else end
                counted.setdefault(gram, []).append(left)
    counts = {
        length: {gram: len(set(left) if length < order else left) for gram, left in counted.items()}
        for length, counted in grams.items()
    }

    def p(length):
        if not length:
            return 1 / size
        before = tuple(context[len(context) - length + 1 :])
        following = {gram[-1]: n for gram, n in counts[length].items() if gram[:-1] == before}
        if not following:
            return p(length - 1)
        cut = {last: [0, 0.75, 1.0, 1.25][min(n, 3)] for last, n in following.items()}
        total = sum(following.values())
        own = (following[token] - cut[token]) / total if token in following else 0.0
        return own + sum(cut.values()) / total * p(length - 1)

    return p(order)


@given(songs, st.integers(1, 3), st.lists(st.integers(4, SIZE - 1), max_size=3))
def test_the_tries_say_what_plain_counts_say(train, order, read):
    """Sorted keys and binary searches are there for thirty million n-grams; on a few they are dictionaries."""
    model = train_kneser_ney(train, SIZE, order)
    if any(n.all() for n in (np.bincount(np.minimum(o.counts, 5), minlength=5)[1:5] for o in model.orders)):
        return  # enough counts of counts: other discounts
    state, context = model.initial_state(), [SONG] * (order - 1)
    for token in read:
        state, context = model.next_state([token], state), [*context, token]
    p = model.probabilities(state)[0]
    for token in range(3, SIZE):
        assert p[token] == pytest.approx(naive_probability(train, SIZE, order, context, token))
