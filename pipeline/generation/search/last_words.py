"""The last words of lines: a beam search, in the tries of the words that may end a line, from many prefixes at once.

So a rhyme is not hoped for and not glued on: among thousands of pairs (beginning, last word) the ones that the model
finds likeliest are read off its own probabilities.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.context import ContextBatch, concatenate_batches
from pipeline.generation.sampling import Logits
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.trie import Subtrie
from pipeline.generation.search.unfinished_line import LineSearch, UnfinishedLine
from pipeline.language.vocabulary import LINE
from pipeline.language_models.protocol import State

LINE_OPENING_TOKENS = 3  # tokens of a line
LEAST_END_LOG_P = -1.5  # of a last word that the model read beforehand, and of the end of the line
PREFIX_BEAMS = 6  # beams of one prefix, at most


@dataclass(frozen=True, eq=False)
class Candidate:
    """A candidate line: `tokens` are those after `Context.before`, the last one ending the line.

    Its beginning was drawn from the model among what was allowed, its last word was searched for. `weight`, the
    log-probability of what was allowed and of that last word, makes up for both: lines taken in proportion to
    exp(weight) are drawn from the model given the constraints (importance sampling).
    """

    text: str
    tokens: tuple[int, ...]
    weight: float = 0.0
    log_p: tuple[float, ...] = ()  # of each token, as the model predicts it
    end_tokens: tuple[int, ...] = ()  # what the model read before the line: the word that ends it
    end_word_log_p: float = 0.0
    logits: Sequence[Any] = ()  # (V,) at each token, where they were not thrown away
    state: State = None  # of the model before the last token, likewise

    @property
    def expectedness(self) -> float:
        """The log-probability of the line after `LINE_OPENING_TOKENS`, plus that of its end word if conditioned on
        it."""
        return self.end_word_log_p + sum(self.log_p[LINE_OPENING_TOKENS:])

    @property
    def has_unlikely_end(self) -> bool:
        """Whether the model finds the end word unlikely at the end of the line although it was conditioned on it."""
        return bool(self.end_tokens) and sum(self.log_p[1 - len(self.end_tokens) :]) < LEAST_END_LOG_P


@dataclass(frozen=True)
class LinePrefix:
    """An unfinished line that one more word may end, with the indices of these words and their range of syllables.

    What the model says there is one of many rows, number `at`: most prefixes are never looked at.
    """

    line: UnfinishedLine
    endings: tuple[int, ...]
    read: ContextBatch
    at: int
    syllables: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Beam:
    """The beginning of a last word: index of its line in `prefixes`, trie node, log-probability and tokens."""

    prefix: int
    node: int
    weight: float
    tokens: tuple[int, ...]
    log_p: tuple[float, ...] = ()
    parent: int = 0  # row in the batch it was extended from


@dataclass(frozen=True)
class LastWordSearch:
    """A beam search for the last words of one or more unfinished lines, whose searches have the same index."""

    prefixes: Sequence[LinePrefix]

    def candidates(self) -> list[tuple[LineSearch, Candidate]]:
        """Return the lines found, each with its search, those with the shortest last words first; possibly none."""
        beams = [Beam(i, 0, 0.0, ()) for i, trie in enumerate(self._ending_subtries) if trie]
        candidates: list[tuple[LineSearch, Candidate]] = []
        if not beams:
            return candidates
        rows = self._batch_of_prefixes([self.prefixes[beam.prefix] for beam in beams])
        while beams:
            longer = self._extend_beams(beams, rows.logits)
            ended = [beam for beam in longer if beam.tokens[-1] == LINE]
            lines = ((self.prefixes[beam.prefix].line.search, self._beam_candidate(beam)) for beam in ended)
            candidates += [(search, line) for search, line in lines if not search.has_avoided_pair(line.text)]
            best = self._best_beams([beam for beam in longer if beam.tokens[-1] != LINE])
            if not best:
                break
            rows = rows.select_rows([beam.parent for beam in best]).feed_tokens([beam.tokens[-1] for beam in best])
            beams = best
        return candidates

    def _batch_of_prefixes(self, prefixes: Sequence[LinePrefix]) -> ContextBatch:
        """Return one batch with the model's state and logits at each of these prefixes."""
        batches = (list(group) for _, group in groupby(prefixes, key=lambda prefix: id(prefix.read)))
        return concatenate_batches([batch[0].read.select_rows([prefix.at for prefix in batch]) for batch in batches])

    @property
    def _constraint_index(self) -> ConstraintIndex:
        return self.prefixes[0].line.search.index

    @cached_property
    def _ending_subtries(self) -> list[Subtrie]:
        made = dict[tuple[int, tuple[int, int]], Subtrie]()  # by identity: endings are thousands of numbers to hash
        for prefix in self.prefixes:
            key = id(prefix.endings), prefix.syllables
            if key not in made:
                made[key] = self._constraint_index.ending_trie.subtrie(prefix.endings, *prefix.syllables)
        return [made[id(prefix.endings), prefix.syllables] for prefix in self.prefixes]

    def _extend_beams(self, beams: Sequence[Beam], logits: Logits) -> list[Beam]:
        """Return each beam extended by each of its `PREFIX_BEAMS` likeliest next tokens."""
        longer, normaliser = [], log_sum_exp(logits)
        for i, beam in enumerate(beams):
            tokens, nodes = self._ending_subtries[beam.prefix].children(beam.node)
            line = self.prefixes[beam.prefix].line
            log_p = logits[i, tokens] - normaliser[i]
            gains = log_p
            if line.search.bonus:
                gained = line.search.bonus.logit_adjustments(self._beam_text(beam))
                gains = gains + np.broadcast_to(gained, logits.shape[1:])[tokens]
            best = np.argpartition(gains, -PREFIX_BEAMS)[-PREFIX_BEAMS:] if len(gains) > PREFIX_BEAMS else None
            for at in range(len(gains)) if best is None else best:
                weight = beam.weight + float(gains[at])
                extended = (*beam.tokens, int(tokens[at])), (*beam.log_p, float(log_p[at]))
                longer.append(Beam(beam.prefix, int(nodes[at]), weight, *extended, i))
        return longer

    def _best_beams(self, beams: Sequence[Beam]) -> list[Beam]:
        """Return the best beams, at most `PREFIX_BEAMS` for each unfinished line and `search_width` in all."""
        best, of_prefix = list[Beam](), Counter[int]()
        begun = [prefix.line.weight for prefix in self.prefixes]
        for beam in sorted(beams, key=lambda beam: -begun[beam.prefix] - beam.weight):
            if of_prefix[beam.prefix] < PREFIX_BEAMS:
                of_prefix[beam.prefix] += 1
                best.append(beam)
                if len(best) == self._constraint_index.decoding_policy.search_width:
                    break
        return best

    def _beam_text(self, beam: Beam) -> str:
        """Return the text of the line including the beginning of its last word."""
        index, line = self._constraint_index, self.prefixes[beam.prefix].line
        words = [index.vocabulary.index2word[token] for token in beam.tokens]
        return index.modelling_units.append_tokens(line.text, words) if words else line.text

    def _beam_candidate(self, beam: Beam) -> Candidate:
        line = self.prefixes[beam.prefix].line
        return Candidate(
            line.finished_text(beam.tokens[:-1]),
            line.tokens + beam.tokens,
            line.weight + beam.weight,
            line.log_p + beam.log_p,
            line.search.end_tokens,
            line.search.end_word_log_p,
        )
