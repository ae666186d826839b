"""Where stanzas begin: laws of invented songs, and slow references on small ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corpus.structure.stanzas import (
    MIN_BLOCK_LINES,
    Recurrence,
    _recurrence_boundaries,
    find_recurrence,
    recurring_runs,
    stanza_starts,
)

# a song: a letter for each line, the same for lines that recur, ? for one that does not
LETTERS = st.lists(st.sampled_from(["abcd", "efg", "ab", "a", "????", "???", "?"]), min_size=1, max_size=8).map("".join)


def song(letters: str, voice: str = "x") -> list[str]:
    """Return a line for each letter, whose words are those of no other letter or voice."""
    names = [f"{letter}{at if letter == '?' else ''}" for at, letter in enumerate(letters)]
    return [" ".join(f"{voice}{name.replace('?', 'n')}{word}" for word in "pqrs") for name in names]


@given(LETTERS, LETTERS)
def test_a_stanza_is_cut_where_it_would_be_cut_alone(first: str, second: str) -> None:
    starts = [stanza_starts(find_recurrence(song(part, voice)), ()) for part, voice in ((first, "x"), (second, "y"))]
    both = find_recurrence([*song(first, "x"), *song(second, "y")])
    expected = [*starts[0], *(len(first) + starts[1])]
    if len(first) < MIN_BLOCK_LINES > len(second):  # an intro of a block is measured by the usual line of the song
        assert stanza_starts(both, [len(first)]).tolist() == expected


@given(LETTERS, st.integers(1, 3))
def test_runs_are_those_of_a_search_line_by_line(letters: str, length: int) -> None:
    n, mask = len(letters), set[int]()
    window = length + (length >= 3)
    pairs = [(i, j) for i in range(n) for j in range(i + length, n) if letters[i] == letters[j] != "?"]
    for i, j in pairs:
        same = [at for at in range(window) if j + at < n and letters[i + at] == letters[j + at] != "?"]
        if len(same) >= length:
            mask |= {start + at for start in (i, j) for at in same}
    mask |= {at for at in range(1, n - 1) if {at - 1, at + 1} <= mask} if len(pairs) >= length else set()
    assert np.flatnonzero(recurring_runs(find_recurrence(song(letters)), length)).tolist() == sorted(mask)


def test_an_intro_and_an_outro_of_a_block_have_two_to_six_short_lines() -> None:
    for lines in range(9):
        weights = [3.0] * lines + [5, 7] * 8 + [4.0] * 2 + [5, 7] * 4 + [3.0] * lines
        block = Recurrence(np.zeros((len(weights),) * 2, np.float32), np.array(weights, np.float32))
        edges = [lines, len(weights) - lines] if 2 <= lines <= 6 else []
        assert stanza_starts(block, ()).tolist() == [0, *edges], lines
    # the usual line of an even number has half of what the two in the middle have: 0.6 × (4 + 6) / 2 = 3
    for weight, starts in ((3, [0, 2]), (4, [0])):
        block = Recurrence(np.zeros((24, 24), np.float32), np.array([weight] * 2 + [4] * 10 + [6] * 12, np.float32))
        assert stanza_starts(block, ()).tolist() == starts


@pytest.mark.parametrize(
    ("lines", "by_two", "by_three"),
    [
        ("......", [], []),
        ("RRR...", [3], [3]),
        ("RR....", [2], []),
        ("..RRRR", [], []),  # two lines alone are no part
        ("...RRR...", [3, 6], [3, 6]),
        ("...RR...", [3, 5], [3]),
        ("...R...", [3], [3]),
        ("...RRR..", [3], [3]),  # two lines at the end join the part before
        ("......RR", [6], []),  # but for a refrain of two lines
        ("...RRR.RR", [3, 6], [3, 6]),
    ],
)
def test_a_part_is_cut_where_lines_begin_or_cease_to_recur(lines: str, by_two: list[int], by_three: list[int]) -> None:
    mask = np.array([line == "R" for line in lines], bool)
    assert [_recurrence_boundaries(mask, least).tolist() for least in (2, 3)] == [by_two, by_three]


@given(LETTERS, st.lists(st.integers(0, 40), max_size=3))
def test_stanzas_begin_at_blank_lines_and_where_lines_begin_or_cease_to_recur(letters: str, blank: list[int]) -> None:
    recurrence = find_recurrence(song(letters))
    starts = stanza_starts(recurrence, blank).tolist()
    given_starts = {0, *(at for at in blank if at < len(letters))}
    assert starts == sorted({*starts})
    assert given_starts <= {*starts}
    edges = [np.flatnonzero(np.diff(recurring_runs(recurrence, length))) + 1 for length in (2, 3, 4)]
    assert {*starts} - given_starts <= {*np.concatenate(edges).tolist()} | {len(letters)}
    assert max(starts) < len(letters)
