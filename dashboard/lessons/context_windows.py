"""The feed-forward network of the story: the last k words in, the next one out. It is blind beyond k.

Words → a row of numbers each → side by side → tanh → softmax. The dense layer, the softmax and the cross-entropy are
the very functions of the recurrent pages (Bengio et al. 2003, "A neural probabilistic language model").
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, softmax
from pipeline.cells.output_layer import dense_forward
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import LINE, UNK, Ids, Vocabulary

WORDS, HIDDEN = 400, 48
SHIPPED_WEIGHTS_PATH = Path(__file__).parent / "story.npz"


def split_corpus_lines(corpus: Corpus, words: int = WORDS) -> tuple[list[Ids], list[Ids]]:
    """Return training and held-out lines as ids of the `words` most frequent words, `<line>` at the end of each.

    Other words are unknown; every fifth song is held out.
    """
    ids, rows = corpus.token_table()
    ids = np.where(ids < words, ids, UNK)
    songs = corpus.lines["song"].to_numpy()
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    ends = np.append(starts[1:], len(ids))
    lines = np.split(np.insert(ids, ends, LINE), (ends + np.arange(1, len(ends) + 1))[:-1])
    owner = songs[rows[starts]]
    learnt = [line for line, song in zip(lines, owner, strict=True) if song % 5]
    apart = [line for line, song in zip(lines, owner, strict=True) if not song % 5]
    return learnt, apart


def window_examples(lines: Sequence[Ids], k: int) -> tuple[Array, Array]:
    """Return all windows of k words and the word after each, without padding: inputs `(N, k)`, targets `(N,)`."""
    pairs = [line[i : i + k + 1] for line in lines for i in range(len(line) - k)]
    table = np.array(pairs, int).reshape(-1, k + 1)
    return table[:, :k], table[:, k]


def ids_of(words: Sequence[str], vocabulary: Vocabulary) -> Ids:
    """Return the ids of words as the window network reads them: rarer words are unknown."""
    ids = vocabulary.encode(words)
    return np.where(ids < WORDS, ids, UNK)


def clearest_examples(x: Array, y: Array, count: int) -> tuple[Array, Array]:
    """Return the first `count` examples among those with the fewest unknown words."""
    chosen = np.argsort((x == UNK).sum(axis=1) + (y == UNK), kind="stable")[:count]
    return x[chosen], y[chosen]


class WindowNetwork(NamedTuple):
    """Weights of the window network: embedding `(V, E)`, W1 `(H, k·E)`, b1, W2 `(V, H)`, b2."""

    embedding: Array
    W1: Array
    b1: Array
    W2: Array
    b2: Array


def predict(network: WindowNetwork, x: Array) -> Array:
    """Return ŷ `(V, N)` for windows of words `(N, k)`."""
    _, _, z = forward(network._asdict(), x)
    return softmax(z)[:, :, 0]


def load_window(k: int) -> WindowNetwork:
    """Return the shipped network of k words, 1 to 9, which benchmarks/learn_data.py trained on the embedded songs."""
    with np.load(SHIPPED_WEIGHTS_PATH) as arrays:
        return WindowNetwork(*(arrays[f"{name}_{k}"].astype(float) for name in WindowNetwork._fields))


def forward(weights: dict[str, Array], x: Array) -> tuple[Array, Array, Array]:
    """Return the embedded words side by side `(k·E, N, 1)`, the hidden layer `(H, N, 1)` and the logits `(V, N, 1)`."""
    rows = weights["embedding"][x].reshape(len(x), -1).T[:, :, None]
    hidden = np.tanh(dense_forward(rows, weights["W1"], weights["b1"]))
    return rows, hidden, dense_forward(hidden, weights["W2"], weights["b2"])
