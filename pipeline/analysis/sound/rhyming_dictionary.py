"""The rhyming dictionary of a corpus and of French: words that rhyme with a text, and phrases of the corpus that do.

Forms of one word, homophones and misspellings stand together under the most frequent of them, so that the first rows
are rhymes and not the word once more. Words of French come from `language.rhyme_index.french_index`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import simplemma

from pipeline.analysis.sound.phonetic_table import pronunciations as corpus_sounds
from pipeline.analysis.variants import listed_lemma
from pipeline.analysis.words.word_classes import entries_of_word_class
from pipeline.core.errors import SettingError, spelling_suggestion
from pipeline.corpus.duplicates import connected_groups
from pipeline.corpus.table import Corpus
from pipeline.language.ipa import is_vowel
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import (
    KINDS,
    PERFECT_KIND_NAMES,
    Phones,
    common_suffix_length,
    compare_phones,
    has_feminine_ending,
    line_phone_variants,
    rhyme_key_of_phones,
    word_has_feminine_ending,
)
from pipeline.language.rhyme_index import (
    IndexedWord,
    RhymeEntry,
    RhymeIndex,
    RhymeIndexByLastVowel,
    causes_elision,
    french_index,
    is_weak_rhyme_word,
    key_vowel,
    refuse_overlong_words,
    rhyme_index_by_last_vowel,
)
from pipeline.language.syllables import scan_line
from pipeline.language.vocabulary import SPECIALS

COLUMNS = ("word", "forms", "kind", "similarity", "shared_vowels", "shared_phones", "syllables", "frequency", "french")
# Occurrences from which a word is no slip of the pen: in a corpus, and in the prose that French words are counted in.
_ATTESTED_COUNT, _ATTESTED_FRENCH_COUNT = 3, 20
_MAX_INDEX_ENTRIES = 1000  # words of an index that are grouped
_MAX_PHRASE_POSITIONS = 200_000  # places of last words at which phrases are looked for


def index_rhymes(corpus: Corpus, pronunciations: Pronunciations) -> RhymeIndexByLastVowel:
    """Return the rhyme index of a whole corpus: a vowel -> the words with this last vowel, and their frequencies."""
    words, counts = corpus.vocabulary.index2word[len(SPECIALS) :], corpus.word_counts().tolist()[len(SPECIALS) :]
    return rhyme_index_by_last_vowel(pronunciations.look_up(words), dict(zip(words, counts, strict=True)))


class RhymeFilter(NamedTuple):
    """Conditions on the words of the rhyming dictionary."""

    least: str = "near"  # the poorest kind of rhyme
    syllables: tuple[int, ...] = ()  # numbers of syllables; any if none is given
    register: str = ""  # a class of data/lexicons/classes.tsv: verlan, argot, anglicism …
    vowel: bool = False  # only words before which an e elides
    verse: bool = False  # only words that end on a mute e as the text does, or on none
    french: bool = True  # words of French beyond the corpus too
    attested: bool = False  # only words that a dictionary of French has, or that are frequent enough


NO_FILTER = RhymeFilter()


def rhymes_of_text(corpus: Corpus, text: str, rhyme_filter: RhymeFilter = NO_FILTER) -> pd.DataFrame:
    """Return a table of words that rhyme with a word or phrase: words of the corpus, and other French words.

    Raise SettingError for a kind or a register that there is not, and for a word of more than 60 letters.
    """
    sounds = corpus_sounds(corpus)
    indexes = corpus.cached("rhyme index", lambda: index_rhymes(corpus, sounds))
    return rhyming_words(indexes, sounds, text, rhyme_filter)


def rhyming_words(
    indexes: RhymeIndexByLastVowel, sounds: Pronunciations, text: str, rhyme_filter: RhymeFilter = NO_FILTER
) -> pd.DataFrame:
    """Return the words that rhyme with `text`, the best first, a row per group of forms of one word.

    word, forms          the most frequent of the group, and the others: forms, homophones, misspellings
    kind, similarity     of `language.rhyme`
    shared_vowels, shared_phones, syllables
    frequency, french    times in the corpus, and in the lexicon of French; 0 where it is not there

    Forms of the last word of `text` are left out. Raise SettingError for an unknown kind or register, and for a word
    that is too long (`refuse_overlong_words`).
    """
    least, syllables, register, vowel, verse, french, attested = rhyme_filter
    if least not in KINDS:
        raise SettingError(
            "There is no kind of rhyme {kind!r}{near}: choose one of {known}.",
            kind=least,
            known=", ".join(KINDS[1:]),
            near=spelling_suggestion(least, KINDS),
        )
    allowed = set(entries_of_word_class(register)["word"]) if register else None
    refuse_overlong_words(text)
    line = scan_line(text, sounds)
    feminine = has_feminine_ending(line)

    def frequency(indexes: Sequence[RhymeIndex], word: str) -> int:
        return max((each.frequency(word) for each in indexes), default=0)

    def is_allowed_word(word: str, indexed: IndexedWord) -> bool:
        if verse and word_has_feminine_ending(word, indexed.rhymes[0]) != feminine:
            return False
        if attested and not (
            frequency(own_words, word) >= _ATTESTED_COUNT
            or frequency(lexicons, word) >= _ATTESTED_FRENCH_COUNT
            or simplemma.is_known(word, lang="fr")
        ):
            return False
        return (allowed is None or word in allowed) and (not vowel or causes_elision(word, indexed))

    last = dict.fromkeys(key_vowel(rhyme_key_of_phones(ending)) for ending in line_phone_variants(line))
    own_words, lexicons = [indexes(each) for each in last], [french_index(each) for each in last]
    entries: dict[str, RhymeEntry] = {}
    for source in (*own_words, *lexicons) if french else own_words:
        for entry in source.find_rhymes(
            text, sounds, least=least, syllables=syllables, accepts=is_allowed_word, limit=_MAX_INDEX_ENTRIES
        ):
            entries.setdefault(entry.word, entry)
    in_corpus = {word: frequency(own_words, word) for word in entries}
    in_french = {word: frequency(lexicons, word) if french else 0 for word in entries}

    def lemma(word: str) -> str:
        return next(filter(None, (each.lemma(word) for each in lexicons)), "") or listed_lemma(word)

    own = {lemma(word.text) for word in line.words[-1:]}
    groups = [
        group
        for group in _group_by_lemma_or_sound(list(entries.values()), lemma, in_corpus, in_french)
        if not own & {lemma(entry.word) for entry in group}
    ]
    own_endings = set(line_phone_variants(line))
    groups.sort(key=lambda group: _rhyme_group_sort_key(group, in_corpus, in_french, own_endings))
    rows = [
        (
            group[0].word,
            ", ".join(entry.word for entry in group[1:]),
            group[0].kind,
            group[0].similarity,
            group[0].shared_vowels,
            group[0].shared_phones,
            group[0].syllables,
            sum(in_corpus[entry.word] for entry in group),
            sum(in_french[entry.word] for entry in group),
        )
        for group in groups
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _group_by_lemma_or_sound(
    entries: Sequence[RhymeEntry],
    lemma: Callable[[str], str],
    in_corpus: Mapping[str, int],
    in_french: Mapping[str, int],
) -> Iterator[list[RhymeEntry]]:
    """Yield groups of entries that share a lemma or a pronunciation, each with the most frequent entry first."""
    first: dict[object, int] = {}
    keys = ((at, key) for at, entry in enumerate(entries) for key in (lemma(entry.word), entry.sound))
    leaders = connected_groups(len(entries), ((at, first.setdefault(key, at)) for at, key in keys))
    groups: dict[int, list[RhymeEntry]] = defaultdict(list)
    for leader, entry in zip(leaders, entries, strict=True):
        groups[leader].append(entry)
    for group in groups.values():
        yield sorted(group, key=lambda e: (-(10 * in_corpus[e.word] + in_french[e.word]), e.word))


def _rhyme_group_sort_key(
    group: Sequence[RhymeEntry],
    in_corpus: Mapping[str, int],
    in_french: Mapping[str, int],
    own_endings: Collection[Phones],
) -> tuple[bool, bool, int, float, int, int, int]:
    """Return the sort key of a group of rhyming words: by richness, closeness, frequency; function words last."""
    first = group[0]
    strict = first.kind in PERFECT_KIND_NAMES
    times = sum(10 * in_corpus[entry.word] + in_french[entry.word] for entry in group)
    return (
        is_weak_rhyme_word(first.word),
        first.sound in own_endings,
        -KINDS.index(first.kind),
        0.0 if strict else -first.similarity,
        -first.shared_vowels if strict else 0,
        -first.shared_phones if strict else 0,
        -times,
    )


def mosaic_rhymes(corpus: Corpus, text: str, most: int = 40) -> pd.DataFrame:
    """Return the phrases of two or three words of a corpus that rhyme with a text across words: cadeau, sac à dos.

    Columns phrase, kind, shared_vowels, shared_phones, count, the longest match first. A phrase whose last word holds
    the whole rhyme is none. Raise SettingError for a word that is too long (`refuse_overlong_words`).
    """
    refuse_overlong_words(text)
    sounds = corpus_sounds(corpus)
    line = scan_line(text, sounds)
    ending = max(line_phone_variants(line), key=len)
    vowels = [at for at, phone in enumerate(ending) if is_vowel(phone)]
    columns = ["phrase", "kind", "shared_vowels", "shared_phones", "count"]
    if len(vowels) < 2:
        return pd.DataFrame([], columns=columns)
    names = corpus.vocabulary.index2word
    sound = {at: sounds[names[at]].rhymes[0] for at in range(len(SPECIALS), len(names))}
    held = [ending[at:] for at in range(vowels[-2] + 1, vowels[-1] + 1)]  # what a last word may hold of the rhyme
    own = {word.text for word in line.words}
    last = [at for at, phones in sound.items() if phones in held and names[at] not in own]
    ids, rows = corpus.token_table()
    positions = np.flatnonzero(np.isin(ids, np.array(last, ids.dtype)))[:_MAX_PHRASE_POSITIONS]
    counts: dict[tuple[int, ...], int] = defaultdict(int)
    for place in positions.tolist():
        before = ids[max(place - 2, 0) : place + 1][rows[max(place - 2, 0) : place + 1] == rows[place]].tolist()
        phrases = [tuple(before[-words:]) for words in (2, 3) if len(before) >= words]
        crossing = [phrase for phrase in phrases if _is_mosaic_rhyme(phrase, ending, len(ending) - vowels[-2], sound)]
        if crossing:
            counts[crossing[-1]] += 1
    table = []
    for phrase, count in counts.items():
        rhyme = compare_phones(ending, tuple(phone for at in phrase for phone in sound[at]))
        text = " ".join(names[at] for at in phrase)
        table.append((text, rhyme.kind, rhyme.shared_vowels, rhyme.shared_phones, count))
    table.sort(key=lambda row: (is_weak_rhyme_word(row[0].rpartition(" ")[2]), -row[3], -row[2], -row[4], row[0]))
    return pd.DataFrame(table[:most], columns=columns)


def _is_mosaic_rhyme(phrase: Sequence[int], ending: Phones, least: int, sound: Mapping[int, Phones]) -> bool:
    """Return whether a phrase shares at least `least` final phones with `ending`, some of them in its first word."""
    phones = tuple(phone for at in phrase for phone in sound[at])
    shared = common_suffix_length(phones, ending)
    return shared >= least and shared > sum(len(sound[at]) for at in phrase[1:])
