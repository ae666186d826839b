"""A table word -> sound, computed once for a vocabulary and stored beside a corpus as plain columns.

With it, pages scan lines without loading a model; an unknown word is transcribed on first use.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple, Protocol

from pipeline.core.errors import CorpusError
from pipeline.language.dieresis import OPEN_GLIDE_MARGIN, dieresis_chances
from pipeline.language.ipa import count_nuclei, merged_phones, split_phones
from pipeline.language.lexicons import rap_phones
from pipeline.language.liaison import first_word_sandhi_bits, second_word_sandhi_bits
from pipeline.language.mute_e import analyse_e, elides_before
from pipeline.language.phones import Pronunciation, linking_form, spell_out, transcribe_tokens
from pipeline.language.tokens import is_clitic, spoken_tokens


class Word(NamedTuple):
    """All that counting and rhyming ask of a word. `rhymes` holds merged phones, one tuple a pronunciation."""

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
        """Merged phones of the usual pronunciation."""
        return self.rhymes[0]


_APOCOPE = re.compile(r"'(?![aeiouyàâéèêhœ])")

LEARNT_LIMIT = 20_000  # words learnt by looking them up that are kept: what visitors write must not fill the memory


_ANALYSIS_CACHE_SIZE = 1 << 15  # words whose analysis is cached: those that all songs share


class _WordCache(dict[str, Word]):
    """word -> Word, made of `sources` when it is asked for, which learn what they lack."""

    def __init__(self, sources: dict[str, Pronunciation]) -> None:
        super().__init__()
        self._sources = sources
        self._learnt: list[str] = []

    def __missing__(self, word: str) -> Word:
        source = self._sources.get(word)
        if source is None:
            source = self._sources[word] = transcribe_tokens([word])[0]
            self._learnt.append(word)
            if len(self._learnt) > 2 * LEARNT_LIMIT:
                forgotten, self._learnt = self._learnt[:-LEARNT_LIMIT], self._learnt[-LEARNT_LIMIT:]
                for each in forgotten:
                    self.pop(each, None)
                    self._sources.pop(each, None)
        self[word] = analysed = analyse_word(source)
        return analysed


class PronunciationSource(Protocol):
    """Where pronunciations come from: `Pronunciations`, or the table stored beside a corpus."""

    def rows(self, words: Sequence[str]) -> list[Pronunciation]:
        """Return how these words sound, in their order; `analyse_word` makes a `Word` of each."""


class Pronunciations(Mapping[str, Word]):
    """word -> Word, analysed when it is first looked up: most pages ask for few of a vocabulary.

    Looking up an unknown word transcribes and adds it; of such words the last `LEARNT_LIMIT` stay. Safe from many
    threads.

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
        """Transcribe a vocabulary of tokens in one batch."""
        return cls(transcribe_tokens(list(dict.fromkeys(words))))

    def __getitem__(self, word: str) -> Word:
        return self._words[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def __contains__(self, word: object) -> bool:
        return word in self._sources

    def words(self, tokens: Iterable[str]) -> tuple[Word, ...]:
        """Return the words of a line: faster than looking each up."""
        return tuple(map(self._words.__getitem__, tokens))

    def copy(self) -> "Pronunciations":
        """Return a table of the same words that learns by itself."""
        own = Pronunciations()
        own._sources.update(self._sources)
        own._words.update(self._words)
        return own

    def rows(self, words: Sequence[str]) -> list[Pronunciation]:
        """Return how these words sound; those that are not known are learnt."""
        self.transcribe_missing(words)
        return [self._sources[word] for word in words]

    def transcribe_missing(self, words: Iterable[str]) -> None:
        """Transcribe in one batch those of `words` that are not known yet."""
        for pronunciation in transcribe_tokens([w for w in dict.fromkeys(words) if w not in self._sources]):
            self._sources[pronunciation.word] = pronunciation

    def transcribe_missing_in_lines(self, lines: Iterable[str]) -> None:
        """Transcribe in one batch the tokens of `lines` that are not known yet."""
        self.transcribe_missing({token: None for line in dict.fromkeys(lines) for token in spoken_tokens(line)})

    def to_columns(self) -> dict[str, list[str]]:
        """Return `to_columns` of all its words, in insertion order."""
        return to_columns(list(self._sources.values()))

    @classmethod
    def from_columns(cls, columns: Mapping[str, Sequence[str]]) -> "Pronunciations":
        """Read what `to_columns` wrote; needs no model. Raise CorpusError when columns are missing or uneven."""
        return cls(read_columns(columns))


def to_columns(rows: Sequence[Pronunciation]) -> dict[str, list[str]]:
    """Return the columns word, ipa, source, others (joined by |), a row a word: those of a Parquet or JSON file."""
    return {
        "word": [row.word for row in rows],
        "ipa": [row.ipa for row in rows],
        "source": [row.source for row in rows],
        "others": ["|".join(row.others) for row in rows],
    }


def read_columns(columns: Mapping[str, Sequence[str]]) -> list[Pronunciation]:
    """Return the rows that `to_columns` wrote. Raise CorpusError when columns are missing or uneven."""
    words, ipa, sources, others = (columns.get(name, ()) for name in ("word", "ipa", "source", "others"))
    if len({len(words), len(ipa), len(sources), len(others)}) > 1:
        raise CorpusError("The stored pronunciations are damaged: prepare the corpus again.")
    several = (tuple(each.split("|")) if each else () for each in others)
    return list(map(Pronunciation, words, ipa, sources, several))  # type: ignore[arg-type]


@lru_cache(_ANALYSIS_CACHE_SIZE)
def analyse_word(pronunciation: Pronunciation) -> Word:
    """Return what counting and rhyming ask of a word, from how it sounds."""
    text, ipa, _, others = pronunciation
    entry = rap_phones().get(text)
    spelling = spell_out(text)
    e = analyse_e(spelling, ipa, foreign=entry is not None and entry.kind == "english")
    chances = dieresis_chances(spelling, ipa)  # none, mostly
    elides, linking = elides_before(spelling, ipa), linking_form(text)
    return Word(
        text,
        e.spoken,
        tuple([merged_phones(spoken) for spoken in (e.spoken, *(analyse_e(text, other).spoken for other in others))]),
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
        first_word_sandhi_bits(text, linking, e.cluster),
        second_word_sandhi_bits(text, e.spoken, elides),
    )
