"""Characters against words: sizes, the time of one step, measured here, and one line through several tokenisers."""

import re
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from nltk.tokenize import WordPunctTokenizer

from dashboard.lessons.study import visible_symbol
from pipeline.cells.activations import Array, softmax
from pipeline.cells.bptt import parameter_count
from pipeline.core.translation import mark, t
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import detokenise, tokenise
from pipeline.language_models.unit_contract import Units

BATCH, STEPS, FLOAT_SIZE = 32, 40, 4
INPUT_LABELS = {
    "characters": mark("characters, one-hot"),
    "words": mark("words, one-hot"),
    "embedding": mark("words, embedding of {width}"),
}


class Cost(NamedTuple):
    """One way to feed a network: vocabulary, parameters, bytes of one input batch, milliseconds of one step forward."""

    name: str
    vocabulary: int
    parameters: int
    bytes: int
    reading: float  # of the step, the product with the input
    step: float


def costs(characters: int, words: int, n_a: int, width: int) -> list[Cost]:
    """Character one-hot, word one-hot, word embedding, for a batch of 32 × 40 float32 inputs and an RNN of n_a units."""
    rng = np.random.default_rng(0)
    letters, tokens = rng.integers(characters, size=(BATCH, STEPS)), rng.integers(words, size=(BATCH, STEPS))
    state, recurrent, table = _constant_matrix(BATCH, n_a), _constant_matrix(n_a, n_a), _constant_matrix(words, width)
    kernels = {n: _constant_matrix(n, n_a) for n in {characters, words, width}}
    outputs = {n: _constant_matrix(n_a, n) for n in {characters, words}}
    after = {n: _median_time(partial(_guess, state, recurrent, output)) for n, output in outputs.items()}
    ways = (
        ("characters", characters, characters, 0, lambda: one_hot_product(letters, kernels[characters])),
        ("words", words, words, 0, lambda: one_hot_product(tokens, kernels[words])),
        ("embedding", words, width, words * width, lambda: table[tokens[:, 0]] @ kernels[width]),
    )
    costs_by_unit = []
    for name, vocabulary, n_x, embedded, read in ways:
        reading = _median_time(read)
        one = FLOAT_SIZE * (1 if embedded else n_x)  # an embedding is fed an int32 a token
        parameters = embedded + parameter_count("rnn", n_x, n_a, vocabulary)
        costs_by_unit.append(
            Cost(name, vocabulary, parameters, BATCH * STEPS * one, reading, reading + after[vocabulary])
        )
    return costs_by_unit


def one_hot_product(ids: Array, kernel: Array) -> Array:
    """One step of the batch as a dense one-hot product `(batch, n) · (n, n_a)`: what an embedding spares."""
    hot = np.zeros((len(ids), len(kernel)), np.float32)
    hot[np.arange(len(ids)), ids[:, 0]] = 1
    return hot @ kernel


def _constant_matrix(*shape: int) -> Array:
    """A matrix to multiply with; what is in it takes no longer or shorter."""
    return np.full(shape, 0.01, np.float32)


def _guess(state: Array, recurrent: Array, output: Array) -> Array:
    """The state turned once, and the guess over the vocabulary."""
    return softmax((np.tanh(state @ recurrent) @ output).T)


def _median_time(work: Callable[[], object]) -> float:
    """The median of three runs, in milliseconds of the processor: what else the machine does is not counted."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        work()
        times.append(1000 * (time.thread_time() - start))
    return float(np.median(times))


def one_hot_sentence(ids: Array) -> tuple[Array, Array]:
    """The words of a sentence × the different words in it `(T, kinds)`, one 1 a row; and the ids of the columns."""
    kinds = np.unique(ids)
    return (ids[:, None] == kinds).astype(float), kinds


def compare_tokenisers(text: str, pieces: Units | None = None) -> list[tuple[str, list[str], str]]:
    """(tokeniser, tokens, remark); that of Seize first. `pieces`: sub-word units, where there is a vocabulary of them."""
    learnt = t("the pieces that stand together most often (byte pairs); a capital is a token of its own")
    cut = [] if pieces is None else [(t("sub-words"), list(map(visible_symbol, pieces.tokens(text))), learnt)]
    return [
        ("Seize", tokenise(text), t("lower case; elided words apart (j', qu'); peut-être whole; no punctuation")),
        ("nltk, WordPunct", WordPunctTokenizer().tokenize(text), t("cuts at every sign: j'en becomes three")),
        (t("split at spaces"), text.split(), t("punctuation sticks to words: “seize,” is not “seize”")),
        *cut,
        (t("characters"), list(text), t("nothing is ever unknown, and everything is long")),
    ]


def round_trip(text: str) -> str:
    """Tokens joined again by the French rules; tokenising that gives the same tokens."""
    return detokenise(tokenise(text))


def nested_sentences(text: str, corpus: Corpus) -> str:
    """X = [[sentence 1], [sentence 2], …]: the line under study and the first two lines of the corpus."""
    real = [line for line in corpus.texts.head(12) if re.search(r"\w", line)][:2]
    rows = [tokenise(line) for line in (text, *real)]
    return "X = [\n" + ",\n".join(f"  {row}" for row in rows) + "\n]"
