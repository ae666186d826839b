"""The phonetic table: syllables, rhyme and assonance of every line of a corpus, from which measures of sound start.

The lyrics layer: ad-libs in brackets are excluded. Sections are read alone: a rhyme never crosses into the next. Only
what is in French is transcribed; lines of other languages are silent.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.analysis.precomputed import EXECUTOR, PRONUNCIATIONS, PrecomputedResult, load_or_compute, whole_corpus
from pipeline.corpus.layers import corpus_pronunciations, vocabulary_mask
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language.ipa import split_phones, vowels_of
from pipeline.language.line_columns import (
    Flags,
    Ids,
    SpokenLines,
    WordFeatures,
    compute_word_features,
    count_rhymes,
    count_syllables,
    join_word_features,
    number_rhyme_keys,
)
from pipeline.language.mute_e import spoken_ipa
from pipeline.language.phone_similarity import Ending, split_ending
from pipeline.language.phones import Pronunciation, transcribe_tokens
from pipeline.language.pronunciations import Pronunciations, analyse_word
from pipeline.language.rhyme import join_word_endings
from pipeline.language.scansion import scan_text_lines, transcribe_words_as_rows
from pipeline.language.scheme import assonance_groups, disambiguate_rhyme_keys, rhyme_groups
from pipeline.language.tokens import blank_adlibs, has_spoken_symbols, spoken_tokens
from pipeline.processes.executors import map_in_order

PHONETIC_COLUMNS = (
    *("spoken", "verse", "minimum", "maximum", "key", "end", "group", "assonance"),
    *("rhymed_syllables", "assonant_syllables", "vowels", "longest", "internal"),
)
_LINES_PER_TASK = 20_000  # lines that are transcribed at a time
_WORDS_PER_TASK = 10_000  # words that are analysed at a time
_Chunk = tuple[SpokenLines, WordFeatures, Ids]
_MAX_PENDING_TASKS = 4  # tasks whose lines and words lie in our memory


def transcribe_lines(
    corpus: Corpus,
    pronunciations: Pronunciations,
    on_progress: Callable[[float], object] = lambda share: None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Return the phonetic table of a corpus, a row per line, indexed by line id:

    spoken, verse, minimum, maximum  syllables, see `language.syllables`
    key, end                         rhyme key and last word of the line, "" when it is silent
    group                            number of its end rhyme in its section, -1 unrhymed
    assonance                        the same with assonances, numbered apart (`scheme.assonance_groups`)
    rhymed_syllables, vowels         syllables of a rhyme, end or internal, and all that were compared
    assonant_syllables               syllables of a rhyme and last ones of lines that assonate
    longest                          syllables of the longest match that ends in the line
    internal                         rhyming words before the end of the line

    A line that is not in French has no syllable and no rhyme. `on_progress` is called with the share of lines done.
    The workers of `executor` share the work; they get the pronunciations and need no model.
    """
    on_progress(0.0)
    french = corpus.where(languages=DEFAULT_LANGUAGES)
    pieces = list(_chunk_rows(french, _LINES_PER_TASK))
    used = _used_words(french, pieces)
    facts = _features_of_words(french, pronunciations, np.flatnonzero(used), executor)
    place = np.cumsum(used) - 1
    chunks = (_chunk_of_lines(french, facts, place, rows) for rows in pieces)
    tables = map_in_order(executor, _transcribe_chunk, chunks, ahead=_MAX_PENDING_TASKS)
    parts = [
        _transcribe_chunk(_chunk_of_lines(french, facts, place, slice(0)))
    ]  # its columns have types, whatever follows
    for rows, table in zip(pieces, tables, strict=True):
        parts.append(table)
        on_progress(rows.stop / len(french.lines))
    table = pd.concat(parts).set_axis(french.lines.index)
    others = corpus.lines.index.difference(french.lines.index)
    if others.empty:
        return table
    silent = pd.DataFrame({"group": -1, "assonance": -1, "key": "", "end": ""}, others).reindex(
        columns=table.columns, fill_value=0
    )
    return pd.concat([table, silent.astype(table.dtypes)]).loc[corpus.lines.index]


def phonetic_table(corpus: Corpus) -> pd.DataFrame:
    """Return the phonetic table of a corpus, a row per line, as stored or computed. Cached with it; read-only."""
    return corpus.cached("phonetic table", lambda: load_or_compute(transcribe_lines, corpus, pronunciations(corpus)))


def pronunciations(corpus: Corpus) -> Pronunciations:
    """Return the pronunciations of the words of a corpus, as stored with it. Cached with the corpus."""
    return corpus.cached("pronunciations", lambda: corpus_pronunciations(corpus))


