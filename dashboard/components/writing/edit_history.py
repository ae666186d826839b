"""A text that a visitor and a model write together, line by line, with everything that was done to it.

A line is changed in place by value: the text before a step is kept whole, so that every step can be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.generation.constraints import Constraints, rhyme_letters
from pipeline.generation.context import normalise_text
from pipeline.generation.form import Part, Slot, slots
from pipeline.generation.lyric import GeneratedLine
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

MOST_LINES = 200
LONGEST_LINE = 300
LONGEST_TEXT = MOST_LINES * LONGEST_LINE  # characters
STEPS = 200  # that can be taken back

Lines = tuple[GeneratedLine, ...]


@dataclass
class EditHistory:
    """The lines as they stand, as they stood before each step, and as they stood before steps were taken back."""

    lines: Lines = ()
    before: list[Lines] = field(default_factory=list)
    undone: list[Lines] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the model reads: each line ended."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def put(self, lines: Sequence[GeneratedLine]) -> None:
        """Take a step: these are the lines now."""
        self.before, self.undone = [*self.before, self.lines][-STEPS:], []
        self.lines = tuple(lines)[:MOST_LINES]

    def add(self, line: GeneratedLine) -> None:
        """Add a line."""
        self.put([*self.lines, line])

    def insert(self, at: int, line: GeneratedLine) -> None:
        """Put a line before the one of this number."""
        self.put([*self.lines[:at], line, *self.lines[at:]])

    def change(self, at: int, line: GeneratedLine) -> None:
        """Put another line in the place of one."""
        self.put([*self.lines[:at], line, *self.lines[at + 1 :]])

    def drop(self, at: int) -> None:
        """Leave a line out."""
        self.put([*self.lines[:at], *self.lines[at + 1 :]])

    def undo(self) -> None:
        """Take the last step back."""
        if self.before:
            self.undone.append(self.lines)
            self.lines = self.before.pop()

    def redo(self) -> None:
        """Take a step again that was taken back."""
        if self.undone:
            self.before.append(self.lines)
            self.lines = self.undone.pop()

    def move(self, at: int, by: int) -> None:
        """Move a line down by so many places, up where it is negative, as far as there are places."""
        to = min(max(at + by, 0), len(self.lines) - 1)
        if to != at:
            rest = [*self.lines[:at], *self.lines[at + 1 :]]
            self.put([*rest[:to], self.lines[at], *rest[to:]])


def read_line(text: str, sounds: Pronunciations) -> GeneratedLine | None:
    """Return a line as the visitor wrote it, on one line and measured; None when there is no word in it."""
    clean = normalise_text(" ".join(text.split()))[:LONGEST_LINE].strip()
    if not tokenise(clean):
        return None
    syllables = scan_line(clean, sounds).syllables.spoken
    return GeneratedLine(text=clean, log_probability=0.0, tokens=0, syllables=syllables)


def line_slots(count: int, constraints: Constraints, plan: Sequence[Part] = ()) -> list[Slot]:
    """Return what the first lines of a text are asked for; those after the end of a plan are free of rhymes."""
    if plan:
        planned = list(slots(tuple(plan), constraints))[:count]
        return planned + [replace(planned[-1], letter="", repeats=None)] * (count - len(planned))
    letters = ["A"] * count if constraints.rhyme_with else rhyme_letters(constraints.scheme, count)
    return [Slot(0, "", letter, constraints) for letter in letters]


def with_letters(
    lines: Sequence[GeneratedLine], constraints: Constraints, plan: Sequence[Part] = ()
) -> list[GeneratedLine]:
    """Return the same lines with the letters that the scheme gives to their places, in the sections of a plan."""
    placed = zip(lines, line_slots(len(lines), constraints, plan), strict=True)
    return [replace(line, rhyme=slot.letter or None, section=slot.section, kind=slot.kind) for line, slot in placed]


def line_to_answer(lines: Sequence[GeneratedLine], at: int, constraints: Constraints, plan: Sequence[Part] = ()) -> str:
    """Return the line that a new one at this place has to rhyme with: the first other of its letter, "" for none."""
    if constraints.rhyme_with:
        return constraints.rhyme_with
    placed = line_slots(len(lines), constraints, plan)
    rhymes = [(slot.section, slot.letter) if slot.letter else None for slot in placed]
    same = (lines[i].text for i, rhyme in enumerate(rhymes) if i != at and rhyme is not None and rhyme == rhymes[at])
    return next(same, "")


def sectioned_text(lines: Sequence[GeneratedLine], constraints: Constraints, plan: Sequence[Part] = ()) -> str:
    """Return what the model reads before the next line: each line ended, an empty one before each new section."""
    text, section = "", 0
    for line, slot in zip([*lines, None], line_slots(len(lines) + 1, constraints, plan), strict=True):
        text += "\n" * (slot.section != section) + (f"{line.text}\n" if line else "")
        section = slot.section
    return text
