"""Word sketches without a tagger: what stands before a word and after it, at which distance, and how exclusively.

After Kilgarriff and Tugwell (2001), with sides and distances in the place of grammatical relations; the score is
logDice (Rychlý 2008). A sketch difference puts two words side by side, as Sketch Engine does.
"""

import numpy as np
import pandas as pd

from pipeline.analysis.collocations import log_dice
from pipeline.analysis.counting import Ints
from pipeline.analysis.query import Matches, find_matches
from pipeline.analysis.word_classes import function_words
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer

SIDES = ("left", "right")
SPAN, WIDEST = 3, 10  # words to each side


def word_sketch(
    corpus: Corpus,
    query: str,
    left: int = SPAN,
    right: int = SPAN,
    layer: Layer = "lyrics",
    minimum: int = 3,
    functional: bool = True,
) -> pd.DataFrame:
    """Return the words before and after the matches of `query`: side, word, observed (within the span), log_dice,
    count (in all), distance (the commonest, from 1), at_1, at_2, … (how often at each).

    By side, then by falling logDice; words near fewer than `minimum` times are excluded, function words without
    `functional`. Raise SettingError for a query that cannot be read.
    """
    if not (0 <= left <= WIDEST and 0 <= right <= WIDEST):
        raise SettingError("A span of a sketch has 0 to {most} words to each side.", most=WIDEST)
    matches, counts = find_matches(corpus, query, layer), corpus.counts(layer)
    parts = []
    for side, span in zip(SIDES, (left, right), strict=True):
        index, part = _side_table(matches, side, span, counts, minimum)
        part.insert(1, "word", corpus.vocabulary.decode(index))
        parts.append(part.sort_values(["log_dice", "observed"], ascending=False, kind="stable"))
    table = pd.concat(parts, ignore_index=True)
    return table if functional else table[~table["word"].isin(function_words())].reset_index(drop=True)


def _side_table(matches: Matches, side: str, span: int, counts: Ints, minimum: int) -> tuple[Ints, pd.DataFrame]:
    """Return (index of each word, the columns of `word_sketch` but the word) of one side; counts int[vocabulary]."""
    at = count_by_distance(matches, side, span, len(counts))
    observed = at.sum(axis=0)
    together = np.minimum(observed, np.minimum(counts, len(matches)))  # "la la la" is near itself several times
    index = np.flatnonzero(observed >= max(minimum, 1))
    part = pd.DataFrame(
        {
            "side": side,
            "observed": observed[index],
            "log_dice": log_dice(together[index], len(matches), counts[index]),
            "count": counts[index],
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
    functional: bool = True,
) -> pd.DataFrame:
    """Return the company of two words side by side: side, word, observed and log_dice of each (`_1`, `_2`), difference.

    `difference` is log_dice_1 - log_dice_2, a score of 0 where a word is not near at all; words near either of the two
    `minimum` times or more, the first word's own company first.
    """
    near = [word_sketch(corpus, query, left, right, layer, 1, functional) for query in (first, second)]
    pair = [sketch[["side", "word", "observed", "log_dice"]] for sketch in near]
    table = pair[0].merge(pair[1], on=["side", "word"], how="outer", suffixes=("_1", "_2"))
    table[["observed_1", "observed_2"]] = table[["observed_1", "observed_2"]].fillna(0).astype("int64")
    table = table[table[["observed_1", "observed_2"]].max(axis=1) >= minimum]
    table = table.assign(difference=table["log_dice_1"].fillna(0) - table["log_dice_2"].fillna(0))
    return table.sort_values(["difference", "word"], ascending=[False, True], kind="stable").reset_index(drop=True)


def count_by_distance(matches: Matches, side: str, span: int, size: int) -> Ints:
    """Return int[span, size]: how often each word stands 1, 2, … words before (left) or after (right) a match, within
    its line."""
    counts = np.zeros((span, size), np.int64)
    last = matches.place + matches.width - 1
    for k in range(span):
        at = matches.place - (k + 1) if side == "left" else last + k + 1
        inside = (at >= 0) & (at < len(matches.ids))
        at, row = at[inside], matches.row[inside]
        counts[k] = np.bincount(matches.ids[at[matches.rows[at] == row]], minlength=size)
    return counts
