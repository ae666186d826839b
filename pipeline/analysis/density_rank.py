"""How densely a verse rhymes, beside the sections of a corpus."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.core.translation import share, t
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.section_rhymes import find_section_rhymes
from pipeline.language.syllables import scan_line

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
