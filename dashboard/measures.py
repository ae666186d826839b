"""Measures with their randomness fixed, so that a page shows the same numbers at each visit."""

import numpy as np
import pandas as pd

from pipeline.analysis import versions
from pipeline.analysis.collocations import LEAST_COUNT, collocations
from pipeline.analysis.concordance import Concordance, Side, concordance
from pipeline.analysis.counting import By
from pipeline.analysis.keyness import keyness_of_artists
from pipeline.analysis.laws import ZipfMandelbrot, fit_zipf, growth_curve, rank_frequency
from pipeline.analysis.lemmas import lemmatised
from pipeline.analysis.lexicon import frequency_table
from pipeline.analysis.lines import describe_lines, lines_with_word
from pipeline.analysis.novelty import new_words
from pipeline.analysis.phrases import join_tokens, phrase_table
from pipeline.analysis.precomputed import answer
from pipeline.analysis.query import find
from pipeline.analysis.rankings import diversity_ranking
from pipeline.corpus.table import Corpus, Layer

VERSIONS = {name.capitalize(): version for name, version in versions.VERSIONS.items()}


def growth(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """`vocabulary_growth` with the songs shuffled the same way each time; few enough points to be clicked."""
    return answer(growth_curve, corpus, layer)


def met(corpus: Corpus, tokens: int, layer: Layer = "lyrics") -> pd.DataFrame:
    """`new_words` in the first of the orders of `growth`."""
    return new_words(corpus, np.random.default_rng(0).permutation(len(corpus.songs)), tokens, layer)


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
    return keyness_of_artists(corpus, ours, theirs, layer)


def frequencies(corpus: Corpus, layer: Layer, lemmas: bool) -> pd.DataFrame:
    """`frequency_table` of the words as written, or of their dictionary forms."""
    return answer(frequency_table, _lemmas(corpus, lemmas), layer)


def holding(corpus: Corpus, word: str, layer: Layer, lemmas: bool) -> pd.DataFrame:
    """`lines_with_word` for a word as written, or for any form of a lemma."""
    return lines_with_word(_lemmas(corpus, lemmas), word, layer=layer)


def phrases(corpus: Corpus, n: int, layer: Layer, minimum: int, lemmas: bool) -> pd.DataFrame:
    """`ngram_table` without its ids: ngram, count, songs, and phrase, as it is read."""
    return answer(phrase_table, _lemmas(corpus, lemmas), n, layer, minimum)


def pairs(corpus: Corpus, layer: Layer, minimum: int, lemmas: bool) -> pd.DataFrame:
    """`collocations`, with the pair as one text first and as it is read last."""
    table = answer(collocations, _lemmas(corpus, lemmas), layer, max(minimum, LEAST_COUNT))
    table.insert(0, "pair", table["first"] + " " + table["second"])
    return table.assign(phrase=table["pair"].map(join_tokens))


def phrase_lines(corpus: Corpus, phrase: str, layer: Layer, lemmas: bool) -> pd.DataFrame:
    """The lines that hold a phrase of those tables."""
    whole = _lemmas(corpus, lemmas)
    ids = np.array(whole.vocabulary.encode(phrase.split()))
    tokens, rows = whole.token_table(layer)
    starts = np.flatnonzero(tokens == ids[0])
    starts = starts[starts + len(ids) <= len(tokens)]
    last = starts + len(ids) - 1
    same = (tokens[starts[:, None] + np.arange(len(ids))] == ids).all(axis=1) & (rows[starts] == rows[last])
    return describe_lines(corpus, whole.lines.index[rows[starts[same]]].unique())


def _lemmas(corpus: Corpus, lemmas: bool) -> Corpus:
    return lemmatised(corpus) if lemmas else corpus


def said_in(corpus: Corpus, queries: tuple[str, ...], year: int, layer: Layer) -> pd.DataFrame:
    """The lines of one year that match a query, as `describe_lines` gives them."""
    part = corpus.where(years=(year, year))
    rows = np.unique(np.concatenate([find(part, query, layer).row for query in queries]))
    return describe_lines(part, part.lines.index[rows])


def found(corpus: Corpus, query: str, layer: Layer, sort: tuple[tuple[Side, int], ...], accents: bool) -> Concordance:
    """`concordance`, its options as plain values."""
    return concordance(corpus, query, layer, sort, accents)
