"""Measures with their randomness fixed, so that a page shows the same numbers at each visit."""

import numpy as np
import pandas as pd

from pipeline.analysis.laws import ZipfMandelbrot, fit_zipf, rank_frequency, vocabulary_growth
from pipeline.corpus.table import Corpus, Layer


def growth(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """`vocabulary_growth` with the songs shuffled the same way each time."""
    return vocabulary_growth(corpus, np.random.default_rng(0), layer)


def zipf(corpus: Corpus, layer: Layer = "lyrics") -> tuple[ZipfMandelbrot | None, pd.DataFrame]:
    """The fitted law and the points of its picture."""
    counts = corpus.counts(layer)
    fit = fit_zipf(counts)
    return fit, rank_frequency(counts, fit)
