"""Cached phonetic data of corpora: pronunciations, phonetic table, vowels, rhyme index. Read-only."""

from collections.abc import Iterable
from functools import partial
from threading import Lock

import pandas as pd
import streamlit as st

from dashboard.cache.corpus_cache import corpus_of_version, corpus_version, open_corpus
from dashboard.queries.sounds import Phonetics
from pipeline.analysis.findings import striking_findings
from pipeline.analysis.precomputed import french_subcorpus, precomputed_result_of
from pipeline.analysis.sound.phonetic_table import transcribe_lines, vowel_counts
from pipeline.analysis.sound.rhyming_dictionary import index_rhymes
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import t
from pipeline.corpus.layers import corpus_pronunciations
from pipeline.corpus.store import load_pronunciations
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme_index import RhymeIndexByLastVowel
from pipeline.language.tokens import tokenise


@st.cache_resource(max_entries=4, show_spinner="Learning how the words sound…")
def _pronunciations(name: str, version: int) -> Pronunciations:
    return corpus_pronunciations(corpus_of_version(name, version))


def pronunciations(name: str = DEMO_NAME) -> Pronunciations:
    """Return the pronunciations of the words of a prepared corpus, as stored. Raise CorpusError when there is none.

    The table adds other words that it is asked for: use `visitor_pronunciations` for text of visitors.
    """
    return _pronunciations(name, corpus_version(name))


@st.cache_resource(max_entries=64, show_spinner=False)
def _word_pronunciations(name: str, version: int, words: tuple[str, ...]) -> Pronunciations:
    table = load_pronunciations(name, words)
    table.transcribe_missing(words)
    return table


def line_pronunciations(lines: Iterable[str], name: str = DEMO_NAME) -> Pronunciations:
    """Return the pronunciations of the words of some lines, faster than loading those of a whole large corpus."""
    words = {word for line in lines for word in tokenise(line)}
    return _word_pronunciations(name, corpus_version(name), tuple(sorted(words)))


def visitor_pronunciations(name: str = DEMO_NAME) -> Pronunciations:
    """Return a copy of `pronunciations`, to which the words of a visitor's text may be added."""
    return pronunciations(name).copy()


@st.cache_resource(max_entries=4, show_spinner=False)
def _lock_and_phonetic_table(name: str, version: int) -> tuple[Lock, list[pd.DataFrame]]:
    return Lock(), []


def phonetic_table(name: str) -> pd.DataFrame:
    """Return the phonetic table (`transcribe_lines`) of a whole corpus, which all subcorpora share.

    The first visitor of a corpus waits for it, two minutes for a million lines, behind a progress bar; then it is
    stored beside the corpus.
    """
    lock, loaded = _lock_and_phonetic_table(name, corpus_version(name))
    with lock:
        if not loaded:
            stored = precomputed_result_of(transcribe_lines).load(open_corpus(name))
            loaded.append(_transcribe_corpus(name) if stored is None else stored)
    return loaded[0]


def _transcribe_corpus(name: str) -> pd.DataFrame:
    doing = t("Transcribing every line for its syllables and rhymes: done only once for this corpus")
    bar = st.progress(0.0, doing)
    table = precomputed_result_of(transcribe_lines).store(
        open_corpus(name), pronunciations(name), on_progress=lambda part: bar.progress(part, doing)
    )
    bar.empty()
    precomputed_result_of(striking_findings).store(
        french_subcorpus(open_corpus(name)), table
    )  # now that rhymes can be told of
    return table


@st.cache_resource(max_entries=4, show_spinner="Counting the vowels of every word…")
def _vowel_table(name: str, version: int) -> pd.DataFrame:
    corpus = corpus_of_version(name, version)
    stored = precomputed_result_of(vowel_counts).load(corpus)
    return (
        precomputed_result_of(vowel_counts).store(corpus, _pronunciations(name, version)) if stored is None else stored
    )


def vowel_table(name: str) -> pd.DataFrame:
    """Return the vowel counts of a whole corpus (`vowel_counts`)."""
    return _vowel_table(name, corpus_version(name))


@st.cache_resource(max_entries=4, show_spinner="Opening the rhyming dictionary…")
def _rhyme_index(name: str, version: int) -> RhymeIndexByLastVowel:
    return index_rhymes(corpus_of_version(name, version), _pronunciations(name, version))


def phonetics(name: str) -> Phonetics:
    """Return the phonetic data of a corpus, each part of which is loaded when it is first needed."""
    return Phonetics(
        line_table=partial(phonetic_table, name),
        pronunciations=partial(pronunciations, name),
        of_lines=partial(line_pronunciations, name=name),
        vowel_table=partial(vowel_table, name),
        rhyme_index=lambda: _rhyme_index(name, corpus_version(name)),
        visitor_pronunciations=partial(visitor_pronunciations, name),
    )
