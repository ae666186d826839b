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
    """Lines as ids of the `words` most frequent words, others unknown, ended by `<line>`; those of every fifth song
    are kept apart. A song is on one side only."""
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


def examples(lines: Sequence[Ids], k: int) -> tuple[Array, Array]:
    """(k words → the next) without padding: inputs `(N, k)`, targets `(N,)`, N = Σ max(0, len − k)."""
    pairs = [line[i : i + k + 1] for line in lines for i in range(len(line) - k)]
    table = np.array(pairs, int).reshape(-1, k + 1)
    return table[:, :k], table[:, k]


def ids_of(words: Sequence[str], vocabulary: Vocabulary) -> Ids:
    """Words as the network reads them: the rarer ones unknown."""
    ids = vocabulary.encode(words)
    return np.where(ids < WORDS, ids, UNK)


def clearest_examples(x: Array, y: Array, count: int) -> tuple[Array, Array]:
    """The first examples among those with the fewest unknown words."""
    chosen = np.argsort((x == UNK).sum(axis=1) + (y == UNK), kind="stable")[:count]
    return x[chosen], y[chosen]


class WindowNetwork(NamedTuple):
    """embedding `(V, E)`, W1 `(H, k·E)`, b1, W2 `(V, H)`, b2."""

    embedding: Array
    W1: Array
    b1: Array
    W2: Array
    b2: Array


def predict(network: WindowNetwork, x: Array) -> Array:
    """ŷ `(V, N)` for windows of words `(N, k)`."""
    _, _, z = forward(network._asdict(), x)
    return softmax(z)[:, :, 0]


def load_window(k: int) -> WindowNetwork:
    """The network of k words that benchmarks/learn_data.py made of the embedded songs, k from 1 to 9."""
    with np.load(SHIPPED_WEIGHTS_PATH) as arrays:
        return WindowNetwork(*(arrays[f"{name}_{k}"].astype(float) for name in WindowNetwork._fields))


def forward(weights: dict[str, Array], x: Array) -> tuple[Array, Array, Array]:
    """Side-by-side rows `(k·E, N, 1)`, hidden `(H, N, 1)`, logits `(V, N, 1)`: one step, T = 1."""
    rows = weights["embedding"][x].reshape(len(x), -1).T[:, :, None]
    hidden = np.tanh(dense_forward(rows, weights["W1"], weights["b1"]))
    return rows, hidden, dense_forward(hidden, weights["W2"], weights["b2"])
