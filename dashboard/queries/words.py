"""Pairs of words that belong together, lines that hold a phrase or match a query, and the curves of a vocabulary."""

import numpy as np
import pandas as pd

from pipeline.analysis.lines import line_details_table
from pipeline.analysis.precomputed import load_or_compute
from pipeline.analysis.words.collocations import LEAST_COUNT, collocations
from pipeline.analysis.words.laws import ZipfMandelbrot, fit_zipf, lines_with_new_words, rank_frequency
from pipeline.analysis.words.ngrams import join_tokens
from pipeline.analysis.words.query import find_matches
from pipeline.corpus.table import Corpus, Layer


def pair_table(corpus: Corpus, layer: Layer, minimum: int) -> pd.DataFrame:
    """Return `collocations` with the pair as one text first (`pair`) and as it is read last (`phrase`)."""
    table = load_or_compute(collocations, corpus, layer, max(minimum, LEAST_COUNT))
    table.insert(0, "pair", table["first"] + " " + table["second"])
    return table.assign(phrase=table["pair"].map(join_tokens))


def lines_with_phrase(corpus: Corpus, phrase: str, layer: Layer) -> pd.DataFrame:
    """Return the lines that hold a phrase, its words with spaces between, as `line_details_table` gives them."""
    ids = np.array(corpus.vocabulary.encode(phrase.split()))
    tokens, rows = corpus.token_table(layer)
    starts = np.flatnonzero(tokens == ids[0])
    starts = starts[starts + len(ids) <= len(tokens)]
    last = starts + len(ids) - 1
    same = (tokens[starts[:, None] + np.arange(len(ids))] == ids).all(axis=1) & (rows[starts] == rows[last])
    return line_details_table(corpus, corpus.lines.index[rows[starts[same]]].unique())


def matches_in_year(corpus: Corpus, queries: tuple[str, ...], year: int, layer: Layer) -> pd.DataFrame:
    """Return the lines of one year that match a query, as `line_details_table` gives them."""
    part = corpus.where(years=(year, year))
    rows = np.unique(np.concatenate([find_matches(part, query, layer).row for query in queries]))
    return line_details_table(part, part.lines.index[rows])


def lines_with_both(corpus: Corpus, query: str, word: str, layer: Layer) -> pd.DataFrame:
    """Return the lines that hold a match of the query and the word, as `line_details_table` gives them."""
    rows = np.intersect1d(find_matches(corpus, query, layer).row, find_matches(corpus, word, layer).row)
    return line_details_table(corpus, corpus.lines.index[rows])


def zipf_points(corpus: Corpus, layer: Layer = "lyrics") -> tuple[ZipfMandelbrot | None, pd.DataFrame]:
    """Return the fitted law (None for too few words) and the points of its figure."""
    counts = corpus.counts(layer)
    fit = fit_zipf(counts)
    return fit, rank_frequency(counts, fit)


def words_met_at(corpus: Corpus, tokens: int, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return `lines_with_new_words` of the song read after `tokens` words, in the growth curve's first order."""
    return lines_with_new_words(corpus, np.random.default_rng(0).permutation(len(corpus.songs)), tokens, layer)
