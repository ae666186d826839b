"""Writing to measure: whole songs to a plan and under constraints, and proposals for one next line.

The same index, seed, settings and random seed write the same lines. Whoever
has lines is a `demand.Proposer`: the run itself (`network_proposer`) where nobody else is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.generation.constraints import Constraints, missing_phrase_violation
from pipeline.generation.context import normalise_text, random_generator
from pipeline.generation.demand import Choice, LineDemand, Proposer
from pipeline.generation.form import SectionPlan, Slot, slots
from pipeline.generation.free_decoding import log_probability, make_piece
from pipeline.generation.lyric import GeneratedLine, TokenPiece, WriteSettings
from pipeline.generation.network_proposer import NetworkProposer
from pipeline.generation.sampling import Generator
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.line_search import Candidate
from pipeline.generation.song import SongState
from pipeline.language.rhyme import compare_rhyme, rhyme_key
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

LONGEST_SECTION = 64
LINES_PER_TURN = 4  # lines of each of two voices in turn, when no plan says how many


def decode_under_constraints(
    index: ConstraintIndex, seed_text: str, settings: WriteSettings, rng: Generator, proposer: Proposer | None = None
) -> Iterator[GeneratedLine | None]:
    """Yield the lines that follow the seed as they are written, each with what it was asked for and what it lacks.

    A `proposer` is asked first for each line, and the run where it has none; None while it has to wait. Raises
    SettingError, before the first line, for what the run was not taught or cannot rhyme with.
    """
    constraints = settings.constraints or Constraints()
    if settings.plan:
        plan = list(slots(settings.plan, constraints))
    elif settings.style.turns:
        lengths = [min(LINES_PER_TURN, settings.lines - start) for start in range(0, settings.lines, LINES_PER_TURN)]
        plan = list(slots(tuple(SectionPlan(lines=length) for length in lengths), constraints))
    else:
        plan = [replace(slot, kind="") for slot in _one_section(settings.lines, constraints)]
    return _SongPlan(SongState.from_seed(index, seed_text, settings, rng, plan[0].kind), plan, proposer).lines()


def propose_lines(
    index: ConstraintIndex,
    text: str,
    settings: WriteSettings,
    random_seed: int = 0,
    *,
    count: int = 5,
    answer: str | None = None,
    proposer: Proposer | None = None,
) -> list[GeneratedLine]:
    """Return `count` next lines for a text, unlike each other, those that meet everything first.

    They answer the line of the last section that the scheme says, or the line `answer` if it is given ("": none).
    An unfinished last line of `text` is finished. Raises SettingError as `decode_under_constraints` does.
    """
    constraints = settings.constraints or Constraints()
    song = SongState.from_seed(index, text, settings, random_generator(random_seed))
    verse = _last_section(text)
    plan = list(_one_section(len(verse) + max(1, len(constraints.scheme)), constraints))
    slot = plan[len(verse)]
    if answer is None:
        same = [line for line, other in zip(verse, plan, strict=False) if slot.letter and other.letter == slot.letter]
        answer = constraints.rhyme_with or (same[0] if same else "")
    group = 1 if answer else sum(other.letter == slot.letter for other in plan)
    demand = LineDemand(song, slot, answer, group=group)
    choices = (proposer or NetworkProposer()).propose(demand, count)
    return [generated_line_from_choice(demand, choice) for choice in choices]


def _one_section(lines: int, constraints: Constraints) -> Iterator[Slot]:
    """One section of any length (a plan's sections are shorter)."""
    part = SectionPlan(lines=LONGEST_SECTION)
    group = len(constraints.scheme)
    for start in range(0, lines, LONGEST_SECTION // group * group or LONGEST_SECTION):
        yield from slots((replace(part, lines=min(LONGEST_SECTION, lines - start)),), constraints)


def _last_section(text: str) -> list[str]:
    """Return the finished lines since the last empty one."""
    lines = normalise_text(text).split("\n")[:-1]
    last = max((i for i, line in enumerate(lines) if not line.strip()), default=-1)
    return lines[last + 1 :]


@dataclass
class _SongPlan:
    """The slots of a song and what was written into the first of them."""

    song: SongState
    slots: Sequence[Slot]
    proposer: Proposer | None = None
    written: list[GeneratedLine] = field(default_factory=list)

    def lines(self) -> Iterator[GeneratedLine | None]:
        for number, slot in enumerate(self.slots):
            if number and slot.section != self.slots[number - 1].section:
                self.song.begin_section(slot.kind)
            demand, ahead = self._demand(number), self.slots[number + 1 :]
            while self.proposer and slot.repeats is None and not self.proposer.is_ready(demand, ahead):
                yield None
            choice = self._choose_line(demand)
            line = self._drop_pending_violations(generated_line_from_choice(demand, choice))
            self.song.add(choice.candidate)
            if number == len(self.slots) - 1:
                lacking = tuple(missing_phrase_violation(phrase, in_text=True) for phrase in self.song.to_use)
                line = replace(line, violations=line.violations + lacking)
            yield line
            self.written.append(line)

    def _choose_line(self, demand: LineDemand) -> Choice:
        if demand.slot.repeats is not None:
            repeated = self.written[demand.slot.repeats]
            return Choice(self.song.as_candidate(repeated.text), by=repeated.by, quotation=repeated.quotation)
        proposed = self.proposer.propose(demand, 1) if self.proposer else []
        return (proposed or NetworkProposer().propose(demand, 1))[0]

    def _demand(self, number: int) -> LineDemand:
        """Return what the line of a slot is asked for, after the lines of the song so far."""
        slot = self.slots[number]
        same = [
            line.text
            for line, other in zip(self.written, self.slots, strict=False)
            if other.section == slot.section and slot.letter and other.letter == slot.letter and tokenise(line.text)
        ]
        answer = slot.constraints.rhyme_with or next(iter(same), "")
        group = sum(other.section == slot.section and other.letter == slot.letter for other in self.slots)
        # two lines are left for each phrase to use: from here, every line has to hold one
        due = len(self.slots) - number <= 2 * len(self.song.to_use)
        return LineDemand(self.song, slot, answer, group=group, insist=due)

    def _drop_pending_violations(self, line: GeneratedLine) -> GeneratedLine:
        """That a line does not hold a phrase is no fault of it: another may."""
        pending = [missing_phrase_violation(phrase) for phrase in self.song.to_use]
        return replace(line, violations=tuple(lack for lack in line.violations if lack not in pending))


def generated_line_from_choice(demand: LineDemand, choice: Choice) -> GeneratedLine:
    """Return a choice with all that explains it; to be called before the song has read it."""
    song, slot, answer, text = demand.song, demand.slot, demand.answer, choice.text
    index = song.index
    pieces = _pieces(song, choice.candidate)
    scanned = scan_line(text, index.pronunciations)
    return GeneratedLine(
        text=text,
        log_probability=log_probability(pieces),
        tokens=len(pieces),
        section=slot.section,
        kind=slot.kind,
        syllables=scanned.syllables.spoken,
        rhyme=slot.letter or None,
        rhyme_key=rhyme_key(scanned) or None,
        rhyme_kind=compare_rhyme(answer, text, index.pronunciations).kind if answer else None,
        copies=() if choice.quotation else index.spans.copies(tokenise(text)),
        violations=choice.violations,
        by=choice.by,
        quotation=choice.quotation,
        pieces=pieces,
    )


def _pieces(song: SongState, candidate: Candidate) -> tuple[TokenPiece, ...]:
    """Return each token of a line with the probability that it was drawn with."""
    speller, logits = song.index.units.speller(song.context.before), song.token_logits(candidate)
    pairs = zip(logits, candidate.tokens, strict=True)
    return tuple(make_piece(speller, row, token, song.index.vocabulary) for row, token in pairs)
