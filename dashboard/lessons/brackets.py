"""Two tasks that are solved by what is carried, on letters for which counting is nearly enough.

A bracket of one of four kinds opens, some letters of a line follow, and the bracket closes. Which letter comes next can
mostly be counted from the last few; which bracket closes is known only to who remembers how it opened.
Or a sign, the same for both, opens and closes a quotation again and again: whether one is inside is known only to who
changes with each of them, given what was before. benchmarks/learn_data.py trains the networks that are shipped, all
on as many examples, three random seeds each.
"""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, softmax
from pipeline.cells.bptt import logits, one_hot

OPEN, CLOSE = "([{«", ")]}»"
ALPHABET = " 'abcdefghijklmnopqrstuvwxyz" + OPEN + CLOSE
MAX_LETTERS_BETWEEN = 28  # letters between the brackets in training, at least two
FOLDER = Path(__file__).parent
SHIPPED, SCORES = FOLDER / "brackets.npz", FOLDER / "brackets.csv"
QUOTE_SCORES_PATH = FOLDER / "quotes.csv"


class NetworkKind(NamedTuple):
    """A cell with `n_a` units, and the bias with which its forget gate starts: at 3 the gate is nearly open."""

    cell: str
    n_a: int
    forget_bias: float = 1.0


NETWORKS = {
    "RNN": NetworkKind("rnn", 32), "GRU": NetworkKind("gru", 32), "LSTM": NetworkKind("lstm", 32),
    "LSTM, gates open": NetworkKind("lstm", 32, 3.0), "minGRU": NetworkKind("mingru", 91),
    "self-attention": NetworkKind("attention", 42),
}  # fmt: skip


def normalise_letters(text: str) -> str:
    """Return a line in the 26 letters, apostrophes and single spaces.

    >>> normalise_letters("Où  ça ? J’veux l'œuvre")
    "ou ca j'veux l'oeuvre"
    """
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    letters = "".join(c for c in unicodedata.normalize("NFD", text) if c.isascii())
    return " ".join(re.sub(r"[^a-z']", " ", letters).split())


def encode_letters(text: str) -> Array:
    """Return the ids of the letters of a text over `ALPHABET`, int `(T,)`."""
    return np.array([ALPHABET.index(c) for c in text])


def load_network(name: str) -> dict[str, Array]:
    """Return the arrays of a network shipped with Seize, by name, except x and the first states."""
    with np.load(SHIPPED) as arrays:
        own = [key for key in arrays.files if key.partition("/")[0] == name]
        return {key.partition("/")[2]: arrays[key].astype(float) for key in own}


def predict(name: str, weights: dict[str, Array], ids: Array) -> Array:
    """Return ŷ `(V, m, T)` of texts `(m, T)` from a fresh state."""
    cell, n_a, _ = NETWORKS[name]
    start = {state: np.zeros((n_a, len(ids))) for state in ("a0", "c0")}
    return softmax(logits(cell, {**start, **weights, "x": one_hot(ids, len(ALPHABET))}))


def closing_probability(name: str, text: str) -> Array:
    """Return how probable the matching closing bracket is after an opening bracket and each letter of a line, `(T,)`.

    It is its share of the four closing brackets, the mean over the four kinds; chance is ¼.
    """
    letters = normalise_letters(text)
    ids = np.stack([encode_letters(bracket + letters) for bracket in OPEN])
    first = ALPHABET.index(CLOSE[0])
    closing = predict(name, load_network(name), ids)[first : first + len(CLOSE)]  # (4, m = 4, T + 1)
    shares = closing / closing.sum(axis=0)
    return shares[np.arange(len(OPEN)), np.arange(len(OPEN))].mean(axis=0)[1:]
