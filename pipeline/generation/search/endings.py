"""Words that can end a line: by how they rhyme and how many syllables they have.

A richness is a key: two ends rhyme at least so richly exactly when their keys are equal. Works on merged phones
(`pipeline.language.ipa.merged_phones`); knows nothing of spelling or of models.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.generation.constraints import Richness
from pipeline.language.ipa import is_vowel
from pipeline.language.pronunciations import Pronunciations, Word
from pipeline.language.rhyme import KINDS, Rhyme, line_endings
from pipeline.language.scheme import end_word
from pipeline.language.syllables import scan_line

Key = tuple[str, ...]
MULTIS: dict[Richness, int] = {"multi2": 2, "multi3": 3, "multi4": 4}  # vowels alike
MOST_SYLLABLES = 5  # of a word at the end of a line
WORD = "word"  # before the sound of a whole word, beside keys that hold the end of one


def ending_key(phones: Sequence[str], richness: Richness) -> Key | None:
    """Return what must be equal at the end of two lines for a rhyme of this richness; None when `phones` are too few.

    The rime is the last vowel and what follows it. pauvre: the rime; suffisante, riche: the rime and at least two,
    three phones; leonine: three phones and two vowels; assonance, multi2 to multi4: the last one to four vowels.

    >>> ending_key(("m", "e", "z", "ɔ̃"), "suffisante"), ending_key(("a", "m", "u", "ʁ"), "suffisante")
    (('z', 'ɔ̃'), ('u', 'ʁ'))
    """
    vowels = [at for at, phone in enumerate(phones) if is_vowel(phone)]
    if not vowels:
        return None
    if count := {"assonance": 1, **MULTIS}.get(richness):
        return tuple(phones[at] for at in vowels[-count:]) if len(vowels) >= count else None
    if richness == "leonine" and len(vowels) < 2:
        return None
    first = vowels[-2] if richness == "leonine" else vowels[-1]
    length = max(len(phones) - first, {"suffisante": 2, "riche": 3, "leonine": 3}.get(richness, 1))
    return tuple(phones[-length:]) if len(phones) >= length else None


def vowels_of(phones: Sequence[str]) -> Key:
    """Return the vowels among phones."""
    return tuple(phone for phone in phones if is_vowel(phone))


def rich_enough(rhyme: Rhyme, wanted: Richness) -> bool:
    """Whether a rhyme is of this richness or a better one."""
    if wanted in MULTIS:
        return rhyme.shared_vowels >= MULTIS[wanted]
    return KINDS.index(rhyme.kind) >= KINDS.index(wanted)


@dataclass(frozen=True)
class Endings:
    """The words that may end a line, most frequent first, grouped by key for every richness."""

    words: tuple[Word, ...]
    _groups: dict[Richness, Mapping[Key, tuple[int, ...]]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, words: Iterable[str], pronunciations: Pronunciations) -> "Endings":
        """Index words in order of preference. What cannot end a line (clitics, noises) is left out."""
        pronounced = (pronunciations[word] for word in words)
        return cls(tuple(w for w in pronounced if 1 <= w.syllables <= MOST_SYLLABLES and not w.text.endswith("'")))

    @property
    def all(self) -> tuple[int, ...]:
        """Every index."""
        return tuple(range(len(self.words)))

    def groups(self, richness: Richness) -> Mapping[Key, tuple[int, ...]]:
        """Return key -> indices in `words` of those that have it."""
        if richness not in self._groups:
            groups = defaultdict(list)
            for index, word in enumerate(self.words):
                if (key := ending_key(word.phones, richness)) is not None:
                    groups[key].append(index)
            self._groups[richness] = {key: tuple(indices) for key, indices in groups.items()}
        return self._groups[richness]

    def partners(self, phones: Sequence[str], richness: Richness) -> tuple[int, ...]:
        """Return the words whose end rhymes with `phones`, by themselves, at least so richly."""
        key = ending_key(phones, richness)
        return self.groups(richness).get(key, ()) if key is not None else ()

    def completing(self, phones: Sequence[str], richness: Richness) -> dict[Key, tuple[int, ...]]:
        """Return multis across words: vowels that a line must end on -> words of fewer vowels that then complete it.

        Empty for a richness that is no multi, and for `phones` of too few vowels.
        """
        count, key = MULTIS.get(richness, 0), ending_key(phones, richness)
        if not count or key is None:
            return {}
        parts = {key[:at]: self._by_vowels.get(key[at:], ()) for at in range(1, count)}
        return {before: words for before, words in parts.items() if words}

    @cached_property
    def _by_vowels(self) -> Mapping[Key, tuple[int, ...]]:
        """All vowels of a word, in order -> the words that have just these."""
        groups = defaultdict(list)
        for index, word in enumerate(self.words):
            groups[vowels_of(word.phones)].append(index)
        return {key: tuple(indices) for key, indices in groups.items()}

    def rhymable(self, richness: Richness, partners: int) -> tuple[int, ...]:
        """Return the words that at least `partners` others rhyme with."""
        groups = self.groups(richness).values()
        return tuple(sorted(index for group in groups if len(group) > partners for index in group))


def ending_sounds(text: str, sounds: Pronunciations, richness: Richness | None) -> set[Key]:
    """Return the last word of a line as it sounds (porte and portes are one), and its ends of this richness, if any."""
    scanned = scan_line(text, sounds)
    last = end_word(scanned)
    if not last:
        return set()
    keys = [ending_key(phones, richness) for phones in line_endings(scanned)] if richness else []
    return {word_sound(sounds[last]), *(key for key in keys if key)}


def word_sound(word: Word) -> Key:
    """Return a key of the whole word; a mute e makes no difference."""
    return WORD, word.ipa.replace("ə", "")
