"""Search by name, without regard to capitals and accents, the best matches first; the names of a corpus."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.corpus.song import display_name
from pipeline.corpus.table import Corpus


class CorpusNames(NamedTuple):
    """The artists, songs (by id) and words of a corpus with their folded names; artists and words by frequency."""

    artists: list[str]
    folded_artists: list[str]
    songs: list[int]
    folded_songs: list[str]
    words: list[str]
    folded_words: list[str]


def fold_case_and_accents(text: str) -> str:
    """Return a text in lower case and without accents.

    >>> fold_case_and_accents("Ça, œuvre de Zéro")
    'ca, œuvre de zero'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def searchable_names(corpus: Corpus) -> CorpusNames:
    """Return the names of the artists, songs and words of a whole corpus, folded for `best_matches`."""
    artists = corpus.songs["artist"].value_counts().index.tolist()
    songs = (corpus.songs["title"].map(display_name) + " " + corpus.songs["artist"].map(display_name)).map(
        fold_case_and_accents
    )
    counts, names = corpus.word_counts(), corpus.vocabulary.index2word
    words = [
        names[index] for index in np.argsort(-counts, kind="stable") if counts[index] and names[index][0].isalpha()
    ]
    folded = [fold_case_and_accents(display_name(name)) for name in artists]
    return CorpusNames(
        artists, folded, songs.index.tolist(), songs.tolist(), words, list(map(fold_case_and_accents, words))
    )


def best_matches(query: str, names: Sequence[str], most: int) -> list[int]:
    """Return the indices of the best matching names: equal, then by prefix, prefix of a word, substring, all words.

    Names are folded; of two that match alike the earlier comes first.

    >>> best_matches("nuit", ["la nuit", "nuits", "minuit", "nuit", "jour"], 3)
    [3, 1, 0]
    """
    folded_query = fold_case_and_accents(query).strip()
    words = sorted(folded_query.split(), key=len, reverse=True)  # the longest excludes most
    if not words:
        return []
    ranked = []
    for place, name in enumerate(names):
        if folded_query in name:
            kinds = (name == folded_query, name.startswith(folded_query), f" {folded_query}" in name, True)
            ranked.append((kinds.index(True), place))
        elif len(words) > 1 and words[0] in name and all(word in name for word in words):
            ranked.append((4, place))
    return [place for _, place in sorted(ranked)[:most]]
