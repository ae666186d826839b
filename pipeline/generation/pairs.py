"""Pairs of words that the corpus avoids: each of the two is frequent, yet they hardly ever follow each other.

French says l'heure and d'un, so "la heure" and "de un" are missing from a corpus that holds thousands of la, heure,
de and un; "l'main", "un le", "les sa" are too. A model that smooths its counts writes them now and then.
"""

import numpy as np

from pipeline.corpus.table import Corpus

FREQUENT = 1000  # words looked at: a pair of rarer ones is too rare to be missed
EXPECTED = 5.0  # times that a pair would stand there by chance; none at all then happens once in 150
HARDLY = 0.05  # of that: "un un" and "de une" are slips of a corpus too; one line in 200 of it holds such a pair

Pair = tuple[str, str]


def avoided_pairs(corpus: Corpus) -> frozenset[Pair]:
    """Return (a, b) with n(a b) < HARDLY * E, where E = n(a .) n(. b) / N >= EXPECTED, over neighbours in a line.

    One table of counts instead of a count a pair: a million pairs are looked at, most of which never occur.
    """
    ids, rows = corpus.token_table("lyrics")
    together = rows[:-1] == rows[1:]
    kept = np.argsort(-corpus.counts(), kind="stable")[:FREQUENT]
    place = np.full(len(corpus.vocabulary), len(kept))  # the last place is for all others
    place[kept] = np.arange(len(kept))
    size = len(kept) + 1
    cells = place[ids[:-1][together]] * size + place[ids[1:][together]]
    observed = np.bincount(cells, minlength=size * size).reshape(size, size)
    expected = np.outer(observed.sum(1), observed.sum(0)) / max(1, len(cells))
    avoided = (expected >= EXPECTED) & (observed < HARDLY * expected)
    words = corpus.vocabulary.decode(kept)
    return frozenset((words[a], words[b]) for a, b in zip(*np.nonzero(avoided[:-1, :-1]), strict=True))
