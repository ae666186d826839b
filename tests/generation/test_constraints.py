import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SettingError
from pipeline.corpus.song import SECTION_KINDS
from pipeline.generation.constraints import Constraints, coarse_words, rhyme_letters, unwanted_tokens
from pipeline.generation.form import MOST_LINES, SectionPlan, parse_plan, song_line_slots
from pipeline.generation.lyric import LyricSettings
from pipeline.language.rhyme import RHYME_KINDS


@pytest.mark.parametrize(
    ("scheme", "letters"),
    [("AABB", "AABBCCDD"), ("ABBA", "ABBACD"), ("AAAA", "AAAABBBB"), ("ABAB", "ABA"), ("A", "ABC")],
)
def test_each_group_of_lines_has_rhymes_of_its_own(scheme, letters):
    assert "".join(rhyme_letters(scheme, len(letters))) == letters


def test_a_free_scheme_has_no_letters():
    assert rhyme_letters("free", 2) == ["", ""]


def test_letters_go_on_after_z():
    assert rhyme_letters("AABB", 56)[-1] == "C1"  # 28 rhymes: the 25 from A to Z without X, then A1, B1 and C1


def test_x_names_no_rhyme():
    assert rhyme_letters("AABB", 64)[46:48] == ["Y", "Y"]  # the 24th rhyme; X is a line without one
    assert "X" not in rhyme_letters("A", 1000)
    assert rhyme_letters("XAXA", 8) == ["", "A", "", "A", "", "B", "", "B"]


@pytest.mark.parametrize(
    "setting",
    [
        *({"scheme": scheme} for scheme in ("aabb", "", "A" * 65)),
        *({"syllables": 0}, {"rhyme_beat": 5}, {"rhyme_beat": 2, "syllables": 8}, {"tolerance": -1}),
        {"use": ("jour", "Nuit"), "avoid": ("nuit",)},
        {"use": ("l'amour",), "avoid": ("L’amour",)},
        *({"avoid": ("?!",)}, {"use": ("la mer " * 9,)}, {"end_words": ("la nuit",)}),
    ],
)
def test_a_constraint_out_of_range_is_one_sentence(setting):
    with pytest.raises(SettingError) as error:
        Constraints(**setting)
    assert "\n" not in str(error.value)


def test_an_unknown_richness_names_the_known_ones():
    with pytest.raises(SettingError, match="assonance, pauvre, suffisante, riche"):
        Constraints(richness="opulent")


def test_a_part_has_sixteen_lines_where_nobody_says_how_many():
    assert SectionPlan().lines == LyricSettings().lines == 16  # "the next sixteen bars"


def test_a_plan_is_read():
    plan = parse_plan("Couplet 16 AABB 12, refrain 4 ABAB, pont, couplet, refrain")
    assert plan == (
        SectionPlan(kind="couplet", lines=16, scheme="AABB", syllables=12),
        SectionPlan(kind="refrain", lines=4, scheme="ABAB"),
        SectionPlan(kind="pont", lines=4),
        SectionPlan(kind="couplet", lines=16, scheme="AABB", syllables=12),
        SectionPlan(kind="refrain", lines=4, scheme="ABAB"),
    )


SECTIONS = st.builds(
    SectionPlan,
    kind=st.sampled_from(SECTION_KINDS),
    lines=st.integers(1, 20),
    scheme=st.sampled_from([None, "AABB", "free", "XAXA", "A"]),
    syllables=st.none() | st.integers(2, 30) | st.lists(st.integers(2, 30), min_size=2, max_size=4).map(tuple),
    richness=st.sampled_from([None, *RHYME_KINDS]),
)


@given(st.lists(SECTIONS, min_size=1, max_size=3).map(lambda parts: (*parts, *parts[:2])))
def test_a_plan_is_read_as_it_is_written_and_each_of_its_lines_has_a_slot(plan):
    assert parse_plan(" , ".join(map(str, plan))) == plan
    slots = list(song_line_slots(plan, Constraints()))
    sections = [slot.section for slot in slots]
    assert sections == [at for at, part in enumerate(plan) for _ in range(part.lines)]
    for at, slot in enumerate(slots):
        first = plan.index(plan[slot.section])
        again = slot.kind == "refrain" and first < slot.section
        line = at - sections.index(slot.section)
        assert slot.repeats == (sections.index(first) + line if again else None)


@pytest.mark.parametrize(
    "plan",
    [
        *("", ",", "12", "verse 4", "refrain 999", f"couplet {MOST_LINES}, pont 1"),
        *(f"couplet {rest}" for rest in ("16 AABB 12 9", "0", "4 aabb", "4 AABB ABAB", "4 riche pauvre", "4/5")),
    ],
)
def test_a_plan_that_cannot_be_read_is_one_sentence(plan):
    with pytest.raises(SettingError) as error:
        parse_plan(plan)
    assert "\n" not in str(error.value)


def test_a_part_overrides_what_is_common():
    slot = next(
        song_line_slots((SectionPlan(lines=1, syllables=8),), Constraints(scheme="AABB", syllables=12, clean=True))
    )
    assert (slot.constraints.syllables, slot.constraints.scheme, slot.constraints.clean) == (8, "AABB", True)


def test_a_given_rhyme_is_every_lines():
    assert {slot.letter for slot in song_line_slots((SectionPlan(lines=3),), Constraints(rhyme_with="nuit"))} == {"A"}


def test_clean_language_adds_to_what_is_avoided():
    assert unwanted_tokens([("rue",), ("la", "nuit")], clean=False) == {"rue"}
    assert unwanted_tokens([("rue",)], clean=True) == {"rue"} | coarse_words()
    assert {"merde", "connard"} <= coarse_words()
    assert not {"rue", "contre", "chien"} & coarse_words()
