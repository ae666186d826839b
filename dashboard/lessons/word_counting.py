"""Characters against words: sizes, and one line through several tokenisers."""

from typing import NamedTuple

import numpy as np
from nltk.tokenize import WordPunctTokenizer

from dashboard.lessons.study import visible_symbol
from pipeline.cells.activations import Array
from pipeline.cells.bptt import parameter_count
from pipeline.core.translation import mark, t
from pipeline.language.tokens import detokenise, tokenise
from pipeline.language_models.unit_contract import Units

INPUT_LABELS = {
    "characters": mark("characters, one-hot"),
    "words": mark("words, one-hot"),
    "embedding": mark("words, embedding of {width}"),
}


class InputEncodingCost(NamedTuple):
    """What one kind of input costs an RNN: the size of its vocabulary, the numbers of one input, the parameters."""

    name: str
    vocabulary: int
    width: int
    parameters: int


def input_encoding_costs(characters: int, words: int, n_a: int, width: int) -> list[InputEncodingCost]:
    """Return what one-hot characters, one-hot words and embedded words cost an RNN of `n_a` units with its output."""
    ways = (
        ("characters", characters, characters, 0),
        ("words", words, words, 0),
        ("embedding", words, width, words * width),
    )
    return [
        InputEncodingCost(name, vocabulary, n_x, embedded + parameter_count("rnn", n_x, n_a, vocabulary))
        for name, vocabulary, n_x, embedded in ways
    ]


def one_hot_sentence(ids: Array) -> tuple[Array, Array]:
    """Return the words of a sentence as one-hot columns `(kinds, T)`, and the ids of the rows."""
    kinds = np.unique(ids)
    return (kinds[:, None] == ids).astype(float), kinds


def compare_tokenisers(text: str, pieces: Units | None = None) -> list[tuple[str, list[str], str]]:
    """Return (tokeniser, tokens, remark) of several tokenisers, that of Seize first; `pieces` are learnt subwords."""
    learnt = t("the most frequent pieces (byte pairs); a capital is a token of its own")
    cut = [] if pieces is None else [(t("subwords"), list(map(visible_symbol, pieces.tokenise(text))), learnt)]
    return [
        (
            "Seize",
            tokenise(text),
            t("lower case; elided words separate (j', qu'); peut-être in one piece; no punctuation"),
        ),
        ("nltk, WordPunct", WordPunctTokenizer().tokenize(text), t("splits at all punctuation: j'en becomes three")),
        (t("split at spaces"), text.split(), t("punctuation sticks to words, and makes other words of them")),
        *cut,
        (t("characters"), list(map(visible_symbol, text)), t("nothing is ever unknown, but sequences are long")),
    ]


def tokenise_and_rejoin(text: str) -> str:
    """Return a text split into tokens and joined again by the rules of French."""
    return detokenise(tokenise(text))
