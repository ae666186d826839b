"""Lines with holes, filled: "je … la nuit … béton"; and a line between two others.

The words given stand in the line as they are and in order; each hole takes one to `MOST_DRAWN` words of the model.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.generation.constrained_decoding import describe_choice
from pipeline.generation.constraints import Constraints
from pipeline.generation.context import Rows, random_generator, read_seed
from pipeline.generation.form import Slot
from pipeline.generation.lyric import GeneratedLine, WriteSettings
from pipeline.generation.revision.own_line import HOLE, Template, in_the_spelling_of, read_template
from pipeline.generation.search.candidates import find_candidates
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.line_lattice import CompletedLine, LineLattice, Move, PartLine
from pipeline.generation.search.line_search import FREE_LENGTH, Candidate
from pipeline.generation.search.selection import Choice, LineSelection, SongState, are_similar
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE

MOST_DRAWN = 5  # words in a hole
WIDTHS = {False: (48, 6), True: (32, 3)}  # partial lines and draws, of tokens that are words, or spell them
CHECKED = 100  # lines that are looked at for what they lack


@dataclass(frozen=True)
class GapMoves:
    """The moves through a template: its words are copied, its holes filled, within so many syllables."""

    items: Template
    most: int
    sounds: Pronunciations
    most_edits: int = 0
    most_rivals: int = 4

    def after(self, partial: PartLine) -> Iterator[Move]:
        at = partial.used
        following = self.items[at : at + 2]
        if following and following[0] is not None:
            yield Move(following[0], at + 1, 0)
        elif following:
            if partial.drawn < MOST_DRAWN:
                yield Move(None, at, 0)
            if partial.drawn and following[1:] and following[1] is not None:
                yield Move(following[1], at + 2, 0)

    def may_end(self, partial: PartLine) -> bool:
        return partial.used == len(self.items)

    def may_find_last(self, partial: PartLine) -> bool:
        return self.items[partial.used :] == (None,)

    def rivals(self, partial: PartLine) -> Hashable | None:
        so_far = sum(self.sounds[word].syllables for word in partial.words)
        to_come = sum(self.sounds[item].syllables for item in self.items[partial.used :] if item)
        return None if so_far + to_come > self.most + 1 else (partial.used, min(partial.drawn, 1), so_far)


def fill_gaps(
    index: ConstraintIndex,
    text: str,
    template: str,
    settings: WriteSettings,
    random_seed: int = 0,
    *,
    count: int = 5,
    answer: str | None = None,
) -> list[GeneratedLine]:
    """Return `count` lines that follow `text` and fill a template, or fewer; each says what it lacks.

    They rhyme with `answer`, or with `rhyme_with` of the constraints. Raises SettingError as `read_template` does.
    """
    items = read_template(template)
    constraints = settings.constraints or Constraints()
    answer = constraints.rhyme_with if answer is None else answer
    index.pronunciations.learn([item for item in items if item])
    song = SongState.begin(index, text, settings, random_generator(random_seed))
    selection = LineSelection(song, Slot(0, "", "A" if answer else "", constraints), answer)
    ranked = sorted(_find_fillings(selection, items), key=lambda each: -each.weight / len(each.tokens))[:CHECKED]
    choices = [_choice(selection, HOLE.sub(" ", template), each) for each in ranked]
    choices.sort(key=lambda choice: len(choice.violations))
    diverse = _unlike(choices, {item for item in items if item}, count)
    return [describe_choice(song, selection.slot, choice, answer) for choice in diverse]


def _find_fillings(selection: LineSelection, items: Template) -> list[CompletedLine]:
    index = selection.song.index
    given = sum(index.pronunciations[item].syllables for item in items if item)
    least, most = selection.slot.constraints.syllable_range or FREE_LENGTH
    most = most if selection.slot.constraints.syllable_range else max(most, given + 3 * items.count(None))
    search = selection.line_search(replace(selection.constraints, syllables=(least, most)))
    width, draws = WIDTHS[index.units.spells]
    lines = LineLattice(search, GapMoves(items, most, index.pronunciations), width, draws).find()
    slips = index.avoided - set(pairwise(item for item in items if item))
    return [line for line in lines if slips.isdisjoint(pairwise(line.words))]


def _choice(selection: LineSelection, own: str, line: CompletedLine) -> Choice:
    text = in_the_spelling_of(own, line.words)
    return Choice(Candidate(text, line.tokens, line.weight), selection.violations(text))


def _unlike(choices: Sequence[Choice], given: set[str], count: int) -> list[Choice]:
    """Return the first whose holes do not hold half of the words that those of an earlier one hold."""
    diverse, fills = list[Choice](), list[set[str]]()
    for choice in choices:
        fill = set(tokenise(choice.text)) - given
        if len(diverse) < count and all(2 * len(fill & other) < len(fill | other) for other in fills):
            diverse.append(choice)
            fills.append(fill)
    return diverse


def line_between(
    index: ConstraintIndex,
    text: str,
    following: str,
    settings: WriteSettings,
    random_seed: int = 0,
    *,
    count: int = 5,
    answer: str | None = None,
) -> list[GeneratedLine]:
    """Return `count` lines that go on from `text` and lead to the line `following`, those that meet everything first.

    Of twice as many lines as are wanted, found as next lines are, those are taken after which the model finds
    `following` likeliest.
    """
    constraints = settings.constraints or Constraints()
    answer = constraints.rhyme_with if answer is None else answer
    song = SongState.begin(index, text, settings, random_generator(random_seed))
    selection = LineSelection(song, Slot(0, "", "A" if answer else "", constraints), answer)
    choices = _next_lines(selection, 2 * count)
    if len(choices) < count:
        choices = selection.select(count)
    rows = Rows.of(song.context).select([0] * len(choices)).read([choice.candidate.tokens for choice in choices])[0]
    ids = (*read_seed(following, index.vocabulary).ids.tolist(), LINE)
    likely = rows.read([ids] * len(choices))[1].tolist()
    order = sorted(range(len(choices)), key=lambda at: (len(choices[at].violations), -likely[at]))
    return [describe_choice(song, selection.slot, choices[at], answer) for at in order[:count]]


def _next_lines(selection: LineSelection, count: int) -> list[Choice]:
    """Return lines of one batch that meet everything, unlike each other, the likeliest first."""
    rows = selection.song.index.policy.search_rows[1]
    candidates = find_candidates(selection.line_search(selection.constraints), rows)
    choices = list[Choice]()
    for candidate in sorted(candidates, key=lambda candidate: -candidate.weight)[:CHECKED]:
        if len(choices) < count and not are_similar(candidate.text, (choice.text for choice in choices)):
            lacks = selection.violations(candidate.text)
            choices += [] if lacks else [Choice(candidate)]
    return choices
