"""Word contexts: by hand, reading at once equal to reading on, a distribution, scored as played, to file and back."""

import json

import numpy as np
import pytest

from pipeline.core.checksums import with_checksum
from pipeline.core.errors import RunError
from pipeline.language.vocabulary import SONG
from pipeline.language_models import word_contexts
from pipeline.language_models.interpolation import interpolate
from pipeline.language_models.units import CHARACTERS, encode_text
from pipeline.language_models.word_contexts import MAX_CONTEXT_WORDS, WordContexts, train_word_contexts
from pipeline.runs.run import load_run

TEXTS = ["La nuit dans la ville\nLa nuit dans l'ombre\n", "la nuit dans la rue, la nuit dort\n"]
VOCABULARY = CHARACTERS.vocabulary(TEXTS)
SONGS = [encode_text(text, VOCABULARY) for text in TEXTS]
WEIGHTS = np.array([[-0.5, 0.2, -1.8], [-1.7, 0.7, -1.7], [-1.4, 1.3, -2.2], [-1.0, 0.5, -1.0]])


@pytest.fixture(scope="module")
def model():
    return train_word_contexts(SONGS, VOCABULARY)


def walked(model, song):
    """The states before each token of a song and its end, one token after the other."""
    state, states = model.initial_state(), []
    for token in [*song, SONG]:
        states.append(state[0])
        state = model.next_state([token], state)
    return np.array(states), state


def known(model, text):
    """Of each level count, types and own of the last character of a text, None where the context is unknown."""
    song = encode_text(text, VOCABULARY)
    rows = [level[level[:, 0] == len(song) - 1] for level in model.counts_by_context_length([song])]
    return [row[0, 1:].tolist() if len(row) else None for row in rows]


def test_by_hand(model):
    """ " d" stands five times: dans la, dans l', dans la, dort. After "nuit": "dans" three times, "dort" once."""
    assert known(model, "nuit da")[:2] == [[4, 2, 3], [4, 2, 3]]
    assert known(model, "la nuit do")[2] == [4, 2, 1]
    assert known(model, "rue, la nuit do")[3] == [1, 1, 1]
    assert known(model, "la rue do") == [[4, 2, 1], None, None, None]


def test_capitals_are_put_aside_in_contexts_and_kept_in_what_follows(model):
    assert known(model, "La nuit da") == known(model, "la nuit da")
    assert known(model, "\nLa")[0] == [1, 1, 1]


def test_no_context_reaches_into_the_song_before(model):
    assert known(model, "la") == [[2, 1, 2]] * (MAX_CONTEXT_WORDS + 1)  # each song begins with it
    _, after = walked(model, SONGS[0])
    np.testing.assert_array_equal(after, model.initial_state())


@pytest.mark.parametrize("block", [1, 7, 100, 1000])
def test_reading_at_once_is_reading_on(model, block, monkeypatch):
    monkeypatch.setattr(word_contexts, "_TOKENS_PER_BLOCK", block)
    rng = np.random.default_rng(0)
    songs = [rng.integers(SONG + 1, len(VOCABULARY), n) for n in (1, 40, 0, 200)]
    at_once, targets = model._states_and_targets(songs)
    np.testing.assert_array_equal(at_once, np.concatenate([walked(model, song)[0] for song in songs]))
    np.testing.assert_array_equal(targets, np.concatenate([[*song, SONG] for song in songs]))


def test_a_batch_reads_as_its_rows_do(model):
    songs = np.random.default_rng(2).integers(SONG, len(VOCABULARY), (3, 60))
    batch, rows = model.initial_state(3), [model.initial_state()] * 3
    for tokens in songs.T:
        batch = model.next_state(tokens, batch)
        rows = [model.next_state([token], row) for token, row in zip(tokens, rows, strict=True)]
        np.testing.assert_array_equal(batch, np.concatenate(rows))


