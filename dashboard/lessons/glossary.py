"""Symbols and terms, in English and French. A symbol is bound to the tensor of a network that has read a line."""

from collections.abc import Mapping
from csv import QUOTE_NONE, DictReader
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, softmax
from pipeline.cells.bptt import hidden_states
from pipeline.cells.output_layer import dense_forward
from pipeline.core.translation import Language, mark, t

# of an LSTM: what its weights and its bias are
GATES = {
    "f": (mark("weights of the forget gate"), mark("bias of the forget gate")),
    "i": (mark("weights of the input gate"), mark("bias of the input gate")),
    "c": (mark("weights of the candidate"), mark("bias of the candidate")),
    "o": (mark("weights of the output gate"), mark("bias of the output gate")),
}


class Term(NamedTuple):
    """A technical term in both languages, with its meaning, an analogy and the numbers of the lessons that use it."""

    english: str
    french: str
    meaning: Mapping[Language, str]
    analogy: Mapping[Language, str]
    pages: tuple[int, ...]


@cache
def terms() -> tuple[Term, ...]:
    """Return every term of glossary.tsv, in the order of the lessons."""
    with Path(__file__).with_name("glossary.tsv").open(encoding="utf-8") as file:
        rows = list(DictReader(file, delimiter="\t", quoting=QUOTE_NONE))
    return tuple(
        Term(
            row["english"],
            row["french"],
            {"en": row["meaning"], "fr": row["meaning in French"]},
            {"en": row["analogy"], "fr": row["analogy in French"]},
            tuple(map(int, row["pages"].split())),
        )
        for row in rows
    )


def lesson_terms(page: int) -> tuple[Term, ...]:
    """Return the terms that a lesson uses."""
    return tuple(term for term in terms() if page in term.pages)


class Symbol(NamedTuple):
    """A symbol bound to an array: its name, another letter for it, its meaning, its shape as "(n_y, m, Ty)"."""

    name: str
    letter: str
    meaning: str
    shape: str
    value: Array


def symbols(cell: str, leaves: Mapping[str, Array], y: Array) -> list[Symbol]:
    """Return every symbol of the notation with its array, for a network of one layer that has read one line."""
    x = leaves["x"]
    a, caches = hidden_states(cell, leaves)
    z = dense_forward(a, leaves["Wya"], leaves["by"])
    entries = [
        Symbol("x", "x", t("one-hot input"), "(n_x, m, Tx)", x),
        Symbol("y", "y", t("one-hot target"), "(n_y, m, Ty)", y),
        Symbol("a", "s", t("hidden state"), "(n_a, m, Tx)", a),
    ]
    if cell == "lstm":
        c = np.stack([cache.c for cache in caches], axis=2)
        entries.append(Symbol("c", "c", t("cell state"), "(n_a, m, Tx)", c))
        entries += [
            Symbol(f"W{q}", "–", t(names[0]), "(n_a, n_a + n_x)", leaves[f"W{q}"]) for q, names in GATES.items()
        ]
        entries += [Symbol(f"b{q}", "–", t(names[1]), "(n_a, 1)", leaves[f"b{q}"]) for q, names in GATES.items()]
    else:
        entries += [
            Symbol("Wax", "U", t("weights, input to hidden"), "(n_a, n_x)", leaves["Wax"]),
            Symbol("Waa", "W", t("weights, hidden to hidden"), "(n_a, n_a)", leaves["Waa"]),
            Symbol("ba", t("not written"), t("bias of the state"), "(n_a, 1)", leaves["ba"]),
        ]
    return [
        *entries,
        Symbol("Wya", "V", t("weights, hidden to output"), "(n_y, n_a)", leaves["Wya"]),
        Symbol("by", t("not written"), t("bias of the output"), "(n_y, 1)", leaves["by"]),
        Symbol("z", "z", t("logits"), "(n_y, m, Ty)", z),
        Symbol("ŷ", "ŷ", t("softmax output: one probability each"), "(n_y, m, Ty)", softmax(z)),
    ]
