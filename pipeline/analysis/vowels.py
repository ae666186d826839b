"""Which vowels a corpus sounds, word by word."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.counting import By, word_counts
from pipeline.corpus.table import Corpus, Layer
from pipeline.corpus.workers import map_in_order
from pipeline.language.ipa import is_vowel, split_phones
from pipeline.language.mute_e import spoken_ipa
from pipeline.language.phones import Pronunciation
from pipeline.language.pronunciations import PronunciationSource
from pipeline.language.vocabulary import SPECIALS

_TOGETHER = 20_000  # words whose vowels are counted at a time


def vowel_counts(corpus: Corpus, pronunciations: PronunciationSource, executor: Executor | None = None) -> pd.DataFrame:
    """Return the vowels of each word of the corpus's vocabulary, as spoken word by word: index, vowel (IPA), count.

    The workers of `executor` share the work.
    """
    starts = range(len(SPECIALS), len(corpus.vocabulary), _TOGETHER)
    rows = (pronunciations.rows(corpus.vocabulary.index2word[at : at + _TOGETHER]) for at in starts)
    return pd.concat([_count_vowels(0, []), *map_in_order(executor, _count_vowels, starts, rows)], ignore_index=True)


def _count_vowels(first: int, rows: Sequence[Pronunciation]) -> pd.DataFrame:
    """The vowels of words that stand in the vocabulary from `first` on."""
    found = [
        (at, vowel, n)
        for at, row in enumerate(rows, first)
        for vowel, n in Counter(filter(is_vowel, split_phones(spoken_ipa(row.ipa)))).items()
    ]
    return pd.DataFrame(found, columns=["index", "vowel", "count"]).astype(
        {"index": "int32", "vowel": "str", "count": "int32"}
    )


def vowel_palette(corpus: Corpus, vowels: pd.DataFrame, by: By | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the vowels of each group: (the group,) vowel, count, share; most first.

    `vowels` is `vowel_counts` of the corpus: words are counted as they sound alone.
    """
    code, names = pd.factorize(vowels["vowel"])
    shape = (len(corpus.vocabulary), len(names))
    matrix = sparse.csr_matrix((vowels["count"].astype(np.int64), (vowels["index"], code)), shape).toarray()
    counts, labels = word_counts(corpus, by, layer) if by else (corpus.counts(layer), ("all",))
    sounded = np.atleast_2d(counts @ matrix)
    rows = []
    for group, row in enumerate(sounded):
        for at in np.argsort(-row, kind="stable"):
            rows.append((labels[group], names[at], row[at], row[at] / max(row.sum(), 1)))
    table = pd.DataFrame(rows, columns=[by or "group", "vowel", "count", "share"])
    return table if by else table.drop(columns="group")
