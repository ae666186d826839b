"""The loop that writes a song: for each place a demand, a line of whoever proposes, and what explains it.

Freely, nothing is demanded and the model itself ends sections and songs; to measure, a plan says what each line is
asked for. Whoever has lines is a `demand.Proposer`: the run itself where nobody else is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.generation.constraints import Constraints, missing_phrase_violation
from pipeline.generation.demand import CheckedLine, LineDemand, Proposer
from pipeline.generation.form import LONGEST_SECTION, SectionPlan, Slot, song_line_slots
from pipeline.generation.free_proposer import UnconstrainedProposer
from pipeline.generation.lyric import GeneratedLine, LyricSettings, WrittenPart, WrittenToken
from pipeline.generation.network_proposer import NetworkProposer
from pipeline.generation.sampling import Generator
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.last_words import Candidate
from pipeline.generation.song import SongState
from pipeline.language.rhyme import compare_rhyme, rhyme_key
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import SONG

LINES_PER_TURN = 4  # lines of each of two voices in turn, when no plan says how many
MAX_ALTERNATIVES = 5  # tokens that a piece names


def write_freely(
    index: ConstraintIndex, seed_text: str, settings: LyricSettings, rng: Generator
) -> Iterator[WrittenPart]:
    """Yield lines without constraints, and empty lines between sections, until all are written or the song ends."""
    song, slot, written = SongState.from_seed(index, seed_text, settings, rng), Slot(0, "", "", Constraints()), 0
    while written < settings.lines:
        (choice,) = UnconstrainedProposer().propose(LineDemand(song, slot), 1)
        line, pieces = choice.candidate, _written_tokens(song, choice.candidate)
        finished = _generated_line(song, choice, pieces, section=song.section) if line.text else None
        written += finished is not None
        yield WrittenPart("".join(piece.text for piece in pieces), finished, ended=line.tokens[-1] == SONG)
        if line.tokens[-1] == SONG:
            return
        if line.text:
            song.add_line(line)
        else:
            song.begin_section(gap=line)


def write_under_constraints(
    index: ConstraintIndex, seed_text: str, settings: LyricSettings, rng: Generator, proposer: Proposer | None = None
) -> Iterator[WrittenPart]:
    """Yield the lines after the seed as they are written under constraints. Each lists the constraints it violates.

    A `proposer` is asked first for each line, and the run where it has none; a part without text while it has to wait.
    Raises SettingError, before the first line, for what the run was not taught or cannot rhyme with.
    """
    constraints = settings.constraints or Constraints()
    if settings.plan:
        plan = list(song_line_slots(settings.plan, constraints))
    elif settings.style.turns:
        lengths = [min(LINES_PER_TURN, settings.lines - start) for start in range(0, settings.lines, LINES_PER_TURN)]
        plan = list(song_line_slots(tuple(SectionPlan(lines=length) for length in lengths), constraints))
    else:
        plan = list(section_line_slots(settings.lines, constraints))
    return _SongPlan(SongState.from_seed(index, seed_text, settings, rng, plan[0].kind), plan, proposer).written_parts()


def section_line_slots(lines: int, constraints: Constraints) -> Iterator[Slot]:
    """Yield the slots (places of lines) of one section of any length, without a kind."""
    part = SectionPlan(lines=LONGEST_SECTION)
    group = len(constraints.scheme)
    for start in range(0, lines, LONGEST_SECTION // group * group or LONGEST_SECTION):
        parts = (replace(part, lines=min(LONGEST_SECTION, lines - start)),)
        yield from (replace(slot, kind="") for slot in song_line_slots(parts, constraints))


@dataclass
class _SongPlan:
    """A song being written to a plan: the slots of its lines, and the lines written so far."""

    song: SongState
    slots: Sequence[Slot]
    proposer: Proposer | None = None
    written: list[GeneratedLine] = field(default_factory=list)

    def written_parts(self) -> Iterator[WrittenPart]:
        for number, slot in enumerate(self.slots):
            begins_section = number > 0 and slot.section != self.slots[number - 1].section
            if begins_section:
                self.song.begin_section(slot.kind)
            demand, ahead = self._demand_for_line(number), self.slots[number + 1 :]
            while self.proposer and slot.repeats is None and not self.proposer.can_propose_now(demand, ahead):
                yield WrittenPart("")
            choice = self._choose_line(demand)
            choice = replace(choice, candidate=self.song.with_logits(choice.candidate))
            line = self._drop_violations_of_pending_phrases(explain_line(demand, choice))
            self.song.add_line(choice.candidate)
            if number == len(self.slots) - 1:
                lacking = tuple(missing_phrase_violation(phrase, in_text=True) for phrase in self.song.to_use)
                line = replace(line, violations=line.violations + lacking)
            yield WrittenPart("\n" * begins_section + "".join(piece.text for piece in line.pieces), line)
            self.written.append(line)

    def _choose_line(self, demand: LineDemand) -> CheckedLine:
        if demand.slot.repeats is not None:
            repeated = self.written[demand.slot.repeats]
            return CheckedLine(self.song.as_candidate(repeated.text), by=repeated.by, quotation=repeated.quotation)
        proposed = self.proposer.propose(demand, 1) if self.proposer else []
        return (proposed or NetworkProposer().propose(demand, 1))[0]

    def _demand_for_line(self, number: int) -> LineDemand:
        """Return the demand on line `number`: its constraints after the lines of the song so far."""
        slot = self.slots[number]
        same = [
            line.text
            for line, other in zip(self.written, self.slots, strict=False)
            if slot.rhymes_with(other) and tokenise(line.text)
        ]
        answer = slot.constraints.rhyme_with or next(iter(same), "")
        group = sum(other.section == slot.section and other.letter == slot.letter for other in self.slots)
        # two lines are left for each phrase to use: from here, every line has to hold one
        due = len(self.slots) - number <= 2 * len(self.song.to_use)
        return LineDemand(self.song, slot, answer, group=group, insist=due)

    def _drop_violations_of_pending_phrases(self, line: GeneratedLine) -> GeneratedLine:
        """Return a line without violations for a missing phrase that a later line may still contain."""
        pending = [missing_phrase_violation(phrase) for phrase in self.song.to_use]
        return replace(line, violations=tuple(lack for lack in line.violations if lack not in pending))


def explain_line(demand: LineDemand, choice: CheckedLine) -> GeneratedLine:
    """Return a chosen line, not yet in the song, for display: with its probability, rhyme, syllables and copies."""
    song, slot, answer, text = demand.song, demand.slot, demand.answer, choice.text
    scanned = scan_line(text, song.index.pronunciations)
    return replace(
        _generated_line(song, choice, _written_tokens(song, choice.candidate), section=slot.section),
        kind=slot.kind,
        syllables=scanned.syllables.spoken,
        rhyme=slot.letter or None,
        rhyme_key=rhyme_key(scanned) or None,
        rhyme_kind=compare_rhyme(answer, text, song.index.pronunciations).kind if answer else None,
    )


def _generated_line(
    song: SongState, choice: CheckedLine, pieces: tuple[WrittenToken, ...], *, section: int
) -> GeneratedLine:
    """Return a chosen line for display. Its rhyme and syllables are left empty."""
    probabilities = np.maximum([piece.probability for piece in pieces], np.finfo(float).tiny)
    return GeneratedLine(
        text=choice.text,
        log_probability=float(np.log(probabilities).sum()),
        tokens=len(pieces),
        section=section,
        copies=() if choice.quotation else song.index.span_index.find_copies(tokenise(choice.text)),
        violations=choice.violations,
        by=choice.by,
        quotation=choice.quotation,
        pieces=pieces,
    )


def _written_tokens(song: SongState, candidate: Candidate) -> tuple[WrittenToken, ...]:
    """Return each token of a line with its probability under the model that draws, and the likeliest alternatives."""
    words, pieces = song.index.vocabulary.index2word, list[WrittenToken]()
    detokeniser, count = song.index.modelling_units.detokeniser(song.context.before), min(MAX_ALTERNATIVES, len(words))
    for logits, token in zip(song.with_logits(candidate).logits, candidate.tokens, strict=True):
        probability = softmax(np.asarray(logits, np.float64), axis=-1)
        best = np.argpartition(probability, -count)[-count:].tolist()
        likely = sorted(((float(probability[at]), -at) for at in best), reverse=True)
        alternatives = tuple((words[-at], round(p, 6)) for p, at in likely)
        pieces.append(WrittenToken(detokeniser.decode_token(words[token]), float(probability[token]), alternatives))
    return tuple(pieces)
