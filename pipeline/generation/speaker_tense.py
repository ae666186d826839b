"""In which tense a section is told: now, then (imparfait) or one day (futur), as frequent forms of one tense show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.generation.speaker_words import speaker_words
from pipeline.generation.word_penalty import WordPenalty
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary

STRENGTH = 1.5  # nats that a form of another tense loses
TENSES = ("now", "then", "one day")


def word_tense(word: str) -> str | None:
    """Return the tense that a form is of.

    >>> word_tense("marchait"), word_tense("veux"), word_tense("fera"), word_tense("mais")
    ('then', 'now', 'one day', None)
    """
    shown = speaker_words().get(word)
    return shown if shown in TENSES else None


def line_tense(line: str) -> str | None:
    """Return the tense of the first form of a line that shows one."""
    return next((tense for word in tokenise(line) if (tense := word_tense(word))), None)


def tense_penalty(lines: Sequence[str], vocabulary: Vocabulary) -> WordPenalty | None:
    """Return what a line loses by another tense than that of most of these; None where none shows one."""
    counted = Counter(tense for line in lines if (tense := line_tense(line)))
    if not counted:
        return None
    others = _other_tenses(max(counted, key=counted.__getitem__))
    return WordPenalty(vocabulary, STRENGTH, lambda line: others)


@dataclass(frozen=True, eq=False)
class _Forms:
    """Forms, and what they begin with."""

    forms: frozenset[str]
    beginnings: frozenset[str]

    def __contains__(self, word: object) -> bool:
        return word in self.forms

    def begin_with(self, beginning: str) -> bool:
        """Whether one of them does."""
        return beginning in self.beginnings


@cache
def _other_tenses(tense: str) -> _Forms:
    forms = frozenset(word for word, shows in speaker_words().items() if shows in TENSES and shows != tense)
    return _Forms(forms, frozenset(form[:at] for form in forms for at in range(len(form) + 1)))
