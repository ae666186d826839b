"""Collocations: words that occur near each other within a line more often than their frequencies predict.

O is how often the word occurs near the node, E how often it would by chance: near words x its count / all words
(Evert 2008). "Near" is a number of words to the left and right within the line; a word is near once, however many
nodes it occurs by. Tests hold the measures to those of NLTK, whose import takes a second or two. Count refrains
once by passing `variants.each_line_once(corpus)`.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.comparison.association import g2
from pipeline.analysis.counting import Floats, Ints, song_row_of_each_line
from pipeline.analysis.measures import Measure, ReferenceValue
from pipeline.analysis.precomputed import PrecomputedResult
from pipeline.analysis.variants import french_lines_once_per_song
from pipeline.analysis.words.ngrams import min_french_phrase_count, ngram_counts
from pipeline.analysis.words.query import find_matches
from pipeline.corpus.table import Corpus, Layer

LEAST_SONGS = 3  # that hold a pair: what one song repeats is no collocation
LEAST_COUNT = 5  # times that a pair has to occur whatever the size: below, association is chance
_MAX_SCORED_PAIRS = 2000  # pairs for which every measure is computed, the likeliest by logDice


def collocates(
    corpus: Corpus,
    query: str,
    left: int = 5,
    right: int = 5,
    layer: Layer = "lyrics",
    minimum: int = 3,
    least_songs: int = LEAST_SONGS,
) -> pd.DataFrame:
    """Return the collocates of a query: word, index, observed, expected, count, songs, log_dice, `association_scores`.

    By falling logDice; words that occur near fewer than `minimum` times, or in fewer than `least_songs` songs (of a
    query in fewer songs, in all of them), are excluded. Raise SettingError for a query that cannot be read.
    """
    matches = find_matches(corpus, query, layer)
    ids, rows = corpus.token_table(layer)
    near = np.zeros(len(ids), bool)
    left, right = np.minimum((left, right), corpus.line_lengths(layer).max(initial=0))  # no line has more words
    for offset in (*range(-left, 0), *range(1, right + 1)):
        at = matches.tokens_at(offset)
        near[at[at >= 0]] = True
    counts = np.bincount(ids, minlength=len(corpus.vocabulary))
    observed = np.bincount(ids[near], minlength=len(counts))
    index = np.flatnonzero(observed >= max(minimum, 1))
    songs = _songs_per_collocate(corpus, ids, rows, near, index)
    least = min(least_songs, len(np.unique(song_row_of_each_line(corpus)[matches.row])))
    index, songs = index[songs >= least], songs[songs >= least]
    table = _score_pairs(index, observed[index], np.full(len(index), near.sum()), counts[index], len(ids), len(matches))
    table.insert(0, "word", pd.array(corpus.vocabulary.decode(table["index"]), dtype="str"))
    table.insert(5, "songs", pd.Series(songs, index).loc[table["index"]].to_numpy())
    return table


def collocations(
    corpus: Corpus, layer: Layer = "lyrics", minimum: int = LEAST_COUNT, least_songs: int = LEAST_SONGS
) -> pd.DataFrame:
    """Return the pairs of neighbouring words of the whole corpus: first, second, observed, expected, songs, the scores.

    By falling logDice; at most 2,000 pairs. Those of fewer than `least_songs` songs (of a corpus of fewer, of all) are
    excluded.
    """
    words, observed, songs = ngram_counts(corpus, 2, layer, minimum)
    several = songs >= min(least_songs, len(corpus.songs))
    words, observed, songs = words[several], observed[several], songs[several]
    counts = corpus.word_counts(layer)
    f_x, f_y = counts[words[:, 0]], counts[words[:, 1]]
    table = _score_pairs(np.arange(len(words)), observed, f_x, f_y, int(counts.sum()), f_x)
    chosen = table.pop("index").to_numpy()
    table.insert(0, "first", pd.array(corpus.vocabulary.decode(words[chosen, 0]), dtype="str"))
    table.insert(1, "second", pd.array(corpus.vocabulary.decode(words[chosen, 1]), dtype="str"))
    table["count"] = songs[chosen]
    return table.rename(columns={"count": "songs"})


def association_scores(observed: Ints, marginals: tuple[Ints, Ints], total: int) -> dict[str, Floats]:
    """Return association measures from the counts of a pair (n_ii), of its two words (n_ix, n_xi), and of all (n_xx).

    g2    log-likelihood ratio (Dunning 1993), signed: evidence
    t     (O - E) / sqrt(O): favours frequent pairs
    pmi   log2(O / E) (Church and Hanks 1990): favours rare pairs
    """
    n_ii, n_ix, n_xi = (np.asarray(x, float) for x in (observed, *marginals))
    n_xx = float(total)
    expected = n_ix * n_xi / n_xx
    cells = n_ii, n_ix, n_xi - n_ii, n_xx - n_ix  # beside the first word, and elsewhere
    pmi = np.log2(n_ii * n_xx) - np.log2(n_ix * n_xi)
    return {
        "g2": g2(*cells),
        "t": (n_ii - expected) / np.sqrt(n_ii),
        "pmi": pmi,
    }


def log_dice(observed: npt.ArrayLike, f_x: npt.ArrayLike, f_y: npt.ArrayLike) -> Floats:
    """Return logDice = 14 + log2(2 O / (f_x + f_y)) (Rychlý 2008): at most 14; half the Dice coefficient gives 1 less.

    Does not depend on the size of the corpus, so it compares between corpora. f_x and f_y are the counts of the
    two words.
    """
    both, one, other = (np.asarray(x, float) for x in (observed, f_x, f_y))
    return 14 + np.log2(2 * both / (one + other))


def _score_pairs(index: Ints, observed: Ints, near: Ints, counts: Ints, total: int, nodes: Ints | int) -> pd.DataFrame:
    dice = log_dice(observed, nodes, counts)
    best = np.argsort(-dice, kind="stable")[:_MAX_SCORED_PAIRS]
    observed, near, counts = observed[best], near[best], counts[best]
    expected = near * counts / max(total, 1)
    table = pd.DataFrame(
        {"index": index[best], "observed": observed, "expected": expected, "count": counts, "log_dice": dice[best]}
    )
    return table.assign(**association_scores(observed, (near, counts), total))


def _songs_per_collocate(corpus: Corpus, ids: Ints, rows: Ints, near: np.ndarray, index: Ints) -> Ints:
    """Return int[index]: in how many songs each word of `index` is among the tokens near the node (mask `near`)."""
    songs = song_row_of_each_line(corpus)[rows[near]]
    pairs = np.unique(ids[near].astype(np.int64) * len(corpus.songs) + songs)
    return np.bincount(pairs // max(len(corpus.songs), 1), minlength=len(corpus.vocabulary))[index]


def _pair_score(name: str, *counts: int) -> float:
    """Return one association measure, by name, of two words with the counts n_ii (of the pair), n_ix, n_xi and n_xx."""
    n_ii, n_ix, n_xi, total = counts
    return float(association_scores(np.array([n_ii]), (np.array([n_ix]), np.array([n_xi])), total)[name][0])


MEASURES = (
    Measure(
        "Collocations", "t score", "Favours frequent pairs.", "(O - E) / √O", "Church et al. 1991",
        ReferenceValue(
            "O = 8; f₁ = 15,828; f₂ = 4,675; N = 14,307,668", "NLTK's doctests", 0.9999,
            lambda: _pair_score("t", 8, 15828, 4675, 14307668), 5e-5,
        ),
    ),
    Measure(
        "Collocations", "PMI", "Favours rare pairs.", "log₂(O / E)", "Church & Hanks 1990",
        ReferenceValue(
            "O = 20; f₁ = 42; f₂ = 20; N = 14,307,668", "NLTK's doctests", 18.38,
            lambda: _pair_score("pmi", 20, 42, 20, 14307668), 5e-3,
        ),
    ),
    Measure(
        "Collocations", "G² of a pair", "Evidence that a pair is not due to chance.", "2 Σ O·ln(O / E)", "Dunning 1993",
        ReferenceValue(
            "O = 110; f₁ = 2,552; f₂ = 221; N = 31,777", "NLTK's doctests", 270.72,
            lambda: _pair_score("g2", 110, 2552, 221, 31777), 5e-3,
        ),
    ),
    Measure(
        "Collocations", "logDice", "Strength of a pair, independent of the size of the corpus; at most 14.",
        "14 + log₂(2·O / (f₁ + f₂))", "Rychlý 2008",
        ReferenceValue(
            "O = 20; f₁ = 42; f₂ = 20", "by formula", 13.3677,
            lambda: float(log_dice(np.array([20]), np.array([42]), np.array([20]))[0]), 5e-5,
        ),
    ),
)  # fmt: skip


PRECOMPUTED_RESULTS = (
    PrecomputedResult(
        "pairs",
        collocations,
        french_lines_once_per_song,
        lambda corpus: {"minimum": max(min_french_phrase_count(corpus), LEAST_COUNT)},
        version=2,
    ),
)
