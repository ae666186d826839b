"""The laws of a vocabulary, as properties."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import CorpusError
from pipeline.language.vocabulary import LINE, PAD, SONG, SPECIALS, UNK, Vocabulary

counts = st.dictionaries(st.text(min_size=1, max_size=8), st.integers(1, 1000), max_size=40)
levels = st.sampled_from(["word", "char", "subword"])


@given(counts, levels)
def test_a_bijection_with_the_specials_first(counts: dict, level: str) -> None:
    v = Vocabulary.from_counts(counts, level=level)
    assert v.index2word[:4] == SPECIALS == ("<pad>", "<unk>", "<line>", "<song>")
    assert len(v.word2index) == len(v)
    assert all(v.index2word[i] == word for word, i in v.word2index.items())


@given(counts)
def test_order_does_not_depend_on_the_order_of_the_text(counts: dict) -> None:
    v = Vocabulary.from_counts(counts, level="word")
    assert v == Vocabulary.from_counts(dict(reversed(counts.items())), level="word")
    keys = [(-int(n), word) for word, n in zip(v.index2word, v.counts, strict=True)][4:]
    assert keys == sorted(keys)
    assert v.counts.sum() == sum(n for word, n in counts.items() if word not in SPECIALS), "specials count nothing"


@given(counts, st.lists(st.text(max_size=8), max_size=20))
def test_decode_inverts_encode(counts: dict, tokens: list[str]) -> None:
    v = Vocabulary.from_counts(counts, level="word")
    assert v.decode(v.encode(tokens)) == [t if t in v else "<unk>" for t in tokens]
    assert v.encode(tokens).dtype == np.int32


@given(counts, levels)
def test_json_round_trip(counts: dict, level: str) -> None:
    v = Vocabulary.from_counts(counts, level=level)
    back = Vocabulary.from_json(json.loads(json.dumps(v.to_json())))
    assert back == v
    assert np.array_equal(back.counts, v.counts)


def test_minimum_and_limit_turn_the_rest_into_unknown() -> None:
    v = Vocabulary.from_counts({"rue": 5, "nuit": 3, "wesh": 1}, level="word", minimum=2, limit=1)
    assert v.index2word[4:] == ("rue",)
    assert v.encode(["nuit", "wesh"]).tolist() == [UNK, UNK]
    assert Vocabulary.from_counts({"rue": 5, "wesh": 1}, level="word", minimum=2).index2word[4:] == ("rue",)


def test_characters_are_entries_too() -> None:
    v = Vocabulary.from_tokens([*"ami", "<line>", *"nu", "<line>"], level="char")
    assert v.decode(v.encode(["n", "u", "<line>"])) == ["n", "u", "<line>"]


@pytest.mark.parametrize(
    "change",
    [
        {"entries": ["<pad>", "<unk>", "<line>", "<song>", "a", "a"], "counts": [0] * 6},  # not a bijection
        {"entries": ["a"], "counts": [1]},  # no specials
        {"counts": [0]},  # lengths disagree
        {"format": 99},
        {"level": "syllable"},
        {"entries": None},
    ],
)
def test_a_damaged_vocabulary_is_refused(change: dict) -> None:
    data = Vocabulary.from_counts({"a": 1}, level="word").to_json() | change
    with pytest.raises(CorpusError, match="vocabulary is damaged"):
        Vocabulary.from_json(data)


def test_the_numbers_of_the_specials_are_their_places() -> None:
    assert [SPECIALS[index] for index in (PAD, UNK, LINE, SONG)] == ["<pad>", "<unk>", "<line>", "<song>"]
    assert Vocabulary.from_counts({}, level="word").encode(SPECIALS).tolist() == [PAD, UNK, LINE, SONG]


@pytest.mark.parametrize("minimum", [1, 2, 3, 4])
@pytest.mark.parametrize("limit", [None, 0, 1, 2, 9])
def test_entries_are_those_of_a_slow_count(minimum: int, limit: int | None) -> None:
    tokens = ["rue", "nuit", "rue", "ami", "nuit", "rue", "<unk>", "sou", "ami"]
    seen = [word for word in dict.fromkeys(tokens) if word not in SPECIALS and tokens.count(word) >= minimum]
    ranked = sorted(seen, key=lambda word: (-tokens.count(word), word))[: len(seen) if limit is None else limit]
    v = Vocabulary.from_counts(Counter(tokens), level="word", minimum=minimum, limit=limit)
    assert v.index2word == (*SPECIALS, *ranked)
    assert v.counts.tolist() == [0] * len(SPECIALS) + [tokens.count(word) for word in ranked]
    if limit is None:
        assert v == Vocabulary.from_tokens(tokens, level="word", minimum=minimum)


def test_a_word_never_counted_is_no_entry() -> None:
    assert "rue" not in Vocabulary.from_counts({"rue": 0, "nuit": 1}, level="word")
    assert "nuit" in Vocabulary.from_tokens(["nuit"], level="word"), "and once is enough"


def test_its_name_shows_the_first_five_entries_only() -> None:
    shown = repr(Vocabulary.from_counts(dict(zip("abcdef", (6, 5, 4, 3, 2, 1), strict=True)), level="char"))
    assert [letter in shown.partition(": ")[2] for letter in "abcdef"] == [True] * 5 + [False]
    assert "pad" not in shown


@pytest.mark.parametrize(
    "change", [{"entries": [*SPECIALS, 7]}, {"counts": [0] * 4 + ["x"]}, {"counts": [0] * 4 + [2**40]}]
)
def test_parts_of_another_type_are_refused(change: dict) -> None:
    data = Vocabulary.from_counts({"a": 1}, level="word").to_json()
    with pytest.raises(CorpusError):
        Vocabulary.from_json(data | change)
    for part in data:
        with pytest.raises(CorpusError):
            Vocabulary.from_json({name: value for name, value in data.items() if name != part})
