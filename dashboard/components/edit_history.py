"""A text that a visitor and a model write together, line by line, with everything that was done to it.

A line is changed in place by value: the text before a step is kept whole, so that every step can be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.generation.constraints import FREE, Constraints, rhyme_letters
from pipeline.generation.lyric import GeneratedLine
from pipeline.generation.spelling import normalised
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

MOST_LINES = 200
LONGEST_LINE = 300
STEPS = 200  # that can be taken back

Lines = tuple[GeneratedLine, ...]


@dataclass
class EditHistory:
    """The lines as they stand, and as they stood before each step."""

    lines: Lines = ()
    before: list[Lines] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the model reads: each line ended."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def put(self, lines: Sequence[GeneratedLine]) -> None:
        """Take a step: these are the lines now."""
        self.before = [*self.before, self.lines][-STEPS:]
        self.lines = tuple(lines)[:MOST_LINES]

    def add(self, line: GeneratedLine) -> None:
        """Add a line."""
        self.put([*self.lines, line])

    def change(self, at: int, line: GeneratedLine) -> None:
        """Put another line in the place of one."""
        self.put([*self.lines[:at], line, *self.lines[at + 1 :]])

    def drop(self, at: int) -> None:
        """Leave a line out."""
        self.put([*self.lines[:at], *self.lines[at + 1 :]])

    def undo(self) -> None:
        """Take the last step back."""
        if self.before:
            self.lines = self.before.pop()


def read_line(text: str, sounds: Pronunciations) -> GeneratedLine | None:
    """Return a line as the visitor wrote it, on one line and measured; None when there is no word in it."""
    clean = normalised(" ".join(text.split()))[:LONGEST_LINE].strip()
    if not tokenise(clean):
        return None
    syllables = scan_line(clean, sounds).syllables.spoken
    return GeneratedLine(text=clean, log_probability=0.0, tokens=0, syllables=syllables)


def with_letters(lines: Sequence[GeneratedLine], constraints: Constraints) -> list[GeneratedLine]:
    """Return the same lines with the letters that the scheme gives to their places."""
    letters = ["A"] * len(lines) if constraints.rhyme_with else rhyme_letters(constraints.scheme, len(lines))
    return [
        replace(line, rhyme=letter or None, section=0, kind="") for line, letter in zip(lines, letters, strict=True)
    ]


def line_to_answer(lines: Sequence[GeneratedLine], at: int, constraints: Constraints) -> str:
    """Return the line that a new one at this place has to rhyme with: the first other of its letter, "" for none."""
    if constraints.rhyme_with:
        return constraints.rhyme_with
    if constraints.scheme == FREE:
        return ""
    letters = rhyme_letters(constraints.scheme, len(lines))
    return next((lines[i].text for i, letter in enumerate(letters) if i != at and letter == letters[at]), "")
