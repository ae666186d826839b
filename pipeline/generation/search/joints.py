"""Where a line can be cut, and whose halves go together: joints of grammar.

A line is cut before a pronoun that begins a clause, a conjunction before one, a preposition of place or company, or a
circumstance (*sans faire de bruit*, *avant de partir*, *en riant*, *toute la nuit*). No verb asks for a circumstance,
so what stands before one is whole; data/lexicons/circumstances.tsv lists those that almost any action may have, which
may stand for one another. An end keeps the person and the tense that it had.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from pipeline.generation.line_bonus import word_tense
from pipeline.generation.search.verbs import ACTORS, DETERMINERS, PLAIN_KINDS, act_kinds, is_simple_past
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Kind = Literal["", "place", "clause", "circumstance"]
KINDS: tuple[Kind, ...] = get_args(Kind)  # of joints

_CLASSES = {  # words of joints; `open`: what must not stand before one
    name: frozenset(words.split())
    for name, words in {
        "place": "dans sur sous chez devant derrière avec depuis comme au aux vers",
        "conjunction": "et mais quand comme si que qu' car puis alors donc",
        "subject": "je j' tu t' il elle on nous vous ils elles ça c' y'a",
        "not": "ne n' pas jamais rien plus personne cela ça comme",
        "circumstance": "sans avant après pendant dès jusqu' jusqu'à malgré quand même",
        "every": "chaque tous toutes toute tout",
        "time": """
            jour jours nuit nuits matin matins soir soirs journée soirée matinée semaine semaines mois an ans année
            années été hiver automne printemps saison saisons heure heures fois vie minute minutes vacances rentrée
            dimanche dimanches lundi lundis vendredi vendredis samedi samedis
            """,
        "manner": "silence secret cachette douce paix vain",
        "verb": """
            suis es est sommes êtes sont étais était étions étiez étaient sera serai seras ai as a avons avez ont avais
            avait avions avaient vais vas va vont veux veut peux peut dois doit faut
            """,
        "open": """
            de d' du des le la les l' un une mon ma mes ton ta tes son sa ses notre nos leur leurs ce cet cette ces en
            ne n' pour à par qui où dont contre entre dans sur sous chez devant derrière avec au aux sans vers et mais
            quand comme si que qu' car puis alors donc depuis pendant jusqu' jusqu'à après avant dès malgré juste
            surtout
            """,
    }.items()
}
_INFINITIVES = ("er", "ir", "re")  # how they end
CONJUNCTIONS, CLAUSE_WORDS = _CLASSES["conjunction"], _CLASSES["subject"]


class Joints(NamedTuple):
    """Of each word of a text: a code of what joint it is, -1 for none; its kind, by number in `KINDS`; and whether from
    it to the end of the line stands a circumstance that almost any action may have.
    """

    codes: Ints
    kinds: npt.NDArray[np.int8]
    general: Mask


class Circumstance(NamedTuple):
    """The kinds of acts that a circumstance denies, and how well it goes with an ordinary one: 1 oddly, to 3."""

    denied: frozenset[str]
    grade: int


@cache
def general_circumstances() -> dict[tuple[str, ...], Circumstance]:
    """Return the circumstances that almost any action may have, in tokens."""
    rows = read_word_table("circumstances.tsv", 3)
    return {tuple(tokenise(text)): Circumstance(frozenset(kinds.split()), int(grade)) for text, kinds, grade in rows}


_ANY_ACT = Circumstance(frozenset(), 2)  # of a circumstance that is not in the list


def circumstance_of(words: Sequence[str]) -> Circumstance:
    """Return what the list says of a circumstance, in tokens; of another one that it denies nothing."""
    return general_circumstances().get(tuple(words), _ANY_ACT)


def find_joints(
    ids: npt.NDArray[np.int32], rows: npt.NDArray[np.int32], starts: Ints, vocabulary: Vocabulary
) -> Joints:
    """Find the joints of a text: ids[n] its words, rows[n] the line of each, starts the first word of each line."""
    size, index = len(vocabulary), vocabulary.word2index
    if not len(ids):
        return Joints(np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, bool))

    def among(*names: str) -> Mask:
        listed = np.zeros(size, bool)
        listed[[index[word] for name in names for word in _CLASSES.get(name, [name]) if word in index]] = True
        return listed[ids]

    def ending(*ends: str) -> Mask:
        return np.fromiter((word.endswith(ends) for word in vocabulary.index2word), bool, size)[ids]

    def near(those: Mask) -> Mask:
        """Whether one of those is the next word of the line, or the one after it."""
        one, two = (np.append(those[by:] & (rows[by:] == rows[:-by]), np.zeros(by, bool)) for by in (1, 2))
        return one | two

    inner = np.append(rows[1:] == rows[:-1], False) & (np.arange(len(ids)) > starts[rows])
    inner &= ~np.roll(among("open"), 1)
    circumstance = among("circumstance") | (among("every") & near(among("time")))
    circumstance |= among("pour") & near(ending(*_INFINITIVES))
    circumstance |= among("en") & near(ending("ant") | among("manner"))
    circumstance &= ~np.roll(among("verb"), 1) & ~np.roll(among("même"), -1)
    word, following = ids.astype(np.int64), np.roll(among("subject"), -1)
    cases: tuple[tuple[Mask, Ints | int, Kind], ...] = (
        (among("place") & ~np.roll(among("que", "qu'"), -1), word, "place"),
        (circumstance, size + 1, "circumstance"),
        (among("subject"), size, "clause"),
        (among("conjunction") & following, word, "clause"),
    )
    codes, kinds = np.full(len(ids), -1, np.int64), np.zeros(len(ids), np.int8)
    for holds, code, kind in cases:
        codes = np.where(holds & inner, code, codes)
        kinds = np.where(holds & inner, KINDS.index(kind), kinds).astype(np.int8)
    _, dense = np.unique(codes, return_inverse=True)
    tails = {tuple(index.get(word, -1) for word in words) for words in general_circumstances()}
    general = np.zeros(len(ids), bool)
    for at in np.flatnonzero(kinds == KINDS.index("circumstance")):
        general[at] = tuple(ids[at : starts[rows[at] + 1]].tolist()) in tails
    return Joints(np.where(codes < 0, -1, dense.astype(np.int64)), kinds, general)


_PERSONAL = frozenset(("me", "m'", "te", "t'", "se", "s'", "nous", "moi", "toi", "leur", "leurs", "notre", "nos")) | {
    owner + ending for owner in "mts" for ending in ("on", "a", "es")
}
_REFERRING_PRONOUNS = frozenset(("le", "la", "les", "l'", "lui", "leur", "y"))
_FUTURE = re.compile(r"\w{2,}(?:r(?:ai|as|a|ons|ez|ont)|(?:e|d|v)r(?:ais|ait|ions|iez|aient))")  # and the conditional
_INNER_NAME_PATTERN = re.compile(r"[\s'’-][A-ZÀ-Þ]")
_PUNCTUATION_PATTERN = re.compile(r"[^\w '’-]")
_CONJUNCTION = re.compile(r"\b(?:quand|que|si|comme)\b|\bqu'")
_IMPERFECT = re.compile(
    r"(?!souhai|portrai|extrai|parfai|attrai|retrai|jamais|désormais|français|anglais|mauvais)\w{2,}(?:ais|ait|aient)"
)
_PERFECT = re.compile(
    r"\b(?:ai|as|a|avons|avez|ont|suis|es|est|sommes|êtes|sont) (?:\w+ )?\w+(?:é|i|u|is|it|ert)e?s?\b"
)


def tenses_agree(tenses: Collection[str]) -> bool:
    """Whether one may tell of these at once."""
    return not {"present", "imperfect"} <= set(tenses)


def _is_infinitive(word: str) -> bool:
    return len(word) > 3 and word.endswith(_INFINITIVES)


def is_imperfect(word: str, before: str = "") -> bool:
    """Whether a form tells of what was then, after the word `before`.

    >>> is_imperfect("dormait"), is_imperfect("dort"), is_imperfect("glissions", "nous"), is_imperfect("camions")
    (True, False, True, False)
    """
    is_ours = before == "nous" and word.endswith("ions")
    return is_ours or word_tense(word) == "then" or bool(_IMPERFECT.fullmatch(word))


def clause_tense(line: str) -> str:
    """Return the tense of a clause as the forms show it: "imperfect", "perfect", or else "present".

    >>> clause_tense("On dormait"), clause_tense("Elle a dormi"), clause_tense("Elle dort")
    ('imperfect', 'perfect', 'present')
    """
    words = tokenise(line)
    if any(map(is_imperfect, words, ["", *words])):
        return "imperfect"
    return "perfect" if _PERFECT.search(" ".join(words)) else "present"


THING = "thing"  # kind of what somebody or something does who is no person


@cache
def _person_nouns() -> frozenset[str]:
    return frozenset(word for (word,) in read_word_table("persons.tsv", 1))


def is_person(words: Sequence[str]) -> bool:
    """Whether who acts in a clause is a person: a pronoun, or a noun for one after its article and an adjective.

    >>> [is_person(tokenise(text)) for text in ("Le vieux facteur rit", "La radio rit", "Elle rit", "La clé de Paul")]
    [True, False, True, False]
    """
    return words[0] in ACTORS or not _person_nouns().isdisjoint(words[:3])


class LineBeginning(NamedTuple):
    """What ends go by of the beginning of a line: who acts, by number; whether it is a person; the tense; whether it
    says when; the beginnings of its longer words; the kinds of acts that it tells of.
    """

    actor: int
    is_person: bool
    tense: str
    is_timed: bool
    words: frozenset[str]
    acts: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "LineBeginning":
        """Read it off the first half of a line."""
        words = tokenise(text)
        person, acts = is_person(words), act_kinds(text)
        acts = acts if person else acts | {THING}
        return cls(ACTORS.get(words[0], 0), person, clause_tense(text), _has_time(words), _stems(words), acts)


class LineEnd(NamedTuple):
    """What beginnings go by of the end of a line: who acts where it comes from; whether it speaks of them; whether it
    is done on purpose; whether it refers to something before it; whether it is of each time; the tense of its clause,
    if any; whether it says when; the beginnings of its longer words; the kinds of acts that it denies.
    """

    actor: int
    is_personal: bool
    is_act: bool
    refers: bool
    is_habit: bool
    tense: str
    is_timed: bool
    words: frozenset[str]
    clashes: frozenset[str]

    @classmethod
    def of(cls, text: str, source: str) -> "LineEnd":
        """Read it off the end of a line and the beginning that it has there."""
        words = tokenise(text)
        return cls(
            ACTORS.get(tokenise(source)[0], 0),
            speaks_of_persons(words),
            _is_act(words),
            any(word in _REFERRING_PRONOUNS and _is_infinitive(following) for word, following in pairwise(words)),
            words[0] in _CLASSES["every"],
            clause_tense(text) if _CONJUNCTION.search(text) else "",
            _has_time(words),
            _stems(words),
            circumstance_of(words).denied,
        )


def suits_end(beginning: LineBeginning, end: LineEnd) -> bool:
    """Whether an end may follow a beginning: me, se, mon, son and the like want the same person to act, who does
    something on purpose is a person, no le, la, les before an infinitive refers to what is not there, nothing is said
    twice, what was done once is not done each day, a clause has the tense of the other, what used to be is not when
    something has happened, and no circumstance denies what is done: nobody shouts in silence, or arrives all night.

    >>> mine, hers = LineBeginning.of("Je ferme la porte"), LineBeginning.of("Le train part")
    >>> def suit(beginning, end, source):
    ...     return suits_end(beginning, LineEnd.of(end, source))
    >>> suit(mine, "sans se retourner", "Elle part"), suit(hers, "en riant", "On lit")
    (False, False)
    >>> suit(mine, "pour la voir", "Tu lis"), suit(mine, "quand je dormais", "Je lisais")
    (False, False)
    >>> suit(mine, "sans bruit", "Il lit"), suit(mine, "toute la nuit", "Il lit")
    (True, False)
    """
    return not (
        (end.is_personal and beginning.actor != end.actor)
        or (end.is_act and not beginning.is_person)
        or end.refers
        or (end.is_timed and beginning.is_timed)
        or not end.words.isdisjoint(beginning.words)
        or (end.is_habit and beginning.tense == "perfect")
        or not tenses_agree({beginning.tense, end.tense})
        or (beginning.tense, end.tense) == ("imperfect", "perfect")
        or not end.clashes.isdisjoint(beginning.acts)
    )


def is_whole_clause(beginning: str) -> bool:
    """Whether a clause may end here, of at least three words, the first who acts.

    >>> [is_whole_clause(text) for text in ("On a monté", "On a", "Dans la nuit noire", "Je vais dans la")]
    [True, False, False, False]
    """
    words = tokenise(beginning)
    return len(words) > 2 and words[0] in ACTORS and words[-1] not in _CLASSES["open"] | _CLASSES["verb"]


def clause_length(line: str) -> int:
    """Return how many words the whole clause has that a line begins with, up to a sign; 0 if it begins with none.

    >>> clause_length("Elle a remis sa capuche. Dehors passait un vélo"), clause_length("Elle a, la nuit")
    (5, 0)
    """
    clause = _PUNCTUATION_PATTERN.split(line, maxsplit=1)[0]
    return len(tokenise(clause)) if is_whole_clause(clause) and is_event_clause(clause) else 0


def is_event_clause(beginning: str) -> bool:
    """Whether one clause says what somebody or something does or did, which a circumstance can go with: not what is,
    what is not, what will or would be, nor what is told as books do; and says it by itself, with no name and no pronoun
    for what is not there.

    >>> [is_event_clause(text) for text in ("Mon frère ferme la porte", "Elle a dormi", "Elle a vingt ans", "Fermé")]
    [True, True, False, False]
    >>> [is_event_clause(text) for text in ("Tu ne dors jamais", "Tu fermeras la porte", "Je l'ai vu", "On lave Jonas")]
    [False, False, False, False]
    """
    words = tokenise(beginning)
    if len(words) < 2:
        return False
    acts = act_kinds(beginning) <= PLAIN_KINDS
    is_subject = words[0] in ACTORS or words[0] in DETERMINERS
    will_be = any(_FUTURE.fullmatch(word) for word in words[1:4])
    return (
        acts
        and is_subject
        and not (
            will_be
            or is_simple_past(beginning)
            or (words[0] in ACTORS and words[1] in _REFERRING_PRONOUNS)
            or _INNER_NAME_PATTERN.search(beginning)
            or _CLASSES["not"].intersection(words)
            or _PUNCTUATION_PATTERN.search(beginning)
        )
    )


def speaks_of_persons(words: Collection[str]) -> bool:
    """Whether words such as mon, te, nous say who is meant."""
    return not _PERSONAL.isdisjoint(words)


def _has_time(words: Sequence[str]) -> bool:
    return not _CLASSES["time"].isdisjoint(words)


def _stems(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word[:5] for word in words if len(word) > 3)


def _is_act(circumstance: Sequence[str]) -> bool:
    """Whether these words say what somebody does on purpose: without, for or before doing it, or doing it."""
    return (
        bool(circumstance)
        and circumstance[0] in ("sans", "pour", "en", "avant")
        and any(
            _is_infinitive(word) or (circumstance[0] == "en" and word.endswith("ant")) for word in circumstance[1:4]
        )
    )
