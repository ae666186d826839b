import pytest

from pipeline.analysis.method_examples import SOUNDS, poem_words
from pipeline.analysis.methods import METHODS
from pipeline.language import g2p
from pipeline.language.phones import transcribe_tokens


def test_the_poem_is_the_one_that_was_measured(vectors):
    assert poem_words() == vectors["diversity"]["harmonie_du_soir"]["tokens"]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_method_gives_its_reference_value(method):
    check = method.check()
    assert check.passed, (check.expected, check.observed)
    assert method.definition.endswith(".")


def test_the_words_of_the_examples_sound_as_the_model_says(monkeypatch):
    assert {word: found.ipa for word, found in zip(SOUNDS, transcribe_tokens([*SOUNDS]), strict=True)} == SOUNDS
    monkeypatch.setattr(g2p, "_load", None)
    assert all(method.check().passed for method in METHODS)  # no example waits for the model


def test_a_check_can_fail():
    method = METHODS[0]
    assert not type(method.check())(method.expected + 1, method.check().observed, method.tolerance).passed
    assert len({method.name for method in METHODS}) == len(METHODS)
