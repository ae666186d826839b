"""Variants of the same lyrics, so that a number can be given as written, as performed, without repeats, without guests.

Each takes a Corpus and returns a Corpus that shares its token array: any measure works on any variant.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import simplemma

from pipeline.analysis.counting import chunk_slices, song_row_of_each_line
from pipeline.analysis.precomputed import PrecomputedResult, TableCodec, french_subcorpus, whole_corpus
from pipeline.core.paths import lexicons_folder
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.vocabulary import SPECIALS, Vocabulary

FIRST_OCCURRENCES_KEY = "first in song"  # the key under which a corpus caches it


def expand_repeats(corpus: Corpus) -> Corpus:
    """Return the corpus with each line as often as it is performed: (x2) and [Refrain x2] are expanded, in order.

    A line performed twice is two rows of `lines` under one id; `line_details_table` knows that they are one line.
    """
    lines = corpus.lines
    rows = np.repeat(np.arange(len(lines)), lines["repeat"])
    sections = lines["section"].to_numpy()[rows]
    starts = np.flatnonzero(np.diff(sections, prepend=-1))
    lengths = np.diff(starts, append=len(rows))
    times = corpus.sections.loc[sections[starts], "repeat"].to_numpy(np.intp)
    if times.sum() == len(times) and len(rows) == len(lines):
        return corpus
    total = lengths * times  # rows of each section, all its rounds
    within = np.arange(total.sum()) - np.repeat(np.cumsum(total) - total, total)
    performed = rows[np.repeat(starts, total) + within % np.repeat(lengths, total)]
    return replace(corpus, lines=lines.iloc[performed])


def each_line_once(corpus: Corpus) -> Corpus:
    """Return the corpus with each line once per song, where it first occurs; ad-libs are not compared."""
    return _select_lines(corpus, first_occurrence_mask(corpus))


def solo_subcorpus(corpus: Corpus) -> Corpus:
    """Return the corpus without the sections of guests.

    A section is excluded when its tag names a featured artist of the song, or anyone but an artist whom other tags name
    as a performer; an artist whom no tag names is a group. Sections without named performers stay.
    """
    sections = corpus.sections
    songs = corpus.songs.loc[sections["song"], ["artist", "featuring"]]
    tags = list(zip(songs["artist"], songs["featuring"], sections["performers"], strict=True))
    named = {artist for artist, _, performers in tags if _normalise_name(artist) in _performer_names(performers)}
    solo_sections = [
        not (_performer_names(performers) & _performer_names(featuring))
        and (artist not in named or _performer_names(performers) <= {_normalise_name(artist)})
        for artist, featuring, performers in tags
    ]
    own = sections.index[np.array(solo_sections, bool)]
    return _select_lines(corpus, corpus.lines["section"].isin(own).to_numpy())


Variant = Literal["written", "heard", "once", "solo"]
VARIANTS: dict[Variant, Callable[[Corpus], Corpus]] = {
    "written": whole_corpus,
    "heard": expand_repeats,
    "once": each_line_once,
    "solo": solo_subcorpus,
}


def line_hashes(corpus: Corpus, layer: Layer = "lyrics") -> npt.NDArray[np.uint64]:
    """Return uint64[lines]: a hash of each line's words in order (lyrics, ad-libs or all, by `layer`); 0 for no words.

    A polynomial hash of 64 bits over a random code for each word: two different lines of a million collide with
    probability 3e-8. Tuples of words, its plain form in the tests, take 1.6 times as long and a tuple a line.
    """
    ids = corpus.token_ids(layer)
    keys = np.zeros(len(corpus.lines), np.uint64)
    if not len(ids):
        return keys
    codes = np.random.default_rng(16).integers(1, 2**64, len(corpus.vocabulary), np.uint64)
    lengths = corpus.line_lengths(layer)
    nonempty = np.flatnonzero(lengths)
    lengths = lengths[nonempty]
    starts = np.cumsum(lengths) - lengths
    powers = np.cumprod(np.full(int(lengths.max()), 0x9E3779B97F4A7C15, np.uint64))
    for some in chunk_slices(np.append(starts, len(ids))):
        first, own = starts[some] - starts[some.start], lengths[some]
        place = np.arange(own.sum()) - np.repeat(first, own)
        hashed = codes[ids[starts[some.start] : starts[some.start] + len(place)]]
        hashed *= powers[place]
        keys[nonempty[some]] = np.add.reduceat(hashed, first)
    return keys


def first_occurrence_mask(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """Return bool[lines]: True at the first line with the same words in its song, and at lines without words.

    Cached with the corpus; read-only.
    """
    return corpus.cached(FIRST_OCCURRENCES_KEY, lambda: _compute_first_occurrence_mask(corpus))


def _compute_first_occurrence_mask(corpus: Corpus) -> npt.NDArray[np.bool_]:
    keys = line_hashes(corpus)
    songs = np.random.default_rng(17).integers(1, 2**64, len(corpus.songs), np.uint64)
    again = pd.Series(keys ^ songs[song_row_of_each_line(corpus)]).duplicated().to_numpy()
    return ~again | (keys == 0)


def _select_lines(corpus: Corpus, keep: npt.NDArray[np.bool_]) -> Corpus:
    lines = corpus.lines[keep]
    sections = corpus.sections[corpus.sections.index.isin(pd.unique(lines["section"]))]
    songs = corpus.songs[corpus.songs.index.isin(pd.unique(lines["song"]))]
    return replace(corpus, songs=songs, sections=sections, lines=lines)


def _performer_names(joined: str) -> set[str]:
    return {_normalise_name(name) for name in joined.split(" & ") if name}


def _normalise_name(name: str) -> str:
    return name.strip().casefold()


@lru_cache(1 << 17)
def lemma(word: str) -> str:
    """Return the dictionary form of a token, by the list of forms, the rules for slang or simplemma.

    >>> [lemma(word) for word in ("chevaux", "j'", "p'tites", "bicraves", "reufs", "té-ma")]
    ['cheval', 'je', 'petit', 'bicraver', 'reuf', 'té-ma']
    """
    return word and (
        _standard_word_by_form().get(word)
        or _slang_lemma(word)
        or _participle_infinitive(word)
        or _simplemma_lemma(word)
    )


def listed_lemma(word: str) -> str:
    """Return the lemma of a word by the lists and the rules for slang alone, without loading simplemma (0.3 s).

    >>> [listed_lemma(word) for word in ("p'tites", "bicraves", "reufs", "té-ma")]
    ['petit', 'bicraver', 'reufs', 'té-ma']
    """
    slang, verb = _standard_word_by_slang(), _VERB_ENDINGS.sub("er", word)
    singular = word[:-1] if word[-1:] in ("s", "x") else ""
    return _standard_word_by_form().get(word) or (verb if verb in slang else singular if singular in slang else word)


def verb_lemma(word: str) -> str:
    """Return the infinitive of a verb form in -e that is also a dictionary form (tombe: tomber), "" for any other word.

    >>> verb_lemma("tombe"), verb_lemma("nuit"), verb_lemma("tombent")
    ('tomber', '', '')
    """
    verb = f"{word}r"
    return verb if word.endswith("e") and simplemma.is_known(verb, lang="fr") and lemma(word) == word else ""


def _simplemma_lemma(word: str) -> str:
    """Return simplemma's lemma of a word; unknown words with a hyphen stay, as simplemma would cut them."""
    if "-" in word and not simplemma.is_known(word, lang="fr"):
        return word
    return simplemma.lemmatize(word, lang="fr").lower()


