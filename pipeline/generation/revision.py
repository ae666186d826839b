"""Lines beside a writer's own: revised to a demand, with holes filled ("je … la nuit … béton"), or leading to the next.

A revision keeps the words of a line as far as possible; proposals are ranked by what they lack, then by the words that
changed, then by the model. In a line with holes the words given stand as they are and in order, and each hole takes one
to `MAX_WORDS_PER_HOLE` words of the model.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.generation.constrained_decoding import generated_line_from_choice
from pipeline.generation.constraints import Constraints
from pipeline.generation.context import ContextBatch, random_generator, read_seed
from pipeline.generation.demand import Choice, LineDemand, are_similar
from pipeline.generation.form import Slot
from pipeline.generation.lyric import GeneratedLine, WriteSettings
from pipeline.generation.network_proposer import NetworkProposer, line_search
from pipeline.generation.own_line import (
    HOLE,
    Template,
    edit_distance,
    in_the_spelling_of,
    read_template,
    words_to_revise,
)
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.line_lattice import CompletedLine, LineLattice, Move, Moves, PartLine
from pipeline.generation.search.line_search import FREE_SYLLABLE_RANGE, Candidate, find_candidates
from pipeline.generation.song import SongState
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE

LATTICE_SIZES = {False: (50, 6), True: (40, 3)}  # partial lines and draws, of tokens that are words, or spell them
MAX_CHECKED_LINES = 100  # lines that are looked at for what they lack


def _begin_demand(
    index: ConstraintIndex, text: str, settings: WriteSettings, random_seed: int, answer: str | None
) -> LineDemand:
    """Return what the line that follows a text is asked for: to rhyme with `answer`, or with `rhyme_with`."""
    constraints = settings.constraints or Constraints()
    answer = constraints.rhyme_with if answer is None else answer
    song = SongState.from_seed(index, text, settings, random_generator(random_seed))
    return LineDemand(song, Slot(0, "", "A" if answer else "", constraints), answer)


def _search_lines(
    demand: LineDemand, moves: Moves, syllables: tuple[int, int], own: Sequence[str | None]
) -> list[CompletedLine]:
    """Return the lines that moves lead to, without those that pair words as nobody does and the own line does not."""
    index = demand.song.index
    search = line_search(demand, replace(demand.constraints, syllables=syllables))
    lines = LineLattice(search, moves, *LATTICE_SIZES[index.units.spells]).complete_lines()
    slips = index.avoided - set(pairwise(word for word in own if word))
    return [line for line in lines if slips.isdisjoint(pairwise(line.words))]


def _choice(demand: LineDemand, own: str, line: CompletedLine) -> Choice:
    """Return a line in the visitor's spelling, with what it lacks."""
    text = in_the_spelling_of(own, line.words)
    return Choice(Candidate(text, line.tokens, line.weight), demand.violations(text))


MOST_EDITS = 4  # words
MAX_SAME_REPLACEMENTS = 2  # proposals that replace the same words
MAX_OMITTED_WORDS = 2  # words in a row
SYLLABLE_TOLERANCE = 1  # syllables by which a line may change when none are asked for


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

    def next_moves(self, partial: PartLine) -> Iterator[Move]:
        for skipped in range(MAX_OMITTED_WORDS + 1):
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
        return len(self.words) - partial.used <= MAX_OMITTED_WORDS

    def competition_key(self, partial: PartLine) -> Hashable | None:
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
    own = words_to_revise(line)
    index.pronunciations.transcribe_missing(own)
    demand = _begin_demand(index, text, settings, random_seed, answer)
    lines = sorted(_revisions(demand, own), key=lambda each: (edit_distance(own, each.words), -each.weight))
    choices = (_choice(demand, line, each) for each in lines[:MAX_CHECKED_LINES])
    return [generated_line_from_choice(demand, choice) for choice in _fewest_changes(own, choices, count)]


def _revisions(demand: LineDemand, user_words: Sequence[str]) -> list[CompletedLine]:
    """Return other lines than the own one, without those that end on a word that ends no line."""
    index = demand.song.index
    sounds = index.pronunciations
    measure = tuple(sounds[word].syllables for word in user_words)
    spoken = scan_line(" ".join(user_words), sounds).syllables.spoken
    least, most = demand.slot.constraints.syllable_range or (
        max(1, spoken - SYLLABLE_TOLERANCE),
        spoken + SYLLABLE_TOLERANCE,
    )
    room, avoid = (least - spoken, most - spoken), demand.constraints.avoid
    moves = Revisions(tuple(user_words), measure, room, avoid, sounds, last_stays=bool(demand.answer))
    ends = {user_words[-1], *(word.text for word in index.endings.words)}
    lines = _search_lines(demand, moves, (least, most), user_words)
    return [line for line in lines if list(line.words) != user_words and line.words[-1] in ends]


