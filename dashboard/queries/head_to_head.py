"""What stands beside the words of two sides: how densely each rhymes, how varied its words are, how long its lines."""

from typing import NamedTuple

import pandas as pd

from pipeline.analysis.lines import line_lengths
from pipeline.analysis.words.moving_windows import mattr
from pipeline.corpus.table import Corpus

WINDOW = 100  # words of a moving window: short sides have as many


class SideFigures(NamedTuple):
    """density: rhymed syllables / syllables (nan in silence); variety: different words in 100 running ones (MATTR, nan
    below 100); length: words a line."""

    density: float
    variety: float
    length: float


def side_figures(corpus: Corpus, phonetic_table: pd.DataFrame) -> SideFigures:
    """Return the figures of one side, of its lyrics."""
    sounds = phonetic_table.loc[corpus.lines.index, ["rhymed_syllables", "vowels"]].sum()
    lengths = line_lengths(corpus)
    lengths = lengths[lengths > 0]
    return SideFigures(
        density=sounds["rhymed_syllables"] / sounds["vowels"] if sounds["vowels"] else float("nan"),
        variety=WINDOW * mattr(corpus.token_table()[0], WINDOW),
        length=float(lengths.mean()) if len(lengths) else float("nan"),
    )
