"""A text that is written line by line: every step can be taken back and again; a plan says its sections."""

import numpy as np

from dashboard.components.writing.edit_history import (
    EditHistory,
    line_slots,
    line_to_answer,
    read_line,
    sectioned_text,
    with_letters,
)
from dashboard.queries.rhyming_dictionary import replaceable_words, word_alternatives
from pipeline.analysis.words.word_vectors import WordVectors
from pipeline.generation.constraints import Constraints
from pipeline.generation.form import parse_plan
from pipeline.generation.lyric import GeneratedLine
from pipeline.language.pronunciations import Pronunciations

SOUNDS = Pronunciations()


def lines_of(*texts: str) -> tuple[GeneratedLine, ...]:
    return tuple(line for text in texts if (line := read_line(text, SOUNDS)))


def order(history: EditHistory) -> str:
    return "".join(line.text for line in history.lines)


def test_lines_move_as_far_as_there_are_places() -> None:
    history = EditHistory(lines_of("a", "b", "c"))
    history.move(0, 1)
    assert order(history) == "bac"
    history.move(2, -2)
    assert order(history) == "cba"
    history.move(0, -1)
    assert order(history) == "cba"
    assert len(history.before) == 2


def test_a_step_taken_back_is_taken_again_until_another_is_taken() -> None:
    history = EditHistory(lines_of("a", "b"))
    history.drop(0)
    history.insert(0, lines_of("c")[0])
    history.undo()
    history.undo()
    assert order(history) == "ab"
    history.redo()
    assert order(history) == "b"
    history.redo()
    history.redo()
    assert order(history) == "cb"
    history.undo()
    history.add(lines_of("d")[0])
    history.redo()
    assert order(history) == "bd"


def test_a_plan_gives_sections_letters_and_what_the_model_reads() -> None:
    plan = parse_plan("refrain 2 AA 6, couplet 2 AA 8")
    lines = lines_of("la nuit", "le bruit", "la mer")
    asked = Constraints()
    placed = with_letters(lines, asked, plan)
    assert [(line.section, line.kind, line.rhyme) for line in placed] == [
        (0, "refrain", "A"),
        (0, "refrain", "A"),
        (1, "couplet", "A"),
    ]
    assert line_to_answer([*lines, *lines_of("x")], 3, asked, plan) == "la mer"
    assert line_to_answer(lines, 2, asked, plan) == ""
    assert sectioned_text(lines[:2], asked, plan) == "la nuit\nle bruit\n\n"
    assert sectioned_text(lines, asked, plan) == "la nuit\nle bruit\n\nla mer\n"
    assert line_slots(4, asked, plan)[3].constraints.syllables == 8
    assert [slot.letter for slot in line_slots(6, asked, plan)[4:]] == ["", ""]


def test_another_word_keeps_the_syllables_and_the_rhyme() -> None:
    words = ("nuit", "pluie", "bruit", "matin", "soir")
    vectors = WordVectors(words, np.eye(5) * 0.2 + 0.8)
    sounds = Pronunciations.of([*words, "dans", "la"])
    assert replaceable_words("Dans la nuit", vectors) == {2: "nuit"}
    # bruit ends as nuit does (ɥi), pluie too; matin has two syllables, soir another rhyme
    assert word_alternatives("Dans la nuit !", 2, vectors, sounds) == [
        ("pluie", "Dans la pluie"),
        ("bruit", "Dans la bruit"),
    ]
    assert ("soir", "Soir dans la") in word_alternatives("Nuit dans la", 0, vectors, sounds)
