"""Word classes by small open lists: verlan, argot, anglicisms, Arabic, Romani and African loans, cries and sounds.

The lists (data/lexicons) are short and hand-made: a rate is a floor, and the coverage says what no list knows.
Words with a common standard sense (caisse, balle) are left out. A word may be of two classes (kiffer).
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import By, Ints, line_groups, song_rows
from pipeline.analysis.intervals import ratio_jackknife
from pipeline.corpus.table import Corpus, Layer
from pipeline.errors import SettingError
from pipeline.language.vocabulary import Vocabulary
from pipeline.paths import lexicons_folder

UNLISTED = "unlisted"


def class_list() -> pd.DataFrame:
    """The lists: word, class, standard (the usual word for it)."""
    return _table("classes").copy()


def function_words() -> frozenset[str]:
    """Articles, pronouns, prepositions, conjunctions, forms of être and avoir: what holds a sentence together."""
    return frozenset(_table("function_words")["word"])


def class_rates(corpus: Corpus, by: By | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """How often each class occurs: (the group,) class, songs, words, count, types, per_thousand, low, high.

    `words` and `songs` are those of the group; low to high is the 95 % jackknife interval over its songs. A class
    that a group does not use has a row of 0. Groups without words and unknown years are left out.
    """
    ids, rows = corpus.token_table(layer)
    if by is None:
        groups, labels = np.zeros(len(corpus.lines), np.intp), pd.Index(["all"], name="group")
    else:
        codes, labels = line_groups(corpus, by)
        groups, labels = codes.astype(np.intp), labels.rename(by)
    songs = song_rows(corpus)
    group_of = pd.DataFrame({"group": groups[rows], "song": songs[rows]})
    words = group_of.groupby(["group", "song"]).size().rename("words")
    words = words[words.index.get_level_values("group") >= 0]
    parts = []
    for name, mask in _masks(corpus.vocabulary).items():
        hit = mask[ids]
        counts = group_of[hit].groupby(["group", "song"]).size().reindex(words.index, fill_value=0)
        types = pd.Series(ids[hit]).groupby(groups[rows[hit]]).nunique()
        for group, part in counts.groupby("group"):
            value, (low, high) = ratio_jackknife(part * 1000, words.loc[[group]])
            found = (len(part), int(words.loc[[group]].sum()), int(part.sum()), int(types.get(group, 0)))
            parts.append((labels[group], name, *found, value, low, high))
    columns = [labels.name, "class", "songs", "words", "count", "types", "per_thousand", "low", "high"]
    table = pd.DataFrame(parts, columns=columns)
    return table.drop(columns="group") if by is None else table.sort_values([by, "class"]).reset_index(drop=True)


def coverage(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """What the lists know of a corpus: part, tokens, types, share (of the tokens).

    Parts: function words, listed (in any class), numbers, unlisted; a word counts in the first that holds it.
    """
    counts = corpus.counts(layer)
    vocabulary = corpus.vocabulary
    left = counts > 0
    parts = {
        "function words": _mask(vocabulary, function_words()),
        "listed": _mask(vocabulary, class_list()["word"]),
        "numbers": np.fromiter((any(map(str.isdigit, word)) for word in vocabulary.index2word), bool, len(vocabulary)),
        UNLISTED: np.ones(len(vocabulary), bool),
    }
    rows = []
    for name, mask in parts.items():
        here = left & mask
        rows.append((name, int(counts[here].sum()), int(here.sum())))
        left &= ~mask
    table = pd.DataFrame(rows, columns=["part", "tokens", "types"])
    return table.assign(share=table["tokens"] / max(counts.sum(), 1))


def class_words(corpus: Corpus, name: str, layer: Layer = "lyrics") -> pd.DataFrame:
    """The words of one class that the corpus holds, most frequent first: word, standard, count.

    Raises SettingError for a class that no list has.
    """
    table = class_list()
    if name not in set(table["class"]):
        raise SettingError(f"There is no word class {name!r}: choose one of {', '.join(sorted(set(table['class'])))}.")
    table = table[table["class"] == name]
    counts = corpus.counts(layer)
    found = table.assign(count=[_count(corpus.vocabulary, counts, word) for word in table["word"]])
    found = found[found["count"] > 0].sort_values("count", ascending=False, kind="stable")
    return found[["word", "standard", "count"]].reset_index(drop=True)


def _count(vocabulary: Vocabulary, counts: Ints, word: str) -> int:
    return int(counts[vocabulary.word2index[word]]) if word in vocabulary else 0


def _masks(vocabulary: Vocabulary) -> dict[str, npt.NDArray[np.bool_]]:
    return {str(name): _mask(vocabulary, part["word"]) for name, part in class_list().groupby("class")}


def _mask(vocabulary: Vocabulary, words: "frozenset[str] | pd.Series[str]") -> npt.NDArray[np.bool_]:
    mask = np.zeros(len(vocabulary), bool)
    mask[vocabulary.encode(word for word in words if word in vocabulary)] = True
    return mask


@cache
def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(lexicons_folder() / f"{name}.tsv", sep="\t", quoting=3, keep_default_na=False)
