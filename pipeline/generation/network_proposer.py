"""The lines that a trained run writes: found by search in its own probabilities, checked, and drawn by their score.

A line has a budget of batches (`DecodingPolicy.search_rows`); then rhyme and length are let go, one after the other, so
that there always is a line and never an endless search.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.constraints import Violation
from pipeline.generation.demand import CheckedLine, LineDemand, Proposer, are_similar, gumbel_order
from pipeline.generation.search.last_words import Candidate
from pipeline.generation.search.line_search import draw_whole_lines, find_candidates
from pipeline.generation.search.unfinished_line import LineConstraints, LineSearch
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE
from pipeline.language_models.control_tokens import END_WORD, end_word_control_tokens

ANY_SYLLABLE_RANGE = (1, 40)  # syllables, when nothing else was found
MAX_END_WORDS = 4  # words that the lines of one batch end on
WHOLE_LINE_ROWS = 48  # rows of a batch of lines that the network ends by itself
MAX_BATCHES = 8  # of such lines, for one line
ENOUGH_LINES = 6  # that end as they should: one of them is drawn
END_WORD_TEMPERATURE = 0.7  # that they are drawn with
MOST_ANSWERS = 30  # words that answer another: more are no gain
MAX_SCORED_WORDS = 96  # of which the network says how likely they are
# The score of a line, in nats: how likely its body is to the model, times this, less what follows.
BODY_WEIGHT = 2.0
NEW_PAIR_COSTS = (4.0, 8.0)  # for a pair of words that the run never read, and besides where it is the last one
USED_WORD_COST = 4.0  # for a word of content that stands in a line shortly before
REPEATED_BEGINNING_COST = 1e6  # for beginning as a line shortly before does: it comes after all others


@dataclass(frozen=True)
class NetworkProposer(Proposer):
    """A proposer of lines that the trained run finds by search under constraints."""

    def propose(self, demand: LineDemand, count: int) -> list[CheckedLine]:
        """Return `count` dissimilar lines, those that meet all constraints first; at least one."""
        met, poor = list[CheckedLine](), list[CheckedLine]()
        for constraints, rows in _constraints_per_batch(demand):
            relaxed = constraints is not demand.line_constraints
            if len(met) == count or (relaxed and len(met) + len(poor) >= count):
                break
            candidates = _find_lines(demand, constraints, rows)
            for at in gumbel_order(score_lines(demand, candidates), demand.song.rng):
                candidate = candidates[at]
                if len(met) < count and not any(are_similar(candidate.text, choice.text) for choice in met):
                    choice = CheckedLine(candidate, demand.violations(candidate.text))
                    is_poor = choice.violations or candidate.has_unlikely_end or demand.repeats_ending(candidate.text)
                    (poor if is_poor else met).append(choice)
        for choice in sorted(poor, key=lambda choice: _violation_sort_key(demand, choice)):
            if len(met) < count and not any(are_similar(choice.text, other.text) for other in met):
                met.append(choice)
        return met or [CheckedLine(Candidate(demand.song.context.before, (LINE,)), (Violation("no-line"),))]


def _constraints_per_batch(demand: LineDemand) -> Iterator[tuple[LineConstraints, int]]:
    """Yield (constraints, number of rows) of each batch to search. The last two drop the rhyme, then the length."""
    rounds = demand.song.index.decoding_policy.search_rows
    for rows in rounds:
        yield demand.line_constraints, rows
    words = demand.song.index.endings.words
    any_ending = tuple(i for i, word in enumerate(words) if word.text not in demand.line_constraints.avoid)
    endings = demand.line_constraints.endings if demand.end_word else any_ending
    relaxed = replace(demand.line_constraints, endings=endings, endings_after={})
    yield relaxed, rounds[0]
    yield replace(relaxed, syllables=ANY_SYLLABLE_RANGE), rounds[0]


def _find_lines(demand: LineDemand, constraints: LineConstraints, rows: int) -> list[Candidate]:
    """Return the lines found by a search with this many rows.

    A network that was trained to read a line's last word before the line ends it by itself. Where first words are
    given, a phrase is to be in the line, or no line ends on its word at its syllables, the last word is searched for.
    """
    song = demand.song
    search = song.line_search(constraints, song.context.with_faster_model())
    if END_WORD not in song.index.vocabulary or song.context.before or not constraints.endings:
        return find_candidates([search], rows)
    words = draw_end_words(search, MAX_END_WORDS * MAX_BATCHES, _rhyme_count_logarithms(demand, constraints.endings))
    if not constraints.include and (lines := _draw_lines_ending_on(search, words)):
        return lines
    likeliest = words[:MAX_END_WORDS]
    return find_candidates(_searches_ending_on(search, likeliest), max(1, rows // len(likeliest)))


def _draw_lines_ending_on(search: LineSearch, words: Sequence[tuple[int, float]]) -> list[Candidate]:
    """Return lines that the network itself ends on one of these words. Each batch draws for `MAX_END_WORDS` words; it
    stops at `ENOUGH_LINES`, or at less than one line a batch."""
    lines = list[Candidate]()
    for batch in range(MAX_BATCHES):
        some = words[batch * MAX_END_WORDS :][:MAX_END_WORDS] or words[:MAX_END_WORDS]
        lines += draw_whole_lines(_searches_ending_on(search, some), WHOLE_LINE_ROWS // len(some))
        if len(lines) >= ENOUGH_LINES or len(lines) <= batch:
            break
    return lines


def _searches_ending_on(search: LineSearch, words: Sequence[tuple[int, float]]) -> list[LineSearch]:
    """Return one search for each word: for a line that ends on it, with a model told so by control tokens. Words are
    given as (index in `Endings`, log-probability)."""
    index, phrase_tokens = search.index, search.index.modelling_units.phrase_tokens
    texts = [index.endings.words[ending].text for ending, _ in words]
    tokens = [tuple(end_word_control_tokens(phrase_tokens((text,)), index.vocabulary).tolist()) for text in texts]
    read, _ = search.context.rows(len(words)).feed_sequences(tokens)
    return [
        replace(
            search,
            context=read.context_of_row(row),
            constraints=replace(search.constraints, endings=(ending,), endings_after={}),
            end_tokens=tokens[row],
            end_word_log_p=log_p,
            end_word=texts[row],
        )
        for row, (ending, log_p) in enumerate(words)
    ]


def _rhyme_count_logarithms(demand: LineDemand, endings: Sequence[int]) -> Any:
    """Return `(n,)`: ln of the number of words that rhyme with each ending; 0 if no later line has to rhyme."""
    if demand.answer or not demand.slot.letter or demand.group < 2:
        return np.zeros(len(endings))
    index, richness = demand.song.index.endings, demand.slot.constraints.richness
    answers = [len(index.rhyming_indices(index.words[at].phones, richness)) for at in endings]
    return np.log(np.clip(answers, 1, MOST_ANSWERS))


def draw_end_words(search: LineSearch, count: int, gains: Any) -> list[tuple[int, float]]:
    """Return at most `count` (ending, log-probability) for a line, drawn without replacement by their probability after
    the lines before, plus `gains` `(n,)` in nats."""
    index, endings = search.index, search.constraints.endings
    tokens = [index.ending_trie.tokens[at][:-1] for at in endings]
    asked = search.context.feed_tokens((index.vocabulary.word2index[END_WORD],))
    first = asked.logits - log_sum_exp(asked.logits)
    likely = gumbel_order(np.array([first[word[0]] for word in tokens]) + gains, search.rng)[:MAX_SCORED_WORDS]
    sequences = [tokens[at] for at in likely]
    log_p = np.array([each.sum() for each in asked.rows(len(likely)).token_log_probabilities(sequences)])
    worth = search.bonus.worth if search.bonus else {}  # of words of the theme
    scores = log_p + gains[likely] + [worth.get(index.endings.words[endings[at]].text, 0.0) for at in likely]
    drawn = gumbel_order(scores / END_WORD_TEMPERATURE, search.rng)[:count]
    return [(endings[likely[at]], float(log_p[at])) for at in drawn]


def score_lines(demand: LineDemand, candidates: Sequence[Candidate]) -> Any:
    """Return each candidate's score `(n,)`, in nats: log-probability less costs of new word pairs and repetition."""
    texts = [line.text for line in candidates]
    words = [tokenise(text) for text in texts]
    body = np.array([line.expectedness for line in candidates])
    new_pairs = demand.song.index.known_word_pairs.count_new_pairs(texts) @ np.array(NEW_PAIR_COSTS)
    used = np.array([len(demand.recent_words.intersection(line)) for line in words])
    repeated = np.array([tuple(line[:2]) in demand.recent_beginnings for line in words])
    return BODY_WEIGHT * (body - new_pairs) - USED_WORD_COST * used - REPEATED_BEGINNING_COST * repeated


def _violation_sort_key(demand: LineDemand, choice: CheckedLine) -> tuple[bool, int, bool, float]:
    """Return a sort key for lines: copies of the corpus last, then by violations, unlikely end words and weight."""
    line = choice.candidate
    return demand.is_copied(tokenise(choice.text)), len(choice.violations), line.has_unlikely_end, -line.weight
