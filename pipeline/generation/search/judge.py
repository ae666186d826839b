"""A judge of crossed lines: how well an end suits a beginning, as readers of couplets marked it.

The mark of a line is linear in what stands in it: the end and how it begins, the words of the beginning, its tense and
the acts that it tells of with the end's first words. Weights are those of a ridge regression (Hoerl & Kennard 1970) on
lines of couplets that readers marked from 0 (nonsense) to 3 (a person would say it), each line and both together, in
data/lexicons/line_marks.csv.xz: who marks more runs `python -m pipeline.generation.search.judge`, which fits them anew.
"""

import csv
import lzma
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pipeline.core.paths import lexicons_folder
from pipeline.generation.search.joints import circumstance_of, clause_tense
from pipeline.generation.search.verbs import act_kinds
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import tokenise

MARKS, WEIGHTS = "line_marks.csv.xz", "line_weights.tsv"
TOLERANCE = 1e-10  # of the fit: what is written is the same by any number of threads
RIDGE = 10.0  # by cross-validation, whole couplets left out together
_STEM_LENGTH = 5  # letters
_WORD_FEATURE_VALUE = 0.7  # how much a word counts beside what is there once a line


def line_features(beginning: str, end: str) -> dict[str, float]:
    """Return what the mark of a line goes by, with how much of it there is.

    >>> sorted(line_features("Je crie", "sans bruit"))[:6]
    ['act mouth', 'act mouth sans', 'act mouth sans bruit', 'act sound', 'act sound sans', 'act sound sans bruit']
    """
    first, last, tense = tokenise(beginning), tokenise(end), clause_tense(beginning)
    acts, circumstance = act_kinds(beginning), circumstance_of(last)
    opening = [f"opens {' '.join(last[:count])}" for count in range(1, len(last))]
    whole = [f"end {' '.join(last)}", *opening, f"tense {tense}", f"tense {tense} {' '.join(last[:2])}"]
    whole += [f"subject {first[0]}", *(f"act {kind}" for kind in acts), *(f"act {kind} {last[0]}" for kind in acts)]
    whole += [f"denies {kind}" for kind in acts & circumstance.denied]
    words = [f"begins {word[:_STEM_LENGTH]}" for word in first[1:]] + [
        f"ends {word[:_STEM_LENGTH]}" for word in last[1:]
    ]
    words += [f"act {kind} {' '.join(last[:2])}" for kind in acts if len(last) > 1]
    values = dict.fromkeys(words, _WORD_FEATURE_VALUE) | dict.fromkeys(whole, 1.0)
    return values | {"grade": circumstance.grade - 2.0}


def judged_end_mark(words: Sequence[str]) -> float:
    """Return by how much readers would mark a line with this end, in tokens, above the mean, after any beginning."""
    weights, openings = _weights(), (words[:count] for count in range(1, len(words)))
    names = [f"end {' '.join(words)}", *(f"opens {' '.join(opening)}" for opening in openings)]
    graded = weights.get("grade", 0.0) * (circumstance_of(words).grade - 2)
    return graded + sum(weights.get(name, 0.0) for name in names)


def judged_mark(beginning: str, end: str) -> float:
    """Return by how much readers would mark a line, and half of its couplet, above the mean of such lines."""
    weights = _weights()
    return sum(weights.get(name, 0.0) * amount for name, amount in line_features(beginning, end).items())


@cache
def _weights() -> Mapping[str, float]:
    return {name: float(weight) for name, weight in read_word_table(WEIGHTS, 2)}


def marked_lines() -> list[tuple[str, str, float]]:
    """Return the lines that were marked: beginning, end, their mark with half of that of their couplet."""
    with lzma.open(lexicons_folder() / MARKS, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["beginning"], row["end"], float(row["mark"]) + float(row["together"]) / 2) for row in rows]


def fit_weights(lines: Sequence[tuple[str, str, float]]) -> dict[str, float]:
    """Return the weight of each feature by which marks of lines are explained best, beside their mean."""
    from sklearn.feature_extraction import DictVectorizer  # not with who only writes: it takes a second
    from sklearn.linear_model import Ridge

    names, model = DictVectorizer(), Ridge(alpha=RIDGE, solver="sparse_cg", tol=TOLERANCE)
    table: Any = names.fit_transform([line_features(beginning, end) for beginning, end, _ in lines])
    model.fit(table, [mark for *_, mark in lines])
    return dict(zip(names.get_feature_names_out(), model.coef_.tolist(), strict=True))


if __name__ == "__main__":
    rows = [(name, f"{weight:.3f}") for name, weight in fit_weights(marked_lines()).items() if abs(weight) >= 0.001]
    with (lexicons_folder() / WEIGHTS).open("w", encoding="utf-8") as table:
        table.writelines("\t".join(row) + "\n" for row in [("feature", "weight"), *sorted(rows)])
    print(f"{len(rows)} weights of {len(marked_lines())} lines.")
