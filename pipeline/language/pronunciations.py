"""A table word -> sound, computed once for a vocabulary and stored beside a corpus as plain columns.

With it, pages scan lines without loading a model; an unknown word is transcribed on first use.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

from pipeline.core.errors import CorpusError
from pipeline.language.dieresis import OPEN_GLIDE_MARGIN, dieresis_probabilities
from pipeline.language.ipa import count_nuclei, phones_for_rhyme, split_phones
from pipeline.language.lexicons import pronunciation_lexicon
from pipeline.language.liaison import sandhi_flags_of_first_word, sandhi_flags_of_second_word
from pipeline.language.mute_e import analyse_mute_e, elides_before
from pipeline.language.phones import Pronunciation, spell_out, transcribe_tokens, word_before_liaison
from pipeline.language.tokens import is_clitic, spoken_tokens


class Word(NamedTuple):
    """A word's features from which syllables and rhymes of lines are computed."""

    text: str
    ipa: str  # as spoken: weak inner schwas dropped
    rhymes: tuple[tuple[str, ...], ...]
    syllables: int  # nuclei of `ipa`
    inner_e: int  # schwas that verse adds inside
    dieresis: int  # glides that verse makes syllables: vi-o-lence
    least_dieresis: int  # those that it cannot do without
    most_dieresis: int  # and those that it may make
    certainty: float  # probability that `dieresis` is what verse does
    final_e: int  # 0 none, 1 elidable, 2 plural
    weak: int  # 1 when the first vowel is a schwa that fast speech drops: petit, je
    elides: bool  # whether an e before it is elided
    apocope: bool  # whether an apostrophe says that an e is silent: mouch'ra, un'
    link: str  # the word by which it meets the next one, see `liaison`
    before: int  # bits of what may happen to it before another
    after: int  # and of what it may do to the one before it

    @property
    def phones(self) -> tuple[str, ...]:
        """The phones of the usual pronunciation, with vowels that rhyme merged."""
        return self.rhymes[0]


_APOCOPE = re.compile(r"'(?![aeiouyàâéèêhœ])")

MAX_LEARNT_WORDS = 20_000  # words learnt by looking them up that are kept: what visitors write must not fill the memory


_ANALYSIS_CACHE_SIZE = 1 << 15  # words whose analysis is cached: those that all songs share


class _WordCache(dict[str, Word]):
    """A cache word -> Word, filled on first access; words missing from `sources` are transcribed."""

    def __init__(self, sources: dict[str, Pronunciation]) -> None:
        super().__init__()
        self._sources = sources
        self._learnt: list[str] = []

    def __missing__(self, word: str) -> Word:
        source = self._sources.get(word)
        if source is None:
            source = self._sources[word] = transcribe_tokens([word])[0]
            self._learnt.append(word)
            if len(self._learnt) > 2 * MAX_LEARNT_WORDS:
                forgotten, self._learnt = self._learnt[:-MAX_LEARNT_WORDS], self._learnt[-MAX_LEARNT_WORDS:]
                for each in forgotten:
                    self.pop(each, None)
                    self._sources.pop(each, None)
        self[word] = analysed = analyse_word(source)
        return analysed


