"""Symbols and terms, in English and French. A symbol is bound to the tensor of a network that has read a line."""

from collections.abc import Mapping
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


TERMS = (
    Term("line", "vers", "one bar of lyrics; “verse” in English often means the couplet", (1, 3, 10)),
    Term("hidden state", "état caché", "what the network carries from one step to the next, a", (1, 3, 5, 6)),
    Term("weight sharing", "partage des poids", "the same matrices at every step", (1, 3, 5)),
    Term("window", "fenêtre", "the last k words that a feed-forward network sees", (1, 10)),
    Term(
        "perplexity",
        "perplexité",
        "how many equally likely symbols the model hesitates between: exp(mean E)",
        (1, 3, 8),
    ),
    Term("activation function", "fonction d'activation", "the bend after each product: σ or tanh", (2,)),
    Term("saturation", "saturation", "where a curve is flat, its derivative near 0", (2, 6)),
    Term("one-hot vector", "vecteur one-hot", "a column of zeros with a single 1", (2, 3, 9, 10)),
    Term("temperature", "température", "divides the logits: low is sure, high is daring", (2,)),
    Term("forward propagation", "propagation avant", "from the input to the loss", (3, 9)),
    Term("surprisal", "surprise (surprisal)", "−log of the probability given to what came: the loss of one step", (3,)),
    Term("cross-entropy", "entropie croisée", "the mean surprisal", (3, 8)),
    Term("many-to-one", "plusieurs vers un", "a sequence in, one answer out", (4,)),
    Term("one-to-many", "un vers plusieurs", "a label in, a sequence out", (4,)),
    Term("encoder and decoder", "encodeur et décodeur", "one network reads, another writes", (4,)),
    Term("attention", "attention", "a weighted look at every encoder state", (4,)),
    Term(
        "teacher forcing", "apprentissage dirigé", "in training the true last symbol is fed, not the guessed one", (4,)
    ),
    Term("backpropagation through time", "rétropropagation dans le temps", "the chain rule along the steps", (5, 11)),
    Term("chain rule", "règle de la chaîne", "(g∘f)′ = (g′∘f)·f′", (5,)),
    Term("truncation", "troncature", "errors are sent back through the last τ steps only", (5, 9)),
    Term("vanishing gradient", "gradient évanescent", "an error that barely teaches distant steps", (6, 7)),
    Term("exploding gradient", "explosion du gradient", "an error that grows at each step back", (6,)),
    Term("gradient clipping", "écrêtage du gradient", "the step is shortened when it is too long", (6,)),
    Term("singular value", "valeur singulière", "how much a matrix can stretch a vector", (6,)),
    Term("forget gate", "porte d'oubli", "Γf: how much of the cell is kept", (7,)),
    Term("input gate", "porte d'entrée", "Γi: how much of the candidate is written", (7,)),
    Term("output gate", "porte de sortie", "Γo: how much of the cell is shown", (7,)),
    Term("cell state", "état de la cellule", "c: the memory line of the LSTM", (7,)),
    Term("learning rate", "taux d'apprentissage", "the length of a step, α", (8,)),
    Term("early stopping", "arrêt précoce", "stop when validation has not improved for a while", (8,)),
    Term("time series", "série temporelle", "numbers or symbols in order of time", (9,)),
    Term("batch", "lot", "examples that are read together", (8, 9)),
    Term("embedding", "plongement", "a row of learnt numbers for each symbol", (10,)),
    Term("out of vocabulary", "hors vocabulaire", "a word that the model has never seen: <unk>", (10,)),
    Term("gradient check", "vérification du gradient", "the derivative by hand against a numeric one", (5, 11, 12)),
    Term("complex step", "pas complexe", "Im f(x + ih)/h: a numeric derivative without subtraction", (5, 12)),
    Term("tolerance", "tolérance", "the largest error that still passes", (11, 12)),
)


def of_page(number: int) -> tuple[Term, ...]:
    """The terms that a page uses."""
    return tuple(term for term in TERMS if number in term.pages)


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
