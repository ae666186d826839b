"""Who speaks: the person of a section's subjects (je, tu, on), kept through it as a preference."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.generation.word_bonus import WordBonus
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary

STRENGTH = 1.5  # nats that a pronoun of the section's person gains at its first place in a line
PERSONS = {"je": ("je", "j'"), "tu": ("tu", "t'"), "on": ("on",), "nous": ("nous",), "vous": ("vous",)}
_PERSON_OF = {form: person for person, forms in PERSONS.items() for form in forms}
_AFTER_T = frozenset(("as", "es", "avais", "étais", "auras", "aurais"))  # t'as for tu as; elsewhere t' is an object


def line_person(line: str) -> str | None:
    """Return the person of the first subject pronoun of a line.

    >>> line_person("J't'ai vu"), line_person("La nuit, t'as froid"), line_person("La nuit")
    ('je', 'tu', None)
    """
    for word, following in pairwise((*tokenise(line), "")):
        if word in _PERSON_OF and (word != "t'" or following in _AFTER_T):
            return _PERSON_OF[word]
    return None


def section_person(lines: Sequence[str]) -> str | None:
    """Return the person of most lines of a section, the first of equals; None where no line shows one."""
    counted = Counter(person for line in lines if (person := line_person(line)))
    return max(counted, key=counted.__getitem__, default=None)


def speaker_bonus(lines: Sequence[str], vocabulary: Vocabulary) -> WordBonus | None:
    """Return what a line gains by speaking as the lines of its section before it do; None while no person is shown."""
    person = section_person(lines)
    return WordBonus(vocabulary, dict.fromkeys(PERSONS[person], STRENGTH)) if person else None
