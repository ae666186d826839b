"""A line of the visitor's own, revised: its words kept as far as possible, a demand met.

Proposals are ranked by what they lack, then by the words that changed, then by the model.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.generation.constrained_decoding import describe_choice
from pipeline.generation.constraints import Constraints
from pipeline.generation.context import random_generator
from pipeline.generation.form import Slot
from pipeline.generation.lyric import GeneratedLine, WriteSettings
from pipeline.generation.revision.own_line import edit_distance, in_the_spelling_of, own_words
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.line_lattice import CompletedLine, LineLattice, Move, PartLine
from pipeline.generation.search.line_search import Candidate
from pipeline.generation.search.selection import Choice, LineSelection, SongState
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

MOST_EDITS = 4  # words
CHECKED = 80  # lines that are looked at for what they lack
ALIKE = 2  # proposals that replace the same words
LEFT_OUT = 2  # words in a row
NEAR = 1  # syllables by which a line may change when none are asked for
WIDTHS = {False: (50, 6), True: (40, 3)}  # partial lines and draws, of tokens that are words, or spell them


@dataclass(frozen=True)
class Revisions:
    """The moves of a revision: copy the next word of a line, replace it, put one in, leave some out.

    measure  the syllables of each word; room  by how many the line may get shorter and longer
    """

    words: tuple[str, ...]
    measure: tuple[int, ...]
    room: tuple[int, int]
    avoid: frozenset[str]
    sounds: Pronunciations
    last_stays: bool
    most_edits: int = MOST_EDITS
    most_rivals: int = 3

    def after(self, partial: PartLine) -> Iterator[Move]:
        for skipped in range(LEFT_OUT + 1):
            used, edits = partial.used + skipped, partial.edits + skipped
            if used < len(self.words) and edits <= self.most_edits and self.words[used] not in self.avoid:
                yield Move(self.words[used], used + 1, edits)
        if partial.edits < self.most_edits:
            yield Move(None, partial.used, partial.edits + 1)
            if partial.used < len(self.words):
                yield Move(None, partial.used + 1, partial.edits + 1)

    def may_end(self, partial: PartLine) -> bool:
        """Words at the end may be left out, but where the line has to end as it does."""
        left = len(self.words) - partial.used
        return 0 < partial.edits + left <= self.most_edits and (not left or not self.last_stays)

    def may_find_last(self, partial: PartLine) -> bool:
        return len(self.words) - partial.used <= LEFT_OUT

    def rivals(self, partial: PartLine) -> Hashable | None:
        grown = sum(self.sounds[word].syllables for word in partial.words) - sum(self.measure[: partial.used])
        if not min(0, self.room[0]) - 1 <= grown <= max(0, self.room[1]) + 1:
            return None
        return partial.used, partial.edits, grown


def revise_line(
    index: ConstraintIndex,
    text: str,
    line: str,
    settings: WriteSettings,
    random_seed: int = 0,
    *,
    count: int = 5,
    answer: str | None = None,
) -> list[GeneratedLine]:
    """Return `count` revisions of a line that follows `text`, or fewer; each says what it lacks of the constraints.

    It is to rhyme with `answer`, or with `rhyme_with` of the constraints. Without a number of syllables it keeps its
    own, give or take one. Raises SettingError for a line without words.
    """
    own = own_words(line)
    constraints = settings.constraints or Constraints()
    answer = constraints.rhyme_with if answer is None else answer
    index.pronunciations.learn(own)
    song = SongState.begin(index, text, settings, random_generator(random_seed))
    selection = LineSelection(song, Slot(0, "", "A" if answer else "", constraints), answer)
    candidates = sorted(_candidates(selection, own), key=lambda each: (edit_distance(own, each.words), -each.weight))
    choices = (_choice(selection, line, each) for each in candidates[:CHECKED])
    return [describe_choice(song, selection.slot, choice, answer) for choice in _best(own, choices, count)]


def _candidates(selection: LineSelection, own: Sequence[str]) -> list[CompletedLine]:
    """Return other lines than the own one, without those that pair or end words as nobody does."""
    song, constraints = selection.song, selection.slot.constraints
    sounds = song.index.pronunciations
    measure = [sounds[word].syllables for word in own]
    spoken = scan_line(" ".join(own), sounds).syllables.spoken
    least, most = constraints.syllable_range or (max(1, spoken - NEAR), spoken + NEAR)
    search = selection.line_search(replace(selection.constraints, syllables=(least, most)))
    room, avoid = (least - spoken, most - spoken), search.constraints.avoid
    moves = Revisions(tuple(own), tuple(measure), room, avoid, sounds, last_stays=bool(selection.answer))
    width, draws = WIDTHS[song.index.units.spells]
    lines = LineLattice(search, moves, width, draws).find()
    slips = song.index.avoided - set(pairwise(own))
    ends = {own[-1], *(word.text for word in song.index.endings.words)}
    return [
        each
        for each in lines
        if list(each.words) != own and each.words[-1] in ends and slips.isdisjoint(pairwise(each.words))
    ]


def _choice(selection: LineSelection, line: str, candidate: CompletedLine) -> Choice:
    """Return a line in the visitor's spelling, with what it lacks."""
    text = in_the_spelling_of(line, candidate.words)
    return Choice(Candidate(text, candidate.tokens, candidate.weight), selection.violations(text))


def _best(own: Sequence[str], choices: Iterable[Choice], count: int) -> list[Choice]:
    """Return the first that lack nothing, else least; few that replace the same words."""
    met, others, replaced = list[Choice](), list[Choice](), Counter[frozenset[str]]()
    for choice in {choice.text: choice for choice in choices}.values():
        gone = frozenset(own) - set(tokenise(choice.text))
        if not choice.violations and replaced[gone] < ALIKE:
            replaced[gone] += 1
            met.append(choice)
        elif choice.violations:
            others.append(choice)
        if len(met) == count:
            break
    return (met + sorted(others, key=lambda choice: len(choice.violations)))[:count]
