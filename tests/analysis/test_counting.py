"""Counts against a Counter: the clever forms are for millions of tokens."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.counting import (
    count_consecutive_groups,
    count_matrix,
    floats_to_whole_numbers,
    inverted_index,
    line_group_codes,
    word_counts,
)
from pipeline.core.errors import SettingError

TOKENS = st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 6)), max_size=40)  # (group, word)


def counter_of(matrix):
    coordinates = matrix.tocoo()
    return Counter(dict(zip(zip(coordinates.row, coordinates.col, strict=True), coordinates.data, strict=True)))


def test_whole_numbers_lose_only_their_point():
    assert floats_to_whole_numbers(pd.Series([2012.0, None])).tolist() == [2012, pd.NA]
    for unchanged in (pd.Series([2012.0, 0.5]), pd.Series(["2012"])):
        assert floats_to_whole_numbers(unchanged) is unchanged


@given(TOKENS)
def test_counts_are_those_of_a_counter(tokens):
    groups, ids = (np.array([token[k] for token in tokens], np.int32) for k in (0, 1))
    expected = Counter(token for token in tokens if token[0] >= 0)
    assert counter_of(count_matrix(ids, groups, (5, 7))) == expected


@given(TOKENS)
def test_counts_of_runs_are_those_of_a_counter(tokens):
    tokens = sorted(token for token in tokens if token[0] >= 0)
    groups, ids = (np.array([token[k] for token in tokens], np.int32) for k in (0, 1))
    matrix = count_consecutive_groups(ids, np.searchsorted(groups, np.arange(6)), 7)
    assert matrix.has_sorted_indices
    assert matrix.shape == (5, 7)
    assert counter_of(matrix) == Counter(tokens)


@given(st.lists(st.integers(0, 6), max_size=30))
def test_occurrences_are_the_places_of_each_word(ids):
    places, bounds = inverted_index(np.array(ids, np.int32), 7)
    for word in range(7):
        assert places[bounds[word] : bounds[word + 1]].tolist() == [k for k, other in enumerate(ids) if other == word]


@pytest.mark.parametrize("by", ["song", "artist", "year", "kind"])
def test_words_of_groups_are_those_read_line_by_line(corpus, by):
    matrix, labels = word_counts(corpus, by)
    codes, _ = line_group_codes(corpus, by)
    ids, rows = corpus.token_table()
    assert counter_of(matrix) == Counter((codes[r], i) for i, r in zip(ids, rows, strict=True) if codes[r] >= 0)
    assert len(labels) == matrix.shape[0]


def test_an_unknown_group_is_named(corpus):
    with pytest.raises(SettingError, match="'colour'"):
        word_counts(corpus, "colour")
