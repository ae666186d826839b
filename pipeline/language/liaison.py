"""What two words do to each other where they meet: the liaisons that nobody leaves out, and numbers before a consonant.

After determiners, pronouns before their verb, numbers, quand, tout, très and a few prepositions a written consonant is
said before a vowel (les‿amis, un‿enfant, on‿est, vingt‿ans, dix‿heures, neuf‿ans as nœv); dit-il and vas-y have theirs;
six and dix lose their s, huit its t before a consonant. Optional liaisons (c'est un, pas encore) are not made: a
consonant between two vowels changes no count of syllables. None crosses a pause. The e of quatre murs and regarde-moi,
and *y a*, are of two words too.

Whether anything may happen between two words is a bit that `sandhi_flags_of_first_word` of the first and
`sandhi_flags_of_second_word` of the second share: between most words nothing does, and counting a line asks no more of
them.

Delattre, Les modes phonétiques du français (1953); Côté, Phonologie française (2005), table of compulsory liaisons.
"""

from functools import lru_cache

from pipeline.language.ipa import ORAL_VOWELS
from pipeline.language.mute_e import CONSONANT_CLUSTER, elides_before

_WORDS_BY_LIAISON_CONSONANT = {
    "z": (
        "les des ces mes tes ses nos vos leurs aux quelques plusieurs nous vous ils elles deux trois six dix "
        "quatre-vingts très sans sous dans chez"
    ),
    "n": "un mon ton son aucun on en",
    "t": "vingt cent quand tout grand petit",
    "v": "neuf",
    "ʁ": "premier dernier",
}
_LIAISON_CONSONANT_BY_WORD = {
    word: consonant for consonant, words in _WORDS_BY_LIAISON_CONSONANT.items() for word in words.split()
}
_WORDS_VOICING_NEUF = frozenset(
    ("ans", "an", "heures", "heure", "hommes", "autres")
)  # neuf keeps its f before other vowels
# Pronouns link to a verb and to en and y; un and the adjectives to a noun: before these words they stand alone.
_NO_LIAISON_BEFORE = frozenset(
    (
        *("et", "ou", "où", "à", "au", "aux", "avec", "aussi", "a", "est", "ont", "un", "une", "alors"),
        *("on", "il", "ils", "elle", "elles"),
    )
)
_LINKS_TO_VERB = frozenset(("nous", "vous", "ils", "elles", "on", "tout", "quand"))
_VERBS = frozenset(("a", "est", "ont"))
_WORDS_LINKING_TO_ALL = frozenset(("les", "des", "aux", "dans", "sans", "sous", "chez", "quand", "tout", "très", "en"))
_POSSESSIVES_ALSO_NOUNS = frozenset(("son", "ton"))  # after a determiner: le son est fort
_DETERMINERS = frozenset(("le", "un", "du", "au", "ce", "quel", "bon", "gros", "de", "d'", "mon", "ton", "son", "leur"))
_SUBJECTS = frozenset(("-il", "-ils", "-elle", "-elles", "-on"))
_INVERSIONS = _SUBJECTS | {"-y", "-en"}
_SHORTENED_NUMERALS = frozenset(("six", "dix", "huit"))  # before a consonant
_WORDS_AFTER_Y = frozenset(("a", "ai", "as", "est", "en", "avait", "avaient", "aura", "aurait", "ait", "eut"))
# said without their e, and often without the r, before anything: p'têt' que
_WORDS_DROPPING_FINAL_E = frozenset(("peut-être", "p't'être", "p'têtre", "p't-être", "pt'être"))
_ENCLITICS = frozenset(("-moi", "-toi", "-le", "-la", "-les", "-lui", "-leur", "-nous", "-vous"))

# What may happen where two words meet.
FINAL_E, ENCLITIC_E, Y_A, REVOIR, LIAISON, SHORTENED_NUMERAL, INVERSION = (1 << bit for bit in range(7))
SOUNDED_E = FINAL_E | ENCLITIC_E  # quatre murs, which a pause keeps apart; regarde-moi
LIAISON_BITS = LIAISON | SHORTENED_NUMERAL | INVERSION


