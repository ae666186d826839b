"""Collocations and phrases, lines that hold a phrase or match a query, Zipf's law, frequencies over years."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.analysis.comparison.keyness import MAX_FALSE_DISCOVERY_RATE, keyness_against_french
from pipeline.analysis.counting import Ints
from pipeline.analysis.firsts import (
    meaningful_lines_first,
    meaningful_phrase_mask,
    meaningful_word_mask,
    shuffle_across_artists,
)
from pipeline.analysis.intervals import wilson
from pipeline.analysis.lines import line_details_table, rows_of_lines
from pipeline.analysis.precomputed import load_or_compute
from pipeline.analysis.words.collocations import LEAST_COUNT, collocations
from pipeline.analysis.words.concordance import concordance
from pipeline.analysis.words.laws import ZipfMandelbrot, fit_zipf, rank_frequency
from pipeline.analysis.words.ngrams import join_tokens, phrase_table
from pipeline.analysis.words.query import find_matches
from pipeline.corpus.table import Corpus, Layer


def typical_words(corpus: Corpus, layer: Layer) -> pd.DataFrame:
    """Return `keyness_against_french` of the meaningful words that are certainly more frequent here than in everyday
    French, with the column times: at least how many times more frequent, allowing for the number of words tested."""
    table = load_or_compute(keyness_against_french, corpus, "everyday", layer)
    table = table[(table["q"] < MAX_FALSE_DISCOVERY_RATE) & (table["lrc"] > 0)]
    table = table[meaningful_word_mask(table["word"], corpus)]
    return table.assign(times=2 ** table["lrc"])


def collocation_pairs(corpus: Corpus, layer: Layer, minimum: int) -> pd.DataFrame:
    """Return `collocations` with the columns `pair` (n-gram), `phrase` (as it is read) and `telling`, those of
    `meaningful_phrase_mask`, which come before pairs such as *c'est*. The strongest evidence (G²) comes first."""
    table = load_or_compute(collocations, corpus, layer, max(minimum, LEAST_COUNT))
    table.insert(0, "pair", table["first"] + " " + table["second"])
    table = table.assign(phrase=table["pair"].map(join_tokens), telling=meaningful_phrase_mask(table["pair"], corpus))
    return table.sort_values(["telling", "g2"], ascending=False, kind="stable", ignore_index=True)


def meaningful_phrases_first(corpus: Corpus, n: int, layer: Layer, minimum: int) -> pd.DataFrame:
    """Return `phrase_table` with a column `telling`, `meaningful_phrase_mask`: these phrases come first, and those of
    most songs before others."""
    table = load_or_compute(phrase_table, corpus, n, layer, minimum)
    table = table.assign(telling=meaningful_phrase_mask(table["ngram"], corpus))
    return table.sort_values(["telling", "songs"], ascending=False, kind="stable", ignore_index=True)


LINES_READ = 60  # lines of an artist among which a meaningful one is looked for


def line_nearest_to_length(corpus: Corpus, artist: str, words: float, layer: Layer) -> pd.DataFrame:
    """Return `line_details_table` of a line of an artist whose number of words is nearest to `words`; a meaningful one
    if there is any among the nearest `LINES_READ`."""
    own = corpus.where(artists=[artist])
    filled = np.flatnonzero(own.line_lengths(layer))
    order = np.argsort(abs(own.line_lengths(layer)[filled] - words), kind="stable")[:LINES_READ]
    return meaningful_lines_first(line_details_table(own, own.lines.index[filled[order]]), own).head(1)


def lines_with_phrase(corpus: Corpus, phrase: str, layer: Layer) -> Ints:
    """Return the ids of the lines that hold a phrase, given as tokens joined by spaces."""
    ids = np.array(corpus.vocabulary.encode(phrase.split()))
    tokens, rows = corpus.token_table(layer)
    starts = np.flatnonzero(tokens == ids[0])
    starts = starts[starts + len(ids) <= len(tokens)]
    last = starts + len(ids) - 1
    same = (tokens[starts[:, None] + np.arange(len(ids))] == ids).all(axis=1) & (rows[starts] == rows[last])
    return corpus.lines.index[rows[starts[same]]].unique().to_numpy()


