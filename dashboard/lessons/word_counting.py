"""Characters against words: sizes, and one line through several tokenisers."""

import re
from typing import NamedTuple

import numpy as np
from nltk.tokenize import WordPunctTokenizer

from dashboard.lessons.study import visible_symbol
from pipeline.cells.activations import Array
from pipeline.cells.bptt import parameter_count
from pipeline.core.translation import mark, t
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import detokenise, tokenise
from pipeline.language_models.unit_contract import Units

INPUT_LABELS = {
    "characters": mark("characters, one-hot"),
    "words": mark("words, one-hot"),
    "embedding": mark("words, embedding of {width}"),
}


class Cost(NamedTuple):
    """One way to feed a network: its vocabulary, the numbers of one input, the parameters to learn."""

    name: str
    vocabulary: int
    width: int
    parameters: int


def costs(characters: int, words: int, n_a: int, width: int) -> list[Cost]:
    """Character one-hot, word one-hot, word embedding, before an RNN of n_a units and its guess over the vocabulary."""
    ways = (
        ("characters", characters, characters, 0),
        ("words", words, words, 0),
        ("embedding", words, width, words * width),
    )
    return [
        Cost(name, vocabulary, n_x, embedded + parameter_count("rnn", n_x, n_a, vocabulary))
        for name, vocabulary, n_x, embedded in ways
    ]


def one_hot_sentence(ids: Array) -> tuple[Array, Array]:
    """The words of a sentence × the different words in it `(T, kinds)`, one 1 a row; and the ids of the columns."""
    kinds = np.unique(ids)
    return (ids[:, None] == kinds).astype(float), kinds


def compare_tokenisers(text: str, pieces: Units | None = None) -> list[tuple[str, list[str], str]]:
    """(tokeniser, tokens, remark); that of Seize first. `pieces`: sub-word units, where there is a vocabulary of them."""
    learnt = t("the most frequent pieces (byte pairs); a capital is a token of its own")
    cut = [] if pieces is None else [(t("subwords"), list(map(visible_symbol, pieces.tokens(text))), learnt)]
    return [
        (
            "Seize",
            tokenise(text),
            t("lower case; elided words separate (j', qu'); peut-être in one piece; no punctuation"),
        ),
        ("nltk, WordPunct", WordPunctTokenizer().tokenize(text), t("cuts at every sign: j'en becomes three")),
        (t("split at spaces"), text.split(), t("punctuation sticks to words: “seize,” is not “seize”")),
        *cut,
        (t("characters"), list(text), t("nothing is ever unknown, but sequences are long")),
    ]


def round_trip(text: str) -> str:
    """Tokens joined again by the French rules; tokenising that gives the same tokens."""
    return detokenise(tokenise(text))


def nested_sentences(text: str, corpus: Corpus) -> str:
    """X = [[sentence 1], [sentence 2], …]: the line under study and the first two lines of the corpus."""
    real = [line for line in corpus.texts.head(12) if re.search(r"\w", line)][:2]
    rows = [tokenise(line) for line in (text, *real)]
    return "X = [\n" + ",\n".join(f"  {row}" for row in rows) + "\n]"
