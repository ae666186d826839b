"""Of which gender the speaker of a section is, as what follows "je suis" shows: née, parti, prête."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.generation.speaker_words import speaker_words
from pipeline.generation.word_penalty import WordPenalty
from pipeline.language.tokens import fold
from pipeline.language.vocabulary import Vocabulary

STRENGTH = 4.0  # nats that a word of the other gender loses
_NEITHER = re.compile(  # though they end as participles do
    "au|aussi|ainsi|celui|du|ici|lui|midi|ni|oui|où|parmi|qui|si|su|tu|mami|papi|(?:lun|mar|mercre|jeu|vendre|same)di"
)
_BETWEEN = "pas|plus|toujours|trop|si|tellement|encore|déjà|jamais|bien|même|assez|vraiment|enfin|juste|aussi|presque"
_I_AM = re.compile(
    r"\bj(?:e |')(?:ne |me |y |n'|m')*(?:suis|étais|serai|serais|fus|(?:ai|avais) été)"
    rf" (?:(?:{_BETWEEN}) )*(?P<word>[^\W\d_][\w'-]*)?"
)


def word_gender(word: str) -> str | None:
    """Return the gender of whom a word is said of, "m" or "f", by its ending or as one of the most frequent others.

    >>> word_gender("née"), word_gender("parti"), word_gender("prête"), word_gender("dans")
    ('f', 'm', 'f', None)
    """
    if (shown := speaker_words().get(word)) in ("m", "f"):
        return shown
    if word.endswith(("é", "i", "u")):
        return None if _NEITHER.fullmatch(word) else "m"
    return "f" if word.endswith(("ée", "ie", "ue")) else None


def line_gender(line: str) -> str | None:
    """Return the gender that a line gives its speaker.

    >>> line_gender("J'suis pas née d'hier"), line_gender("Je me suis perdu"), line_gender("Elle est née")
    ('f', 'm', None)
    """
    found = (word_gender(match["word"] or "") for match in _I_AM.finditer(fold(line)))
    return next((gender for gender in found if gender), None)


def gender_penalty(lines: Sequence[str], vocabulary: Vocabulary) -> WordPenalty | None:
    """Return what a line loses by giving its speaker another gender than most of these; None where none shows one."""
    counted = Counter(gender for line in lines if (gender := line_gender(line)))
    if not counted:
        return None
    other = _OfGender("m" if max(counted, key=counted.__getitem__) == "f" else "f")
    return WordPenalty(vocabulary, STRENGTH, lambda line: other if _said_of_me(line) else None)


def _said_of_me(line: str) -> bool:
    """Whether the word that comes after a line is said of its speaker."""
    text = fold(line)
    return any(
        match.end() == len(text) and (match["word"] is None or match["word"].endswith("'"))  # j'suis v'nue
        for match in _I_AM.finditer(text)
    )


@dataclass(frozen=True)
class _OfGender:
    """All words of a gender."""

    gender: str

    def __contains__(self, word: object) -> bool:
        return word_gender(str(word)) == self.gender

    def begin_with(self, beginning: str) -> bool:
        """Any beginning may go on to one."""
        return True
