"""The best last words at many places at once: a beam search in the tries of the words that may end each line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.line_search import LineSearch, Place
from pipeline.generation.sampler import Logits
from pipeline.generation.trie import Trie
from pipeline.generation.word_steps import Rows, join
from pipeline.language.vocabulary import LINE

EACH = 6  # beams of one place, at most


@dataclass(frozen=True, slots=True)
class Beam:
    """A beginning of a last word at a place: its node in the trie there, its tokens, their log-probability."""

    place: int
    node: int
    weight: float
    tokens: tuple[int, ...]
    parent: int = 0  # row in the batch it was extended from

    @property
    def done(self) -> bool:
        """Whether the line has ended."""
        return bool(self.tokens) and self.tokens[-1] == LINE


@dataclass(frozen=True)
class Candidate:
    """A whole line. `tokens` are what was written after `Context.before`, `<line>` last.

    Its beginning was drawn from the model among what was allowed, its last word was searched for. `weight`, the
    log-probability of what was allowed and of that last word, makes up for both: lines taken in proportion to
    exp(weight) are drawn from the model given the constraints (importance sampling).
    """

    text: str
    tokens: tuple[int, ...]
    weight: float = 0.0


@dataclass(frozen=True)
class LastWords:
    """Completes the lines that stand at some places."""

    search: LineSearch
    places: Sequence[Place]

    def candidates(self) -> list[Candidate]:
        """Return the lines found, shortest last words first; possibly none."""
        beams = [Beam(i, 0, 0.0, ()) for i, trie in enumerate(self._tries) if trie]
        rows = self._read([self.places[beam.place] for beam in beams])
        found: list[Candidate] = []
        while beams:
            longer = self._extended(beams, rows.logits)
            ended = (self._candidate(beam) for beam in longer if beam.done)
            found += [candidate for candidate in ended if not self.search.has_avoided_pair(candidate.text)]
            kept = self._best([beam for beam in longer if not beam.done])
            if not kept:
                break
            rows = rows.select([beam.parent for beam in kept]).step([beam.tokens[-1] for beam in kept])
            beams = kept
        return found

    def _read(self, places: Sequence[Place]) -> Rows:
        """Return what the model says at each of some places."""
        if not places:
            return Rows.of(self.search.context)
        batches = (list(group) for _, group in groupby(places, key=lambda place: id(place.read)))
        return join([batch[0].read.select([place.at for place in batch]) for batch in batches])

    @cached_property
    def _tries(self) -> list[Trie]:
        made = dict[tuple[int, tuple[int, int]], Trie]()  # by identity: endings are thousands of numbers to hash
        for place in self.places:
            key = id(place.endings), place.syllables
            if key not in made:
                made[key] = self.search.index.trie(place.endings, *place.syllables)
        return [made[id(place.endings), place.syllables] for place in self.places]

    def _extended(self, beams: Sequence[Beam], logits: Logits) -> list[Beam]:
        """Return each beam with each of its `EACH` likeliest next tokens."""
        longer, normaliser = [], log_sum_exp(logits)
        for i, beam in enumerate(beams):
            tokens, nodes = self._tries[beam.place].children(beam.node)
            before = (*self.places[beam.place].row.tokens, *beam.tokens)
            gains = self.search.penalised(logits[i, tokens], before, tokens) - normaliser[i]
            for bonus in self.search.bonuses:
                gains = gains + np.broadcast_to(bonus.after(self._text(beam)), logits.shape[1:])[tokens]
            order = np.argpartition(gains, -EACH)[-EACH:] if len(gains) > EACH else range(len(gains))
            for at in order:
                weight = beam.weight + float(gains[at])
                longer.append(Beam(beam.place, int(nodes[at]), weight, (*beam.tokens, int(tokens[at])), i))
        return longer

    def _best(self, beams: Sequence[Beam]) -> list[Beam]:
        """Return the best beams, at most `EACH` of one place."""
        policy, kept, of_place = self.search.index.policy, list[Beam](), Counter[int]()
        begun = [place.row.weight if policy.drafts else 0.0 for place in self.places]
        for beam in sorted(beams, key=lambda beam: -begun[beam.place] - beam.weight):
            if of_place[beam.place] < EACH:
                of_place[beam.place] += 1
                kept.append(beam)
                if len(kept) == policy.search_width:
                    break
        return kept

    def _text(self, beam: Beam) -> str:
        """Return the line with the beginning of its last word."""
        index = self.search.index
        words = [index.vocabulary.index2word[token] for token in beam.tokens]
        return index.units.join(self.places[beam.place].row.text, words) if words else self.places[beam.place].row.text

    def _candidate(self, beam: Beam) -> Candidate:
        row, before, index = self.places[beam.place].row, self.search.context.before, self.search.index
        tokens = row.tokens + beam.tokens
        words = [index.vocabulary.index2word[token] for token in tokens[:-1]]
        text = before + "".join(map(index.units.speller(before).spell, words))
        return Candidate(text, tokens, row.weight + beam.weight)
