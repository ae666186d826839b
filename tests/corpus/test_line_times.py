"""The times of lines: aligned with what cleaning left of them, with work that grows as the text does."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corpus.line_times import align_equal_items, set_line_times
from pipeline.corpus.markup import parse_sections
from pipeline.corpus.song import LineTime


class Counted:
    """An item that counts how often one like it is looked at."""

    looks = 0

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        Counted.looks += 1
        return isinstance(other, Counted) and self.value == other.value

    def __hash__(self) -> int:
        Counted.looks += 1
        return hash(self.value)


def looks_of(ours: list[object], theirs: list[object]) -> int:
    Counted.looks = 0
    list(align_equal_items([*map(Counted, ours)], [*map(Counted, theirs)]))
    return Counted.looks


@pytest.mark.parametrize(
    "ours",
    [
        lambda n: ["la rue"] * n,  # every line is every other
        lambda n: list(range(n)),  # none is
        lambda n: [at % 7 for at in range(n)],
    ],
)
def test_twice_the_lines_are_twice_the_work(ours) -> None:
    theirs = lambda n: ["la rue" if at % 3 else -at for at in range(n)]  # noqa: E731
    short, long = (looks_of(ours(n), theirs(n)) for n in (1_000, 4_000))
    assert long <= 4.2 * short


def test_lines_that_left_or_came_do_not_shift_the_others() -> None:
    theirs = list("abcdefghij")
    assert list(align_equal_items(theirs, theirs)) == [(at, at) for at in range(10)]
    assert list(align_equal_items(list("abfghij"), theirs)) == [(0, 0), (1, 1), *((at, at + 3) for at in range(2, 7))]
    assert list(align_equal_items(list("abxyzabcd"), list("abcd"))) == [(0, 0), (1, 1), (7, 2), (8, 3)]


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30))
def test_pairs_are_of_equal_items_and_rise(ours: list[str], theirs: list[str]) -> None:
    pairs = list(align_equal_items(ours, theirs))
    assert all(ours[a] == theirs[b] for a, b in pairs)
    assert all(first[0] < second[0] and first[1] < second[1] for first, second in pairwise(pairs))
    assert len(list(align_equal_items(ours, ours))) == len(ours)


def test_a_line_keeps_its_time_through_markup() -> None:
    text = "[Couplet]\nLa mer est là (x2)\n*bruit*\nElle attend"
    times = [LineTime(float(at)) for at in range(4)]
    (section,) = set_line_times(parse_sections("[Couplet]\nLa mer est là (x2)\nElle attend !"), text, times)
    assert [line.seconds for line in section.lines] == [LineTime(1.0), LineTime(3.0)]
