"""Word sketches without a tagger: the words before and after a word, by distance, scored by logDice.

After Kilgarriff and Tugwell (2001), with sides and distances in the place of grammatical relations; the score is
logDice (Rychlý 2008). A sketch difference puts two words side by side, as Sketch Engine does.
"""

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.sparse import csgraph

from pipeline.analysis.counting import Floats, Ints, Mask, count_matrix, section_row_of_each_line, song_row_of_each_line
from pipeline.analysis.words.collocations import LEAST_SONGS, association_scores, log_dice
from pipeline.analysis.words.query import Matches, find_matches
from pipeline.analysis.words.word_classes import content_word_mask, function_words
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer

SIDES = ("left", "right")
SPAN, WIDEST = 3, 10  # words to each side
VARIANT_OVERLAP = 0.5  # of two lines of about eight words: the same line but for a few


def word_sketch(
    corpus: Corpus,
    query: str,
    left: int = SPAN,
    right: int = SPAN,
    layer: Layer = "lyrics",
    minimum: int = 3,
    with_function_words: bool = True,
    only_spread: bool = False,
) -> pd.DataFrame:
    """Return the words before and after the matches of a query, by side, then by falling logDice.

    Columns side, word, observed (within the span), log_dice, count (in all), g2, t, pmi, distance (the commonest, from
    1), at_1, at_2, … (how often at each). Excluded are words that occur there fewer than `minimum` times, and function
    words without `with_function_words`. With `only_spread`, unless no word is left, also those whose company is that of
    few songs or of one line (`_local_words_mask`). Raise SettingError for a query that cannot be read.
    """
    if not (0 <= left <= WIDEST and 0 <= right <= WIDEST):
        raise SettingError("A span has 0 to {most} words on each side.", most=WIDEST)
    matches, counts = find_matches(corpus, query, layer), corpus.word_counts(layer)
    parts = []
    for side, span in zip(SIDES, (left, right), strict=True):
        index, part = _collocates_on_side(matches, side, span, counts, minimum)
        part.insert(1, "word", corpus.vocabulary.decode(index))
        parts.append(part.sort_values(["log_dice", "observed"], ascending=False, kind="stable"))
    table = pd.concat(parts, ignore_index=True)
    if not with_function_words:
        table = table[~table["word"].isin(function_words())].reset_index(drop=True)
    if only_spread and len(table):
        index = np.array(corpus.vocabulary.encode(table["word"].tolist()))
        spread = ~_local_words_mask(corpus, matches, index, layer)
        table = table[spread].reset_index(drop=True) if spread.any() else table
    return table


def _local_words_mask(corpus: Corpus, matches: Matches, index: Ints, layer: Layer) -> Mask:
    """Return bool[words]: which words of `index` occur with the matches in fewer than `LEAST_SONGS` songs (of matches
    in fewer, in all), or in one line and variants of it: of the other content words of such a line, another one has
    `VARIANT_OVERLAP` or more on average."""
    ids, rows = corpus.token_table(layer)
    matched = np.zeros(len(corpus.lines), bool)
    matched[matches.row] = True
    lines, number = np.flatnonzero(matched), np.cumsum(matched) - 1
    own = matched[rows]
    holds = count_matrix(ids[own], number[rows[own]], (len(lines), len(corpus.vocabulary)))
    holds.data[:] = 1
    songs = pd.factorize(song_row_of_each_line(corpus)[lines])[0]
    near = holds[:, index].tocoo()
    in_songs = count_matrix(near.col, songs[near.row], (songs.max() + 1, len(index)))
    in_songs.data[:] = 1
    few = np.asarray(in_songs.sum(axis=0)).ravel() < min(LEAST_SONGS, songs.max() + 1)
    content = np.flatnonzero(np.asarray(holds.sum(axis=0)).ravel())
    content = content[content_word_mask(corpus.vocabulary.decode(content))]
    content = np.setdiff1d(content, ids[matches.tokens_at(0)])
    both = (holds[:, index].T @ holds[:, content]).tocsr().astype(float)  # (words, content words): lines with both
    shared = both.multiply(index[:, None] != content[None]).tocsr()
    words, size = np.asarray(shared.sum(axis=1)).ravel(), np.asarray(holds[:, index].sum(axis=0)).ravel()
    pairs = np.asarray(shared.multiply(shared).sum(axis=1)).ravel() - words
    return few | (pairs >= VARIANT_OVERLAP * np.maximum(words * (size - 1), 1))


def _collocates_on_side(
    matches: Matches, side: str, span: int, counts: Ints, minimum: int
) -> tuple[Ints, pd.DataFrame]:
    """Return (indices of the words on one side, their columns of `word_sketch`). `counts` is int[vocabulary]."""
    at = count_by_distance(matches, side, span, len(counts))
    observed = at.sum(axis=0)
    joint_counts = np.minimum(observed, np.minimum(counts, len(matches)))  # "la la la" is near itself several times
    index = np.flatnonzero(observed >= max(minimum, 1))
    part = pd.DataFrame(
        {
            "side": side,
            "observed": observed[index],
            "log_dice": log_dice(joint_counts[index], len(matches), counts[index]),
            "count": counts[index],
            **association_scores(observed[index], (np.full(len(index), observed.sum()), counts[index]), counts.sum()),
            "distance": at[:, index].argmax(axis=0) + 1 if span else np.zeros(len(index), np.int64),
            **{f"at_{k + 1}": at[k, index] for k in range(span)},
        }
    )
    return index, part


