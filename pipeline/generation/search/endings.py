"""Words that can end a line: by how they rhyme and how many syllables they have.

Two ends rhyme at least so richly exactly when their keys (`RhymeKind.rhyme_phones`) are equal. Works on the phones of
`pipeline.language.ipa.phones_for_rhyme`; knows nothing of spelling or of models.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pipeline.generation.constraints import Richness
from pipeline.generation.training_text import TrainingText
from pipeline.language.ipa import vowels_of
from pipeline.language.pronunciations import Pronunciations, Word
from pipeline.language.rhyme import RHYME_KINDS, line_phone_variants
from pipeline.language.scheme import end_word
from pipeline.language.syllables import scan_line

Key = tuple[str, ...]
MOST_SYLLABLES = 5  # of a word at the end of a line
LEAST_SHARE = 0.03  # of its uses, at the end of a line: less often a word (de, un, les) ends none
WHOLE_WORD_KEY_PREFIX = "word"  # before the sound of a whole word, beside keys that hold the end of one


@dataclass(frozen=True)
class Endings:
    """The words that may end a line, the most frequent first, grouped by rhyme key for every richness."""

    words: tuple[Word, ...]
    _groups: dict[Richness, Mapping[Key, tuple[int, ...]]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_words(cls, words: Iterable[str], pronunciations: Pronunciations) -> "Endings":
        """Return the endings among these words, in order: no clitics, and 1 to `MOST_SYLLABLES` syllables."""

        def may_end(word: Word) -> bool:
            return 1 <= word.syllables <= MOST_SYLLABLES and not word.text.endswith("'")

        return cls(tuple(dict.fromkeys(word for text in words if may_end(word := pronunciations[text]))))

    @property
    def all_endings(self) -> tuple[int, ...]:
        """The indices of all words."""
        return tuple(range(len(self.words)))

    def indices_of(self, text: str) -> tuple[int, ...]:
        """Return the indices in `words` of a word, one for each of its pronunciations."""
        return tuple(index for index, word in enumerate(self.words) if word.text == text)

    def indices_by_rhyme_key(self, richness: Richness) -> Mapping[Key, tuple[int, ...]]:
        """Return rhyme key -> indices in `words` of the words with that key, for rhymes of this richness."""
        if richness not in self._groups:
            kind, groups = RHYME_KINDS[richness], defaultdict(list)
            for index, word in enumerate(self.words):
                if (key := kind.rhyme_phones(word.phones)) is not None:
                    groups[key].append(index)
            self._groups[richness] = {key: tuple(indices) for key, indices in groups.items()}
        return self._groups[richness]

    def rhyming_indices(self, phones: Sequence[str], richness: Richness) -> tuple[int, ...]:
        """Return the indices of the words that by themselves rhyme with `phones` at least so richly."""
        key = RHYME_KINDS[richness].rhyme_phones(phones)
        return self.indices_by_rhyme_key(richness).get(key, ()) if key is not None else ()

    def completions_by_vowels(self, phones: Sequence[str], richness: Richness) -> dict[Key, tuple[int, ...]]:
        """Return multisyllabic rhymes across words: vowels of what comes before -> indices of words that complete them.

        Empty for a richness that is not multisyllabic, and for `phones` of too few vowels.
        """
        kind = RHYME_KINDS[richness]
        key = kind.rhyme_phones(phones) if kind.is_multisyllabic else None
        if key is None:
            return {}
        parts = {key[:at]: self._by_vowels.get(key[at:], ()) for at in range(1, kind.vowels)}
        return {before: words for before, words in parts.items() if words}

    @cached_property
    def _by_vowels(self) -> Mapping[Key, tuple[int, ...]]:
        """All vowels of a word, in order -> indices of the words with exactly these vowels."""
        groups = defaultdict(list)
        for index, word in enumerate(self.words):
            groups[vowels_of(word.phones)].append(index)
        return {key: tuple(indices) for key, indices in groups.items()}

    def indices_with_rhymes(self, richness: Richness, partners: int) -> tuple[int, ...]:
        """Return the indices of the words with which at least `partners` others rhyme."""
        groups = self.indices_by_rhyme_key(richness).values()
        return tuple(sorted(index for group in groups if len(group) > partners for index in group))


def line_final_words(text: TrainingText) -> list[str]:
    """Return the last words of the lines of a text, without ad-libs, the most frequent first.

    A word that ends a line less often than `LEAST_SHARE` of its uses (de, un, les) is not among them.
    """
    words, rows = text.lyrics
    ends = np.bincount(words[np.flatnonzero(np.diff(rows, append=-1))], minlength=len(text.vocabulary))
    frequent_ends = np.flatnonzero((ends > 0) & (ends >= LEAST_SHARE * text.word_counts()))
    return text.vocabulary.decode(frequent_ends[np.argsort(-ends[frequent_ends], kind="stable")])


def ending_sounds(text: str, sounds: Pronunciations, richness: Richness | None) -> set[Key]:
    """Return rhyme keys of a line's end: the sound of its last word (the same for porte and portes) and, if `richness`
    is given, the phones that a rhyme so rich has in common."""
    scanned = scan_line(text, sounds)
    last = end_word(scanned)
    if not last:
        return set()
    keys = [RHYME_KINDS[richness].rhyme_phones(phones) for phones in line_phone_variants(scanned)] if richness else []
    return {word_sound(sounds[last]), *(key for key in keys if key)}


def word_sound(word: Word) -> Key:
    """Return a key of the sound of a whole word, in which mute e's make no difference."""
    return WHOLE_WORD_KEY_PREFIX, word.ipa.replace("ə", "")
