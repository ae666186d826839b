"""What each line of a corpus is about: vectors of latent semantic analysis (Deerwester et al. 1990)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import svds

from pipeline.analysis.variants import lemma
from pipeline.analysis.words.word_classes import function_words
from pipeline.language.vocabulary import Vocabulary

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_WIDTH = 50  # of the vectors


class LineTopics(NamedTuple):
    """idf (words of the text) by sections, 0 of function words; vectors (lines, 50) of length 1."""

    idf: Floats
    vectors: Floats

    @classmethod
    def of(cls, ids: npt.NDArray[np.int32], starts: Ints, sections: Ints, vocabulary: Vocabulary) -> "LineTopics":
        """Analyse a text: the words `ids[starts[r] : starts[r + 1]]` are those of line r, in the section `sections[r]`.

        The vector of a line is the sum of its terms (lemmas, tf-idf), as the singular vectors of the sections have
        them, centred.
        """
        words = vocabulary.index2word
        _, lemmas = np.unique([lemma(word) for word in words], return_inverse=True)
        _, section = np.unique(sections, return_inverse=True)
        size, count = int(section.max(initial=-1)) + 1, int(lemmas.max()) + 1
        pairs = np.unique(np.repeat(section, np.diff(starts)) * count + lemmas[ids])
        section_counts = np.bincount(pairs % count, minlength=count)
        says = np.array([word not in function_words() for word in words])
        idf = np.log(size / np.maximum(section_counts, 1))[lemmas[ids]] * says[ids]
        lines = sparse.csr_matrix((idf, lemmas[ids], starts), (len(section), count))
        table = sparse.csr_matrix((np.ones(len(section)), (section, np.arange(len(section))))) @ lines
        table = sparse.diags(1 / np.maximum(np.sqrt(np.asarray(table.multiply(table).sum(1)).ravel()), 1e-9)) @ table
        if min(table.shape) <= _WIDTH:
            return cls(idf, np.zeros((len(section), 1)))
        _, values, right = svds(table, k=_WIDTH, v0=np.ones(min(table.shape)), rng=np.random.default_rng(0))
        vectors = lines @ (right * values[:, None]).T
        vectors -= vectors.mean(0)
        return cls(idf, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))
