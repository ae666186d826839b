"""Phrases: n-grams of a corpus as French writes them, and how often one has to occur to be worth a look."""

import pandas as pd

from pipeline.analysis.ngrams import ngram_table
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import detokenise

WORDS = 3  # in a phrase, unless another number is asked for
_WORDS_A_TIME = 200_000  # words of text for each time that a phrase has to occur


def phrase_table(corpus: Corpus, n: int = WORDS, layer: Layer = "lyrics", minimum: int = 2) -> pd.DataFrame:
    """Return `ngram_table` as it is read: ngram, count, songs, phrase; a row an n-gram, most frequent first.

    Raise SettingError outside 1 to 7 words.
    """
    table = ngram_table(corpus, n, layer, minimum).drop(columns="words")
    return table.assign(phrase=table["ngram"].map(join_tokens))


def join_tokens(ngram: str) -> str:
    """Write tokens that spaces part as French writes them.

    >>> join_tokens("c' est l'"), join_tokens("dis -le")
    ("c'est l'", 'dis-le')
    """
    return detokenise(ngram.split(" "))


def least_count(words: int) -> int:
    """Return how often a phrase has to occur in a text of so many words to be listed: 3 to 1,000 times."""
    return min(max(3, words // _WORDS_A_TIME), 1000)