_VERB_ENDINGS = re.compile(r"(?:es?|ent|ée?s?|er|ez|ais|ait|aient|ons|ai|ant)$")


def _slang_lemma(word: str) -> str:
    """Return the infinitive or singular of a slang word, found by the lists of slang; "" for any other word."""
    slang, is_french = _standard_word_by_slang(), simplemma.is_known(word, lang="fr")
    verb = _VERB_ENDINGS.sub("er", word)
    if verb != word and not is_french and verb in slang:
        own = slang.get(word, "")
        if not own or _simplemma_lemma(own) == slang[verb]:
            return verb
    if word[-1:] in ("s", "x") and word[:-1] in slang and not is_french:
        return word[:-1]
    if word in slang and not is_french:
        return word
    if verb != word and not is_french and (simplemma.is_known(verb, lang="fr") or slang.get(verb[:-2])):
        return verb
    return ""


def _participle_infinitive(word: str) -> str:
    """Return the infinitive of a past participle in -é that simplemma leaves unchanged (caché: cacher), or ""."""
    own = _simplemma_lemma(word)
    verb = f"{own[:-1]}er"
    if not own.endswith("é") or _standard_word_by_form().get(own) == own:
        return ""
    return verb if simplemma.is_known(verb, lang="fr") and simplemma.is_known(f"{own}e", lang="fr") else ""


