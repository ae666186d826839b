"""The best last words at many places at once: a beam search in the tries of the words that may end each line."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.line_search import LineSearch, Place
from pipeline.generation.sampling import Logits
from pipeline.generation.trie import Trie
from pipeline.language.vocabulary import LINE

WIDTH = 128  # beams kept in the search
EACH = 6  # of which one place may have this many


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
        model, rows = self.search.context.model, [beam.place for beam in beams]
        logits = np.stack([place.logits for place in self.places])[rows]
        state = model.select(model.join([place.state for place in self.places]), rows)
        found: list[Candidate] = []
        while beams:
            longer = self._extended(beams, logits)
            ended = (self._candidate(beam) for beam in longer if beam.done)
            found += [candidate for candidate in ended if not self.search.has_avoided_pair(candidate.text)]
            kept = best_beams([beam for beam in longer if not beam.done])
            if not kept:
                break
            state = model.select(state, [beam.parent for beam in kept])
            logits, state = model.step(np.array([beam.tokens[-1] for beam in kept]), state)
            beams = kept
        return found

    @cached_property
    def _tries(self) -> list[Trie]:
        return [self.search.index.trie(place.endings, *place.syllables) for place in self.places]

    def _extended(self, beams: Sequence[Beam], logits: Logits) -> list[Beam]:
        """Return each beam with each of its `EACH` likeliest next tokens."""
        longer, normaliser = [], log_sum_exp(logits)
        for i, beam in enumerate(beams):
            tokens, nodes = self._tries[beam.place].children(beam.node)
            before = (*self.places[beam.place].row.tokens, *beam.tokens)
            gains = self.search.penalised(logits[i, tokens], before, tokens) - normaliser[i]
            order = np.argpartition(gains, -EACH)[-EACH:] if len(gains) > EACH else range(len(gains))
            for at in order:
                weight = beam.weight + float(gains[at])
                longer.append(Beam(beam.place, int(nodes[at]), weight, (*beam.tokens, int(tokens[at])), i))
        return longer

    def _candidate(self, beam: Beam) -> Candidate:
        row, before, index = self.places[beam.place].row, self.search.context.before, self.search.index
        tokens = row.tokens + beam.tokens
        words = [index.vocabulary.index2word[token] for token in tokens[:-1]]
        text = before + "".join(map(index.units.speller(before).spell, words))
        return Candidate(text, tokens, row.weight + beam.weight)


def best_beams(beams: list[Beam]) -> list[Beam]:
    """Return the best `WIDTH`, at most `EACH` of one place."""
    kept, of_place = [], dict[int, int]()
    for beam in sorted(beams, key=lambda beam: -beam.weight):
        if of_place.get(beam.place, 0) < EACH:
            of_place[beam.place] = of_place.get(beam.place, 0) + 1
            kept.append(beam)
            if len(kept) == WIDTH:
                break
    return kept
