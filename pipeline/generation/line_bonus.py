"""What each next token of a line gains by leading to a word, or loses by ending one, whatever the units; and which
words a line gains or loses by: those of a theme, and of who speaks in its section (person, gender, tense).

A bonus: a whole word is worth so many nats, whatever the tokens it takes. A token gains what the best word that the
word under way can still become is worth, in proportion to what of it stands, less what was gained before
(potential-based shaping; Ng, Harada & Russell 1999). So what a wrong beginning gained is lost again, and the odds of a
line's first such word are multiplied by e^worth. The person of a section's subjects (je, tu, on) is such a preference.

A penalty: a word loses so many nats, and only where it ends: é goes on to ée at no cost. So its odds are divided by
e^strength, and nothing is made likelier but what else may stand there. Another gender of the speaker, as what follows
"je suis" shows (née, parti, prête), or another tense (now; then, imparfait; one day, futur) than the section's loses.
Words that show either stand in data/lexicons/speaker.tsv.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from pipeline.generation.context import space_after
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import fold_case, tokenise
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.language_models.units import units_of

if TYPE_CHECKING:  # a theme makes a bonus, and settings hold a theme
    from pipeline.generation.lyric import WriteSettings


@dataclass(frozen=True, eq=False)
class WordBonus:
    """What each token gains after a line so far, in nats; nothing once the line holds one of the words."""

    vocabulary: Vocabulary
    worth: dict[str, float]
    _cached: dict[str, Any] = field(default_factory=dict)

    def logit_adjustments(self, line: str) -> Any:
        """Return the gains, 0.0 where nothing is gained."""
        if not units_of(self.vocabulary).spells:
            return 0.0 if self._holds(tokenise(line)) else self._word_token_gains()
        under_way = word_under_way(line)
        if self._holds(tokenise(line[: len(line) - len(under_way)])):
            return 0.0
        if under_way not in self._cached:
            self._cached[under_way] = self._spelling_token_gains(under_way)
        return self._cached[under_way]

    def _holds(self, words: Sequence[str]) -> bool:
        return not self.worth.keys().isdisjoint(words)

    def _word_token_gains(self) -> Any:
        if "" not in self._cached:
            gains = self._cached[""] = np.zeros(len(self.vocabulary))
            for word, worth in self.worth.items():
                if word in self.vocabulary:
                    gains[self.vocabulary.word2index[word]] = worth
        return self._cached[""]

    def _spelling_token_gains(self, under_way: str) -> Any:
        """Return what each token gains that goes on with a word, or ends it."""
        if not any(word.startswith(under_way) for word in self.worth):
            return 0.0
        before, whole = self._prefix_potential(under_way), under_way in self.worth
        gains = np.full(len(self.vocabulary), 0.0 if whole else -before)
        for at, letters, ends in spelling_tokens(self.vocabulary):
            spelling = under_way + letters
            gains[at] = (self.worth.get(spelling, 0.0) if ends else self._prefix_potential(spelling)) - before
        return gains

    def _prefix_potential(self, beginning: str) -> float:
        """Return the best that a beginning of a word can still become worth, in proportion to how much of it stands."""
        reach = (w * len(beginning) / len(word) for word, w in self.worth.items() if word.startswith(beginning))
        return max(reach, default=0.0) if beginning else 0.0


@lru_cache(maxsize=8)
def spelling_tokens(vocabulary: Vocabulary) -> tuple[tuple[int, str, bool], ...]:
    """Return the tokens that go on with a word: their numbers, their letters, whether they end it with a space."""
    tokens = ((at, token, token.rstrip(" ")) for token, at in vocabulary.word2index.items())
    return tuple(
        (at, fold_case(letters), letters != token) for at, token, letters in tokens if _is_word_fragment(letters)
    )


def _is_word_fragment(token: str) -> bool:
    """Whether a token goes on with a word: letters, apostrophes and hyphens.

    >>> _is_word_fragment("é"), _is_word_fragment(" "), _is_word_fragment("<line>")
    (True, False, False)
    """
    return bool(token) and all(character.isalpha() or character in "'-" for character in token)


def word_under_way(line: str) -> str:
    """Return the word that a line so far ends with, folded, past its clitics; "" where it has ended.

    >>> word_under_way("La Nui"), word_under_way("l'om"), word_under_way("la nuit ")
    ('nui', 'om', '')
    """
    if not line or not _is_word_fragment(line[-1]):
        return ""
    chunk = fold_case(line).rsplit(" ", 1)[-1]
    words = tokenise(chunk)
    return words[-1] if words and not words[-1].endswith("'") and chunk.endswith(words[-1]) else ""


class UnsuitedWords(Hashable, Protocol):
    """Words in small letters, perhaps so many that they are not listed."""

    def __contains__(self, word: object, /) -> bool: ...
    def begin_with(self, beginning: str) -> bool:
        """Whether any of them may."""
        ...


@dataclass(frozen=True, eq=False)
class WordPenalty:
    """What each token loses after a line so far, in nats.

    unsuited  the words that lose after a line up to a word; None where none does
    """

    vocabulary: Vocabulary
    strength: float
    unsuited: Callable[[str], UnsuitedWords | None]

    def logit_adjustments(self, line: str) -> Any:
        """Return the losses, 0.0 where nothing is lost."""
        spells = units_of(self.vocabulary).spells
        under_way = word_under_way(line) if spells else ""
        words = self.unsuited(line[: len(line) - len(under_way)] if spells else line + space_after(line))
        losing = None if words is None else _penalised_tokens(self.vocabulary, words, under_way)
        if losing is None or not len(losing):
            return 0.0
        losses = np.zeros(len(self.vocabulary))
        losses[losing] = -self.strength
        return losses


@lru_cache(maxsize=1 << 12)
def _penalised_tokens(vocabulary: Vocabulary, words: UnsuitedWords, under_way: str) -> Ids:
    """Return the tokens that end one of the words where so much of it stands."""
    if not units_of(vocabulary).spells:
        return np.array([at for at, word in enumerate(vocabulary.index2word) if word in words], np.int32)
    ends = np.full(len(vocabulary), under_way in words)
    begin = words.begin_with(under_way)
    for at, letters, last in spelling_tokens(vocabulary):
        ends[at] = begin and last and under_way + letters in words
    return np.flatnonzero(ends).astype(np.int32)


@cache
def speaker_words() -> dict[str, str]:
    """Return word -> "now", "then" or "one day", its tense, or "m" or "f", its gender."""
    return {row[0]: row[1] for row in read_word_table("speaker.tsv", 2)}


PERSON_STRENGTH = 1.5  # nats that a pronoun of the section's person gains at its first place in a line
PERSONS = {"je": ("je", "j'"), "tu": ("tu", "t'"), "on": ("on",), "nous": ("nous",), "vous": ("vous",)}
_PERSON_OF = {form: person for person, forms in PERSONS.items() for form in forms}
_VERB_FORMS_AFTER_T = frozenset(
    ("as", "es", "avais", "étais", "auras", "aurais")
)  # t'as for tu as; elsewhere t' is an object


def line_person(line: str) -> str | None:
    """Return the person of the first subject pronoun of a line.

    >>> line_person("J't'ai vu"), line_person("La nuit, t'as froid"), line_person("La nuit")
    ('je', 'tu', None)
    """
    for word, following in pairwise((*tokenise(line), "")):
        if word in _PERSON_OF and (word != "t'" or following in _VERB_FORMS_AFTER_T):
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


_PRONOUNS = ("je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles")
_SUBJECTS = {"j'": "je", "t'": "tu", **dict(zip(_PRONOUNS, _PRONOUNS, strict=True))}
_PRONOUNS_BY_ANTECEDENT = {  # words of a subject -> the pronouns that take it up
    word: frozenset(pronouns.split())
    for words, pronouns in (
        ("le un ce cet son il", "il"),
        ("la une cette sa elle", "elle"),
        ("les des ces ses", "ils elles"),
        ("l'", "il elle"),
        ("mon", "il je"),
        ("ma", "elle je"),
        ("ton", "il tu"),
        ("ta", "elle tu"),
        ("je j' me m'", "je"),
        ("tu t' te", "tu"),
        ("on nous", "on nous"),
        ("vous", "vous"),
        ("ils", "ils"),
        ("elles", "elles"),
    )
    for word in words.split()
}


def pronoun_has_antecedent(line: str, following: str) -> bool:
    """Whether the pronoun that a line begins with, if any, takes up a subject of the line before it.

    >>> [pronoun_has_antecedent("Le prof est venu", line) for line in ("Il a ri", "Elle a ri", "Ici")]
    [True, False, True]
    """
    pronoun = next((_SUBJECTS[word] for word in tokenise(following)[:1] if word in _SUBJECTS), None)
    return pronoun is None or any(pronoun in _PRONOUNS_BY_ANTECEDENT.get(word, ()) for word in tokenise(line))


THIRD_PERSON_PRONOUNS = frozenset(("il", "elle", "ils", "elles"))


def pronouns_refer(text: str) -> bool:
    """Whether each il, elle, ils, elles, but a first word, takes up a word before it.

    >>> pronouns_refer("La voisine a souri, elle part"), pronouns_refer("La voisine a souri, il part")
    (True, False)
    """
    words = tokenise(text)
    return all(
        any(word in _PRONOUNS_BY_ANTECEDENT.get(before, ()) for before in words[:at])
        for at, word in enumerate(words)
        if at and word in THIRD_PERSON_PRONOUNS
    )


GENDER_STRENGTH = 4.0  # nats that a word of the other gender loses
_NO_PARTICIPLES = re.compile(  # though they end as participles do
    "au|aussi|ainsi|celui|du|ici|lui|midi|ni|oui|où|parmi|qui|si|su|tu|mami|papi|(?:lun|mar|mercre|jeu|vendre|same)di"
)
_PREDICATE_ADVERBS = (
    "pas|plus|toujours|trop|si|tellement|encore|déjà|jamais|bien|même|assez|vraiment|enfin|juste|aussi|presque"
)
_I_AM = re.compile(
    r"\bj(?:e |')(?:ne |me |y |n'|m')*(?:suis|étais|serai|serais|fus|(?:ai|avais) été)"
    rf" (?:(?:{_PREDICATE_ADVERBS}) )*(?P<word>[^\W\d_][\w'-]*)?"
)


def word_gender(word: str) -> str | None:
    """Return the gender of whom a word is said of, "m" or "f", by its ending or as one of the most frequent others.

    >>> word_gender("née"), word_gender("parti"), word_gender("prête"), word_gender("dans")
    ('f', 'm', 'f', None)
    """
    if (shown := speaker_words().get(word)) in ("m", "f"):
        return shown
    if word.endswith(("é", "i", "u")):
        return None if _NO_PARTICIPLES.fullmatch(word) else "m"
    return "f" if word.endswith(("ée", "ie", "ue")) else None


def line_gender(line: str) -> str | None:
    """Return the gender that a line gives its speaker.

    >>> line_gender("J'suis pas née d'hier"), line_gender("Je me suis perdu"), line_gender("Elle est née")
    ('f', 'm', None)
    """
    genders = (word_gender(match["word"] or "") for match in _I_AM.finditer(fold_case(line)))
    return next((gender for gender in genders if gender), None)


def gender_penalty(lines: Sequence[str], vocabulary: Vocabulary) -> WordPenalty | None:
    """Return what a line loses by giving its speaker another gender than most of these; None where none shows one."""
    counted = Counter(gender for line in lines if (gender := line_gender(line)))
    if not counted:
        return None
    other = _WordsOfGender("m" if max(counted, key=counted.__getitem__) == "f" else "f")
    return WordPenalty(vocabulary, GENDER_STRENGTH, lambda line: other if _is_predicated_of_speaker(line) else None)


def _is_predicated_of_speaker(line: str) -> bool:
    """Whether the word that comes after a line is said of its speaker."""
    text = fold_case(line)
    return any(
        match.end() == len(text) and (match["word"] is None or match["word"].endswith("'"))  # j'suis v'nue
        for match in _I_AM.finditer(text)
    )


@dataclass(frozen=True)
class _WordsOfGender:
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
class _VerbForms:
    """Forms, and what they begin with."""

    forms: frozenset[str]
    beginnings: frozenset[str]

    def __contains__(self, word: object) -> bool:
        return word in self.forms

    def begin_with(self, beginning: str) -> bool:
        """Whether one of them does."""
        return beginning in self.beginnings


@cache
def _other_tenses(tense: str) -> _VerbForms:
    forms = frozenset(word for word, shows in speaker_words().items() if shows in TENSES and shows != tense)
    return _VerbForms(forms, frozenset(form[:at] for form in forms for at in range(len(form) + 1)))


LineBonus = WordBonus | WordPenalty


def line_bonuses(
    settings: "WriteSettings", vocabulary: Vocabulary, lines: Sequence[str], section: Sequence[str]
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
