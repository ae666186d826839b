"""Lemmas as a switch: the same corpus with every word replaced by its dictionary form.

simplemma's French table, after a table of our own for what it cannot know: clitics (j' is je), swallowed vowels
(p'tit is petit), spellings of speech (chuis); and for what it has wrong (notre is no form of son, Paris no bet). A form
of two lemmas gets the likelier one, without a look at the line: suis is always être. Words that neither table knows
stay as they are.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import simplemma

from pipeline.core.paths import lexicons_folder
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import SPECIALS, Vocabulary


def lemma(word: str) -> str:
    """Return the dictionary form of one token.

    >>> [lemma(word) for word in ("chevaux", "j'", "p'tites", "bicraves")]
    ['cheval', 'je', 'petit', 'bicraves']
    """
    return _forms().get(word) or simplemma.lemmatize(word, lang="fr").lower()


def lemmatise(corpus: Corpus) -> Corpus:
    """Return a corpus whose vocabulary is lemmas; lines, text and layers as before, so every measure works on it.

    Its vocabulary is another one: keyness compares two parts of it, not a part with the corpus as written.
    """
    entries = corpus.vocabulary.index2word
    lemmas = [lemma(word) for word in entries[len(SPECIALS) :]]
    counts: dict[str, int] = {}
    for word, count in zip(lemmas, corpus.vocabulary.counts[len(SPECIALS) :].tolist(), strict=True):
        counts[word] = counts.get(word, 0) + count
    vocabulary = Vocabulary.from_counts(counts, level="word")
    index = np.fromiter((vocabulary.word2index[word] for word in (*SPECIALS, *lemmas)), np.int32, len(entries))
    return replace(corpus, tokens=index[corpus.tokens], vocabulary=vocabulary)


@cache
def _forms() -> dict[str, str]:
    table = pd.read_csv(lexicons_folder() / "forms.tsv", sep="\t", quoting=3, keep_default_na=False)
    return dict(zip(table["form"], table["standard"], strict=True))