def lines_with_matches_marked(corpus: Corpus, queries: Sequence[str], layer: Layer, ids: Ints) -> pd.DataFrame:
    """Return the `line_details_table` of these lines with a column `spans`: (start, stop) of the matches of queries."""
    part = replace(corpus, lines=corpus.lines.iloc[rows_of_lines(corpus, ids)])
    matches = pd.concat([concordance(part, query, layer).rows() for query in queries])
    spans = {line: list(zip(own["first"], own["after"], strict=True)) for line, own in matches.groupby("line")}
    return line_details_table(corpus, ids).assign(spans=[spans.get(line, []) for line in ids])


def matches_in_year(corpus: Corpus, query: str, year: int, layer: Layer) -> Ints:
    """Return the ids of the lines of one year that match a query."""
    part = corpus.where(years=(year, year))
    return part.lines.index[find_matches(part, query, layer).row].unique().to_numpy()


def lines_with_both(corpus: Corpus, query: str, word: str, layer: Layer) -> Ints:
    """Return the ids of the lines that match both a query and a word."""
    rows = np.intersect1d(find_matches(corpus, query, layer).row, find_matches(corpus, word, layer).row)
    return corpus.lines.index[rows].unique().to_numpy()


def lines_of_couplets(corpus: Corpus, shortest: int, longest: int, layer: Layer = "lyrics") -> Ints:
    """Return the line ids of couplets of `shortest` to `longest` lines. Lines without a word of the layer are ignored.

    Couplets are shuffled over artists.
    """
    couplets = corpus.where(kinds=("couplet",))
    couplets = replace(couplets, lines=couplets.lines[couplets.line_lengths(layer) > 0])
    sections = couplets.lines["section"].to_numpy()
    starts = np.flatnonzero(np.diff(sections, prepend=-1))
    sizes = np.diff(starts, append=len(sections))
    size_at = dict(zip(starts.tolist(), sizes.tolist(), strict=True))
    fitting = starts[(sizes >= shortest) & (sizes <= longest)]
    ids = couplets.lines.index.to_numpy()
    drawn = [ids[start : start + size_at[start]] for start in shuffle_across_artists(fitting, couplets).tolist()]
    return np.concatenate([ids[:0], *drawn])


def zipf_points(corpus: Corpus, layer: Layer = "lyrics") -> tuple[ZipfMandelbrot | None, pd.DataFrame]:
    """Return the fitted Zipf-Mandelbrot law (None for too few words) and the table of ranks and counts to draw."""
    counts = corpus.word_counts(layer)
    fit = fit_zipf(counts)
    return fit, rank_frequency(counts, fit)


SMOOTHED_YEARS, LEAST_YEAR_SONGS = 5, 10  # years of a mean; songs of a year that is drawn


def smooth_over_years(table: pd.DataFrame) -> pd.DataFrame:
    """Return a `query_timeline` with rates over moving windows of five years, and their Wilson intervals.

    Years of fewer than `LEAST_YEAR_SONGS` songs are left out; the table is unchanged if fewer than two have as many.
    """
    if table.loc[table["songs"] >= LEAST_YEAR_SONGS, "year"].nunique() < 2:
        return table
    parts = []
    for _, part in table.groupby("query", sort=False):
        sums = part[["count", "words", "songs_with", "songs"]].rolling(SMOOTHED_YEARS, center=True, min_periods=1).sum()
        low, high = wilson(sums["songs_with"], sums["songs"])
        rates = {"share": sums["songs_with"] / sums["songs"], "per_million": 1e6 * sums["count"] / sums["words"]}
        parts.append(part.assign(low=low, high=high, **rates)[part["songs"] >= LEAST_YEAR_SONGS])
    return pd.concat(parts, ignore_index=True)


def halves_of_timeline(table: pd.DataFrame) -> pd.DataFrame:
    """Return the earlier and the later half of the songs of a `query_timeline` of one query, split as
    `words_whose_share_moved` does: first, last (years), share, z (of both, a test of two proportions)."""
    median = np.median(np.repeat(table["year"], table["songs"]))
    later = table["year"] >= max(median, table["year"].min() + 1)
    halves = table.groupby(later).agg(
        first=("year", "min"), last=("year", "max"), songs=("songs", "sum"), songs_with=("songs_with", "sum")
    )
    halves["share"] = halves["songs_with"] / halves["songs"]
    pooled = halves["songs_with"].sum() / halves["songs"].sum()
    error = np.sqrt(pooled * (1 - pooled) * (1 / halves["songs"]).sum())
    return halves.assign(z=halves["share"].diff().iloc[-1] / max(error, 1e-9))