def test_interpolated_with_is_a_distribution_and_scores_as_the_trace_says(model):
    rng = np.random.default_rng(1)
    song = encode_text("la nuit dans la rue dort, la ville la\nnuit", VOCABULARY)
    states, _ = walked(model, song)
    below = rng.dirichlet(np.ones(len(VOCABULARY)), len(states))
    both = model.interpolated_with(below, states, WEIGHTS)
    np.testing.assert_allclose(both.sum(1), 1, atol=1e-12)
    own = np.arange(len(states)), [*song, SONG]
    np.testing.assert_allclose(
        both[own], interpolate(model.counts_by_context_length([song]), below[own], WEIGHTS), rtol=1e-12
    )
    for at in range(len(states)):  # a text being written is one row, read in another way
        one = slice(at, at + 1)
        np.testing.assert_array_equal(model.interpolated_with(below[one], states[one], WEIGHTS), both[one])


def test_arrays_give_the_model_back_and_damaged_ones_say_so(model):
    arrays = model.to_arrays()
    again = WordContexts.from_arrays(arrays, VOCABULARY)
    np.testing.assert_array_equal(again.entries, model.entries)
    np.testing.assert_array_equal(again.counts, model.counts)
    for damaged in (
        {"counts1": arrays["counts1"][1:]},
        {"counts1": arrays["counts1"] * 0},
        {"tokens0": arrays["tokens0"] + np.uint16(len(VOCABULARY))},
        {"contexts2": arrays["contexts2"] * 0},
    ):
        with pytest.raises(RunError, match="word contexts are damaged"):
            WordContexts.from_arrays({**arrays, **damaged}, VOCABULARY)
    with pytest.raises(RunError, match="word contexts are damaged"):
        WordContexts.from_arrays({"contexts0": arrays["contexts0"]}, VOCABULARY)


def test_what_says_their_shares_is_looked_at_when_a_run_is_opened(models):
    config = json.loads((models / "lettres-mixed" / "config.json").read_text())
    for weights in (None, config["word_weights"][:-1], [[1, 2]] * (MAX_CONTEXT_WORDS + 1), "much"):
        (models / "lettres-mixed" / "config.json").write_text(
            json.dumps(with_checksum({**config, "word_weights": weights}))
        )
        with pytest.raises(RunError, match="damaged"):
            load_run("lettres-mixed")


def test_only_a_character_mixture_has_them(models):
    run = load_run("lettres-mixed")
    assert run.language_model().contexts is run.word_contexts
    assert np.shape(run.word_weights) == (MAX_CONTEXT_WORDS + 1, 3)
    assert load_run("mots-mixed").word_contexts is None
    assert load_run("lettres").word_contexts is None


def plain_contexts(tokens):
    """Of each place of a song, what the hashes stand for: the words before it, and the word under way with its sign."""
    spelt, words, contexts = ["<song>"], [], []
    for token in [*tokens, "<song>"]:
        contexts.append([(tuple(words[-n:]) if n else (), tuple(spelt)) for n in range(MAX_CONTEXT_WORDS + 1)])
        if len(token) == 1 and token.isalpha():
            spelt.append(token.lower())
        else:
            words += ["".join(spelt[1:])] if spelt[1:] else []
            spelt = [token]
    return contexts


def test_the_hashes_stand_for_the_words_themselves(model):
    """Rolling hashes in one sorted array are there for tens of millions of contexts; on two songs they are tuples."""
    counts = {}
    for song in SONGS:
        tokens = VOCABULARY.decode(song)
        for contexts, following in zip(plain_contexts(tokens), [*tokens, "<song>"], strict=True):
            for level, context in enumerate(contexts):
                seen = counts.setdefault((level, context), {})
                seen[following] = seen.get(following, 0) + 1
    song = encode_text("la nuit dans l'ombre, la rue dort\nLa nuit\n", VOCABULARY)
    tokens = [*VOCABULARY.decode(song), "<song>"]
    contexts, checked = plain_contexts(tokens[:-1]), 0
    for level, found in enumerate(model.counts_by_context_length([song])):
        known = {at: (count, types, own) for at, count, types, own in found.tolist()}
        for at, token in enumerate(tokens):
            seen = counts.get((level, contexts[at][level]))
            expected = (sum(seen.values()), len(seen), seen.get(token, 0)) if seen else None
            assert known.get(at) == expected
            checked += expected is not None
    assert checked > 60
