"""How evenly a word is spread over the parts of a corpus, so that one song's refrain does not pass for a habit.

Definitions after Gries 2019 (and 2008 for DP). For a word of frequency f: v_i is its count in part i, s_i the share
of the part in all tokens, p_i = v_i / size of the part, n the number of parts that hold tokens.
"""

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.counting import By, Floats, document_frequency, word_counts
from pipeline.corpus.table import Corpus, Layer


def dispersion_table(corpus: Corpus, by: By = "song", layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row a word that occurs, in vocabulary order: word, index, count, and the columns of `dispersion`."""
    matrix, _ = word_counts(corpus, by, layer)
    counts = corpus.counts(layer)
    index = np.flatnonzero(counts)
    words = pd.array(np.array(corpus.vocabulary.index2word, object)[index], dtype="str")
    table = dispersion(matrix).loc[index].reset_index(drop=True)
    table.insert(0, "word", words)
    table.insert(1, "index", index)
    table.insert(2, "count", counts[index])
    return table


def dispersion(counts: sparse.csr_matrix) -> pd.DataFrame:
    """Measure the dispersion of words from CSR counts of parts x words, a row a word: range, sd, vc, juilland_d,
    rosengren_s, dp, dp_norm, kl; nan where f = 0.

    range        parts that hold the word
    sd, vc       of its counts in the parts (population), and sd / mean; 0 is even
    juilland_d   1 - cv(p_i) / sqrt(n - 1); 1 is even. Nears 1 for everything when parts are many
    rosengren_s  (sum sqrt(s_i v_i))^2 / f; 1 is even, the smallest part's share is clumped
    dp           half the sum of |v_i / f - s_i| (Gries 2008); 0 is even, 1 - min s clumped
    dp_norm      dp / (1 - min s) (Lijffijt and Gries 2012); 0 to 1
    kl           sum (v_i / f) log2((v_i / f) / s_i) in bits; 0 is even
    """
    sizes = np.asarray(counts.sum(axis=1)).ravel().astype(float)
    cells = counts[sizes > 0].tocoo()
    sizes = sizes[sizes > 0]
    n, share = len(sizes), sizes / sizes.sum()
    part, word, v = cells.row, cells.col, cells.data.astype(float)
    words = counts.shape[1]

    def add(values: Floats) -> Floats:
        return np.bincount(word, values, minlength=words).astype(float)

    f = add(v)
    p, s = v / f[word], share[part]  # of the word's occurrences, of all tokens
    rate = v / sizes[part]
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(np.maximum(add(v**2) / n - (f / n) ** 2, 0))
        mean_rate = add(rate) / n
        rate_sd = np.sqrt(np.maximum(add(rate**2) / n - mean_rate**2, 0))
        dp = (add(np.abs(p - s) - s) + 1) / 2  # parts without the word add their whole share
        table = pd.DataFrame(
            {
                "range": document_frequency(counts),
                "sd": sd,
                "vc": sd / (f / n),
                "juilland_d": 1 - rate_sd / mean_rate / np.sqrt(n - 1),
                "rosengren_s": add(np.sqrt(s * v)) ** 2 / f,
                "dp": dp,
                "dp_norm": dp / (1 - share.min(initial=1)),
                "kl": add(p * np.log2(p / s)),
            }
        )
    table.loc[f == 0, table.columns != "range"] = np.nan
    return table
