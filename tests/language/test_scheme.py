"""The rhyme scheme of a section."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.phone_similarity import _VOWELS, MIN_NEAR_VOWEL_SIMILARITY, phone_similarity
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import (
    MIN_ASSONANCE_SIMILARITY,
    quatrain_patterns,
    rhyme_group_letter,
    rhyme_groups,
    section_rhyme_scheme,
)
from pipeline.language.syllables import scan_line

TABLE = Pronunciations()
# sources of rhymes: -ɥi, -y, -ɑ̃, -uʁ
ENDS = {
    "a": ["la nuit", "le bruit", "sans appui", "la pluie", "j'ai fui", "je suis"],
    "b": ["la rue", "perdu", "la vue", "vendu"],
    "c": ["tout l'temps", "devant", "pourtant", "content"],
    "d": ["l'amour", "toujours", "la cour", "le tour"],
    "x": ["Personne", "du sable", "un meuble", "la porte"],
}


def scheme(pattern: str, table: Pronunciations) -> tuple[str, str]:
    """(letters, name) of a section whose lines end as `pattern` says; the i-th "a" takes the i-th ending."""
    seen = dict.fromkeys(ENDS, 0)
    lines = []
    for letter in pattern:
        lines.append(ENDS[letter][seen[letter]])
        seen[letter] += 1
    found = section_rhyme_scheme([scan_line(line, table) for line in lines])
    return "".join(found.letters), found.name


@pytest.mark.parametrize(
    ("pattern", "letters", "name"),
    [
        ("aabb", "AABB", "AABB"),
        ("abab", "ABAB", "ABAB"),
        ("abba", "ABBA", "ABBA"),
        ("aaba", "AAXA", "AAXA"),
        ("aaaa", "AAAA", "monorhyme"),
        ("aa", "AA", "AA"),
        ("aabbccdd", "AABBCCDD", "AABB"),
        ("ababcdcd", "ABABCDCD", "ABAB"),
        ("aaaabbbb", "AAAABBBB", "AAAA"),
        ("aabbcdcd", "AABBCDCD", "mixed"),
        ("xxxx", "XXXX", "free"),
        ("axxxa", "AXXXA", "free"),  # three lines in between: still one group
        ("aaxaxa", "AAXAXA", "AAXA"),
        ("", "", "free"),
    ],
)
def test_patterns(pattern: str, letters: str, name: str, table: Pronunciations) -> None:
    assert scheme(pattern, table) == (letters, name)


def test_the_same_sound_after_a_long_gap_is_a_new_group() -> None:
    keys = ["i", "i", "a", "a", "o", "o", "i", "i"]
    assert rhyme_groups(keys, list("abcdefgh")) == (0, 0, 1, 1, 2, 2, 3, 3)  # 6 - 1 = 5 lines apart


def test_a_word_repeated_is_no_rhyme_but_joins_one(table: Pronunciations) -> None:
    def letters(*ends: str) -> str:
        return "".join(section_rhyme_scheme([scan_line(end, table) for end in ends]).letters)

    assert letters("chez Lidl", "chez Lidl") == "XX"
    assert letters("la nuit", "la nuit", "le bruit") == "AAA"
    assert letters("un vers", "un verre") == "AA"


def test_a_word_of_two_pronunciations_takes_the_one_that_rhymes(table: Pronunciations) -> None:
    lines = [scan_line(line, table) for line in ("j'en ai plus", "la rue", "le bus", "en plus")]
    assert section_rhyme_scheme(lines).letters == ("A", "A", "B", "B")


def test_the_reading_hears_assonance(table: Pronunciations) -> None:
    def reading(*ends: str) -> str:
        return "".join(section_rhyme_scheme([scan_line(end, table) for end in ends]).reading)

    assert reading("dans l'ombre", "le monde") == "aa"  # X X for rhyme alone
    assert reading("dans l'ombre", "le monde", "si sombre") == "AaA"
    assert reading("la nuit", "l'ombre", "le bruit", "le monde") == "AbAb"
    assert reading("la nuit", "le sable") == "XX"
    assert reading("le monde", "le monde") == "XX", "a word with itself"


@given(
    st.lists(st.sampled_from(ENDS["a"] + ENDS["c"] + ["le monde", "l'ombre", "la table", "", "une rime"]), max_size=14)
)
def test_rhymes_stay_whole_in_the_reading(ends: list[str]) -> None:
    scheme = section_rhyme_scheme([scan_line(end, TABLE) for end in ends])
    for line, other in combinations(range(len(ends)), 2):
        if scheme.groups[line] is not None and scheme.groups[other] is not None:
            same = scheme.groups[line] == scheme.groups[other]
            assert same == (scheme.assonances[line] == scheme.assonances[other])
    for group, letter in zip(scheme.groups, scheme.reading, strict=True):
        assert (group is not None) == (letter.isupper() and letter != "X")


def test_letters_and_patterns() -> None:
    assert "X" not in {rhyme_group_letter(number) for number in range(60)}
    assert len({rhyme_group_letter(number) for number in range(60)}) == 60
    assert quatrain_patterns((0, 0, 1, None, 2, 3, 3, 2, 4)) == ["AAXX", "ABBA"]


@given(st.lists(st.sampled_from(["i", "a", "", "o"]), max_size=20))
def test_groups_follow_the_keys(keys: list[str]) -> None:
    groups = rhyme_groups(keys, [str(line) for line in range(len(keys))])
    for line, group in enumerate(groups):
        if group is not None:
            assert any(keys[other] == keys[line] for other in range(len(keys)) if other != line)
            assert keys[line] == keys[groups.index(group)]


def test_vowels_one_step_apart_are_near() -> None:
    near = {"/".join(pair) for pair in combinations(_VOWELS, 2) if phone_similarity(*pair) >= MIN_NEAR_VOWEL_SIMILARITY}
    assert near == {"i/y", "i/e", "y/u", "y/ø", "u/o", "e/ø", "ø/o"}  # higher, more open, in front, or rounded


def test_ends_with_different_vowels_never_assonate():
    assert max(phone_similarity(*pair) ** 2 for pair in combinations(_VOWELS, 2)) < MIN_ASSONANCE_SIMILARITY - 0.001
