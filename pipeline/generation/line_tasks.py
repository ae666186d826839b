"""Lines for one place of a text: the next one, one between two others, a line said otherwise, a line with holes filled.

A revision keeps the words of a line as far as possible: a few words in a row make room for others, which is a template
with a hole. Proposals are ranked by what they lack, then by the words that changed, then by the model. In a line with
holes the words given stand as they are and in order, and each hole takes a few words of the model.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.generation.constraints import Constraints
from pipeline.generation.context import encode_seed, normalise_text, random_generator
from pipeline.generation.decoding import explain_line, section_line_slots
from pipeline.generation.demand import CheckedLine, LineDemand, Proposer, pick_dissimilar
from pipeline.generation.lyric import GeneratedLine, LyricSettings
from pipeline.generation.network_proposer import NetworkProposer
from pipeline.generation.own_line import (
    HOLE,
    Template,
    edit_distance,
    read_template,
    restore_spelling,
    words_to_revise,
)
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.last_words import Candidate
from pipeline.generation.search.line_search import find_candidates
from pipeline.generation.search.unfinished_line import FREE_SYLLABLE_RANGE
from pipeline.generation.song import SongState
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE


def next_line_demand(
    index: ConstraintIndex, text: str, settings: LyricSettings, random_seed: int, answer: str | None
) -> LineDemand:
    """Return the demand on the line after a text; `answer` is the line to rhyme with, None to follow the scheme.

    It answers `answer` ("": none); for None, `rhyme_with` of the constraints, or the line of the last section that the
    scheme says. An unfinished last line of `text` is to be finished. Raises SettingError as `SongState.from_seed` does.
    """
    constraints = settings.constraints or Constraints()
    song = SongState.from_seed(index, text, settings, random_generator(random_seed))
    verse = _last_section(text)
    plan = list(section_line_slots(len(verse) + max(1, len(constraints.scheme)), constraints))
    slot = plan[len(verse)]
    if answer is None:
        same = [line for line, other in zip(verse, plan, strict=False) if slot.letter and other.letter == slot.letter]
        answer = constraints.rhyme_with or (same[0] if same else "")
    group = 1 if answer else sum(other.letter == slot.letter for other in plan)
    return LineDemand(song, slot, answer, group=group)


def _last_section(text: str) -> list[str]:
    """Return the finished lines of a text after its last empty line."""
    lines = normalise_text(text).split("\n")[:-1]
    last = max((i for i, line in enumerate(lines) if not line.strip()), default=-1)
    return lines[last + 1 :]


def propose_lines(
    index: ConstraintIndex,
    text: str,
    settings: LyricSettings,
    random_seed: int = 0,
    *,
    count: int = 5,
    answer: str | None = None,
    proposer: Proposer | None = None,
) -> list[GeneratedLine]:
    """Return `count` dissimilar lines that may follow a text, those that meet all constraints first.

    `answer` and errors are those of `next_line_demand`.
    """
    demand = next_line_demand(index, text, settings, random_seed, answer)
    choices = (proposer or NetworkProposer()).propose(demand, count)
    return [explain_line(demand, choice) for choice in choices]


def line_between(
    index: ConstraintIndex,
    text: str,
    next_line: str,
    settings: LyricSettings,
    random_seed: int = 0,
    *,
    count: int = 5,
    answer: str | None = None,
) -> list[GeneratedLine]:
    """Return `count` lines that continue `text` and lead to `next_line`, those that meet all constraints first.

    Of twice as many lines as are wanted, those are taken after which the model finds `next_line` likeliest.
    """
    demand = next_line_demand(index, text, settings, random_seed, answer)
    choices = NetworkProposer().propose(demand, 2 * count)
    rows, _ = demand.song.context.rows(len(choices)).feed_sequences([choice.candidate.tokens for choice in choices])
    ids = (*encode_seed(next_line, index.vocabulary).ids.tolist(), LINE)
    likely = rows.feed_sequences([ids] * len(choices))[1].tolist()
    order = sorted(range(len(choices)), key=lambda at: (len(choices[at].violations), -likely[at]))
    return [explain_line(demand, choices[at]) for at in order[:count]]


MAX_CHECKED_LINES = 100  # lines that are looked at for what they lack
ROWS_OF_ONE_TEMPLATE = 96  # drawn where one line is filled
ROWS_OF_A_REVISION = 4  # drawn for each place where words may make room
MAX_SAME_REPLACEMENTS = 2  # proposals that replace the same words
MOST_EDITS = 4  # words of a line that a revision changes
SYLLABLE_TOLERANCE = 1  # syllables by which a revision may change a line when none are asked for


def revise_line(
    index: ConstraintIndex,
    text: str,
    line: str,
    settings: LyricSettings,
    random_seed: int = 0,
    *,
    count: int = 5,
    answer: str | None = None,
) -> list[GeneratedLine]:
    """Return up to `count` revisions of a line that follows `text`, each with the constraints that it violates.

    Without a number of syllables it keeps its own, give or take one. `answer` and errors are as in `next_line_demand`;
    raises SettingError for a line without words, too.
    """
    own = words_to_revise(line)
    index.pronunciations.transcribe_missing(own)
    demand = next_line_demand(index, text, settings, random_seed, answer)
    spoken = index.spoken_syllables(line)
    syllables = max(1, spoken - SYLLABLE_TOLERANCE), spoken + SYLLABLE_TOLERANCE
    templates = list(revision_templates(own, demand.line_constraints.avoid))
    ends = {own[-1], *(word.text for word in index.endings.words)}

    def edit_count(revision: Candidate) -> int:
        return edit_distance(own, tokenise(revision.text))

    revisions = _fill_templates(demand, templates, syllables, ROWS_OF_A_REVISION) if templates else []
    near = [each for each in revisions if 0 < edit_count(each) <= MOST_EDITS and tokenise(each.text)[-1] in ends]
    near.sort(key=lambda each: (edit_count(each), -_mean_log_p(each)))

    def both_replace_same_words(one: str, other: str) -> bool:
        return set(own).difference(tokenise(one)) == set(own).difference(tokenise(other))

    choices = _lines_and_violations(demand, line, near)
    chosen = pick_dissimilar(choices, count, both_replace_same_words, MAX_SAME_REPLACEMENTS)
    return [explain_line(demand, choice) for choice in chosen]


def revision_templates(words: Sequence[str], avoid: frozenset[str]) -> Iterator[Template]:
    """Yield templates in which a hole replaces up to `MOST_EDITS` adjacent words, including every word in `avoid`.

    >>> list(revision_templates(("la", "nuit"), frozenset(["nuit"])))
    [('la', None)]
    """
    for start in range(len(words)):
        for stop in range(start, min(start + MOST_EDITS, len(words)) + 1):
            kept = (*words[:start], *words[stop:])
            if kept and avoid.isdisjoint(kept):
                yield (*words[:start], None, *words[stop:])


def fill_gaps(
    index: ConstraintIndex,
    text: str,
    template: str,
    settings: LyricSettings,
    random_seed: int = 0,
    *,
    count: int = 5,
    answer: str | None = None,
) -> list[GeneratedLine]:
    """Return up to `count` lines that follow `text` and fill a template, each with the constraints that it violates.

    `answer` and errors are those of `next_line_demand` and `read_template`.
    """
    items = read_template(template)
    given = [item for item in items if item]
    index.pronunciations.transcribe_missing(given)
    demand = next_line_demand(index, text, settings, random_seed, answer)
    fixed_syllables = sum(index.pronunciations[item].syllables for item in given)
    syllables = FREE_SYLLABLE_RANGE[0], max(FREE_SYLLABLE_RANGE[1], fixed_syllables + 3 * items.count(None))
    filled = sorted(_fill_templates(demand, [items], syllables, ROWS_OF_ONE_TEMPLATE), key=_mean_log_p, reverse=True)

    def have_similar_fills(one: str, other: str) -> bool:
        first, second = (set(tokenise(each)).difference(given) for each in (one, other))
        return 2 * len(first & second) >= len(first | second)

    choices = pick_dissimilar(_lines_and_violations(demand, HOLE.sub(" ", template), filled), count, have_similar_fills)
    return [explain_line(demand, choice) for choice in choices]


def _fill_templates(
    demand: LineDemand, templates: Sequence[Template], syllables: tuple[int, int], rows_each: int
) -> list[Candidate]:
    """Return lines that fill the templates; `syllables` is the range if the demand has none. Pairs of words that the
    corpus avoids may occur only if a template contains them."""
    syllables = demand.slot.constraints.syllable_range or syllables
    constraints, context = replace(demand.line_constraints, syllables=syllables, include=()), demand.song.context
    searches = [demand.song.line_search(constraints, context.with_faster_model(), each) for each in templates]
    allowed = {pair for template in templates for pair in pairwise(template)}
    avoided = demand.song.index.avoided_word_pairs - allowed
    return [line for line in find_candidates(searches, rows_each) if avoided.isdisjoint(pairwise(tokenise(line.text)))]


def _mean_log_p(line: Candidate) -> float:
    """Return the mean log-probability of a line under the model, in nats a token."""
    return sum(line.log_p) / max(1, len(line.log_p))


def _lines_and_violations(demand: LineDemand, own: str, lines: Sequence[Candidate]) -> Iterable[CheckedLine]:
    """Return the distinct lines with their violations. Words of the visitor's line `own` keep its spelling."""
    choices = dict[str, CheckedLine]()
    for line in lines[:MAX_CHECKED_LINES]:
        text = restore_spelling(own, tokenise(line.text))
        choices.setdefault(text, CheckedLine(replace(line, text=text), demand.violations(text)))
    return choices.values()
