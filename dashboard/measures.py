"""Measures with their randomness fixed, so that a page shows the same numbers at each visit."""

import numpy as np
import pandas as pd

from pipeline.analysis.concordance import Concordance, Side, concordance
from pipeline.analysis.counting import By
from pipeline.analysis.keyness import keyness
from pipeline.analysis.laws import ZipfMandelbrot, fit_zipf, rank_frequency, vocabulary_growth
from pipeline.analysis.rankings import diversity_ranking
from pipeline.analysis.versions import as_written, each_line_once, solo
from pipeline.corpus.table import Corpus, Layer

VERSIONS = {"As written": as_written, "Each line once": each_line_once, "Solo sections": solo}


def growth(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """`vocabulary_growth` with the songs shuffled the same way each time."""
    return vocabulary_growth(corpus, np.random.default_rng(0), layer)


def zipf(corpus: Corpus, layer: Layer = "lyrics") -> tuple[ZipfMandelbrot | None, pd.DataFrame]:
    """The fitted law and the points of its picture."""
    counts = corpus.counts(layer)
    fit = fit_zipf(counts)
    return fit, rank_frequency(counts, fit)


def ranking(corpus: Corpus, measure: str, by: By, layer: Layer, version: str) -> pd.DataFrame:
    """`diversity_ranking` of one version of the lyrics."""
    return diversity_ranking(VERSIONS[version](corpus), measure, by, layer)


def typical(corpus: Corpus, ours: tuple[str, ...], theirs: tuple[str, ...], layer: Layer) -> pd.DataFrame:
    """`keyness` of some artists against others, or against all the rest."""
    rest = theirs or tuple(artist for artist in corpus.artists if artist not in ours)
    return keyness(corpus.where(artists=ours), corpus.where(artists=rest), layer)


def found(corpus: Corpus, query: str, layer: Layer, sort: tuple[tuple[Side, int], ...], accents: bool) -> Concordance:
    """`concordance`, its options as plain values."""
    return concordance(corpus, query, layer, sort, accents)
