"""What pages ask first of a whole corpus and what takes long of it: words, growth, lines that come first,
phrases, pairs, the map.

Of a large corpus `prepare` keeps these answers beside it. A kept table says which lines it was made of and what was
asked; any other question is worked out.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.collocations import collocations
from pipeline.analysis.counting import By
from pipeline.analysis.laws import vocabulary_growth
from pipeline.analysis.lexicon import frequency_table
from pipeline.analysis.ngrams import ngram_table
from pipeline.analysis.similarity import map_of
from pipeline.analysis.versions import each_line_once, find_first_in_song, first_in_song
from pipeline.corpus.store import Kept, keep_table, kept_table
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus, Layer
from pipeline.language.tokens import detokenise

WORDS = 3  # in a phrase, unless another number is asked for
_WORDS_A_TIME = 200_000  # words of text for each time that a phrase has to stand
_LEAST_PAIRS = 5  # times that a pair has to stand whatever the size: below, association is chance
Answer = Callable[[Corpus, Kept, tuple[object, ...], Callable[[], pd.DataFrame]], pd.DataFrame]


def keep_answers(corpus: Corpus) -> None:
    """Keep beside a prepared corpus what its first visitors ask."""
    part = corpus.where(languages=DEFAULT_LANGUAGES)
    _keep(part, "firsts", (), lambda: pd.DataFrame({"first": first_in_song(part)}))
    least, once = least_times(int(part.counts().sum())), each_line_once(part)
    pairs(once, minimum=least, answer=_keep)
    phrases(once, minimum=least, answer=_keep)
    frequencies(part, answer=_keep)
    growth(part, answer=_keep)
    places(part, answer=_keep)


def _kept_or_made(
    corpus: Corpus, what: Kept, asked: tuple[object, ...], make: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    table = kept_table(corpus.name, what)
    if table is None or table.attrs != _question(corpus, asked):
        return make()
    table.attrs = {}
    return table


def _keep(corpus: Corpus, what: Kept, asked: tuple[object, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    table = make()
    table.attrs = _question(corpus, asked)
    keep_table(corpus.name, what, table)
    return table


def _question(corpus: Corpus, asked: tuple[object, ...]) -> dict[str, object]:
    """What is asked, and of which lines: their number and the sum of their ids; lemmas are a smaller vocabulary."""
    lines = corpus.lines.index.to_numpy()
    return {"asked": [*asked], "lines": len(lines), "ids": int(lines.sum()), "vocabulary": len(corpus.vocabulary)}


def least_times(words: int) -> int:
    """How often a phrase has to stand in a text of so many words, unless another number is asked for."""
    return min(max(3, words // _WORDS_A_TIME), 1000)


def first_lines(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """`first_in_song`, which `each_line_once` begins with."""

    def find(part: Corpus) -> npt.NDArray[np.bool_]:
        table = _kept_or_made(part, "firsts", (), lambda: pd.DataFrame({"first": find_first_in_song(part)}))
        return table["first"].to_numpy()

    return first_in_song(corpus, find)


def phrases(
    corpus: Corpus, n: int = WORDS, layer: Layer = "lyrics", minimum: int = 2, answer: Answer = _kept_or_made
) -> pd.DataFrame:
    """`ngram_table` without its ids: ngram, count, songs, and phrase, as it is read."""

    def make() -> pd.DataFrame:
        table = ngram_table(corpus, n, layer, minimum).drop(columns="words")
        return table.assign(phrase=table["ngram"].map(as_read))

    return answer(corpus, "phrases", (n, layer, minimum), make)


def pairs(
    corpus: Corpus, layer: Layer = "lyrics", minimum: int = _LEAST_PAIRS, answer: Answer = _kept_or_made
) -> pd.DataFrame:
    """`collocations` of pairs that stand five times or more."""
    least = max(minimum, _LEAST_PAIRS)
    return answer(corpus, "pairs", (layer, least), lambda: collocations(corpus, layer, least))


def frequencies(corpus: Corpus, layer: Layer = "lyrics", answer: Answer = _kept_or_made) -> pd.DataFrame:
    """`frequency_table`: word, index, count, songs, share, rank."""
    return answer(corpus, "frequencies", (layer,), lambda: frequency_table(corpus, layer=layer))


def as_read(ngram: str) -> str:
    """Words with spaces between them as French writes them.

    >>> as_read("c' est l'"), as_read("dis -le")
    ("c'est l'", 'dis-le')
    """
    return detokenise(ngram.split(" "))


def growth(corpus: Corpus, layer: Layer = "lyrics", answer: Answer = _kept_or_made) -> pd.DataFrame:
    """`vocabulary_growth` with the songs shuffled the same way each time; few enough points to be clicked."""
    return answer(
        corpus,
        "growth",
        (layer,),
        lambda: vocabulary_growth(corpus, np.random.default_rng(0), layer, points=50),
    )


def places(
    corpus: Corpus,
    by: By = "artist",
    method: str = "labbe",
    layer: Layer = "lyrics",
    minimum: int = 500,
    answer: Answer = _kept_or_made,
) -> tuple[pd.DataFrame, float]:
    """`map_of`: label, words, x, y of each group, and the share of structure that the map keeps."""

    def make() -> pd.DataFrame:
        table, kept = map_of(corpus, by, method, layer, minimum=minimum)
        return table.assign(kept=kept)

    table = answer(corpus, "map", (by, method, layer, minimum), make)
    return table.drop(columns="kept"), float(table["kept"].max()) if len(table) else 1.0
