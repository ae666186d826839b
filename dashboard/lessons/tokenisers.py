"""One line through several tokenisers, and nested sentences."""

import re

from nltk.tokenize import WordPunctTokenizer

from dashboard.lessons.study import visible
from pipeline.core.translation import t
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import detokenise, tokenise
from pipeline.language_models.unit_contract import Units


def compare(text: str, pieces: Units | None = None) -> list[tuple[str, list[str], str]]:
    """(tokeniser, tokens, remark); that of Seize first. `pieces`: sub-word units, where there is a vocabulary of them."""
    learnt = t("the pieces that stand together most often (byte pairs); a capital is a token of its own")
    cut = [] if pieces is None else [(t("sub-words"), list(map(visible, pieces.tokens(text))), learnt)]
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


def nested_sentences(text: str, corpus: Corpus, lines: int = 2) -> str:
    """X = [[sentence 1], [sentence 2], …]: the line under study and the first lines of the corpus."""
    real = [line for line in corpus.texts.head(12) if re.search(r"\w", line)][:lines]
    rows = [tokenise(line) for line in (text, *real)]
    return "X = [\n" + ",\n".join(f"  {row}" for row in rows) + "\n]"
