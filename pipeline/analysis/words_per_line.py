"""Words per line (French: mots par vers), by artist, year or section kind, down to the lines themselves.

A line counts here when it holds at least one word of the layer: an ad-lib standing alone is no line of the lyrics.
The lengths add up to the tokens of the layer, whatever the grouping.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd
from pandas.api.typing import SeriesGroupBy

from pipeline.analysis.counting import By, Ints, line_groups
from pipeline.analysis.lines import line_lengths
from pipeline.corpus.table import Corpus, Layer


def length_distribution(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row a length from 1 to the longest, empty lengths included: words, lines, share, cumulative.

    `share` is of the lines; sum(words * lines) is the token count of the layer.
    """
    lengths = line_lengths(corpus, layer)
    lines = np.bincount(lengths[lengths > 0], minlength=2)[1:]
    share = lines / max(lines.sum(), 1)
    words = np.arange(1, len(lines) + 1)
    return pd.DataFrame({"words": words, "lines": lines, "share": share, "cumulative": np.cumsum(share)})


def length_summary(corpus: Corpus, by: By | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the words per line of each group: the group, lines, words, mean, sd, q1, median, q3, longest.

    `by` None gives one row for the whole, labelled "all" in a column `group`; else the column is named after `by`.
    Quartiles interpolate linearly (type 7 of Hyndman and Fan 1996); sd is the population's. Groups without a line
    are excluded, and so are songs of unknown year when grouped by year.
    """
    lengths = line_lengths(corpus, layer)
    if by is None:
        codes: Ints = np.zeros(len(lengths), np.intp)
        labels = pd.Index(["all"], name="group")
    else:
        codes, labels = line_groups(corpus, by)
    keep = (lengths > 0) & (codes >= 0)
    grouped = pd.Series(lengths[keep]).groupby(codes[keep])
    table = pd.DataFrame(
        {
            "lines": grouped.size(),
            "words": grouped.sum(),
            **quartiles_by(grouped),
        }
    )
    table.insert(0, labels.name, labels[table.index])
    return table.reset_index(drop=True)


def quartiles_by(grouped: SeriesGroupBy) -> dict[str, pd.Series]:
    """Return the mean, sd (population), q1, median, q3 (linear), longest of grouped lengths."""
    return {
        "mean": grouped.mean(),
        "sd": grouped.std(ddof=0),
        "q1": grouped.quantile(0.25),
        "median": grouped.median(),
        "q3": grouped.quantile(0.75),
        "longest": grouped.max(),
    }


def lines_of_length(corpus: Corpus, words: int | Collection[int], layer: Layer = "lyrics") -> Ints:
    """Return the ids of the lines that hold that many words of the layer (or one of those numbers), in corpus order."""
    wanted = [words] if isinstance(words, int) else list(words)
    return corpus.lines.index.to_numpy()[np.isin(line_lengths(corpus, layer), wanted)]
