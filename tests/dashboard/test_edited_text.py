"""The text of the Studio: every step can be taken back and again, its sections, what each line is asked for."""

from dataclasses import replace

import numpy as np

from dashboard.components.writing.controls import Choices
from dashboard.components.writing.edited_text import (
    EditedText,
    Lines,
    assign_section,
    context_before,
    line_plans,
    line_to_rhyme_with,
    measure_lines,
    read_line,
    read_text,
)
from dashboard.components.writing.line_panel import RevisionConstraints, line_request
from dashboard.components.writing.text_report import constraint_summary
from dashboard.queries.rhyming_dictionary import word_alternatives
from pipeline.analysis.words.word_vectors import WordVectors
from pipeline.generation.constraints import Constraints
from pipeline.generation.form import parse_plan
from pipeline.generation.lyric import LyricSettings
from pipeline.language.pronunciations import Pronunciations
from pipeline.writers.requests import LineRequest

SOUNDS = Pronunciations()
PAIRS = Constraints(scheme="AABB", syllables=2, tolerance=0)


def lines_of(*texts: str) -> Lines:
    return read_text("\n".join(texts), SOUNDS)


def order(text: EditedText) -> str:
    return "".join(line.text for line in text.lines)


def test_lines_move_as_far_as_there_are_places_and_sections_stay() -> None:
    text = EditedText(lines_of("a", "b", "", "c"))
    text.move_line(1, 1)
    assert order(text) == "acb"
    assert text.text == "a\nc\n\nb\n"
    text.move_line(0, -1)
    assert order(text) == "acb"
    assert len(text.before) == 1


def test_a_step_taken_back_is_taken_again_until_another_is_taken() -> None:
    text = EditedText(lines_of("a", "b"))
    text.remove_line(0)
    text.insert(0, lines_of("c")[0])
    text.undo()
    text.undo()
    assert order(text) == "ab"
    text.redo()
    text.redo()
    text.redo()
    assert order(text) == "cb"
    text.undo()
    text.change_line(0, lines_of("d")[0])
    text.redo()
    assert order(text) == "d"


def test_what_is_typed_into_a_line_is_one_step_and_leaves_the_box_alone() -> None:
    text = EditedText(lines_of("a", "b"))
    version = text.version
    for typed in ("c", "ca", "car"):
        text.type_line(1, lines_of(typed)[0])
    assert order(text) == "acar"
    assert text.version == version
    text.type_line(2, lines_of("d")[0])  # after the last
    text.undo()
    assert order(text) == "acar"
    assert text.version != version
    text.undo()
    assert order(text) == "ab"


def test_a_text_that_is_pasted_has_sections_and_keeps_the_lines_that_were_there() -> None:
    before = measure_lines(lines_of("la nuit", "le bruit"), Constraints(), (), SOUNDS)
    text = read_text(" la nuit \n\n\n?!\nla <mer>\n", SOUNDS, before)
    assert [(line.text, line.section, line.syllables) for line in text] == [("la nuit", 0, 2), ("la <mer>", 1, 2)]
    assert read_line("  ", SOUNDS) is None
    assert read_text("", SOUNDS) == ()


def test_a_scheme_begins_anew_with_each_section_and_a_plan_says_them() -> None:
    plan = parse_plan("refrain 2 AA 6, couplet 2 AA 8")
    lines = lines_of("la nuit", "le bruit", "la mer")
    assert [slot.letter for slot in line_plans(lines_of("a", "b", "c", "", "d"), PAIRS)] == ["A", "A", "B", "A", "A"]
    assert [slot.letter for slot in line_plans([*lines, *lines], Constraints(), plan)[4:]] == ["", "", ""]
    assert line_plans(lines, Constraints(), plan)[3].constraints.syllables == 8
    third = assign_section(lines[2], lines[:2], plan)
    assert (third.section, third.kind) == (1, "couplet")
    assert line_to_rhyme_with([*lines, lines[0]], 3, Constraints(), plan) == "la mer"
    assert line_to_rhyme_with(lines, 2, Constraints(), plan) == ""
    assert context_before([*lines[:2], third], 2) == "la nuit\nle bruit\n\n"