def _fewest_changes(user_words: Sequence[str], choices: Iterable[Choice], count: int) -> list[Choice]:
    """Return the first that lack nothing, else least; few that replace the same words."""
    met, violating, replaced = list[Choice](), list[Choice](), Counter[frozenset[str]]()
    for choice in {choice.text: choice for choice in choices}.values():
        gone = frozenset(user_words) - set(tokenise(choice.text))
        if not choice.violations and replaced[gone] < MAX_SAME_REPLACEMENTS:
            replaced[gone] += 1
            met.append(choice)
        elif choice.violations:
            violating.append(choice)
        if len(met) == count:
            break
    return (met + sorted(violating, key=lambda choice: len(choice.violations)))[:count]


MAX_WORDS_PER_HOLE = 5  # words in a hole


@dataclass(frozen=True)
class GapMoves:
    """The moves through a template: its words are copied, its holes filled, within so many syllables."""

    items: Template
    most: int
    sounds: Pronunciations
    most_edits: int = 0
    most_rivals: int = 4

    def next_moves(self, partial: PartLine) -> Iterator[Move]:
        at = partial.used
        following = self.items[at : at + 2]
        if following and following[0] is not None:
            yield Move(following[0], at + 1, 0)
        elif following:
            if partial.drawn < MAX_WORDS_PER_HOLE:
                yield Move(None, at, 0)
            if partial.drawn and following[1:] and following[1] is not None:
                yield Move(following[1], at + 2, 0)

    def may_end(self, partial: PartLine) -> bool:
        return partial.used == len(self.items)

    def may_find_last(self, partial: PartLine) -> bool:
        return self.items[partial.used :] == (None,)

    def competition_key(self, partial: PartLine) -> Hashable | None:
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
    index.pronunciations.transcribe_missing([item for item in items if item])
    demand = _begin_demand(index, text, settings, random_seed, answer)
    ranked = sorted(_fillings(demand, items), key=lambda each: -each.weight / len(each.tokens))[:MAX_CHECKED_LINES]
    choices = [_choice(demand, HOLE.sub(" ", template), each) for each in ranked]
    choices.sort(key=lambda choice: len(choice.violations))
    return [
        generated_line_from_choice(demand, each)
        for each in _select_diverse(choices, {item for item in items if item}, count)
    ]


def _fillings(demand: LineDemand, items: Template) -> list[CompletedLine]:
    sounds, syllable_range = demand.song.index.pronunciations, demand.slot.constraints.syllable_range
    fixed_syllables = sum(sounds[item].syllables for item in items if item)
    least, most = syllable_range or (
        FREE_SYLLABLE_RANGE[0],
        max(FREE_SYLLABLE_RANGE[1], fixed_syllables + 3 * items.count(None)),
    )
    return _search_lines(demand, GapMoves(items, most, sounds), (least, most), items)


def _select_diverse(choices: Sequence[Choice], fixed_words: set[str], count: int) -> list[Choice]:
    """Return the first whose holes do not hold half of the words that those of an earlier one hold."""
    diverse, fills = list[Choice](), list[set[str]]()
    for choice in choices:
        fill = set(tokenise(choice.text)) - fixed_words
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
    demand = _begin_demand(index, text, settings, random_seed, answer)
    song = demand.song
    choices = _next_lines(demand, 2 * count)
    if len(choices) < count:
        choices = NetworkProposer().propose(demand, count)
    rows = (
        ContextBatch.from_context(song.context)
        .select([0] * len(choices))
        .advance([choice.candidate.tokens for choice in choices])[0]
    )
    ids = (*read_seed(following, index.vocabulary).ids.tolist(), LINE)
    likely = rows.advance([ids] * len(choices))[1].tolist()
    order = sorted(range(len(choices)), key=lambda at: (len(choices[at].violations), -likely[at]))
    return [generated_line_from_choice(demand, choices[at]) for at in order[:count]]


def _next_lines(demand: LineDemand, count: int) -> list[Choice]:
    """Return lines of one batch that meet everything, unlike each other, the likeliest first."""
    rows = demand.song.index.policy.search_rows[1]
    (candidates,) = find_candidates([line_search(demand, demand.constraints)], rows)
    choices = list[Choice]()
    for candidate in sorted(candidates, key=lambda candidate: -candidate.weight)[:MAX_CHECKED_LINES]:
        if len(choices) < count and not are_similar(candidate.text, (choice.text for choice in choices)):
            lacks = demand.violations(candidate.text)
            choices += [] if lacks else [Choice(candidate)]
    return choices
