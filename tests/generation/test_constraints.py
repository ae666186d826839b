import pytest

from pipeline.core.errors import SettingError
from pipeline.generation.constraints import Constraints, coarse_words, rhyme_letters, unwanted_tokens
from pipeline.generation.form import MOST_LINES, SectionPlan, parse_plan, slots
from pipeline.generation.lyric import WriteSettings


@pytest.mark.parametrize(
    ("scheme", "lines", "letters"),
    [
        ("AABB", 8, "AABBCCDD"),
        ("ABBA", 6, "ABBACD"),
        ("AAAA", 8, "AAAABBBB"),
        ("ABAB", 3, "ABA"),
        ("A", 3, "ABC"),
    ],
)
def test_each_group_of_lines_has_rhymes_of_its_own(scheme, lines, letters):
    assert "".join(rhyme_letters(scheme, lines)) == letters


def test_a_free_scheme_has_no_letters():
    assert rhyme_letters("free", 2) == ["", ""]


def test_letters_go_on_after_z():
    assert rhyme_letters("AABB", 56)[-1] == "C1"  # 28 rhymes: the 25 from A to Z without X, then A1, B1 and C1


def test_x_names_no_rhyme():
    assert rhyme_letters("AABB", 64)[46:48] == ["Y", "Y"]  # the 24th rhyme; X is a line without one
    assert "X" not in rhyme_letters("A", 1000)
    assert rhyme_letters("XAXA", 8) == ["", "A", "", "A", "", "B", "", "B"]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"scheme": "aabb"}, "The rhyme scheme is 'aabb': use capitals such as AABB, ABAB, ABBA, or free."),
        ({"scheme": ""}, "The rhyme scheme is '': use capitals such as AABB, ABAB, ABBA, or free."),
        ({"scheme": "A" * 65}, "The rhyme scheme has 65 letters: use at most 64."),
        ({"syllables": 0}, "The number of syllables is 0: use a number from 2 to 30."),
        ({"rhyme_beat": 5}, "The beat of the rhyme is 5: use a number from 1 to 4."),
        (
            {"rhyme_beat": 2, "syllables": 8},
            "A line of 8 syllables cannot have its rhyme on beat 2: use at most 5 syllables, or a later beat.",
        ),
        ({"tolerance": -1}, "The tolerance in syllables is -1: use a number from 0 to 10."),
        (
            {"use": ("jour", "Nuit"), "avoid": ("nuit",)},
            "“nuit” is both to be included and avoided: remove it from one list.",
        ),
        (
            {"use": ("l'amour",), "avoid": ("L’amour",)},
            "“l'amour” is both to be included and avoided: remove it from one list.",
        ),
        ({"avoid": ("?!",)}, "A word to include or avoid is empty, “?!”: give a word or a phrase."),
        (
            {"use": ("la mer " * 9,)},
            "A phrase to include or avoid has 18 words: use at most 16, since it must fit in one line.",
        ),
        ({"longest_copy": 0}, "The longest copy is 0: use a number from 1 to 64."),
    ],
)
def test_a_constraint_out_of_range_is_one_sentence(setting, message):
    with pytest.raises(SettingError) as error:
        Constraints(**setting)
    assert str(error.value) == message


def test_an_unknown_richness_names_the_known_ones():
    with pytest.raises(SettingError, match="assonance, pauvre, suffisante, riche"):
        Constraints(richness="opulent")


def test_a_part_has_sixteen_lines_where_nobody_says_how_many():
    assert SectionPlan().lines == WriteSettings().lines == 16  # "the next sixteen bars"


def test_a_plan_is_read():
    plan = parse_plan("Couplet 16 AABB 12, refrain 4 ABAB, pont, couplet, refrain")
    assert plan == (
        SectionPlan(kind="couplet", lines=16, scheme="AABB", syllables=12),
        SectionPlan(kind="refrain", lines=4, scheme="ABAB"),
        SectionPlan(kind="pont", lines=4),
        SectionPlan(kind="couplet", lines=16, scheme="AABB", syllables=12),
        SectionPlan(kind="refrain", lines=4, scheme="ABAB"),
    )


@pytest.mark.parametrize(
    "plan",
    [
        "",
        ",",
        "couplet 16 AABB 12 9",
        "verse 4",
        "couplet 0",
        "couplet 4 aabb",
        "12",
        "refrain 999",
        "couplet 4 AABB ABAB",
        "couplet 4 riche pauvre",
        "couplet 4/5",
        f"couplet {MOST_LINES}, pont 1",
    ],
)
def test_a_plan_that_cannot_be_read_is_one_sentence(plan):
    with pytest.raises(SettingError) as error:
        parse_plan(plan)
    assert "\n" not in str(error.value)


def test_the_refrain_comes_back_line_by_line():
    song = list(slots(parse_plan("refrain 2 AA, couplet 2, refrain, couplet"), Constraints()))
    assert [slot.repeats for slot in song] == [None, None, None, None, 0, 1, None, None]
    assert [slot.section for slot in song] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert [slot.letter for slot in song] == ["A", "A", "", "", "A", "A", "", ""]


def test_a_part_overrides_what_is_common():
    slot = next(slots((SectionPlan(lines=1, syllables=8),), Constraints(scheme="AABB", syllables=12, clean=True)))
    assert (slot.constraints.syllables, slot.constraints.scheme, slot.constraints.clean) == (8, "AABB", True)


def test_a_given_rhyme_is_every_lines():
    assert {slot.letter for slot in slots((SectionPlan(lines=3),), Constraints(rhyme_with="nuit"))} == {"A"}


def test_clean_language_adds_to_what_is_avoided():
    assert unwanted_tokens([("rue",), ("la", "nuit")], clean=False) == {"rue"}
    assert unwanted_tokens([("rue",)], clean=True) == {"rue"} | coarse_words()
    assert {"merde", "connard"} <= coarse_words()
    assert not {"rue", "contre", "chien"} & coarse_words()
