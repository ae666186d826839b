"""The text under a visitor's hands: its lines in sections, every step of it, and what each line is asked for.

A text is changed by value: the lines before a step are kept whole, so that every step can be taken back. What is known
of a line, `measure_lines` counts anew, whoever wrote it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count, groupby
from secrets import token_hex

from pipeline.generation.constraints import FORM_CODES, Constraints, form_violations, rhyme_letters
from pipeline.generation.context import normalise_text
from pipeline.generation.form import SectionPlan, Slot, song_line_slots
from pipeline.generation.lyric import GeneratedLine
from pipeline.generation.own_line import HOLE
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import NO_RHYME, compare_rhyme
from pipeline.language.scheme import end_word
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

MOST_LINES = 200
MAX_LINE_CHARACTERS = 300
MAX_TEXT_CHARACTERS = MOST_LINES * MAX_LINE_CHARACTERS  # characters
MAX_UNDO_STEPS = 200  # that can be taken back
_VERSIONS = count()

Lines = tuple[GeneratedLine, ...]


@dataclass
class EditedText:
    """The text that a visitor edits, with its lines before each step and before each step that was undone.

    `draft` is the id of the draft that it is saved in, `written_by` the model and the take that wrote in it last,
    `locked` are the words of lines that no new writing replaces. `version` is another one after each step but those of
    typing: what a visitor types into a box is left alone there until something else changes the text.
    """

    lines: Lines = ()
    before: list[Lines] = field(default_factory=list)
    undone: list[Lines] = field(default_factory=list)
    locked: set[str] = field(default_factory=set)
    version: int = field(default_factory=lambda: next(_VERSIONS))
    typing: int | None = None
    draft: str = field(default_factory=lambda: token_hex(8))
    written_by: tuple[str, int] | None = None

    @property
    def text(self) -> str:
        """The text as the model reads it: each line ended, an empty line before each new section."""
        return text_of(self.lines)

    def replace_lines(self, lines: Sequence[GeneratedLine]) -> None:
        """Replace all lines, as a step that can be undone."""
        self.before, self.undone = [*self.before, self.lines][-MAX_UNDO_STEPS:], []
        self._set_lines(tuple(lines)[:MOST_LINES])

    def replace_text(
        self, lines: Sequence[GeneratedLine] = (), draft: str = "", written_by: tuple[str, int] | None = None
    ) -> None:
        """Replace the text by another one, which gets a draft of its own. The visitor can undo this."""
        if self.lines or lines:
            self.replace_lines(lines)
        self.draft, self.written_by = draft or token_hex(8), written_by
        self.locked.clear()

    def type_line(self, at: int, line: GeneratedLine) -> None:
        """Replace a line, or append one, while it is typed: all typing in one line is one step."""
        lines, version = (*self.lines[:at], line, *self.lines[at + 1 :]), self.version
        if self.typing == at:
            self.lines = lines
        else:
            self.replace_lines(lines)
        self.version, self.typing = version, at

    def insert(self, at: int, line: GeneratedLine) -> None:
        """Insert a line before the line `at`, in the section of the line above it."""
        neighbour = self.lines[max(at - 1, 0)] if self.lines else line
        self.replace_lines(
            [*self.lines[:at], replace(line, section=neighbour.section, kind=neighbour.kind), *self.lines[at:]]
        )

    def change_line(self, at: int, line: GeneratedLine) -> None:
        """Replace the line number `at`, from 0, in this text; it keeps its section."""
        old = self.lines[at]
        self.replace_lines([*self.lines[:at], replace(line, section=old.section, kind=old.kind), *self.lines[at + 1 :]])

    def remove_line(self, at: int) -> None:
        self.replace_lines([*self.lines[:at], *self.lines[at + 1 :]])

    def toggle_lock(self, at: int) -> None:
        """Lock the words of the line `at` as they are now, or unlock them."""
        self.locked ^= {self.lines[at].text}

    def undo(self) -> None:
        """Undo the last step."""
        if self.before:
            self.undone.append(self.lines)
            self._set_lines(self.before.pop())

    def redo(self) -> None:
        """Redo the step that was undone last."""
        if self.undone:
            self.before.append(self.lines)
            self._set_lines(self.undone.pop())

    def move_line(self, at: int, by: int) -> None:
        """Swap the line `at` with the one `by` places below it."""
        to = at + by
        if 0 <= to < len(self.lines):
            lines, (one, other) = list(self.lines), (self.lines[at], self.lines[to])
            lines[to] = replace(one, section=other.section, kind=other.kind)
            lines[at] = replace(other, section=one.section, kind=one.kind)
            self.replace_lines(lines)

    def _set_lines(self, lines: Lines) -> None:
        self.lines, self.version, self.typing = lines, next(_VERSIONS), None


def text_of(lines: Sequence[GeneratedLine]) -> str:
    """Return lines as a text: each ended, with an empty line between sections."""
    return "\n".join("".join(f"{line.text}\n" for line in part) for _, part in groupby(lines, lambda x: x.section))


def read_line(text: str, sounds: Pronunciations) -> GeneratedLine | None:
    """Return a typed line with its syllables counted; None when it has neither a word nor a gap."""
    clean = normalise_text(" ".join(text.split()))[:MAX_LINE_CHARACTERS].strip()
    if not tokenise(clean) and not HOLE.search(clean):
        return None
    return add_syllable_count(GeneratedLine(text=clean, log_probability=0.0, tokens=0), sounds)


def add_syllable_count(line: GeneratedLine, sounds: Pronunciations) -> GeneratedLine:
    """Return a line with its number of spoken syllables."""
    return replace(line, syllables=scan_line(line.text, sounds).syllables.spoken)


def read_text(text: str, sounds: Pronunciations, before: Sequence[GeneratedLine] = ()) -> Lines:
    """Return the lines of a typed or pasted text. An empty line begins a section; a line found in `before` keeps its
    data."""
    same, lines, section = {line.text: line for line in before}, list[GeneratedLine](), 0
    for row in text.strip().split("\n"):
        if line := read_line(row, sounds):
            lines.append(replace(same.get(line.text, line), section=section))
        elif lines and lines[-1].section == section and not row.strip():
            section += 1
    return tuple(lines[:MOST_LINES])


def line_plans(
    lines: Sequence[GeneratedLine], constraints: Constraints, plan: Sequence[SectionPlan] = ()
) -> list[Slot]:
    """Return the slot of each line, and of the next one: its section, rhyme letter and constraints.

    A scheme begins anew with each section; those after the end of a plan are free of rhymes.
    """
    if plan:
        planned = list(song_line_slots(tuple(plan), constraints))[: len(lines) + 1]
        return planned + [replace(planned[-1], letter="", repeats=None)] * (len(lines) + 1 - len(planned))
    slots = list[Slot]()
    sections = [line.section for line in lines]
    for section, part in groupby([*sections, sections[-1] if sections else 0]):
        size = len(list(part))
        letters = ["A"] * size if constraints.rhyme_with else rhyme_letters(constraints.scheme, size)
        slots += [Slot(section, "", letter, constraints) for letter in letters]
    return slots


def context_before(lines: Sequence[GeneratedLine], at: int) -> str:
    """Return the text before the line `at`, as the model reads it."""
    new = 0 < at < len(lines) and lines[at].section != lines[at - 1].section
    return text_of(lines[:at]) + "\n" * new


def assign_section(line: GeneratedLine, lines: Sequence[GeneratedLine], plan: Sequence[SectionPlan]) -> GeneratedLine:
    """Return a line with the section of a new last line: that of the plan, or of the line before without a plan."""
    last = lines[-1] if lines else line
    if not plan:
        return replace(line, section=last.section, kind=last.kind)
    above, here = ([None, *line_plans(lines, Constraints(), plan)])[-2:]
    section = last.section + (above.section != here.section) if above and here else 0
    return replace(line, section=section, kind=here.kind if here else "")


def line_to_rhyme_with(
    lines: Sequence[GeneratedLine], at: int, constraints: Constraints, plan: Sequence[SectionPlan] = ()
) -> str:
    """Return the text that the line `at`, or the next one, must rhyme with: a given text, or the first other line with
    the same rhyme letter.

    "" where there is none.
    """
    if constraints.rhyme_with:
        return constraints.rhyme_with
    placed = line_plans(lines, constraints, plan)
    same = (line.text for i, line in enumerate(lines) if i != at and placed[at].rhymes_with(placed[i]))
    return next(same, "")


def measure_lines(
    lines: Sequence[GeneratedLine], constraints: Constraints, plan: Sequence[SectionPlan], sounds: Pronunciations
) -> list[GeneratedLine]:
    """Return the lines with their syllables, the kind of their rhyme, and the constraints that each of them violates
    now.

    The first line of a letter rhymes with none, nor does one whose last word is given. What else a line lacks (a word,
    words of its own) stays as it was.
    """
    return [
        _measure_line(line, slot, _rhyme_target(lines, placed, at, constraints), sounds)
        for placed in [line_plans(lines, constraints, plan)]
        for at, (line, slot) in enumerate(zip(lines, placed, strict=False))
    ]


def _rhyme_target(lines: Sequence[GeneratedLine], placed: Sequence[Slot], at: int, constraints: Constraints) -> str:
    """Return the earlier line that the line `at` must rhyme with; "" for none."""
    if at < len(constraints.end_words):
        return ""
    earlier = (lines[i].text for i in range(at) if placed[at].rhymes_with(placed[i]))
    return constraints.rhyme_with or next(earlier, "")


def _measure_line(line: GeneratedLine, slot: Slot, rhyme_target: str, sounds: Pronunciations) -> GeneratedLine:
    """Return a line with its syllables, kind of rhyme and violations."""
    answer = rhyme_target if slot.letter and slot.repeats is None else ""
    others = (violation for violation in line.violations if violation.code not in FORM_CODES)
    kind = None
    if answer:
        ends = {end_word(scan_line(text, sounds)) for text in (answer, line.text)}
        kind = compare_rhyme(answer, line.text, sounds).kind if len(ends) > 1 else NO_RHYME
    missing = (*others, *form_violations(line.text, answer, slot.constraints, sounds))
    return replace(add_syllable_count(line, sounds), rhyme=slot.letter or None, rhyme_kind=kind, violations=missing)
