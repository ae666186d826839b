"""How similar ends sound, by laws and by a slow reference."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.ipa import LIQUIDS, is_vowel, merge_rhyming_vowels, phones_for_rhyme, rhyme_part, split_phones
from pipeline.language.mute_e import spoken_ipa
from pipeline.language.phone_similarity import (
    _CONSONANTS,
    _VOWELS,
    MIN_NEAR_VOWEL_SIMILARITY,
    MISSED_LIQUID_CREDIT,
    coda_similarity,
    ending_similarity,
    matching_vowels,
    phone_similarity,
)
from pipeline.language.rhyme_index import last_vowel

PHONES = [*_VOWELS, *_CONSONANTS]
CODA = st.lists(st.sampled_from([*_CONSONANTS]), max_size=3).map(tuple)
IPA = st.lists(st.sampled_from([*PHONES, "ə", "ɛ", "ɔ", "œ", "œ̃", "h", "χ"]), max_size=6).map("".join)


@given(st.sampled_from(PHONES), st.sampled_from(PHONES))
def test_similarity_is_symmetric_and_1_for_equal_phones_alone(a: str, b: str) -> None:
    assert phone_similarity(a, b) == phone_similarity(b, a)
    assert 0 <= phone_similarity(a, b) <= 1
    assert (phone_similarity(a, b) == 1) == (a == b or {a, b} == {"j", "ɥ"})
    if (a in _VOWELS) != (b in _VOWELS):
        assert phone_similarity(a, b) == 0


def best_alignment(a: Sequence[str], b: Sequence[str]) -> float:
    """By trying all: pair the first two, or leave one out."""
    if not a or not b:
        return sum(MISSED_LIQUID_CREDIT for phone in (*a, *b) if phone in LIQUIDS)
    left_out = [MISSED_LIQUID_CREDIT * (phone in LIQUIDS) for phone in (a[0], b[0])]
    return max(
        phone_similarity(a[0], b[0]) + best_alignment(a[1:], b[1:]),
        left_out[0] + best_alignment(a[1:], b),
        left_out[1] + best_alignment(a, b[1:]),
    )


@given(CODA, CODA)
def test_codas_are_aligned_at_their_best(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    expected = 1.0 if a == b else best_alignment(a, b) / max(len(a), len(b)) if a and b else 0.0
    assert coda_similarity(a, b) == pytest.approx(expected, abs=0.001)


@given(st.lists(st.sampled_from(PHONES), max_size=6), st.lists(st.sampled_from(PHONES), max_size=6))
def test_ends_are_as_similar_either_way_and_most_to_themselves(a: list[str], b: list[str]) -> None:
    assert ending_similarity(a, b) == ending_similarity(b, a)
    has_vowel = any(map(is_vowel, a))
    assert 0 <= ending_similarity(a, b) <= 1
    assert ending_similarity(a, a) >= ending_similarity(a, b) - 0.001
    assert (ending_similarity(a, a) > 0) == has_vowel


@given(st.text("ieyøa", max_size=5), st.text("ieyøa", max_size=5))
def test_vowels_match_from_the_end_and_one_of_them_may_be_near(a: str, b: str) -> None:
    pairs = list(zip(reversed(a), reversed(b), strict=False))
    equal = next((at for at, (x, y) in enumerate(pairs) if x != y), len(pairs))
    rest = pairs[equal:]
    near = 0
    if equal and rest and phone_similarity(*rest[0]) >= MIN_NEAR_VOWEL_SIMILARITY:
        near = next((at for at, (x, y) in enumerate(rest[1:]) if x != y), len(rest) - 1)
    assert matching_vowels(a, b) == (equal, equal + 1 + near if near else equal)


@given(IPA)
def test_the_last_vowel_of_a_word_is_that_of_its_phones(ipa: str) -> None:
    phones = phones_for_rhyme(ipa)
    vowels = [at for at, phone in enumerate(phones) if is_vowel(phone)]
    assert "".join(phones) == merge_rhyming_vowels(ipa)
    assert rhyme_part(merge_rhyming_vowels(ipa)) == (
        (phones[vowels[-1]], "".join(phones[vowels[-1] :])) if vowels else ("", "")
    )
    spoken = [phone for phone in split_phones(merge_rhyming_vowels(spoken_ipa(ipa))) if is_vowel(phone)]
    assert last_vowel(ipa) == (spoken[-1] if spoken else "")
