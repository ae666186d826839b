"""The rhymes of a section by their laws: reach, groups, what is added and what is apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import MAX_LINE_GAP
from pipeline.language.section_rhymes import MAX_COMPARED_SITES, SectionRhymes, find_section_rhymes
from pipeline.language.syllables import scan_line

TABLE = Pronunciations()
LINES = ("La nuit", "Le bruit", "Mon cœur", "Ta peur", "La police passe", "La justice casse", "Un vin", "")


def rhymes(*lines: str) -> SectionRhymes:
    return find_section_rhymes([scan_line(line, TABLE) for line in lines])


def end_groups(*lines: str) -> dict[int, int]:
    return {site.line: site.group for site in rhymes(*lines).sites if site.is_end}


@pytest.mark.parametrize(("gap", "together"), [(1, True), (MAX_LINE_GAP, True), (MAX_LINE_GAP + 1, False)])
def test_lines_rhyme_within_reach_and_no_further(gap: int, together: bool) -> None:
    groups = end_groups("La nuit", *[""] * (gap - 1), "Le bruit")
    assert groups == ({0: 0, gap: 0} if together else {})


@pytest.mark.parametrize(("gap", "together"), [(1, True), (MAX_LINE_GAP, True), (MAX_LINE_GAP + 1, False)])
def test_ends_of_three_equal_vowels_rhyme_whatever_their_consonants_within_reach(gap: int, together: bool) -> None:
    silent = [f"Un {word}" for word in ("vin", "mur", "loup", "nez", "duc", "feu")[: gap - 1]]
    groups = end_groups("Malachite", *silent, "Satanique")
    assert (groups.get(0, -1) == groups.get(gap, -2)) is together


def test_a_chain_of_rhymes_is_one_group_however_long() -> None:
    ends = ("nuit", "bruit", "fruit", "minuit", "suit", "pluie", "appui", "ennui", "étui", "puits")
    groups = end_groups(*(f"Le {end}" for end in ends))
    assert len(ends) > MAX_COMPARED_SITES
    assert set(groups.values()) == {0}
    assert len(groups) == len(ends)


@given(st.lists(st.sampled_from(LINES), max_size=8))
@settings(max_examples=40, deadline=None)
def test_groups_are_numbered_as_they_appear_and_have_two_sites_or_more(lines: list[str]) -> None:
    found = rhymes(*lines)
    groups = [site.group for site in found.sites]
    assert list(dict.fromkeys(groups)) == list(range(len(set(groups))))
    assert all(groups.count(group) > 1 for group in groups)
    assert [len(mask) for mask in found.rhymed_vowel_mask()] == [len(vowels) for vowels in found.vowels]
    assert all(site.near >= site.syllables > 0 for site in found.sites)
    assert 0 <= found.density() <= 1


@given(st.lists(st.sampled_from(LINES), max_size=5), st.lists(st.sampled_from(LINES), max_size=5))
@settings(max_examples=40, deadline=None)
def test_what_lies_out_of_reach_changes_nothing(first: list[str], second: list[str]) -> None:
    between = [""] * (MAX_LINE_GAP + 1)
    joined, one, other = (rhymes(*lines) for lines in ([*first, *between, *second], first, second))
    at = len(first) + len(between)
    expected = [(site.line, site.word, site.syllables) for site in one.sites]
    expected += [(site.line + at, site.word, site.syllables) for site in other.sites]
    if not first or not second or scan_keys(first).isdisjoint(scan_keys(second)):
        assert [(site.line, site.word, site.syllables) for site in joined.sites] == expected


def scan_keys(lines: list[str]) -> set[str]:
    return {line.split()[-1][-3:] for line in lines if line}
