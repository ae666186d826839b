"""The curves of a vocabulary: rank and frequency with its law, and the words met at a point of the growth curve."""

import numpy as np
import pandas as pd

from pipeline.analysis.words.laws import ZipfMandelbrot, fit_zipf, new_words, rank_frequency
from pipeline.corpus.table import Corpus, Layer


def zipf_points(corpus: Corpus, layer: Layer = "lyrics") -> tuple[ZipfMandelbrot | None, pd.DataFrame]:
    """Return the fitted law (None for too few words) and the points of its figure."""
    counts = corpus.counts(layer)
    fit = fit_zipf(counts)
    return fit, rank_frequency(counts, fit)


def words_met_at(corpus: Corpus, tokens: int, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return `new_words` of the song read after `tokens` words, in the first of the orders of the growth curve."""
    return new_words(corpus, np.random.default_rng(0).permutation(len(corpus.songs)), tokens, layer)