def _chunk_rows(corpus: Corpus, size: int) -> Iterator[slice]:
    """Yield slices of the rows of `corpus.lines`: whole sections, about `size` lines together."""
    first = np.flatnonzero(np.diff(corpus.lines["section"].to_numpy(), prepend=-1))
    bounds = np.append(first[np.diff(first // size, prepend=-1) > 0], len(corpus.lines))
    return (slice(a, b) for a, b in pairwise(bounds.tolist()))


def _used_words(corpus: Corpus, pieces: Sequence[slice]) -> Flags:
    """Return bool[vocabulary]: which words the lines in these slices hold."""
    used = np.zeros(len(corpus.vocabulary), bool)
    for rows in pieces:
        used[replace(corpus, lines=corpus.lines.iloc[rows]).token_ids()] = True
    return used


def _features_of_words(
    corpus: Corpus, pronunciations: Pronunciations, words: Ids, executor: Executor | None
) -> WordFeatures:
    names = [corpus.vocabulary.index2word[at] for at in words.tolist()]
    rows = (pronunciations.look_up(names[at : at + _WORDS_PER_TASK]) for at in range(0, len(names), _WORDS_PER_TASK))
    return join_word_features(list(map_in_order(executor, _analyse_words, rows)))


def _analyse_words(rows: Sequence[Pronunciation]) -> WordFeatures:
    return compute_word_features([analyse_word(row) for row in rows])


def _chunk_of_lines(corpus: Corpus, facts: WordFeatures, fact_rows: Ids, rows: slice) -> _Chunk:
    """Return the data to transcribe some lines in a worker: lines, features of their words, section of each line.

    `fact_rows` int[vocabulary] is the row of each word in `facts`.
    """
    part = replace(corpus, lines=corpus.lines.iloc[rows])
    ids, line = part.token_table()
    used, word = np.unique(ids, return_inverse=True)
    names = [corpus.vocabulary.index2word[at] for at in used.tolist()]
    spoken_lines = SpokenLines(part.texts.tolist(), names, word, line.astype(np.intp))
    return spoken_lines, facts.select(fact_rows[used]), part.lines["section"].to_numpy()


def _without_adlibs(spoken_lines: SpokenLines) -> SpokenLines:
    """Return the lines without ad-libs. Lines that had ad-libs or have spoken symbols (20 %) are tokenised again.

    New words come last in `names`.
    """
    texts = [blank_adlibs(text) for text in spoken_lines.texts]
    cut = {
        at: spoken_tokens(text)
        for at, (text, written) in enumerate(zip(texts, spoken_lines.texts, strict=True))
        if text != written or has_spoken_symbols(text)
    }
    numbers = {name: at for at, name in enumerate(spoken_lines.names)}
    words = [numbers.setdefault(token, len(numbers)) for tokens in cut.values() for token in tokens]
    unchanged = ~np.isin(spoken_lines.line, list(cut))
    line = np.append(spoken_lines.line[unchanged], np.repeat(list(cut), list(map(len, cut.values())))).astype(np.intp)
    order = np.argsort(line, kind="stable")
    return SpokenLines(
        texts, list(numbers), np.append(spoken_lines.word[unchanged], words).astype(np.intp)[order], line[order]
    )


def _transcribe_chunk(chunk: _Chunk) -> pd.DataFrame:
    """Return the phonetic table of whole sections, numbered from 0; may run in a worker process."""
    spoken_lines, facts, section = chunk
    spoken_lines = _without_adlibs(spoken_lines)
    if more := spoken_lines.names[len(facts.of) :]:
        facts = join_word_features([facts, _analyse_words(transcribe_tokens(more))])
    syllables = count_syllables(spoken_lines, facts.of[spoken_lines.word])
    last = _last_words_with_vowel(spoken_lines, facts.of["syllables"] > 0)
    candidates = [facts.keys[at] if at >= 0 else ("",) for at in last]
    ends = [spoken_lines.names[at] if at >= 0 else "" for at in last]
    endings = _line_endings(spoken_lines, facts, last)
    keys: list[str] = []
    groups: list[int | None] = []
    assonances: list[int | None] = []
    for a, b in pairwise(np.flatnonzero(np.diff(section, prepend=-1, append=-1)).tolist()):
        keys += disambiguate_rhyme_keys(candidates[a:b])
        groups += rhyme_groups(keys[a:b], ends[a:b])
        assonances += assonance_groups(groups[a:b], endings[a:b], ends[a:b])
    number = number_rhyme_keys(facts.keys)
    ends_numbered = np.fromiter(map(number.__getitem__, keys), np.intp, len(keys))
    usual_keys = np.fromiter((number[each[0]] for each in facts.keys), np.intp, len(facts.keys))
    rhymed, sounded, longest, internal, end_rhymes = count_rhymes(
        spoken_lines, facts, ends_numbered, usual_keys, section
    ).T
    group, assonance = (np.array([-1 if each is None else each for each in some], int) for some in (groups, assonances))
    assonant = rhymed + ((assonance >= 0) & (end_rhymes == 0) & (sounded > 0))
    columns = [*syllables.T, keys, ends, group, assonance, rhymed, assonant, sounded, longest, internal]
    types = dict.fromkeys(PHONETIC_COLUMNS, "int16") | dict.fromkeys(("key", "end"), "str")
    return pd.DataFrame(dict(zip(PHONETIC_COLUMNS, columns, strict=True))).astype(types)


def _line_endings(spoken_lines: SpokenLines, facts: WordFeatures, last: Sequence[int]) -> list[Ending]:
    """Return the ending of each line, for assonance; `last` is the index of its last word with a vowel, or -1."""
    voiced = facts.of["syllables"][spoken_lines.word] > 0
    word, line = spoken_lines.word[voiced], spoken_lines.line[voiced]
    before = np.full(len(spoken_lines.texts), -1)
    inner = line[:-1] == line[1:]
    before[line[:-1][inner]] = word[:-1][inner]  # of those that another follows the last of a line stays
    ends = facts.endings
    silent = split_ending(())
    return [
        silent if at < 0 else join_word_endings(ends[first], ends[at]) if first >= 0 else ends[at]
        for first, at in zip(before.tolist(), last, strict=True)
    ]


def _last_words_with_vowel(lines: SpokenLines, voiced: Flags) -> list[int]:
    """Return for each line the index of its last word with a vowel, or -1. `voiced` tells which words have a vowel."""
    last = np.full(len(lines.texts), -1)
    spoken = voiced[lines.word]
    last[lines.line[spoken]] = lines.word[spoken]  # the last of a line stays
    return last.tolist()


_VOWEL_BATCH_WORDS = 20_000  # words whose vowels are counted at a time


def vowel_counts(corpus: Corpus, pronunciations: Pronunciations, executor: Executor | None = None) -> pd.DataFrame:
    """Return the vowels of each French word of a corpus: index (in the vocabulary), vowel (IPA), count.

    The workers of `executor` share the work.
    """
    words = np.flatnonzero(vocabulary_mask(corpus, DEFAULT_LANGUAGES)).tolist()
    chunks = [words[at : at + _VOWEL_BATCH_WORDS] for at in range(0, len(words), _VOWEL_BATCH_WORDS)]
    names = ([corpus.vocabulary.index2word[at] for at in chunk] for chunk in chunks)
    ipa = ([row.ipa for row in pronunciations.look_up(words)] for words in names)
    return pd.concat([_count_vowels([], []), *map_in_order(executor, _count_vowels, chunks, ipa)], ignore_index=True)


def _count_vowels(words: Sequence[int], ipa: Sequence[str]) -> pd.DataFrame:
    """Count the vowels of words, given their indices and IPA: a table of index, vowel, count."""
    voiced = [vowels_of(split_phones(spoken_ipa(each))) for each in ipa]
    counts = [
        (at, vowel, own.count(vowel)) for at, own in zip(words, voiced, strict=True) for vowel in dict.fromkeys(own)
    ]
    return pd.DataFrame(counts, columns=["index", "vowel", "count"]).astype(
        {"index": "int32", "vowel": "str", "count": "int32"}
    )


def vowel_frequencies(corpus: Corpus, vowels: pd.DataFrame) -> pd.DataFrame:
    """Return how often each vowel occurs in the lyrics: vowel (IPA), count, share; most frequent first.

    `vowels` is `vowel_counts` of the corpus, or of one that holds it: words are counted as they sound alone.
    """
    counts = vowels["count"].astype(np.int64) * corpus.word_counts()[vowels["index"]]
    table = counts.groupby(vowels["vowel"], sort=False).sum().sort_values(ascending=False, kind="stable").reset_index()
    return table.assign(share=table["count"] / max(table["count"].sum(), 1))


PRECOMPUTED_RESULTS = (
    PrecomputedResult(
        "sounds", transcribe_lines, whole_corpus, version=4, resources=(PRONUNCIATIONS, "on_progress", EXECUTOR)
    ),
    PrecomputedResult("vowels", vowel_counts, whole_corpus, version=3, resources=(PRONUNCIATIONS, EXECUTOR)),
)


def scansion_table(text: str, *, verse: bool = False) -> pd.DataFrame:
    """Return the scansion of a text, a row per line: syllables, rhyme key and scheme (`scan_text_lines`).

    An empty line separates sections; `verse` follows the rules of classical verse. Empty for a text without lines.
    """
    return pd.DataFrame(scan_text_lines(text.splitlines(), verse=verse))


def pronunciation_table(words: Iterable[str]) -> pd.DataFrame:
    """Return a table of pronunciations of words: word, ipa ("" if unknown), source, others (more pronunciations)."""
    return pd.DataFrame(transcribe_words_as_rows(words), columns=["word", "ipa", "source", "others"])
