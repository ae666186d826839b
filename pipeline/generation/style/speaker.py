"""Who speaks in a section, and what its next line gains by keeping to it: the person, the gender and the tense.

The person of its subjects (je, tu, on) is a preference; another gender of the speaker, as what follows "je suis" shows
(née, parti, prête), or another tense (now; then, imparfait; one day, futur) than the section's is less likely. Words
that show either stand in data/lexicons/speaker.tsv.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.generation.lyric import WriteSettings
from pipeline.generation.style.word_bonus import WordBonus, WordPenalty
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import fold, tokenise
from pipeline.language.vocabulary import Vocabulary


@cache
def speaker_words() -> dict[str, str]:
    """Return word -> "now", "then" or "one day", its tense, or "m" or "f", its gender."""
    return {row[0]: row[1] for row in read_word_table("speaker.tsv", 2)}


PERSON_STRENGTH = 1.5  # nats that a pronoun of the section's person gains at its first place in a line
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
    return WordBonus(vocabulary, dict.fromkeys(PERSONS[person], PERSON_STRENGTH)) if person else None


GENDER_STRENGTH = 4.0  # nats that a word of the other gender loses
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
    genders = (word_gender(match["word"] or "") for match in _I_AM.finditer(fold(line)))
    return next((gender for gender in genders if gender), None)


def gender_penalty(lines: Sequence[str], vocabulary: Vocabulary) -> WordPenalty | None:
    """Return what a line loses by giving its speaker another gender than most of these; None where none shows one."""
    counted = Counter(gender for line in lines if (gender := line_gender(line)))
    if not counted:
        return None
    other = _OfGender("m" if max(counted, key=counted.__getitem__) == "f" else "f")
    return WordPenalty(vocabulary, GENDER_STRENGTH, lambda line: other if _said_of_me(line) else None)


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


TENSE_STRENGTH = 1.5  # nats that a form of another tense loses
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
    return WordPenalty(vocabulary, TENSE_STRENGTH, lambda line: others)


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


LineBonus = WordBonus | WordPenalty


def line_bonuses(
    settings: WriteSettings, vocabulary: Vocabulary, lines: Sequence[str], section: Sequence[str]
) -> tuple[LineBonus, ...]:
    """Return the bonuses of a line after these lines, of which some are of its own section.

    Words of the theme that were used gain less.
    """
    bonuses = list[LineBonus | None]()
    if settings.theme:
        bonuses.append(settings.theme.bonus(vocabulary, {word for line in lines for word in tokenise(line)}))
    if settings.keep_person:
        bonuses += [make(section, vocabulary) for make in (speaker_bonus, gender_penalty, tense_penalty)]
    return tuple(bonus for bonus in bonuses if bonus)
