"""Groups of songs and classes of words as figures show them: which rows of many, two side by side, on a plane."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.analysis.comparison.correspondence import WordsAndGroups, words_and_groups
from pipeline.analysis.counting import GroupingKey, song_group_codes, word_counts
from pipeline.analysis.lines import line_lengths
from pipeline.analysis.words.moving_windows import mattr
from pipeline.analysis.words.word_classes import function_words
from pipeline.analysis.worlds.class_agreement import labbe_separation, mutual_information
from pipeline.analysis.worlds.lexical_worlds import Worlds
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
    drawn = {*groups[:ENDS], *groups[-ENDS:], *(name for name in wanted if name in set(groups))}
    return table[names.isin(drawn)], len(groups) - len(drawn)


def ungrouped_songs(corpus: Corpus, by: GroupingKey) -> int:
    """Return how many songs have no group: their artist, year or facet is unknown. None when sections are grouped."""
    return 0 if by == "kind" else int(np.count_nonzero(song_group_codes(corpus, by)[0] < 0))


def group_words(corpus: Corpus, by: GroupingKey, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row a group: group (as text), words, in the order of the groups."""
    counts, labels = word_counts(corpus, by, layer)
    words = np.asarray(counts.sum(axis=1)).ravel().astype(np.int64)
    return pd.DataFrame({"group": labels.astype(str), "words": words})


WINDOW = 100  # words of a moving window: short sides have as many


class SideFigures(NamedTuple):
    """density: rhymed syllables / syllables (nan in silence); variety: different words in 100 running ones (MATTR, nan
    below 100); length: words a line."""

    density: float
    variety: float
    length: float


def side_figures(corpus: Corpus, phonetic_table: pd.DataFrame) -> SideFigures:
    """Return the figures of one side, of its lyrics."""
    sounds = phonetic_table.loc[corpus.lines.index, ["rhymed_syllables", "vowels"]].sum()
    lengths = line_lengths(corpus)
    lengths = lengths[lengths > 0]
    return SideFigures(
        density=sounds["rhymed_syllables"] / sounds["vowels"] if sounds["vowels"] else float("nan"),
        variety=WINDOW * mattr(corpus.token_table()[0], WINDOW),
        length=float(lengths.mean()) if len(lengths) else float("nan"),
    )


LEAST_WORDS = 500  # words of a group that weighs: fewer are drawn to the edge by chance
MAX_WORDS_LABELLED = 40  # words drawn: those that weigh most on the first two axes


def word_group_plane(
    corpus: Corpus, by: GroupingKey, supplementary: GroupingKey | None, content: bool, layer: Layer
) -> WordsAndGroups:
    """Return the words that weigh most on the first two axes, the groups, and the supplementary ones.

    Raise SettingError where fewer than two groups have words enough.
    """
    without = function_words() if content else ()
    return words_and_groups(corpus, by, supplementary=supplementary, without=without, least=LEAST_WORDS, layer=layer)


PLANE_WORDS = 90  # that weigh most on the first two axes


def class_names(worlds: Worlds, words: int = 3) -> list[str]:
    """Return for each class its most typical active words."""
    tables = [worlds.words(number) for number in range(worlds.count)]
    return [", ".join(table.loc[table["active"], "word"].head(words)) or "…" for table in tables]


def plane_tables(worlds: Worlds) -> tuple[pd.DataFrame, pd.DataFrame, tuple[float, float]] | None:
    """Return (words: label, x, y, class; classes: label, x, y; the two shares of inertia); None below three classes."""
    if worlds.count < 3:
        return None
    plane = worlds.plane()
    chosen = plane.heaviest_rows(PLANE_WORDS)
    index = worlds.plane_words[chosen]
    words = pd.DataFrame(plane.rows[chosen, :2], columns=["x", "y"])
    classes = pd.DataFrame(plane.columns[:, :2], columns=["x", "y"])
    words["label"] = worlds.corpus.vocabulary.decode(index)
    words["class"] = worlds.chi_squared[:, index].argmax(axis=0)
    classes["label"] = [str(n) for n in range(1, worlds.count + 1)]
    return words, classes, (float(plane.shares[0]), float(plane.shares[1]))


def compare_methods(worlds: Mapping[str, Worlds]) -> pd.DataFrame:
    """Return the figures of the study, a row a method: method, classes, chi2_per_n, cramers_v, labbe, and the NMI with
    each method, under its name."""
    rows = []
    for name, own in worlds.items():
        agreement = {f"nmi_{other}": mutual_information(own, each) for other, each in worlds.items() if other != name}
        figures = {**own.separation(), "labbe": labbe_separation(own)}
        rows.append({"method": name, "classes": own.count, **figures, **agreement})
    return pd.DataFrame(rows)
