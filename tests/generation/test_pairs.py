"""What follows what: pairs that a corpus is without although both words are frequent."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.generation.search.pairs import (
    AVOIDED_PAIR_RATIO,
    MIN_EXPECTED_COUNT,
    KnownWordPairs,
    avoided_word_pairs,
)
from pipeline.generation.training_text import TrainingText


def text(*lines):
    return TrainingText.from_texts(["\n".join(lines)], "test")


def test_a_pair_that_chance_would_have_brought_is_avoided():
    # 80 pairs: l' heure and la rue 40 times each, so that E(la, heure) = E(l', rue) = 40 * 40 / 80 = 20, seen never
    pairs = avoided_word_pairs(text(*["l'heure"] * 40, *["la rue"] * 40))
    assert pairs == {("la", "heure"), ("l'", "rue")}


def test_nothing_is_said_of_rare_words_and_of_the_ends_of_lines():
    # E(la, heure) = 4 * 4 / 8 = 2: too few to be missed; "rue la" stands only across the end of a line
    assert not avoided_word_pairs(text(*["l'heure"] * 4, *["la rue"] * 4))
    assert ("rue", "la") not in avoided_word_pairs(text(*["la rue"] * 40))


def test_a_slip_is_no_evidence_for_a_pair():
    # E(la, heure) = 301 * 301 / 601 = 151, of which 5 % are 8: one "la heure" among them is a slip
    pairs = avoided_word_pairs(text(*["l'heure"] * 300, *["la rue"] * 300, "la heure"))
    assert ("la", "heure") in pairs


def test_a_corpus_without_pairs_avoids_nothing():
    assert avoided_word_pairs(text("rue")) == frozenset()


def naive_pairs(lines):
    """The definition, pair by pair."""
    pairs = [pair for line in lines for pair in pairwise(line.split())]
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = Counter(pairs)
    expected = {(a, b): first[a] * second[b] / len(pairs) for a in first for b in second}
    return {
        pair
        for pair, times in expected.items()
        if times >= MIN_EXPECTED_COUNT and observed[pair] < AVOIDED_PAIR_RATIO * times
    }


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["la rue", "mon heure", "la nuit", "rue mon nuit"]), min_size=1, max_size=80))
def test_the_table_agrees_with_counting_pair_by_pair(lines):
    assert avoided_word_pairs(text(*lines)) == naive_pairs(lines)


def test_pairs_that_a_corpus_never_has_are_counted_and_the_last_one_told():
    pairs = KnownWordPairs.from_text(text("je vois la rue", "la nuit tombe"))
    lines = ["je vois la nuit", "je tombe la nuit", "la rue tombe", "la", "je vois la clef"]  # clef: not in the corpus
    assert pairs.count_new_pairs(lines).tolist() == [[0, 0], [2, 0], [1, 1], [0, 0], [1, 1]]
    assert pairs.count_new_pairs([]).shape == (0, 2)
