"""The text of a lesson is cut into the blocks that its author sees, and nothing of it is lost."""

from pathlib import Path

import pytest

from dashboard.lessons import document
from dashboard.lessons.document import Block, fill_slots, parse, slot_names
from dashboard.navigation import LESSONS as TITLES

LESSONS = list(TITLES)

TEXTS = Path(document.__file__).parents[1] / "texts" / "en"
EXAMPLE = """# Why?

It **matters**.

$$a=b\\qquad c=d$$

## A part {E3 E4}

Prose with [[count]] in it.

| A | B |
|---|---|
| 1 | two, or three |

[[curve]]

### And then?

Nothing, [[count]] times.
"""


def test_every_block_by_its_mark() -> None:
    assert parse(EXAMPLE) == [
        Block("question", "Why?"),
        Block("lead", "It **matters**."),
        Block("formula", "a=b\\qquad c=d"),
        Block("part", "A part", "E3 E4"),
        Block("prose", "Prose with [[count]] in it."),
        Block("table", "", cells=[["A", "B"], ["1", "two, or three"]]),
        Block("figure", "curve"),
        Block("ask", "And then?", "Nothing, [[count]] times."),
    ]
    assert slot_names(parse(EXAMPLE)) == {"count", "curve"}
    assert fill_slots("[[count]] of [[count]]", {"count": "3"}) == "3 of 3"


@pytest.mark.parametrize("page", LESSONS)
def test_a_lesson_is_a_document_without_a_stray_mark(page: str) -> None:
    blocks = parse((TEXTS / f"{page}.md").read_text("utf-8"))
    assert blocks[0].text.endswith("?")
    for block in blocks:
        if block.kind in ("prose", "lead", "formula"):
            assert not block.text.startswith(("#", "|", "[[")), block.text
            assert block.text.count("$$") == 0
        if block.kind == "table":
            assert {len(row) for row in block.cells} == {len(block.cells[0])}


def test_the_texts_of_the_lessons_are_those_of_the_menu() -> None:
    assert sorted(path.stem for path in TEXTS.glob("learn_*.md")) == sorted(LESSONS)


def test_a_french_mark_stays_with_its_word() -> None:
    (_, lead, asked) = parse("# Pourquoi ?\n\nDire « oui » : $a$ ; rien.\n\n? Combien ?\n= number 2\n~ 90 % !\n! Vu.")
    assert lead.text == "Dire «\u202foui\u202f»\u202f: $a$\u202f; rien."
    assert (asked.kind, asked.text) == ("exercise", "Combien\u202f?")


def test_minutes_are_estimated_from_what_there_is_to_read_and_to_do() -> None:
    text = "# Why?\n\n" + "word " * 397 + "\n\n[[curve]]\n\n+ Move it.\n\n? How many?\n= number 2\n~ h\n! w"
    assert document.estimate_minutes(document.parse(text)) == 10  # 2 of reading, 1 + 2 + 3 of doing