def sandhi_flags_of_first_word(text: str, linking: str, cluster: int) -> int:
    """Return a bit mask of the sound changes that a word may undergo before another word (liaison, elision)."""
    sounded_e = (
        0
        if not cluster or text in _WORDS_DROPPING_FINAL_E
        else SOUNDED_E
        if cluster == CONSONANT_CLUSTER
        else ENCLITIC_E
    )
    linked = LIAISON * (linking in _LIAISON_CONSONANT_BY_WORD) | SHORTENED_NUMERAL * (linking in _SHORTENED_NUMERALS)
    inverted = INVERSION * linking.endswith(("t", "d", "s"))
    return sounded_e | linked | inverted | Y_A * (text == "y") | REVOIR * (text == "au")


def sandhi_flags_of_second_word(text: str, ipa: str, elides: bool) -> int:
    """Return a bit mask of the sound changes that a word may cause in the word before it."""
    bits = Y_A * (text in _WORDS_AFTER_Y) | REVOIR * (text == "revoir") | INVERSION * (text in _INVERSIONS)
    alone = text[:1] != "-"
    if ipa and not elides and ipa[0] not in ORAL_VOWELS:
        bits |= FINAL_E | ENCLITIC_E * (text in _ENCLITICS) | SHORTENED_NUMERAL * alone
    return bits | LIAISON * (elides and alone)


@lru_cache(maxsize=1 << 14)
def liaison_consonant(before: str, word: str, ipa: str, earlier: str = "") -> str:
    """Return the consonant of the compulsory liaison between `before` and `word`, whose IPA is `ipa`; "" for none.

    >>> liaison_consonant("les", "amis", "ami"), liaison_consonant("les", "héros", "eʁo")
    ('z', '')
    >>> liaison_consonant("dit", "-il", "il"), liaison_consonant("vas", "-y", "i")
    ('t', 'z')
    """
    if word[:1] == "-":
        if word in _SUBJECTS:
            return "t" * before.endswith(("t", "d"))
        return "z" * (word in ("-y", "-en") and before.endswith("s"))
    consonant = _LIAISON_CONSONANT_BY_WORD.get(before, "")
    if not consonant or word == "oui" or not elides_before(word, ipa):
        return ""
    if before == "neuf":
        return consonant * (word in _WORDS_VOICING_NEUF)
    if word in _NO_LIAISON_BEFORE and not (
        before in _WORDS_LINKING_TO_ALL or (before in _LINKS_TO_VERB and word in _VERBS)
    ):
        return ""
    return "" if before in _POSSESSIVES_ALSO_NOUNS and earlier in _DETERMINERS else consonant


def loses_final_consonant(before: str, word: str, ipa: str) -> bool:
    """Return whether `before` is six, dix or huit and loses its last consonant before `word`, as in six mois.

    >>> loses_final_consonant("six", "mois", "mwa"), loses_final_consonant("six", "ans", "ɑ̃")
    (True, False)
    """
    if before not in _SHORTENED_NUMERALS or not ipa or word[:1] == "-":
        return False
    return ipa[0] not in ORAL_VOWELS and not elides_before(word, ipa)


def apply_liaison(sound: str, before: str, earlier: str, word: str, ipa: str) -> str:
    """Return the IPA `sound` of the word `before`, changed by the liaison with the following `word`.

    >>> apply_liaison("sis", "six", "", "mois", "mwa"), apply_liaison("sis", "six", "", "ans", "ɑ̃")
    ('si', 'siz')
    >>> apply_liaison("le", "les", "", "ans", "ɑ̃")
    'lez'
    """
    if loses_final_consonant(before, word, ipa):
        return sound[:-1]
    consonant = liaison_consonant(before, word, ipa, earlier)
    if consonant and before in ("six", "dix", "neuf"):
        sound = sound[:-1]
    return sound + consonant
