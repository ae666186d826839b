"""The contract of `LanguageModel`, run over every model: a new one is added to `MODELS`."""

import numpy as np
import pytest

from pipeline.cells.activations import log_softmax
from pipeline.language.vocabulary import SONG
from pipeline.language_models.cache_model import CacheModel, SongNgramCounts
from pipeline.language_models.kneser_ney import KneserNey
from pipeline.language_models.network import ConditionBlend
from pipeline.language_models.protocol import LanguageModel
from pipeline.language_models.units import encode_text
from pipeline.runs.run import load_run

SONG_TEXT = "la nuit dans la ville\nla nuit dans la rue\n"


def of_run(name):
    return lambda: load_run(name).language_model()


def with_cache(name):
    return lambda: load_run(name).language_model().with_cache(song(), 2.0)


def song():
    return encode_text(SONG_TEXT, load_run("lettres").vocabulary).tolist()


def cache():
    run = load_run("lettres-mixed")
    return CacheModel(len(run.vocabulary), run.cache_weights, SongNgramCounts(20)).with_cache(song())


MODELS = {
    "network": of_run("lettres"),
    "n-gram": lambda: load_run("lettres").ngram_model,
    "mixture": of_run("lettres-mixed"),
    "mixture of words": of_run("mots-mixed"),
    "mixture with a cache": with_cache("lettres-mixed"),
    "cache": cache,
    "blend": lambda: ConditionBlend(load_run("lettres").language_model(), 0.3),
    "blend of mixtures with a cache": lambda: ConditionBlend(
        load_run("lettres-mixed").language_model(), 0.3
    ).with_cache(song()),
}


@pytest.fixture(params=list(MODELS))
def model(models, request) -> LanguageModel:
    return MODELS[request.param]()


@pytest.fixture
def tokens(model):
    """(batch, time), the first column a song's beginning."""
    body = np.random.default_rng(1).integers(4, min(12, model.vocabulary_size), (3, 7))
    return np.concatenate([np.full((3, 1), SONG), body], axis=1)


def probabilities(scores):
    return np.exp(log_softmax(np.asarray(scores, np.float64), axis=-1))


def test_probabilities_of_every_token_sum_to_one(model, tokens):
    scores, _ = model.feed_sequences(tokens)
    assert scores.shape == (*tokens.shape, model.vocabulary_size)
    np.testing.assert_allclose(probabilities(scores).sum(-1), 1, atol=1e-9)


def test_stepping_is_running(model, tokens):
    whole, last = model.feed_sequences(tokens)
    state = model.initial_state(len(tokens))
    for at, column in enumerate(tokens.T):
        scores, state = model.feed_tokens(column, state)
        np.testing.assert_allclose(probabilities(scores), probabilities(whole[:, at]), atol=1e-6)
    following = [model.feed_tokens(tokens[:, 1], before)[0] for before in (state, last)]
    np.testing.assert_allclose(probabilities(following[0]), probabilities(following[1]), atol=1e-6)


def test_scores_of_songs_are_those_of_running(model, tokens):
    songs = [row[1:].astype(np.int32) for row in tokens] + [np.zeros(0, np.int32)]
    static = model.without_cache_model()
    pairs = static.score_with_confidence(songs)
    for song, (log_p, confidence), alone in zip(songs, pairs, static.score(songs), strict=True):
        scores, _ = static.feed_sequences(np.array([[SONG, *song]]))
        p = probabilities(scores)[0]
        with np.errstate(divide="ignore"):
            np.testing.assert_allclose(log_p, np.log(p[np.arange(len(p)), [*song, SONG]]), atol=2e-5)
        np.testing.assert_allclose(confidence, p.max(1), atol=2e-5)
        np.testing.assert_allclose(alone, log_p, atol=2e-5)


def test_a_text_read_in_two_parts_is_the_text(model, tokens):
    whole, _ = model.feed_sequences(tokens)
    first, state = model.feed_sequences(tokens[:, :3])
    second, _ = model.feed_sequences(tokens[:, 3:], state)
    both = np.concatenate([first, second], axis=1)
    np.testing.assert_allclose(probabilities(both), probabilities(whole), atol=1e-6)


def test_rows_know_nothing_of_each_other(model, tokens):
    whole, _ = model.feed_sequences(tokens)
    for at, row in enumerate(tokens):
        np.testing.assert_allclose(
            probabilities(model.feed_sequences(row[None])[0][0]), probabilities(whole[at]), atol=1e-6
        )


def test_states_selected_and_joined_are_the_batch(model, tokens):
    _, state = model.feed_sequences(tokens)
    joined = model.join_states([model.select_state_rows(state, [row]) for row in range(3)])
    np.testing.assert_equal(joined, state)
    np.testing.assert_equal(
        model.select_state_rows(state, np.array([True, False, True])), model.select_state_rows(state, [0, 2])
    )
    scores, _ = model.feed_tokens(tokens[[2, 2, 0], 1], model.select_state_rows(state, [2, 2, 0]))
    alone, _ = model.feed_tokens(tokens[:, 1], state)
    np.testing.assert_allclose(probabilities(scores), probabilities(alone[[2, 2, 0]]), atol=1e-6)


def test_a_step_leaves_the_state_before_it_as_it_was(model, tokens):
    _, state = model.feed_sequences(tokens)
    before = model.select_state_rows(state, slice(None))
    copy = model.join_states([before])
    model.feed_tokens(tokens[:, 1], state)
    np.testing.assert_equal(state, copy)


def test_a_control_token_is_read_and_never_scored(model, tokens):
    song = tokens[0, 1:].astype(np.int32)
    assert (model.control_token_count > 0) is not isinstance(model, KneserNey | CacheModel)
    if model.control_token_count:
        static, control = model.without_cache_model(), model.vocabulary_size - 1
        plain, told = static.score([song, np.append(control, song)])
        assert plain.shape == told.shape
        assert (plain != told).all()


def test_no_control_tokens_change_nothing(model, tokens):
    scores, state = model.feed_sequences(tokens[:1])
    nothing = [np.zeros(0, np.int32)] * (2 if isinstance(model, ConditionBlend) else 1)
    after, same = model.feed_control_tokens(nothing, scores[0, -1], state)
    np.testing.assert_array_equal(after, scores[0, -1])
    np.testing.assert_equal(same, state)


def test_a_reset_model_has_forgotten_the_song(model, tokens):
    forgetful = model.without_cache_model()
    fresh, _ = forgetful.feed_sequences(tokens)
    heard = forgetful.with_cache([4, 5, 6])
    heard.extend_cache([4, 5, 7])
    np.testing.assert_array_equal(heard.without_cache_model().feed_sequences(tokens)[0], fresh)
    np.testing.assert_array_equal(forgetful.feed_sequences(tokens)[0], fresh)
