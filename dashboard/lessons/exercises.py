"""Exercises that check what is answered, and the progress of whoever does them.

An exercise stands in the text of its lesson (`document`), in four lines: the question, the answer, a hint, the way.

    ? What is 1/2 of 1/2?                   = number 1/4 ± 0.01
    ? Which shape has W·a?                  = shape 3 1
    ? Write it.                             = numpy W @ a where W 3 4, a 4 1
    ? Which one forgets?                    = choice the n-gram | *the plain RNN | neither
    ~ The hint, after two misses.
    ! The way, after four, or once it is solved.

What is typed is read, never run: a number and a line of NumPy go through `calculator`, which holds a short list of
operations and bounds their sizes. Two lines of NumPy are the same if they give the same on two random draws.
"""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Literal, get_args

import numpy as np

from dashboard.lessons.calculator import calculate
from dashboard.lessons.document import Block
from pipeline.cells.activations import Array
from pipeline.core.errors import SettingError
from pipeline.core.translation import SOURCE, language, t

Kind = Literal["number", "shape", "numpy", "choice"]
HINT_AFTER, WAY_AFTER = 2, 4  # misses
LONGEST_FILE = 100_000  # characters of a file of progress
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True)
class Exercise:
    """A question with its answer in the notation of lessons, the kind of the answer, a hint, and the way to it."""

    question: str
    kind: Kind
    answer: str
    hint: str
    way: str

    @property
    def options(self) -> tuple[str, ...]:
        """The answers that a choice offers."""
        return tuple(option.strip().removeprefix("*") for option in self.answer.split("|"))

    @property
    def array_shapes(self) -> dict[str, tuple[int, ...]]:
        """The arrays that a line of NumPy may name, with their shapes."""
        named = (part.split() for part in self.answer.partition(" where ")[2].split(","))
        return {name: tuple(map(int, sizes)) for name, *sizes in named}

    @property
    def solution(self) -> str:
        """The answer as a visitor could type it."""
        if self.kind == "choice":
            return next(option.strip()[1:] for option in self.answer.split("|") if option.strip().startswith("*"))
        return self.answer.partition(" ± " if self.kind == "number" else " where ")[0]

    def check(self, given: str) -> bool:
        """Return whether an answer is right. Raise SettingError when it cannot be read."""
        if self.kind == "choice":
            return given == self.solution
        if self.kind == "shape":
            if not re.search(r"\d", given):
                raise SettingError("A shape is a list of whole numbers: the size of each axis.")
            return re.findall(r"\d+", given) == re.findall(r"\d+", self.answer)
        if self.kind == "number":
            right, _, tolerance = self.answer.partition(" ± ")
            return abs(read_number(given) - read_number(right)) <= float(tolerance or 1e-9)
        return all(self._agrees(given, np.random.default_rng(seed)) for seed in (0, 1))

    def _agrees(self, given: str, rng: np.random.Generator) -> bool:
        arrays: dict[str, Array] = {name: rng.uniform(0.2, 1.5, shape) for name, shape in self.array_shapes.items()}
        ours, right = calculate(given, arrays), calculate(self.solution, arrays)
        return ours.shape == right.shape and bool(np.allclose(ours, right, rtol=1e-9))


def read_number(text: str) -> float:
    """Return the number that somebody typed, as it is written in either language, or as 1/4, 2^-2 or ln 2.

    >>> read_number("1/4"), read_number("0,25"), read_number("2^-2"), read_number("320 000"), read_number("1,618,100")
    (0.25, 0.25, 0.25, 320000.0, 1618100.0)
    """
    joined = re.sub(r"ln([\d.,]+)", r"ln(\1)", re.sub(r"\s", "", text)).replace("ln(", "log(").removesuffix("%")
    if language() == SOURCE and _THOUSANDS.fullmatch(joined):
        joined = joined.replace(",", "")
    try:
        value = calculate(joined.replace(",", "."), {})
    except SettingError:
        value = np.array(np.nan)
    if value.ndim or not np.isfinite(value):
        raise SettingError("This is not a number. Type one in digits, or as a calculation.")
    return float(value) / (100 if text.strip().endswith("%") else 1)


def read_exercise(block: Block) -> Exercise:
    """Return the exercise in a block of a lesson. Raise ValueError when it lacks a line or has an unknown kind."""
    lines = {line[0]: line[2:].strip() for line in block.more.splitlines()}
    kind, _, answer = lines.get("=", "").partition(" ")
    if set(lines) != set("=~!") or kind not in get_args(Kind):
        raise ValueError(f"This exercise lacks a line, or is of no kind: {block.text}")
    return Exercise(block.text, kind, answer, lines["~"], lines["!"])  # type: ignore[arg-type]


def exercises_of(blocks: Iterable[Block], lesson: str) -> dict[str, Exercise]:
    """Return the exercises of a lesson by their names: `learn_rnn-1`, `learn_rnn-2`."""
    own = (read_exercise(block) for block in blocks if block.kind == "exercise")
    return {f"{lesson}-{number}": exercise for number, exercise in enumerate(own, 1)}


@dataclass(frozen=True)
class Attempt:
    """How often an exercise was missed, and whether it is solved."""

    misses: int = 0
    solved: bool = False

    @property
    def help(self) -> Literal["", "hint", "way"]:
        """The kind of help that is shown after so many misses."""
        if self.solved or self.misses >= WAY_AFTER:
            return "way"
        return "hint" if self.misses >= HINT_AFTER else ""


Progress = Mapping[str, Attempt]  # name of an exercise -> what came of it


def write_progress(progress: Progress) -> str:
    """Return progress as the text of a file that `read_progress` reads."""
    return json.dumps({"exercises": {name: asdict(attempt) for name, attempt in sorted(progress.items())}}, indent=1)


def read_progress(text: str, names: Iterable[str]) -> dict[str, Attempt]:
    """Return the progress in a file, of the exercises with these names. Raise SettingError when it is not such a file."""
    try:
        rows = json.loads(text[:LONGEST_FILE])["exercises"]
        return {
            name: Attempt(min(max(int(rows[name]["misses"]), 0), 999), rows[name]["solved"] is True)
            for name in names
            if name in rows
        }
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SettingError("This is not a progress file. Use the one downloaded from this page.") from error


def progress_sheet(progress: Progress, titles: Mapping[str, str], exercises: Mapping[str, Exercise]) -> str:
    """Return a sheet for a teacher as CSV, a row for each exercise; `titles` are those of the lessons."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([t("Lesson"), t("Exercise"), t("Question"), t("Errors"), t("Solved"), t("Hints used")])
    for name, exercise in exercises.items():
        attempt, (lesson, _, number) = progress.get(name, Attempt()), name.partition("-")
        shown = {"": "", "hint": t("hint"), "way": "" if attempt.misses < WAY_AFTER else t("solution")}[attempt.help]
        solved = t("yes") if attempt.solved else t("no")
        writer.writerow([titles[lesson], number, exercise.question, attempt.misses, solved, shown])
    return out.getvalue()
