"""Rhyme density of a corpus in one call, for notebooks, and the phonetic table that all measures of sound take.

Pages and commands open these parts one by one, to show progress. What `prepare` stored is read, all else computed.
"""

import pandas as pd

from pipeline.analysis.counting import By
from pipeline.analysis.phonetic_table import corpus_pronunciations, transcribe_lines
from pipeline.analysis.precomputed import answer
from pipeline.analysis.rhymes import rhyme_table
from pipeline.corpus.store import load_pronunciations
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations


def phonetic_table(corpus: Corpus) -> pd.DataFrame:
    """Return how every line of a corpus sounds (`transcribe_lines`): what `rhyme_table` and the others take.

    A line costs about 0.03 ms. Cached with the corpus; read-only.
    """
    return corpus.cached("phonetic table", lambda: answer(transcribe_lines, corpus, pronunciations(corpus)))


def pronunciations(corpus: Corpus) -> Pronunciations:
    """Return how the words of a corpus sound, from what was stored with it. Cached with the corpus."""
    return corpus.cached("pronunciations", lambda: load_pronunciations(corpus.name) or corpus_pronunciations(corpus))


def rhyme_density(corpus: Corpus, by: By = "artist") -> pd.DataFrame:
    """Return `rhyme_table` of a corpus, the densest group first.

    Density is the share of syllables that rhyme with others of the same section.
    """
    return rhyme_table(corpus, phonetic_table(corpus), by).sort_values("density", ascending=False, ignore_index=True)