@cache
def _standard_word_by_slang() -> dict[str, str]:
    """Return a dict from words of verlan, slang and loans to their standard words, from the lists without ad-libs."""
    table = pd.read_csv(lexicons_folder() / "classes.tsv", sep="\t", quoting=3, keep_default_na=False)
    table = table[table["class"] != "ad-lib"]
    return dict(zip(table["word"], table["standard"], strict=True))


def standard_word(word: str) -> str:
    """Return the standard French word for a word of slang or verlan (meuf: femme), "" for any other word.

    >>> standard_word("meuf"), standard_word("bre-som"), standard_word("nuit")
    ('femme', 'sombre', '')
    """
    first, _, last = word.partition("-")
    turned = last + first if last and not simplemma.is_known(word, lang="fr") else ""
    return _standard_word_by_slang().get(word, "") or (
        turned if len(turned) > 2 and simplemma.is_known(turned, lang="fr") else ""
    )


def lemmatise(corpus: Corpus) -> Corpus:
    """Return the corpus with lemmas in the place of words; lines and texts stay, so that every measure works on it.

    Its vocabulary is another one: keyness compares two parts of it, not a part with the corpus as written.
    """
    entries = corpus.vocabulary.index2word
    lemmas = [lemma(word) for word in entries[len(SPECIALS) :]]
    counts: dict[str, int] = {}
    for word, count in zip(lemmas, corpus.vocabulary.counts[len(SPECIALS) :].tolist(), strict=True):
        counts[word] = counts.get(word, 0) + count
    vocabulary = Vocabulary.from_counts(counts, level="word")
    index = np.fromiter((vocabulary.word2index[word] for word in (*SPECIALS, *lemmas)), np.int32, len(entries))
    return replace(corpus, tokens=index[corpus.tokens], vocabulary=vocabulary)


@cache
def _standard_word_by_form() -> dict[str, str]:
    table = pd.read_csv(lexicons_folder() / "forms.tsv", sep="\t", quoting=3, keep_default_na=False)
    return dict(zip(table["form"], table["standard"], strict=True))


def french_lines_once_per_song(corpus: Corpus) -> Corpus:
    """Return the French subcorpus with each line once per song, for counting phrases. Not cached."""
    return each_line_once(french_subcorpus(corpus))


_MASK_CODEC = TableCodec[npt.NDArray[np.bool_]](
    lambda flags: pd.DataFrame({"first": flags}), lambda table: table["first"].to_numpy()
)
PRECOMPUTED_RESULTS = (
    PrecomputedResult("firsts", first_occurrence_mask, storage=_MASK_CODEC, memo=lambda: FIRST_OCCURRENCES_KEY),
)
