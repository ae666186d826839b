"""Word vectors of a corpus, and the words nearest to a theme.

Words with the same neighbours have similar vectors: positive pointwise mutual information of content words within
`CONTEXT_WINDOW` words of each other in a song, factorised (Levy, Goldberg & Dagan 2015: context counts to the
power 0.75, singular values to 0.5). A run of words has such vectors too (`runs.vectors`); these need no run, and are of
whole words whatever the units of a run are. A corpus of few songs gives what its songs say together, no synonyms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from pipeline.analysis.counting import Floats, song_row_of_each_line, word_mask
from pipeline.analysis.words.word_classes import function_words
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import tokenise

CONTEXT_WINDOW = 20  # content words to each side: what a song is about, more than its syntax
MIN_WORD_COUNT = 5  # times that a word occurs
MAX_VOCABULARY = 30_000  # words, the most frequent
_MAX_DENSE_WORDS = 500  # words whose values are all computed
WIDTH = 50
SMOOTHING = 0.75


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Words, the most frequent first, and a unit vector for each: float[n, width]."""

    words: tuple[str, ...]
    vectors: Floats

    def nearest(self, words: Sequence[str], n: int = 24) -> list[tuple[str, float]]:
        """Return `n` (word, cosine) pairs: the given words, with cosine 1, then those nearest to their mean vector.

        Words without a vector are ignored; empty when none has one.
        """
        place = {word: at for at, word in enumerate(self.words)}
        ids = [place[word] for word in dict.fromkeys(words) if word in place]
        if not ids:
            return []
        mean = self.vectors[ids].mean(axis=0)
        cosine = self.vectors @ (mean / max(float(np.linalg.norm(mean)), 1e-12))
        cosine[ids] = 1.0
        best = np.argsort(-cosine, kind="stable")[: max(n, len(ids))]
        return [(self.words[at], round(float(cosine[at]), 4)) for at in best if cosine[at] > 0]


def word_vectors(corpus: Corpus) -> WordVectors:
    """Return the vectors of the content words of a corpus; the same corpus gives the same ones."""
    ids, songs = _content_tokens(corpus)
    frequent = np.flatnonzero(np.bincount(ids, minlength=len(corpus.vocabulary)) >= MIN_WORD_COUNT)
    frequent = frequent[np.argsort(-np.bincount(ids, minlength=len(corpus.vocabulary))[frequent], kind="stable")][
        :MAX_VOCABULARY
    ]
    place = np.full(len(corpus.vocabulary), -1)
    place[frequent] = np.arange(len(frequent))
    words = tuple(corpus.vocabulary.decode(frequent))
    width = min(WIDTH, len(frequent) - 1)
    if width < 1:
        return WordVectors(words, np.ones((len(frequent), 1)))
    information = _ppmi_matrix(place[ids], songs, len(frequent))
    if len(frequent) <= _MAX_DENSE_WORDS:  # ARPACK begins anew at random where so few words leave it no direction
        left, values, _ = np.linalg.svd(information.toarray())
        left, values = left[:, :width], values[:width]
    else:
        left, values, _ = svds(information, k=width, v0=np.ones(len(frequent)), rng=np.random.default_rng(0))
    vectors = left * np.sqrt(values)
    return WordVectors(words, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def theme_words(corpus: Corpus, text: str, n: int = 24, vectors: WordVectors | None = None) -> list[tuple[str, float]]:
    """Return the words of a theme given as text: its own content words and those nearest, with their cosine (0 to 1).

    Raise SettingError when the corpus has none of its words often enough.
    """
    words = [word for word in tokenise(text) if len(word) > 1 and word not in function_words()]
    field = (vectors or word_vectors(corpus)).nearest(words, n)
    if not field:
        raise SettingError("“{theme}” is too rare in the corpus to find related words. Try another.", theme=text)
    return field


def _content_tokens(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """Return (int[tokens]: ids of the content words in order, int[tokens]: song row of each)."""
    ids, rows = corpus.token_table("lyrics")
    content = ~word_mask(corpus.vocabulary, function_words())[ids]
    return ids[content], song_row_of_each_line(corpus)[rows[content]]


def _ppmi_matrix(positions: np.ndarray, songs: np.ndarray, size: int) -> sparse.csr_matrix:
    """Return (size, size): positive pointwise mutual information of the words near each other in a song."""
    counts = sparse.csr_matrix((size, size))
    for distance in range(1, CONTEXT_WINDOW + 1):
        one, other = positions[:-distance], positions[distance:]
        near = (songs[:-distance] == songs[distance:]) & (one >= 0) & (other >= 0) & (one != other)
        pairs = sparse.coo_matrix((np.ones(near.sum()), (one[near], other[near])), shape=(size, size)).tocsr()
        counts = counts + pairs + pairs.T
    table = counts.tocoo()
    words = np.asarray(counts.sum(axis=1)).ravel()
    contexts = words**SMOOTHING / max(float((words**SMOOTHING).sum()), 1e-12)
    gain = np.log(table.data / (words[table.row] * contexts[table.col]))
    return sparse.csr_matrix((np.maximum(gain, 0), (table.row, table.col)), shape=(size, size))
