"""Whole songs to a plan and under constraints, and proposals for one next line.

The same workshop, seed, settings and random seed write the same lines. How one line is found is in `choosing`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.generation.choosing import Song, as_line, choose, does_not_hold
from pipeline.generation.constraints import Constraints, group_sizes
from pipeline.generation.form import Part, Slot, slots
from pipeline.generation.lyric import GeneratedLine, Lyric, WriteSettings
from pipeline.generation.sampling import SamplingSettings
from pipeline.generation.spelling import normalised, read_seed
from pipeline.generation.style import Style
from pipeline.generation.workshop import Workshop
from pipeline.generation.writer import generator
from pipeline.language.tokens import tokenise

LONGEST_SECTION = 64


def write_bars(
    workshop: Workshop, seed_text: str = "", settings: WriteSettings | None = None, random_seed: int = 0
) -> Iterator[GeneratedLine]:
    """The lines that follow the seed as they are written, each with what it was asked for and what it lacks."""
    settings = settings or WriteSettings()
    constraints = settings.constraints or Constraints()
    plan = list(slots(settings.plan, constraints) if settings.plan else _plain(settings.lines, constraints))
    if not settings.plan:
        plan = [replace(slot, kind="") for slot in plan]
    return _written(Song.begin(workshop, seed_text, settings, generator(random_seed), plan[0].kind), plan)


def write_bars_lyric(
    workshop: Workshop, seed_text: str = "", settings: WriteSettings | None = None, random_seed: int = 0
) -> Lyric:
    """The whole text that `write_bars` gives."""
    lines = list(write_bars(workshop, seed_text, settings, random_seed))
    return lyric_of(workshop, seed_text, settings, random_seed, lines)


def lyric_of(
    workshop: Workshop,
    seed_text: str,
    settings: WriteSettings | None,
    random_seed: int,
    lines: Sequence[GeneratedLine],
) -> Lyric:
    """The Lyric of lines that came from `write_bars` with these arguments; all of them or the first few."""
    written, section = "", 0
    for line in lines:
        if line.section != section:
            written, section = written + "\n", line.section
        written += "".join(piece.text for piece in line.pieces)
    return Lyric(
        run=workshop.name,
        seed=seed_text,
        text=seed_text + written.rstrip("\n"),
        lines=tuple(lines),
        settings=settings or WriteSettings(),
        random_seed=random_seed,
        unknown=read_seed(seed_text, workshop.vocabulary).unknown,
    )


def line_proposals(
    workshop: Workshop,
    text: str,
    constraints: Constraints,
    sampling: SamplingSettings | None = None,
    random_seed: int = 0,
    *,
    style: Style | None = None,
    memory: float = 0.0,
    count: int = 5,
    answer: str | None = None,
) -> list[GeneratedLine]:
    """`count` next lines for a text, unlike each other, those that meet everything first.

    They answer the line of the last section that the scheme says, or the line `answer` if it is given ("": none).
    An unfinished last line of `text` is finished.
    """
    settings = WriteSettings(
        sampling=sampling or SamplingSettings(), constraints=constraints, style=style or Style(), memory=memory
    )
    song = Song.begin(workshop, text, settings, generator(random_seed))
    verse = _last_section(text)
    plan = list(_plain(len(verse) + max(1, len(constraints.scheme)), constraints))
    slot = plan[len(verse)]
    same = [line for line, other in zip(verse, plan, strict=False) if slot.letter and other.letter == slot.letter]
    if answer is None:
        answer = constraints.rhyme_with or (same[0] if same else "")
    group = 1 if answer else sum(other.letter == slot.letter for other in plan)
    return [as_line(song, slot, choice, answer) for choice in choose(song, slot, answer, group=group, count=count)]


def _plain(lines: int, constraints: Constraints) -> Iterator[Slot]:
    """One section of any length (a plan's sections are shorter)."""
    part = Part(lines=LONGEST_SECTION)
    group = len(constraints.scheme)
    for start in range(0, lines, LONGEST_SECTION // group * group or LONGEST_SECTION):
        yield from slots((replace(part, lines=min(LONGEST_SECTION, lines - start)),), constraints)


def _last_section(text: str) -> list[str]:
    """The finished lines since the last empty one."""
    lines = normalised(text).split("\n")[:-1]
    last = max((i for i, line in enumerate(lines) if not line.strip()), default=-1)
    return lines[last + 1 :]


def _written(song: Song, plan: Sequence[Slot]) -> Iterator[GeneratedLine]:
    sizes = [group_sizes([slot.letter for slot in plan if slot.section == n]) for n in range(plan[-1].section + 1)]
    openers: dict[tuple[int, str], str] = {}
    written: list[str] = []
    for number, slot in enumerate(plan):
        if number and slot.section != plan[number - 1].section:
            song.begin_section(slot.kind)
        key = (slot.section, slot.letter)
        answer = slot.constraints.rhyme_with or openers.get(key, "")
        if slot.repeats is not None:
            choice = song.given(written[slot.repeats])
        else:
            due = len(plan) - number <= 2 * len(song.to_use)  # two lines are left for each: from here, every line
            choice = choose(song, slot, answer, group=sizes[slot.section][slot.letter], insist=due)[0]
        line = as_line(song, slot, choice, answer)
        to_come = {does_not_hold(phrase) for phrase in song.to_use}  # no fault of a line: another may hold it
        unmet = tuple(lack for lack in line.unmet if lack not in to_come)
        song.add(choice)
        if number == len(plan) - 1:
            unmet += tuple(f"the text {does_not_hold(phrase)}" for phrase in song.to_use)
        line = replace(line, unmet=unmet)
        yield line
        written.append(line.text)
        if slot.letter and tokenise(line.text):
            openers.setdefault(key, line.text)
