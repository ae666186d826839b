"""Reinert's classification against rainette, against its definition worked out the slow way, and on planted classes.

Vectors of rainette: its functions (github.com/juba/rainette, R/rainette.R and src/Rcpp_functions.cpp) run in R 4.5.0 on
matrices, without quanteda; the mini matrix and what is expected of it are those of its tests/testthat/test_rainette1.R.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.stats import chi2_contingency

from pipeline.analysis.worlds.reinert import (
    MIN_CLASS_SEGMENTS,
    UNCLASSIFIED,
    _first_axis,
    _forms_for_next_split,
    _move_segments,
    _split_along_first_axis,
    chi_squared_of_halves,
    classify_descending,
    split_class,
)


def planted(classes: int, segments: int, rng: np.random.Generator) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Segments of 8 forms each, six of them of their class's twenty, two of twenty that all share."""
    truth = np.sort(rng.integers(classes, size=segments))
    table = np.zeros((segments, 20 * (classes + 1)), int)
    for row, own in zip(table, truth, strict=True):
        row[rng.choice(20, 6, replace=False) + 20 * own] = 1
        row[rng.choice(20, 2, replace=False) + 20 * classes] = 1
    return sparse.csr_matrix(table), truth


MINI = sparse.csr_matrix(
    [
        [1, 1, 1, 0, 0],
        [0, 0, 1, 1, 0],
        [1, 0, 0, 0, 0],
        [1, 1, 1, 1, 0],
        [1, 1, 1, 1, 1],
        [1, 0, 0, 0, 0],
        [1, 1, 1, 0, 0],
    ]
)
# outer(0:119, 0:39, \(i, j) as.integer(ifelse(i %/% 30 == j %/% 10, 12, 2) > (i*i*7 + j*j*13 + i*j*11 + 3*i) %% 31))
FOUR = sparse.csr_matrix(
    [
        [int((12 if i // 30 == j // 10 else 2) > (i * i * 7 + j * j * 13 + i * j * 11 + 3 * i) % 31) for j in range(40)]
        for i in range(120)
    ]
)
HEIGHTS = [298.398851469800, 165.363523068013, 144.794040492477]
GROUPS = (
    "444434444411444444444444444444221222222222222232224222212222"
    "1131113111111111331114111111113333333333-3311333333333333333"
)


def test_the_cut_and_the_forms_of_each_half_are_those_of_rainette() -> None:
    half = _split_along_first_axis(MINI)
    assert set(np.flatnonzero(half)) in ({2, 5}, {0, 1, 3, 4, 6})
    assert chi_squared_of_halves(MINI, half) == pytest.approx(4.843137, abs=1e-6)
    for half, other, own, others in (
        ([2, 5], [0, 1, 3, 4, 6], [], [1, 2, 3]),
        ([3, 2, 4, 5, 1], [6, 0], [0, 2, 3], []),
    ):
        halves = np.array(half), np.array(other)
        assert _forms_for_next_split(MINI, *halves, np.arange(5)).tolist() == own
        assert _forms_for_next_split(MINI, *halves[::-1], np.arange(5)).tolist() == others


def test_a_tree_of_four_classes_is_that_of_rainette() -> None:
    tree = classify_descending(FOUR, 4, smallest=1)
    assert [split.chi_squared for split in tree.splits] == pytest.approx(HEIGHTS, abs=1e-10)
    known = np.array([group != "-" for group in GROUPS])  # rainette drops segments that hold no form of their class
    pairs = set(zip(np.array(list(GROUPS))[known], tree.labels(4)[known].tolist(), strict=True))
    assert len(pairs) == 4  # one to one


def naive_chi_squared(table: np.ndarray, half: np.ndarray) -> float:
    both = np.stack([table[half].sum(axis=0), table[~half].sum(axis=0)])
    return float(chi2_contingency(both, correction=False)[0])


def full(rng: np.random.Generator, rows: int = 12, columns: int = 7) -> np.ndarray:
    """A random binary table without empty rows or columns."""
    table = (rng.random((rows, columns)) < 0.4).astype(float)
    table[np.arange(rows), np.arange(rows) % columns] = 1
    return table


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_chi_squared_is_pearsons(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = full(rng)
    half = rng.permutation(12) < 5
    assert chi_squared_of_halves(sparse.csr_matrix(table), half) == pytest.approx(naive_chi_squared(table, half))


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_the_cut_along_the_axis_is_the_best_of_all(seed: int) -> None:
    table = full(np.random.default_rng(seed))
    order = np.argsort(_first_axis(sparse.csr_matrix(table)), kind="stable")
    cuts = [np.isin(np.arange(12), order[:at]) for at in range(1, 12)]
    best = max(naive_chi_squared(table, cut) for cut in cuts)
    found = _split_along_first_axis(sparse.csr_matrix(table))
    assert naive_chi_squared(table, found) == pytest.approx(best)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_no_move_is_left_that_raises_chi_squared(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = full(rng, 20, 9)
    start = rng.permutation(20) < 10
    half = _move_segments(sparse.csr_matrix(table), start)
    now = naive_chi_squared(table, half)
    assert now >= naive_chi_squared(table, start) - 1e-9
    for segment in range(20):
        moved = half ^ (np.arange(20) == segment)
        if moved.any() and not moved.all():
            assert naive_chi_squared(table, moved) <= now + 1e-6


def test_first_axis_is_that_of_a_whole_decomposition() -> None:
    table = full(np.random.default_rng(3), 30, 12)
    p = table / table.sum()
    r, c = p.sum(axis=1), p.sum(axis=0)
    u, values, _ = np.linalg.svd((p - np.outer(r, c)) / np.sqrt(np.outer(r, c)))
    expected = u[:, 0] * values[0] / np.sqrt(r)
    found = _first_axis(sparse.csr_matrix(table))
    np.testing.assert_allclose(found * np.sign(found @ expected), expected, atol=1e-6)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_planted_classes_are_found(classes: int) -> None:
    table, truth = planted(classes, 300, np.random.default_rng(16))
    labels = classify_descending(table, classes).labels(classes)
    pairs = {(int(own), int(found)) for own, found in zip(truth, labels, strict=True)}
    assert len(pairs) == classes  # one to one


@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 5))
@settings(max_examples=25)
def test_a_cut_parts_a_class_in_two_of_enough_segments(seed: int, smallest: int, k: int) -> None:
    table = np.vstack([full(np.random.default_rng(seed), 40, 8), np.zeros((2, 8))])
    tree = classify_descending(sparse.csr_matrix(3 * table), k, smallest=smallest)
    assert len(tree.splits) < k
    assert tree.members[0].tolist() == list(range(40))
    for cuts, split in enumerate(tree.splits, 1):
        assert (split.left, split.right) == (2 * cuts - 1, 2 * cuts)
        halves = tree.members[split.left], tree.members[split.right]
        assert sorted(np.concatenate(halves)) == tree.members[split.parent].tolist()
        assert min(map(len, halves)) >= smallest
        assert split.chi_squared > 0
        assert split.parent not in tree.class_numbers_for_k(cuts + 1)
        assert {split.left, split.right} <= {*tree.class_numbers_for_k(cuts + 1)}
    assert (tree.labels(k)[40:] == UNCLASSIFIED).all()
    assert tree.labels(k).tolist() == tree.labels(99).tolist() == tree.labels(len(tree.splits) + 1).tolist()
    usual = classify_descending(sparse.csr_matrix(table), 3)
    assert min(map(len, usual.members)) >= MIN_CLASS_SEGMENTS
    if k == 2 and tree.splits:
        whole = split_class(sparse.csr_matrix(table), np.arange(40), np.arange(8), smallest)
        assert whole is not None
        assert [half.tolist() for half in whole[:2]] == [half.tolist() for half in tree.members[1:]]
        assert whole[2] == pytest.approx(tree.splits[0].chi_squared)


def test_both_halves_of_a_cut_have_enough_segments() -> None:
    table = sparse.csr_matrix([[1, 0], [1, 0], [1, 1], [0, 1], [0, 1]])  # each form in three of five segments
    rows, forms = np.arange(5), np.arange(2)
    assert split_class(table, rows, forms, smallest=2) is not None
    assert split_class(table, rows, forms, smallest=3) is None  # 5 < 2 * 3


def test_a_segment_may_be_alone_in_its_half() -> None:
    table = sparse.csr_matrix([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]])
    half = _move_segments(table, np.array([True, True, False]))
    assert half.tolist() in ([True, False, False], [False, True, True])


def test_what_cannot_be_cut_stays_one_class() -> None:
    for forms in (4, 40):
        tree = classify_descending(sparse.csr_matrix(np.ones((60, forms))), 3)
        assert set(tree.labels(3)) == {0}


def test_the_same_table_gives_the_same_tree_and_tells_how_far_it_is() -> None:
    table, _ = planted(4, 200, np.random.default_rng(5))
    told: list[tuple[int, int]] = []
    first = classify_descending(table, 4, on_split=lambda done, of: told.append((done, of)))
    np.testing.assert_array_equal(first.labels(4), classify_descending(table, 4).labels(4))
    assert told == [(2, 4), (3, 4), (4, 4)]
