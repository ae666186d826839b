"""The lines that a trained run writes: found by search in its own probabilities, checked, and drawn by their score.

A line has a budget of batches (`Policy.search_rows`); then rhyme and length are let go, one after the other, so that
there always is a line and never an endless search.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.constraints import Violation
from pipeline.generation.context import ContextBatch
from pipeline.generation.demand import Choice, LineDemand, Proposer, are_similar, gumbel_order
from pipeline.generation.sampling import MAX_TEMPERATURE
from pipeline.generation.search.line_search import Candidate, LineConstraints, LineSearch, find_candidates
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE
from pipeline.language_models.control_tokens import END_WORD, end_word_tokens

ANY_SYLLABLE_RANGE = (1, 40)  # syllables, when nothing else was found
OPENING_WARMTH = 1.5  # times the temperature, for the first tokens of a line: it may begin as it likes
TOLD_WORDS = 4  # words that lines of one batch are told to end on
TOLD_TEMPERATURE = 0.7  # that they are drawn with
MOST_ANSWERS = 30  # words that answer another: more are no gain
MAX_SCORED_WORDS = 96  # of which the network says how likely they are
# The score of a line, in nats: how likely its body is to the model, times this, less what follows.
BODY_WEIGHT = 2.0
NEW_PAIR_COSTS = (4.0, 8.0)  # for a pair of words that the run never read, and besides where it is the last one
USED_WORD_COST = 4.0  # for a word of content that stands in a line shortly before
REPEATED_BEGINNING_COST = 1e6  # for beginning as a line shortly before does: it comes after all others


@dataclass(frozen=True)
class NetworkProposer(Proposer):
    """The run of the song as a proposer."""

    def propose(self, demand: LineDemand, count: int) -> list[Choice]:
        """Return `count` lines unlike each other, those that meet everything first; at least one."""
        met, poor = list[Choice](), list[Choice]()
        for constraints, rows in _rounds(demand):
            relaxed = constraints is not demand.constraints
            if len(met) == count or (relaxed and len(met) + len(poor) >= count):
                break
            candidates = _find_lines(demand, constraints, rows)
            for at in gumbel_order(score_lines(demand, candidates), demand.song.rng):
                candidate = candidates[at]
                if len(met) < count and not are_similar(candidate.text, (choice.text for choice in met)):
                    choice = demand.check(candidate)
                    is_poor = choice.violations or candidate.is_forced or demand.repeats_ending(candidate.text)
                    (poor if is_poor else met).append(choice)
        for choice in sorted(poor, key=lambda choice: _shortfall(demand, choice)):
            if len(met) < count and not are_similar(choice.text, (other.text for other in met)):
                met.append(choice)
        return met or [Choice(Candidate(demand.song.context.before, (LINE,)), (Violation("no-line"),))]


def _rounds(demand: LineDemand) -> Iterator[tuple[LineConstraints, int]]:
    """Yield what each batch of the budget has to meet and how many rows it has."""
    rounds = demand.song.index.policy.search_rows
    for rows in rounds:
        yield demand.constraints, rows
    words = demand.song.index.endings.words
    any_ending = tuple(i for i, word in enumerate(words) if word.text not in demand.constraints.avoid)
    endings = demand.constraints.endings if demand.end_word else any_ending
    relaxed = replace(demand.constraints, endings=endings, endings_after={})
    yield relaxed, rounds[0]
    yield replace(relaxed, syllables=ANY_SYLLABLE_RANGE), rounds[0]


def _find_lines(demand: LineDemand, constraints: LineConstraints, rows: int) -> list[Candidate]:
    """Return lines of so many rows; where the network was taught to hear it, each is told the word that ends it."""
    search, vocabulary = line_search(demand, constraints), demand.song.index.vocabulary
    if END_WORD not in vocabulary or demand.song.context.before or not constraints.endings:
        return find_candidates([search], rows)[0]
    words = draw_end_words(search, TOLD_WORDS, _log_answers(demand, constraints.endings))
    searches = [_told_search(search, ending, log_p) for ending, log_p in words]
    return [line for lines in find_candidates(searches, max(1, rows // len(searches))) for line in lines]


def _told_search(search: LineSearch, ending: int, log_p: float) -> LineSearch:
    """Return the search for a line that ends on a word, which the model has been told and expects at `log_p`."""
    index = search.index
    word = index.endings.words[ending].text
    told = tuple(end_word_tokens(index.units.phrase((word,)), index.vocabulary).tolist())
    return replace(
        search,
        context=search.context.after(told),
        constraints=replace(search.constraints, endings=(ending,), endings_after={}),
        told=told,
        told_log_p=log_p,
        told_word=word,
    )


def _log_answers(demand: LineDemand, endings: Sequence[int]) -> Any:
    """Return ln of how many words can answer each ending `(n,)`, where others are to rhyme with the line; else 0."""
    if demand.answer or not demand.slot.letter or demand.group < 2:
        return np.zeros(len(endings))
    index, richness = demand.song.index.endings, demand.slot.constraints.richness
    answers = [len(index.rhyming_indices(index.words[at].phones, richness)) for at in endings]
    return np.log(np.clip(answers, 1, MOST_ANSWERS))


def draw_end_words(search: LineSearch, count: int, gains: Any) -> list[tuple[int, float]]:
    """Return at most `count` of the endings that a line may have, drawn without replacement by how likely the network
    finds them after the lines before, and by their `gains` `(n,)` in nats; each with its log-probability there.
    """
    index, endings = search.index, search.constraints.endings
    tokens = [index.ending_tokens[at][:-1] for at in endings]
    asked = search.context.after((index.vocabulary.word2index[END_WORD],))
    first = asked.logits - log_sum_exp(asked.logits)
    likely = gumbel_order(np.array([first[word[0]] for word in tokens]) + gains, search.rng)[:MAX_SCORED_WORDS]
    rows = ContextBatch.from_context(asked).select([0] * len(likely))
    log_p = np.array([each.sum() for each in rows.token_log_probabilities([tokens[at] for at in likely])])
    worth = search.bonus.worth if search.bonus else {}  # of words of the theme
    scores = log_p + gains[likely] + [worth.get(index.endings.words[endings[at]].text, 0.0) for at in likely]
    drawn = gumbel_order(scores / TOLD_TEMPERATURE, search.rng)[:count]
    return [(endings[likely[at]], float(log_p[at])) for at in drawn]


def line_search(demand: LineDemand, constraints: LineConstraints) -> LineSearch:
    """Return the search for a line that meets these constraints there."""
    song, sampling = demand.song, demand.song.settings.sampling
    warmer = replace(sampling, temperature=min(OPENING_WARMTH * sampling.temperature, MAX_TEMPERATURE))
    return LineSearch(
        index=song.index,
        context=song.context.with_draft_model(),
        constraints=constraints,
        sampler=sampling.make_sampler(),
        first_sampler=warmer.make_sampler(),
        repeated=song.repeated,
        rng=song.rng,
        bonus=song.bonus(),
    )


def score_lines(demand: LineDemand, candidates: Sequence[Candidate]) -> Any:
    """Return the score of each line `(n,)`, in nats."""
    texts = [line.text for line in candidates]
    words = [tokenise(text) for text in texts]
    body = np.array([line.expectedness for line in candidates])
    new_pairs = demand.song.index.pairs.count_new(texts) @ np.array(NEW_PAIR_COSTS)
    used = np.array([len(demand.recent_words.intersection(line)) for line in words])
    repeated = np.array([tuple(line[:2]) in demand.recent_beginnings for line in words])
    return BODY_WEIGHT * (body - new_pairs) - USED_WORD_COST * used - REPEATED_BEGINNING_COST * repeated


def _shortfall(demand: LineDemand, choice: Choice) -> tuple[bool, int, bool, float]:
    """How far a line is from what is asked: what is copied comes last, whatever else it has."""
    copied = demand.song.index.spans.longest_length(tokenise(choice.text)) > demand.slot.constraints.longest_copy
    return copied, len(choice.violations), choice.candidate.is_forced, -choice.candidate.weight
