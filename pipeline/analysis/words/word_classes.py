"""Word classes by lists: verlan, argot, anglicisms, Arabic, Romani and African loans, ad-libs.

The lists (data/lexicons) are short and hand-made: a rate is a lower bound, the coverage says how much no list has.
Words with a common standard sense (caisse, balle) are excluded. A word may be of two classes (kiffer).
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.analysis.counting import GroupingKey, Mask, line_group_codes, song_row_of_each_line, word_mask
from pipeline.analysis.intervals import ratio_jackknife
from pipeline.analysis.variants import standard_word
from pipeline.core.errors import SettingError, spelling_suggestion
from pipeline.core.paths import lexicons_folder
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.phones import number_words

UNLISTED_LABEL = "unlisted"
# Frequent forms of verbs of little meaning of their own.
LIGHT_VERBS = frozenset(
    [
        *("dit", "dis", "dire", "disent", "disait", "fait", "fais", "faire", "font", "faisait", "aller", "allait"),
        *("voir", "vois", "voit", "met", "mets", "mettre", "mis", "pris", "prend", "prends", "prendre", "vient"),
        *("viens", "venir", "venu", "sais", "sait", "savoir", "savait", "peut", "peux", "pouvoir", "veut", "veux"),
        *("vouloir", "doit", "dois", "devoir", "faut", "fallait", "passe", "passer", "passé", "reste", "rester"),
        *("vas", "vais", "vont", "donne", "tient", "vue"),
    ]
)


def word_class_table() -> pd.DataFrame:
    """Return the word lists: word, class, standard (the usual word for it)."""
    return _load_word_list("classes").copy()


@cache
def function_words() -> frozenset[str]:
    """Return the function words: articles, pronouns, prepositions, conjunctions, forms of être and avoir."""
    return frozenset(_load_word_list("function_words")["word"])


@cache
def numeral_words() -> frozenset[str]:
    """Return the words of cardinal numbers: deux, vingt, cents."""
    small = {word for n in range(101) for word in re.split("[- ]", number_words(n))}
    return frozenset(small | {"cents", "vingts", "mille", "million", "millions", "milliard", "milliards"})


@cache
def _words_without_content() -> frozenset[str]:
    return function_words() | numeral_words() | LIGHT_VERBS


def content_word_mask(words: Iterable[str]) -> Mask:
    """Return bool[words]: True at content words of three letters or more: no function words, numerals, light verbs, and
    no compounds of these.

    >>> content_word_mask(["nuit", "dans", "vingt-deux", "celui-là", "fait", "y'"]).tolist()
    [True, False, False, False, False, False]
    """
    empty = _words_without_content()

    def is_content(word: str) -> bool:
        return sum(map(str.isalnum, word)) > 2 and word not in empty and not empty.issuperset(word.split("-"))

    return np.fromiter(map(is_content, words), bool)


def word_class_rates(corpus: Corpus, by: GroupingKey | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return how often each word class occurs: (the group,) class, songs, words, count, types, per_thousand, low, high.

    `words` and `songs` are those of the group; low to high is the 95 % jackknife interval over its songs. Groups
    without words and songs of unknown year are excluded.
    """
    ids, rows = corpus.token_table(layer)
    codes, labels = line_group_codes(corpus, by)
    groups, labels = codes.astype(np.intp), labels.rename(by or "group")
    songs, size = song_row_of_each_line(corpus), max(len(corpus.songs), 1)
    # A piece is what a song has in a group: lines are numbered by theirs, which is far fewer numbers than words.
    lengths = corpus.line_lengths(layer)
    counted = np.flatnonzero((lengths > 0) & (groups >= 0))
    pieces, own = np.unique(groups[counted] * size + songs[counted], return_inverse=True)
    piece_of = np.full(len(lengths), -1)
    piece_of[counted] = own
    words = np.bincount(own, lengths[counted], minlength=len(pieces))
    bounds = np.searchsorted(pieces // size, np.arange(len(labels) + 1))
    parts = []
    classes = word_class_table().groupby("class")
    masks = {str(name): word_mask(corpus.vocabulary, part["word"]) for name, part in classes}
    listed = np.logical_or.reduce([*masks.values()])[ids]  # few words of a text
    ids, rows = ids[listed].astype(np.int64), rows[listed]
    ids, rows = ids[groups[rows] >= 0], rows[groups[rows] >= 0]
    for name, mask in masks.items():
        hit = mask[ids]
        hit_words, at = ids[hit], rows[hit]
        counts = np.bincount(piece_of[at], minlength=len(pieces))
        distinct = np.unique(groups[at] * len(mask) + hit_words) // len(mask)
        types = np.bincount(distinct, minlength=len(labels))
        for group, (a, b) in enumerate(pairwise(bounds.tolist())):
            if a < b:
                value, (low, high) = ratio_jackknife(counts[a:b] * 1000, words[a:b])
                sizes = (b - a, int(words[a:b].sum()), int(counts[a:b].sum()), int(types[group]))
                parts.append((labels[group], name, *sizes, value, low, high))
    columns = [labels.name, "class", "songs", "words", "count", "types", "per_thousand", "low", "high"]
    table = pd.DataFrame(parts, columns=columns)
    return table.drop(columns="group") if by is None else table.sort_values([by, "class"]).reset_index(drop=True)


def word_list_coverage(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return how much of a corpus the word lists cover: part, tokens, types, share (of the tokens).

    Parts: function words, listed (in any class), numbers, unlisted; a word counts in the first that holds it.
    """
    counts = corpus.word_counts(layer)
    vocabulary = corpus.vocabulary
    left = counts > 0
    parts = {
        "function words": word_mask(vocabulary, function_words()),
        "listed": word_mask(vocabulary, word_class_table()["word"]),
        "numbers": np.array([any(map(str.isdigit, word)) for word in vocabulary.index2word]),
        UNLISTED_LABEL: np.ones(len(vocabulary), bool),
    }
    rows = []
    for name, mask in parts.items():
        of_part = left & mask
        rows.append((name, int(counts[of_part].sum()), int(of_part.sum())))
        left &= ~mask
    table = pd.DataFrame(rows, columns=["part", "tokens", "types"])
    return table.assign(share=table["tokens"] / max(counts.sum(), 1))


def entries_of_word_class(name: str) -> pd.DataFrame:
    """Return the rows of `word_class_table` of one class. Raise SettingError for an unknown class."""
    table = word_class_table()
    if name not in set(table["class"]):
        names = sorted(set(table["class"]))
        raise SettingError(
            "There is no word class {name!r}{near}: choose one of {known}.",
            name=name,
            known=", ".join(names),
            near=spelling_suggestion(name, names),
        )
    return table[table["class"] == name]


def words_of_class(corpus: Corpus, name: str, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the words of one class in a corpus, most frequent first: word, standard (the usual word for it), count.

    Unlisted verlan with a hyphen is guessed from its halves, its standard marked by "? ": vail-tra, "? travail". Raise
    SettingError for an unknown class.
    """
    table = entries_of_word_class(name)
    counts, ids = corpus.word_counts(layer), corpus.vocabulary.word2index
    if name == "verlan":
        listed = set(word_class_table()["word"])
        verlan_guesses = {word: standard_word(word) for word in ids if "-" in word.strip("-") and word not in listed}
        guesses = [(word, name, f"? {plain}") for word, plain in verlan_guesses.items() if plain]
        table = pd.concat([table, pd.DataFrame(guesses, columns=table.columns)])
    counted = table.assign(count=[int(counts[ids[word]]) if word in ids else 0 for word in table["word"]])
    counted = counted[counted["count"] > 0].sort_values("count", ascending=False, kind="stable")
    return counted[["word", "standard", "count"]].reset_index(drop=True)


@cache
def _load_word_list(name: str) -> pd.DataFrame:
    return pd.read_csv(lexicons_folder() / f"{name}.tsv", sep="\t", quoting=3, keep_default_na=False)