def test_lines_whose_last_word_is_given_rhyme_with_none() -> None:
    given = replace(PAIRS, end_words=("nuit", "mer"))
    lines = measure_lines(lines_of("la nuit", "la mer", "la pluie", "le vent"), given, (), SOUNDS)
    assert [any(lack.code == "no-rhyme" for lack in line.violations) for line in lines] == [False, False, False, True]


def test_what_is_said_of_a_text_is_counted_now_whoever_wrote_it() -> None:
    lines = measure_lines(lines_of("la nuit", "la pluie", "la mer", "le vent souffle"), PAIRS, (), SOUNDS)
    assert [[lack.code for lack in line.violations] for line in lines] == [[], [], [], ["syllables", "no-rhyme"]]
    assert constraint_summary(lines) == "3 of 4 lines match your settings. Other syllable count: 1, no rhyme: 1."
    assert constraint_summary(lines[:3]) == "All lines match your settings."
    again = measure_lines(lines, Constraints(scheme="free"), (), SOUNDS)
    assert not any(line.violations for line in again)
    same = measure_lines(lines_of("la nuit", "une nuit"), Constraints(scheme="AA"), (), SOUNDS)
    assert [lack.code for lack in same[1].violations] == ["no-rhyme"]  # a word repeated is no rhyme


def test_the_beat_of_the_rhyme_is_counted_as_the_text_is_now() -> None:
    (line,) = measure_lines(lines_of("Je marche dans la rue et la nuit"), Constraints(rhyme_beat=2), (), SOUNDS)
    assert "off-beat" in [lack.code for lack in line.violations]
    assert measure_lines([line], Constraints(rhyme_beat=4), (), SOUNDS)[0].violations == ()


def test_lines_are_asked_for_their_place_their_measure_and_their_rhyme() -> None:
    text = EditedText(lines_of("la nuit", "la pluie", "la mer"))
    chosen = Choices("run", "", 1, LyricSettings(constraints=PAIRS))
    last = line_request("after", 2, text, chosen, 5)
    assert (last.text, last.answer, last.settings.constraints) == ("la nuit\nla pluie\nla mer\n", "la mer", PAIRS)
    second = line_request("instead", 1, text, chosen, 5)
    assert (second.text, second.answer) == ("la nuit\n", "la nuit")
    alone = line_request("instead", 2, text, chosen, 5)
    assert alone.settings.constraints
    assert alone.settings.constraints.avoid == ("mer",)
    revised = line_request("revise", 1, text, chosen, 5, RevisionConstraints(12, "maison", ("pluie",)))
    assert isinstance(revised, LineRequest)
    assert (revised.line, revised.answer) == ("la pluie", "maison")
    asked = revised.settings.constraints
    assert asked
    assert (asked.syllables, asked.tolerance, asked.avoid) == (12, 0, ("pluie",))


def test_another_word_keeps_the_syllables_and_the_rhyme() -> None:
    words = ("nuit", "pluie", "bruit", "matin", "soir")
    vectors = WordVectors(words, np.eye(5) * 0.2 + 0.8)
    sounds = Pronunciations.from_words([*words, "dans", "la"])
    # bruit ends as nuit does (ɥi), pluie too; matin has two syllables, soir another rhyme
    assert word_alternatives("Dans la nuit !", 2, vectors, sounds) == [
        ("pluie", "Dans la pluie"),
        ("bruit", "Dans la bruit"),
    ]
    assert ("soir", "Soir dans la") in word_alternatives("Nuit dans la", 0, vectors, sounds)


def test_a_line_is_locked_by_the_words_that_it_has_at_the_click() -> None:
    text = EditedText(lines_of("la rue", "la nuit"))
    text.type_line(0, lines_of("le port")[0])
    text.toggle_lock(0)
    assert text.locked == {"le port"}
    text.toggle_lock(0)
    assert not text.locked
