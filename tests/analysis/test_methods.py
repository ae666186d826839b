import pytest

from pipeline.analysis.methods import METHODS, poem_words


def test_the_poem_is_the_one_that_was_measured(vectors):
    assert poem_words() == vectors["diversity"]["harmonie_du_soir"]["tokens"]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_method_gives_its_reference_value(method):
    check = method.check()
    assert check.passed, (check.expected, check.observed)
    assert method.definition.endswith(".")


def test_a_check_can_fail():
    method = METHODS[0]
    assert not type(method.check())(method.expected + 1, method.check().observed, method.tolerance).passed
    assert len({method.name for method in METHODS}) == len(METHODS)
