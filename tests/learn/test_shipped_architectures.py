"""The shipped architectures as pages call them: known answers, shapes, errors. No TensorFlow."""

import math
import subprocess
import sys

import numpy as np
import pytest

from pipeline.core.errors import RunError, SettingError
from pipeline.language.vocabulary import SPECIALS
from pipeline.learn import classic, cloze, many_to_one, one_to_many, reply, reversal, series
from pipeline.learn.architecture import is_trained, open_saved
from pipeline.learn.architectures import ARCHITECTURES, train_architecture
from pipeline.learn.seq2seq import shift_right
from pipeline.runs.run import list_runs

VERSE = "J'reviens du quartier où les murs ont des oreilles\nEt ma mère attend que je revienne du sommeil"


def test_none_needs_tensorflow():
    code = (
        "import sys; from pipeline.learn import architectures, reversal;"
        "reversal.reverse(reversal.REVERSAL_ARCHITECTURE.load(), 'abcdef');"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_are_shipped_and_none_is_offered_for_writing():
    assert all(is_trained(name) for name in ARCHITECTURES)
    assert not [name for name in list_runs() if name.startswith("learn-")]
    assert sum(f.stat().st_size for name in ARCHITECTURES for f in open_saved(name).run.folder.iterdir()) < 10e6


def test_every_claim_has_an_interval_and_a_baseline():
    for name in ARCHITECTURES:
        scores = open_saved(name).scores
        assert scores
        assert all(s["low"] - 1e-9 <= s["value"] <= s["high"] + 1e-9 for s in scores)
        assert all(math.isfinite(s["baseline"]) for s in scores)


def test_a_missing_or_unknown_one_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))
    with pytest.raises(RunError, match="pipeline learn cloze"):
        cloze.CLOZE_ARCHITECTURE.load()
    with pytest.raises(SettingError, match="Unknown architecture"):
        train_architecture("transformer", list, 1.0, print)


def test_attention_reverses_and_lights_the_anti_diagonal():
    model = reversal.REVERSAL_ARCHITECTURE.load()
    source, target = reversal.random_examples(500, np.random.default_rng(5))
    right = reversal.exact_matches(model.attention, source, target).mean()
    assert right >= 0.99
    assert reversal.exact_matches(model.vector, source, target).mean() < right
    weights = model.attention.attend(model.attention.encode(source), shift_right(target))
    lengths, place = (source != 0).sum(1)[:, None], np.arange(target.shape[1])
    assert (weights.argmax(2) == lengths - 1 - place)[place < lengths].mean() >= 0.99
    assert np.where(source[:, None] == 0, weights, 0).max() == 0
    np.testing.assert_allclose(weights.sum(2), 1, atol=1e-6)
    shown = reversal.reverse(model, "abcdef")
    assert shown.reply == [*"fedcba", SPECIALS[2]]
    assert shown.weights[:6].argmax(1).tolist() == [5, 4, 3, 2, 1, 0]
    with pytest.raises(SettingError):
        reversal.reverse(model, "xyz")


def test_series_lies_between_its_floors():
    model = series.SERIES_ARCHITECTURE.load()
    drawn = series.sample_series(50_000, np.random.default_rng(9))
    assert 0.45 <= series.predictions(model, drawn)["nats"].mean() < 0.48
    # P(y = 1): 1/2, and +1/2 three steps and -1/4 eight steps after a 1
    past = series.Series(np.array([1] + [0] * 11, np.int32), np.zeros(12, np.int32), np.zeros(12))
    p = series.predictions(model, past)["probability"]
    assert p[3] > 0.9
    assert p[8] == pytest.approx(0.25, abs=0.1)
    with pytest.raises(SettingError):
        series.cut_batches(drawn.x[:10], drawn.y[:10], 5, 5)


def test_batches_go_on_from_window_to_window():
    x = np.arange(12)
    batch_x, _ = series.cut_batches(x, x, 2, 3)
    assert batch_x.tolist() == [[[0, 1, 2], [6, 7, 8]], [[3, 4, 5], [9, 10, 11]]]


def test_surprise_and_guesses():
    model = classic.CLASSIC_ARCHITECTURE.load()
    table = classic.surprisal_by_model(model, VERSE)
    assert len(table) == len(VERSE)
    assert (table[["rnn", "lstm", "gru", "ngram"]] >= 0).all().all()
    guessed = classic.likeliest_characters(model, "lstm", "la nuit", k=3)
    assert guessed.groupby("position").size().tolist() == [3] * 7
    sizes = classic.parameter_counts(model).values()
    assert max(sizes) < 1.2 * min(sizes)
    # −log2 p of the surprise is the probability among the guesses
    top = classic.likeliest_characters(model, "gru", "la", k=200)
    p = top[(top["position"] == 1) & (top["character"] == "a")]["probability"].item()
    assert -np.log2(p) == pytest.approx(classic.surprisal_by_model(model, "la")["gru"][1], abs=1e-4)


def test_a_hidden_word_is_not_read():
    model = cloze.CLOZE_ARCHITECTURE.load()
    first, second = (
        cloze.guess_hidden_word(model, "la nuit tombe", 1),
        cloze.guess_hidden_word(model, "la merguez tombe", 1),
    )
    assert first.equals(second)
    assert set(first["side"]) == {"left", "right", "both", "left-to-right"}
    with pytest.raises(SettingError):
        cloze.guess_hidden_word(model, "la nuit", 2)


def test_the_left_sees_nothing_of_the_right():
    model = cloze.CLOZE_ARCHITECTURE.load()
    guesses = [cloze.guess_hidden_word(model, text, 1).set_index("side") for text in ("la nuit tombe", "la nuit monte")]
    left, both = ([each.loc[side, "probability"].tolist() for each in guesses] for side in ("left", "both"))
    assert left[0] == pytest.approx(left[1])
    assert both[0] != pytest.approx(both[1])


def test_classes_after_each_word():
    model = many_to_one.MANY_TO_ONE_ARCHITECTURE.load()
    table = many_to_one.class_probabilities_by_word(model, VERSE, "decade")
    assert table.drop(columns="word").sum(axis=1).tolist() == pytest.approx([1] * len(table), abs=1e-5)
    with pytest.raises(SettingError):
        many_to_one.class_probabilities_by_word(model, " \n", "kind")


def test_a_verse_follows_its_seed_and_its_voice():
    model = one_to_many.ONE_TO_MANY_ARCHITECTURE.load()
    table, again = (one_to_many.verses_side_by_side(model, model.voices[:2], seed=3) for _ in range(2))
    assert table["verse"].tolist() == again["verse"].tolist()
    assert table["verse"][0] != table["verse"][1]


@pytest.mark.parametrize("door", ["vector", "attention"])
def test_a_reply(door):
    model = reply.REPLY_ARCHITECTURE.load()
    found = reply.reply_to(model, VERSE.split("\n")[0], door)
    assert found.reply
    if door == "attention":
        np.testing.assert_allclose(found.weights.sum(1), 1, atol=1e-6)
        assert found.weights.shape == (len(found.reply), len(found.source))
    assert found.reply[-1] == SPECIALS[2]
