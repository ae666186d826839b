"""Rhyme density of a corpus in one call, for notebooks, and the phonetic table that all measures of sound take.

Pages and commands open these parts one by one, to show progress. What `prepare` stored is read, all else computed.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.analysis.counting import By
from pipeline.analysis.precomputed import load_or_compute
from pipeline.analysis.sound.phonetic_table import transcribe_lines
from pipeline.analysis.sound.rhymes import rhyme_table
from pipeline.core.translation import share, t
from pipeline.corpus.stored_pronunciations import corpus_pronunciations
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.section_rhymes import find_section_rhymes
from pipeline.language.syllables import scan_line


def phonetic_table(corpus: Corpus) -> pd.DataFrame:
    """Return how every line of a corpus sounds (`transcribe_lines`): what `rhyme_table` and the others take.

    A line costs about 0.03 ms. Cached with the corpus; read-only.
    """
    return corpus.cached("phonetic table", lambda: load_or_compute(transcribe_lines, corpus, pronunciations(corpus)))


def pronunciations(corpus: Corpus) -> Pronunciations:
    """Return how the words of a corpus sound, from what was stored with it. Cached with the corpus."""
    return corpus.cached("pronunciations", lambda: corpus_pronunciations(corpus))


def rhyme_density(corpus: Corpus, by: By = "artist") -> pd.DataFrame:
    """Return `rhyme_table` of a corpus, the densest group first.

    Density is the share of syllables that rhyme with others of the same section.
    """
    return rhyme_table(corpus, phonetic_table(corpus), by).sort_values("density", ascending=False, ignore_index=True)


LEAST = 4  # lines of a section that is compared


def lines_density(lines: Sequence[str], pronunciations: Pronunciations) -> float:
    """Return rhymed syllables / syllables of lines that are read as one section."""
    return find_section_rhymes([scan_line(line, pronunciations) for line in lines]).density()


def share_less_dense(corpus: Corpus, phonetic_table: pd.DataFrame, density: float) -> float:
    """Return the share of the corpus's sections of four lines or more whose density is lower; nan without one."""
    sounds = phonetic_table.loc[corpus.lines.index, ["rhymed_syllables", "vowels"]].to_numpy(np.int64)
    codes, _ = pd.factorize(corpus.lines["section"])
    rhymed, vowels = (np.bincount(codes, sounds[:, column]) for column in (0, 1))
    counted = (np.bincount(codes, minlength=len(vowels)) >= LEAST) & (vowels > 0)
    return float((rhymed[counted] / vowels[counted] < density).mean()) if counted.any() else float("nan")


def density_text(density: float, less: float) -> str:
    """Return density and the share of what is less dense as a line of measure; "" where there is nothing to say.

    >>> density_text(0.412, 0.934), density_text(0.0, 0.0)
    ('41.2% of the syllables rhyme: denser than 93% of this corpus', '')
    """
    if np.isnan(less) or not density:
        return ""
    values = {"density": share(density), "share": share(less, 0)}
    return t("{density} of the syllables rhyme: denser than {share} of this corpus", **values)
