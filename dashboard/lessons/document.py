"""The text of a lesson: a Markdown file, cut into the blocks of its page.

    # The question of the page?            first, and below it what the lesson teaches
    ## A part of it {E3 E4}                the rows of the article's program that it shows: a test looks for them
    ### A question to the reader?          its answer is the paragraph or formula below, folded
    ? A question that is checked.         with its answer, hint and way on the lines below: `exercises` reads them
    $$a = b \\qquad c = d$$                formulas
    | A | table |                          the second row, of dashes, is left out
    + Something to try.                    what to do with the figure
    [[figure]]                             a function of the view; inside a paragraph, a value
    > What one knows now.                  the end of the lesson
    [^1]: A footnote                       where the text says [^1]

Blocks are apart by an empty line; all else is prose. It knows nothing of pages.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "question", "lead", "part", "ask", "exercise", "formula", "table", "figure", "prose", "try", "summary", "footnote"
]
_PART_PATTERN = re.compile(r"## (.+) \{(.+)\}")
_SPACE_AT_MARK = re.compile(r"(?<=\S) (?=[?!;:»%](?:\s|$|[.,)]))|(?<=«) ")
_SLOT_PATTERN = re.compile(r"\[\[(\w+)\]\]")
_FOOTNOTE_PATTERN = re.compile(r"\[\^([1-9])\](: )?")


@dataclass(frozen=True)
class Block:
    """A block of a lesson's text. `more` is the answer to a question, the lines of an exercise, or the numbers of the
    topics in a part; `cells` are those of a table."""

    kind: Kind
    text: str
    more: str = ""
    cells: Sequence[Sequence[str]] = ()


def parse(document: str) -> list[Block]:
    r"""Cut a document into its blocks.

    >>> [block.kind for block in parse("# Why?\n\nSo.\n\n## Here {A1}\n\n[[curve]]\n\n### And?\n\nYes.")]
    ['question', 'lead', 'part', 'figure', 'ask']
    """
    texts = iter(_with_narrow_spaces(text) for text in re.split(r"\n{2,}", document.strip()))
    blocks = [Block("question", next(texts).removeprefix("# ")), Block("lead", next(texts))]
    for text in texts:
        blocks.append(
            Block("ask", text.removeprefix("### "), next(texts)) if text.startswith("### ") else _parse_block(text)
        )
    return blocks


def _with_narrow_spaces(text: str) -> str:
    """Return a block whose French marks stay on the line of their word: no break before `?` or `:`, none after `«`."""
    return text if text.startswith("$$") else _SPACE_AT_MARK.sub("\u202f", text)


def split_parts(blocks: Sequence[Block]) -> tuple[list[Block], list[list[Block]]]:
    """Split a lesson into the blocks before its first part, and its parts, each with its heading.

    >>> before, parts = split_parts(parse("# Why?\\n\\nSo.\\n\\n## Here {A1}\\n\\nIt is.\\n\\n## There {A2}"))
    >>> len(before), [[block.text for block in part] for part in parts]
    (2, [['Here', 'It is.'], ['There']])
    """
    starts = [at for at, block in enumerate(blocks) if block.kind == "part"]
    ends = [*starts[1:], len(blocks)]
    return list(blocks[: (starts or ends)[0]]), [
        list(blocks[start:end]) for start, end in zip(starts, ends, strict=False)
    ]


def slot_names(blocks: Sequence[Block]) -> set[str]:
    """Return the names of the figures and values that a view has to give."""
    named = {name for block in blocks for name in _SLOT_PATTERN.findall(f"{block.text} {block.more}")}
    return named | {block.text for block in blocks if block.kind == "figure"}


def fill_slots(text: str, values: dict[str, str]) -> str:
    """Return the text with its values in their slots, and the signs of footnotes raised.

    >>> fill_slots("[[n]] bugs[^1]", {"n": "18"}), fill_slots("[^1]: Counted.", {})
    ('18 bugs¹', '¹ Counted.')
    """
    raised = _FOOTNOTE_PATTERN.sub(lambda note: "¹²³⁴⁵⁶⁷⁸⁹"[int(note[1]) - 1] + (" " if note[2] else ""), text)
    return _SLOT_PATTERN.sub(lambda slot: values[slot[1]], raised)


WORDS_PER_MINUTE = 200
MINUTES_OF = {"figure": 1, "formula": 1, "try": 2, "exercise": 3}  # beside reading


def estimate_minutes(blocks: Sequence[Block]) -> int:
    """Return how long a lesson takes, to the next five minutes: an estimate by `WORDS_PER_MINUTE` and `MINUTES_OF`."""
    words = sum(len(f"{block.text} {block.more}".split()) for block in blocks if block.kind != "formula")
    minutes = words / WORDS_PER_MINUTE + sum(MINUTES_OF.get(block.kind, 0) for block in blocks)
    return 5 * math.ceil(minutes / 5)


def _parse_block(text: str) -> Block:
    """Return the block of one paragraph, by the mark that it begins with."""
    if part := _PART_PATTERN.fullmatch(text):
        return Block("part", part[1], part[2])
    if slot := _SLOT_PATTERN.fullmatch(text):
        return Block("figure", slot[1])
    if text.startswith("? "):
        question, _, lines = text.removeprefix("? ").partition("\n")
        return Block("exercise", question, lines)
    if text.startswith("$$"):
        return Block("formula", text.strip("$"))
    if text.startswith("+ "):
        return Block("try", text.removeprefix("+ "))
    if text.startswith("> "):
        return Block("summary", text.removeprefix("> "))
    if text.startswith("[^"):
        return Block("footnote", text)
    if text.startswith("|"):
        rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in text.splitlines()]
        return Block("table", "", cells=[rows[0], *rows[2:]])
    return Block("prose", text)
