"""What a clause does: its verb, and of which kinds that act is.

data/lexicons/verbs.tsv says of 2,671 verbs whether what they tell of is over at once, done once, not willed, in the
head alone, heard, seen to, done with the mouth, asleep, in one place or on the way; or is no act but a state, or
nothing that anybody does. A circumstance denies some of these (data/lexicons/circumstances.tsv): nobody shouts in
silence, or inherits all night.
"""

import re
from functools import cache, lru_cache

from pipeline.analysis.variants import lemma
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import tokenise

ORDINARY, UNKNOWN = "ordinary", "unknown"  # kinds of an act: of none of the table's, of a verb that it lacks
# What one sees or hears somebody do: the acts that a circumstance goes with, whatever the song is about.
PLAIN_KINDS = frozenset((ORDINARY, "instant", "sound", "sight", "rest", "movement", "asleep"))
ACTORS = {  # pronoun that a line begins with -> who acts, by number
    word: number
    for number, words in enumerate(("il elle", "je j'", "tu t'", "ils elles", "on", "nous", "vous"))
    for word in words.split()
}
_WORDS = {
    name: frozenset(words.split())
    for name, words in {
        "before verb": "me m' te t' se s' le la les l' lui leur y en nous vous ne n'",
        "adverb": "pas jamais tout bien mal trop plus déjà encore même toujours",
        "determiner": """
            le la les l' un une des ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
            """,
        "auxiliary": "avoir être",
        "before infinitive": """
            aller vouloir pouvoir devoir venir falloir savoir oser laisser faire finir commencer continuer
            """,
    }.items()
}
DETERMINERS = _WORDS["determiner"]
_PARTICIPLE = re.compile(r"\w+(?:é|i|u|is|it|ert|int)e?s?")
_NOT_FINITE = re.compile(r"(?:ée?s?|er|ir|oir|re|ant)$")
# endings of forms that are nouns too, whose lemma is the noun -> those of the infinitive
_ENDINGS = (
    ("es", "er"),
    ("e", "er"),
    ("ent", "er"),
    ("s", "ir"),
    ("t", "tir"),
    ("s", "tir"),
    ("s", "rir"),
    ("s", "re"),
)
# the same where a word can only be a verb: after a pronoun, or a participle after avoir or être
_SURE_ENDINGS = (
    *(("s", "r"), ("t", "re"), ("t", "vre"), ("t", "ir"), ("nt", "ndre"), ("ie", "yer"), ("ons", "er"), ("ons", "ir")),
    *(("é", "er"), ("i", "ir"), ("i", "re"), ("u", "re"), ("u", "ir"), ("u", "oir"), ("u", "oire"), ("u", "ire")),
    *(("ert", "rir"), ("is", "ettre"), ("is", "endre"), ("su", "dre"), ("écu", "ivre")),
)
_AGREEMENT = re.compile(r"(?<=[éiuts])(?:e|s|es)$")


@cache
def _verb_kinds() -> dict[str, frozenset[str]]:
    return {verb: frozenset(kinds.split() or [ORDINARY]) for verb, kinds in read_word_table("verbs.tsv", 2)}


@lru_cache(1 << 14)  # words of visitors come too
def _infinitive(word: str, *, is_surely_verb: bool = False) -> str:
    """Return the infinitive of a form, as a verb first: *marche* is *marcher*; its lemma where the table has none.

    >>> [_infinitive(form, is_surely_verb=True) for form in ("rit", "lève", "essuie", "mise", "couru", "éteint")]
    ['rire', 'lever', 'essuyer', 'mettre', 'courir', 'éteindre']
    """
    verbs, usual = _verb_kinds(), lemma(word)
    if usual in verbs:
        return usual
    forms, endings = [word], [*_ENDINGS, *_SURE_ENDINGS] if is_surely_verb else _ENDINGS
    if is_surely_verb:
        forms += [_AGREEMENT.sub("", word), re.sub(r"è(?=[^aeiouy]+es?$)", "e", word)]
    made = (form.removesuffix(end) + infinitive for form in forms for end, infinitive in endings if form.endswith(end))
    return next((verb for verb in made if verb in verbs), usual)


def main_verb(clause: str) -> str:
    """Return the verb of a clause that begins with its subject, "" where none is found.

    >>> [main_verb(clause) for clause in ("Elle a recousu son bouton", "Il va se taire", "Mon frère marche", "La nuit")]
    ['recoudre', 'taire', 'marcher', '']
    """
    words, verbs = tokenise(clause), _verb_kinds()
    if not words:
        return ""
    skipped = _WORDS["before verb"] | _WORDS["adverb"]
    begins_with_pronoun = words[0] in ACTORS
    rest = [word for word in words[2 if words[0] in DETERMINERS else 1 :] if word not in skipped]
    if not begins_with_pronoun:
        finite = (at for at, word in enumerate(rest) if _infinitive(word) in verbs and not _NOT_FINITE.search(word))
        rest = rest[next(finite, len(rest)) :]
    if not rest or rest[0].endswith(("é", "ée", "és", "ées")):  # je soussigné
        return ""
    first = _infinitive(rest[0], is_surely_verb=begins_with_pronoun)
    if first in _WORDS["auxiliary"] and len(rest) > 1 and _PARTICIPLE.fullmatch(rest[1]):
        participle = _infinitive(rest[1], is_surely_verb=True)
        return participle if participle in verbs or first == "avoir" else first  # il est gentil
    if first in _WORDS["before infinitive"]:
        return next((word for word in rest[1:3] if word in verbs), first)
    return first


def is_simple_past(clause: str) -> bool:
    """Whether the verb of a clause shows the tense of books: *il ajusta*, *elles parlèrent*.

    >>> [is_simple_past(clause) for clause in ("Il ajusta sa montre", "Elle attendit", "Il va partir", "Elle a dormi")]
    [True, True, False, False]
    """
    return any(
        len(word) > 2 and word.endswith(ends) and _infinitive(word).endswith(infinitive)
        for word in tokenise(clause)[1:4]
        for ends, infinitive in ((("a", "èrent"), "er"), (("it", "irent"), ("dre", "tre", "tir")))
    )


@lru_cache(1 << 14)
def act_kinds(clause: str) -> frozenset[str]:
    """Return the kinds of what a clause tells of: those of its verb, `ORDINARY` for none of them, else `UNKNOWN`.

    >>> [sorted(act_kinds(clause)) for clause in ("Il crie", "Elle range la table", "On hérite", "Tu zigones")]
    [['mouth', 'sound'], ['ordinary'], ['instant', 'single', 'unwilled'], ['unknown']]
    """
    return _verb_kinds().get(main_verb(clause), frozenset([UNKNOWN]))
