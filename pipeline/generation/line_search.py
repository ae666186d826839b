"""The search for one line: what it has to meet, what it is looked up in, and what its two halves share.

`line_beginnings` draws all but the last word, `last_words` finds the words that end it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from pipeline.generation.constraint_index import ConstraintIndex
from pipeline.generation.constraints import Phrase
from pipeline.generation.context import Context
from pipeline.generation.endings import Key
from pipeline.generation.line_bonuses import LineBonus
from pipeline.generation.novelty import RepeatedNgrams
from pipeline.generation.sampler import Generator, Sampler, penalise
from pipeline.generation.word_steps import Rows
from pipeline.language.tokens import tokenise

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