def sketch_difference(
    corpus: Corpus,
    first: str,
    second: str,
    left: int = SPAN,
    right: int = SPAN,
    layer: Layer = "lyrics",
    minimum: int = 3,
    with_function_words: bool = True,
) -> pd.DataFrame:
    """Return a comparison of the collocates of two words, those of the first word first.

    Columns side, word, observed_1, log_dice_1, observed_2, log_dice_2, difference. `difference` is log_dice_1 -
    log_dice_2, with 0 for a word that is no collocate. Excluded are collocates that both have fewer than `minimum`
    times. Raise SettingError for the same word twice.
    """
    if first.strip() == second.strip():
        raise SettingError("{word!r} is on both sides. Compare two different words.", word=first)
    near = [word_sketch(corpus, query, left, right, layer, 1, with_function_words) for query in (first, second)]
    pair = [sketch[["side", "word", "observed", "log_dice"]] for sketch in near]
    table = pair[0].merge(pair[1], on=["side", "word"], how="outer", suffixes=("_1", "_2"))
    table[["observed_1", "observed_2"]] = table[["observed_1", "observed_2"]].fillna(0).astype("int64")
    table = table[table[["observed_1", "observed_2"]].max(axis=1) >= minimum]
    table = table.assign(difference=table["log_dice_1"].fillna(0) - table["log_dice_2"].fillna(0))
    return table.sort_values(["difference", "word"], ascending=[False, True], kind="stable").reset_index(drop=True)


def count_by_distance(matches: Matches, side: str, span: int, size: int) -> Ints:
    """Return int[span, size]: how often each word occurs 1, 2, … words before (left) or after (right) a match."""
    counts = np.zeros((span, size), np.int64)
    for k in range(span):
        at = matches.tokens_at(-(k + 1) if side == "left" else k + 1)
        counts[k] = np.bincount(matches.ids[at[at >= 0]], minlength=size)
    return counts


def similitude(corpus: Corpus, layer: Layer = "lyrics", words: int = 60, minimum: int = 3) -> pd.DataFrame:
    """Return the similitude graph of a corpus as links, the heaviest first (Flament 1962; as IRaMuTeQ draws it).

    Columns source, target, weight, sections, source_community, target_community (from 1). Nodes are the `words` most
    frequent content words; `sections` hold both words, `minimum` or more, and weight is Jaccard's index, their share of
    the sections that hold either. Only links of the maximum spanning tree are returned (Marchand & Ratinaud 2012).
    Communities are the cut of average linkage that has the highest modularity (Newman 2006) by all weights.
    """
    ids, rows = corpus.token_table(layer)
    counts = corpus.word_counts(layer)
    index = np.flatnonzero(counts)
    index = index[content_word_mask(corpus.vocabulary.decode(index))]
    chosen = index[np.argsort(-counts[index], kind="stable")[:words]]
    column = np.full(len(counts), -1)
    column[chosen] = np.arange(len(chosen))
    own = column[ids] >= 0
    holds = count_matrix(
        column[ids[own]], section_row_of_each_line(corpus)[rows[own]], (len(corpus.sections), len(chosen))
    )
    holds.data[:] = 1
    both = (holds.T @ holds).toarray()  # (words, words)
    sizes = both.diagonal()
    jaccard = np.where(both >= minimum, both / np.maximum(sizes[:, None] + sizes - both, 1), 0.0)
    np.fill_diagonal(jaccard, 0)
    tree = csgraph.minimum_spanning_tree(np.triu(np.where(jaccard > 0, 2 - jaccard, 0))).tocoo()  # 0 is no link
    names, communities = np.array(corpus.vocabulary.decode(chosen), object), _detect_communities(jaccard)
    table = pd.DataFrame(
        {
            "source": names[tree.row],
            "target": names[tree.col],
            "weight": jaccard[tree.row, tree.col],
            "sections": both[tree.row, tree.col],
            "source_community": communities[tree.row],
            "target_community": communities[tree.col],
        }
    )
    return table.sort_values("weight", ascending=False, kind="stable").reset_index(drop=True)


def _detect_communities(weights: Floats) -> Ints:
    """Return int[nodes], from 1: clusters by average linkage, cut at the highest modularity; weights 0 to 1."""
    if len(weights) < 2 or not weights.any():
        return np.ones(len(weights), int)
    tree = hierarchy.average((1 - weights)[np.triu_indices(len(weights), 1)])
    strength = weights.sum(axis=0)
    surplus = weights - np.outer(strength, strength) / strength.sum()
    cuts = [hierarchy.fcluster(tree, count, "maxclust") for count in range(1, len(weights) + 1)]
    return max(cuts, key=lambda own: float(surplus[own[:, None] == own].sum()))
