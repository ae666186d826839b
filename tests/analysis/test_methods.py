import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from types import CodeType, ModuleType

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
    assert not replace(check, expected=check.expected + 1).passed
    assert method.definition.endswith(".")
    last_digit = Decimal(1).scaleb(Decimal(str(check.expected)).as_tuple().exponent)
    assert check.tolerance <= max(last_digit, 5e-4) if check.tolerance else check.expected == check.observed


def constants(value: object) -> Iterator[float]:
    """The numbers that a function is written with, those of the functions in it included."""
    if isinstance(value, CodeType | tuple):
        for each in value.co_consts if isinstance(value, CodeType) else value:
            yield from constants(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield abs(value)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_reference_value_is_computed_of_the_numbers_that_it_says(method):
    case = re.findall(r"\d[\d,.]*(?<=\d)", str(method.reference.case))
    assert {float(number.replace(",", "")) for number in case} <= set(constants(method.reference.compute.__code__))
    for ranking in method.rankings:
        assert ranking.lower == ("lower is richer" in method.definition)
        if number := re.fullmatch(r"\D+_(\d+)", ranking.key):
            assert f"{int(number[1]):,}" in ranking.label
            assert ranking.window in (0, int(number[1]))
            assert ranking.comparable
    if family := method.numbered:
        for number in (family.low, family.high):
            made = family.make(number)
            assert made.key == f"{family.family}_{number}"
            assert made.window in (0, number)


def test_the_words_of_the_examples_sound_as_the_model_says(monkeypatch):
    assert {
        word: found.ipa for word, found in zip(EXAMPLE_IPA, transcribe_tokens([*EXAMPLE_IPA]), strict=True)
    } == EXAMPLE_IPA
    monkeypatch.setattr(g2p, "_load_model", None)
    assert all(method.reference.compare_with_computed().passed for method in METHODS)  # no example waits for the model


def test_a_name_is_of_one_method():
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
