"""Who speaks in a line, and whether its pronouns take somebody up: what is seen of that in function words alone."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.language.tokens import tokenise

PERSONS = {"je": ("je", "j'"), "tu": ("tu", "t'"), "on": ("on",), "nous": ("nous",), "vous": ("vous",)}
_PERSON_OF = {form: person for person, forms in PERSONS.items() for form in forms}
_VERB_FORMS_AFTER_T = frozenset(
    ("as", "es", "avais", "étais", "auras", "aurais")
)  # t'as for tu as; elsewhere t' is an object


def line_person(line: str) -> str | None:
    """Return the grammatical person (je, tu, …) of the first subject pronoun of a line; None without one.

    >>> line_person("J't'ai vu"), line_person("La nuit, t'as froid"), line_person("La nuit")
    ('je', 'tu', None)
    """
    for word, following in pairwise((*tokenise(line), "")):
        if word in _PERSON_OF and (word != "t'" or following in _VERB_FORMS_AFTER_T):
            return _PERSON_OF[word]
    return None


def main_pronoun(lines: Sequence[str]) -> str | None:
    """Return the person in which most lines of a section speak, as its pronoun (je, tu, …); None if no line has one."""
    counted = Counter(person for line in lines if (person := line_person(line)))
    return max(counted, key=counted.__getitem__, default=None)


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


def pronoun_has_antecedent(line: str, next_line: str) -> bool:
    """Return whether the pronoun that begins the next line, if any, can refer to a subject of this line.

    >>> [pronoun_has_antecedent("Le prof est venu", line) for line in ("Il a ri", "Elle a ri", "Ici")]
    [True, False, True]
    """
    pronoun = next((_SUBJECTS[word] for word in tokenise(next_line)[:1] if word in _SUBJECTS), None)
    return pronoun is None or any(pronoun in _PRONOUNS_BY_ANTECEDENT.get(word, ()) for word in tokenise(line))


THIRD_PERSON_PRONOUNS = frozenset(("il", "elle", "ils", "elles"))


def pronouns_have_antecedents(text: str) -> bool:
    """Return whether each il, elle, ils, elles after a line's first word can refer to a word before it.

    >>> [pronouns_have_antecedents(f"La voisine a souri, {pronoun} part") for pronoun in ("elle", "il")]
    [True, False]
    """
    words = tokenise(text)
    return all(
        any(word in _PRONOUNS_BY_ANTECEDENT.get(before, ()) for before in words[:at])
        for at, word in enumerate(words)
        if at and word in THIRD_PERSON_PRONOUNS
    )
