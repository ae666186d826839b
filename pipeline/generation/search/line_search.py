"""The search for one line: what it has to meet, what it is looked up in, and the words that end it.

`candidates` draws beginnings; at the places in them where one more word can complete the line, the best last words are
found together, by a beam search in the tries of the words that may end it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.constraints import Phrase
from pipeline.generation.context import Context, Rows, join
from pipeline.generation.sampler import Generator, Logits, RepeatedNgrams, Sampler, penalise
from pipeline.generation.search.constraint_index import ConstraintIndex, Trie
from pipeline.generation.search.endings import Key
from pipeline.generation.style.speaker import LineBonus
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE

FREE_LENGTH = (5, 15)  # syllables of a line when none are asked for: 5 to 95 % of the embedded corpus


@dataclass(frozen=True, kw_only=True)
class LineConstraints:
    """What one line has to meet: an ending (an index in `Endings`), syllables, words out, and perhaps a phrase in.

    `endings_after` has more endings, for lines that already end on such vowels: a multi across words.
    """

    endings: tuple[int, ...]
    endings_after: Mapping[Key, tuple[int, ...]] = field(default_factory=dict)
    syllables: tuple[int, int] = FREE_LENGTH
    avoid: frozenset[str] = frozenset()
    avoid_phrases: tuple[Phrase, ...] = ()  # of several words: looked for once the line stands
    include: Phrase = ()


@dataclass(frozen=True, kw_only=True)
class LineSearch:
    """One line to be found: where it begins (`context`), what it has to meet, and how tokens are drawn."""

    index: ConstraintIndex
    context: Context
    constraints: LineConstraints
    sampler: Sampler
    repeated: RepeatedNgrams
    rng: Generator
    bonuses: tuple[LineBonus, ...] = ()

    def penalised(self, logits: Any, tokens: Sequence[int], columns: Collection[int] | None = None) -> Any:
        """Return the logits `(V,)` after `tokens`, lower for what would write an n-gram again.

        columns: the tokens whose logits these are, when they are not all.
        """
        if self.sampler.repetition_penalty == 1:
            return logits
        repeats = self.repeated.repeats(tokens)
        if columns is not None:
            repeats = set(np.flatnonzero(np.isin(np.asarray(columns), list(repeats))).tolist())
        return penalise(logits, repeats, self.sampler.repetition_penalty)

    def has_avoided_pair(self, text: str, words: int = 1) -> bool:
        """Whether one of the last `words` words of a text follows a word that it never follows in the corpus."""
        chunk = text.rfind(" ", 0, -1)
        last = tokenise(text[text.rfind(" ", 0, max(chunk, 0)) + 1 :])  # those of two chunks
        return not self.index.avoided.isdisjoint(pairwise(last[-words - 1 :]))


@dataclass
class Row:
    """A line being written: the tokens drawn, as text, and tokens still to come of a phrase put in by force."""

    text: str
    tokens: tuple[int, ...] = ()
    weight: float = 0.0  # log-probability of having kept to what was allowed: not to end, to spell known words
    log_p: tuple[float, ...] = ()  # of each token, as the model predicts it
    forced: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A row at the beginning of a word; which words of how many syllables may end it.

    What the model says there is one of many rows, number `at`: most places are never looked at.
    """

    row: Row
    endings: tuple[int, ...]
    read: Rows
    at: int
    syllables: tuple[int, int]


EACH = 6  # beams of one place, at most
BEGINNING, WORST = 3, 3  # tokens of a line: its first ones, and those that spoil it


@dataclass(frozen=True, slots=True)
class Beam:
    """A beginning of a last word at a place: its node in the trie there, its tokens, their log-probability."""

    place: int
    node: int
    weight: float
    tokens: tuple[int, ...]
    log_p: tuple[float, ...] = ()
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
    log_p: tuple[float, ...] = ()  # of each token, as the model predicts it

    @property
    def expectedness(self) -> float:
        """How well the line goes on as the model expects: the mean log-probability of its tokens, and of its `WORST`
        least expected, half each, as one word that does not fit spoils a line. Its first tokens are left out: a line
        may begin as it likes.
        """
        log_p = sorted(self.log_p[BEGINNING:] or self.log_p or (0.0,))
        return (sum(log_p) / len(log_p) + sum(log_p[:WORST]) / len(log_p[:WORST])) / 2


@dataclass(frozen=True)
class LastWords:
    """Completes the lines that stand at some places."""

    search: LineSearch
    places: Sequence[Place]

    def candidates(self) -> list[Candidate]:
        """Return the lines found, shortest last words first; possibly none."""
        beams = [Beam(i, 0, 0.0, ()) for i, trie in enumerate(self._tries) if trie]
        rows = self._read([self.places[beam.place] for beam in beams])
        candidates: list[Candidate] = []
        while beams:
            longer = self._extended(beams, rows.logits)
            ended = (self._candidate(beam) for beam in longer if beam.done)
            candidates += [candidate for candidate in ended if not self.search.has_avoided_pair(candidate.text)]
            best = self._best([beam for beam in longer if not beam.done])
            if not best:
                break
            rows = rows.select([beam.parent for beam in best]).step([beam.tokens[-1] for beam in best])
            beams = best
        return candidates

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
            log_p = logits[i, tokens] - normaliser[i]
            gains = self.search.penalised(logits[i, tokens], before, tokens) - normaliser[i]
            for bonus in self.search.bonuses:
                gains = gains + np.broadcast_to(bonus.after(self._text(beam)), logits.shape[1:])[tokens]
            order = np.argpartition(gains, -EACH)[-EACH:] if len(gains) > EACH else range(len(gains))
            for at in order:
                weight = beam.weight + float(gains[at])
                written = (*beam.tokens, int(tokens[at])), (*beam.log_p, float(log_p[at]))
                longer.append(Beam(beam.place, int(nodes[at]), weight, *written, i))
        return longer

    def _best(self, beams: Sequence[Beam]) -> list[Beam]:
        """Return the best beams, at most `EACH` of one place."""
        policy, best, of_place = self.search.index.policy, list[Beam](), Counter[int]()
        begun = [place.row.weight if policy.drafts else 0.0 for place in self.places]
        for beam in sorted(beams, key=lambda beam: -begun[beam.place] - beam.weight):
            if of_place[beam.place] < EACH:
                of_place[beam.place] += 1
                best.append(beam)
                if len(best) == policy.search_width:
                    break
        return best

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
        return Candidate(text, tokens, row.weight + beam.weight, row.log_p + beam.log_p)
