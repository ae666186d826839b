"""The e that comes and goes: where a written e may sound, decided from spelling and phones together.

The e muet (schwa) is what makes French syllables a range and not a number: "samedi" has two when spoken and
three in a classical verse. A model writes the spoken form; the spelling tells what it omitted.
"""

import re
from typing import NamedTuple

from pipeline.language.ipa import GLIDES, LIQUIDS, count_nuclei, is_vowel, split_phones
from pipeline.language.lexicons import has_aspirated_onset

NO_FINAL_E, ELIDABLE_E, PLURAL_E = 0, 1, 2  # kinds of final written e
SINGLE_CONSONANT, CONSONANT_PAIR, CONSONANT_CLUSTER = 0, 1, 2  # consonants before it: rime, porte, table
_VOWEL_LETTERS = "aeiouyàâäéèêëîïôöûüùœæ"
_CONSONANT_LETTERS = "bcçdfghjklmnpqrstvwxzñ"
# e between one consonant sound and a consonant (or consonant + liquid, or digraph) and a vowel: sam-e-di
# or closes a part of a compound: elle-même, plates-bandes, quelques-unes
_INNER_E = re.compile(
    rf"(?:(?<=[{_CONSONANT_LETTERS}])|(?<=[gq]u))e(?=(?:ch|ph|th|gn|qu|gu|[bcdfgptv][rl]|[{_CONSONANT_LETTERS}])[{_VOWEL_LETTERS}]|s?-[{_CONSONANT_LETTERS}](?<!h)|s-[{_VOWEL_LETTERS}])"
)
_FINAL_E = re.compile(r"[^aeiouyàâäéèêëîïôöûüùœæ]e(s|nt)?$|[gq]ue(s|nt)?$|(?:il|i)lle(s|nt)?$|ye(s|nt)?$")
_VOWEL_GROUP_PATTERN = re.compile(rf"[{_VOWEL_LETTERS}]+")
_HIATUS = re.compile(r"[aeiou]?[éèïëü](?=[aou])|ou(?=i[st])|[aoué](?=[éèïü])|(?<=[aeou])y(?=[aeiouéèêà])")
_SILENT_U = re.compile(rf"(?<=[qg])u(?=[{_VOWEL_LETTERS}])|(?<=g)e(?=[aoâôu])")
_MUTE_ENDING = re.compile(rf"(?<![{_VOWEL_LETTERS}])e(s|nt)?$")
_GLIDE_ONSET = re.compile(r"w|y(?!eux|$|')|-y")  # but: d'yeux, d'y aller


class MuteE(NamedTuple):
    """The mute e's of a word, and their effect on its number of syllables.

    `spoken`: IPA without weak inner schwas; `inner`: schwas that verse adds inside it; `final`: NO_FINAL_E, ELIDABLE_E
    (before a vowel) or PLURAL_E (-es, -ent, never elided); `cluster`: what comes before the final e."""

    spoken: str
    inner: int
    final: int
    cluster: int


def analyse_mute_e(word: str, ipa: str, *, foreign: bool = False) -> MuteE:
    """Return the mute e's of a word as written, given its IPA. `foreign` words (game, life) have none.

    >>> analyse_mute_e("samedi", "samdi").inner, analyse_mute_e("chanterons", "ʃɑ̃təʁɔ̃").spoken
    (1, 'ʃɑ̃tʁɔ̃')
    """
    body = _without_final_schwa(ipa)
    ends_in_schwa, spoken = body != ipa, _drop_weak_schwas(body)
    if foreign or not body:
        return MuteE(spoken, 0, NO_FINAL_E, SINGLE_CONSONANT)
    dropped_here = count_nuclei(body) - count_nuclei(spoken)
    final = ELIDABLE_E if ends_in_schwa else _classify_final_e(word, body)
    return MuteE(
        spoken,
        dropped_here + _count_unwritten_e(word, body),
        final,
        _classify_final_consonants(body) if final else SINGLE_CONSONANT,
    )


def spoken_ipa(ipa: str) -> str:
    """Return the IPA of a word as spoken: without its final schwa and the inner schwas that speech drops."""
    return _drop_weak_schwas(_without_final_schwa(ipa))


def _without_final_schwa(ipa: str) -> str:
    return ipa[:-1] if ipa.endswith("ə") and count_nuclei(ipa) > 1 else ipa


def elides_before(word: str, ipa: str) -> bool:
    """Return whether a final e is elided before `word`, which then begins with a vowel sound but no aspirated h."""
    if not ipa or not (is_vowel(ipa) or (ipa[0] in GLIDES and word[0] in "hoiuéy")):
        return False
    return not (_GLIDE_ONSET.match(word) or has_aspirated_onset(word))


def _drop_weak_schwas(ipa: str) -> str:
    """Return an IPA string without the schwas of V C ə C: ʃɑ̃təʁɔ̃ → ʃɑ̃tʁɔ̃, but pəti, apaʁtəmɑ̃."""
    if "ə" not in ipa:
        return ipa
    phones = list(split_phones(ipa))
    for at in range(len(phones) - 2, 1, -1):
        if phones[at] == "ə" and is_vowel(phones[at - 2]) and not is_vowel(phones[at - 1]):
            following, after = phones[at + 1], phones[at + 2 : at + 3]
            if not is_vowel(following) and not (after and after[0] in GLIDES):
                del phones[at]
    return "".join(phones)


def _count_unwritten_e(word: str, ipa: str) -> int:
    inner = len(_INNER_E.findall(word))
    if not inner:
        return 0
    return min(inner, max(0, _count_written_nuclei(word, ipa) - count_nuclei(ipa)))


def _count_written_nuclei(word: str, ipa: str) -> int:
    """Return the number of syllables that the spelling of a word suggests, its final mute e excluded."""
    word = _SILENT_U.sub("", word)
    if not (word.endswith("ent") and ipa.endswith("ɑ̃")):  # parlent, but not lentement
        word = _MUTE_ENDING.sub("", word)
    return len(_VOWEL_GROUP_PATTERN.findall(word)) + len(_HIATUS.findall(word))


def _classify_final_e(word: str, ipa: str) -> int:
    last = split_phones(ipa)[-1]
    if is_vowel(last) or not _FINAL_E.search(word):
        return NO_FINAL_E
    if last == "s" and word.endswith("es") and word[-3] not in "scxç":
        return NO_FINAL_E  # the s itself is sounded: palmares
    return ELIDABLE_E if word.endswith("e") else PLURAL_E


def _classify_final_consonants(ipa: str) -> int:
    phones = split_phones(ipa)
    if len(phones) < 2 or is_vowel(phones[-2]) or phones[-2] in GLIDES:
        return SINGLE_CONSONANT
    return CONSONANT_CLUSTER if phones[-1] in LIQUIDS and phones[-2] not in LIQUIDS else CONSONANT_PAIR
