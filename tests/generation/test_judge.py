"""The judge of crossed lines: weights are those of the marks, and it prefers what readers preferred."""

import numpy as np
import pytest

from pipeline.generation.search.judge import WEIGHTS, fit_weights, judged_mark, line_features, marked_lines
from pipeline.language.lexicons import read_word_table


def test_weights_say_which_end_suits_which_act() -> None:
    good, bad = ("Il chante un refrain", "sans s'arrêter"), ("Il chante un refrain", "sans bruit")
    weights = fit_weights([(*good, 4.5), (*bad, 1.0)] * 20)

    def mark(beginning: str, end: str) -> float:
        return sum(weights.get(name, 0) * amount for name, amount in line_features(beginning, end).items())

    assert mark(*good) - mark(*bad) > 3
    assert mark("Elle crie", "sans s'arrêter") > mark("Elle crie", "sans bruit")  # another voice that is heard


def test_what_nobody_marked_says_nothing() -> None:
    assert abs(judged_mark("Xyz abcde", "qrs")) < 1


def test_the_shipped_judge_tells_what_readers_told() -> None:
    marks = np.array([mark for *_, mark in marked_lines()[::16]])
    judged = np.array([judged_mark(beginning, end) for beginning, end, _ in marked_lines()[::16]])
    assert np.corrcoef(judged, marks)[0, 1] > 0.5  # on what it learnt from; docs/decisions/writers.md has the rest


@pytest.mark.slow
def test_the_shipped_weights_are_those_of_the_shipped_marks() -> None:
    shipped = {name: float(weight) for name, weight in read_word_table(WEIGHTS, 2)}
    fitted = {name: round(weight, 3) for name, weight in fit_weights(marked_lines()).items() if abs(weight) >= 0.001}
    assert shipped.keys() == fitted.keys()
    assert max(abs(shipped[name] - fitted[name]) for name in shipped) < 0.002
