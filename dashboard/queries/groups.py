"""What figures show of groups: which rows of a long table, figures of two compared sides, planes of words and
groups."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.analysis.comparison.correspondence import WordGroupBiplot, word_group_biplot
from pipeline.analysis.counting import GroupingKey, song_group_codes, word_counts
from pipeline.analysis.firsts import meaningful_word_mask, name_mask
from pipeline.analysis.words.moving_windows import mattr
from pipeline.analysis.words.word_classes import function_words
from pipeline.analysis.worlds.lexical_worlds import Worlds
from pipeline.corpus.table import Corpus, Layer

MOST, ENDS = 40, 8  # rows that a figure shows; of more, those at each end


def select_shown_rows(
    table: pd.DataFrame, by: str, wanted: Collection[str] = (), most: int = MOST
) -> tuple[pd.DataFrame, int]:
    """Return (the rows of the groups that a figure shows, in order; how many groups it leaves out).

    All of up to `most` groups; of more the first and the last `ENDS` and the `wanted` ones. A group may have
    several rows.

    >>> table = pd.DataFrame({"artist": [f"a{n}" for n in range(100)]})
    >>> shown, left = select_shown_rows(table, "artist", ["a50"])
    >>> shown["artist"].tolist()[6:11], left
    (['a6', 'a7', 'a50', 'a92', 'a93'], 83)
    """
    names = table[by].astype(str)
    groups = names.drop_duplicates().tolist()
    if len(groups) <= most:
        return table, 0
    drawn = {*groups[:ENDS], *groups[-ENDS:], *(name for name in wanted if name in set(groups))}
    return table[names.isin(drawn)], len(groups) - len(drawn)


def count_ungrouped_songs(corpus: Corpus, by: GroupingKey) -> int:
    """Return how many songs have no group: their artist, year or facet is unknown. 0 when sections are grouped."""
    return 0 if by == "kind" else int(np.count_nonzero(song_group_codes(corpus, by)[0] < 0))


def word_total_of_each_group(corpus: Corpus, by: GroupingKey, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return how many words each group has, in the order of the groups: group (as text), words."""
    counts, labels = word_counts(corpus, by, layer)
    words = np.asarray(counts.sum(axis=1)).ravel().astype(np.int64)
    return pd.DataFrame({"group": labels.astype(str), "words": words})


WINDOW = 100  # words of a moving window: short sides have as many


class CompareFigures(NamedTuple):
    """Figures of one of two compared parts of a corpus, nan where undefined.

    density: rhymed syllables / syllables; variety: different words in 100 consecutive ones (MATTR); length: words a
    line.
    """

    density: float
    variety: float
    length: float


def compare_figures(corpus: Corpus, phonetic_table: pd.DataFrame) -> CompareFigures:
    """Return rhyme density, variety of words and line length of a part of a corpus that is compared with another."""
    sounds = phonetic_table.loc[corpus.lines.index, ["rhymed_syllables", "vowels"]].sum()
    lengths = corpus.line_lengths()
    lengths = lengths[lengths > 0]
    return CompareFigures(
        density=sounds["rhymed_syllables"] / sounds["vowels"] if sounds["vowels"] else float("nan"),
        variety=WINDOW * mattr(corpus.token_ids(), WINDOW),
        length=float(lengths.mean()) if len(lengths) else float("nan"),
    )


LEAST_WORDS = 500  # words of a group that weighs: fewer are drawn to the edge by chance
MAX_WORDS_LABELLED = 40  # words drawn: those that weigh most on the first two axes


def word_group_plane(
    corpus: Corpus, by: GroupingKey, supplementary: GroupingKey | None, content: bool, layer: Layer
) -> WordGroupBiplot:
    """Return the correspondence analysis of words by groups that the map shows; with `content` of content words alone.

    Raise SettingError where fewer than two groups have `LEAST_WORDS` words.
    """
    without = function_words() if content else ()
    return word_group_biplot(corpus, by, supplementary=supplementary, without=without, least=LEAST_WORDS, layer=layer)


