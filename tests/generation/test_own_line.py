"""A line of the visitor's own against what became of it, by laws."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SettingError
from pipeline.generation.own_line import (
    HOLE,
    MOST_HOLES,
    edit_distance,
    read_template,
    restore_spelling,
    word_changes,
    words_to_revise,
)
from pipeline.language.tokens import tokenise

WORDS = st.lists(st.sampled_from(["la", "Nuit", "j'", "ai", "été", "nuit,", "là-bas", "!"]), max_size=7)


@cache
def slow_distance(old: tuple[str, ...], new: tuple[str, ...]) -> int:
    if not old or not new:
        return len(old) + len(new)
    last = slow_distance(old[:-1], new[:-1]) + (old[-1] != new[-1])
    return min(last, slow_distance(old[:-1], new) + 1, slow_distance(old, new[:-1]) + 1)


@given(WORDS, WORDS)
def test_the_distance_is_the_fewest_changes_of_all(old: list[str], new: list[str]) -> None:
    assert edit_distance(old, new) == edit_distance(new, old) == slow_distance(tuple(old), tuple(new))


@given(WORDS, WORDS)
def test_changes_hold_all_words_of_both_lines_in_order(before: list[str], after: list[str]) -> None:
    old, new = " ".join(before), " ".join(after)
    changes = word_changes(old, new)
    gone = [old[change.start : change.stop] for change in changes if change.state == "gone"]
    there = [new[change.start : change.stop] for change in changes if change.state != "gone"]
    same = [new[change.start : change.stop] for change in changes if change.state == "same"]
    assert tokenise(" ".join(there)) == tokenise(new)
    assert sorted(tokenise(" ".join([*gone, *same]))) == sorted(tokenise(old))
    assert word_changes(new, new) == ([] if not tokenise(new) else [("same", *_bounds(new))])


def _bounds(text: str) -> tuple[int, int]:
    [change] = word_changes("", text)
    assert change.state == "new"
    return change.start, change.stop


@given(WORDS, WORDS)
def test_a_spelling_restored_changes_no_word(own: list[str], words: list[str]) -> None:
    tokens = tokenise(" ".join(words))
    assert tokenise(restore_spelling(" ".join(own), tokens)) == tokens


@given(st.lists(st.sampled_from(["la nuit", "…", "___", "....", "mer", "_"]), max_size=9))
def test_a_template_is_the_words_around_its_holes(parts: list[str]) -> None:
    text = " ".join(parts)
    holes = len(HOLE.findall(text))
    if not 1 <= holes <= MOST_HOLES:
        with pytest.raises(SettingError):
            read_template(text)
        return
    template = read_template(text)
    assert [word for word in template if word] == tokenise(HOLE.sub(" ", text))
    assert read_template(" ".join(word or "…" for word in template)) == template
    assert (None, None) not in pairwise(template)
    assert (template[0] is None, template[-1] is None) == tuple(bool(HOLE.match(parts[at])) for at in (0, -1))


def test_a_line_of_no_words_is_not_revised() -> None:
    assert words_to_revise("La nuit !") == ["la", "nuit"]
    with pytest.raises(SettingError, match="no word"):
        words_to_revise("?!")
