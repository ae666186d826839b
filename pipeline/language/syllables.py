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
from operator import and_
from typing import NamedTuple

from pipeline.language.ipa import ORAL_VOWELS
from pipeline.language.liaison import (
    ENCLITIC_E,
    FINAL_E,
    LIAISON_BITS,
    REVOIR,
    Y_A,
    apply_liaison,
)
from pipeline.language.mute_e import NO_FINAL_E
from pipeline.language.pronunciations import Pronunciations, Word
from pipeline.language.tokens import blank_adlibs, pause_positions, spoken_tokens

VOWEL_FINAL_CHARACTERS = ORAL_VOWELS | {"\u0303"}


class Syllables(NamedTuple):
    """The four syllable counts of a line: spoken, in verse, minimum and maximum."""

    spoken: int
    verse: int
    minimum: int
    maximum: int


class LineScansion(NamedTuple):
    """A line as pronounced, ad-libs excluded: its words, the IPA and the syllables of each, its syllable counts."""

    words: tuple[Word, ...]
    sounds: tuple[str, ...]  # IPA in context, one a word
    spoken: tuple[int, ...]  # syllables, one a word
    syllables: Syllables

    @property
    def ipa(self) -> str:
        """The IPA of the line, words separated by spaces; clitics are joined to their word (j'suis: ʒsɥi)."""
        text, glue = "", True
        for word, sound in zip(self.words, self.sounds, strict=True):
            if sound:
                text += sound if glue or word.text[0] == "-" else " " + sound
                glue = word.text[-1] == "'" and not word.syllables
        return text


_EMPTY_SCANSION = LineScansion((), (), (), Syllables(0, 0, 0, 0))


def scan_line(text: str, pronunciations: Pronunciations, *, verse: bool = False) -> LineScansion:
    """Return the scansion of a line. Ad-libs in brackets are excluded, except in classical `verse`.

    >>> scan_line("Samedi soir, avenue des lilas", Pronunciations()).syllables[:2]
    (8, 10)
    """
    text = text if verse else blank_adlibs(text)
    tokens = spoken_tokens(text)
    if not tokens:
        return _EMPTY_SCANSION
    words = pronunciations.phonetic_features(tokens)
    # Fields as columns: their sums take a third of the time that asking word for word takes.
    _, ipa, _, syllables, inner_e, *dieresis, _, final_e, weak, elides, apocope, _, before, after = zip(
        *words, strict=True
    )
    sandhi = [*map(and_, before, after[1:])]  # what happens between a word and the next
    unlinked, spoken, sounds = ipa, syllables, ipa
    if any(sandhi):
        unlinked, spoken, sounds = _apply_sandhi(text, tokens, words, sandhi)
    total, (likely, least, most) = sum(spoken), map(sum, dieresis)
    # In verse a final e counts before a word, a SINGULAR (1) not before a vowel; y a is one syllable.
    sounded_e = len(words) - 1 - final_e[:-1].count(NO_FINAL_E) - sum(map(and_, final_e, elides[1:]))
    classical = sum(syllables) + sum(inner_e) + sounded_e - sandhi.count(Y_A)
    made = least if any(apocope) else likely
    fast = total - _count_droppable_schwas(weak, unlinked, spoken) if any(weak) else total
    counts = Syllables(total, classical + made, min(fast, classical + least), max(total, classical + most))
    return LineScansion(words, sounds, spoken, counts)


def _apply_sandhi(
    text: str, tokens: Sequence[str], words: Sequence[Word], sandhi: Sequence[int]
) -> tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]]:
    """Return (IPA of each word as changed by its neighbours, syllables of each, IPA with liaisons)."""
    sounds, spoken = [word.ipa for word in words], [word.syllables for word in words]
    changes = [(at, change) for at, change in enumerate(sandhi) if change]
    paused = pause_positions(text, tokens)
    for at, change in changes:
        if change & ENCLITIC_E or (change & FINAL_E and at not in paused):
            sounds[at] += "ə"
            spoken[at] += 1
        elif change & Y_A:
            sounds[at], spoken[at] = "j", 0
        elif change & REVOIR:
            sounds[at + 1], spoken[at + 1] = "ʁvwaʁ", 1
    unlinked = tuple(sounds)
    for at, change in changes:
        if change & LIAISON_BITS and at not in paused:
            following, earlier = words[at + 1], words[at - 1].text if at else ""
            sounds[at] = apply_liaison(sounds[at], words[at].link, earlier, following.text, following.ipa)
    return unlinked, tuple(spoken), tuple(sounds)


def _count_droppable_schwas(weak: Sequence[int], sounds: Sequence[str], spoken: Sequence[int]) -> int:
    """Return how many weak e's (je, de, petit) fast speech drops: after a vowel or a silence, never two in a row."""
    total, last = 0, -1  # the word that dropped one last
    for at, one in enumerate(weak):
        if one and spoken[at]:
            before = at - 1
            while before >= 0 and not sounds[before]:
                before -= 1
            if before < 0 or (before != last and sounds[before][-1] in VOWEL_FINAL_CHARACTERS):
                total, last = total + 1, at
    return total