WORDS_READ = 40  # typical words of a class among which those are that name it
MIN_ARTISTS, MIN_ARTIST_SHARE = 5, 0.05  # artists who use such a word in the class at least, but no more than half


def meaningful_words_of_class(worlds: Worlds, number: int) -> pd.DataFrame:
    """Return the rows of `typical_words` of a class of lexical worlds that may stand for it: active words that it uses
    more, meaningful, used there by many artists, no names (`name_mask`) and no elided forms (*v'nu*).

    Cached with the corpus of the worlds.
    """

    def find_words() -> pd.DataFrame:
        table = worlds.typical_words(number)
        table = table[table["active"] & (table["chi2"] > 0)]
        table = table[~table["word"].str.contains(r"\w'\w")].head(WORDS_READ)
        table = table[meaningful_word_mask(table["word"], worlds.corpus)]
        artists = worlds.artists_using(number, table["word"])
        total = len(worlds.corpus.artists)
        table = table[artists >= min(max(MIN_ARTISTS, MIN_ARTIST_SHARE * total), total / 2)]
        return table[~name_mask(table["word"], worlds.corpus)]

    return worlds.corpus.cached(("words of a class", worlds.class_count, number), find_words)


def words_naming_each_class(worlds: Worlds, words: int = 3) -> list[str]:
    """Return a name for each class of lexical worlds: its most typical meaningful words, separated by commas; "…" for a
    class that has none. Where fewer than half of the classes have two such words, return []."""
    tables = [meaningful_words_of_class(worlds, number) for number in range(worlds.class_count)]
    named = 2 * sum(len(table) > 1 for table in tables) >= max(len(tables), 1)
    return [", ".join(table["word"].head(words)) or "…" for table in tables] if named else []


PLANE_WORDS = 90  # that weigh most on the first two axes
DOMINATING_SHARE = 0.8  # of the inertia of an axis: such a class leaves the others no room on the plane


class ClassPlane(NamedTuple):
    """Words and classes of lexical worlds on the first two axes of a correspondence analysis.

    words: label, x, y, class; classes: label, x, y, class; shares of inertia of the two axes; far: labels of the
    classes that are left out, because they would dominate an axis.
    """

    words: pd.DataFrame
    classes: pd.DataFrame
    shares: tuple[float, float]
    far: list[str]


def lexical_class_plane(worlds: Worlds) -> ClassPlane | None:
    """Return the plane of words and classes of lexical worlds; None for fewer than three classes.

    A class with more than `DOMINATING_SHARE` of an axis is left out, while three others are left.
    """
    if worlds.class_count < 3:
        return None
    classes = np.arange(worlds.class_count)
    plane, index = worlds.correspondence_plane(classes)
    while len(classes) > 3 and (share := plane.column_contributions[:, :2].max(axis=1)).max() > DOMINATING_SHARE:
        classes = np.delete(classes, share.argmax())
        plane, index = worlds.correspondence_plane(classes)
    far = np.setdiff1d(np.arange(worlds.class_count), classes)
    chosen = plane.heaviest_rows(PLANE_WORDS)
    words = pd.DataFrame(plane.rows[chosen, :2], columns=["x", "y"])
    words["label"] = worlds.corpus.vocabulary.decode(index[chosen])
    words["class"] = classes[worlds.chi_squared[classes][:, index[chosen]].argmax(axis=0)]
    labels = [f"{n} {name.partition(',')[0]}" for n, name in enumerate(words_naming_each_class(worlds), 1)]
    table = pd.DataFrame(plane.columns[:, :2], columns=["x", "y"])
    table = table.assign(label=[labels[each] for each in classes], **{"class": classes})
    return ClassPlane(words, table, (float(plane.shares[0]), float(plane.shares[1])), [labels[each] for each in far])