class Pronunciations(Mapping[str, Word]):
    """A mapping word -> Word, filled on first access; unknown words are transcribed. Safe from many threads.

    Of transcribed words the last `MAX_LEARNT_WORDS` are kept.

    >>> Pronunciations.from_words(["nuit"])["nuit"].ipa
    'nɥi'
    """

    def __init__(self, pronunciations: Iterable[Pronunciation] = ()) -> None:
        self._sources = {pronunciation.word: pronunciation for pronunciation in pronunciations}
        self._words = _WordCache(self._sources)

    def __repr__(self) -> str:
        return f"<Pronunciations of {len(self):,} words>"

    @classmethod
    def from_words(cls, words: Sequence[str]) -> "Pronunciations":
        """Return the pronunciations of a vocabulary of tokens, transcribed in one batch."""
        return cls(transcribe_tokens(list(dict.fromkeys(words))))

    def __getitem__(self, word: str) -> Word:
        return self._words[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def __contains__(self, word: object) -> bool:
        return word in self._sources

    def phonetic_features(self, tokens: Iterable[str]) -> tuple[Word, ...]:
        """Return the phonetic features of the tokens of a line, a `Word` for each."""
        return tuple(map(self._words.__getitem__, tokens))

    def copy(self) -> "Pronunciations":
        """Return an independent copy of these pronunciations, to which words can be added."""
        own = Pronunciations()
        own._sources.update(self._sources)
        own._words.update(self._words)
        return own

    def look_up(self, words: Sequence[str]) -> list[Pronunciation]:
        """Return the pronunciation of each of these words; unknown ones are transcribed and added."""
        self.transcribe_missing(words)
        return [self._sources[word] for word in words]

    def transcribe_missing(self, words: Iterable[str]) -> None:
        """Transcribe those of these words that are not yet known, in one batch, and add them."""
        for pronunciation in transcribe_tokens([w for w in dict.fromkeys(words) if w not in self._sources]):
            self._sources[pronunciation.word] = pronunciation

    def transcribe_missing_in_lines(self, lines: Iterable[str]) -> None:
        """Transcribe the unknown words of these lines in one batch and add them."""
        self.transcribe_missing({token: None for line in dict.fromkeys(lines) for token in spoken_tokens(line)})


def pronunciations_to_columns(rows: Sequence[Pronunciation]) -> dict[str, list[str]]:
    """Return pronunciations as the columns word, ipa, source, others (joined by |)."""
    return {
        "word": [row.word for row in rows],
        "ipa": [row.ipa for row in rows],
        "source": [row.source for row in rows],
        "others": ["|".join(row.others) for row in rows],
    }


def pronunciations_from_columns(columns: Mapping[str, Sequence[str]]) -> list[Pronunciation]:
    """Return the pronunciations that `pronunciations_to_columns` wrote. Raises CorpusError if damaged."""
    words, ipa, sources, others = (columns.get(name, ()) for name in ("word", "ipa", "source", "others"))
    if len({len(words), len(ipa), len(sources), len(others)}) > 1:
        raise CorpusError("The stored pronunciations are damaged: prepare the corpus again.")
    several = (tuple(each.split("|")) if each else () for each in others)
    return list(map(Pronunciation, words, ipa, sources, several))  # type: ignore[arg-type]


@lru_cache(_ANALYSIS_CACHE_SIZE)
def analyse_word(pronunciation: Pronunciation) -> Word:
    """Return a word with the features that its pronunciation gives it: syllables, phones, rhyme keys."""
    text, ipa, _, others = pronunciation
    entry = pronunciation_lexicon().get(text)
    spelling = spell_out(text)
    e = analyse_mute_e(spelling, ipa, foreign=entry is not None and entry.kind == "english")
    chances = dieresis_probabilities(spelling, ipa)  # none, mostly
    elides, linking = elides_before(spelling, ipa), word_before_liaison(text)
    return Word(
        text,
        e.spoken,
        tuple([phones_for_rhyme(ipa) for ipa in (e.spoken, *(analyse_mute_e(text, other).spoken for other in others))]),
        count_nuclei(e.spoken),
        e.inner,
        sum(chance >= 0.5 for chance in chances),
        sum(chance > 1 - OPEN_GLIDE_MARGIN for chance in chances),
        sum(chance >= OPEN_GLIDE_MARGIN for chance in chances),
        prod(max(chance, 1 - chance) for chance in chances),
        e.final,
        int("ə" in e.spoken and "ə" in split_phones(e.spoken)[:3]),
        elides,
        _APOCOPE.search(text) is not None and not is_clitic(text),
        linking,
        sandhi_flags_of_first_word(text, linking, e.cluster),
        sandhi_flags_of_second_word(text, e.spoken, elides),
    )
