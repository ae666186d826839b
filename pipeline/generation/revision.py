"""Lines beside a writer's own: revised to a demand, with holes filled ("je … la nuit … béton"), or leading to the next.

A revision keeps the words of a line as far as possible: a few words in a row make room for others, which is a template
with a hole. Proposals are ranked by what they lack, then by the words that changed, then by the model. In a line with
holes the words given stand as they are and in order, and each hole takes a few words of the model.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
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
from pipeline.generation.search.line_search import FREE_SYLLABLE_RANGE, find_candidates
from pipeline.generation.search.template_search import FilledLine, fill_templates
from pipeline.generation.song import SongState
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE

MAX_CHECKED_LINES = 100  # lines that are looked at for what they lack
ROWS_OF_ONE_TEMPLATE = 96  # drawn where one line is filled


def _begin_demand(
    index: ConstraintIndex, text: str, settings: WriteSettings, random_seed: int, answer: str | None
) -> LineDemand:
    """Return what the line that follows a text is asked for: to rhyme with `answer`, or with `rhyme_with`."""
    constraints = settings.constraints or Constraints()
    answer = constraints.rhyme_with if answer is None else answer
    song = SongState.from_seed(index, text, settings, random_generator(random_seed))
    return LineDemand(song, Slot(0, "", "A" if answer else "", constraints), answer)


def _fill(
    demand: LineDemand, templates: Sequence[Template], syllables: tuple[int, int], rows_each: int
) -> list[FilledLine]:
    """Return the lines that fill templates, without those that pair words as nobody does and the template does not."""
    index = demand.song.index
    search = line_search(demand, replace(demand.constraints, syllables=syllables, include=()))
    given = {pair for template in templates for pair in pairwise(template)}
    return [
        line
        for line in fill_templates(search, templates, rows_each)
        if index.avoided.isdisjoint(set(pairwise(line.words)) - given)
    ]


def _choice(demand: LineDemand, own: str, line: FilledLine) -> Choice:
    """Return a line in the visitor's spelling, with what it lacks."""
    text = in_the_spelling_of(own, line.words)
    return Choice(replace(line.candidate, text=text), demand.violations(text))


MOST_EDITS = 4  # words
MAX_SAME_REPLACEMENTS = 2  # proposals that replace the same words
SYLLABLE_TOLERANCE = 1  # syllables by which a line may change when none are asked for
ROWS_OF_A_REVISION = 4  # drawn for each place where words may make room


def revision_templates(words: Sequence[str], avoid: frozenset[str]) -> Iterator[Template]:
    """Yield a line with up to `MOST_EDITS` words in a row left out for others, at each place that leaves none to avoid.

    >>> list(revision_templates(("la", "nuit"), frozenset(["nuit"])))
    [('la', None)]
    """
    for start in range(len(words)):
        for stop in range(start, min(start + MOST_EDITS, len(words)) + 1):
            kept = (*words[:start], *words[stop:])
            if kept and avoid.isdisjoint(kept):
                yield (*words[:start], None, *words[stop:])


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
    lines = sorted(_revisions(demand, own), key=lambda each: (edit_distance(own, each.words), -_mean(each)))
    choices = (_choice(demand, line, each) for each in lines[:MAX_CHECKED_LINES])
    return [generated_line_from_choice(demand, choice) for choice in _fewest_changes(own, choices, count)]


def _revisions(demand: LineDemand, user_words: Sequence[str]) -> list[FilledLine]:
    """Return other lines than the own one, without those that end on a word that ends no line."""
    index = demand.song.index
    spoken = scan_line(" ".join(user_words), index.pronunciations).syllables.spoken
    syllables = demand.slot.constraints.syllable_range or (
        max(1, spoken - SYLLABLE_TOLERANCE),
        spoken + SYLLABLE_TOLERANCE,
    )
    templates = list(revision_templates(user_words, demand.constraints.avoid))
    ends = {user_words[-1], *(word.text for word in index.endings.words)}
    lines = _fill(demand, templates, syllables, ROWS_OF_A_REVISION) if templates else []
    near = [line for line in lines if 0 < edit_distance(user_words, line.words) <= MOST_EDITS]
    return [line for line in near if line.words[-1] in ends]


def _mean(line: FilledLine) -> float:
    """Return how likely a line is to the model, in nats a token."""
    return sum(line.candidate.log_p) / max(1, len(line.candidate.log_p))


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
    ranked = sorted(_fillings(demand, items), key=lambda each: -_mean(each))[:MAX_CHECKED_LINES]
    choices = [_choice(demand, HOLE.sub(" ", template), each) for each in ranked]
    choices.sort(key=lambda choice: len(choice.violations))
    return [
        generated_line_from_choice(demand, each)
        for each in _select_diverse(choices, {item for item in items if item}, count)
    ]


def _fillings(demand: LineDemand, items: Template) -> list[FilledLine]:
    sounds, syllable_range = demand.song.index.pronunciations, demand.slot.constraints.syllable_range
    fixed_syllables = sum(sounds[item].syllables for item in items if item)
    least, most = syllable_range or (
        FREE_SYLLABLE_RANGE[0],
        max(FREE_SYLLABLE_RANGE[1], fixed_syllables + 3 * items.count(None)),
    )
    return _fill(demand, [items], (least, most), ROWS_OF_ONE_TEMPLATE)


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
