"""Phrases and pairs as they are first asked for: each line once, as often as is worth telling of so many words.

On a large corpus they take two seconds, so `prepare` keeps both tables beside it. A kept table says which lines it was
made of and what was asked; any other question is worked out.
"""

from typing import Any, Literal

import pandas as pd

from pipeline.analysis.collocations import collocations
from pipeline.analysis.ngrams import ngram_table
from pipeline.analysis.versions import each_line_once
from pipeline.corpus.store import keep_table, kept_table
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus, Layer

WORDS = 3  # in a phrase, unless another number is asked for
_WORDS_A_TIME = 200_000  # words of text for each time that a phrase has to stand
_LEAST_PAIRS = 5  # times that a pair has to stand whatever the size: below, association is chance
What = Literal["phrases", "pairs"]


def least_times(words: int) -> int:
    """How often a phrase has to stand in a text of so many words, unless another number is asked for."""
    return min(max(3, words // _WORDS_A_TIME), 1000)


def phrases(corpus: Corpus, n: int = WORDS, layer: Layer = "lyrics", minimum: int = 2) -> pd.DataFrame:
    """`ngram_table` without its ids: ngram, count, songs."""
    asked = _question(corpus, n, layer, minimum)
    table = _kept(corpus, "phrases", asked)
    return _phrases(corpus, asked) if table is None else table


def pairs(corpus: Corpus, layer: Layer = "lyrics", minimum: int = _LEAST_PAIRS) -> pd.DataFrame:
    """`collocations` of pairs that stand five times or more."""
    asked = _question(corpus, 2, layer, max(minimum, _LEAST_PAIRS))
    table = _kept(corpus, "pairs", asked)
    return _pairs(corpus, asked) if table is None else table


def keep_phrases(corpus: Corpus) -> None:
    """Keep beside a prepared corpus what its first visitor will ask."""
    part = corpus.where(languages=DEFAULT_LANGUAGES)
    least = least_times(int(part.counts().sum()))
    once = each_line_once(part)
    asked = _question(once, 2, "lyrics", max(least, _LEAST_PAIRS))
    keep_table(corpus.name, "pairs", _marked(_pairs(once, asked), asked))
    asked = _question(once, WORDS, "lyrics", least)
    keep_table(corpus.name, "phrases", _marked(_phrases(once, asked), asked))


def _phrases(corpus: Corpus, asked: dict[str, Any]) -> pd.DataFrame:
    return ngram_table(corpus, asked["words"], asked["layer"], asked["minimum"]).drop(columns="words")


def _pairs(corpus: Corpus, asked: dict[str, Any]) -> pd.DataFrame:
    return collocations(corpus, asked["layer"], asked["minimum"])


def _question(corpus: Corpus, n: int, layer: Layer, minimum: int) -> dict[str, Any]:
    """What is asked, and of which lines: their number and the sum of their ids; lemmas are a smaller vocabulary."""
    lines = corpus.lines.index.to_numpy()
    of = {"lines": len(lines), "ids": int(lines.sum()), "vocabulary": len(corpus.vocabulary)}
    return {"words": n, "layer": layer, "minimum": minimum, **of}


def _marked(table: pd.DataFrame, asked: dict[str, Any]) -> pd.DataFrame:
    table.attrs = asked
    return table


def _kept(corpus: Corpus, what: What, asked: dict[str, Any]) -> pd.DataFrame | None:
    table = kept_table(corpus.name, what)
    if table is None or table.attrs != asked:
        return None
    table.attrs = {}
    return table
