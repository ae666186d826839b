"""The rhyme scheme of a section."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.phone_similarity import (
    _VOWELS,
    MIN_NEAR_VOWEL_SIMILARITY,
    phone_similarity,
    split_ending_similarity,
)
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import line_ending_parts
from pipeline.language.scheme import (
    MAX_LINE_GAP,
    MIN_ASSONANCE_SIMILARITY,
    disambiguate_rhyme_keys,
    end_word,
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
        ("aaa", "AAA", "monorhyme"),
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
    assert [len(quatrain_patterns((0,) * lines)) for lines in range(13)] == [lines // 4 for lines in range(13)]
    assert quatrain_patterns((0, 0, 1, None, 2, 3, 3, 2, 4)) == ["AAXX", "ABBA"]


@given(st.lists(st.tuples(st.sampled_from(["i", "a", "", "o"]), st.sampled_from("xy")), max_size=20))
def test_groups_are_the_lines_that_chains_of_one_key_within_reach_join(lines: list[tuple[str, str]]) -> None:
    """Against the closure of "has the same key within reach"; those of one word alone are no rhymes."""
    near = np.array(
        [[a[0] == b[0] != "" and abs(i - j) <= MAX_LINE_GAP for j, b in enumerate(lines)] for i, a in enumerate(lines)]
    ).reshape(len(lines), len(lines))
    joined = np.linalg.matrix_power(near.astype(float), max(len(lines), 1)) > 0
    groups = rhyme_groups([key for key, _ in lines], [end for _, end in lines])
    for line, row in enumerate(joined):
        assert (groups[line] is not None) == (len({lines[other][1] for other in np.flatnonzero(row)}) > 1)
        if groups[line] is not None:
            assert [group == groups[line] for group in groups] == row.tolist()
    numbers = list(dict.fromkeys(group for group in groups if group is not None))
    assert numbers == [*range(len(numbers))], "as they appear"


@given(st.lists(st.sampled_from([("i",), ("a",), ("i", "is"), ("y", "ys"), ("ys",), ("is", "i")]), max_size=12))
def test_a_word_of_several_keys_takes_the_first_that_the_nearest_line_may_have(keys: list[tuple[str, ...]]) -> None:
    for line, (own, chosen) in enumerate(zip(keys, disambiguate_rhyme_keys(keys), strict=True)):
        near = [at for at in range(len(keys)) if 0 < abs(at - line) <= MAX_LINE_GAP and {*keys[at]} & {*own}]
        nearest = min(near, key=lambda at: (abs(at - line), at), default=line)
        assert chosen == next(key for key in own if key in keys[nearest])


@given(
    st.lists(
        st.sampled_from([*ENDS["a"][:2], *ENDS["c"], "le monde", "l'ombre", "la table", "le sable", "", "le masque"]),
        max_size=12,
    )
)
def test_a_line_without_rhyme_joins_the_end_within_reach_that_sounds_most_alike(ends: list[str]) -> None:
    lines = [scan_line(end, TABLE) for end in ends]
    scheme, endings = section_rhyme_scheme(lines), [line_ending_parts(line.words) for line in lines]
    for line, own in enumerate(endings):
        if scheme.groups[line] is None:
            alike = {
                other: split_ending_similarity(own, ending)
                for other, ending in enumerate(endings)
                if 0 < abs(other - line) <= MAX_LINE_GAP
                and own.vowel == ending.vowel != ""
                and end_word(lines[other]) != end_word(lines[line])
            }
            best = [other for other, score in alike.items() if score == max(alike.values()) >= MIN_ASSONANCE_SIMILARITY]
            assert (scheme.assonances[line] is not None) == bool(best)
            assert not best or scheme.assonances[line] in [scheme.assonances[other] for other in best]


def test_vowels_one_step_apart_are_near() -> None:
    near = {"/".join(pair) for pair in combinations(_VOWELS, 2) if phone_similarity(*pair) >= MIN_NEAR_VOWEL_SIMILARITY}
    assert near == {"i/y", "i/e", "y/u", "y/ø", "u/o", "e/ø", "ø/o"}  # higher, more open, in front, or rounded


def test_ends_with_different_vowels_never_assonate():
    assert max(phone_similarity(*pair) ** 2 for pair in combinations(_VOWELS, 2)) < MIN_ASSONANCE_SIMILARITY - 0.001
