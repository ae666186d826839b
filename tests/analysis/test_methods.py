from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest

import pipeline as seize
from pipeline.analysis import methods
from pipeline.analysis.measures import EXAMPLE_IPA, Measure, RankingCriterion, ReferenceValue, poem_tokens
from pipeline.analysis.methods import METHODS
from pipeline.analysis.words import diversity, rankings
from pipeline.analysis.words.diversity import ttr
from pipeline.language import g2p
from pipeline.language.phones import transcribe_tokens


def test_the_poem_is_the_one_that_was_measured(vectors):
    assert poem_tokens() == vectors["diversity"]["harmonie_du_soir"]["tokens"]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_method_gives_its_reference_value(method):
    check = method.reference.compare_with_computed()
    assert check.passed, (check.expected, check.observed)
    assert method.definition.endswith(".")


def test_the_words_of_the_examples_sound_as_the_model_says(monkeypatch):
    assert {
        word: found.ipa for word, found in zip(EXAMPLE_IPA, transcribe_tokens([*EXAMPLE_IPA]), strict=True)
    } == EXAMPLE_IPA
    monkeypatch.setattr(g2p, "_load_model", None)
    assert all(method.reference.compare_with_computed().passed for method in METHODS)  # no example waits for the model


def test_a_check_can_fail():
    reference = METHODS[0].reference
    assert not replace(reference, expected=reference.expected + 1).compare_with_computed().passed
    assert len({method.name for method in METHODS}) == len(METHODS)


def loaded_again(module: ModuleType) -> ModuleType:
    """A module as it would be imported now, beside the one that others hold."""
    spec = spec_from_file_location(f"{module.__name__}_again", str(module.__file__))
    again = module_from_spec(spec)
    spec.loader.exec_module(again)
    return again


def test_a_measure_is_one_record_beside_its_function(corpus, monkeypatch):
    reference = ReferenceValue("the poem", "three packages", 2, lambda: 2.0)
    double = Measure(
        *("Diversity", "Double", "Twice the ratio.", "2 V / N", "—"),
        reference,
        (RankingCriterion("double", lambda s: 2 * ttr(s)),),
    )
    monkeypatch.setattr(diversity, "MEASURES", (*diversity.MEASURES, double))
    assert double in loaded_again(methods).METHODS
    found = loaded_again(rankings)
    assert found.MEASURES["double"].label == "Double"
    assert found.diversity_ranking(corpus, "double")["value"].tolist() == pytest.approx([2 * 3 / 5, 2 * 5 / 12])
    assert seize.MEASURES is rankings.MEASURES  # what notebooks list
