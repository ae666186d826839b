"""Word vectors: what the input embedding of a run has learnt, as neighbours, a map and files. Knows no TensorFlow.

A row of the embedding is what the network reads of a token; tokens that are followed by the same things end up pointing
the same way. The four marks (`<pad>`, `<unk>`, `<line>`, `<song>`) are no tokens of the text and are left out.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.language.vocabulary import SPECIALS, Ids, Vocabulary

Floats = npt.NDArray[np.float64]
_FIRST_TOKEN_ID = len(SPECIALS)


def nearest_tokens(embedding: Floats, vocabulary: Vocabulary, at: int, n: int = 10) -> pd.DataFrame:
    """Return the `n` tokens nearest to token `at` by cosine similarity of their vectors: id, token, cosine.

    Cosine: 1 the same direction, 0 nothing in common, -1 opposite; of a zero vector it is 0. Ties keep the order of the
    vocabulary, the more frequent first.
    """
    sizes = np.linalg.norm(embedding, axis=1)
    cosine = embedding @ embedding[at] / np.maximum(sizes * sizes[at], 1e-12)
    others = np.setdiff1d(np.arange(_FIRST_TOKEN_ID, len(embedding)), [at])
    best = others[np.argsort(-cosine[others], kind="stable")][: max(n, 0)]
    return pd.DataFrame({"id": best, "token": vocabulary.decode(best), "cosine": cosine[best].clip(-1, 1)})


def project_embedding(embedding: Floats, vocabulary: Vocabulary, ids: Ids | None = None) -> tuple[pd.DataFrame, float]:
    """Return a map of token vectors (token, count, x, y), and the share of their variance that its two axes explain.

    Principal components (Pearson 1901) by the singular value decomposition of the centred rows; every token when `ids`
    is None. The largest coordinate of an axis is positive, so the same vectors always give the same map.
    """
    ids = np.arange(_FIRST_TOKEN_ID, len(embedding), dtype=np.int32) if ids is None else ids
    centred = embedding[ids] - embedding[ids].mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(ids), 2))
    axes = min(2, len(values))
    points[:, :axes] = left[:, :axes] * values[:axes]
    largest = points[np.abs(points).argmax(axis=0), [0, 1]]
    points *= np.where(largest < 0, -1, 1)
    table = pd.DataFrame({"token": vocabulary.decode(ids), "count": vocabulary.counts[ids]})
    table[["x", "y"]] = points
    return table, float((values[:2] ** 2).sum() / max((values**2).sum(), 1e-12))


def embedding_table(embedding: Floats, vocabulary: Vocabulary) -> pd.DataFrame:
    """Return one row per token: token, count, map coordinates x and y, and the embedding vector v0, v1, …"""
    columns = [f"v{number}" for number in range(embedding.shape[1])]
    vectors = pd.DataFrame(embedding[_FIRST_TOKEN_ID:].astype(np.float32), columns=columns)
    return pd.concat([project_embedding(embedding, vocabulary)[0], vectors], axis=1)


def to_word2vec(embedding: Floats, vocabulary: Vocabulary) -> str:
    """Return the vectors in the text format of word2vec (Mikolov et al. 2013), which gensim, fastText and spaCy read.

    First line: how many vectors, how wide; then one line each: the token, a space, the numbers. A token that is white
    space cannot be written so and is left out.
    """
    ids = [
        i
        for i in range(_FIRST_TOKEN_ID, len(embedding))
        if vocabulary.index2word[i].split() == [vocabulary.index2word[i]]
    ]
    lines = [f"{len(ids)} {embedding.shape[1]}"]
    lines += [" ".join([vocabulary.index2word[i], *(f"{value:.6g}" for value in embedding[i])]) for i in ids]
    return "\n".join(lines) + "\n"
