"""What songs are grouped by, and which rows of a long table of groups a figure shows."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from pipeline.analysis.counting import By, song_groups, word_counts
from pipeline.corpus.table import Corpus, Layer

MOST, ENDS = 40, 15  # rows that a figure shows; of more, those at each end


def select_rows(
    table: pd.DataFrame, by: str, wanted: Collection[str] = (), most: int = MOST
) -> tuple[pd.DataFrame, int]:
    """Return (the rows of the groups that a figure shows, how many groups are left out), in the order of the table.

    All of up to `most` groups; of more the first `ENDS`, the last `ENDS` and the `wanted` ones. A group may have
    several rows.

    >>> table = pd.DataFrame({"artist": [f"a{n}" for n in range(100)]})
    >>> shown, left = select_rows(table, "artist", ["a50"])
    >>> shown["artist"].tolist()[13:18], left
    (['a13', 'a14', 'a50', 'a85', 'a86'], 69)
    """
    names = table[by].astype(str)
    groups = names.drop_duplicates().tolist()
    if len(groups) <= most:
        return table, 0
    kept = {*groups[:ENDS], *groups[-ENDS:], *(name for name in wanted if name in set(groups))}
    return table[names.isin(kept)], len(groups) - len(kept)


def ungrouped_songs(corpus: Corpus, by: By) -> int:
    """Return how many songs have no group: their artist, year or facet is unknown. None when sections are grouped."""
    return 0 if by == "kind" else int(np.count_nonzero(song_groups(corpus, by)[0] < 0))


def group_words(corpus: Corpus, by: By, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row a group: group (as text), words, in the order of the groups."""
    counts, labels = word_counts(corpus, by, layer)
    words = np.asarray(counts.sum(axis=1)).ravel().astype(np.int64)
    return pd.DataFrame({"group": labels.astype(str), "words": words})
