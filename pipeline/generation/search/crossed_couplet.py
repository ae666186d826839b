"""The choice of a couplet of crossed lines: the one that is most likely to be understood of those that meet everything.

What the choice goes by was read off 174 of them, marked line by line (docs/decisions/writers.md): how well the network
expects a line, and what kind of joint it has.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from pipeline.analysis.words.word_classes import function_words
from pipeline.generation.context import ContextBatch
from pipeline.generation.line_bonus import line_gender, line_person, line_tense, pronoun_has_antecedent, pronouns_refer
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.crossover import Couplet
from pipeline.generation.search.joints import Kind, circumstance_of, is_whole_clause
from pipeline.generation.search.judge import judged_mark
from pipeline.generation.search.line_search import FREE_SYLLABLE_RANGE, LINE_OPENING_TOKENS, Candidate
from pipeline.generation.search.selection import Choice, LineSelection, SongState
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import UNK

MARKS_PER_NAT = 0.6  # marks that a nat of a token is worth, on average over a line
# Marks that a joint is worth: the clause after it has the subject that the other one had; it says where, with whom;
# any circumstance, which any action may have.
JOINTS: Mapping[Kind, float] = {"clause": 0.45, "place": 0.35, "circumstance": 0.8}
# marks of a judge, above which one line is as good as another: the few best would come again and again
MAX_JUDGED_MARK = 0.8
DRAW_WEIGHT_PER_MARK = 5.0  # in the exponent of a draw, for each mark of a couplet
THEME_NATS_PER_MARK = 3.0  # nats of a theme's strength that are worth a mark


class _Line(NamedTuple):
    """A line, its tokens, and the first of them that the network is asked about: it knows by heart how songs begin
    their lines, which says nothing of the circumstance that is lent to one.
    """

    text: str
    tokens: Any
    start: int


_ScoredCouplet = tuple[Couplet, list[_Line], Any]  # with ln p of its tokens
_SecondLineSelector = Callable[[SongState], LineSelection]


def select_crossed(first: LineSelection, following: _SecondLineSelector) -> list[Choice]:
    """Return two lines, none where nothing that is crossed meets everything, or the two are not to rhyme together.

    `following` makes the choice of the second line, as for `selection.select_pair`. Written after a verse, at least
    half of their words of content are not of the lines that they are after.
    """
    song, index = first.song, first.song.index
    second = following(replace(song, lines=[*song.lines, ""]))
    seed = song.context.before
    if not index.crossovers or first.answer or not first.rhymes_with(second) or (seed and not is_whole_clause(seed)):
        return []
    ranges = [each.slot.constraints.syllable_range or FREE_SYLLABLE_RANGE for each in (first, second)]
    theme = dict(song.settings.theme.words) if song.settings.theme else {}
    richness, count = first.slot.constraints.richness, index.policy.crossed[0]
    for source_rows, same_scene in ((song.source_rows, True), (song.source_rows, False), ((), False), ((), False)):
        couplets = index.crossovers.couplets(song.rng, richness, ranges, count, theme, seed, source_rows, same_scene)
        fitting = [each for each in couplets if _couplet_fits_song(each, first, second)]
        if choices := _draw_valid_couplet(first, following, _score_couplets(fitting, first, following)):
            return choices
    return []


def _couplet_fits_song(couplet: Couplet, first: LineSelection, second: LineSelection) -> bool:
    """Whether a couplet may stand here: it begins and ends as no line before it, and says more than its source."""
    assert first.song.index.crossovers is not None
    goes_on = first.song.index.crossovers.continuity.is_same_section(first.song.source_rows, couplet.rows[0])
    before = " ".join(first.song.lines[-MAX_SCENE_LINES:]) if goes_on else ""  # who has been named
    stale = not first.song.context.before and any(first.are_beginnings_repeated([couplet.first]))
    if (
        stale
        or any(second.are_beginnings_repeated([couplet.second]))
        or not pronoun_has_antecedent(f"{before} {couplet.first}", couplet.second)
        or first.repeats_ending(couplet.first)
    ):
        return False
    if not pronouns_refer(f"{before} {couplet.first} {couplet.second}"):
        return False
    if not _keep_one_time(couplet[:2], TIMES_OF_DAY) or not _keep_one_time((*first.song.lines, *couplet[:2]), SEASONS):
        return False
    if any(tokenise(line)[-1] in first.last_words for line in couplet[:2]):
        return False
    return not first.song.settings.after_verse or bool(_source_lines(couplet, first.song.index))


SEASONS = (
    "avril mai printemps",
    "août canicule chaleur été juillet",
    "automne novembre octobre septembre",
    "décembre février froid gel glacé glacée hiver janvier neige",
)
TIMES_OF_DAY = (
    "lune minuit nuit nuits obscurité",
    "aube matin matinée matins",
    "après-midi midi",
    "soir soirée soirs",
    "jours journée",
)


def _keep_one_time(lines: Iterable[str], times: tuple[str, ...]) -> bool:
    """Whether lines name one of some times at most."""
    return len({number for line in lines for number in _named_times(line, times)}) < 2


@lru_cache(1 << 12)  # lines of a song are asked about with each couplet
def _named_times(line: str, times: tuple[str, ...]) -> frozenset[int]:
    """Return which of some times a line names, by number."""
    words = set(tokenise(line))
    return frozenset(number for number, names in enumerate(times) if not words.isdisjoint(names.split()))


def _source_lines(couplet: Couplet, index: ConstraintIndex) -> tuple[str, ...]:
    """Return the two lines of the corpus that a couplet is written after: those of which it has the most words of
    content, half of its own at most; none where it has more of each.
    """
    assert index.crossovers is not None
    content = {word for line in couplet[:2] for word in tokenise(line)} - function_words()
    shared = dict[tuple[str, ...], int]()
    for rows in (couplet.rows[:2], couplet.rows[2:]):
        if len(set(index.crossovers.sections[list(rows)])) > 1:
            continue
        lines = tuple(index.crossovers.texts[row] for row in rows)
        shared[lines] = len(content.intersection(word for line in lines for word in tokenise(line)))
    return max((lines for lines in shared if 2 * shared[lines] <= len(content)), key=shared.__getitem__, default=())


def _score_couplets(
    couplets: Sequence[Couplet], first: LineSelection, following: _SecondLineSelector
) -> list[_ScoredCouplet]:
    """Return the couplets that are expected most, by the n-gram and then by their first line, of those that meet
    everything, with ln p of their tokens after the song so far.
    """
    index, draft_rows = first.song.index, ContextBatch.from_context(first.song.context.with_draft_model())
    judged, *counts = index.policy.crossed[1:]
    bonuses = {id(each): _couplet_marks(each, first.song) for each in couplets}
    couplets = sorted(couplets, key=lambda each: -bonuses[id(each)])[:judged]
    if not (options := _usable(couplets, index, first.song.context.before)):
        return []
    rough = index.model.first_pass_model().score(
        [np.concatenate([line.tokens for line in lines]) for _, lines in options]
    )
    options = _best_of(options, [log_p.mean() for log_p in rough], bonuses, len(options))
    options = list(islice((each for each in options if _meets_everything(each[0], first, following)), counts[0]))
    if not options:
        return []
    traced = _token_log_probabilities(draft_rows, [lines[:1] for _, lines in options])
    expected = [log_p[lines[0].start :].mean() for log_p, (_, lines) in zip(traced, options, strict=True)]
    options = _best_of(options, expected, bonuses, counts[1])
    traced = _token_log_probabilities(draft_rows, [lines for _, lines in options])
    return [(couplet, lines, log_p) for (couplet, lines), log_p in zip(options, traced, strict=True)]


def _meets_everything(couplet: Couplet, first: LineSelection, following: _SecondLineSelector) -> bool:
    """Whether neither line of a couplet lacks anything: what neighbours change of its syllables is counted here."""
    if first.violations(couplet.first):
        return False
    return not following(replace(first.song, lines=[*first.song.lines, couplet.first])).violations(couplet.second)


def _usable(couplets: Sequence[Couplet], index: ConstraintIndex, seed: str) -> list[tuple[Couplet, list[_Line]]]:
    """Return the couplets with their tokens after the seed, those that the vocabulary can write."""

    def encode(line: str) -> Any:
        return index.units.encode(line + "\n", index.vocabulary)

    assert index.crossovers is not None
    usable = []
    for couplet in couplets:
        lines = list[_Line]()
        for text, row, place in zip(couplet[:2], couplet.rows[2:], couplet.places[2:], strict=True):
            own = text.removeprefix("" if lines else seed).lstrip()
            cut = index.crossovers.cut(row, place) if index.crossovers.has_lent_circumstances else None
            start = len(encode(own.removesuffix(cut.after).rstrip())) - 1 if cut else LINE_OPENING_TOKENS
            lines.append(_Line(text, encode(own), start))
        if not any(UNK in line.tokens for line in lines):
            usable.append((couplet, lines))
    return usable


def _best_of(
    options: Sequence[tuple[Couplet, list[_Line]]], expected: Sequence[float], bonuses: Mapping[int, float], count: int
) -> list[tuple[Couplet, list[_Line]]]:
    gains = [nats + bonuses[id(couplet)] for nats, (couplet, _) in zip(expected, options, strict=True)]
    return [options[at] for at in np.argsort(-np.array(gains), kind="stable")[:count]]


def _token_log_probabilities(draft_rows: ContextBatch, options: Sequence[Sequence[_Line]]) -> list[Any]:
    sequences = [np.concatenate([line.tokens for line in lines]).tolist() for lines in options]
    return draft_rows.select([0] * len(options)).token_log_probabilities(sequences)


def _couplet_marks(couplet: Couplet, song: SongState) -> float:
    """Return what a couplet is worth beside what the network expects, in marks."""
    return _suitability(couplet, song) + _joint_marks(couplet, song.index) - _scene_cost(couplet, song)


def _suitability(couplet: Couplet, song: SongState) -> float:
    """Return how much a couplet suits what a song is about, and how who speaks in it has spoken so far, in marks."""
    words, used = set(tokenise(f"{couplet.first} {couplet.second}")), {w for line in song.lines for w in tokenise(line)}
    theme = song.settings.theme
    about = (
        sum(w * theme.strength for word, w in theme.words if word in words - used) / THEME_NATS_PER_MARK
        if theme
        else 0.0
    )
    if not song.settings.keep_person:
        return about
    section, departs = song.lines[song.before_section :], 0
    for kind in (line_person, line_gender, line_tense):
        usual = Counter(filter(None, map(kind, section))).most_common(1)
        departs += any(shown not in (None, usual[0][0]) for shown in map(kind, couplet[:2])) if usual else 0
    return about - departs


MAX_SCENE_LINES = 6  # of a stanza, before the last couplet
ODD_END_COST, HABIT_COST = 0.4, 0.4  # marks


def _scene_cost(couplet: Couplet, song: SongState) -> float:
    """Return the marks that a couplet loses for ends that go oddly with most acts and, where a scene goes on, for those
    that tell of each time.
    """
    assert song.index.crossovers is not None
    cost = 0.0
    for row, place in zip(couplet.rows[2:], couplet.places[2:], strict=True):
        if cut := song.index.crossovers.cut(row, place):
            words = tokenise(cut.after)
            cost += ODD_END_COST * (circumstance_of(words).grade < 2)
            cost += HABIT_COST * (cut.end.is_habit and bool(song.source_rows))
    return cost


def _draw_valid_couplet(
    first: LineSelection, following: _SecondLineSelector, read: Sequence[_ScoredCouplet]
) -> list[Choice]:
    """Return the lines of a couplet that is drawn from those that were read."""
    song, options, keys = first.song, list[list[tuple[LineSelection, Candidate]]](), list[float]()
    for couplet, lines, log_p in read:
        parts = np.split(log_p, [len(lines[0].tokens)])
        selections = [first, following(replace(song, lines=[*song.lines, couplet.first]))]
        candidates = [
            Candidate(line.text, tuple(line.tokens.tolist()), log_p=tuple(part.tolist()))
            for line, part in zip(lines, parts, strict=True)
        ]
        options.append(list(zip(selections, candidates, strict=True)))
        mark = MARKS_PER_NAT * _mean_log_p(parts, lines) + _couplet_marks(couplet, song)
        cost = sum(selection.repetition_cost([line])[0] for selection, line in options[-1])
        keys.append(DRAW_WEIGHT_PER_MARK * mark - float(cost) + float(song.rng.gumbel()))
    for at in np.argsort(-np.array(keys), kind="stable"):
        sources = _source_lines(read[at][0], song.index) if song.settings.after_verse else ("", "")
        checked = [selection.check(line) for selection, line in options[at]]
        rows = [None if line == 0 and song.context.before else read[at][0].rows[line] for line in (0, 1)]
        choices = [
            replace(choice, after=source, source_row=row)
            for choice, source, row in zip(checked, sources, rows, strict=True)
        ]
        repeats = any(selection.repeats_ending(line.text) for selection, line in options[at])
        if not repeats and not any(choice.violations for choice in choices):
            return choices
    return []


def _mean_log_p(traced: Sequence[Any], lines: Sequence[_Line]) -> float:
    """Return the mean ln p of a token of each line, from the first that counts on, added up."""
    return sum(float(log_p[line.start :].mean()) for log_p, line in zip(traced, lines, strict=True))


def _joint_marks(couplet: Couplet, index: ConstraintIndex) -> float:
    """Return what the joints of a couplet are worth, and how well its circumstances suit what is done."""
    assert index.crossovers is not None
    places, marks = list(zip(couplet.rows, couplet.places, strict=True)), 0.0
    for line, beginning, end in zip(couplet[:2], places[:2], places[2:], strict=True):
        joint = index.crossovers.joint(*end)
        if joint[0] == "circumstance" or joint == index.crossovers.joint(*beginning):
            marks += JOINTS[joint[0]]
        if joint[0] == "circumstance" and (cut := index.crossovers.cut(*end)):
            marks += min(judged_mark(line[: -len(cut.after)], cut.after), MAX_JUDGED_MARK)
    return marks
