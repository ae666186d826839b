"""Segments of a corpus in classes, by the method of a name: lexical worlds, once or twice, or topics."""

from pipeline.analysis.double_worlds import find_double_worlds
from pipeline.analysis.lexical_worlds import Worlds, find_worlds
from pipeline.analysis.reinert import OnSplit
from pipeline.analysis.topics import find_topics
from pipeline.corpus.table import Corpus, Layer


def classify_by(
    corpus: Corpus,
    method: str,
    k: int,
    words: int,
    lemmas: bool,
    layer: Layer,
    on_split: OnSplit = lambda done, of: None,
) -> Worlds:
    """Return the segments in classes, by Reinert's method (once or twice) or as topics. Raise SettingError."""
    if method in ("reinert", "double"):
        find = find_worlds if method == "reinert" else find_double_worlds
        return find(corpus, k, words=words, lemmas=lemmas, layer=layer, on_split=on_split)
    return find_topics(corpus, k, method, words=words, lemmas=lemmas, layer=layer)  # type: ignore[arg-type]
