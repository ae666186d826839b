"""Symbols and terms, in English and French. A symbol is bound to the tensor of a network that has read a line."""

from collections.abc import Mapping
from csv import QUOTE_NONE, DictReader
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pipeline.cells.activations import Array, softmax
from pipeline.cells.bptt import hidden_states
from pipeline.cells.dense import dense_forward


class Term(NamedTuple):
    """A term on the pages that use it."""

    english: str
    french: str
    meaning: str
    pages: tuple[int, ...]


@cache
def terms() -> tuple[Term, ...]:
    """Every term of glossary.tsv, in the order of the pages."""
    with Path(__file__).with_name("glossary.tsv").open(encoding="utf-8") as file:
        rows = list(DictReader(file, delimiter="\t", quoting=QUOTE_NONE))
    return tuple(Term(r["english"], r["french"], r["meaning"], tuple(map(int, r["pages"].split()))) for r in rows)


def terms_of(page: int) -> tuple[Term, ...]:
    """The terms that a page uses."""
    return tuple(term for term in terms() if page in term.pages)


def batch(leaves: Mapping[str, Array], y: Array, m: int) -> tuple[dict[str, Array], Array]:
    """A line of T steps cut into m examples of T // m, side by side: leaves and y with m in its place."""
    T = y.shape[2] // m

    def cut(one_hot: Array) -> Array:
        return one_hot[:, 0, : m * T].reshape(len(one_hot), m, T)

    start = {name: np.repeat(leaves[name], m, axis=1) for name in ("a0", "c0") if name in leaves}
    return {**leaves, **start, "x": cut(leaves["x"])}, cut(y)


class Symbol(NamedTuple):
    """A symbol of the article bound to an array: its name, the article's letter, what it means, its shape in letters."""

    name: str
    letter: str
    english: str
    french: str
    shape: str
    value: Array


def symbols(cell: str, leaves: Mapping[str, Array], y: Array) -> list[Symbol]:
    """Every symbol of the notation with its array, for a network of one layer that has read one batch."""
    x = leaves["x"]
    a, caches = hidden_states(cell, leaves)
    z = dense_forward(a, leaves["Wya"], leaves["by"])
    found = [
        Symbol("x", "x", "one-hot input", "entrée one-hot", "(n_x, m, Tx)", x),
        Symbol("y", "y", "one-hot target", "cible one-hot", "(n_y, m, Ty)", y),
        Symbol("a", "s", "hidden state", "état caché", "(n_a, m, Tx)", a),
    ]
    if cell == "lstm":
        c = np.stack([cache.c for cache in caches], axis=2)
        found.append(Symbol("c", "c", "cell state", "état de la cellule", "(n_a, m, Tx)", c))
        gates = {"Wf": "forget", "Wi": "input", "Wc": "candidate", "Wo": "output"}
        french = {"Wf": "oubli", "Wi": "entrée", "Wc": "candidat", "Wo": "sortie"}
        found += [
            Symbol(q, "–", f"weights of the {gates[q]} gate", f"poids : {french[q]}", "(n_a, n_a + n_x)", leaves[q])
            for q in gates
        ]
        found += [
            Symbol(
                f"b{q[1]}", "–", f"bias of the {gates[q]} gate", f"biais : {french[q]}", "(n_a, 1)", leaves[f"b{q[1]}"]
            )
            for q in gates
        ]
    else:
        found += [
            Symbol("Wax", "U", "weights, input to hidden", "poids entrée → caché", "(n_a, n_x)", leaves["Wax"]),
            Symbol("Waa", "W", "weights, hidden to hidden", "poids caché → caché", "(n_a, n_a)", leaves["Waa"]),
            Symbol("ba", "missing", "bias of the state", "biais de l'état", "(n_a, 1)", leaves["ba"]),
        ]
    return [
        *found,
        Symbol("Wya", "V", "weights, hidden to output", "poids caché → sortie", "(n_y, n_a)", leaves["Wya"]),
        Symbol("by", "missing", "bias of the output", "biais de la sortie", "(n_y, 1)", leaves["by"]),
        Symbol("z", "z", "logits", "logits", "(n_y, m, Ty)", z),
        Symbol("ŷ", "ŷ", "softmax output: a probability each", "sortie softmax", "(n_y, m, Ty)", softmax(z)),
    ]


def sizes(cell: str, leaves: Mapping[str, Any]) -> dict[str, tuple[str, str, int]]:
    """The numbers of the notation: name → (English, French, value)."""
    n_x, m, T = leaves["x"].shape
    return {
        "n_x": ("symbols that can be read: vocab", "symboles lus : vocabulaire", n_x),
        "n_y": ("symbols that can be guessed", "symboles devinés", len(leaves["by"])),
        "n_a": ("units of the hidden state", "unités de l'état caché", len(leaves["a0"])),
        "m": ("examples in the batch", "exemples du lot", m),
        "Tx": ("steps read", "pas lus", T),
        "Ty": ("steps guessed", "pas devinés", T),
    }
