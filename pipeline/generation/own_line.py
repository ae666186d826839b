"""A line of the visitor's own: its words, its holes ("je … la nuit ___"), and what changed from one to another.

Knows nothing of who fills or changes it.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from pipeline.core.errors import SettingError
from pipeline.generation.context import space_before_next_word
from pipeline.language.tokens import token_spans, tokenise

HOLE = re.compile(r"…|\.{3,}|_+")
MOST_HOLES = 6
Template = tuple[str | None, ...]  # words, None for a hole


def read_template(text: str) -> Template:
    """Return the template of a visitor's line with holes, … or ___. Raises SettingError for none or too many.

    >>> read_template("Je … la nuit ___")
    ('je', None, 'la', 'nuit', None)
    """
    parts = [tokenise(part) for part in HOLE.split(text)]
    items: list[str | None] = [item for part in parts for item in (*part, None)][:-1]
    holes = [at for at, item in enumerate(items) if item is None]
    closed = [item for at, item in enumerate(items) if item is not None or not at or items[at - 1] is not None]
    if not 1 <= len(holes) <= MOST_HOLES:
        raise SettingError(
            "A line to fill in has 1 to {most} gaps: write each as … between its words.", most=MOST_HOLES
        )
    return tuple(closed)


def words_to_revise(line: str) -> list[str]:
    """Return the words of a line that is to be revised. Raises SettingError where there are none."""
    words = tokenise(line)
    if not words:
        raise SettingError("The line has no word to rephrase: write one first.")
    return words


WordChangeState = Literal["same", "new", "gone"]


class WordChange(NamedTuple):
    """A stretch of words: `text[start:stop]` of the new line, or of the old line where the new one lacks it."""

    state: WordChangeState
    start: int
    stop: int


def edit_distance(old: Sequence[str], new: Sequence[str]) -> int:
    """Return the fewest words to insert, delete or replace between two lines (Levenshtein 1966).

    >>> edit_distance("la nuit tombe".split(), "la pluie tombe ici".split())
    2
    """
    row = list(range(len(new) + 1))
    for i, word in enumerate(old, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(new, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


def word_changes(old: str, new: str) -> list[WordChange]:
    """Return the words of a new line in order, with deleted words of the old line before their replacements.

    >>> [tuple(change) for change in word_changes("La nuit tombe", "La pluie tombe")]
    [('same', 0, 2), ('gone', 3, 7), ('new', 3, 8), ('same', 9, 14)]
    """
    before, after = token_spans(old), token_spans(new)
    matcher = SequenceMatcher(None, tokenise(old), tokenise(new), autojunk=False)
    changes = list[WordChange]()
    for tag, i, stop_i, j, stop_j in matcher.get_opcodes():
        if stop_i > i and tag != "equal":
            changes.append(WordChange("gone", before[i].start, before[stop_i - 1].stop))
        if stop_j > j:
            state: WordChangeState = "same" if tag == "equal" else "new"
            changes.append(WordChange(state, after[j].start, after[stop_j - 1].stop))
    return changes


def restore_spelling(user_line: str, words: Sequence[str]) -> str:
    """Return words as a line. Words of the visitor's own line keep its spelling and punctuation.

    >>> restore_spelling("J'ai vu Paris, hier", ["j'", "ai", "quitté", "paris", "hier"])
    "J'ai quitté Paris, hier"
    """
    spans, tokens = token_spans(user_line), tokenise(user_line)
    spelled = list(words)
    for at, to, size in SequenceMatcher(None, tokens, list(words), autojunk=False).get_matching_blocks():
        for offset in range(size):
            span = spans[at + offset]
            next_start = spans[at + offset + 1].start if at + offset + 1 < len(spans) else len(user_line)
            spelled[to + offset] = user_line[span.start : next_start].rstrip()
            if to + offset and not at + offset:
                spelled[to + offset] = spelled[to + offset][:1].lower() + spelled[to + offset][1:]
    text = ""
    for word, written_word in zip(words, spelled, strict=True):
        text += space_before_next_word(text, word) + written_word
    return text[:1].upper() + text[1:]
