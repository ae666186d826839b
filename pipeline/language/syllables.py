"""How many syllables a line has: as spoken, in classical verse, and the range between.

French has no single count: every written e may or may not sound. Four numbers are given and none is "the" one.

- spoken: final and weak inner e's are silent (sam'di), written clitics keep theirs (je, de, le), and a final e
  sounds between a cluster and a consonant (quatre murs; regarde-moi): the law of three consonants;
- verse: a final e counts before a consonant or an aspirated h, -es and -ent always, none at the end of the
  line; inner e's all count; diérèse where usage makes it (vi-o-lence, see `dieresis`), only where it is certain in
  a line that is written as it is spoken (mouch'ra);
- minimum: spoken, with the weak e's of je, de, petit dropped where a vowel comes before;
- maximum: the larger of spoken and verse, with every diérèse that some poets make.

Grammont, Petit traité de versification française (1908), for both sets of rules.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.language.ipa import ORAL_VOWELS
from pipeline.language.liaison import LINKING, link, optional_consonant
from pipeline.language.mute_e import CLUSTER, PLURAL
from pipeline.language.pronunciations import Pronunciations, Word
from pipeline.language.tokens import align_tokens, blank_adlibs, spoken_tokens

VOWEL_ENDS = ORAL_VOWELS | {"\u0303"}
_PAUSES = frozenset(",.;:!?…—–»")
Y_BEFORE = frozenset(("a", "ai", "as", "est", "en", "avait", "avaient", "aura", "aurait", "ait", "eut"))
# said without their e, and often without the r, before anything: p'têt' que
NEVER_KEEP = frozenset(("peut-être", "p't'être", "p'têtre", "p't-être", "pt'être"))
ENCLITICS = frozenset(("-moi", "-toi", "-le", "-la", "-les", "-lui", "-leur", "-nous", "-vous"))


class Syllables(NamedTuple):
    """The counts of one line."""

    spoken: int
    verse: int
    minimum: int
    maximum: int


class LineScansion(NamedTuple):
    """A line read aloud, ad-libs excluded: its words in order, how each sounds there, its syllables spoken."""

    words: tuple[Word, ...]
    sounds: tuple[str, ...]  # IPA in context, one a word
    spoken: tuple[int, ...]  # syllables, one a word
    syllables: Syllables

    @property
    def ipa(self) -> str:
        """The sounds of the words, separated by spaces; clitics are joined to their word (j'suis: ʒsɥi)."""
        text, glue = "", True
        for word, sound in zip(self.words, self.sounds, strict=True):
            if sound:
                text += sound if glue or word.text[0] == "-" else " " + sound
                glue = word.text[-1] == "'" and not word.syllables
        return text


_SILENCE = LineScansion((), (), (), Syllables(0, 0, 0, 0))


def scan_line(text: str, pronunciations: Pronunciations, *, verse: bool = False) -> LineScansion:
    """Read one line. Anything is accepted; what cannot be said counts nothing.

    What stands in brackets is an ad-lib and no part of it; in `verse` it is.

    >>> scan_line("Samedi soir, avenue des lilas", Pronunciations()).syllables[:2]
    (8, 10)
    """
    text = text if verse else blank_adlibs(text)
    words = tuple([pronunciations[token] for token in spoken_tokens(text)])
    if not words:
        return _SILENCE
    sounds = [word.ipa for word in words]
    spoken = [word.syllables for word in words]
    _read_in_context(text, words, sounds, spoken)
    total, classical, least = sum(spoken), _count_verse(words), sum(word.least_dieresis for word in words)
    made = least if any(word.apocope for word in words) else sum(word.dieresis for word in words)
    most = classical + sum(word.most_dieresis for word in words)
    fast = total - _count_droppable(words, sounds, spoken)
    _link_words(text, words, sounds)
    counts = Syllables(total, classical + made, min(fast, classical + least), max(total, most))
    return LineScansion(words, tuple(sounds), tuple(spoken), counts)


def _read_in_context(text: str, words: Sequence[Word], sounds: list[str], spoken: list[int]) -> None:
    """Change the syllables that a neighbour changes: y a, au revoir, the final e of quatre murs. Works in place."""
    for at, (word, following) in enumerate(pairwise(words)):
        if word.cluster and word.final_e and _sounds_final_e(text, at, words):
            sounds[at] += "ə"
            spoken[at] += 1
        elif word.text == "y" and following.text in Y_BEFORE:
            sounds[at], spoken[at] = "j", 0
        elif word.text == "au" and following.text == "revoir":
            sounds[at + 1], spoken[at + 1] = "ʁvwaʁ", 1


def _link_words(text: str, words: Sequence[Word], sounds: list[str]) -> None:
    """Add the consonants of compulsory liaisons (see `liaison`), where no pause parts the words. Works in place."""
    for at, (word, following) in enumerate(pairwise(words)):
        if word.link in LINKING or following.text[0] == "-":
            sound = link(sounds[at], word.link, words[at - 1].text if at else "", following.text, following.ipa)
            if sound != sounds[at] and not has_pause(text, [each.text for each in words], at):
                sounds[at] = sound


def optional_liaisons(text: str, line: LineScansion) -> list[str]:
    """Return the liaisons that a line of this scansion leaves to its speaker: no count changes beyond its range.

    >>> text = "C'est un ami, pas encore"
    >>> optional_liaisons(text, scan_line(text, Pronunciations()))
    ['est t‿un', 'pas z‿encore']
    """
    tokens, liaisons = [word.text for word in line.words], []
    for at, (word, following) in enumerate(pairwise(line.words)):
        made = line.sounds[at] != word.ipa
        consonant = "" if made else optional_consonant(word.text, following.text, following.ipa, word.ipa)
        if consonant and not has_pause(text, tokens, at):
            liaisons.append(f"{word.text} {consonant}‿{following.text}")
    return liaisons


def _count_verse(words: Sequence[Word]) -> int:
    """Return the classical count without diérèse; "y a" is one syllable here too."""
    total = sum(word.syllables + word.inner_e for word in words)
    for word, following in pairwise(words):
        if word.final_e:
            total += word.final_e == PLURAL or not following.elides
        elif word.text == "y" and following.text in Y_BEFORE:
            total -= 1
    return total


def _sounds_final_e(text: str, at: int, words: Sequence[Word]) -> bool:
    """Return whether the final e of word `at` sounds: quatre murs, regarde-moi; not quatre heures nor quatre, murs."""
    word, following = words[at : at + 2]
    if following.elides or not following.ipa or following.ipa[0] in ORAL_VOWELS or word.text in NEVER_KEEP:
        return False
    if following.text in ENCLITICS or word.cluster != CLUSTER:
        return following.text in ENCLITICS
    return not has_pause(text, [word.text for word in words], at)


def has_pause(text: str, tokens: Sequence[str], at: int) -> bool:
    """Return whether a sign of a pause stands in `text` between token `at` and the next."""
    if _PAUSES.isdisjoint(text):
        return False
    spans = align_tokens(text, tokens)
    return not _PAUSES.isdisjoint(text[spans[at].stop : spans[at + 1].start])


def _count_droppable(words: Sequence[Word], sounds: Sequence[str], spoken: Sequence[int]) -> int:
    """Return how many weak e's (je, de, petit) fast speech drops: after a vowel or a silence, never two in a row."""
    total, after_vowel = 0, True
    for word, sound, count in zip(words, sounds, spoken, strict=True):
        if sound:
            drops = word.weak and count and after_vowel
            total += bool(drops)
            after_vowel = not drops and sound[-1] in VOWEL_ENDS
    return total
