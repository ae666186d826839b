"""A verse -> the plan of its measure; new words that have it."""

import json
from dataclasses import asdict

import pytest

from pipeline.core.errors import SettingError
from pipeline.core.plain_data import from_plain_data
from pipeline.generation.constraints import Constraints
from pipeline.generation.form import LONGEST_SECTION, SectionPlan, parse_plan, plan_from_verse
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.style import Style
from pipeline.generation.writing import write_lyric
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import scan_line
from tests.generation.fakes import index_of, run_of

VERSE = """[Couplet 1 : X]
Je garde la maison
Tu as toujours raison
Le soir tombe sur la rue
Elle ne l'a jamais vue

[Refrain]
On attend la nuit
(ouais) On entend le bruit
"""


def plan_text(text: str) -> str:
    return ", ".join(map(str, plan_from_verse(text, Pronunciations())))


def test_syllables_scheme_richness_and_sections_are_taken():
    # je gard' la mai-son: 5; maison, raison: two vowels and three sounds alike, half of the rhymes; rue, vue: one sound
    assert plan_text(VERSE) == "couplet 4 AABB 5/6/6/6 leonine, refrain 2 AA 5 suffisante"


def test_a_section_that_returns_word_for_word_is_a_refrain_and_blank_lines_part_sections():
    chorus = "On attend la nuit\nOn entend le bruit"
    plan = plan_from_verse(f"{chorus}\n\nJe marche\n\n{chorus}", Pronunciations())
    assert [(part.kind, part.lines) for part in plan] == [("couplet", 2), ("couplet", 1), ("refrain", 2)]


@pytest.mark.parametrize("lines", [1, LONGEST_SECTION, LONGEST_SECTION + 1, 2 * LONGEST_SECTION + 3])
def test_a_long_section_is_several_that_hold_its_lines_in_order(lines: int) -> None:
    plan = plan_from_verse("\n".join("la " * (2 + at % 7) for at in range(lines)), Pronunciations())
    measures = [
        part.syllables if isinstance(part.syllables, tuple) else (part.syllables,) * part.lines for part in plan
    ]
    assert [count for measure in measures for count in measure] == [2 + at % 7 for at in range(lines)]


def test_a_plan_with_a_measure_a_line_is_read_back():
    plan = plan_from_verse(VERSE, Pronunciations())
    assert parse_plan(", ".join(map(str, plan))) == plan
    with pytest.raises(SettingError):
        parse_plan("couplet 4/4 AABB")
    with pytest.raises(SettingError):
        SectionPlan(syllables=(12, 99))


def test_the_settings_of_a_fitted_text_survive_json():
    settings = LyricSettings(plan=plan_from_verse(VERSE, Pronunciations()), constraints=Constraints(tolerance=0))
    plain = json.loads(json.dumps(asdict(settings)))
    assert from_plain_data(LyricSettings, plain) == settings


@pytest.mark.parametrize("text", ["", "[Refrain]", "?!\n\n…", "la nuit\n" * 201])
def test_what_has_no_measure_is_one_sentence(text):
    with pytest.raises(SettingError, match="at least one line"):
        plan_from_verse(text, Pronunciations())


def test_new_words_have_the_measure_line_by_line():
    index = index_of("word")
    verse = "Je garde un peu de rue dans la nuit\nOn attend le matin sans ennui\nUn chemin\nJusqu'à demain"
    plan = plan_from_verse(verse, index.pronunciations)
    settings = LyricSettings(plan=plan, constraints=Constraints(tolerance=0))
    lines = write_lyric(run_of(index), "", settings).lines
    wanted = [scan_line(line, index.pronunciations).syllables.spoken for line in verse.splitlines()]
    assert [line.syllables for line in lines] == wanted
    assert [line.rhyme for line in lines] == ["A", "A", "B", "B"]
    assert all(not line.violations for line in lines)


def test_a_duet_without_a_plan_has_sections_of_four_lines():
    settings = LyricSettings(lines=6, constraints=Constraints(scheme="AABB"), style=Style(turns=True))
    lines = write_lyric(run_of(index_of("word")), "", settings).lines
    assert [line.section for line in lines] == [0, 0, 0, 0, 1, 1]
