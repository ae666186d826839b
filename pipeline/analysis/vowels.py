"""Which vowels a corpus sounds, word by word."""

from collections import Counter

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.counting import By, word_counts
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.ipa import is_vowel, split_phones
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.vocabulary import SPECIALS


def vowel_counts(corpus: Corpus, pronunciations: Pronunciations) -> pd.DataFrame:
    """Return the vowels of each word of the corpus's vocabulary, as spoken word by word: index, vowel (IPA), count."""
    cells = Counter(
        (at, phone)
        for at, word in enumerate(corpus.vocabulary.index2word)
        if at >= len(SPECIALS)
        for phone in split_phones(pronunciations[word].ipa)
        if is_vowel(phone)
    )
    rows = [(at, vowel, n) for (at, vowel), n in cells.items()]
    return pd.DataFrame(rows, columns=["index", "vowel", "count"]).astype({"index": "int32", "count": "int32"})


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
